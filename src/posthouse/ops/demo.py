"""`posthouse serve --demo`: example people, mail and conversations, made on the first start and never again.

The mail is our own (ops/demo_mail.py) and takes the same way as real mail: parsed, threaded, numbered.
"""

from __future__ import annotations

import hashlib

from posthouse.base import clock, db
from posthouse.base.errors import Conflict
from posthouse.identity import actions as identity_actions
from posthouse.identity import operators
from posthouse.identity import queries as identity_queries
from posthouse.identity.scram import first_salt
from posthouse.mail import access, archives, storing
from posthouse.mail.archives import Archived
from posthouse.ops import demo_chat, demo_mail, verbs

DOMAIN = "posthouse.test"
PEOPLE = (("alice", "Alice Moreau", "owner"), ("bob", "Bob Lindqvist", "member"))


def prepare_demo() -> list[tuple[str, str]]:
    """The demo's log-ins (address, password); makes people and mail when they are not there yet."""
    logins = [(f"{local}@{DOMAIN}", f"{local}-at-the-posthouse") for local, _, _ in PEOPLE]
    try:
        identity_actions.add_domain(DOMAIN, organisation="The Posthouse")
    except Conflict:
        return logins
    for (_, name, role), (email, password) in zip(PEOPLE, logins, strict=True):
        hashed = identity_actions.hash_password(password, salt=first_salt(email))
        verbs.make_person(email, name=name, password_hash=hashed, role=role)
    operators.appoint(logins[0][0], is_operator=True)
    for email, _ in logins:
        _fill(email)
    demo_chat.talk([identity_queries.actor_of(email, via="demo") for email, _ in logins])
    return logins


def _fill(email: str) -> None:
    actor = identity_queries.actor_of(email, via="demo")
    account_id = access.account_id_for(actor)
    letters = sorted(demo_mail.letters_for(email), key=lambda letter: letter.age_minutes, reverse=True)
    now_ms = clock.now_ms()
    items = [
        Archived(
            arrival=storing.prepare(
                letter.build(now_ms=now_ms), received_at_ms=now_ms - letter.age_minutes * 60_000
            ),
            mailbox_id=archives.mailbox_at(actor, letter.mailbox, account_id=account_id),
            flags=letter.flags,
            keywords="",
        )
        for letter in letters
    ]
    source = f"demo:{hashlib.sha256(email.encode()).hexdigest()[:16]}"
    archives.store_batch(actor, items, account_id=account_id, source=source, moves=("", "all"), odd=0)
    db.release_thread()
