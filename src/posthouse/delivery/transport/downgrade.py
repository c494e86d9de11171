"""Messages with 8-bit bytes for servers that take only seven (RFC 6152 §3): re-encoded, never stripped."""

from __future__ import annotations

import io
from email import policy
from email.generator import BytesGenerator
from email.parser import BytesParser

_SEVEN_BIT = policy.compat32.clone(cte_type="7bit", linesep="\r\n", max_line_length=0)


# What the standard library raises on charsets and structures it did not expect.
_LIBRARY_FAILURES = (ValueError, LookupError, TypeError, AttributeError)


def is_8bit(message: bytes) -> bool:
    return not message.isascii()


def has_8bit_headers(message: bytes) -> bool:
    head, _, _ = message.partition(b"\r\n\r\n")
    return not head.isascii()


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
