"""The only way to a row by id: says who asks and what they need, and answers Missing for what is not theirs.

A conversation is there for those who are in it. One that is open to the organisation may also be read by everybody who
may find such conversations (`conversations.join`; no guests), and joined. Everything below a conversation is reached
through it:

- READ: read, and follow what changes.
- WRITE: take part: react, mark, edit what one wrote. Only for those in it, and not while it is archived.
- POST: also write, as far as the conversation's policy lets them.
- INVITE: bring people in, as far as its policy lets them.
- ADMIN: its name, its policies, who is in it, and other people's messages. Its owners and admins; of one that they may
  read also those who manage conversations.
- OWN: delete it.

Who came where newcomers are not shown what was said before finds none of it: a message up to their floor
(`shown_after`) is Missing, and so is a thread in which nothing was said since.

In a direct conversation all but READ is Missing for one whom the other has blocked.

Notes (keepers.py) are there for those whom the room that keeps them says so of: they read and write, and nobody does
what is beyond POST.

Who may do less than needed is Denied, since they see the conversation. Without a word a function asks for WRITE.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from posthouse.base import sql
from posthouse.base.errors import Conflict, Denied, Missing
from posthouse.conversations import keepers
from posthouse.conversations.models import Conversation, Participant
from posthouse.identity.actor import Actor

USE, JOIN, MANAGE = "conversations.use", "conversations.join", "conversations.manage"


class Right(IntEnum):
    READ = 1
    WRITE = 2
    POST = 3
    INVITE = 4
    ADMIN = 5
    OWN = 6


class Standing(NamedTuple):
    """A conversation and how the actor stands in it; without a participant they are not in it."""

    id: int
    organisation_id: int
    kind: str
    visibility: str
    posting: str
    inviting: str
    archived_at: int | None
    seq: int
    last_number: int
    last_main_number: int
    members: int
    pair: str | None
    participant_id: int | None
    role: str | None
    floor: int

    @property
    def is_direct(self) -> bool:
        return self.kind == Conversation.Kind.DIRECT

    @property
    def is_admin(self) -> bool:
        return self.role in (Participant.Role.OWNER, Participant.Role.ADMIN)

    def other(self, user_id: int) -> int:
        """The other one of a direct conversation; oneself where one talks to oneself."""
        low, _, high = (self.pair or "").partition(":")
        return int(high) if int(low) == user_id else int(low)


class MessageRef(NamedTuple):
    id: int
    conversation_id: int
    number: int
    thread_id: int | None
    author_id: int | None
    kind: str
    created_at: int
    deleted_at: int | None
    pinned_at: int | None
    seq: int
    standing: Standing


class ThreadRef(NamedTuple):
    id: int
    root_id: int
    last_number: int
    resolved_at: int | None
    seq: int
    standing: Standing


FLOOR = "CASE WHEN c.visibility = 'private' OR p.role = 'guest' THEN coalesce(p.shown_after, 0) ELSE 0 END"
"""The number of the conversation `c` up to which its participant `p` is shown nothing; 0 for all others. What is open
to the organisation anybody could read, but not a guest."""
SPOKEN_AFTER = (
    "EXISTS (SELECT 1 FROM conversations_message n WHERE n.conversation_id = t.conversation_id AND n.thread_id = t.id"
    " AND n.number > {floor})"
)
"""Whether something was said in the thread `t` after a floor, were it deleted since."""
_STANDING = (
    "c.id, c.organisation_id, c.kind, c.visibility, c.posting, c.inviting, c.archived_at, c.seq, c.last_number,"
    f" c.last_main_number, c.members, c.pair, p.id, p.role, {FLOOR}"
)
_MINE = "LEFT JOIN conversations_participant p ON p.conversation_id = c.id AND p.user_id = %s AND p.left_at IS NULL"


def conversation_for(actor: Actor, conversation_id: int, *, need: Right = Right.WRITE) -> Standing:
    """A conversation that the actor may use so. Raises Missing, Denied, Conflict (conversation_archived)."""
    found = sql.row(
        f"SELECT {_STANDING} FROM conversations_conversation c {_MINE} WHERE c.id = %s",
        [actor.user_id, conversation_id],
    )
    return _checked(actor, None if found is None else Standing(*found), need)


def people_in(conversation_id: int) -> list[int]:
    """The users who take part now."""
    return [
        row[0]
        for row in sql.rows(
            "SELECT user_id FROM conversations_participant WHERE conversation_id = %s AND left_at IS NULL"
            " AND user_id IS NOT NULL",
            [conversation_id],
        )
    ]


def message_for(actor: Actor, message_id: int, *, need: Right = Right.WRITE) -> MessageRef:
    """A message of a conversation that the actor may use so; also one that was deleted, of which no content is left."""
    found = sql.row(
        "SELECT m.id, m.conversation_id, m.number, m.thread_id, m.author_id, m.kind, m.created_at, m.deleted_at,"
        f" m.pinned_at, m.seq, {_STANDING} FROM conversations_message m"
        f" JOIN conversations_conversation c ON c.id = m.conversation_id {_MINE} WHERE m.id = %s",
        [actor.user_id, message_id],
    )
    standing = _checked(actor, None if found is None else Standing(*found[10:]), need)
    assert found is not None
    if found[2] <= standing.floor:
        raise Missing()
    return MessageRef._make([*found[:10], standing])


def present_message_for(actor: Actor, message_id: int, *, need: Right = Right.WRITE) -> MessageRef:
    """The same for what takes content: raises Conflict (message_deleted) for one that has none."""
    message = message_for(actor, message_id, need=need)
    if message.deleted_at is not None:
        raise Conflict("message_deleted", "This message was deleted.")
    return message


def thread_for(actor: Actor, conversation_id: int, thread_id: int, *, need: Right = Right.WRITE) -> ThreadRef:
    """A thread of this conversation."""
    found = sql.row(
        f"SELECT t.id, t.root_id, t.last_number, t.resolved_at, t.seq, {_STANDING}, {SPOKEN_AFTER.format(floor=FLOOR)}"
        " FROM conversations_thread t"
        f" JOIN conversations_conversation c ON c.id = t.conversation_id {_MINE}"
        " WHERE t.id = %s AND t.conversation_id = %s",
        [actor.user_id, thread_id, conversation_id],
    )
    standing = _checked(actor, None if found is None else Standing(*found[5:-1]), need)
    assert found is not None
    if standing.floor and not found[-1]:
        raise Missing()
    return ThreadRef._make([*found[:5], standing])


def standing_of(conversation_id: int) -> Standing | None:
    """A conversation as nobody in particular stands in it, for what the house does itself."""
    found = sql.row(
        f"SELECT {_STANDING} FROM conversations_conversation c {_MINE} WHERE c.id = %s", [0, conversation_id]
    )
    return None if found is None else Standing(*found)


def check_may_remove(actor: Actor, message: MessageRef) -> None:
    """Whether the actor may take away what somebody else wrote; raises Denied (not_your_message)."""
    standing = message.standing
    if standing.is_direct or not (standing.is_admin or actor.may(MANAGE)):
        raise Denied("not_your_message", "Nobody deletes what somebody else wrote, but admins.")


def check_open(standing: Standing) -> None:
    """Raises Conflict (conversation_archived)."""
    if standing.archived_at is not None:
        raise Conflict("conversation_archived", "This conversation is archived.")


def may_read(actor: Actor, conversation_id: int) -> bool:
    """For doors that follow several conversations and look again when somebody's rights may have changed."""
    try:
        conversation_for(actor, conversation_id, need=Right.READ)
    except (Missing, Denied):
        return False
    return True


