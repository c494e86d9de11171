"""Extensions that one account can do without, for a mail program that gets one wrong. Names as CAPABILITY says them."""

from __future__ import annotations

SWITCHABLE = frozenset(
    {
        "BINARY", "CONDSTORE", "ESEARCH", "IDLE", "IMAP4rev2", "INPROGRESS", "LIST-EXTENDED", "LIST-STATUS", "LITERAL+",
        "MOVE", "NOTIFY", "OBJECTID", "PARTIAL", "PREVIEW", "QRESYNC", "SAVEDATE", "SEARCHRES", "SPECIAL-USE",
        "STATUS=SIZE", "UIDONLY", "UIDPLUS", "UNSELECT", "WITHIN",
    }
)  # fmt: skip
_NEEDED_BY = {"CONDSTORE": "QRESYNC"}
_BY_NAME = {name.upper(): name for name in SWITCHABLE}


def switchable(name: str) -> str | None:
    """The name as it is written, in whatever case it comes; None for one that cannot be switched off."""
    return _BY_NAME.get(name.upper())


def with_dependants(off: frozenset[str]) -> frozenset[str]:
    """In upper case, and with what does not work without these."""
    return frozenset(name.upper() for name in off) | {
        other for name, other in _NEEDED_BY.items() if name in off
    }
