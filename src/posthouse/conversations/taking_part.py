"""Who comes into a conversation that has no list of people (keepers.py): by writing in it, and by being named.

Inside the action that writes, before the message has its number, so that it is unread to who is named.
"""

from __future__ import annotations

from collections.abc import Sequence

from posthouse.base.errors import Invalid
from posthouse.conversations import access, keepers, log, participants
from posthouse.conversations.access import Standing
from posthouse.conversations.markdown import Mentioned
from posthouse.conversations.models import Participant
from posthouse.identity.groups import members_of


def bring_in(standing: Standing, user_id: int, named: Sequence[Mentioned]) -> None:
    """Raises Invalid (named_without_access) for somebody named who may not read it; of groups those who may come."""
    if standing.kind != keepers.NOTES:
        return
    people = {one.id for one in named if one.kind == "user"}
    of_groups = {one for group in named if group.kind == "group" for one in members_of(group.id)}
    may = keepers.keeper().readers(standing.id, people | of_groups)
    strangers = [one for one in named if one.kind == "user" and one.id not in may]
    if strangers:
        names = ", ".join(dict.fromkeys(one.name for one in strangers))
        raise Invalid(
            "named_without_access",
            f"These may not read this mail, and would not see the note: {names}.",
            pointer="/text",
        )
    put(standing.id, {user_id} | may)


def put(conversation_id: int, user_ids: set[int]) -> None:
    """Let people take part from here on who do not yet."""
    new = user_ids.difference(access.people_in(conversation_id))
    if new:
        member = str(Participant.Role.MEMBER)
        participants.put(conversation_id, dict.fromkeys(sorted(new), member), seq=log.step(conversation_id))
