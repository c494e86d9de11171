"""Public keys that domains publish (RFC 6376 §3.6.1, RFC 8463 §4, RFC 8301 §3.2), and what they prove."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from posthouse.wire.auth.dns import Ask
from posthouse.wire.auth.tags import BadTags, read_base64, read_tags, words

MIN_RSA_BITS = 1024
MAX_RSA_BITS = 4096
MAX_RECORDS = 5


class BadKey(ValueError):
    """No key that can be used. `result` is what the signature gets for it."""

    def __init__(self, problem: str, result: str = "permerror") -> None:
        super().__init__(problem)
        self.result = result


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    public: RSAPublicKey | Ed25519PublicKey
    kind: str
    is_test: bool = False
    is_strict: bool = False
    """`t=s`: the agent's domain must be the signing domain itself."""


async def fetch_key(ask: Ask, *, selector: str, domain: str, kind: str) -> Key:
    """The key of a signature with that kind of algorithm. Raises BadKey, NoAnswer.

    Several records are not foreseen (RFC 6376 §3.6.2.2); the first that is a key counts, since
    other records may stand there.
    """
    records = (await ask(f"{selector}._domainkey.{domain}", "TXT"))[:MAX_RECORDS]
    problem = BadKey("no key is published")
    for record in records:
        try:
            key = read_key(record)
        except BadKey as bad:
            problem = bad
            continue
        if key.kind != kind:
            problem = BadKey("the key is for another algorithm")
            continue
        return key
    raise problem


@functools.lru_cache(maxsize=512)
def read_key(record: str) -> Key:
    """Raises BadKey."""
    try:
        tags = read_tags(record)
        version = tags.get("v", "DKIM1")
        if version != "DKIM1" or ("v" in tags and next(iter(tags)) != "v"):
            raise BadKey("the record is no key")
        if "p" not in tags:
            raise BadKey("the record has no key")
        if not tags["p"]:
            raise BadKey("the key was revoked")
        if "h" in tags and "sha256" not in words(tags["h"]):
            raise BadKey("the key is for other hashes")
        if not {"*", "email"} & set(words(tags.get("s", "*"))):
            raise BadKey("the key is not for mail")
        kind = tags.get("k", "rsa")
        flags = words(tags.get("t", ""))
        return Key(
            public=_public(kind, read_base64(tags["p"])),
            kind=kind,
            is_test="y" in flags,
            is_strict="s" in flags,
        )
    except BadTags as bad:
        raise BadKey("the key cannot be read") from bad


def _public(kind: str, data: bytes) -> RSAPublicKey | Ed25519PublicKey:
    try:
        if kind == "ed25519":
            return Ed25519PublicKey.from_public_bytes(data)
        found = load_der_public_key(data) if kind == "rsa" else None
    except (ValueError, UnsupportedAlgorithm) as bad:
        raise BadKey("the key cannot be read") from bad
    if not isinstance(found, RSAPublicKey):
        raise BadKey("the key is of an unknown kind")
    if not MIN_RSA_BITS <= found.key_size <= MAX_RSA_BITS:
        raise BadKey(f"the key has {found.key_size} bits", "policy")
    return found


def is_signed_by(key: Key, signature: bytes, data: bytes) -> bool:
    """Ed25519 signs the hash (RFC 8463 §3)."""
    try:
        if isinstance(key.public, RSAPublicKey):
            key.public.verify(signature, data, PKCS1v15(), SHA256())
        else:
            key.public.verify(signature, hashlib.sha256(data).digest())
    except InvalidSignature:
        return False
    return True
