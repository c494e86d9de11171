"""The logs: what changed in a conversation, and in what is one person's own, since a number.

Neither is a table: every row carries the number of its last change. What is told are states to be put in the place of
those that a client has; applied in order, any number of times, they make what fetching everything afresh would give.
Nothing is ever told as gone: what was deleted or left is a state that says so. Access was checked by who asks here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from posthouse.base import sql
from posthouse.base.errors import CannotCalculate
from posthouse.conversations import access, rows
from posthouse.conversations.models import Conversation
from posthouse.conversations.rows import Row

MAX_LIMIT = 500
MAX_BEHIND = 10_000
"""Numbers; further behind, fetching the newest page afresh is cheaper than all that happened."""
MAX_ONE_ACTION = 5_000


ANY_TOPIC = "conversations"
"""Told whenever the log of some conversation grows."""


def conversation_topic(conversation_id: int) -> str:
    """What the hub tells under when a conversation's log grows, with its `seq`."""
    return f"conversation:{conversation_id}"


def person_topic(user_id: int) -> str:
    """The same for a person's own log, also when they come into a conversation or out of one."""
    return f"conversations-of:{user_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """`state` is how far this tells; there is more when that is not the end."""

    conversation_id: int
    since: int
    state: int
    has_more: bool
    conversation: Row | None = None
    participants: list[Row] = field(default_factory=list)
    threads: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    oldest: int | None = None
    """The least number of a message that this is of, whoever asks; None where it is of none."""

    def as_json(self) -> Row:
        return {
            "conversation_id": str(self.conversation_id),
            "since": str(self.since),
            "state": str(self.state),
            "has_more": self.has_more,
            "conversation": self.conversation,
            "participants": self.participants,
            "threads": self.threads,
            "messages": self.messages,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnChanges:
    """What only this person sees. `conversations` are their places, also those that they have left."""

    user_id: int
    since: int
    state: int
    has_more: bool
    conversations: list[Row] = field(default_factory=list)
    follows: list[Row] = field(default_factory=list)
    marks: list[Row] = field(default_factory=list)
    drafts: list[Row] = field(default_factory=list)
    scheduled: list[Row] = field(default_factory=list)
    reminders: list[Row] = field(default_factory=list)

    def as_json(self) -> Row:
        return {
            "since": str(self.since),
            "state": str(self.state),
            "has_more": self.has_more,
            "conversations": self.conversations,
            "follows": self.follows,
            "marks": self.marks,
            "drafts": self.drafts,
            "scheduled": self.scheduled,
            "reminders": self.reminders,
        }


@dataclass(frozen=True, slots=True)
class _Log:
    """Rows of one table that carry a number; `seq` stands last in `columns` or at `at`."""

    columns: str
    tables: str
    owner: str
    seq: str
    at: int


_MESSAGES = _Log(rows.MESSAGE, "conversations_message m", "m.conversation_id", "m.seq", 27)
_PARTICIPANTS = _Log(rows.PARTICIPANT, rows.PARTICIPANTS, "p.conversation_id", "p.seq", 8)
_THREADS = _Log(rows.THREAD, "conversations_thread t", "t.conversation_id", "t.seq", 9)
_OWN: dict[str, tuple[_Log, Callable[[tuple[Any, ...]], Row]]] = {
    "conversations": (
        _Log(rows.OWN, "conversations_participant p", "p.user_id", "p.own_seq", 11),
        rows.own_state,
    ),
    "follows": (_Log(rows.FOLLOW, "conversations_follow f", "f.user_id", "f.own_seq", 6), rows.follow_state),
    "marks": (_Log(rows.MARK, "conversations_mark k", "k.user_id", "k.own_seq", 4), rows.mark_state),
    "drafts": (_Log(rows.DRAFT, "conversations_draft d", "d.user_id", "d.own_seq", 4), rows.draft_state),
    "scheduled": (
        _Log(rows.SCHEDULED, "conversations_scheduled x", "x.user_id", "x.own_seq", 8),
        rows.scheduled_state,
    ),
    "reminders": (
        _Log(rows.REMINDER, "conversations_reminder r", "r.user_id", "r.own_seq", 5),
        rows.reminder_state,
    ),
}


def since(conversation_id: int, number: int, *, limit: int = MAX_LIMIT, floor: int = 0) -> Changes:
    """What changed after `number`, about `limit` rows of each kind at a time; raises CannotCalculate.

    Nothing of messages up to `floor`, for who came after them.
    """
    found = sql.row(
        f"SELECT {rows.CONVERSATION}, c.horizon FROM conversations_conversation c WHERE c.id = %s",
        [conversation_id],
    )
    if found is None:
        raise CannotCalculate()
    upto, horizon = int(found[16]), int(found[18])
    _check(number, upto, horizon)
    if upto == number:
        return Changes(conversation_id=conversation_id, since=number, state=number, has_more=False)
    told, cut = _read((_MESSAGES, _PARTICIPANTS, _THREADS), conversation_id, number, upto, limit)
    messages, participants, threads = told
    return Changes(
        conversation_id=conversation_id,
        since=number,
        state=cut,
        has_more=cut < upto,
        conversation=rows.conversation_state(found),
        participants=participant_states(conversation_id, participants),
        threads=[rows.thread_state(row, floor=floor) for row in _spoken_in(threads, floor)],
        messages=[rows.message_state(row) for row in messages if row[2] > floor],
        oldest=min([*(row[2] for row in messages), *(row[10] for row in threads)], default=None),
    )


def _spoken_in(threads: list[tuple[Any, ...]], floor: int) -> list[tuple[Any, ...]]:
    """Of rows.THREAD those in which something was said after a floor."""
    if not floor:
        return threads
    there = {
        row[0]
        for chunk in sql.chunks([row[0] for row in threads])
        for row in sql.rows(
            f"SELECT t.id FROM conversations_thread t WHERE t.id IN ({sql.marks(chunk)})"
            f" AND {access.SPOKEN_AFTER.format(floor='%s')}",
            [*chunk, floor],
        )
    }
    return [row for row in threads if row[0] in there]


def own_since(user_id: int, number: int, *, limit: int = MAX_LIMIT) -> OwnChanges:
    """What changed after `number` in what is the person's own; raises CannotCalculate."""
    upto = own_seq(user_id)
    _check(number, upto, 0)
    if upto == number:
        return OwnChanges(user_id=user_id, since=number, state=number, has_more=False)
    told, cut = _read([log for log, _ in _OWN.values()], user_id, number, upto, limit)
    states = {
        kind: [shown(row) for row in some]
        for (kind, (_, shown)), some in zip(_OWN.items(), told, strict=True)
    }
    return OwnChanges(user_id=user_id, since=number, state=cut, has_more=cut < upto, **states)


