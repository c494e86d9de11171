"""Checking a password: the same for everybody who is wrong, quick for who was right a moment ago."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from posthouse.base.errors import Denied, Failure, Limited
from tests.cast import PASSWORD, Cast

IP = "192.0.2.7"

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture
def hashings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each time Argon2 was asked, and of which hash: the time a log-in takes."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    asked: list[str] = []
    verify = Argon2PasswordHasher.verify

    def counted(self: Any, password: str, encoded: str) -> bool:
        asked.append(encoded)
        return bool(verify(self, password, encoded))

    monkeypatch.setattr(Argon2PasswordHasher, "verify", counted)
    return asked


@pytest.fixture
def now() -> Iterator[Callable[[float], None]]:
    """Moves the clock forward."""
    import time

    from posthouse.base import clock

    passed = 0.0

    def move(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    clock.set_steady_source(lambda: time.monotonic() + passed)
    yield move
    clock.set_steady_source(None)


def log_in(email: str, password: str = PASSWORD, *, ip: str = IP) -> Any:
    from posthouse.identity.actions import authenticate

    return authenticate(email, password, via="test", ip=ip)


def set_password(email: str, password: str) -> None:
    from posthouse.base import db
    from posthouse.identity.actions import hash_password
    from posthouse.identity.models import User

    hashed = hash_password(password)
    db.run(lambda: User.objects.filter(email=email).update(password=hashed), (), {})


def forget_keys(email: str) -> None:
    """The hash alone, as it was kept before there were keys."""
    from posthouse.base import db
    from posthouse.identity.models import User
    from posthouse.identity.scram import without_keys

    hashed = without_keys(User.objects.get(email=email).password)
    db.run(lambda: User.objects.filter(email=email).update(password=hashed), (), {})


def test_whoever_is_wrong_waits_equally_long(cast: Cast, hashings: list[str]) -> None:
    """One check of one Argon2 hash of the same cost, whether there is such a person or not."""
    from posthouse.base import db
    from posthouse.identity.models import User

    db.run(lambda: User.objects.filter(email=cast.mallory.email).update(is_active=False), (), {})
    words = set()
    for email, password in [
        (cast.alice.email, "wrong password"),
        (f"nobody@{cast.domain}", "wrong password"),
        ("nobody@nowhere.test", PASSWORD),
        ("no address at all", PASSWORD),
        ("", ""),
        (cast.alice.email, "x" * 5000),
        (cast.alice.email, "half a pair \ud800"),
        ("nobody@nowhere.test", "half a pair \ud800"),
        (cast.mallory.email, PASSWORD),
    ]:
        hashings.clear()
        with pytest.raises(Denied) as caught:
            log_in(email, password, ip=f"192.0.2.{len(words)}")
        words.add((caught.value.code, caught.value.message))
        assert len(hashings) == 1, email
        assert hashings[0].rpartition("$")[0].startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$"), email
    assert len(words) == 1


@pytest.mark.parametrize("spelling", ["alice@{d}", "ALICE@{D}", "  alice@{d} ", "alice@{d}."])
def test_a_person_may_spell_the_address_as_he_likes(cast: Cast, spelling: str) -> None:
    actor = log_in(spelling.format(d=cast.domain, D=cast.domain.upper()))
    assert actor.email == cast.alice.email


def test_a_right_answer_is_remembered_for_five_minutes(
    cast: Cast, hashings: list[str], now: Callable[[float], None]
) -> None:
    for _ in range(3):
        log_in(cast.alice.email)
    assert len(hashings) == 1
    with pytest.raises(Denied):
        log_in(cast.alice.email, "wrong password")
    with pytest.raises(Denied):
        log_in(cast.bob.email, "wrong password")
    assert len(hashings) == 3
    set_password(cast.alice.email, PASSWORD)  # without keys for SCRAM, which would tell it for less
    log_in(cast.alice.email)
    forget_keys(cast.alice.email)
    assert len(hashings) == 4
    now(301)
    log_in(cast.alice.email)
    assert len(hashings) == 5


def test_keys_for_scram_spare_argon2_once_the_memory_has_gone(
    cast: Cast, hashings: list[str], now: Callable[[float], None]
) -> None:
    log_in(cast.alice.email)
    now(301)
    log_in(cast.alice.email)
    assert len(hashings) == 1
    with pytest.raises(Denied):
        log_in(cast.alice.email, "wrong password")
    assert len(hashings) == 2


def test_a_changed_password_is_forgotten_at_once(cast: Cast, hashings: list[str]) -> None:
    log_in(cast.alice.email)
    set_password(cast.alice.email, "a new password")
    with pytest.raises(Denied):
        log_in(cast.alice.email)
    log_in(cast.alice.email, "a new password")
    set_password(cast.alice.email, PASSWORD)
    hashings.clear()
    log_in(cast.alice.email)
    assert len(hashings) == 1, "the same word again, but another hash"


def test_a_person_switched_off_is_refused_though_remembered(cast: Cast) -> None:
    from posthouse.base import db
    from posthouse.identity.models import User

    log_in(cast.alice.email)
    db.run(lambda: User.objects.filter(email=cast.alice.email).update(is_active=False), (), {})
    with pytest.raises(Denied):
        log_in(cast.alice.email)


def test_guessing_at_one_person_is_slowed_down_and_let_go_on_later(
    cast: Cast, now: Callable[[float], None]
) -> None:
    from posthouse.identity import limits
    from posthouse.identity.limits import PAIR_BURST, PAIR_PERIOD_S

    guesses = [cast.alice.email, cast.alice.email.upper(), f"{cast.alice.email}.", f" {cast.alice.email}"]
    for _ in range(PAIR_BURST - len(guesses)):
        limits.login_failed(email=cast.alice.email, ip=IP)
    for guess in guesses:
        with pytest.raises(Denied):
            log_in(guess, "a wrong guess")
    with pytest.raises(Limited) as caught:
        log_in(cast.alice.email)
    wait = caught.value.facts["retry_after_seconds"]
    assert isinstance(wait, int)
    assert 0 < wait <= PAIR_PERIOD_S + 1

    log_in(cast.bob.email)
    log_in(cast.alice.email, ip="198.51.100.1")
    now(wait)
    log_in(cast.alice.email)


def test_a_right_answer_clears_only_ones_own_count(cast: Cast) -> None:
    from posthouse.identity import limits

    for _ in range(limits.PAIR_BURST - 1):
        for person in (cast.alice, cast.bob):
            limits.login_failed(email=person.email, ip=IP)
    log_in(cast.bob.email)
    with pytest.raises(Denied):
        log_in(cast.alice.email, "a wrong guess")
    with pytest.raises(Limited):
        log_in(cast.alice.email, "a wrong guess")
    log_in(cast.bob.email)


def test_a_network_that_tries_many_people_is_slowed_down_as_a_whole() -> None:
    """On the limiter itself: a hundred passwords take ten seconds to check."""
    from posthouse.identity import limits

    limits.reset()
    for number in range(limits.NETWORK_BURST):
        address = f"2001:db8:1:2:{number:x}::1"
        limits.check_login(email=f"p{number}@x.test", ip=address)
        limits.login_failed(email=f"p{number}@x.test", ip=address)
    with pytest.raises(Limited):
        limits.check_login(email="another@x.test", ip="2001:db8:1:2::5")
    limits.check_login(email="another@x.test", ip="2001:db8:1:3::5")
    limits.reset()


def test_the_limiter_forgets_what_is_over_and_does_not_grow(
    monkeypatch: pytest.MonkeyPatch, now: Callable[[float], None]
) -> None:
    from posthouse.base import limits as base_limits
    from posthouse.identity import limits

    limits.reset()
    counted = base_limits.InProcess()
    monkeypatch.setattr(base_limits, "MAX_KEYS", 20)
    monkeypatch.setattr(base_limits, "limiter", counted)
    for number in range(100):
        limits.login_failed(email=f"p{number}@x.test", ip=f"192.0.2.{number}")
        now(60)
    assert len(counted.arrivals) <= 24
    limits.reset()


@pytest.mark.parametrize("password", ["", "short", "x" * 257, "half a pair \ud800"])
def test_a_password_has_a_length_and_is_text(password: str) -> None:
    from posthouse.identity.actions import hash_password

    with pytest.raises(Failure) as caught:
        hash_password(password)
    assert caught.value.code == "bad_password"


def test_guesses_side_by_side_are_no_more_than_guesses_in_a_row(cast: Cast) -> None:
    from posthouse.identity.limits import PAIR_BURST

    def guess(number: int) -> type[Exception]:
        with pytest.raises(Failure) as refused:
            log_in(cast.alice.email, f"guess number {number}", ip="192.0.2.99")
        return refused.type

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(guess, range(24)))
    assert answers.count(Denied) == PAIR_BURST
    assert answers.count(Limited) == 24 - PAIR_BURST


# --- which are taken, and how they come from elsewhere -----------------------------------------------


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("password", "common_password"),
        ("PassWord1!", "common_password"),
        ("qwertyuiop", "common_password"),
        ("12345678", "common_password"),
        ("abababab", "common_password"),
        ("Moreau-in-the-rain", "guessable_password"),
        ("a.moreau rides", "guessable_password"),
        ("northwind for ever", "guessable_password"),
        ("our posthouse login", "guessable_password"),
    ],
)
def test_what_everybody_guesses_is_refused(password: str, code: str) -> None:
    from posthouse.identity.passwords import hash_password

    with pytest.raises(Failure) as caught:
        hash_password(password, about=["Al Moreau", "a.moreau@north.test", "Northwind Ltd"])
    assert caught.value.code == code


@pytest.mark.parametrize(
    "password", ["slow train, purple ink", "x7#kQ2p!", "日本語の長い暗証", "    8 spaces", "al is short"]
)
def test_no_rules_of_composition(password: str) -> None:
    from posthouse.identity.passwords import check_policy

    check_policy(password, about=["Al Moreau", "a.moreau@north.test", "Northwind Ltd"])


def test_a_hash_of_another_house_is_taken_and_made_ours(cast: Cast) -> None:
    from django.contrib.auth.hashers import make_password

    from posthouse.base import db
    from posthouse.identity.models import User

    def stored() -> str:
        return User.objects.values_list("password", flat=True).get(email=cast.bob.email)

    foreign = make_password("a password from before", hasher="pbkdf2_sha256")
    assert foreign.startswith("pbkdf2_sha256$")
    db.run(lambda: User.objects.filter(email=cast.bob.email).update(password=foreign), (), {})
    with pytest.raises(Denied):
        log_in(cast.bob.email, "wrong password")
    assert stored() == foreign
    log_in(cast.bob.email, "a password from before")
    assert stored().startswith("argon2$argon2id$")
    log_in(cast.bob.email, "a password from before")
