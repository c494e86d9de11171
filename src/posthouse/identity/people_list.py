"""The list of people: filters, orders and pages. Each order walks an index, so a page costs the same at any size."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from posthouse.base import sql
from posthouse.base.paths import read_id
from posthouse.identity import permissions, presence, profiles
from posthouse.identity.actor import Actor
from posthouse.identity.profiles import COLUMNS, SHARING_A_GROUP, TABLES, Row, Viewer

SORTS = {"name": "lower(u.name)", "email": "u.email", "created_at": "''"}
"""The text a page is ordered by, before the id; ids sort by the time they were made."""
MAX_WORDS = 8
_SEES_ADDRESS = "(p.hides_email IS NULL OR NOT p.hides_email OR u.id = %s)"
"""Of somebody, for one who does not manage people (Viewer.sees_email)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which people. `is_active` None means both; only who manages people may ask for others than the active."""

    q: str = ""
    role: str | None = None
    group_id: int | None = None
    is_active: bool | None = True
    ids: Collection[int] | None = None


class Page(NamedTuple):
    """`next` is the place after the last one, if there are more."""

    items: list[dict[str, Any]]
    next: tuple[str, int] | None


def page(
    actor: Actor,
    wanted: Wanted,
    *,
    sort: str = "name",
    after: tuple[str, int] | None = None,
    limit: int,
    fields: Collection[str] | None = None,
) -> Page:
    """One page of the people whom the actor sees. `sort` is one of SORTS, with a minus for the other way round.

    In the order of addresses who hides theirs is left out: their place, and the cursor behind them, would tell it.
    """
    viewer = Viewer(actor)
    where, values = _conditions(viewer, wanted)
    text = SORTS[sort.removeprefix("-")]
    if text == SORTS["email"] and not viewer.manages:
        where.append(_SEES_ADDRESS)
        values.append(actor.user_id)
    way, sign = ("DESC", "<") if sort.startswith("-") else ("ASC", ">")
    if after is not None and text == "''":
        where.append(f"u.id {sign} %s")
        values.append(after[1])
    elif after is not None:
        # The first bound is what SQLite finds its way by; it takes no pair of values for an index on an expression.
        where.append(f"{text} {sign}= %s AND ({text}, u.id) {sign} (%s, %s)")
        values += [after[0], *after]
    order = f"u.id {way}" if text == "''" else f"{text} {way}, u.id {way}"
    found = sql.rows(
        f"SELECT {text}, {COLUMNS} FROM {TABLES} WHERE {' AND '.join(where)} ORDER BY {order} LIMIT %s",
        [*values, limit + 1],
    )
    rows = [Row(*row[1:]) for row in found[:limit]]
    more = (found[limit - 1][0], rows[-1].id) if len(found) > limit else None
    return Page(profiles.shown(viewer, rows, fields=fields), more)


def _conditions(viewer: Viewer, wanted: Wanted) -> tuple[list[str], list[Any]]:
    actor = viewer.actor
    where = ["u.organisation_id = %s", "u.kind = 'person'"]
    values: list[Any] = [actor.organisation_id]
    is_active = wanted.is_active if viewer.manages else True
    if is_active is not None:
        where.append("u.is_active" if is_active else "NOT u.is_active")
    if not actor.may("users.read"):
        where.append(f"(u.id = %s OR u.id IN ({SHARING_A_GROUP}))")
        values += [actor.user_id, actor.user_id]
    if wanted.role is not None:
        is_built_in = wanted.role in permissions.BUILT_IN
        where.append("u.role = %s AND u.custom_role_id IS NULL" if is_built_in else "u.custom_role_id = %s")
        values.append(wanted.role if is_built_in else read_id(wanted.role) or 0)
    if wanted.group_id is not None:
        where.append("u.id IN (SELECT user_id FROM identity_groupmember WHERE group_id = %s)")
        values.append(wanted.group_id)
    if wanted.ids is not None:
        where.append(f"u.id IN ({sql.marks(list(wanted.ids))})")
        values += wanted.ids
    for word in wanted.q.split()[:MAX_WORDS]:
        condition, patterns = _matches(viewer, word)
        where.append(condition)
        values += patterns
    return where, values


def _matches(viewer: Viewer, word: str) -> tuple[str, list[Any]]:
    """A word is found in what the viewer may see of somebody, and nowhere else."""
    pattern = "%" + word.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    like = "LIKE %s ESCAPE '\\'"
    names = f"lower(u.name) {like} OR lower(coalesce(p.display_name, '')) {like}"
    if viewer.manages:
        return f"({names} OR u.email {like})", [pattern] * 3
    return f"({names} OR (u.email {like} AND {_SEES_ADDRESS}))", [pattern] * 3 + [viewer.actor.user_id]


def online(actor: Actor, *, limit: int) -> list[dict[str, Any]]:
    """Who is here now and does not hide it, in the order of names; nobody for one who hides."""
    here = sorted(presence.current().everybody())
    found: list[dict[str, Any]] = []
    for chunk in sql.chunks(here):
        if len(found) < limit:
            found += page(actor, Wanted(ids=chunk), limit=len(chunk)).items
    return [person for person in found if person["is_online"]][:limit]


def colleagues(actor: Actor, *, matching: str, limit: int) -> list[tuple[str, str]]:
    """(name, e-mail) of people the actor sees whose name or address has these words; nobody who hides the address."""
    found = page(actor, Wanted(q=matching), sort="email", limit=limit, fields=("name", "email")).items
    return [(person["name"], person["email"]) for person in found if person["email"]]
