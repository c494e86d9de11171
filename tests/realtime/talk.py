"""Conversations of the tests, made by calling real actions."""

from __future__ import annotations

from typing import Any

from tests.cast import Person, user_id


def group(owner: Person, *others: Person, name: str = "Talk") -> int:
    from posthouse.conversations import opening

    ids = [int(user_id(other)) for other in others]
    return opening.create(owner.actor, kind="group", values={"name": name}, user_ids=ids)


def channel(owner: Person, *others: Person, name: str = "Everybody") -> int:
    """Open to the whole organisation."""
    from posthouse.conversations import opening

    values: dict[str, Any] = {"name": name, "visibility": "organisation"}
    ids = [int(user_id(other)) for other in others]
    return opening.create(owner.actor, kind="channel", values=values, user_ids=ids)


def say(person: Person, conversation_id: int, text: str) -> int:
    """The message's id."""
    from posthouse.conversations import sending
    from posthouse.conversations.sending import Writing

    sent = sending.send(person.actor, conversation_id, Writing(text=text))
    assert sent.message_id is not None
    return sent.message_id


def seq(conversation_id: int) -> int:
    from posthouse.conversations import changes

    return changes.seq_of(conversation_id)
