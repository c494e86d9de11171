"""Reading what was turned away: pages, newest first, on the index of the organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from posthouse.base import sql
from posthouse.base.clock import iso
from posthouse.base.ids import first_at
from posthouse.identity.actor import Actor

NEEDED = "domains.manage"
Row = dict[str, Any]
_COLUMNS = ("id", "at", "times", "door", "peer", "helo", "sender", "recipient", "code", "answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What is asked for; None and "" ask for everything."""

    text: str = ""
    from_ms: int | None = None
    to_ms: int | None = None


def page(actor: Actor, wanted: Filter, *, below: int | None, limit: int) -> tuple[list[Row], int | None]:
    """A page and where the next begins. Raises Denied to who may not manage domains."""
    actor.require(NEEDED)
    where: list[str] = ["organisation_id = %s"]
    params: list[Any] = [actor.organisation_id]
    if below is not None:
        where, params = [*where, "id < %s"], [*params, below]
    if wanted.from_ms is not None:
        where, params = [*where, "id >= %s", "at >= %s"], [*params, first_at(wanted.from_ms), wanted.from_ms]
    if wanted.to_ms is not None:
        where, params = [*where, "at < %s"], [*params, wanted.to_ms]
    if wanted.text:
        escaped = wanted.text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        part = f"%{escaped}%"
        like = "LIKE %s ESCAPE '\\'"
        texts = " OR ".join(f"lower({name}) {like}" for name in ("sender", "recipient", "peer"))
        where, params = [*where, f"({texts})"], [*params, part, part, part]
    rows = sql.rows(
        f"SELECT {', '.join(_COLUMNS)} FROM delivery_refusal WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT %s",
        [*params, limit + 1],
    )
    following = rows[limit - 1][0] if len(rows) > limit else None
    return [_json(row) for row in rows[:limit]], following


def _json(row: tuple[Any, ...]) -> Row:
    found = dict(zip(_COLUMNS, row, strict=True))
    return {**found, "id": str(found["id"]), "at": iso(found["at"])}
