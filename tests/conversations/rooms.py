"""Conversations of the tests, made through the door."""

from __future__ import annotations

from typing import Any

from tests.api.client import Client
from tests.cast import Person, user_id


def me(client: Client) -> str:
    assert client.person is not None
    return user_id(client.person)


def group(client: Client, *people: Person | Client, **fields: Any) -> str:
    """A private group of one's own; gives its id."""
    ids = [me(one) if isinstance(one, Client) else user_id(one) for one in people]
    made = client.post("/conversations/", {"kind": "group", "name": "Desk", "user_ids": ids, **fields})
    return str(client.ok(made, 201)["id"])


def channel(client: Client, **fields: Any) -> str:
    """One that is open to all of the organisation."""
    body = {"kind": "channel", "name": "general", "visibility": "organisation", **fields}
    return str(client.ok(client.post("/conversations/", body), 201)["id"])


def direct(client: Client, other: Client) -> str:
    made = client.post("/conversations/", {"kind": "direct", "user_ids": [me(other)]})
    assert made.status in (200, 201), made.body
    return str(made.json["id"])


def say(client: Client, conversation: str, text: str = "Hello", **fields: Any) -> dict[str, Any]:
    """Send a message; gives it."""
    answer = client.post(f"/conversations/{conversation}/messages/", {"text": text, **fields})
    sent: dict[str, Any] = client.ok(answer, 201)
    return sent


def reply(client: Client, message: dict[str, Any], text: str = "Yes", **fields: Any) -> dict[str, Any]:
    sent: dict[str, Any] = client.ok(
        client.post(f"/messages/{message['id']}/reply/", {"text": text, **fields}), 201
    )
    return sent


def texts(client: Client, conversation: str, **query: Any) -> list[str]:
    """What is written in the main timeline (or `thread`), in order; without the house's own lines."""
    page = client.ok(client.get(f"/conversations/{conversation}/messages/", **query))
    return [item["text"] for item in page["items"] if item["kind"] == "text"]


def counter(client: Client, conversation: str) -> dict[str, Any] | None:
    """What is unread there, if anything is."""
    items = client.ok(client.get("/conversations/unread/"))["items"]
    return next((item for item in items if item["conversation_id"] == conversation), None)


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status, answer.json["code"]
