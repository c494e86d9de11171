"""One tree of failures for every door.

The domain raises `Failure`; each door has one table from `Kind` to its own language (problem+json,
an SMTP reply, an IMAP `NO`). The domain knows none of them.
"""

from __future__ import annotations

from enum import Enum


class Kind(Enum):
    INVALID = "invalid"
    DENIED = "denied"
    MISSING = "missing"
    CONFLICT = "conflict"
    LIMITED = "limited"
    TOO_LARGE = "too_large"
    UNAVAILABLE = "unavailable"


class Failure(Exception):
    """Something that was foreseen and that the caller can be told.

    `code` is stable and machine-readable, `message` is a sentence for a person, `facts` are extra
    fields a door may show (never secrets).
    """

    kind = Kind.INVALID

    def __init__(self, code: str, message: str, **facts: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.facts = facts


class Invalid(Failure):
    kind = Kind.INVALID


class Denied(Failure):
    kind = Kind.DENIED


class Missing(Failure):
    """Not there, or not yours: the two are one answer."""

    kind = Kind.MISSING

    def __init__(self, code: str = "not_found", message: str = "There is nothing here.", **facts: object):
        super().__init__(code, message, **facts)


class Conflict(Failure):
    kind = Kind.CONFLICT


class CannotCalculate(Conflict):
    """A log cannot say what changed since a cursor: it is too old, from another life, or too much happened since."""

    def __init__(self) -> None:
        super().__init__(
            "cannot_calculate_changes", "Too much has changed since then; fetch everything again."
        )


class Limited(Failure):
    kind = Kind.LIMITED


class TooLarge(Failure):
    kind = Kind.TOO_LARGE


class Unavailable(Failure):
    kind = Kind.UNAVAILABLE


_BY_KIND: dict[Kind, type[Failure]] = {
    failure.kind: failure for failure in (Invalid, Denied, Missing, Conflict, Limited, TooLarge, Unavailable)
}


def failure_of(kind: str, code: str, message: str) -> Failure:
    """The failure that another process told of."""
    return _BY_KIND[Kind(kind)](code, message)
