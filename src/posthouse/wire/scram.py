"""SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, 7677) as a server sees them, for IMAP and SMTP alike.

The client proves that it knows a password without saying it, and the server that it knows the password's keys. What
the server keeps (`Keys`) opens nothing by itself. With PLUS the proof also covers the TLS channel (RFC 5929), so that
somebody in the middle cannot pass it on.

Messages are bytes without base64, which is the doors' business. The nonce comes from outside: nothing here is random.

Invariants
- `read_first`, `challenge`, `read_final` are called in this order, once each.
- Everything the client said comes back into what the proof covers: both its messages and its GS2 header.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import stringprep
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import pbkdf2_hmac, sha256
from typing import NamedTuple

MECHANISMS = ("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256")
PLUS = "SCRAM-SHA-256-PLUS"
USUAL_BINDINGS = frozenset({"tls-unique", "tls-exporter"})
MAX_MESSAGE = 4_096
MAX_NONCE = 200
"""What comes back in our challenge, which is one line of SMTP."""
_KEY_BYTES = 32


class BadScram(Exception):
    """Not what the mechanism says; the text says what, and holds nothing the client sent."""


class Unbound(BadScram):
    """The channel is not the one the client means: a fault in its settings, or somebody in the middle."""


class Keys(NamedTuple):
    """What is kept of a password (§3): to check a proof, and to sign the answer."""

    stored: bytes
    server: bytes


def offered(bindings: Mapping[str, bytes]) -> tuple[str, ...]:
    """Which mechanisms a client is told of.

    PLUS only where the channel has the binding that clients use without asking: a client that finds PLUS offered and
    cannot bind that way fails and does not fall back (msmtp, mutt). Where only the certificate can be bound to, PLUS is
    taken from who asks for it.
    """
    return MECHANISMS if USUAL_BINDINGS & bindings.keys() else MECHANISMS[1:]


@dataclass(frozen=True, slots=True)
class Proof:
    """What the client proved itself with; whose keys fit is for those to find who hold keys."""

    covered: bytes
    given: bytes = field(repr=False)

    def fits(self, keys: Keys) -> bool:
        signature = hmac.digest(keys.stored, self.covered, "sha256")
        client_key = bytes(a ^ b for a, b in zip(self.given, signature, strict=True))
        return hmac.compare_digest(sha256(client_key).digest(), keys.stored)

    def answer(self, keys: Keys) -> bytes:
        """The last message, by which the client knows us."""
        signature = hmac.digest(keys.server, self.covered, "sha256")
        return b"v=" + base64.b64encode(signature)


class Exchange:
    """One log-in. `bindings` are those the channel can be bound by; `offers_plus` whether clients were told of PLUS."""

    __slots__ = ("_bindings", "_covered", "_is_plus", "_nonce", "_offers_plus", "_sealed_header")

    def __init__(self, mechanism: str, *, bindings: Mapping[str, bytes], offers_plus: bool) -> None:
        self._is_plus = mechanism == PLUS
        self._offers_plus = offers_plus
        self._bindings = bindings
        self._covered = self._nonce = self._sealed_header = b""

    def read_first(self, message: bytes) -> str:
        """The client's first message: who it says it is. Raises BadScram."""
        text = _text(message)
        flag, _, rest = text.partition(",")
        acting_for, comma, bare = rest.partition(",")
        if not comma:
            raise BadScram("There is no GS2 header.")
        header = f"{flag},{acting_for},".encode()
        self._sealed_header = base64.b64encode(header + self._bound(flag))
        name, nonce = _pairs(bare, "nr")[:2]
        username = _name(name)  # GNU SASL says "a=" for nobody
        if acting_for not in ("", "a=") and not (
            acting_for.startswith("a=") and _name(acting_for[2:]) == username
        ):
            raise BadScram("Nobody may act for another here.")
        if not 0 < len(nonce) <= MAX_NONCE:
            raise BadScram("There is no nonce, or a very long one.")
        self._nonce, self._covered = nonce.encode(), bare.encode()
        return username

    def _bound(self, flag: str) -> bytes:
        """What the channel is bound by (RFC 5802 §6), empty without PLUS."""
        if self._is_plus:
            if not flag.startswith("p=") or flag[2:] not in self._bindings:
                raise Unbound("The channel cannot be bound that way.")
            return self._bindings[flag[2:]]
        if flag == "y" and self._offers_plus:
            raise Unbound("Channel binding is offered; somebody hid it.")
        if flag not in ("n", "y"):
            raise BadScram("Channel binding is for the mechanism with PLUS.")
        return b""

    def challenge(self, salt: bytes, iterations: int, *, nonce: str) -> bytes:
        """Our first message; `nonce` is printable, without a comma."""
        self._nonce += nonce.encode("ascii")
        said = b"r=%b,s=%b,i=%d" % (self._nonce, base64.b64encode(salt), iterations)
        self._covered += b"," + said
        return said

    def read_final(self, message: bytes) -> Proof:
        """The client's last message. Raises BadScram for one that belongs to another exchange or channel."""
        text = _text(message)
        without_proof, _, proof = text.rpartition(",p=")
        header, nonce = _pairs(without_proof, "cr")[:2]
        given = _base64(proof)
        if len(given) != _KEY_BYTES:
            raise BadScram("That is no proof.")
        if not hmac.compare_digest(nonce.encode(), self._nonce):
            raise BadScram("The nonce is another.")
        if not hmac.compare_digest(header.encode(), self._sealed_header):
            raise Unbound("The channel is bound to something else.")
        return Proof(self._covered + b"," + without_proof.encode(), given)


