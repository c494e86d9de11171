"""Opaque cursors of keyset-paged lists: a few integers and a mark that we made them for this very list."""

from __future__ import annotations

import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256

from django.conf import settings

from posthouse.base.errors import Invalid

_MARK_BYTES = 9
_NUMBERS = struct.Struct(">qq")


def encode_cursor(first: int, second: int, *, scope: str) -> str:
    """`scope` names the list and its filters; the cursor fits no other."""
    numbers = _NUMBERS.pack(first, second)
    return urlsafe_b64encode(numbers + _mark(numbers, scope)).decode().rstrip("=")


def decode_cursor(text: str, *, scope: str) -> tuple[int, int]:
    """Raises Invalid (invalid_cursor) for one we did not make for this list."""
    try:
        raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        numbers, mark = raw[: _NUMBERS.size], raw[_NUMBERS.size :]
        if hmac.compare_digest(mark, _mark(numbers, scope)):
            first, second = _NUMBERS.unpack(numbers)
            return first, second
    except (ValueError, struct.error):
        pass
    raise Invalid("invalid_cursor", "This cursor does not belong to this list.")


def encode_text_cursor(text: str, id: int, *, scope: str) -> str:
    """The same for a list in the order of a text and then of ids."""
    place = struct.pack(">q", id) + text.encode("utf-8", "surrogatepass")
    return urlsafe_b64encode(_mark(place, scope) + place).decode().rstrip("=")


def decode_text_cursor(cursor: str, *, scope: str) -> tuple[str, int]:
    """Raises Invalid (invalid_cursor) for one we did not make for this list."""
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        mark, place = raw[:_MARK_BYTES], raw[_MARK_BYTES:]
        if hmac.compare_digest(mark, _mark(place, scope)):
            return place[8:].decode("utf-8", "surrogatepass"), struct.unpack(">q", place[:8])[0]
    except (ValueError, struct.error):
        pass
    raise Invalid("invalid_cursor", "This cursor does not belong to this list.")


def _mark(numbers: bytes, scope: str) -> bytes:
    return hmac.digest(_key(settings.SECRET_KEY), numbers + scope.encode(), "sha256")[:_MARK_BYTES]


@lru_cache(maxsize=2)
def _key(secret: str) -> bytes:
    return sha256(b"posthouse cursor" + secret.encode()).digest()
