"""How mail clients come in by SCRAM: with an app password or the person's own, neither of which they say.

The proof is tried against every key of the person at once, and against as many that are nobody's for whoever has fewer:
it takes as long for one who does not exist. All that holds for a password said in clear (mail_clients.py) holds here.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from posthouse.base.errors import Denied
from posthouse.identity import app_passwords, entries, limits, mail_clients, queries, scram
from posthouse.identity.mail_clients import Admission
from posthouse.identity.models import AppPassword, User
from posthouse.wire.scram import Keys, Proof

MAX_TRIES = app_passwords.MAX_APP_PASSWORDS + 1


class Proved(NamedTuple):
    """`answer` is the server's last message, by which the client knows that we know its password too."""

    admission: Admission
    answer: bytes


class _Candidate(NamedTuple):
    """`row` is None for the person's own password."""

    row: AppPassword | None
    sealed: str


def admit(username: str, proof: Proof, *, protocol: str, ip: str, client: str = "") -> Proved:
    """Raises Denied or Limited. Some reading and a millisecond of hashing."""
    address = scram.address(username)
    limits.check_login(email=address, ip=ip)
    user = User.objects.filter(email=address).first()
    found, keys = _fitting(user, proof)
    if user is None or found is None or not user.is_active:
        limits.login_failed(email=address, ip=ip)
        entries.note_failed(user, via=protocol, ip=ip, client=client)
        raise Denied("invalid_credentials", "The address or the password is wrong.")
    limits.check_login(email=address, ip=ip)
    limits.login_succeeded(email=address, ip=ip)
    admission = _admission(user, found.row, protocol=protocol, ip=ip, client=client)
    return Proved(mail_clients.entered(admission, ip=ip, client=client), proof.answer(keys))


def _admission(user: User, row: AppPassword | None, *, protocol: str, ip: str, client: str) -> Admission:
    if row is None:
        return mail_clients.own_password(queries.as_actor(user, via=protocol), ip=ip, client=client)
    mail_clients.require_protocol(row, protocol=protocol, ip=ip, client=client)
    return mail_clients.used(row, protocol=protocol, ip=ip)


def _fitting(user: User | None, proof: Proof) -> tuple[_Candidate | None, Keys]:
    """Which of the person's passwords it was, and its keys. Goes through all, found or not."""
    rows = app_passwords.live_of(0 if user is None else user.id)[: MAX_TRIES - 1]
    own = "" if user is None else scram.keys_of(user.password)
    salt = scram.first_salt("") if user is None else scram.salt_for(user)
    candidates = [_Candidate(None, own), *(_Candidate(row, row.scram) for row in rows)]
    nobodys, nobodys_salt = _nobodys(), scram.first_salt("")
    found: tuple[_Candidate | None, Keys] = (None, Keys(b"", b""))
    for candidate in candidates:
        for keys in scram.opened(candidate.sealed, salt):
            if proof.fits(keys):
                found = (candidate, keys)
    for _ in range(MAX_TRIES - len(candidates)):
        for keys in scram.opened(nobodys, nobodys_salt):
            proof.fits(keys)
    return found


@cache
def _nobodys() -> str:
    return scram.sealed_keys(["nobody's", "password"], scram.first_salt(""))
