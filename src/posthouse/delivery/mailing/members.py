"""Who is on a list. Nobody is put there without a word on how they said yes, which is kept beside them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sql
from posthouse.base.errors import Conflict, Invalid, Missing
from posthouse.base.ids import new_id
from posthouse.delivery.actions import MAX_LISTED, Target
from posthouse.delivery.mailing import people
from posthouse.delivery.mailing.lists import PASSED_OVER, Row, list_for
from posthouse.delivery.models import ListMember
from posthouse.delivery.writing import outgoing
from posthouse.identity.actor import Actor
from posthouse.mail.access import Right
from posthouse.wire.mime.addresses import Address
from posthouse.wire.mime.headers import without_controls

MAX_REFUSED_TOLD = 50
_FROM = (
    " FROM delivery_mailinglist l JOIN mail_account a ON a.id = l.account_id"
    f" JOIN delivery_listmember m ON m.mailing_list_id = l.id{PASSED_OVER}"
)


def page(
    actor: Actor, list_id: int, *, text: str, below: int | None, limit: int
) -> tuple[list[Row], int | None]:
    """A page of members, who came last first, and where the next begins."""
    row = list_for(actor, list_id, need=Right.READ)
    where: list[str] = ["l.id = %s"]
    params: list[Any] = [row.id]
    if below is not None:
        where, params = [*where, "m.id < %s"], [*params, below]
    if text:
        escaped = text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        like = "LIKE %s ESCAPE '\\'"
        where.append(f"(m.address {like} OR lower(m.name) {like})")
        params = [*params, f"%{escaped}%", f"%{escaped}%"]
    rows = sql.rows(
        "SELECT m.id, m.address, m.name, m.consent, m.added_at, s.id, s.at, d.reason"
        f"{_FROM} WHERE {' AND '.join(where)} ORDER BY m.id DESC LIMIT %s",
        [*params, limit + 1],
    )
    following = rows[limit - 1][0] if len(rows) > limit else None
    return [_json(row) for row in rows[:limit]], following


def _json(row: tuple[Any, ...]) -> Row:
    member_id, address, name, consent, added_ms, suppression_id, left_ms, reason = row
    return {
        "id": str(member_id),
        "address": address,
        "name": name,
        "consent": consent,
        "added_at": clock.iso(added_ms),
        "left_at": None if left_ms is None else clock.iso(left_ms),
        "suppression_id": None if suppression_id is None else str(suppression_id),
        "suppressed": reason,
    }


def targets(list_id: int) -> list[Target]:
    """Everybody on it, in the order they came; who is passed over too, since a sending tells of them."""
    return [
        Target(address=address, name=name)
        for address, name in sql.rows(
            "SELECT address, name FROM delivery_listmember WHERE mailing_list_id = %s ORDER BY id", [list_id]
        )
    ]


def add_members(actor: Actor, list_id: int, *, text: str, consent: str) -> Row:
    """Put everybody there whom `text` names, one to a line; gives what came of it.

    Who has left the list stays out of it. Raises Missing, Denied, Invalid (nobody_named), Conflict (list_full).
    """
    list_for(actor, list_id)
    found, refused = _checked(people.lines_of(text))
    if not found and not refused:
        raise Invalid("nobody_named", "There is no address in it.", pointer="/people")
    added = _add(actor, list_id, list(found.values()), consent) if found else 0
    return {
        "added": added,
        "known": len(found) - added,
        "refused": refused[:MAX_REFUSED_TOLD],
        "refused_count": len(refused),
    }


def _checked(lines: Iterable[people.Line]) -> tuple[dict[str, Address], list[Row]]:
    found: dict[str, Address] = {}
    refused: list[Row] = []
    for line in lines:
        if line.person is None:
            refused.append({"text": line.text[:200], "detail": "There is no address in this line."})
            continue
        try:
            address = outgoing.deliverable(line.person.email).lower()
        except Invalid as failure:
            refused.append({"text": line.text[:200], "detail": failure.message})
            continue
        found.setdefault(address, Address(_name(line.person.name), address))
    return found, refused


def _name(text: str) -> str:
    return " ".join(without_controls(text).split())[:200]


@db.action
def _add(actor: Actor, list_id: int, persons: list[Address], consent: str) -> int:
    row = list_for(actor, list_id)
    here = {address for (address,) in sql.rows(
        "SELECT address FROM delivery_listmember WHERE mailing_list_id = %s", [row.id]
    )}  # fmt: skip
    new = [person for person in persons if person.email not in here]
    if len(here) + len(new) > MAX_LISTED:
        raise Conflict("list_full", f"A list has {MAX_LISTED} members at most.")
    now_ms = clock.now_ms()
    sql.insert_many(
        "INSERT INTO delivery_listmember (id, mailing_list_id, address, name, consent, added_by, added_at)",
        [(new_id(), row.id, one.email, one.name, consent, actor.user_id, now_ms) for one in new],
    )
    if new:
        facts: dict[str, Any] = {"added": len(new)}
        record(actor, Act.MEMBERS_ADDED, kind="mailing_list", object_id=row.id, facts=facts)
    return len(new)


@db.action
def remove_member(actor: Actor, list_id: int, member_id: int) -> None:
    """Take somebody off; one who has left stays written down as such. Raises Missing."""
    row = list_for(actor, list_id)
    found = ListMember.objects.filter(id=member_id, mailing_list_id=row.id).first()
    if found is None:
        raise Missing()
    found.delete()
    record(actor, Act.MEMBER_DROPPED, kind="mailing_list", object_id=row.id)
