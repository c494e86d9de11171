"""The chain of forwarders that say what they saw (RFC 8617): whether it is whole, and who is in it.

A whole chain proves who handled the message, not that they told the truth: whom to believe is the operator's to say.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from posthouse.wire.auth import dkim
from posthouse.wire.auth.dns import Ask, NoAnswer, is_name, plain_name
from posthouse.wire.auth.keys import BadKey, fetch_key, is_signed_by
from posthouse.wire.auth.message import Message, canonical_field, without_signature
from posthouse.wire.auth.results import Header, read_body
from posthouse.wire.auth.tags import BadTags, read_base64, read_number, read_tags

MAX_SETS = 20
"""RFC 8617 §4.2.1 allows 50; each costs a question to the DNS and a signature, and no mail passes so many hands."""

_KINDS = {"rsa-sha256": "rsa", "ed25519-sha256": "ed25519"}
_RESULTS, _SIGNATURE, _SEAL = b"arc-authentication-results", b"arc-message-signature", b"arc-seal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """`result` is none, pass, fail or temperror; `sealers` the domains in order, `seen` what each said it saw."""

    result: str
    sealers: tuple[str, ...] = ()
    seen: tuple[Header, ...] = field(default=(), repr=False)
    problem: str = ""


class _Broken(ValueError):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class _Set:
    results: bytes
    signature: bytes
    seal: bytes
    tags: dict[str, str]


async def verify(ask: Ask, message: Message, *, now: int) -> Arc:
    """RFC 8617 §5.2. Never raises."""
    seals = message.named(_SEAL) if message.is_readable else []
    if not (seals or message.named(_SIGNATURE) or message.named(_RESULTS)):
        return Arc(result="none")
    try:
        sets = _sets(message)
        sealers = tuple(plain_name(one.tags["d"]) for one in sets)
        seen = tuple(_seen(one.results) for one in sets)
        await dkim.check(ask, message, dkim.read_signature(sets[-1].signature, is_arc=True), now=now)
        for number in range(len(sets), 0, -1):
            await _check_seal(ask, message, sets[:number])
    except dkim.Refusal as refusal:
        return Arc(result="fail", problem=str(refusal))
    except (_Broken, BadTags, BadKey) as bad:
        return Arc(result="fail", problem=str(bad))
    except NoAnswer:
        return Arc(result="temperror", problem="no answer from the DNS")
    return Arc(result="pass", sealers=sealers, seen=seen)


def _sets(message: Message) -> list[_Set]:
    """Numbered 1 to N, each with its three fields, each saying that those before were whole."""
    kinds = [
        _numbered(message.named(name), has_tags=name != _RESULTS) for name in (_RESULTS, _SIGNATURE, _SEAL)
    ]
    count = len(kinds[2])
    if not 0 < count <= MAX_SETS or any(set(kind) != set(range(1, count + 1)) for kind in kinds):
        raise _Broken("the chain has gaps, or is too long")
    found = []
    for number in range(1, count + 1):
        results, signature, seal = (kind[number] for kind in kinds)
        tags = _tags(seal)
        if tags.get("cv", "").lower() != ("none" if number == 1 else "pass"):
            raise _Broken("the chain was broken before")
        if not tags.get("d") or not tags.get("s") or "h" in tags:
            raise _Broken("a seal that cannot be read")
        found.append(_Set(results=results, signature=signature, seal=seal, tags=tags))
    return found


def _numbered(fields: list[bytes], *, has_tags: bool) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for one in fields[: MAX_SETS + 1]:
        text = one.partition(b":")[2].decode("latin-1")
        instance = _tags(one).get("i") if has_tags else read_tags(text.partition(";")[0]).get("i")
        number = read_number(instance)
        if number is None or number in found:
            raise _Broken("the chain has gaps, or doubles")
        found[number] = one
    return found


async def _check_seal(ask: Ask, message: Message, sets: list[_Set]) -> None:
    """A seal covers all sets up to its own, in order, itself without its `b=` (RFC 8617 §5.1.1)."""
    tags = sets[-1].tags
    kind, domain, selector = _KINDS.get(tags.get("a", "").lower()), plain_name(tags["d"]), tags["s"].lower()
    if kind is None or not is_name(f"{selector}._domainkey.{domain}"):
        raise _Broken("a seal of an unknown kind")
    key = await fetch_key(ask, selector=selector, domain=domain, kind=kind)
    fields = [field for one in sets for field in (one.results, one.signature, one.seal)]
    parts = [message.canonical(field, "relaxed") for field in fields[:-1]]
    parts.append(canonical_field(without_signature(fields[-1]), "relaxed"))
    data = b"".join(parts).removesuffix(b"\r\n")
    if not is_signed_by(key, read_base64(tags.get("b", "")), data):
        raise _Broken("a seal does not hold")


def _seen(field: bytes) -> Header:
    text = field.partition(b":")[2].decode("utf-8", "replace")
    return read_body(text.partition(";")[2]) or Header(authserv_id="", results=())


def _tags(field: bytes) -> dict[str, str]:
    return read_tags(field.partition(b":")[2].decode("latin-1"))