def own_seq(user_id: int) -> int:
    """How far a person's own log has come."""
    found = sql.row("SELECT seq FROM conversations_personstate WHERE user_id = %s", [user_id])
    return 0 if found is None else int(found[0])


def seq_of(conversation_id: int) -> int:
    """How far a conversation's log has come; 0 for one that is not there."""
    found = sql.row("SELECT seq FROM conversations_conversation WHERE id = %s", [conversation_id])
    return 0 if found is None else int(found[0])


def participant_states(conversation_id: int, found: Sequence[tuple[Any, ...]]) -> list[Row]:
    """Rows of rows.PARTICIPANT as everybody sees them."""
    shows = shows_reading(conversation_id) if found else False
    return [rows.participant_state(row, shows_reading=shows) for row in found]


def shows_reading(conversation_id: int) -> bool:
    """Whether participants' states tell how far they have read: in small conversations, if nothing speaks against it.

    In a direct conversation who hides their own reading is not shown the other's either.
    """
    found = sql.row(
        "SELECT c.kind, c.members, o.hides_reading FROM conversations_conversation c"
        " LEFT JOIN conversations_policy o ON o.organisation_id = c.organisation_id WHERE c.id = %s",
        [conversation_id],
    )
    if found is None or found[1] > rows.LIVE_RECEIPTS or found[2]:
        return False
    if found[0] != Conversation.Kind.DIRECT:
        return True
    hiding = sql.row(
        "SELECT 1 FROM conversations_participant p JOIN conversations_personstate s ON s.user_id = p.user_id"
        " WHERE p.conversation_id = %s AND s.hides_reading LIMIT 1",
        [conversation_id],
    )
    return hiding is None


def _check(number: int, upto: int, horizon: int) -> None:
    if number > upto or number < horizon or upto - number > MAX_BEHIND:
        raise CannotCalculate()


def _read(
    logs: Sequence[_Log], owner_id: int, number: int, upto: int, limit: int
) -> tuple[list[list[tuple[Any, ...]]], int]:
    """Rows of each log in order of change, and the number up to which they are whole."""
    read = [_until(log, owner_id, number, upto, limit) for log in logs]
    cut = min([upto, *(end for _, end in read if end is not None)])
    return [
        [row for row in some if row[log.at] <= cut] for log, (some, _) in zip(logs, read, strict=True)
    ], cut


def _until(
    log: _Log, owner_id: int, number: int, upto: int, limit: int
) -> tuple[list[tuple[Any, ...]], int | None]:
    """Whole numbers only; and the number to stop at when there are more rows than the limit."""
    select = f"SELECT {log.columns} FROM {log.tables} WHERE {log.owner} = %s"
    found = sql.rows(
        f"{select} AND {log.seq} > %s AND {log.seq} <= %s ORDER BY {log.seq} LIMIT %s",
        [owner_id, number, upto, limit + 1],
    )
    if len(found) <= limit:
        return found, None
    last = found[-1][log.at]
    whole = [row for row in found if row[log.at] < last]
    if not whole:  # one action touched more than the limit, and no cursor lies inside it
        whole = sql.rows(f"{select} AND {log.seq} = %s LIMIT %s", [owner_id, last, MAX_ONE_ACTION + 1])
        if len(whole) > MAX_ONE_ACTION:
            raise CannotCalculate()
    return whole, whole[-1][log.at]
