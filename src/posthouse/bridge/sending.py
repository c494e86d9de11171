"""What is said in a conversation to those who take part by mail: each message, or many in a digest.

A person's cursor, their mail in the queue and its Message-ID are written in one transaction, so a message goes to them
once, whatever dies in between. What was deleted before its mail was written is not sent; what was sent is not called
back, and an edit goes to nobody: a digest has what stands there when it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import structlog

from posthouse.base import blobs, clock, db, sql
from posthouse.base.errors import Limited
from posthouse.base.ids import new_id
from posthouse.bridge import access, addresses, outsiders, writing
from posthouse.bridge.access import OutsiderRef
from posthouse.bridge.writing import Room, Threading
from posthouse.conversations import outside
from posthouse.conversations.outside import Said
from posthouse.delivery import actions
from posthouse.delivery.actions import Outgoing, Target
from posthouse.delivery.limits import sending_limits

log = structlog.get_logger(__name__)

STEP = 50
WAIT_MS = 10 * 60_000
"""Until somebody whose inviter has sent as much as they may gets more."""


class _Mail(NamedTuple):
    content: blobs.Prepared
    mail_id: str
    thread_id: int
    message_id: int | None
    sender: int | None


def behind(conversation_id: int | None = None) -> list[int]:
    """Whom something was said to that they were not sent, and whose time has come."""
    where, values = ("AND o.conversation_id = %s", [conversation_id]) if conversation_id else ("", [])
    return [
        row[0]
        for row in sql.rows(
            "SELECT o.id FROM bridge_outsider o JOIN conversations_conversation c ON c.id = o.conversation_id"
            " WHERE o.state IN ('invited', 'active') AND c.last_number > o.last_sent_number AND o.next_at <= %s"
            f" {where} ORDER BY o.id",
            [clock.now_ms(), *values],
        )
    ]


def step(outsider_id: int) -> bool:
    """Send one person the next of what they lack; gives whether there is more."""
    outsider = access.found_by_id(outsider_id)
    if outsider is None or outsider.state not in ("invited", "active"):
        return False
    said = outside.said_after(outsider.conversation_id, outsider.last_sent_number, limit=STEP)
    if not said:
        return False
    told = [one for one in said if one.is_told and one.author_email.lower() != outsider.key]
    if outsider.mode == "each":
        upto, told = (told[0].number, told[:1]) if told else (said[-1].number, [])
    else:
        upto = said[-1].number
    mail = _written(outsider, told) if told else None
    try:
        is_moved = _queue(outsider, upto, mail)
    except Limited:
        _wait(outsider.id)
        is_moved = False
    if not is_moved:
        if mail is not None:
            blobs.discard(mail.content)
        return False
    return upto < said[-1].number or len(said) == STEP


def _written(outsider: OutsiderRef, told: Sequence[Said]) -> _Mail:
    thread_id = told[0].thread_id if outsider.mode == "each" else 0
    files = [file for one in told for file in outside.files_of(one.id)]
    room = _room(outsider)
    made = writing.write(outsider, told, files, _threading(outsider, thread_id, room), room)
    message_id = told[0].id if outsider.mode == "each" else None
    return _Mail(blobs.prepare(made.raw), made.mail_id, thread_id, message_id, told[0].author_id)


def _room(outsider: OutsiderRef) -> Room:
    found = sql.row(
        "SELECT c.name, g.name, u.name, c.members,"
        " (SELECT count(*) FROM bridge_outsider x WHERE x.conversation_id = c.id AND x.state <> 'left')"
        " FROM conversations_conversation c JOIN identity_organisation g ON g.id = c.organisation_id"
        " LEFT JOIN identity_user u ON u.id = %s WHERE c.id = %s",
        [outsider.invited_by or 0, outsider.conversation_id],
    )
    assert found is not None
    return Room(found[0] or "Conversation", found[1], found[2] or "Somebody", found[3], found[4])


def _threading(outsider: OutsiderRef, thread_id: int, room: Room) -> Threading:
    """A thread of the conversation is one of mail, which begins at the mail of the message that it hangs below."""
    ids = [
        row[0]
        for order in ("id", "id DESC")
        for row in sql.rows(
            "SELECT mail_id FROM bridge_sentmail WHERE outsider_id = %s AND thread_id = %s"
            f" ORDER BY {order} LIMIT 1",
            [outsider.id, thread_id],
        )
    ]
    root = outside.root_of(thread_id, floor=outsider.shown_after) if thread_id else None
    subject = room.name if root is None else f"{room.name}: {root[1]}" if root[1] else room.name
    if not ids and root is not None:
        above = sql.row(
            "SELECT mail_id FROM bridge_sentmail WHERE outsider_id = %s AND message_id = %s",
            [outsider.id, root[0]],
        )
        ids = [above[0], above[0]] if above else []
    return Threading(thread_id, " ".join(subject.split()), *(ids or [None, None]))


@db.action
def _queue(outsider: OutsiderRef, upto: int, mail: _Mail | None) -> bool:
    """The cursor and the mail together; False when another was here first, or the person has gone."""
    period = outsiders.PERIODS_MS[outsider.mode]
    if not sql.run(
        "UPDATE bridge_outsider SET last_sent_number = %s, next_at = %s WHERE id = %s AND last_sent_number = %s"
        " AND generation = %s AND state IN ('invited', 'active')",
        [upto, clock.now_ms() + period, outsider.id, outsider.last_sent_number, outsider.generation],
    ):
        return False
    if mail is None:
        return True
    _count(outsider, mail)
    blobs.insert([mail.content])
    submission_id = actions.enqueue(
        Outgoing(
            blob_id=mail.content.id,
            mail_from=addresses.address_of(outsider.id, outsider.generation, outsider.domain),
            targets=[Target(address=outsider.address, name=outsider.name)],
            is_smtputf8=not outsider.address.isascii(),
            message_id=mail.mail_id,
        )
    )
    sql.run(
        "INSERT INTO bridge_sentmail (id, outsider_id, mail_id, thread_id, message_id, submission_id, is_settled,"
        " created_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [
            new_id(),
            outsider.id,
            mail.mail_id,
            mail.thread_id,
            mail.message_id,
            submission_id,
            False,
            clock.now_ms(),
        ],
    )
    return True


def _count(outsider: OutsiderRef, mail: _Mail) -> None:
    """Against what its author may send, or whoever asked the person in. Raises Limited."""
    user_id = mail.sender or outsider.invited_by
    standing = outside.standing(outsider.conversation_id)
    if user_id is not None and standing is not None:
        is_first = (
            sql.row("SELECT 1 FROM bridge_sentmail WHERE outsider_id = %s LIMIT 1", [outsider.id]) is None
        )
        sending_limits.take(user_id=user_id, organisation_id=standing.organisation_id, new=int(is_first))


@db.action
def _wait(outsider_id: int) -> None:
    sql.run("UPDATE bridge_outsider SET next_at = %s WHERE id = %s", [clock.now_ms() + WAIT_MS, outsider_id])
    log.warning("bridge.limited", outsider=outsider_id)
