"""Addresses that no list of an organisation writes to: mail there came back for good, or its reader complained.

Writing on to either is what gives a server a bad name. One's own mail to one person still goes: a typing error, or a
quarrel, is theirs to mend. Somebody who manages the organisation lets an address go by hand.

Invariants
- Only what another server said of a mail of the organisation puts an address here; forwards and our own domains do not.
- A complaint outlasts a bounce; the day of the first stays.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sql
from posthouse.base.errors import Missing
from posthouse.base.ids import new_id
from posthouse.delivery.models import SuppressedAddress
from posthouse.delivery.reasons import NO_SUCH_ADDRESS, NO_SUCH_DOMAIN, reason_of
from posthouse.identity import directory
from posthouse.identity.actor import Actor

MANAGE = "organisation.manage"
BOUNCED, COMPLAINED = SuppressedAddress.Reason.BOUNCED.value, SuppressedAddress.Reason.COMPLAINED.value
REASONS = (BOUNCED, COMPLAINED)
HARD = frozenset({NO_SUCH_ADDRESS, NO_SUCH_DOMAIN})
WORDS = {
    BOUNCED: "Passed over: mail to this address came back for good.",
    COMPLAINED: "Passed over: they complained about mail.",
}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    text: str = ""
    reason: str = ""


def note_bounce(submission_id: int, address: str, reply: str) -> None:
    """After a mail failed for good; only what says that there is nobody counts. Call inside an action."""
    if reason_of(reply) in HARD:
        _note(submission_id, address, BOUNCED, reply)


def note_complaint(submission_id: int, address: str, reply: str) -> None:
    """Call inside an action."""
    _note(submission_id, address, COMPLAINED, reply)


def _note(submission_id: int, address: str, reason: str, reply: str) -> None:
    found = sql.row(
        "SELECT a.organisation_id FROM delivery_submission s JOIN mail_account a ON a.id = s.account_id"
        " WHERE s.id = %s AND NOT s.is_forward",
        [submission_id],
    )
    domain = address.rpartition("@")[2]
    if found is None or not isinstance(directory.lookup(f"postmaster@{domain}"), directory.NotOurs):
        return
    sql.run(
        "INSERT INTO delivery_suppressedaddress (id, organisation_id, address, reason, answer, at)"
        " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (organisation_id, address) DO UPDATE SET"
        " reason = excluded.reason, answer = excluded.answer"
        f" WHERE excluded.reason = '{COMPLAINED}' AND delivery_suppressedaddress.reason <> '{COMPLAINED}'",
        [new_id(), found[0], address.lower(), reason, reply[:500], clock.now_ms()],
    )


def words_for(account_id: int, addresses: Collection[str]) -> dict[str, str]:
    """Those of the addresses, in lower case, that lists pass over, each with why in words."""
    return {
        address: WORDS[reason]
        for chunk in sql.chunks([address.lower() for address in addresses])
        for address, reason in sql.rows(
            "SELECT d.address, d.reason FROM mail_account a"
            " JOIN delivery_suppressedaddress d ON d.organisation_id = a.organisation_id"
            f" WHERE a.id = %s AND d.address IN ({sql.marks(chunk)})",
            [account_id, *chunk],
        )
    }


def page(actor: Actor, wanted: Filter, *, below: int | None, limit: int) -> tuple[list[Row], int | None]:
    """A page, the newest first, and where the next begins. Raises Denied to who may not manage the organisation."""
    actor.require(MANAGE)
    found = SuppressedAddress.objects.filter(organisation_id=actor.organisation_id).order_by("-id")
    if below is not None:
        found = found.filter(id__lt=below)
    if wanted.reason:
        found = found.filter(reason=wanted.reason)
    if wanted.text:
        found = found.filter(address__contains=wanted.text.lower())
    rows = list(found[: limit + 1])
    following = rows[limit - 1].id if len(rows) > limit else None
    return [_json(row) for row in rows[:limit]], following


def _json(row: SuppressedAddress) -> Row:
    return {
        "id": str(row.id),
        "address": row.address,
        "reason": row.reason,
        "answer": row.answer or None,
        "at": clock.iso(clock.to_ms(row.at)),
    }


@db.action
def release(actor: Actor, suppressed_id: int) -> None:
    """Let lists write to it again. Raises Denied, Missing."""
    actor.require(MANAGE)
    row = SuppressedAddress.objects.filter(id=suppressed_id, organisation_id=actor.organisation_id).first()
    if row is None:
        raise Missing()
    row.delete()
    facts: dict[str, Any] = {"reason": row.reason}
    record(actor, Act.RECIPIENT_RELEASED, kind="recipient", object_id=suppressed_id, facts=facts)
