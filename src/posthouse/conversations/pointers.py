"""How far somebody has read: one number for a conversation's main timeline, one for each thread they follow.

A pointer only goes forward, but for "unread from here", which puts it back and holds it there until the conversation is
opened again. Reading is the reader's own log; in small conversations (rows.LIVE_RECEIPTS) it is also everybody's.
"""

from __future__ import annotations

from typing import NamedTuple

from posthouse.base import db, sql
from posthouse.base.errors import Denied
from posthouse.base.ids import new_id
from posthouse.conversations import access, heard, log, rows
from posthouse.conversations.access import Right, Standing
from posthouse.conversations.heard import Reading
from posthouse.identity.actor import Actor


@db.action
def read(
    actor: Actor,
    conversation_id: int,
    *,
    number: int | None = None,
    delivered_number: int | None = None,
    thread_id: int | None = None,
    is_reopened: bool = False,
) -> None:
    """Read (or got) up to a number; further back changes nothing. Held pointers move only when reopened.

    Raises Denied for who is not in the conversation. Archived ones are read as others.
    """
    standing = _reader(actor, conversation_id)
    if thread_id is not None:
        thread = access.thread_for(actor, conversation_id, thread_id, need=Right.READ)
        move_follow(actor.user_id, thread.id, min(number or 0, standing.last_number), is_reopened=is_reopened)
        return
    move(
        actor.user_id,
        standing,
        read_number=min(number or 0, standing.last_number),
        delivered_number=min(max(number or 0, delivered_number or 0), standing.last_number),
        is_reopened=is_reopened,
    )


@db.action
def unread(actor: Actor, conversation_id: int, *, number: int, thread_id: int | None = None) -> None:
    """Unread from this message on, until it is opened again."""
    standing = _reader(actor, conversation_id)
    upto = max(min(number, standing.last_number) - 1, standing.floor)
    if thread_id is None:
        seq = log.step(standing.id) if standing.members <= rows.LIVE_RECEIPTS else None
        also, values = (", seq = %s", [seq]) if seq is not None else ("", [])
        sql.run(
            f"UPDATE conversations_participant SET read_number = %s, is_marked_unread = %s, own_seq = %s{also}"
            " WHERE conversation_id = %s AND user_id = %s",
            [upto, True, log.own_step(actor.user_id), *values, standing.id, actor.user_id],
        )
        return
    thread = access.thread_for(actor, conversation_id, thread_id, need=Right.READ)
    follow(actor.user_id, thread.id, conversation_id, read_number=upto)
    sql.run(
        "UPDATE conversations_follow SET read_number = %s, is_marked_unread = %s, own_seq = %s"
        " WHERE thread_id = %s AND user_id = %s",
        [upto, True, log.own_step(actor.user_id), thread.id, actor.user_id],
    )


def _reader(actor: Actor, conversation_id: int) -> Standing:
    standing = access.conversation_for(actor, conversation_id, need=Right.READ)
    if standing.participant_id is None:
        raise Denied("conversation_right_lacking", "Join the conversation first.")
    return standing


def move(
    user_id: int,
    standing: Standing,
    *,
    read_number: int,
    delivered_number: int,
    is_reopened: bool = False,
    seq: int | None = None,
) -> None:
    """Move a main pointer forward; inside an action, with the number it has taken already."""

    def moved(before: _Pointer) -> _Pointer:
        stays_held = before.is_held and not is_reopened
        read_to = before.read_number if stays_held else max(before.read_number, read_number)
        return _Pointer(read_to, max(before.delivered_number, delivered_number), stays_held)

    before = _pointer(user_id, standing.id)
    if before is None or moved(before) == before:
        return
    if standing.members <= rows.LIVE_RECEIPTS and moved(before)[:2] != before[:2]:
        seq = log.step(standing.id) if seq is None else seq
    own_seq = log.own_step(user_id)
    if (
        sql.for_update()
    ):  # the person's own log is held from here on, and what got there by then is not taken back
        before = _pointer(user_id, standing.id, lock=sql.for_update()) or before
    now = moved(before)
    also, values = (", seq = %s", [seq]) if seq is not None else ("", [])
    sql.run(
        "UPDATE conversations_participant SET read_number = %s, delivered_number = %s, is_marked_unread = %s,"
        f" own_seq = %s{also} WHERE conversation_id = %s AND user_id = %s",
        [*now, own_seq, *values, standing.id, user_id],
    )
    if now.read_number > before.read_number:
        heard.read(Reading(user_id, standing.id, None, now.read_number))


class _Pointer(NamedTuple):
    read_number: int
    delivered_number: int
    is_held: bool


def _pointer(user_id: int, conversation_id: int, *, lock: str = "") -> _Pointer | None:
    found = sql.row(
        "SELECT read_number, delivered_number, is_marked_unread FROM conversations_participant"
        f" WHERE conversation_id = %s AND user_id = %s{lock}",
        [conversation_id, user_id],
    )
    return None if found is None else _Pointer(int(found[0]), int(found[1]), bool(found[2]))


def move_follow(user_id: int, thread_id: int, number: int, *, is_reopened: bool = False) -> None:
    """The same for a thread that one follows; for others there is nothing to move."""
    found = sql.row(
        "SELECT read_number, is_marked_unread, conversation_id FROM conversations_follow"
        " WHERE thread_id = %s AND user_id = %s",
        [thread_id, user_id],
    )
    if found is None or (found[1] and not is_reopened) or (found[0] >= number and not found[1]):
        return
    own_seq = log.own_step(user_id)
    moved = sql.row(
        "UPDATE conversations_follow SET read_number = CASE WHEN read_number > %s THEN read_number ELSE %s END,"
        " is_marked_unread = %s, own_seq = %s WHERE thread_id = %s AND user_id = %s"
        f"{'' if is_reopened else ' AND NOT is_marked_unread'} RETURNING read_number",
        [number, number, False, own_seq, thread_id, user_id],
    )
    if moved is not None:
        heard.read(Reading(user_id, found[2], thread_id, moved[0]))


def follow(
    user_id: int, thread_id: int, conversation_id: int, *, read_number: int, returns: bool = False
) -> None:
    """Let somebody follow a thread from here on. Who once said no stays away, unless they come back themselves."""
    found = sql.row(
        "SELECT is_following FROM conversations_follow WHERE thread_id = %s AND user_id = %s",
        [thread_id, user_id],
    )
    if found is None:
        sql.run(
            "INSERT INTO conversations_follow (id, thread_id, conversation_id, user_id, read_number, is_following,"
            " is_muted, is_marked_unread, own_seq) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (thread_id, user_id) DO NOTHING",
            [new_id(), thread_id, conversation_id, user_id, read_number, True, False, False, log.own_step(user_id)],
        )  # fmt: skip
    elif returns and not found[0]:
        sql.run(
            "UPDATE conversations_follow SET is_following = %s, own_seq = %s WHERE thread_id = %s AND user_id = %s",
            [True, log.own_step(user_id), thread_id, user_id],
        )
