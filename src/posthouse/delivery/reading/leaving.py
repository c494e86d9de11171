"""Leaving a list for a reader: one click that we make for them (RFC 8058), or a mail.

Invariants
- The click goes only where a signature that held at arrival covers the address, through the guard of base/net.py, and
  follows no redirect.
- Once: the row is written before the list is told, so two clicks side by side tell it once; a failure takes it back.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, net_http, sql
from posthouse.base.errors import Conflict, Failure, Unavailable
from posthouse.base.ids import new_id
from posthouse.delivery import actions
from posthouse.delivery.writing import outgoing
from posthouse.identity import directory
from posthouse.identity.actor import Actor
from posthouse.mail import access, content, queries
from posthouse.mail.access import Right
from posthouse.mail.drafts import DraftContent
from posthouse.wire.auth.results import ours
from posthouse.wire.mime.addresses import Address
from posthouse.wire.mime.unsubscribe import POST_BODY, Letter, Ways, ways_of

LIMITS = net_http.Limits(max_bytes=65_536, timeout=10.0, max_redirects=0)
CLICK, MAIL, PAGE = "one_click", "mail", "page"
PENDING_MS = 60_000
"""After so long a click that was begun is given up: its process has died."""
Row = dict[str, Any]


def way_out(actor: Actor, email_id: int) -> Row:
    """How the list that an e-mail came by is left, and whether it was. `way` is null for what came by none."""
    found = content.content_for(actor, email_id)
    ways = _ways(found)
    way, target = _best(ways)
    left_ms = _left_ms(found, target) if way is not None else None
    return {
        "way": way,
        "target": target,
        "page": ways.page,
        "left_at": None if left_ms is None else clock.iso(left_ms),
    }


def _ways(found: content.Content) -> Ways:
    ways = ways_of(found.raw[: found.root.body_start], ours(found.raw, directory.hostname()))
    if ways.post is None:
        return ways
    try:
        net_http.judge(ways.post)
    except Failure:
        return Ways(letter=ways.letter, page=ways.page)
    return ways


def _best(ways: Ways) -> tuple[str | None, str]:
    """The way, and the host or address that hears of it."""
    if ways.post is not None:
        return CLICK, urlsplit(ways.post).hostname or ""
    if ways.letter is not None:
        return MAIL, ways.letter.to
    return (None, "") if ways.page is None else (PAGE, urlsplit(ways.page).hostname or "")


def _key(found: content.Content, target: str) -> str:
    """What is the same in all mail of a list: its name, or who sends it and who hears of its readers leaving."""
    headers = found.headers
    sender = headers.from_[0].email.lower() if headers.from_ else ""
    return (headers.list_id or f"{sender} {target}")[:320]


def _left_ms(found: content.Content, target: str) -> int | None:
    """When it was left after this e-mail came; who has come back since can leave again."""
    row = sql.row(
        "SELECT d.at FROM delivery_departure d JOIN mail_email e ON e.id = %s WHERE d.account_id = %s"
        " AND d.list_key = %s AND d.is_done AND d.at >= e.received_at",
        [found.ref.id, found.ref.account_id, _key(found, target)],
    )
    return None if row is None else int(row[0])


def leave(actor: Actor, email_id: int) -> None:
    """Tell the list. Raises Missing, Conflict (already_left, no_way_out), Unavailable (list_unreachable). Slow."""
    access.email_for(actor, email_id, need=Right.WRITE)
    actor.require("mail.send")
    found = content.content_for(actor, email_id)
    ways = _ways(found)
    way, target = _best(ways)
    if way is None or way == PAGE:
        raise Conflict("no_way_out", "The list does not say how a program leaves it; open its page.")
    if _left_ms(found, target) is not None:
        raise Conflict("already_left", "You have left this list.")
    account_id, key = found.ref.account_id, _key(found, target)
    _begin(account_id, key, way)
    try:
        if ways.post is not None:
            _click(ways.post)
        elif ways.letter is not None:
            _write(actor, found, ways.letter)
    except BaseException:
        _take_back(account_id, key)
        raise
    _finish(actor, email_id, account_id, key, way)


@db.action
def _begin(account_id: int, key: str, way: str) -> None:
    now_ms = clock.now_ms()
    begun = sql.run(
        "INSERT INTO delivery_departure (id, account_id, list_key, way, is_done, at) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (account_id, list_key) DO UPDATE SET way = excluded.way, is_done = excluded.is_done,"
        " at = excluded.at WHERE delivery_departure.is_done OR delivery_departure.at < %s",
        [new_id(), account_id, key, way, False, now_ms, now_ms - PENDING_MS],
    )
    if not begun:
        raise Conflict("already_left", "You are leaving this list already.")


@db.action
def _take_back(account_id: int, key: str) -> None:
    sql.run(
        "DELETE FROM delivery_departure WHERE account_id = %s AND list_key = %s AND NOT is_done",
        [account_id, key],
    )


@db.action
def _finish(actor: Actor, email_id: int, account_id: int, key: str, way: str) -> None:
    sql.run(
        "UPDATE delivery_departure SET is_done = %s, at = %s WHERE account_id = %s AND list_key = %s",
        [True, clock.now_ms(), account_id, key],
    )
    subject = queries.owner_of(account_id)
    record(actor, Act.LIST_LEFT, kind="email", object_id=email_id, subject=subject, facts={"way": way})


def _click(url: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        answer = asyncio.run(
            net_http.request(url, method="POST", headers=headers, body=POST_BODY.encode(), limits=LIMITS)
        )
    except Failure as failed:
        raise _unreachable() from failed
    if not 200 <= answer.status < 300:
        raise _unreachable()


def _unreachable() -> Unavailable:
    """One text for every cause, so the answer is no port scanner."""
    return Unavailable("list_unreachable", "The list did not confirm it. Try again later, or open its page.")


def _write(actor: Actor, found: content.Content, letter: Letter) -> None:
    """From the address that the list wrote to, kept in Sent as what one writes oneself."""
    draft = DraftContent(
        account_id=found.ref.account_id,
        identity_id=_identity_of(found),
        to=(Address("", letter.to),),
        subject=letter.subject,
        text=letter.text,
    )
    sending = outgoing.prepare(actor, draft)
    try:
        actions.send(actor, sending)
    except Failure:
        outgoing.discard(sending)
        raise


def _identity_of(found: content.Content) -> int | None:
    named = [person.email.lower() for person in (*found.headers.to, *found.headers.cc)]
    row = sql.row(
        f"SELECT id FROM mail_identity WHERE account_id = %s AND email IN ({sql.marks(named)}) ORDER BY id LIMIT 1",
        [found.ref.account_id, *named],
    )
    return None if row is None else int(row[0])
