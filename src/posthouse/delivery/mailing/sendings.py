"""Writing to a list, and what came of each sending.

Nobody sees who else is on it: each gets a copy to their own address, with their own way out
(delivery/suppression/lists.py). In Sent lies one that is to the list's title.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from msgspec import structs

from posthouse.base import blobs, sql
from posthouse.base.clock import iso
from posthouse.base.errors import Invalid, TooLarge
from posthouse.delivery import setup
from posthouse.delivery.actions import Sending
from posthouse.delivery.mailing import members
from posthouse.delivery.mailing.lists import Row, list_for
from posthouse.identity.actor import Actor
from posthouse.mail import drafts, storing
from posthouse.mail.access import Right
from posthouse.mail.drafts import DraftContent
from posthouse.wire.mime.addresses import Address

MAX_SENDINGS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is written to everybody; `identity_id` None is the account's first address."""

    subject: str
    html: str
    identity_id: int | None = None


def prepare(
    actor: Actor, list_id: int, words: Words, *, hold_seconds: int, key: str = "", fingerprint: str = ""
) -> Sending:
    """A mail to everybody on a list, ready for `actions.send`; slow, so before the lane.

    Raises Missing, Denied, Invalid (no_members), TooLarge.
    """
    row = list_for(actor, list_id)
    targets = members.targets(row.id)
    if not targets:
        raise Invalid("no_members", "Nobody is on this list.")
    draft = DraftContent(
        account_id=row.account_id, identity_id=words.identity_id, subject=words.subject, html=words.html
    )
    sender = drafts.sender_for(actor, draft)
    limit = setup.current().max_message_bytes
    message = drafts.message_of(actor, draft, max_bytes=limit)
    kept = drafts.write(structs.replace(message, to=(Address(row.title, sender.email),)), keep_bcc=False)
    if len(kept) > limit:
        raise TooLarge("too_large", "The message is too large.", limit_bytes=limit)
    addresses = [sender.email, *(target.address for target in targets)]
    return Sending(
        account_id=row.account_id,
        arrival=storing.prepare(kept),
        wire=blobs.prepare(drafts.write(message, keep_bcc=False)),
        mail_from=sender.email,
        targets=targets,
        is_smtputf8=not all(address.isascii() for address in addresses),
        hold_seconds=hold_seconds,
        list_name=row.name,
        key=key,
        fingerprint=fingerprint,
    )


_COUNTED = {
    "waiting": "r.state IN ('held', 'queued', 'sending', 'retrying')",
    "delivered": "r.state = 'delivered' AND r.report <> 'failed'",
    "failed": "(r.state = 'failed' OR (r.state = 'delivered' AND r.report = 'failed'))",
    "left": "r.state = 'skipped' AND r.answer = ''",
    "suppressed": "r.state = 'skipped' AND r.answer <> ''",
    "read": "r.read_at IS NOT NULL",
    "complained": "r.complained_at IS NOT NULL",
}


def sendings(actor: Actor, list_id: int) -> list[Row]:
    """The newest, with how many of its recipients each thing happened to; those that the queue still knows."""
    row = list_for(actor, list_id, need=Right.READ)
    counts = ", ".join(f"sum(CASE WHEN {test} THEN 1 ELSE 0 END)" for test in _COUNTED.values())
    return [
        _json(found)
        for found in sql.rows(
            f"SELECT n.id, n.email_id, n.created_at, n.state, n.subject, count(r.id), {counts} FROM ("
            " SELECT s.id, s.email_id, s.created_at, s.state, e.subject FROM delivery_submission s"
            " LEFT JOIN mail_email e ON e.id = s.email_id"
            " WHERE s.account_id = %s AND s.list_name = %s AND s.list_name <> '' AND s.state <> 'cancelled'"
            " ORDER BY s.id DESC LIMIT %s) n JOIN delivery_recipient r ON r.submission_id = n.id"
            " GROUP BY n.id, n.email_id, n.created_at, n.state, n.subject ORDER BY n.id DESC",
            [row.account_id, row.name, MAX_SENDINGS],
        )
    ]


def _json(row: tuple[Any, ...]) -> Row:
    submission_id, email_id, created_ms, state, subject, recipients, *counts = row
    return {
        "submission_id": str(submission_id),
        "email_id": None if subject is None else str(email_id),
        "subject": subject,
        "state": state,
        "sent_at": iso(created_ms),
        "recipients": recipients,
        **{name: int(count) for name, count in zip(_COUNTED, counts, strict=True)},
    }
