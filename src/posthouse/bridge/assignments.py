"""Whose a mail thread is and how far: one person or nobody; open, pending or done. Each change is a line in its notes.

What was done is open again once somebody else has written. That is looked at when it is read: accepting mail costs
nothing for it. Who assigns, and who is assigned, may write drafts of the account.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import orjson

from posthouse.base import clock, db, sql
from posthouse.base.errors import Invalid
from posthouse.bridge import heard, keeper, notes
from posthouse.bridge.heard import Given
from posthouse.bridge.models import Assignment
from posthouse.bridge.notes import Row
from posthouse.conversations import outside, taking_part
from posthouse.identity import aliases
from posthouse.identity.actor import Actor
from posthouse.mail import colleagues
from posthouse.mail import queries as mails
from posthouse.mail.access import Right
from posthouse.mail.flags import DRAFT

STATUSES = [str(value) for value in Assignment.Status.values]
DONE = str(Assignment.Status.DONE)
OPEN = str(Assignment.Status.OPEN)


class Found(NamedTuple):
    thread_id: int
    assignee_id: int | None
    assignee: str | None
    status: str
    done_modseq: int
    version: int
    changed_by: int | None
    changed_at: int


COLUMNS = (
    "a.thread_id, a.assignee_id, u.name, a.status, a.done_modseq, a.version, a.changed_by_id, a.changed_at"
    " FROM bridge_assignment a LEFT JOIN identity_user u ON u.id = a.assignee_id"
)


def of_threads(account_id: int, thread_ids: Collection[int]) -> dict[int, Found]:
    """Those that there are; what was done and is open again says open."""
    found = [
        Found(*row)
        for chunk in sql.chunks(thread_ids)
        for row in sql.rows(
            f"SELECT {COLUMNS} WHERE a.account_id = %s AND a.thread_id IN ({sql.marks(chunk)})",
            [account_id, *chunk],
        )
    ]
    return {one.thread_id: one for one in as_they_stand(account_id, found)}


def as_they_stand(account_id: int, found: list[Found]) -> list[Found]:
    done = {one.thread_id: one.done_modseq for one in found if one.status == DONE}
    again = _written_since(account_id, done) if done else frozenset()
    return [one._replace(status=OPEN) if one.thread_id in again else one for one in found]


def _written_since(account_id: int, done: Mapping[int, int]) -> frozenset[int]:
    """The threads in which somebody else has written since a number of the account's log."""
    ours = _own_addresses(account_id)
    found = set()
    for chunk in sql.chunks(done):
        for thread_id, modseq, sender in sql.rows(
            "SELECT thread_id, created_modseq, sender FROM mail_email WHERE account_id = %s"
            f" AND flags & %s = 0 AND thread_id IN ({sql.marks(chunk)})",
            [account_id, DRAFT, *chunk],
        ):
            if modseq > done[thread_id] and not any(
                one["email"].lower() in ours for one in orjson.loads(sender)
            ):
                found.add(thread_id)
    return frozenset(found)


def _own_addresses(account_id: int) -> frozenset[str]:
    owner_id = mails.owner_of(account_id)
    return frozenset() if owner_id is None else frozenset(map(str.lower, aliases.sendable(owner_id)))


def state(actor: Actor, thread_id: int) -> Row:
    """Also of a thread that nobody has touched yet."""
    account_id = notes.account_of(actor, thread_id)
    return as_json(account_id, thread_id, of_threads(account_id, [thread_id]).get(thread_id))


def as_json(account_id: int, thread_id: int, found: Found | None) -> Row:
    one = found or Found(thread_id, None, None, OPEN, 0, 0, None, 0)
    return {
        "thread_id": str(thread_id),
        "account_id": str(account_id),
        "assignee": None
        if one.assignee_id is None
        else {"id": str(one.assignee_id), "name": one.assignee or ""},
        "status": one.status,
        "changed_by": None if one.changed_by is None else str(one.changed_by),
        "changed_at": clock.iso(one.changed_at) if one.version else None,
        "version": one.version,
    }


def version(actor: Actor, thread_id: int) -> int:
    """Inside an action, with nobody else changing it until the commit."""
    account_id = notes.account_of(actor, thread_id)
    notes.hold(actor, account_id, thread_id)
    return of_threads(account_id, [thread_id])[thread_id].version


@db.action
def change(actor: Actor, thread_id: int, values: Mapping[str, Any]) -> None:
    """`assignee_id` and `status`, as far as given. Raises Invalid (assignee_without_access)."""
    account_id = notes.account_of(actor, thread_id, need=Right.DRAFT)
    held = notes.hold(actor, account_id, thread_id)
    before = of_threads(account_id, [thread_id])[thread_id]
    sets = _assigned(held, before, values) | _moved(account_id, before, values)
    if not sets:
        return
    names = ", ".join(f"{name} = %s" for name in sets)
    sql.run(
        f"UPDATE bridge_assignment SET {names}, version = version + 1, changed_by_id = %s, changed_at = %s"
        " WHERE id = %s",
        [*sets.values(), actor.user_id, clock.now_ms(), held.assignment_id],
    )
    if "assignee_id" in sets:
        _tell_assigned(actor, held, sets["assignee_id"])
    if "status" in sets:
        outside.tell(
            held.conversation_id, actor.user_id, {"type": "status_changed", "status": sets["status"]}
        )


def _assigned(held: notes.Held, before: Found, values: Mapping[str, Any]) -> Row:
    if "assignee_id" not in values or values["assignee_id"] == before.assignee_id:
        return {}
    assignee_id = values["assignee_id"]
    if assignee_id is not None and colleagues.rights(held.account_id).get(assignee_id, 0) < Right.DRAFT:
        raise Invalid(
            "assignee_without_access",
            "They may not write answers in this account.",
            pointer="/assignee_id",
        )
    return {"assignee_id": assignee_id}


def _moved(account_id: int, before: Found, values: Mapping[str, Any]) -> Row:
    status = values.get("status", before.status)
    if status == before.status:
        return {}
    return {"status": status, "done_modseq": mails.state(account_id) if status == DONE else 0}


def _tell_assigned(actor: Actor, held: notes.Held, assignee_id: int | None) -> None:
    if assignee_id is None:
        outside.tell(held.conversation_id, actor.user_id, {"type": "unassigned"})
        return
    name = sql.row("SELECT name FROM identity_user WHERE id = %s", [assignee_id])
    taking_part.put(held.conversation_id, {actor.user_id, assignee_id})
    number = outside.tell(
        held.conversation_id,
        actor.user_id,
        {"type": "assigned", "user_id": str(assignee_id), "name": name[0] if name else ""},
    )
    if assignee_id != actor.user_id:
        heard.given(
            Given(to=assignee_id, by=actor.user_id, conversation_id=held.conversation_id, number=number)
        )


def is_held_by(user_id: int, conversation_id: int) -> bool:
    """Whether the thread of these notes is theirs, and they may read it."""
    found = sql.row(
        "SELECT 1 FROM bridge_notes n JOIN bridge_assignment a ON a.account_id = n.account_id"
        " AND a.thread_id = n.thread_id WHERE n.conversation_id = %s AND a.assignee_id = %s",
        [conversation_id, user_id],
    )
    return found is not None and user_id in keeper.readers(conversation_id, [user_id])
