"""Sealing mail that is passed on (RFC 8617 §5.1): what we saw when it came, vouched for, for whoever gets it next.

A forwarder breaks SPF, and may break signatures; a seal says that they held when the mail came here. A chain that is
broken, or as long as it may be, is left as it is: one more seal on it would say nothing.
"""

from __future__ import annotations

from posthouse.wire.auth.arc import MAX_SETS
from posthouse.wire.auth.dkim_sign import SigningKey, covered, folded, signature_field, with_value
from posthouse.wire.auth.message import Message, canonical_field, with_crlf
from posthouse.wire.auth.tags import BadTags, read_number, read_tags

RESULTS, SIGNATURE, SEAL = "ARC-Authentication-Results", "ARC-Message-Signature", "ARC-Seal"
_KINDS = tuple(name.lower().encode() for name in (RESULTS, SIGNATURE, SEAL))


def arc_seal(content: bytes, key: SigningKey, *, results: str, chain: str, now: int) -> bytes:
    """The mail with one more set on top, every line ended by CRLF."""
    content = with_crlf(content)
    return arc_fields(content, key, results=results, chain=chain, now=now) + content


def arc_fields(content: bytes, key: SigningKey, *, results: str, chain: str, now: int) -> bytes:
    """The set that goes on top of mail whose every line ends in CRLF; no copy of it is made.

    `results` is what an Authentication-Results field says of it, with our name and without the field's; `chain` what
    came of the chain it brought: none, pass, or anything else, with which it is not sealed.
    """
    message = Message(content)
    number = _next(message)
    if number is None or chain != ("none" if number == 1 else "pass") or not message.named(b"from"):
        return b""
    told = f"{RESULTS}: i={number}; {' '.join(results.split())}"
    results_field = _wrapped(told).encode()
    names = [name for name in covered(message) if not name.startswith(b"arc-")]
    names += [b"dkim-signature"] * len(message.named(b"dkim-signature"))
    signature = signature_field(SIGNATURE, message, key, first=f"i={number}", names=names, now=now)
    seal = _seal(message, key, [results_field, signature], number=number, now=now)
    return seal + signature + results_field


def _next(message: Message) -> int | None:
    """The number of the set to come; None where those there are no chain that can be gone on with."""
    if not message.is_readable:
        return None
    try:
        counts = {len(_by_number(message, kind)) for kind in _KINDS}
    except BadTags:
        return None
    count = counts.pop()
    return count + 1 if not counts and count < MAX_SETS else None


def _by_number(message: Message, kind: bytes) -> dict[int, bytes]:
    """Fields of a kind by their number, from 1 without gaps; raises BadTags."""
    found: dict[int, bytes] = {}
    for field in message.named(kind):
        text = field.partition(b":")[2].decode("latin-1")
        number = read_number(read_tags(text.partition(";")[0] if kind == _KINDS[0] else text).get("i"))
        if number is None or number in found:
            raise BadTags("a chain with gaps, or doubles")
        found[number] = field
    if set(found) != set(range(1, len(found) + 1)):
        raise BadTags("a chain with gaps, or doubles")
    return found


def _seal(message: Message, key: SigningKey, own: list[bytes], *, number: int, now: int) -> bytes:
    """Covers all sets in order, this one's seal last and without its value (§5.1.1)."""
    tags = [
        f"i={number}",
        f"a={key.kind}-sha256",
        f"cv={'none' if number == 1 else 'pass'}",
        f"d={key.domain}",
        f"s={key.selector}",
        f"t={now}",
        "b=",
    ]
    seal = folded(SEAL, tags).encode()
    before = [_by_number(message, kind) for kind in _KINDS]
    fields = [kind[earlier] for earlier in range(1, number) for kind in before]
    data = b"".join(canonical_field(field, "relaxed") for field in [*fields, *own])
    data += canonical_field(seal + b"\r\n", "relaxed").removesuffix(b"\r\n")
    return with_value(seal, key.signature(data))


def _wrapped(text: str) -> str:
    """Folded behind semicolons."""
    return text.replace("; ", ";\r\n ") + "\r\n"
