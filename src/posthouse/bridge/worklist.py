"""Threads by whose they are and how far: what is one's own, what nobody has taken, what is not done yet.

Open and unassigned threads are those of the inbox, in its order, without those that somebody has taken or done: so they
cost nobody a row. What is mine or done walks the assignments, the last change first. A page may be short, or empty with
a place to go on from: each looks at a bounded number of threads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from posthouse.base import sql
from posthouse.bridge import assignments
from posthouse.bridge.assignments import DONE, Found
from posthouse.bridge.notes import Row
from posthouse.conversations.access import USE
from posthouse.identity.actor import Actor
from posthouse.mail import access, sharing
from posthouse.mail import queries as mails
from posthouse.mail.access import Right
from posthouse.mail.queries import Cursor

VIEWS = ["mine", "unassigned", "open", "done"]
MOST_PAGES = 5


class Page(NamedTuple):
    """`next` is the place after the last that was looked at, if there are more."""

    items: list[Row]
    next: tuple[int, int] | None


def page(
    actor: Actor, view: str, account_id: int | None, *, after: tuple[int, int] | None, limit: int
) -> Page:
    """Without an account `mine` is over all that one may read, the others are of one's own."""
    actor.require(USE)
    if view == "mine":
        accounts = _accounts(actor, account_id)
        return _of_rows(
            accounts,
            "a.assignee_id = %s",
            [actor.user_id],
            lambda one: one.assignee_id == actor.user_id and one.status != DONE,
            after=after,
            limit=limit,
        )
    own = access.account_id_for(actor, account_id, need=Right.READ)
    if view == "done":
        return _of_rows(
            [own], "a.status = %s", [DONE], lambda one: one.status == DONE, after=after, limit=limit
        )
    _, inbox = access.mailbox_with_role_for(actor, "inbox", own)
    return _of_inbox(own, inbox, view, after=after, limit=limit)


def _accounts(actor: Actor, account_id: int | None) -> list[int]:
    if account_id is not None:
        return [access.account_id_for(actor, account_id, need=Right.READ)]
    actor.require("mail.read")
    return [int(account["id"]) for account in sharing.usable(actor)]


def _of_inbox(
    account_id: int, mailbox_id: int, view: str, *, after: tuple[int, int] | None, limit: int
) -> Page:
    items: list[Row] = []
    place = None if after is None else Cursor(*after)
    for _ in range(MOST_PAGES):
        found = mails.thread_page(mailbox_id, account_id=account_id, after=place, limit=limit - len(items))
        items += _with(account_id, found.items, lambda one: _is_in(view, one))
        place = found.next
        if place is None or len(items) == limit:
            break
    return Page(items, None if place is None else (place.received_at_ms, place.email_id))


def _is_in(view: str, one: Found | None) -> bool:
    if one is None:
        return True
    return one.status != DONE and (view == "open" or one.assignee_id is None)


def _with(account_id: int, threads: list[Row], is_in: Callable[[Found | None], bool]) -> list[Row]:
    """Threads with their assignments, those that belong here."""
    known = assignments.of_threads(account_id, [int(thread["id"]) for thread in threads])
    return [
        {"thread": thread, "assignment": assignments.as_json(account_id, int(thread["id"]), one)}
        for thread in threads
        if is_in(one := known.get(int(thread["id"])))
    ]


def _of_rows(
    account_ids: list[int],
    where: str,
    values: list[Any],
    is_in: Callable[[Found], bool],
    *,
    after: tuple[int, int] | None,
    limit: int,
) -> Page:
    """By rows, the one changed last first, as far as they stand so; those whose mail has gone are left out."""
    if after is not None:
        where, values = f"{where} AND (a.changed_at, a.id) < (%s, %s)", [*values, *after]
    found = sql.rows(
        "SELECT a.account_id, a.thread_id, a.changed_at, a.id FROM bridge_assignment a"
        f" WHERE {where} AND a.account_id IN ({sql.marks(account_ids)})"
        " ORDER BY a.changed_at DESC, a.id DESC LIMIT %s",
        [*values, *account_ids, limit + 1],
    )
    shown: dict[int, Row] = {}
    for account_id in {row[0] for row in found[:limit]}:
        ids = [row[1] for row in found[:limit] if row[0] == account_id]
        threads = [{**thread, "placed_at": thread["last_at"]} for thread in mails.threads(account_id, ids)]
        for item in _with(account_id, threads, lambda one: one is not None and is_in(one)):
            shown[int(item["thread"]["id"])] = item
    last = found[limit - 1][2:] if len(found) > limit else None
    return Page([shown[row[1]] for row in found[:limit] if row[1] in shown], last)
