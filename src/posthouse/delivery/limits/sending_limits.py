"""How much a person, and all of an organisation together, may send in a day; the organisation sets its own figures.

A mail counts once, a recipient when the account has never written to them before. Whoever would go beyond is refused
before anything is queued (`sending_limit`); mail of the house itself is not counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import db, sql
from posthouse.base.errors import Limited
from posthouse.delivery.limits import counting
from posthouse.delivery.limits.counting import ORGANISATION, PERSON
from posthouse.delivery.limits.suspicion import Sums
from posthouse.identity import directory, step_up
from posthouse.identity.actor import Actor

MOST = 1_000_000
RETRY_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A day's. `is_watched`: whether sending stops that looks like a thief's (stops.py)."""

    messages: int = 2_000
    new_recipients: int = 500
    all_messages: int = 20_000
    all_new_recipients: int = 5_000
    is_watched: bool = True


DEFAULTS = Figures()
_FULL = {
    PERSON: "You have sent as many mails as you may in a day.",
    ORGANISATION: "Your organisation has sent as many mails as it may in a day.",
}


def of(organisation_id: int) -> Figures:
    found = sql.row(
        "SELECT messages, new_recipients, all_messages, all_new_recipients, is_watched FROM delivery_sendinglimits"
        " WHERE organisation_id = %s",
        [organisation_id],
    )
    if found is None:
        return DEFAULTS
    messages, new_recipients, all_messages, all_new_recipients, is_watched = found
    return Figures(
        messages=messages,
        new_recipients=new_recipients,
        all_messages=all_messages,
        all_new_recipients=all_new_recipients,
        is_watched=bool(is_watched),
    )


def as_json(actor: Actor) -> dict[str, Any]:
    """The figures, and what has been sent of them in the last 24 hours. Raises Denied."""
    actor.require("organisation.manage")
    used = counting.sums(ORGANISATION, actor.organisation_id, hours=counting.DAY_HOURS)
    return asdict(of(actor.organisation_id)) | {
        "used_messages": used.messages,
        "used_new_recipients": used.new_recipients,
    }


@db.action
def change(actor: Actor, changes: dict[str, Any]) -> None:
    """Asks a session for step-up: a thief of one would send more before anybody looks. Raises Denied."""
    actor.require("organisation.manage")
    step_up.require_of_session(actor)
    figures = asdict(of(actor.organisation_id)) | changes
    sql.run(
        "INSERT INTO delivery_sendinglimits (organisation_id, messages, new_recipients, all_messages,"
        " all_new_recipients, is_watched) VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (organisation_id) DO UPDATE SET"
        " messages = excluded.messages, new_recipients = excluded.new_recipients,"
        " all_messages = excluded.all_messages, all_new_recipients = excluded.all_new_recipients,"
        " is_watched = excluded.is_watched",
        [actor.organisation_id, *figures.values()],
    )
    record(
        actor,
        Act.SENDING_LIMITS_CHANGED,
        kind="organisation",
        object_id=actor.organisation_id,
        facts={name: int(value) for name, value in changes.items()},
    )


def new_recipients(account_id: int, addresses: Sequence[str]) -> int:
    """How many of them are outside and were never written to from this account."""
    outside = {
        address.lower() for address in addresses if isinstance(directory.lookup(address), directory.NotOurs)
    }
    known = 0
    for chunk in sql.chunks(outside):
        found = sql.row(
            f"SELECT count(*) FROM mail_correspondent WHERE account_id = %s AND email IN ({sql.marks(chunk)})",
            [account_id, *chunk],
        )
        known += found[0] if found else 0
    return len(outside) - known


def take(*, user_id: int, organisation_id: int, new: int) -> None:
    """Count one mail to so many new recipients; raises Limited (sending_limit). Call inside an action."""
    figures = of(organisation_id)
    for scope, owner_id, most_messages, most_new in (
        (PERSON, user_id, figures.messages, figures.new_recipients),
        (ORGANISATION, organisation_id, figures.all_messages, figures.all_new_recipients),
    ):
        used = counting.sums(scope, owner_id, hours=counting.DAY_HOURS)
        if used.messages + 1 > most_messages:
            raise _limited(_FULL[scope])
        if new and used.new_recipients + new > most_new:
            raise _limited("These would be more new recipients than may be written to in a day.")
    for scope, owner_id in ((PERSON, user_id), (ORGANISATION, organisation_id)):
        counting.add(scope, owner_id, Sums(messages=1, new_recipients=new))


def _limited(text: str) -> Limited:
    return Limited("sending_limit", text, retry_after_seconds=RETRY_SECONDS)