def _checked(actor: Actor, standing: Standing | None, need: Right) -> Standing:
    actor.require(USE)
    if standing is None or standing.organisation_id != actor.organisation_id:
        raise Missing()
    if standing.kind == keepers.NOTES:
        return _kept(actor, standing, need)
    is_open = standing.visibility == Conversation.Visibility.ORGANISATION and actor.may(JOIN)
    if standing.participant_id is None and not is_open:
        raise Missing()
    if need is not Right.READ:
        _check_act(actor, standing, need)
    return standing


def _kept(actor: Actor, standing: Standing, need: Right) -> Standing:
    is_admin = keepers.keeper().is_admin_in(actor, standing.id)
    if is_admin is None:
        raise Missing()
    if need > Right.POST:
        raise Denied("conversation_right_lacking", "Notes have the people of their mail, and no settings.")
    if need is not Right.READ:
        check_open(standing)
    role = Participant.Role.ADMIN if is_admin else Participant.Role.MEMBER
    return standing._replace(role=str(role))


def _check_act(actor: Actor, standing: Standing, need: Right) -> None:
    if standing.is_direct and _is_blocked(actor, standing.other(actor.user_id)):
        raise Missing()
    is_in = standing.participant_id is not None
    everybody = Conversation.Who.EVERYBODY
    allowed = {
        Right.WRITE: is_in,
        Right.POST: is_in and (standing.is_admin or standing.posting == everybody),
        Right.INVITE: is_in
        and not standing.is_direct
        and (standing.is_admin or standing.inviting == everybody),
        Right.ADMIN: standing.is_admin or (actor.may(MANAGE) and not standing.is_direct),
        Right.OWN: standing.role == Participant.Role.OWNER or (actor.may(MANAGE) and not standing.is_direct),
    }
    if not allowed[need]:
        raise Denied("conversation_right_lacking", "You may not do this in this conversation.")
    if need <= Right.INVITE:
        check_open(standing)


def _is_blocked(actor: Actor, by: int) -> bool:
    """By somebody who wants nothing of the actor directly (blocks.py)."""
    return bool(
        sql.row(
            "SELECT 1 FROM conversations_block WHERE user_id = %s AND blocked_id = %s", [by, actor.user_id]
        )
    )


def check_not_blocked(actor: Actor, by: int) -> None:
    """Raises Missing."""
    if _is_blocked(actor, by):
        raise Missing()
