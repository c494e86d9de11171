"""What a search says about a message beside its words, as a condition in SQL on the message `m`."""

from __future__ import annotations

from collections.abc import Mapping

from posthouse.base import sql
from posthouse.conversations import access, reach
from posthouse.conversations.reach import Place
from posthouse.identity.actor import Actor
from posthouse.identity.groups import GROUPS_OF
from posthouse.search import conditions
from posthouse.search.conditions import ALWAYS, NEVER, Condition
from posthouse.search.tree import Age, Has, In, Leaf, Node, Received, State

OWN = State("mine")
"""What one wrote oneself; nothing that one could type."""
_HAS = {
    "attachment": Condition("m.attachments <> '[]'", []),
    "image": Condition("m.attachments LIKE %s", ['%"content_type":"image/%']),
    "link": Condition("m.html LIKE %s", ["%href=%"]),
    "reaction": Condition("m.reactions <> '{}'", []),
    "thread": Condition(
        "EXISTS (SELECT 1 FROM conversations_thread t WHERE t.root_id = m.id AND t.reply_count > 0)", []
    ),
}
_UNREAD = (
    "(m.author_id IS NULL OR m.author_id <> %s) AND CASE WHEN m.thread_id IS NULL"
    " THEN m.number > coalesce((SELECT p.read_number FROM conversations_participant p"
    " WHERE p.conversation_id = m.conversation_id AND p.user_id = %s AND p.left_at IS NULL), m.number)"
    " ELSE m.number > coalesce((SELECT f.read_number FROM conversations_follow f"
    " WHERE f.thread_id = m.thread_id AND f.user_id = %s AND f.is_following), m.number) END"
)
_MENTION = (
    "m.id IN (SELECT w.message_id FROM conversations_mention w WHERE w.user_id = %s)"
    " OR EXISTS (SELECT 1 FROM conversations_mention w WHERE w.message_id = m.id AND w.user_id IS NULL"
    f" AND (w.group_id IS NULL OR w.group_id IN ({GROUPS_OF})))"
)

_BLOCKED = "EXISTS (SELECT 1 FROM conversations_block b WHERE b.user_id = %s AND b.blocked_id = m.author_id)"


class Facts:
    def __init__(self, actor: Actor, places: Mapping[int, Place]) -> None:
        self._actor, self._places = actor, places

    def condition(self, node: Node) -> Condition:
        """For a tree of facts."""
        return conditions.condition(node, self._of_leaf)

    def _of_leaf(self, leaf: Leaf) -> Condition:
        """What is said of mail fits no message."""
        match leaf:
            case State(name):
                return self._state(name)
            case Has(thing):
                return _HAS.get(thing, NEVER)
            case In(name):
                if leaf.is_anywhere:
                    return ALWAYS
                return inside(reach.called(self._places.values(), name)) if leaf.is_conversation else NEVER
            case Received() | Age():
                return Condition("m.created_at >= %s AND m.created_at < %s", [*conditions.span_of(leaf)])
        return NEVER

    def _state(self, name: str) -> Condition:
        me = self._actor.user_id
        match name:
            case "mine":
                return Condition("m.author_id IS NOT NULL AND m.author_id = %s", [me])
            case "unread":
                return Condition(_UNREAD, [me, me, me])
            case "read":
                return Condition(f"NOT ({_UNREAD})", [me, me, me])
            case "starred":
                starred = (
                    "SELECT s.message_id FROM conversations_mark s WHERE s.user_id = %s AND s.is_starred"
                )
                return Condition(f"m.id IN ({starred})", [me])
            case "pinned":
                return Condition("m.pinned_at IS NOT NULL", [])
            case "mention":
                return Condition(_MENTION, [me, me])
            case "blocked":
                return Condition(_BLOCKED, [me])
            case "important":
                return Condition("m.importance <> 'normal'", [])
        return NEVER


def inside(conversation_ids: list[int]) -> Condition:
    if not conversation_ids:
        return NEVER
    return Condition(f"m.conversation_id IN ({sql.marks(conversation_ids)})", [*conversation_ids])


def shown(actor: Actor, places: Mapping[int, Place], *, has_blocked: bool) -> Condition:
    """What somebody wrote and is there; without what is from before the actor came, what they deleted for themselves,
    and whom they blocked, unless it asks for them."""
    found = [_said(actor)]
    if any(place.floor for place in places.values()):
        found.append(_after_coming(actor))
    if not has_blocked:
        found.append(Condition(f"NOT {_BLOCKED}", [actor.user_id]))
    return conditions.joined(" AND ", found)


def _after_coming(actor: Actor) -> Condition:
    return Condition(
        f"m.number > coalesce((SELECT {access.FLOOR} FROM conversations_participant p JOIN conversations_conversation c"
        " ON c.id = p.conversation_id WHERE p.user_id = %s AND p.conversation_id = m.conversation_id"
        " AND p.left_at IS NULL), 0)",
        [actor.user_id],
    )


def _said(actor: Actor) -> Condition:
    return Condition(
        "m.deleted_at IS NULL AND m.kind = 'text' AND NOT EXISTS (SELECT 1 FROM conversations_mark k"
        " WHERE k.message_id = m.id AND k.user_id = %s AND k.is_hidden)",
        [actor.user_id],
    )
