"""A house that is killed while people talk to somebody outside: each message is queued for them once."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.delivery.outside import until
from tests.ops.test_command_line import PASSWORD, Server, posthouse

ALICE = "alice@example.test"
ROUNDS, EACH = 3, 6


def _rows(data: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{data / 'posthouse.sqlite3'}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


def _is_caught_up(data: Path) -> bool:
    return _rows(
        data,
        "SELECT o.last_sent_number = c.last_number FROM bridge_outsider o"
        " JOIN conversations_conversation c ON c.id = o.conversation_id",
    ) == [(1,)]


def test_each_message_is_queued_once(tmp_path: Path) -> None:
    data = tmp_path / "data"
    posthouse("domain", "add", "example.test", data=data)
    posthouse("user", "add", ALICE, "--password-stdin", data=data, input=PASSWORD + "\n")
    said: list[str] = []
    room = ""
    server = Server(data)
    try:
        for number in range(ROUNDS):
            token = server.ask("/auth/token/", {"email": ALICE, "password": PASSWORD})["access"]
            if not room:
                room = server.ask("/conversations/", {"kind": "group", "name": "Desk"}, token)["id"]
                body = {"address": "zoe@outside.invalid", "name": "Zoe"}
                server.ask(f"/conversations/{room}/outside/", body, token)
            for place in range(EACH):
                path = f"/conversations/{room}/messages/"
                said.append(server.ask(path, {"text": f"{number} {place}"}, token)["id"])
            os.kill(server.process.pid, signal.SIGKILL)
            server.process.wait(30)
            server = Server(data)
        until(lambda: _is_caught_up(data), seconds=60)
    finally:
        server.end()
    sent = _rows(data, "SELECT message_id, submission_id FROM bridge_sentmail ORDER BY id")
    assert [str(message_id) for message_id, _ in sent] == said
    queued = {row[0] for row in _rows(data, "SELECT id FROM delivery_submission WHERE mail_from LIKE 'c+%'")}
    assert {submission_id for _, submission_id in sent} == queued and len(queued) == len(said)
