"""The people of the tests: alice (owner), bob (her colleague), mallory (owner of another organisation)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache
from typing import Any

PASSWORD = "correct horse battery staple"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Person:
    email: str
    name: str
    account_id: int
    password: str = PASSWORD

    @property
    def actor(self) -> Any:
        from posthouse.identity.queries import actor_of

        return actor_of(self.email, via="test")


@dataclass(frozen=True)
class Cast:
    domain: str
    alice: Person
    bob: Person
    mallory: Person


@cache
def _password_hash() -> str:
    """Argon2id takes 100 ms; once is enough for everybody."""
    from posthouse.identity.actions import hash_password

    return hash_password(PASSWORD)


def person(name: str, domain: str, *, role: str = "member") -> Person:
    from posthouse.ops.verbs import make_person

    email = f"{name.lower()}@{domain}"
    account_id = make_person(email, name=name, password_hash=_password_hash(), role=role)
    return Person(email=email, name=name, account_id=account_id)


def new_domain() -> str:
    from posthouse.identity.actions import add_domain

    domain = f"d{next(_numbers)}.test"
    add_domain(domain)
    return domain


def new_cast() -> Cast:
    """Fresh people in fresh domains."""
    ours, theirs = new_domain(), new_domain()
    return Cast(
        domain=ours,
        alice=person("Alice", ours, role="owner"),
        bob=person("Bob", ours),
        mallory=person("Mallory", theirs, role="owner"),
    )


def guest(cast: Cast, name: str = "Gina") -> Person:
    """Somebody of alice's organisation who sees only those they share a group with."""
    return person(name, cast.domain, role="guest")


def user_id(person: Person) -> str:
    return str(person.actor.user_id)
