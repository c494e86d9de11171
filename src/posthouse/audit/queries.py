"""Reading the log: pages, newest first, and whole chains to be checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from django.conf import settings

from posthouse.audit import chain
from posthouse.audit.models import NO_HASH
from posthouse.audit.who import Reader
from posthouse.base import sql
from posthouse.base.clock import iso

BATCH = 500
READ_ALL = "audit.read"
_COLUMNS = ", ".join((*chain.FIELDS, "previous", "hash"))
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What is asked for; None and "" ask for everything. `act` ending in a dot means its family."""

    mine: bool = False
    act: str = ""
    actor_id: int | None = None
    object_kind: str = ""
    object_id: str = ""
    via: str = ""
    ip: str = ""
    outcome: str = ""
    from_ms: int | None = None
    to_ms: int | None = None

    @property
    def scope(self) -> str:
        """For the cursor: it belongs to this list and no other."""
        return orjson.dumps([getattr(self, name) for name in self.__slots__]).decode()


class Page(NamedTuple):
    items: list[Row]
    next: int | None


def page(reader: Reader, wanted: Filter, *, below: int | None, limit: int) -> Page:
    """The organisation's lines for who may read all; for others what they did and what was done to their account."""
    rows = _rows(reader, wanted, below=below, limit=limit + 1)
    items = [_json(reader, row) for row in rows[:limit]]
    return Page(items, int(rows[limit - 1][1]) if len(rows) > limit else None)


def lines(reader: Reader, wanted: Filter) -> Iterator[Row]:
    """All of them, newest first, read a batch at a time."""
    below: int | None = None
    while True:
        rows = _rows(reader, wanted, below=below, limit=BATCH)
        for row in rows:
            yield _json(reader, row)
        if len(rows) < BATCH:
            return
        below = int(rows[-1][1])


def _rows(reader: Reader, wanted: Filter, *, below: int | None, limit: int) -> list[tuple[Any, ...]]:
    where, params = _conditions(wanted)
    if below is not None:
        where, params = [*where, "sequence < %s"], [*params, below]
    if reader.may(READ_ALL) and not wanted.mine:
        return _select(reader.organisation_id, where, params, limit)
    found: dict[int, tuple[Any, ...]] = {}
    for column in ("actor_id", "subject_id"):  # one index each; together they would sort everything
        mine = [f"{column} = %s", *where]
        for row in _select(reader.organisation_id, mine, [reader.user_id, *params], limit):
            found[row[1]] = row
    return [found[sequence] for sequence in sorted(found, reverse=True)[:limit]]


def _select(organisation_id: int, where: list[str], params: list[Any], limit: int) -> list[tuple[Any, ...]]:
    conditions = " AND ".join(["organisation_id = %s", *where])
    return sql.rows(
        f"SELECT {_COLUMNS} FROM audit_entry WHERE {conditions} ORDER BY sequence DESC LIMIT %s",
        [organisation_id, *params, limit],
    )


def _conditions(wanted: Filter) -> tuple[list[str], list[Any]]:
    where: list[str] = []
    params: list[Any] = []
    if wanted.act.endswith("."):
        where, params = ["act >= %s", "act < %s"], [wanted.act, wanted.act[:-1] + "/"]  # "/" follows "."
    elif wanted.act:
        where, params = ["act = %s"], [wanted.act]
    for column, value in (
        ("actor_id", wanted.actor_id),
        ("object_kind", wanted.object_kind),
        ("object_id", wanted.object_id),
        ("via", wanted.via),
        ("ip", wanted.ip),
        ("outcome", wanted.outcome),
    ):
        if value is not None and value != "":
            where.append(f"{column} = %s")
            params.append(value)
    for condition, ms in (("at >= %s", wanted.from_ms), ("at < %s", wanted.to_ms)):
        if ms is not None:
            where.append(condition)
            params.append(ms)
    return where, params


