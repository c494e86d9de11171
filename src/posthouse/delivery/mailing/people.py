"""People out of what somebody typed, pasted or exported from a spreadsheet: one to a line, or several with commas."""

from __future__ import annotations

import csv
from typing import NamedTuple

from posthouse.wire.mime.addresses import Address, parse_people

MAX_LINES = 5_000
_HEADINGS = frozenset({"email", "e-mail", "mail", "address", "name", "first name", "last name"})


class Line(NamedTuple):
    """What one line came to; `text` is what it said, `person` None when nobody was found in it."""

    text: str
    person: Address | None


def lines_of(text: str) -> list[Line]:
    """At most `MAX_LINES`, in their order. Never fails."""
    found: list[Line] = []
    for line in text.splitlines()[:MAX_LINES]:
        if line.strip():
            found += _read(line.strip())
    return found


def _read(line: str) -> list[Line]:
    if "<" in line:
        return [Line(one.email, one) for one in parse_people(line.encode("utf-8", "replace"))] or [
            Line(line, None)
        ]
    cells = _cells(line)
    addresses = [cell for cell in cells if "@" in cell]
    others = [cell for cell in cells if "@" not in cell]
    if len(addresses) == 1:
        return [Line(addresses[0], Address(" ".join(others), addresses[0]))]
    if addresses and not others:
        return [Line(one, Address("", one)) for one in addresses]
    if not addresses and all(cell.lower() in _HEADINGS for cell in others):
        return []
    return [Line(line, None)]


def _cells(line: str) -> list[str]:
    """Of a row of a spreadsheet, with whichever sign it parts its cells by."""
    sign = max("\t;,", key=line.count)
    try:
        cells = next(csv.reader([line], delimiter=sign), [])
    except csv.Error:
        cells = line.split(sign)
    return [cell.strip() for cell in cells if cell.strip()]
