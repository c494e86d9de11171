"""What a person types into the search box, as a query.

    from:ann "annual report" -draft is:unread has:attachment in:archive after:2026-01-31

Every text is a query: what is no operator is a word to look for, so nothing one types is an error.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

MAX_QUERY_CHARS = 500
MAX_TERMS = 20

TEXT_FIELDS = {"from": "from", "to": "to", "cc": "to", "subject": "subject"}
_TOKEN = re.compile(r'(-?)(?:([a-z]{2,10}):)?(?:"([^"]*)"?|(\S+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A text to find in one field ("from", "to", "subject") or, with "any", in whatever is searched."""

    text: str
    field: str = "any"
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """All parts must hold. `mailbox` is a role or a name, "anywhere" for all with Trash and Junk.

    Times are milliseconds; `before_ms` is exclusive. None means that it was not asked.
    """

    terms: tuple[Term, ...] = ()
    is_unread: bool | None = None
    is_flagged: bool | None = None
    is_answered: bool | None = None
    is_draft: bool | None = None
    has_attachment: bool | None = None
    mailbox: str | None = None
    after_ms: int | None = None
    before_ms: int | None = None
    larger_bytes: int | None = None
    smaller_bytes: int | None = None

    @property
    def is_empty(self) -> bool:
        return self == Query()


_STATES: dict[str, dict[str, bool]] = {
    "unread": {"is_unread": True},
    "read": {"is_unread": False},
    "seen": {"is_unread": False},
    "starred": {"is_flagged": True},
    "flagged": {"is_flagged": True},
    "answered": {"is_answered": True},
    "replied": {"is_answered": True},
    "draft": {"is_draft": True},
}
_THINGS = {"attachment": "has_attachment", "attachments": "has_attachment", "file": "has_attachment"}
_SIZE = re.compile(r"(\d{1,9})([km]?)b?\Z", re.IGNORECASE)


def parse(text: str) -> Query:
    """Never raises; what lies beyond the limits is left out."""
    facts: dict[str, object] = {}
    terms: list[Term] = []
    for sign, name, quoted, word in _TOKEN.findall(text[:MAX_QUERY_CHARS]):
        value = (quoted or word).strip()
        if not value:
            continue
        found = _operator(name.lower(), value, negated=bool(sign))
        if isinstance(found, dict):
            facts |= found
        elif len(terms) < MAX_TERMS:
            terms.append(found)
    return Query(terms=tuple(terms), **facts)  # type: ignore[arg-type]


def _operator(name: str, value: str, *, negated: bool) -> dict[str, object] | Term:
    if name in TEXT_FIELDS:
        return Term(text=value, field=TEXT_FIELDS[name], negated=negated)
    reader = _READERS.get(name)
    facts = reader(value, negated) if reader is not None else None
    if facts is not None:
        return facts
    return Term(text=f"{name}:{value}" if name else value, negated=negated)


def _state(value: str, negated: bool) -> dict[str, object] | None:  # noqa: FBT001 one shape for all readers
    states = _STATES.get(value.lower())
    return None if states is None else {name: wanted is not negated for name, wanted in states.items()}


def _thing(value: str, negated: bool) -> dict[str, object] | None:  # noqa: FBT001
    name = _THINGS.get(value.lower())
    return None if name is None else {name: not negated}


def _mailbox(value: str, negated: bool) -> dict[str, object] | None:  # noqa: FBT001
    return None if negated else {"mailbox": value}


def _day(name: str) -> Callable[[str, bool], dict[str, object] | None]:
    def read(value: str, negated: bool) -> dict[str, object] | None:  # noqa: FBT001
        try:
            day = dt.datetime.strptime(value.replace("/", "-"), "%Y-%m-%d").replace(tzinfo=dt.UTC)
        except ValueError:
            return None
        return None if negated else {name: int(day.timestamp() * 1000)}

    return read


def _size(name: str) -> Callable[[str, bool], dict[str, object] | None]:
    def read(value: str, negated: bool) -> dict[str, object] | None:  # noqa: FBT001
        found = _SIZE.match(value)
        if found is None or negated:
            return None
        return {name: int(found[1]) * {"": 1, "k": 1_000, "m": 1_000_000}[found[2].lower()]}

    return read


_READERS: dict[str, Callable[[str, bool], dict[str, object] | None]] = {
    "is": _state,
    "has": _thing,
    "in": _mailbox,
    "after": _day("after_ms"),
    "since": _day("after_ms"),
    "before": _day("before_ms"),
    "larger": _size("larger_bytes"),
    "smaller": _size("smaller_bytes"),
}
