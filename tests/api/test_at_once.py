"""Of two who change the same thing with the same `If-Match`, one hears that it has changed since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.api.client import Client
from tests.at_once import at_once
from tests.conversations.rooms import group, say

ROUNDS = 8


def a_message(client: Client) -> tuple[str, str]:
    return f"/messages/{say(client, group(client), 'First')['id']}/", "text"


def a_conversation(client: Client) -> tuple[str, str]:
    return f"/conversations/{group(client)}/", "topic"


def a_webhook(client: Client) -> tuple[str, str]:
    body = {"url": "https://example.com/hook", "events": ["email.received"]}
    return f"/webhooks/{client.ok(client.post('/webhooks/', body), 201)['id']}/", "description"


def a_rule(client: Client) -> tuple[str, str]:
    body = {
        "name": "First",
        "conditions": [{"field": "subject", "op": "contains", "value": "x"}],
        "actions": [{"do": "star"}],
    }
    return f"/rules/{client.ok(client.post('/rules/', body), 201)['id']}/", "name"


def myself(client: Client) -> tuple[str, str]:
    return "/me/", "name"


@pytest.mark.parametrize("make", [a_message, a_conversation, a_webhook, a_rule, myself])
def test_one_of_two_with_the_same_version_is_told(
    alice: Client, make: Callable[[Client], tuple[str, str]]
) -> None:
    path, field = make(alice)
    devices = [replace(alice, headers=dict(alice.headers), _connection=None) for _ in range(2)]
    for number in range(ROUNDS):
        etag = alice.get(path).headers["etag"]

        def change(device: Client, text: str, etag: str = etag) -> Any:
            return device.send("PATCH", path, {field: text}, {"If-Match": etag})

        answers = at_once(
            [lambda d=d, n=n, number=number: change(d, f"{n} of {number}") for n, d in enumerate(devices)]
        )
        assert sorted(answer.status for answer in answers) == [200, 412], [answer.body for answer in answers]
        (won,) = [n for n, answer in enumerate(answers) if answer.status == 200]
        assert alice.ok(alice.get(path))[field] == f"{won} of {number}"
