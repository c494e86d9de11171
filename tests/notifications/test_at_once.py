"""What is read while it is told stays read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.client import Client
from tests.at_once import behind, nobody_in_a_ring
from tests.cast import Cast
from tests.conversations.conftest import alice, bob  # noqa: F401 the same people
from tests.conversations.rooms import direct, me, say
from tests.delivery.outside import until

ROUNDS = 5


def unread(client: Client) -> list[dict[str, Any]]:
    items = client.ok(client.get("/notifications/"))["items"]
    return [one for one in items if not one["is_read"]]


@pytest.mark.parametrize("verb", ["read", "delete"])
def test_what_is_read_or_deleted_while_it_is_told_is_told_no_more(
    alice: Client,  # noqa: F811
    bob: Client,  # noqa: F811
    cast: Cast,
    verb: str,
) -> None:
    from posthouse.conversations import editing, pointers
    from posthouse.notifications import said

    room = direct(alice, bob)
    first = say(alice, room, "The first")
    until(lambda: unread(bob))
    writer, reader = cast.alice.actor, cast.bob.actor
    pointers.read(reader, int(room), number=first["number"])
    for number in range(ROUNDS):
        message = say(alice, room, f"Number {number}")

        def end(message: dict[str, Any] = message) -> None:
            if verb == "read":
                pointers.read(reader, int(room), number=message["number"])
            else:
                editing.delete(writer, int(message["id"]))

        acts = [lambda message=message: said.tell(message_id=int(message["id"])), end]
        with nobody_in_a_ring():
            behind("notifications_log", me(bob), acts, column="user_id")
        until(lambda: not unread(bob))
