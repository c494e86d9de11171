"""How a command ends: what handlers raise, and the table from the domain's failures to response codes.

Codes: RFC 5530, RFC 9051 §7.1, RFC 7889 (TOOBIG), RFC 9208 (OVERQUOTA).
"""

from __future__ import annotations

from typing import NamedTuple

from posthouse.base.errors import Failure, Kind
from posthouse.wire.imap import response


class Ok(NamedTuple):
    """The command is done. News of the selected mailbox is told before it is said.

    `may_expunge` is false for those commands whose client counts on message numbers; `must_look` asks the
    store for news even without a hint. `tells_modseq`: whoever uses QRESYNC hears how far the mailbox has come once all
    news is told, unless there is another code (RFC 7162 §3.2.7).
    """

    message: str
    code: bytes = b""
    may_expunge: bool = True
    must_look: bool = False
    tells_modseq: bool = False


class No(Exception):
    """The command is understood and not done."""

    def __init__(self, message: str, *, code: bytes = b"") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Bad(Exception):
    """The command makes no sense here."""

    def __init__(self, message: str, *, code: bytes = b"") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


_BY_CODE = {
    "over_quota": b"OVERQUOTA",
    "mailbox_exists": b"ALREADYEXISTS",
    "has_children": b"HASCHILDREN",
    "has_role": b"CANNOT",
    "unknown_encoding": b"UNKNOWN-CTE",
    "invalid_credentials": b"AUTHENTICATIONFAILED",
}
_BY_KIND = {
    Kind.INVALID: b"CANNOT",
    Kind.DENIED: b"NOPERM",
    Kind.MISSING: b"NONEXISTENT",
    Kind.CONFLICT: b"CANNOT",
    Kind.LIMITED: b"LIMIT",
    Kind.TOO_LARGE: b"TOOBIG",
    Kind.UNAVAILABLE: b"UNAVAILABLE",
}


def no_for(failure: Failure) -> No:
    return No(failure.message, code=_BY_CODE.get(failure.code) or _BY_KIND[failure.kind])


def condition(status: bytes, message: str, *, code: bytes = b"") -> bytes:
    """`OK [CODE] text`, without tag and line end."""
    head = b"%b [%b] " % (status, code) if code else status + b" "
    return head + response.text(message)
