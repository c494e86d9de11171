"""A client that keeps what the logs tell it, and the same fetched afresh."""

from __future__ import annotations

import random
from typing import Any

from tests.api.client import Client

Rows = dict[str, dict[str, Any]]
_KEYS = {
    "conversations": ("conversation_id",),
    "follows": ("thread_id",),
    "marks": ("message_id",),
    "drafts": ("conversation_id", "thread_id"),
    "scheduled": ("id",),
    "reminders": ("message_id",),
}


class Room:
    """One conversation as a client has it. Answers may be lost, or applied twice."""

    def __init__(self, client: Client, conversation: str) -> None:
        self.client, self.path, self.state = client, f"/conversations/{conversation}/", "0"
        self.conversation: dict[str, Any] | None = None
        self.participants: Rows = {}
        self.threads: Rows = {}
        self.messages: Rows = {}

    def follow(self, chance: random.Random, *, limit: int) -> None:
        """Ask until there is nothing more; now and then an answer never comes, or comes twice."""
        for _ in range(1_000):
            answer = self.client.get(f"{self.path}changes/", since=self.state, limit=limit)
            if chance.random() < 0.3:
                continue
            told = self.client.ok(answer)
            for _ in range(chance.choice((1, 1, 2))):
                self._apply(told)
            if not told["has_more"]:
                return
        raise AssertionError("it never ends")

    def _apply(self, told: dict[str, Any]) -> None:
        self.state = told["state"]
        self.conversation = told["conversation"] or self.conversation
        for kind in ("participants", "threads", "messages"):
            mine = getattr(self, kind)
            for row in told[kind]:
                mine[row["id"]] = row

    def _last(self) -> str | None:
        """The newest message of the main timeline."""
        said = [
            row
            for row in self.messages.values()
            if row["kind"] == "text" and row["thread_id"] is None and row["deleted_at"] is None
        ]
        return _id_of(max(said, key=lambda row: row["number"], default=None))

    def shown(self) -> dict[str, Any]:
        return {
            "conversation": self.conversation,
            "last": self._last(),
            "participants": sorted(
                (row for row in self.participants.values() if row["left_at"] is None),
                key=lambda row: int(row["id"]),
            ),
            "threads": sorted(self.threads.values(), key=lambda row: int(row["id"])),
            "messages": sorted(self.messages.values(), key=lambda row: row["number"]),
        }


def _id_of(message: dict[str, Any] | None) -> str | None:
    return None if message is None else message["id"]


def afresh(client: Client, conversation: str) -> dict[str, Any]:
    """The same by the lists."""
    path = f"/conversations/{conversation}/"
    state = client.ok(client.get(path))
    state.pop("me"), state.pop("with")
    last = _id_of(state.pop("last"))
    threads = client.ok(client.get(f"{path}threads/", limit=200))["items"]
    messages = {item["id"]: item for item in client.ok(client.get(f"{path}messages/", limit=200))["items"]}
    for thread in threads:
        for item in client.ok(client.get(f"{path}messages/", thread=thread["id"], limit=200))["items"]:
            messages[item["id"]] = item
    return {
        "conversation": state,
        "last": last,
        "participants": client.ok(client.get(f"{path}participants/", limit=200))["items"],
        "threads": sorted(threads, key=lambda row: int(row["id"])),
        "messages": sorted(messages.values(), key=lambda row: row["number"]),
    }


class Own:
    """What is one person's own, as a client has it."""

    def __init__(self, client: Client) -> None:
        self.client, self.state = client, "0"
        self.rows: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {kind: {} for kind in _KEYS}

    def follow(self, chance: random.Random, *, limit: int) -> None:
        for _ in range(1_000):
            told = self.client.ok(self.client.get("/conversations/changes/", since=self.state, limit=limit))
            if chance.random() < 0.3:
                continue
            for kind, keys in _KEYS.items():
                for row in told[kind]:
                    self.rows[kind][tuple(row[key] for key in keys)] = row
            self.state = told["state"]
            if not told["has_more"]:
                return
        raise AssertionError("it never ends")

    def shown(self) -> dict[str, Any]:
        places = [row for row in self.rows["conversations"].values() if row["left_at"] is None]
        return {
            "conversations": sorted(places, key=lambda row: int(row["conversation_id"])),
            "drafts": _sorted(row for row in self.rows["drafts"].values() if row["content"] is not None),
            "scheduled": _sorted(row for row in self.rows["scheduled"].values() if row["state"] == "waiting"),
            "reminders": _sorted(row for row in self.rows["reminders"].values() if row["state"] != "done"),
            "stars": sorted(row["message_id"] for row in self.rows["marks"].values() if row["is_starred"]),
        }


def own_afresh(client: Client) -> dict[str, Any]:
    listed = client.ok(client.get("/conversations/", hidden="true", limit=200))["items"]
    listed += client.ok(client.get("/conversations/", archived="true", hidden="true", limit=200))["items"]
    found = {
        kind: client.ok(client.get(f"/conversations/{kind}/"))["items"]
        for kind in ("drafts", "scheduled", "reminders")
    }
    return {
        "conversations": sorted((one["me"] for one in listed), key=lambda row: int(row["conversation_id"])),
        "drafts": _sorted(found["drafts"]),
        "scheduled": _sorted(row for row in found["scheduled"] if row["state"] == "waiting"),
        "reminders": _sorted(_as_told(one) for one in found["reminders"]),
        "stars": sorted(
            one["id"] for one in client.ok(client.get("/messages/", has="star", limit=200))["items"]
        ),
    }


def _as_told(reminder: dict[str, Any]) -> dict[str, Any]:
    """The list has the message besides."""
    return {name: value for name, value in reminder.items() if name not in ("message", "thread_id")}


def _sorted(rows: Any) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: int(row["own_seq"]))
