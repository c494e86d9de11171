"""`Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a request that is repeated acts once.

The key is stored in the transaction of the work, by the room that does it; here is what is HTTP's: reading the key,
telling one request from another by a fingerprint, and refusing one whose twin is still at work.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import NamedTuple

import orjson
from rest_framework.request import Request

from posthouse.base.errors import Conflict, Invalid

REPLAYED = "Idempotency-Replayed"
MAX_KEY_CHARS = 200

_running: set[tuple[int, str]] = set()
_lock = threading.Lock()


class Key(NamedTuple):
    """`text` is empty when none was given; `fingerprint` stands for the path and the body."""

    text: str
    fingerprint: str


def key_of(request: Request, *, but: frozenset[str] = frozenset()) -> Key:
    """Raises Invalid for a key that is too long or not ASCII. The fields of `but` make no other request."""
    text: str = request.META.get("HTTP_IDEMPOTENCY_KEY", "").strip().strip('"')
    if len(text) > MAX_KEY_CHARS or not text.isascii():
        raise Invalid("invalid_idempotency_key", f"A key has {MAX_KEY_CHARS} ASCII characters at most.")
    told = request.data
    if isinstance(told, dict):
        told = {name: value for name, value in told.items() if name not in but}
    body = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
    return Key(text, sha256(request.path.encode() + b"\0" + body).hexdigest())


@contextmanager
def in_progress(user_id: int, key: Key) -> Iterator[None]:
    """Hold a person's key while its request is at work; raises Conflict when another holds it.

    Of this process only; across processes the transaction decides, and the later one is given the earlier's answer.
    """
    if not key.text:
        yield
        return
    held = (user_id, key.text)
    with _lock:
        if held in _running:
            raise Conflict("idempotency_in_progress", "The request with this key is still being worked on.")
        _running.add(held)
    try:
        yield
    finally:
        with _lock:
            _running.discard(held)
