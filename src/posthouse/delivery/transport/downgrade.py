"""Messages for servers that take less than their sender said: 8-bit bytes for those that take seven (RFC 6152 §3), any
bytes for those that take lines (RFC 3030 §3). Re-encoded, never stripped."""

from __future__ import annotations

import binascii
import io
import re
from collections.abc import Iterator
from email import policy
from email.generator import BytesGenerator
from email.parser import BytesParser

from posthouse.wire.mime.part import Part
from posthouse.wire.mime.scan import scan
from posthouse.wire.smtp.content import has_bare_bytes

BASE64_LINE_BYTES = 57

_SEVEN_BIT = policy.compat32.clone(cte_type="7bit", linesep="\r\n", max_line_length=0)


# What the standard library raises on charsets and structures it did not expect.
_LIBRARY_FAILURES = (ValueError, LookupError, TypeError, AttributeError)


_ENCODING = re.compile(
    rb"^content-transfer-encoding[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*", re.IGNORECASE | re.MULTILINE
)


def without_binary(message: bytes) -> bytes:
    """The message with every part that holds bare CR, LF or NUL in base64; all other bytes stay.

    Parts are found by their offsets, so what did not have to change is the same. What holds such parts is no longer
    labelled binary itself (RFC 2045 §6.4).
    """
    if not has_bare_bytes(message):
        return message
    pieces, at = [], 0
    for part in _binary_parts(scan(message).root):
        header = message[part.header_start : part.body_start].removesuffix(b"\r\n")
        body = b"" if part.children else message[part.body_start : part.body_end]
        label = b"base64" if has_bare_bytes(body) else b"8bit"
        pieces += [message[at : part.header_start], _ENCODING.sub(b"", header)]
        pieces.append(b"Content-Transfer-Encoding: " + label + b"\r\n\r\n")
        pieces.append(_base64(body) if label == b"base64" else body)
        at = part.body_start if part.children else part.body_end
    pieces.append(message[at:])
    return b"".join(pieces)


def _binary_parts(root: Part) -> Iterator[Part]:
    """In the order of the message."""
    ahead = [root]
    while ahead:
        part = ahead.pop()
        ahead += reversed(part.children)
        if part.encoding == "binary":
            yield part


def _base64(body: bytes) -> bytes:
    lines = (
        binascii.b2a_base64(body[at : at + BASE64_LINE_BYTES], newline=False)
        for at in range(0, len(body), BASE64_LINE_BYTES)
    )
    return b"\r\n".join(lines)


def to_7bit(message: bytes) -> bytes | None:
    """The message with 8-bit parts in quoted-printable or base64, or None if that cannot be done.

    Signatures over the body break; the other way is to bounce.
    """
    out = io.BytesIO()
    try:
        parsed = BytesParser(policy=policy.compat32).parsebytes(message)
        BytesGenerator(out, mangle_from_=False, policy=_SEVEN_BIT).flatten(parsed)
    except _LIBRARY_FAILURES:
        return None
    converted = out.getvalue()
    return converted if converted.isascii() else None
