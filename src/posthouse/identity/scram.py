"""What is kept of a password for SCRAM (RFC 5802): its keys, sealed, beside the hash that it is checked by.

All passwords of one person have one salt and one count of iterations, since both are said before it is known which
password the client will prove: the server tries the proof against each. The salt is a keyed hash of the address, so
that one for nobody's address looks the same and stays the same; who logs in with another address keeps their old salt
(`keep_salt`). Keys open nothing but could be guessed against, so they lie sealed: a stolen database tells nothing.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from posthouse.base import sealing
from posthouse.base.errors import Failure
from posthouse.identity.addresses import normal_address
from posthouse.identity.models import User
from posthouse.wire import scram
from posthouse.wire.scram import Keys

ITERATIONS = 16_384
"""RFC 7677 §4: some 15,000 for what phones must count too. Random passwords need none of it."""
_PURPOSE = "scram"
_SALT_BYTES = 16
_KEY_BYTES = 32


class Salted(NamedTuple):
    salt: bytes
    iterations: int


def first_salt(email: str) -> bytes:
    """That of an address nobody has had another salt for; asks nobody."""
    name = address(email) or email
    return hmac.digest(sealing.derived("scram salt"), name.encode("utf-8", "replace"), "sha256")[:_SALT_BYTES]


def salt_of(email: str) -> Salted:
    """What anybody is told who says they are this; the same for nobody."""
    user = User.objects.filter(email=address(email)).first()
    return Salted(first_salt(email) if user is None else salt_for(user), ITERATIONS)


def salt_for(user: User) -> bytes:
    return bytes.fromhex(user.scram_salt) if user.scram_salt else first_salt(user.email)


def address(email: str) -> str:
    """As log-ins know it; empty for what is none."""
    try:
        return normal_address(email)
    except Failure:
        return ""


def keep_salt(user: User) -> str:
    """The column's value for who gets another address. Their salt stays, with all keys made with it."""
    return salt_for(user).hex()


def sealed_keys(spellings: Iterable[str], salt: bytes) -> str:
    """Keys of each way to write one password; empty where SASLprep lets none pass. Slow: some 10 ms for each."""
    made = b""
    for spelling in spellings:
        try:
            made += b"".join(scram.keys(spelling, salt, ITERATIONS))
        except ValueError:
            continue
    return sealing.seal(_head(salt) + made, purpose=_PURPOSE) if made else ""


def opened(sealed: str, salt: bytes) -> list[Keys]:
    """The keys, if they were made with this salt and today's iterations; else none, and they are to be made anew."""
    if not sealed:
        return []
    try:
        plain = sealing.unseal(sealed, purpose=_PURPOSE)
    except sealing.Unsealable:
        return []
    head = _head(salt)
    if not plain.startswith(head):
        return []
    return list(_split(plain[len(head) :]))


def _head(salt: bytes) -> bytes:
    return ITERATIONS.to_bytes(4, "big") + salt


def _split(keys: bytes) -> Iterator[Keys]:
    for at in range(0, len(keys), 2 * _KEY_BYTES):
        yield Keys(keys[at : at + _KEY_BYTES], keys[at + _KEY_BYTES : at + 2 * _KEY_BYTES])


# --- beside a person's own password ---------------------------------------------------------------


def with_keys(hashed: str, password: str, salt: bytes) -> str:
    """A hash of Argon2id with the password's keys behind it, as the column keeps both (hashing.py)."""
    sealed = sealed_keys([password], salt)
    return f"{without_keys(hashed)}${sealed}" if sealed else hashed


def without_keys(hashed: str) -> str:
    return hashed.rpartition("$")[0] if _has_keys(hashed) else hashed


def keys_of(hashed: str) -> str:
    return hashed.rpartition("$")[2] if _has_keys(hashed) else ""


def _has_keys(hashed: str) -> bool:
    """`argon2$argon2id$v=19$m=…,t=…,p=…$salt$hash`, and then ours."""
    return hashed.startswith("argon2$") and hashed.count("$") == 6


def is_right(password: str, sealed: str, salt: bytes) -> bool:
    """Whether a password is the one whose keys these are, for a tenth of what Argon2id costs; no keys cost the same."""
    kept = opened(sealed, salt) or [Keys(b"", b"")]
    try:
        return hmac.compare_digest(scram.keys(password, salt, ITERATIONS).stored, kept[0].stored)
    except ValueError:
        return False
