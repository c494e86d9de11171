"""Bringing in mail that has a past: many e-mails with their dates, flags and folders, and where the import stands.

The position is written in the transaction that stores the e-mails, so an import that is killed at any moment goes
on where it was and stores nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sql
from posthouse.base.errors import Conflict
from posthouse.base.ids import new_id
from posthouse.identity.actor import Actor
from posthouse.mail import access, mailboxes, placing, storing
from posthouse.mail.models import Mailbox
from posthouse.mail.storing import Arrival, Storing


class Standing(NamedTuple):
    """`position` is the reader's own mark ("" at the start); `odd` counts those that did not parse as mail."""

    position: str
    stored: int
    odd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    arrival: Arrival
    mailbox_id: int
    flags: int
    keywords: str


def standing(account_id: int, source: str) -> Standing:
    found = sql.row(
        "SELECT position, stored, odd FROM mail_archiveimport WHERE account_id = %s AND source = %s",
        [account_id, source],
    )
    return Standing(*found) if found else Standing("", 0, 0)


@db.action
def store_batch(
    actor: Actor, items: Sequence[Archived], *, account_id: int, source: str, moves: tuple[str, str], odd: int
) -> None:
    """Store a batch and move the position from one mark to the next, in one transaction.

    Raises Conflict (import_overtaken) when it is not where it should be: somebody else imports the same archive, and
    both would store everything.
    """
    access.account_for(actor, account_id)
    placing.hold(account_id)
    before, position = moves
    if standing(account_id, source).position != before:
        raise Conflict("import_overtaken", "Another import of this archive is running.")
    if items:
        storing.store_together(
            [
                Storing(
                    arrival=item.arrival,
                    account_id=account_id,
                    mailbox_id=item.mailbox_id,
                    flags=item.flags,
                    keywords=item.keywords,
                )
                for item in items
            ]
        )
    sql.run(
        "INSERT INTO mail_archiveimport (id, account_id, source, position, stored, odd, updated_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (account_id, source) DO UPDATE SET"
        " position = excluded.position, stored = mail_archiveimport.stored + excluded.stored,"
        " odd = mail_archiveimport.odd + excluded.odd, updated_at = excluded.updated_at",
        [new_id(), account_id, source, position, len(items), odd, clock.now_ms()],
    )
    record(actor, Act.MAIL_IMPORTED, kind="account", object_id=account_id, facts={"count": len(items)})


def levels_of(path: str) -> list[str]:
    """The names that a path is made of, cut to what a mailbox may have; raises Invalid."""
    levels = [level for level in path.split("/") if level.strip()]
    return [mailboxes.normal_name(level[: mailboxes.MAX_NAME]) for level in levels[: mailboxes.MAX_DEPTH]]


@db.action
def mailbox_at(actor: Actor, path: str, *, account_id: int) -> int:
    """The mailbox at a path such as "Work/2024", made with its parents where it is not there; "" is the inbox."""
    levels = levels_of(path)
    if not levels or (len(levels) == 1 and levels[0].lower() == "inbox"):
        return Mailbox.objects.get(account_id=account_id, role=Mailbox.Role.INBOX).id
    placing.hold(account_id)
    parent_id: int | None = None
    for name in levels:
        found = Mailbox.objects.filter(account_id=account_id, parent_id=parent_id, name__iexact=name).first()
        found = found or mailboxes.create_mailbox(
            actor, name=name, parent_id=parent_id, account_id=account_id
        )
        parent_id = found.id
    assert parent_id is not None
    return parent_id
