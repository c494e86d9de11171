"""A log-in that fails tells nothing of why, neither by its bytes nor by its time, at any door.

Not a test of speed: kinds of person are tried in turn, in a new order each round, and the two samples compared by rank
(Mann-Whitney). The measure is how often a try of one kind takes longer than one of another: 0.5 where they are alike.
With 200 of each, chance moves it by 0.03; 0.2 is the bound, and a control that does differ must be beyond it. Passwords
are hashed a hundred times cheaper than in earnest, so that an extra query or write is not hidden beside the hash.
"""

from __future__ import annotations

import base64
import http.client
import json
import random
import smtplib
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from django.test import override_settings

from tests.api.client import log_in
from tests.cast import PASSWORD, Cast, Person, new_cast, person
from tests.house import RunningHouse
from tests.identity.factors import add_totp
from tests.imapd.client import Client as Imap

ROUNDS = 200
WARM_UP = 5
BOUND = 0.2
WRONG = "a wrong password entirely"
UNTRIED = "unknown, never tried before"

Try = Callable[[str, str], bytes]
"""Tries an address and a password at a door; gives all that the door says, but for what is never the same."""


class Kind(NamedTuple):
    """`address` is asked for each try anew; `like` is the unknown of the same past, which the guesser knows."""

    name: str
    address: Callable[[], str]
    password: str = WRONG
    like: str = "unknown"


@pytest.fixture(scope="module", autouse=True)
def _quick(house: RunningHouse) -> Iterator[None]:
    from posthouse.identity import passwords, scram

    quick_hash = override_settings(PASSWORD_HASHERS=["tests.identity.quick_hash.QuickArgon2"])
    with quick_hash, pytest.MonkeyPatch.context() as patch:
        patch.setattr(scram, "ITERATIONS", 256)
        passwords._nobodys_hash.cache_clear()
        yield
    passwords._nobodys_hash.cache_clear()


class People(NamedTuple):
    cast: Cast
    away: Person
    silent: Person
    crowd: list[str]

    def kinds(self) -> list[Kind]:
        """For one door: each of the crowd is tried once there."""
        domain, numbers = self.cast.domain, count()
        crowd = iter(self.crowd)
        return [
            Kind("known", lambda: self.cast.alice.email),
            Kind("known, never tried before", lambda: next(crowd), like=UNTRIED),
            Kind("unknown", lambda: f"nobody@{domain}"),
            Kind(UNTRIED, lambda: f"nobody{next(numbers)}@{domain}", like=UNTRIED),
            Kind("switched off", lambda: self.away.email),
            Kind("switched off, the right password", lambda: self.away.email, PASSWORD),
            Kind("no password", lambda: self.silent.email),
            Kind("with a second factor", lambda: self.cast.bob.email),
            Kind("like an app password", lambda: self.cast.alice.email, "aaaa-bbbb-cccc-dddd"),
        ]


@pytest.fixture(scope="module")
def people(house: RunningHouse) -> People:
    from django.contrib.auth.hashers import make_password

    from posthouse.base import db
    from posthouse.identity import limits
    from posthouse.identity.actions import add_user, no_password

    limits.reset()
    cast = new_cast()
    away, silent = person("Away", cast.domain), person("Silent", cast.domain)
    quick = make_password(PASSWORD)
    crowd = [f"crowd{number}@{cast.domain}" for number in range(ROUNDS + WARM_UP)]
    db.run(lambda: [add_user(email, name="", password_hash=quick) for email in crowd], (), {})
    add_totp(log_in(house, cast.bob))
    _set([cast.alice, cast.bob, away], password=quick)
    _set([away], is_active=False)
    _set([silent], password=no_password())
    return People(cast, away, silent, crowd)


def _set(people: list[Person], **values: Any) -> None:
    from posthouse.base import db
    from posthouse.identity.models import User

    emails = [one.email for one in people]
    db.run(lambda: User.objects.filter(email__in=emails).update(**values), (), {})


# --- the doors ----------------------------------------------------------------------------------


# IMAP and SMTP without their second of waiting after each failure, which would hide everything.


