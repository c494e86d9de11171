"""What the tests of getting in share: a clock that can be moved, codes of an app, and people with a factor."""

from __future__ import annotations

import time
from base64 import b32decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.api.client import Answer, Client
from tests.authenticator import Authenticator
from tests.cast import Person
from tests.house import RunningHouse

Move = Callable[[float], None]


@contextmanager
def moving_clock() -> Iterator[Move]:
    """Moves both clocks forward."""
    from posthouse.base import clock

    passed = 0.0

    def move(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    clock.set_source(lambda: time.time() + passed)
    clock.set_steady_source(lambda: time.monotonic() + passed)
    try:
        yield move
    finally:
        clock.set_source(None)
        clock.set_steady_source(None)


def code(secret: str, *, steps: int = 0) -> str:
    from posthouse.base import clock
    from posthouse.identity.mfa import code_at

    return code_at(b32decode(secret), clock.now_ms() // 30_000 + steps)


def add_totp(client: Client) -> tuple[str, list[str]]:
    """The secret and the recovery codes. The code of this moment is used up by it."""
    secret = client.ok(client.post("/security/totp/"))["secret"]
    confirmed = client.ok(client.post("/security/totp/confirm/", {"code": code(secret)}))
    return secret, confirmed["recovery_codes"]


def add_passkey(client: Client, key: Authenticator, *, name: str = "My key") -> list[str]:
    asked = client.ok(client.post("/security/passkeys/options/"))
    body = {"challenge": asked["challenge"], "credential": key.create(asked["options"]), "name": name}
    codes: list[str] = client.ok(client.post("/security/passkeys/", body), 201)["recovery_codes"]
    return codes


def credentials(person: Person) -> dict[str, str]:
    return {"email": person.email, "password": person.password}


def half_in(house: RunningHouse, person: Person) -> dict[str, Any]:
    """The problem that asks for the second factor."""
    answer = Client(house.http).post("/auth/token/", credentials(person))
    assert (answer.status, answer.json["code"]) == (401, "mfa_required"), answer.body
    return dict(answer.json)


def finish(house: RunningHouse, challenge: str, **proof: Any) -> Answer:
    return Client(house.http).post("/auth/mfa/", {"challenge": challenge, **proof})


def with_token(house: RunningHouse, token: str) -> Client:
    return Client(house.http, headers={"Authorization": f"Bearer {token}"})
