"""Where a client is in everything that it follows, as one text that it can hand back (server_sent.py)."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

import orjson

MAX_ID_CHARS = 6_000
ACCOUNT, CONVERSATION, OWN, CUT = "a", "c", "o", "cut"
Places = dict[str, int]
"""By `a7` (account 7), `c9` (conversation 9) and `o` (its own); `cut` where some are left out."""


def write_places(places: Places) -> str:
    """An `id:`; with fewer of them where it would be too long."""
    while True:
        text = urlsafe_b64encode(orjson.dumps(places)).decode().rstrip("=")
        if len(text) <= MAX_ID_CHARS:
            return text
        fewer = list(places.items())[: len(places) * MAX_ID_CHARS // len(text) - 1]
        places = {**dict(fewer), CUT: 1}


def read_places(text: str) -> Places:
    """What `write_places` wrote; nothing for what it did not."""
    try:
        found = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: number for name, number in found.items() if isinstance(number, int) and number >= 0}
