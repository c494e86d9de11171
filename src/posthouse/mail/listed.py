"""The header fields that mail clients list mailboxes by, kept ready beside the e-mail.

Thunderbird, mutt and others fetch some of these of every e-mail they have not seen. Without the column each would be
read and unpacked whole for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from posthouse.wire.mime.section import header_picker

MAX_BYTES = 4096
NAMES = frozenset({
    b"bcc", b"cc", b"content-description", b"content-type", b"date", b"from", b"importance", b"in-reply-to", b"lines",
    b"list-id", b"list-post", b"list-subscribe", b"list-unsubscribe", b"message-id", b"newsgroups", b"priority",
    b"references", b"reply-to", b"sender", b"subject", b"to", b"x-label", b"x-original-to", b"x-priority",
})  # fmt: skip

_pick = header_picker(NAMES, is_excluding=False)


def listed_fields(header: bytes) -> bytes | None:
    """Those of NAMES as they are, in their order, and a blank line; None where that is too long to keep twice."""
    fields = _pick(header)
    return fields if len(fields) <= MAX_BYTES else None


def picker(names: Iterable[bytes]) -> Callable[[bytes], bytes]:
    """Picks some of NAMES from what `listed_fields` gave: most e-mails have no others, and that is seen sooner."""
    wanted = frozenset(name.lower() for name in names)
    pick, others = header_picker(wanted, is_excluding=False), sorted(NAMES - wanted)
    if not others:
        return pick
    letters = b"".join(sorted({other[:1] + other[:1].upper() for other in others}))
    other = b"(?=[%b])(?i:%b)[ \\t]*:" % (letters, b"|".join(map(re.escape, others)))
    begins, goes_on = re.compile(other).match, re.compile(b"\n" + other).search

    def some(fields: bytes) -> bytes:
        return pick(fields) if begins(fields) or goes_on(fields) else fields

    return some
