"""A client of the stream as the tests need it: holds every message to the schema, and applies what it is told."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from websockets.sync.client import ClientConnection, connect

from tests.api.client import Client
from tests.house import RunningHouse

SECONDS = 10.0
SCHEMA = Path(__file__).parents[2] / "docs" / "protocols" / "stream.schema.json"
Rows = dict[str, dict[str, Any]]


@cache
def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SCHEMA.read_text())
    return found


@cache
def validator(side: str) -> Draft202012Validator:
    """Of what the `server` says, or a `client`."""
    return Draft202012Validator({**schema(), "$ref": f"#/$defs/{side}"})


def checked(text: str | bytes, side: str = "server") -> dict[str, Any]:
    message: dict[str, Any] = json.loads(text)
    validator(side).validate(message)
    return message


class Copy:
    """What a client knows of one conversation, by what it was told."""

    def __init__(self, number: int = 0) -> None:
        self.number = number
        self.conversation: dict[str, Any] | None = None
        self.rows: dict[str, Rows] = {"participants": {}, "threads": {}, "messages": {}}

    def apply(self, message: dict[str, Any]) -> None:
        """In order, and without a gap."""
        assert int(message["since"]) == self.number, f"told from {message['since']} at {self.number}"
        self.number = int(message["state"])
        self.conversation = message["conversation"] or self.conversation
        for kind, known in self.rows.items():
            known |= {row["id"]: row for row in message[kind]}

    def texts(self) -> list[str]:
        found = sorted(self.rows["messages"].values(), key=lambda row: row["number"])
        return [row["text"] for row in found if row["kind"] == "text"]


def fresh(conversation_id: int) -> Copy:
    """The conversation as who fetches it now has it."""
    from posthouse.base.api.rendering import dumps
    from posthouse.conversations import changes

    copy, has_more = Copy(), True
    while has_more:
        body = json.loads(dumps(changes.since(conversation_id, copy.number).as_json()))
        has_more = body["has_more"]
        copy.apply(body)
    return copy


class Tab:
    """One socket, opened with a ticket of a client's."""

    def __init__(self, house: RunningHouse, client: Client) -> None:
        ticket = client.post("/auth/ticket/").json["ticket"]
        url = house.http.replace("http", "ws") + "/api/v1/stream/"
        protocols: Any = ["posthouse.v1", f"ticket.{ticket}"]
        self._opened = connect(url, subprotocols=protocols, open_timeout=SECONDS, ping_interval=None)
        self.socket: ClientConnection = self._opened.__enter__()
        self.copies: dict[str, Copy] = {}
        self.heard: list[dict[str, Any]] = []

    def say(self, **message: Any) -> None:
        text = json.dumps(message)
        checked(text, "client")
        self.socket.send(text)

    def hear(self, kind: str, *, seconds: float = SECONDS) -> dict[str, Any]:
        """The next message of a kind; those before it are applied as well."""
        until = time.monotonic() + seconds
        while True:
            message = self._next(until - time.monotonic())
            if message["type"] == kind:
                return message

    def _next(self, seconds: float) -> dict[str, Any]:
        message = checked(self.socket.recv(timeout=max(0.0, seconds)))
        self.heard.append(message)
        if message["type"] == "conversation":
            self.copies.setdefault(message["conversation_id"], Copy(int(message["since"]))).apply(message)
        elif message["type"] == "following":
            for conversation_id, number in message["conversations"].items():
                self.copies[conversation_id] = Copy(int(number))
        return message

    def until(self, wanted: Callable[[], bool], *, seconds: float = SECONDS) -> None:
        """Hear on until something is so."""
        end = time.monotonic() + seconds
        while not wanted():
            self._next(end - time.monotonic())

    def silent(self, *kinds: str, seconds: float = 1.0) -> bool:
        """Whether nothing (of these kinds) comes for a while."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                message = self._next(left)
            except TimeoutError:
                return True
            if not kinds or message["type"] in kinds:
                return False
        return True

    def follow(self, *conversation_ids: int, since: int | None = None) -> dict[str, Any]:
        number = None if since is None else str(since)
        self.say(type="follow", conversations={str(one): number for one in conversation_ids})
        return self.hear("following")

    def texts(self, conversation_id: int) -> list[str]:
        return self.copies[str(conversation_id)].texts()

    def close(self) -> None:
        self._opened.__exit__(None, None, None)
