"""DKIM signatures (RFC 6376, RFC 8463, RFC 8301): who answers for a message, and whether it came as it was signed.

Choices where the RFC leaves one
- A signature that leaves the end of the body open (`l=` shorter than the body) is "policy": anybody may have written
  what follows (RFC 6376 §8.2).
- SHA-1 and keys under 1024 bits prove nothing: "policy" (RFC 8301 §3). So does a signature after its `x=`.
- A second From, Subject or the like that is not signed too makes it "policy": it may be the one that is shown (§8.15).
- A key in test mode (`t=y`) makes a failure "neutral"; what it proves is proved all the same.
- More than MAX_SIGNATURES are not looked at: each costs a question to the DNS.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace

from posthouse.wire.auth.dns import Ask, NoAnswer, is_below, is_name, plain_name
from posthouse.wire.auth.keys import BadKey, fetch_key, is_signed_by
from posthouse.wire.auth.message import Message, TooMuchWork, signed_header, unsigned_double
from posthouse.wire.auth.tags import BadTags, read_base64, read_number, read_tags, words

MAX_SIGNATURES = 8
MAX_SIGNED_NAMES = 500
CLOCK_SLACK_SECONDS = 300

_KINDS = {"rsa-sha256": "rsa", "ed25519-sha256": "ed25519"}
_CANONS = ("simple", "relaxed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dkim:
    """`result` is pass, fail, policy, neutral, temperror or permerror (RFC 8601 §2.7.1); `b` as much as names it."""

    result: str
    domain: str = ""
    selector: str = ""
    algorithm: str = ""
    b: str = ""
    problem: str = ""
    is_test: bool = False


class Refusal(ValueError):
    """Why a signature proves nothing, and the result it gets."""

    def __init__(self, problem: str, result: str = "neutral") -> None:
        super().__init__(problem)
        self.result = result


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A DKIM-Signature or ARC-Message-Signature field, read and found well formed."""

    field: bytes
    algorithm: str
    domain: str
    selector: str
    agent: str
    header_canon: str
    body_canon: str
    names: tuple[bytes, ...]
    length: int | None
    body_hash: bytes
    value: bytes
    signed_at: int | None
    expires_at: int | None


def signatures(message: Message) -> list[bytes]:
    """The fields that are looked at, the newest first."""
    return message.named(b"dkim-signature")[:MAX_SIGNATURES] if message.is_readable else []


def hash_bodies(
    message: Message, *, names: tuple[bytes, ...] = (b"dkim-signature", b"arc-message-signature")
) -> None:
    """Do what costs most for a large message, and needs no DNS: for a thread. Later it is at hand."""
    for name in names:
        for field in message.named(name)[:MAX_SIGNATURES]:
            try:
                signature = read_signature(field, is_arc=name != b"dkim-signature")
                message.body_hash(signature.body_canon, signature.length)
            except (BadTags, Refusal, TooMuchWork):
                continue


async def verify(ask: Ask, message: Message, field: bytes, *, now: int) -> Dkim:
    """Verify one of `signatures(message)`. Never raises."""
    found = Dkim(result="pass")
    try:
        tags = _tags_of(field)
        found = Dkim(
            result="pass",
            domain=plain_name(tags.get("d", "")),
            selector=tags.get("s", "").lower(),
            algorithm=tags.get("a", "").lower(),
            b="".join(tags.get("b", "").split())[:8],
        )
        signature = _signature(field, tags, is_arc=False)
        is_test = await check(ask, message, signature, now=now)
    except Refusal as refusal:
        return replace(found, result=refusal.result, problem=str(refusal))
    except BadTags as bad:
        return replace(found, result="neutral", problem=str(bad))
    except NoAnswer:
        return replace(found, result="temperror", problem="no answer from the DNS")
    return replace(found, is_test=is_test)


