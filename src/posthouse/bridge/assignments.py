"""Whose a mail thread is and how far: one person or nobody; open, pending or done. Each change is a line in its notes.

What was done is open again once somebody else has written, if the account wants it so (desks.py). That is looked at
when it is read: accepting mail costs nothing for it. Who assigns, and who is assigned, may write drafts of the account.
Each change takes a number of the account's log, so that everybody who follows it hears of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import orjson

from posthouse.base import clock, db, sql
from posthouse.base.errors import Invalid
from posthouse.bridge import desks, heard, keeper, notes
from posthouse.bridge.heard import Given
from posthouse.bridge.models import Assignment
from posthouse.bridge.notes import Row
from posthouse.conversations import outside, taking_part
from posthouse.identity import aliases
from posthouse.identity.actor import Actor
from posthouse.mail import colleagues, placing
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
    reopening = desks.reopening_of(account_id) if done else desks.NEVER
    if reopening == desks.NEVER:
        return found
    again = _written_since(account_id, done)
    return [_reopened(one, reopening) if one.thread_id in again else one for one in found]


def _reopened(one: Found, reopening: str) -> Found:
    open_again = one._replace(status=OPEN, done_modseq=0)
    return open_again._replace(assignee_id=None, assignee=None) if reopening == desks.NOBODY else open_again


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
    after = before._replace(**values)
    if (after.assignee_id, after.status) == (before.assignee_id, before.status):
        return
    if after.assignee_id != before.assignee_id:
        _check_assignable(account_id, after.assignee_id)
    _write(actor, held, before, after)
    if after.assignee_id != before.assignee_id:
        _tell_assigned(actor, held, after.assignee_id)
    if after.status != before.status:
        outside.tell(held.conversation_id, actor.user_id, {"type": "status_changed", "status": after.status})


def _write(actor: Actor, held: notes.Held, before: Found, after: Found) -> None:
    """As a whole: what new mail had opened again, and made nobody's, is from here on what the row says."""
    modseq = placing.next_modseq(held.account_id)
    done_modseq = 0
    if after.status == DONE:
        done_modseq = before.done_modseq if before.status == DONE else modseq
    sql.run(
        "UPDATE bridge_assignment SET assignee_id = %s, status = %s, done_modseq = %s, modseq = %s,"
        " version = version + 1, changed_by_id = %s, changed_at = %s WHERE id = %s",
        [after.assignee_id, after.status, done_modseq, modseq, actor.user_id, clock.now_ms(), held.assignment_id],
    )  # fmt: skip


def changed(account_id: int, *, since: int, upto: int) -> list[Row]:
    """Those that changed in (since, upto] of the account's numbers. What they are is for who may use notes to ask."""
    return [
        {"thread_id": str(thread_id), "version": version}
        for thread_id, version in sql.rows(
            "SELECT thread_id, version FROM bridge_assignment WHERE account_id = %s AND modseq > %s AND modseq <= %s"
            " ORDER BY modseq",
            [account_id, since, upto],
        )
    ]


def _check_assignable(account_id: int, assignee_id: int | None) -> None:
    if assignee_id is not None and colleagues.rights(account_id).get(assignee_id, 0) < Right.DRAFT:
        raise Invalid(
            "assignee_without_access",
            "They may not write answers in this account.",
            pointer="/assignee_id",
        )


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