def _json(reader: Reader, row: tuple[Any, ...]) -> Row:
    """Where a colleague sat when they acted on one's account is not one's own to know."""
    (_, sequence, at, actor_id, email, real, subject, via, ip, client, act, kind, object_id, outcome, facts,
     previous, digest) = row  # fmt: skip
    is_hidden = not reader.may(READ_ALL) and actor_id not in (0, reader.user_id)
    return {
        "sequence": str(sequence),
        "at": iso(at),
        "act": act,
        "outcome": outcome,
        "actor_id": str(actor_id) if actor_id else None,
        "actor_email": email or None,
        "real_actor_id": str(real) if real else None,
        "subject_id": str(subject) if subject else None,
        "via": via,
        "ip": None if is_hidden else ip or None,
        "client": None if is_hidden else client or None,
        "object_kind": kind or None,
        "object_id": object_id or None,
        "facts": orjson.Fragment(facts.encode()),
        "previous": bytes(previous).hex(),
        "hash": bytes(digest).hex(),
    }


# --- do the chains hold? ------------------------------------------------------------------------


def faults() -> list[str]:
    """Sentences for a person about every chain that does not hold."""
    found = []
    for (organisation_id,) in sql.rows("SELECT organisation_id FROM audit_chain ORDER BY organisation_id"):
        found += chain_faults(organisation_id)
    orphans = sql.rows(
        "SELECT DISTINCT organisation_id FROM audit_entry e WHERE NOT EXISTS"
        " (SELECT 1 FROM audit_chain c WHERE c.organisation_id = e.organisation_id)"
    )
    return found + [f"audit log {row[0]}: lines without a chain" for row in orphans]


def chain_faults(organisation_id: int) -> list[str]:
    """It may run while lines are added; where the beginning is let go meanwhile it looks again."""
    while True:
        found, seal = ends(organisation_id)
        fault = first_fault(found)
        if ends(organisation_id)[0].anchor_sequence == found.anchor_sequence:
            break
    name = f"audit log {organisation_id}"
    faults_ = [f"{name}, {fault}"] if fault else []
    if seal != chain.seal_of(found, settings.SECRET_KEY):
        faults_.append(f"{name}: its seal does not fit, or was made with another SECRET_KEY")
    return faults_


def unsealed() -> list[int]:
    """Organisations whose chains have a seal that does not fit."""
    organisations = [
        row[0] for row in sql.rows("SELECT organisation_id FROM audit_chain ORDER BY organisation_id")
    ]
    return [
        organisation_id
        for organisation_id in organisations
        for found, seal in [ends(organisation_id)]
        if seal != chain.seal_of(found, settings.SECRET_KEY)
    ]


def ends(organisation_id: int) -> tuple[chain.Ends, bytes]:
    """A chain's two ends, and the seal over them."""
    row = sql.row(
        "SELECT anchor_sequence, anchor_hash, sequence, hash, seal FROM audit_chain WHERE organisation_id = %s",
        [organisation_id],
    )
    if row is None:
        nothing = chain.Ends(
            organisation_id=organisation_id, anchor_sequence=0, anchor_hash=NO_HASH, sequence=0, hash=NO_HASH
        )
        return nothing, b""
    found = chain.Ends(
        organisation_id=organisation_id,
        anchor_sequence=row[0],
        anchor_hash=bytes(row[1]),
        sequence=row[2],
        hash=bytes(row[3]),
    )
    return found, bytes(row[4])


def first_fault(ends: chain.Ends) -> str:
    """The first place where the chain is broken, or nothing."""
    sequence, previous = ends.anchor_sequence, ends.anchor_hash
    while sequence < ends.sequence:
        rows = sql.rows(
            f"SELECT {_COLUMNS} FROM audit_entry WHERE organisation_id = %s AND sequence > %s AND sequence <= %s"
            " ORDER BY sequence LIMIT %s",
            [ends.organisation_id, sequence, ends.sequence, BATCH],
        )
        if not rows:
            return f"line {sequence + 1}: missing"
        for row in rows:
            if row[1] != sequence + 1:
                return f"line {sequence + 1}: missing"
            if bytes(row[-2]) != previous:
                return f"line {row[1]}: does not follow the line before it"
            if chain.hash_of(previous, row[:-2]) != bytes(row[-1]):
                return f"line {row[1]}: was changed"
            sequence, previous = row[1], bytes(row[-1])
    return "" if previous == ends.hash else f"line {sequence}: is not the last one that was written"