async def check(ask: Ask, message: Message, signature: Signature, *, now: int) -> bool:
    """Whether the key is in test mode. Raises Refusal when the signature does not hold, NoAnswer."""
    if signature.expires_at is not None and signature.expires_at + CLOCK_SLACK_SECONDS < now:
        raise Refusal("the signature has expired", "policy")
    try:
        key = await fetch_key(
            ask, selector=signature.selector, domain=signature.domain, kind=_KINDS[signature.algorithm]
        )
    except BadKey as bad:
        raise Refusal(str(bad), bad.result) from bad
    if key.is_strict and signature.agent != signature.domain:
        raise Refusal("the key signs for its own domain only", "permerror")
    bad_result = "neutral" if key.is_test else "fail"
    try:
        body_hash = message.body_hash(signature.body_canon, signature.length)
    except TooMuchWork as bad:
        raise Refusal(str(bad), "policy") from bad
    if not hmac.compare_digest(body_hash, signature.body_hash):
        raise Refusal("the body was changed", bad_result)
    data = signed_header(message, signature.names, signature.field, header_canon=signature.header_canon)
    if not is_signed_by(key, signature.value, data):
        raise Refusal("the header was changed, or the signature is another's", bad_result)
    if (double := unsigned_double(message, signature.names)) is not None:
        raise Refusal(f"one {double.decode()} of several is not signed", "policy")
    whole = message.body_length(signature.body_canon)
    if signature.length is not None and signature.length != whole:
        raise Refusal(
            "only a part of the body is signed", "policy" if signature.length < whole else bad_result
        )
    return key.is_test


def read_signature(field: bytes, *, is_arc: bool = False) -> Signature:
    """Raises Refusal, BadTags."""
    return _signature(field, _tags_of(field), is_arc=is_arc)


def _signature(field: bytes, tags: dict[str, str], *, is_arc: bool) -> Signature:
    missing = [tag for tag in ("a", "b", "bh", "d", "h", "s") if not tags.get(tag)]
    if missing:
        raise Refusal(f"no {missing[0]}=")
    if not is_arc and tags.get("v") != "1":
        raise Refusal("an unknown version")
    algorithm = tags["a"].lower()
    if algorithm not in _KINDS:
        raise Refusal(f"an algorithm that proves nothing: {algorithm[:30]}", "policy")
    domain, selector = plain_name(tags["d"]), tags["s"].lower()
    if not is_name(f"{selector}._domainkey.{domain}"):
        raise Refusal("no domain can look like that")
    agent = domain if is_arc else plain_name(tags.get("i", "@" + domain).rpartition("@")[2])
    if not is_below(agent, domain):
        raise Refusal("i= is not of the signing domain")
    if "dns/txt" not in words(tags.get("q", "dns/txt").lower()):
        raise Refusal("keys that are not in the DNS")
    header_canon, _, body_canon = tags.get("c", "simple/simple").lower().partition("/")
    body_canon = body_canon or "simple"
    if header_canon not in _CANONS or body_canon not in _CANONS:
        raise Refusal("an unknown canonical form")
    signed_at, expires_at = read_number(tags.get("t")), read_number(tags.get("x"))
    if signed_at is not None and expires_at is not None and expires_at <= signed_at:
        raise Refusal("x= lies before t=")
    return Signature(
        field=field,
        algorithm=algorithm,
        domain=domain,
        selector=selector,
        agent=agent,
        header_canon=header_canon,
        body_canon=body_canon,
        names=_signed_names(tags["h"], is_arc=is_arc),
        length=read_number(tags.get("l")),
        body_hash=read_base64(tags["bh"]),
        value=read_base64(tags["b"]),
        signed_at=signed_at,
        expires_at=expires_at,
    )


def _signed_names(text: str, *, is_arc: bool) -> tuple[bytes, ...]:
    names = tuple(name.lower().encode("latin-1", "replace") for name in words(text))
    if len(names) > MAX_SIGNED_NAMES:
        raise Refusal("too many signed fields", "policy")
    if b"from" not in names:
        raise Refusal("From is not signed", "permerror")
    if is_arc and b"arc-seal" in names:
        raise Refusal("ARC-Seal is signed", "permerror")
    return names


def _tags_of(field: bytes) -> dict[str, str]:
    return read_tags(field.partition(b":")[2].decode("latin-1"))