def salted(password: str, salt: bytes, iterations: int) -> bytes:
    """The slow part (§3, Hi)."""
    return pbkdf2_hmac("sha256", prepared(password).encode("utf-8"), salt, iterations)


def keys(password: str, salt: bytes, iterations: int) -> Keys:
    """Raises ValueError for a password that SASLprep does not let pass."""
    slow = salted(password, salt, iterations)
    client_key = hmac.digest(slow, b"Client Key", "sha256")
    return Keys(sha256(client_key).digest(), hmac.digest(slow, b"Server Key", "sha256"))


def prepared(text: str) -> str:
    """SASLprep (RFC 4013) as for a stored string. Raises ValueError for what is prohibited, unassigned or empty."""
    mapped = "".join(" " if stringprep.in_table_c12(c) else c for c in text if not stringprep.in_table_b1(c))
    plain = unicodedata.ucd_3_2_0.normalize("NFKC", mapped)
    if not plain or any(table(c) for c in plain for table in _PROHIBITED):
        raise ValueError("not a text of SASLprep")
    if any(stringprep.in_table_d1(c) for c in plain):
        is_framed = stringprep.in_table_d1(plain[0]) and stringprep.in_table_d1(plain[-1])
        if not is_framed or any(stringprep.in_table_d2(c) for c in plain):
            raise ValueError("mixes directions of writing")
    return plain


_PROHIBITED = (
    stringprep.in_table_c12, stringprep.in_table_c21_c22, stringprep.in_table_c3, stringprep.in_table_c4,
    stringprep.in_table_c5, stringprep.in_table_c6, stringprep.in_table_c7, stringprep.in_table_c8,
    stringprep.in_table_c9, stringprep.in_table_a1,
)  # fmt: skip


def _text(message: bytes) -> str:
    if len(message) > MAX_MESSAGE or b"\0" in message:
        raise BadScram("The message is too long or holds a NUL.")
    try:
        return message.decode("utf-8")
    except UnicodeDecodeError:
        raise BadScram("The message is not UTF-8.") from None


def _pairs(text: str, names: str) -> list[str]:
    """The values of attributes that come in a fixed order; what comes behind them is extensions, let pass (§5.1).

    An extension that must be understood (`m=`) comes first, and none is.
    """
    found = text.split(",")
    if len(found) < len(names) or any(
        not pair.startswith(f"{name}=") for name, pair in zip(names, found, strict=False)
    ):
        raise BadScram("The attributes are not those of the mechanism.")
    return [pair[2:] for pair in found]


def _name(text: str) -> str:
    """`saslname`: a comma is =2C, an equals sign =3D, and no other `=` may stand there."""
    if "=" in text.replace("=2C", "").replace("=3D", ""):
        raise BadScram("The name is not written as it should be.")
    try:
        return prepared(text.replace("=2C", ",").replace("=3D", "="))
    except ValueError:
        raise BadScram("The name has characters that no name has.") from None


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadScram("That is not base64.") from None
