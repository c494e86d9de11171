"""Python's `email` and Posthouse agree on the structure of odd messages, and their bytes come out as they went in."""

from __future__ import annotations

import email
import random
from collections.abc import Iterator
from email.message import Message
from typing import Any

import pytest

from tests.conformance.imap_values import fetched
from tests.conformance.odd_messages import message
from tests.imapd.client import Client

pytestmark = pytest.mark.conformance
SEED, MESSAGES, AT_ONCE = 5, 600, 50


def ours(structure: list[Any]) -> Any:
    """Type and encoding of a leaf, or the type with what is inside."""
    if isinstance(structure[0], list):
        count = next(at for at, part in enumerate(structure) if not isinstance(part, list))
        return f"multipart/{_text(structure[count])}", [ours(part) for part in structure[:count]]
    kind = f"{_text(structure[0])}/{_text(structure[1])}"
    if kind == "message/rfc822":
        return kind, [ours(structure[8])]
    return kind, _text(structure[5])


def theirs(part: Message) -> Any:
    kind = part.get_content_type()
    payload = part.get_payload()
    if isinstance(payload, list) and payload:
        return kind, [theirs(inner) for inner in payload if isinstance(inner, Message)]
    return kind, str(part.get("Content-Transfer-Encoding", "7bit")).strip().lower()


def _text(value: bytes) -> str:
    return value.decode("ascii").lower()


def test_structures_and_bytes(client: Client) -> None:
    random_ = random.Random(SEED)
    raws = [message(random_, number) for number in range(1, MESSAGES + 1)]
    for start in range(0, MESSAGES, AT_ONCE):
        some = raws[start : start + AT_ONCE]
        client.ok(b"APPEND INBOX" + b"".join(b" {%d+}\r\n" % len(raw) + raw for raw in some))
    differences = []
    lines = client.ok(b"FETCH 1:* (BODYSTRUCTURE BODY.PEEK[] RFC822.SIZE)").lines(b"BODYSTRUCTURE")
    assert len(lines) == MESSAGES
    for line, raw in zip(lines, raws, strict=True):
        number, items = fetched(line)
        assert items[b"BODY[]"] == raw and int(items[b"RFC822.SIZE"]) == len(raw)
        shown = ours(items[b"BODYSTRUCTURE"]), theirs(email.message_from_bytes(raw))
        if shown[0] != shown[1]:
            differences.append((number, *shown))
    assert not differences, differences[:5]


def test_decoded_parts(client: Client) -> None:
    """BINARY undoes base64 and quoted-printable to the bytes that `email` finds."""
    random_ = random.Random(SEED + 1)
    for number in range(1, 121):
        raw = message(random_, number)
        client.ok(b"APPEND INBOX {%d+}\r\n" % len(raw) + raw)
        for path, part in _leaves(email.message_from_bytes(raw), ""):
            if str(part.get("Content-Transfer-Encoding", "")).lower() not in ("base64", "quoted-printable"):
                continue
            (line,) = client.ok(b"FETCH %d BINARY.PEEK[%b]" % (number, path.encode())).lines(b"BINARY")
            assert fetched(line)[1][b"BINARY[%b]" % path.encode()] == part.get_payload(decode=True), (
                raw,
                path,
            )


def _leaves(part: Message, prefix: str) -> Iterator[tuple[str, Message]]:
    """With their IMAP numbers."""
    payload = part.get_payload()
    if part.is_multipart() and isinstance(payload, list) and part.get_content_maintype() == "multipart":
        for index, inner in enumerate(payload, 1):
            assert isinstance(inner, Message)
            yield from _numbered(inner, f"{prefix}{index}")
    else:
        yield from _numbered(part, f"{prefix}1")


def _numbered(part: Message, number: str) -> Iterator[tuple[str, Message]]:
    payload = part.get_payload()
    if part.get_content_type() == "message/rfc822" and isinstance(payload, list):
        assert isinstance(payload[0], Message)
        yield from _leaves(payload[0], f"{number}.")
    elif part.is_multipart():
        yield from _leaves(part, f"{number}.")
    else:
        yield number, part
