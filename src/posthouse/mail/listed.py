"""The header fields that mail clients list mailboxes by, kept ready beside the e-mail.

Thunderbird, mutt and others fetch some of these of every e-mail they have not seen. Without the column each would be
read and unpacked whole for them.
"""

from __future__ import annotations

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