def by_http(house: RunningHouse, stack: ExitStack) -> Try:
    connection = http.client.HTTPConnection(urlsplit(house.http).netloc, timeout=30)
    stack.callback(connection.close)
    headers = {"Content-Type": "application/json", "X-Request-Id": "same"}

    def attempt(email: str, password: str) -> bytes:
        body = json.dumps({"email": email, "password": password})
        connection.request("POST", "/api/v1/auth/token/", body=body, headers=headers)
        answer = connection.getresponse()
        kept = sorted((k.lower(), v) for k, v in answer.getheaders() if k.lower() != "date")
        return repr((answer.status, kept)).encode() + answer.read()

    return attempt


def by_imap(house: RunningHouse, stack: ExitStack) -> Try:
    from posthouse.imapd.server import ImapServer
    from posthouse.imapd.settings import Settings

    settings = Settings(
        hostname="mail.posthouse.test", allow_plain_login=True, failed_login_seconds=0, failed_logins=10**6
    )
    port = stack.enter_context(house.one_more_door(lambda: ImapServer(settings)))
    client = Imap(port)
    stack.callback(client.close)

    def attempt(email: str, password: str) -> bytes:
        answer = client.run(f'LOGIN {email} "{password}"'.encode())
        return b"\n".join([*answer.untagged, answer.tagged])

    return attempt


def by_smtp(house: RunningHouse, stack: ExitStack) -> Try:
    from posthouse.smtpd.server import SmtpServer
    from posthouse.smtpd.settings import Settings
    from posthouse.smtpd.submission import Submission
    from posthouse.wire.budget import Budget
    from posthouse.wire.smtp.envelope import Service
    from posthouse.wire.smtp.limits import Limits

    settings = Settings(
        service=Service.SUBMISSION,
        hostname="mail.posthouse.test",
        allow_plain_login=True,
        failed_login_seconds=0,
        limits=Limits(failed_logins=10**6, refusals=10**6),
    )
    handler = Submission(hostname="mail.posthouse.test").handler()
    door = house.one_more_door(lambda: SmtpServer(settings, handler, budget=Budget(10**7)))
    port = stack.enter_context(door)
    client = smtplib.SMTP("127.0.0.1", port, timeout=10)
    stack.callback(client.close)
    client.ehlo()

    def attempt(email: str, password: str) -> bytes:
        text = base64.b64encode(f"\0{email}\0{password}".encode()).decode()
        code, said = client.docmd("AUTH PLAIN", text)
        return b"%d %b" % (code, said)

    return attempt


# --- the measure --------------------------------------------------------------------------------


def longer(some: list[float], others: list[float]) -> float:
    """How often one of `some` is longer than one of `others` (Mann-Whitney's U over all pairs)."""
    ranked = sorted(others)
    wins = sum(bisect_left(ranked, one) + bisect_right(ranked, one) for one in some)
    return wins / (2 * len(some) * len(ranked))


@pytest.mark.parametrize("door", [by_http, by_imap, by_smtp])
def test_no_kind_of_person_is_told_from_another(
    house: RunningHouse, people: People, door: Callable[[RunningHouse, ExitStack], Try]
) -> None:
    from posthouse.identity import limits

    kinds, order = people.kinds(), random.Random(7)
    times = {kind.name: list[float]() for kind in kinds}
    said: dict[str, set[bytes]] = {kind.name: set() for kind in kinds}
    with ExitStack() as stack:
        attempt = door(house, stack)
        for number in range(WARM_UP + ROUNDS):
            order.shuffle(kinds)
            for kind in kinds:
                limits.reset()
                address, password = kind.address(), kind.password
                begun = time.perf_counter()
                answer = attempt(address, password)
                spent = time.perf_counter() - begun
                if number >= WARM_UP:
                    times[kind.name].append(spent)
                    said[kind.name].add(answer)
        unhashed = _without_a_hash(attempt, people.cast.mallory)
    assert all(answers == said["unknown"] and len(answers) == 1 for answers in said.values()), said
    measured = {kind.name: round(longer(times[kind.name], times[kind.like]), 3) for kind in kinds}
    print(door.__name__, measured)  # shown with -s
    assert longer(times["unknown"], unhashed) > 0.5 + BOUND, "the measure sees what is there"
    assert {name: found for name, found in measured.items() if abs(found - 0.5) > BOUND} == {}, measured


def _without_a_hash(attempt: Try, mallory: Person) -> list[float]:
    """Tries that are refused before any password is looked at."""
    spent = []
    for number in range(70):
        begun = time.perf_counter()
        attempt(mallory.email, WRONG)
        if number >= 10:
            spent.append(time.perf_counter() - begun)
    return spent
