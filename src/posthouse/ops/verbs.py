"""What the command line can do, as functions that run in whichever process holds the data folder.

Each yields JSON-ready lines: any number of `{"progress": …}`, then one `{"result": …}`. A password comes
over a socket that only the folder's owner can open, and goes nowhere but into its hash.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from posthouse.base import db
from posthouse.base.errors import Missing
from posthouse.delivery.domains import doctor as delivery_doctor
from posthouse.identity import actions as identity_actions
from posthouse.identity import mfa, operators, step_up
from posthouse.identity import queries as identity_queries
from posthouse.identity.addresses import normal_domain
from posthouse.identity.passwords import hash_new_password
from posthouse.mail import mailboxes
from posthouse.mail.imap_off import imap_off_of, set_imap_off
from posthouse.ops import checking, importing, mail_verbs, reindexing

Line = dict[str, Any]
_MAY = {"member": "", "admin": ", and administer the organisation", "owner": ", and owns the organisation"}


def add_domain(name: str) -> Iterator[Line]:
    identity_actions.add_domain(name)
    yield {"result": f"Mail for {name} is received here."}


def add_user(email: str, name: str, password: str, *, admin: bool) -> Iterator[Line]:
    """Under the rule of the organisation that owns the address's domain. Slow (Argon2id): not in the lane.

    The first who may administer an organisation owns it: some things only an owner can do, and only an owner makes one.
    """
    organisation_id = identity_queries.domain_of(email).organisation_id
    hashed = hash_new_password(password, name=name, email=email, organisation_id=organisation_id)
    role = "member"
    if admin:
        role = "admin" if identity_queries.has_owner(organisation_id) else "owner"
    make_person(email, name=name, password_hash=hashed, role=role)
    yield {"result": f"{email} can log in and receive mail{_MAY[role]}."}


def remove_factors(email: str) -> Iterator[Line]:
    mfa.remove_all(identity_queries.actor_of(email, via=step_up.OPERATOR))
    yield {"result": f"{email} logs in by password alone and should set up a second factor anew."}


def operator(email: str, *, is_operator: bool) -> Iterator[Line]:
    operators.appoint(email, is_operator=is_operator)
    yield {"result": f"{email} {'keeps' if is_operator else 'does not keep'} this server."}


def imap_off(email: str, *, off: list[str], on: list[str]) -> Iterator[Line]:
    actor = identity_queries.actor_of(email, via="cli")
    back = {name.upper() for name in on}
    kept = [name for name in imap_off_of(actor) if name.upper() not in back]
    now = set_imap_off(actor, [*kept, *off])
    yield {
        "result": f"Off for {email}: {', '.join(now) or 'nothing'}. Mail programs see it at their next log-in."
    }


@db.action
def make_person(email: str, *, name: str, password_hash: str, role: str = "member") -> int:
    """A user with an account and the usual mailboxes, in one transaction; gives the account's id."""
    user = identity_actions.add_user(email, name=name, password_hash=password_hash, role=role)
    return mailboxes.open_account(user.id, user.organisation_id, name=name or email, address=user.email)


def import_mail(kind: str, path: str, to: str, mailbox: str) -> Iterator[Line]:
    actor = identity_queries.actor_of(to, via="cli")
    yield from importing.run(actor, kind=kind, path=path, mailbox=mailbox)


def reindex(account: str) -> Iterator[Line]:
    """Make the index of words anew, of everybody or of the account with an address."""
    yield from reindexing.run(identity_queries.actor_of(account, via="cli") if account else None)


def doctor(domain: str) -> Iterator[Line]:
    """What the world sees of a domain; the last line counts what is not well."""
    name = normal_domain(domain)
    if name not in identity_queries.domains():
        raise Missing("no_such_domain", f"{name} is no domain of this server.")
    findings = asyncio.run(delivery_doctor.examine(name))
    yield {"result": [asdict(one) for one in findings]}


def check(*, repair: bool) -> Iterator[Line]:
    yield from checking.run(repair=repair)


VERBS: dict[str, Callable[..., Iterator[Line]]] = {
    "add_domain": add_domain,
    "add_user": add_user,
    "remove_factors": remove_factors,
    "operator": operator,
    "imap_off": imap_off,
    "import_mail": import_mail,
    "check": check,
    "doctor": doctor,
    "reindex": reindex,
    **mail_verbs.VERBS,
}
