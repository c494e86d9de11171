"""Who is in a conversation: coming, going, roles.

Invariants
- `Conversation.members` counts those who are in it.
- Whoever leaves keeps a row that says so (`left_at`), so that the log can tell it; coming back is the same row again.
- A group or channel whose last owner goes has another: the admin, else the member, who came first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sql
from posthouse.base.errors import Denied, Invalid, Missing
from posthouse.base.ids import new_id
from posthouse.conversations import access, appending, keepers, log, policies, rows
from posthouse.conversations.access import Right, Standing
from posthouse.conversations.models import Conversation, Participant
from posthouse.identity import people_list
from posthouse.identity.actor import Actor
from posthouse.identity.people_list import Wanted

MAX_AT_ONCE = 1_000
ROLES = ["owner", "admin", "member"]
MAX_NAMED = 50
_ORDER = "CASE role WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 WHEN 'member' THEN 2 ELSE 3 END"


def roles_of(actor: Actor, user_ids: Collection[int]) -> dict[int, str]:
    """People whom the actor sees, and as what they come: guests as guests. Raises Missing if one is not there."""
    wanted = set(user_ids)
    found: dict[int, str] = {}
    for chunk in sql.chunks(sorted(wanted)):
        page = people_list.page(actor, Wanted(ids=chunk), limit=len(chunk), fields=("id", "role"))
        for person in page.items:
            is_guest = person["role"] == "guest"
            found[int(person["id"])] = str(Participant.Role.GUEST if is_guest else Participant.Role.MEMBER)
    if found.keys() != wanted:
        raise Missing()
    return found


def put(conversation_id: int, people: Mapping[int, str], *, seq: int) -> None:
    """Let people in who are not in it now. Inside an action that holds the conversation."""
    if not people:
        return
    before = _members(conversation_id)
    now_ms, numbers = clock.now_ms(), log.own_steps(people)
    floors = {role: policies.floor_of_newcomers(conversation_id, role=role) for role in set(people.values())}
    last = sql.row("SELECT last_number FROM conversations_conversation WHERE id = %s", [conversation_id])
    number = int(last[0]) if last else 0
    sql.insert_many(
        "INSERT INTO conversations_participant (id, conversation_id, user_id, role, joined_at, joined_number,"
        " shown_after, left_at, read_number, delivered_number, is_marked_unread, level, muted_until, is_favourite,"
        " folder, hidden_number, seq, own_seq)",
        [
            (new_id(), conversation_id, user_id, role, now_ms, number, floors[role], None, number, number, False,
             "default", None, False, "", 0, seq, numbers[user_id])
            for user_id, role in people.items()
        ],
        tail="ON CONFLICT (conversation_id, user_id) DO UPDATE SET role = excluded.role,"
        " joined_at = excluded.joined_at, joined_number = excluded.joined_number,"
        " shown_after = excluded.shown_after, left_at = NULL,"
        " read_number = excluded.read_number, delivered_number = excluded.delivered_number,"
        " is_marked_unread = excluded.is_marked_unread, hidden_number = 0,"
        " seq = excluded.seq, own_seq = excluded.own_seq",
    )  # fmt: skip
    for user_id, role in people.items():
        if floors[role]:
            sql.run(
                "UPDATE conversations_follow SET read_number = %s, own_seq = %s"
                " WHERE user_id = %s AND conversation_id = %s AND read_number < %s",
                [floors[role], numbers[user_id], user_id, conversation_id, floors[role]],
            )
    _count(conversation_id, before, before + len(people), seq)


def _members(conversation_id: int) -> int:
    found = sql.row("SELECT members FROM conversations_conversation WHERE id = %s", [conversation_id])
    return int(found[0]) if found else 0


def _count(conversation_id: int, before: int, now: int, seq: int) -> None:
    """Where everybody's reading begins or ceases to be shown, everybody's state is another."""
    sql.run("UPDATE conversations_conversation SET members = %s WHERE id = %s", [now, conversation_id])
    if (before <= rows.LIVE_RECEIPTS) != (now <= rows.LIVE_RECEIPTS):
        sql.run(
            "UPDATE conversations_participant SET seq = %s WHERE conversation_id = %s AND left_at IS NULL",
            [seq, conversation_id],
        )


@db.action
def add(actor: Actor, conversation_id: int, user_ids: Sequence[int]) -> int:
    """Bring people in; gives how many were not in it before. Raises Missing if one of them is not to be seen."""
    log.hold(conversation_id)
    standing = access.conversation_for(actor, conversation_id, need=Right.INVITE)
    people = roles_of(actor, user_ids)
    new = {user_id: role for user_id, role in people.items() if user_id not in _present(standing.id, people)}
    if not new:
        return 0
    put(standing.id, new, seq=log.step(standing.id))
    _tell(standing, actor, "added", list(new))
    record(
        actor, Act.PARTICIPANT_ADDED, kind="conversation", object_id=standing.id, facts={"people": len(new)}
    )
    return len(new)


def _present(conversation_id: int, user_ids: Collection[int]) -> set[int]:
    return {
        row[0]
        for chunk in sql.chunks(user_ids)
        for row in sql.rows(
            "SELECT user_id FROM conversations_participant WHERE conversation_id = %s AND left_at IS NULL"
            f" AND user_id IN ({sql.marks(chunk)})",
            [conversation_id, *chunk],
        )
    }


@db.action
def join(actor: Actor, conversation_id: int) -> None:
    """Come into a conversation that is open to all. Already in it is no fault."""
    log.hold(conversation_id)
    standing = access.conversation_for(actor, conversation_id, need=Right.READ)
    if standing.participant_id is not None:
        return
    actor.require(access.JOIN)
    access.check_open(standing)
    put(standing.id, {actor.user_id: str(Participant.Role.MEMBER)}, seq=log.step(standing.id))
    record(actor, Act.PARTICIPANT_JOINED, kind="conversation", object_id=standing.id)


@db.action
def leave(actor: Actor, conversation_id: int) -> None:
    """Go out of it. Nobody leaves a direct conversation: it is hidden (personal.change_own)."""
    log.hold(conversation_id)
    standing = access.conversation_for(actor, conversation_id, need=Right.READ)
    if standing.is_direct:
        raise Invalid("direct_has_no_settings", "Nobody leaves a direct conversation; hide it.")
    if standing.participant_id is None:
        raise Denied("conversation_right_lacking", "You are not in this conversation.")
    _take_out(standing, actor.user_id)
    _tell(standing, actor, "left", [actor.user_id])
    record(actor, Act.PARTICIPANT_LEFT, kind="conversation", object_id=standing.id)


@db.action
def remove(actor: Actor, conversation_id: int, user_id: int) -> None:
    """Put somebody out. Owners are put out by owners only."""
    if user_id == actor.user_id:
        leave(actor, conversation_id)
        return
    log.hold(conversation_id)
    standing = access.conversation_for(actor, conversation_id, need=Right.ADMIN)
    role = _role_of(standing, user_id)
    if role == Participant.Role.OWNER:
        access.conversation_for(actor, conversation_id, need=Right.OWN)
    _take_out(standing, user_id)
    _tell(standing, actor, "removed", [user_id])
    record(actor, Act.PARTICIPANT_REMOVED, kind="conversation", object_id=standing.id, subject=user_id)


@db.action
def change_role(actor: Actor, conversation_id: int, user_id: int, *, role: str) -> None:
    """Make somebody an owner, an admin or a member. Owners are made and unmade by owners only; guests stay guests."""
    log.hold(conversation_id)
    standing = access.conversation_for(actor, conversation_id, need=Right.ADMIN)
    before = _role_of(standing, user_id)
    if standing.is_direct:
        raise Invalid("direct_has_no_settings", "In a direct conversation both are the same.")
    if before == role:
        return
    if before == Participant.Role.GUEST:
        raise Invalid("guest_stays_guest", "A guest of the organisation has no other role.", pointer="/role")
    if Participant.Role.OWNER in (before, role):
        access.conversation_for(actor, conversation_id, need=Right.OWN)
    seq = log.step(standing.id)
    _set_role(standing.id, user_id, role, seq)
    if before == Participant.Role.OWNER:
        _find_owner(standing, seq, but=user_id)
    record(
        actor,
        Act.PARTICIPANT_CHANGED,
        kind="conversation",
        object_id=standing.id,
        subject=user_id,
        facts={"role": role},
    )


def _set_role(conversation_id: int, user_id: int, role: str, seq: int) -> None:
    sql.run(
        "UPDATE conversations_participant SET role = %s, seq = %s, own_seq = %s"
        " WHERE conversation_id = %s AND user_id = %s",
        [role, seq, log.own_step(user_id), conversation_id, user_id],
    )


def _role_of(standing: Standing, user_id: int) -> str:
    found = sql.row(
        "SELECT role FROM conversations_participant WHERE conversation_id = %s AND user_id = %s AND left_at IS NULL",
        [standing.id, user_id],
    )
    if found is None:
        raise Missing()
    return str(found[0])


def _take_out(standing: Standing, user_id: int) -> None:
    seq = log.step(standing.id)
    sql.run(
        "UPDATE conversations_participant SET left_at = %s, role = 'member', seq = %s, own_seq = %s"
        " WHERE conversation_id = %s AND user_id = %s",
        [clock.now_ms(), seq, log.own_step(user_id), standing.id, user_id],
    )
    followed = sql.rows(
        "SELECT id FROM conversations_follow WHERE user_id = %s AND conversation_id = %s",
        [user_id, standing.id],
    )
    if followed:
        sql.run(
            "UPDATE conversations_follow SET is_following = %s, own_seq = %s"
            " WHERE user_id = %s AND conversation_id = %s",
            [False, log.own_step(user_id), user_id, standing.id],
        )
    members = _members(standing.id)
    _count(standing.id, members, members - 1, seq)
    _find_owner(standing, seq)


def _find_owner(standing: Standing, seq: int, *, but: int = 0) -> None:
    """Give a conversation that has none an owner; `but` only if there is nobody else."""
    if standing.is_direct or standing.kind == keepers.NOTES:
        return
    found = sql.rows(
        "SELECT user_id, role FROM conversations_participant WHERE conversation_id = %s AND left_at IS NULL"
        f" AND user_id IS NOT NULL ORDER BY CASE WHEN user_id = %s THEN 1 ELSE 0 END, {_ORDER}, joined_at, id LIMIT 2",
        [standing.id, but],
    )
    is_owned = sql.row(
        "SELECT 1 FROM conversations_participant WHERE conversation_id = %s AND left_at IS NULL AND role = 'owner'"
        " LIMIT 1",
        [standing.id],
    )
    if found and is_owned is None and found[0][1] != Participant.Role.GUEST:
        _set_role(standing.id, found[0][0], str(Participant.Role.OWNER), seq)


def empty(conversation_id: int) -> None:
    """Everybody is out; inside an action."""
    seq = log.step(conversation_id)
    for user_id, number in log.own_steps(access.people_in(conversation_id)).items():
        sql.run(
            "UPDATE conversations_participant SET left_at = %s, seq = %s, own_seq = %s"
            " WHERE conversation_id = %s AND user_id = %s",
            [clock.now_ms(), seq, number, conversation_id, user_id],
        )
    sql.run("UPDATE conversations_conversation SET members = 0 WHERE id = %s", [conversation_id])


def forget_person(user_id: int) -> None:
    """Take somebody who is forgotten out of everything, in small transactions; what they wrote stays without a name."""
    for (conversation_id,) in sql.rows(
        "SELECT conversation_id FROM conversations_participant WHERE user_id = %s AND left_at IS NULL",
        [user_id],
    ):
        _forget_in(conversation_id, user_id)
    while _forget_names(user_id):
        pass


@db.action
def _forget_in(conversation_id: int, user_id: int) -> None:
    log.hold(conversation_id)
    standing = access.standing_of(conversation_id)
    if standing is not None:
        _take_out(standing, user_id)


@db.action
def _forget_names(user_id: int) -> int:
    """The author of a batch of messages becomes nobody; each is a change of its conversation."""
    found = sql.rows(
        "SELECT id, conversation_id FROM conversations_message WHERE author_id = %s"
        " ORDER BY conversation_id, id LIMIT %s",
        [user_id, MAX_AT_ONCE],
    )
    by_conversation: dict[int, list[int]] = {}
    for message_id, conversation_id in found:
        by_conversation.setdefault(conversation_id, []).append(message_id)
    for conversation_id, ids in by_conversation.items():
        seq = log.step(conversation_id)
        for chunk in sql.chunks(ids):
            sql.run(
                "UPDATE conversations_message SET author_id = NULL, author_name = '', client_id = NULL, seq = %s"
                f" WHERE id IN ({sql.marks(chunk)})",
                [seq, *chunk],
            )
    return len(found)


def _tell(standing: Standing, actor: Actor, what: str, user_ids: Sequence[int]) -> None:
    """In the timeline, but not of coming and going in channels that are open to all."""
    if standing.visibility == Conversation.Visibility.ORGANISATION:
        return
    event: dict[str, Any] = {
        "type": what,
        "user_ids": [str(user_id) for user_id in user_ids[:MAX_NAMED]],
        "count": len(user_ids),
    }
    appending.tell(standing.id, actor.user_id, event)
