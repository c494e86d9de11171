"""What people and organisations chose about junk: settings and lists of senders. Call writes inside an action."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from posthouse.base import db, sql
from posthouse.base.errors import Conflict
from posthouse.base.ids import new_id
from posthouse.filters.models import JunkSettings, Sender
from posthouse.filters.spam.judging import THRESHOLD, Entry

MAX_ENTRIES = 1_000
LEAST_THRESHOLD, MOST_THRESHOLD = 2.0, 15.0
LEAST_REFUSAL = 5.0
TOPIC = "junk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose settings and lists: an account's, or (without one) its organisation's."""

    account_id: int | None
    organisation_id: int

    @property
    def where(self) -> tuple[str, int]:
        if self.account_id is None:
            return "organisation_id", self.organisation_id
        return "account_id", self.account_id

    @property
    def key(self) -> dict[str, Any]:
        return dict([self.where])


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What holds for an account, its organisation's choices behind its own."""

    is_enabled: bool = True
    threshold: float = THRESHOLD
    refuse_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What was chosen at one place; None was not."""

    is_enabled: bool | None = None
    threshold: float | None = None
    refuse_at: float | None = None


def own(owner: Owner) -> Own:
    column, key = owner.where
    found = sql.row(
        f"SELECT is_enabled, threshold, refuse_at FROM filters_junksettings WHERE {column} = %s", [key]
    )
    if found is None:
        return Own()
    return Own(
        is_enabled=None if found[0] is None else bool(found[0]), threshold=found[1], refuse_at=found[2]
    )


def chosen(account_id: int, organisation_id: int) -> Chosen:
    mine = own(Owner(account_id=account_id, organisation_id=organisation_id))
    ours = own(Owner(account_id=None, organisation_id=organisation_id))
    is_enabled = next((one.is_enabled for one in (mine, ours) if one.is_enabled is not None), True)
    threshold = next((one.threshold for one in (mine, ours) if one.threshold is not None), THRESHOLD)
    return Chosen(is_enabled=is_enabled, threshold=threshold, refuse_at=ours.refuse_at)


def choose(owner: Owner, changes: dict[str, Any]) -> None:
    """`is_enabled`, `threshold` and `refuse_at`, as far as they are given."""
    JunkSettings.objects.update_or_create(defaults=changes, **owner.key)
    tell()


def tell() -> None:
    """Whoever keeps choices in memory forgets them after the commit (delivery/junk/standing.py)."""
    db.hint(TOPIC)


# --- lists ----------------------------------------------------------------------------------------


def has_entries(owners: Collection[Owner]) -> bool:
    return any(
        sql.row(f"SELECT 1 FROM filters_sender WHERE {column} = %s LIMIT 1", [key])
        for column, key in (owner.where for owner in owners)
    )


def entries_for(account_id: int, organisation_id: int, forms: Sequence[str]) -> list[Entry]:
    """The lines of both lists that mean one of the forms of an address."""
    found = []
    for column, key in (("account_id", account_id), ("organisation_id", organisation_id)):
        found += [
            Entry(value=value, is_allowed=bool(is_allowed), is_own=column == "account_id")
            for value, is_allowed in sql.rows(
                f"SELECT value, is_allowed FROM filters_sender WHERE {column} = %s AND value IN ({sql.marks(forms)})",
                [key, *forms],
            )
        ]
    return found


def entries(owner: Owner) -> list[dict[str, Any]]:
    column, key = owner.where
    return [
        {"id": str(row[0]), "value": row[1], "list": "allow" if row[2] else "block"}
        for row in sql.rows(
            f"SELECT id, value, is_allowed FROM filters_sender WHERE {column} = %s ORDER BY value", [key]
        )
    ]


def put_entry(owner: Owner, value: str, *, is_allowed: bool) -> int:
    """Add a line; one that is there changes its list. Raises Conflict (too_many_entries)."""
    column, key = owner.where
    there = sql.row(f"SELECT id FROM filters_sender WHERE {column} = %s AND value = %s", [key, value])
    tell()
    if there is not None:
        Sender.objects.filter(id=there[0]).update(is_allowed=is_allowed)
        return int(there[0])
    if Sender.objects.filter(**owner.key).count() >= MAX_ENTRIES:
        raise Conflict("too_many_entries", f"A list has {MAX_ENTRIES} lines at most.")
    return Sender.objects.create(id=new_id(), value=value, is_allowed=is_allowed, **owner.key).id


def entry_json(entry_id: int) -> dict[str, Any] | None:
    found = sql.row("SELECT id, value, is_allowed FROM filters_sender WHERE id = %s", [entry_id])
    if found is None:
        return None
    return {"id": str(found[0]), "value": found[1], "list": "allow" if found[2] else "block"}


def owner_of_entry(entry_id: int) -> tuple[int | None, int | None] | None:
    """Account or organisation."""
    found = sql.row("SELECT account_id, organisation_id FROM filters_sender WHERE id = %s", [entry_id])
    return None if found is None else (found[0], found[1])


def remove_entry(entry_id: int) -> None:
    Sender.objects.filter(id=entry_id).delete()
    tell()
