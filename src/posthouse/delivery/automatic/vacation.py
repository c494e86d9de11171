"""What people say to those who write while they are away."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db
from posthouse.base.errors import Invalid
from posthouse.delivery.automatic import answering, kept
from posthouse.delivery.models import Answered, Vacation
from posthouse.identity.actor import Actor
from posthouse.mail import access
from posthouse.mail.access import Right

MAX_TEXT_CHARS = 20_000
MAX_DAYS = 30

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Names and new values of what is to be different: is_enabled, from_at, until_at, subject, text, days."""

    values: dict[str, Any]


def vacation(actor: Actor, account_id: int | None) -> Row:
    return _json(_row(access.account_id_for(actor, account_id, need=Right.READ)))


def _row(account_id: int) -> Vacation:
    return Vacation.objects.filter(account_id=account_id).first() or Vacation(account_id=account_id)


def _json(row: Vacation) -> Row:
    return {
        "account_id": str(row.account_id),
        "is_enabled": row.is_enabled,
        "is_active": answering.vacation_of(row.account_id) is not None,
        "from_at": _iso(row.from_at),
        "until_at": _iso(row.until_at),
        "subject": row.subject,
        "text": row.text,
        "days": row.days,
    }


def _iso(moment: dt.datetime | None) -> str | None:
    return None if moment is None else clock.iso(clock.to_ms(moment))


@db.action
def change_vacation(actor: Actor, account_id: int | None, change: Change) -> None:
    """Switched on anew, everybody may be answered once more. Raises Invalid (bad_vacation), Missing, Denied."""
    account = access.account_id_for(actor, account_id)
    actor.require("mail.send")
    row = _row(account)
    was_on = row.is_enabled
    for name, value in change.values.items():
        setattr(row, name, value)
    _check(row)
    row.save()
    if row.is_enabled and not was_on:
        Answered.objects.filter(account_id=account, source=answering.VACATION).delete()
    kept.forget_after_commit()
    facts: dict[str, Any] = {"fields": sorted(change.values), "is_enabled": row.is_enabled}
    record(actor, Act.VACATION_CHANGED, kind="account", object_id=account, facts=facts)


def _check(row: Vacation) -> None:
    if row.is_enabled and not row.text.strip():
        raise Invalid("bad_vacation", "An answer says something.", pointer="/text")
    if row.from_at is not None and row.until_at is not None and row.until_at <= row.from_at:
        raise Invalid("bad_vacation", "It ends after it begins.", pointer="/until_at")
