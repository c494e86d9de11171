"""Which mail wants no answer by a program (RFC 3834 §2), told by its header and its envelope sender.

Answering a list, a bounce or another program's answer makes loops, or tells strangers who is away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from posthouse.wire.mime.headers import loose

_LIST_FIELDS = (b"list-id", b"list-unsubscribe", b"list-post", b"list-help", b"list-owner", b"list-subscribe")
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_SUPPRESSED = re.compile(r"\b(all|autoreply|oof)\b", re.IGNORECASE)
_ROBOTS = frozenset({"mailer-daemon", "postmaster", "listserv", "majordomo", "abuse", "root"})
_NO_REPLY = re.compile(r"(?:no|do-?not)[-_.]?reply|bounces?", re.IGNORECASE)

Fields = Iterable[tuple[bytes, bytes]]
"""Names in lower case and values as they came (headers.read_header)."""


def wants_no_answer(fields: Fields) -> bool:
    """Whether a program wrote it, or it went to many."""
    for name, value in fields:
        if name in _LIST_FIELDS:
            return True
        if name == b"auto-submitted" and _word(value) not in ("", "no"):
            return True
        if name == b"precedence" and _word(value) in _BULK:
            return True
        if name == b"x-auto-response-suppress" and _SUPPRESSED.search(loose(value)):
            return True
        if name == b"content-type" and _word(value) == "multipart/report":
            return True
    return False


def _word(value: bytes) -> str:
    return loose(value).partition(";")[0].strip().lower()


def is_answerable(address: str) -> bool:
    """Whether a person may sit behind an envelope sender; never behind the null sender."""
    local = address.rpartition("@")[0].lower()
    if not local or local in _ROBOTS or _NO_REPLY.match(local):
        return False
    return not local.startswith("owner-") and not local.endswith(
        ("-request", "-owner", "-bounces", "-bounce")
    )


def named(fields: Fields, *names: bytes) -> list[str]:
    """The values of the fields of these names, in their order."""
    return [loose(value).strip() for name, value in fields if name in names]
