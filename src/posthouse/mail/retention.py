"""How long e-mails are kept in a mailbox, counted from when they were put there.

Out of Trash and Junk they go for good, out of other mailboxes to Trash, where they lie for some time more; one that
also lies elsewhere stays there.

Invariant: in a mailbox UIDs ascend with the time at which e-mails were put there, so what is due lies at its beginning
and looking for it costs the same whatever the mailbox holds.
"""

from __future__ import annotations

from typing import NamedTuple

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.audit.who import A_JOB
from posthouse.base import clock, db, ids, sql
from posthouse.mail import placing, roles
from posthouse.mail.models import Mailbox

DAY_MS = 86_400_000
BATCH = 500
_FINAL = (Mailbox.Role.TRASH.value, Mailbox.Role.JUNK.value)
_PUT_BEFORE = "(CASE WHEN placed_at IS NULL THEN email_id < %s ELSE placed_at < %s END)"


class Kept(NamedTuple):
    """A mailbox whose e-mails have an end."""

    mailbox_id: int
    account_id: int
    role: str
    days: int


def kept_for_a_time() -> list[Kept]:
    return [
        Kept(*row)
        for row in sql.rows(
            "SELECT id, account_id, role, retention_days FROM mail_mailbox"
            " WHERE retention_days IS NOT NULL AND total_emails > 0 ORDER BY account_id, id"
        )
    ]


def _cut(days: int) -> list[int]:
    at_ms = clock.now_ms() - days * DAY_MS
    return [ids.first_at(at_ms), at_ms]


def count(mailbox_id: int, *, days: int) -> int:
    """How many have lain in a mailbox, whose access was checked, longer than so many days."""
    found = sql.row(
        f"SELECT count(*) FROM mail_placement WHERE mailbox_id = %s AND {_PUT_BEFORE}",
        [mailbox_id, *_cut(days)],
    )
    return int(found[0]) if found else 0


def is_due(kept: Kept) -> bool:
    return bool(_due(kept, limit=1))


def _due(kept: Kept, *, limit: int) -> list[int]:
    """E-mails at the beginning of a mailbox, up to the first that may stay."""
    rows = sql.rows(
        f"SELECT email_id, {_PUT_BEFORE} FROM mail_placement WHERE mailbox_id = %s ORDER BY uid LIMIT %s",
        [*_cut(kept.days), kept.mailbox_id, limit],
    )
    stays = next((index for index, row in enumerate(rows) if not row[1]), len(rows))
    return [row[0] for row in rows[:stays]]


@db.action
def expire(kept: Kept) -> int:
    """Take some of what is due out of a mailbox; gives how many. Asked again whether it still is so."""
    placing.hold(kept.account_id)
    now = sql.row("SELECT retention_days, role FROM mail_mailbox WHERE id = %s", [kept.mailbox_id])
    if now is None or tuple(now) != (kept.days, kept.role):
        return 0
    due = _due(kept, limit=BATCH)
    if not due:
        return 0
    filing = placing.begin(kept.account_id)
    places = placing.places_of(due)
    if kept.role not in _FINAL:
        elsewhere = {place.email_id for place in places if place.mailbox_id != kept.mailbox_id}
        trash = roles.mailbox_of(kept.account_id, Mailbox.Role.TRASH)
        placing.place(filing, [email for email in due if email not in elsewhere], mailbox_id=trash)
    placing.displace(filing, [place for place in places if place.mailbox_id == kept.mailbox_id])
    placing.finish(filing)
    _record(kept, len(due))
    return len(due)


def _record(kept: Kept, emails: int) -> None:
    owner = sql.row("SELECT organisation_id, owner_id FROM mail_account WHERE id = %s", [kept.account_id])
    assert owner is not None
    record(
        A_JOB,
        Act.MAIL_EXPIRED,
        kind="mailbox",
        object_id=kept.mailbox_id,
        organisation=owner[0],
        subject=owner[1] or 0,
        facts={"emails": emails, "days": kept.days},
    )
