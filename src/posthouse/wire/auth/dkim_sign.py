"""Signing mail with DKIM (RFC 6376 §5, RFC 8463), and the records that publish the keys.

Relaxed in both forms, since servers on the way fold and rewrap. Fields that a reader goes by are signed once more than
they are there (§5.4.2, "oversigned"), so that nobody can put a second From above the first.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from posthouse.wire.auth.message import Message, signed_header, with_crlf

RSA, ED25519 = "rsa", "ed25519"
RSA_BITS = 2048
"""RFC 8301 §3.2; longer ones do not fit one string of a TXT record, and some verifiers know none."""
OVERSIGNED = (b"from", b"to", b"cc", b"subject", b"date", b"reply-to", b"content-type", b"mime-version")
SIGNED = frozenset(
    (
        *OVERSIGNED,
        b"message-id",
        b"in-reply-to",
        b"references",
        b"content-transfer-encoding",
        b"content-disposition",
        b"list-id",
        b"list-unsubscribe",
        b"list-unsubscribe-post",
        b"auto-submitted",
        b"sender",
    )
)
_LINE_CHARS = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    domain: str
    selector: str
    private: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)

    @property
    def kind(self) -> str:
        return RSA if isinstance(self.private, RSAPrivateKey) else ED25519

    @property
    def name(self) -> str:
        """Where the DNS publishes it."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        """What it publishes (RFC 6376 §3.6.1)."""
        public = self.private.public_key()
        if isinstance(self.private, RSAPrivateKey):
            data = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        else:
            data = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        return f"v=DKIM1; k={self.kind}; p={base64.b64encode(data).decode()}"

    def signature(self, data: bytes) -> bytes:
        """Ed25519 signs the hash (RFC 8463 §3)."""
        if isinstance(self.private, RSAPrivateKey):
            return self.private.sign(data, PKCS1v15(), SHA256())
        return self.private.sign(hashlib.sha256(data).digest())

    def dump(self) -> bytes:
        """PKCS #8 in DER, in clear: to be sealed."""
        return self.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def new_private(kind: str) -> RSAPrivateKey | Ed25519PrivateKey:
    """An RSA key takes some tenths of a second."""
    return generate_private_key(65537, RSA_BITS) if kind == RSA else Ed25519PrivateKey.generate()


def load_private(data: bytes) -> RSAPrivateKey | Ed25519PrivateKey:
    """What `dump` gave; raises ValueError."""
    private = load_der_private_key(data, password=None)
    if not isinstance(private, RSAPrivateKey | Ed25519PrivateKey):
        raise ValueError("a key of a kind that DKIM does not know")
    return private


def sign(content: bytes, keys: Iterable[SigningKey], *, now: int) -> bytes:
    """The mail with a DKIM-Signature of each key on top, every line ended by CRLF as it will be on the wire."""
    content = with_crlf(content)
    return signatures(content, keys, now=now) + content


def signatures(content: bytes, keys: Iterable[SigningKey], *, now: int) -> bytes:
    """A DKIM-Signature of each key for mail whose every line ends in CRLF; no copy of it is made.

    A header that cannot be read as one is left unsigned: a signature on it would say nothing.
    """
    message = Message(content)
    if not message.is_readable or not message.named(b"from"):
        return b""
    names = covered(message)
    return b"".join(
        signature_field("DKIM-Signature", message, key, first="v=1", names=names, now=now) for key in keys
    )


def signature_field(
    name: str, message: Message, key: SigningKey, *, first: str, names: list[bytes], now: int
) -> bytes:
    """A signature's whole field: `first` is the tag that leads it, `names` the fields that it covers."""
    body_hash = base64.b64encode(message.body_hash("relaxed", None)).decode()
    tags = [
        first,
        f"a={key.kind}-sha256",
        "c=relaxed/relaxed",
        f"d={key.domain}",
        f"s={key.selector}",
        f"t={now}",
        "h=" + ":".join(name.decode() for name in names),
        f"bh={body_hash}",
        "b=",
    ]
    own = folded(name, tags).encode()
    data = signed_header(message, names, own + b"\r\n", header_canon="relaxed")
    return with_value(own, key.signature(data))


def with_value(own: bytes, signature: bytes) -> bytes:
    """The field with the signature behind its last, empty `b=`."""
    value = base64.b64encode(signature).decode()
    lines = [value[at : at + _LINE_CHARS] for at in range(0, len(value), _LINE_CHARS)]
    return own + b"\r\n " + "\r\n ".join(lines).encode() + b"\r\n"


def covered(message: Message) -> list[bytes]:
    """Every field there is of those that are signed, from the bottom up as they count, and the oversigned once more."""
    there = [name for name, _ in message.fields if name in SIGNED]
    return [*there, *OVERSIGNED]


def folded(name: str, tags: list[str]) -> str:
    """A field of tags in lines; within `h=` it may break at a colon."""
    text = line = f"{name}: "
    for tag in tags:
        for piece in re.findall(r"[^:]+:?", tag + ("" if tag == "b=" else ";")):
            if len(line) + len(piece) > _LINE_CHARS:
                text += "\r\n "
                line = " "
            elif not line.endswith((":", " ")):
                text += " "
                line += " "
            text += piece
            line += piece
    return text
