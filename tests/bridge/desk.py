"""alice's mail, which colleagues may use too."""

from __future__ import annotations

from typing import Any

from tests import make
from tests.api.client import Client
from tests.cast import Person, user_id


def share(alice: Client, person: Person, right: str) -> str:
    """Let somebody use her account; gives the grant's id."""
    assert alice.person is not None
    body = {"user_id": user_id(person), "right": right}
    made = alice.ok(alice.post(f"/accounts/{alice.person.account_id}/grants/", body), 201)
    return str(made["id"])


def unshare(alice: Client, grant: str) -> None:
    assert alice.person is not None
    alice.ok(alice.delete(f"/accounts/{alice.person.account_id}/grants/{grant}/"), 204)


def thread(alice: Client, **fields: Any) -> str:
    """A mail from zoe outside, in a thread of its own; gives the thread's id."""
    assert alice.person is not None
    email_id = make.email(alice.person, **fields)
    return str(alice.ok(alice.get(f"/emails/{email_id}/"))["thread_id"])


def note(client: Client, thread_id: str, text: str = "Let me answer.", **fields: Any) -> dict[str, Any]:
    sent: dict[str, Any] = client.ok(
        client.post(f"/threads/{thread_id}/notes/", {"text": text, **fields}), 201
    )
    return sent


def notes(client: Client, thread_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.ok(client.get(f"/threads/{thread_id}/notes/"))
    return found


def texts(client: Client, thread_id: str) -> list[str]:
    return [item["text"] for item in notes(client, thread_id)["items"] if item["kind"] == "text"]


def events(client: Client, thread_id: str) -> list[dict[str, Any]]:
    """The lines of the house, in order."""
    return [item["event"] for item in notes(client, thread_id)["items"] if item["kind"] == "system"]


def assign(client: Client, thread_id: str, version: int | None = None, **values: Any) -> Any:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return client.send("PATCH", f"/threads/{thread_id}/assignment/", values, headers)


def found(client: Client, view: str, **query: Any) -> list[str]:
    """The threads of a view, over all its pages."""
    threads: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(50):
        page = client.ok(client.get("/assignments/", view=view, **query, **cursor))
        threads += [item["thread"]["id"] for item in page["items"]]
        if page["next"] is None:
            return threads
        cursor = {"cursor": page["next"]}
    raise AssertionError("it never ends")
