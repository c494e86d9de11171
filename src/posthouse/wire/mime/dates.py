"""The Date field to milliseconds (RFC 5322 §3.3, obsolete forms §4.3, and what old mailers wrote)."""

from __future__ import annotations

import re
from datetime import date

_FAST = re.compile(
    r"(?:[A-Za-z]{3}, +)?(\d{1,2}) +([A-Z][a-z]{2}) +(\d{4}) +"
    r"(\d\d):(\d\d)(?::(\d\d))? +([+-])(\d\d)(\d\d)(?!\d)",
    re.ASCII,
)
_TOKEN = re.compile(r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?![\d.:])|[+-]\d{4}|\d+|[A-Za-z]+", re.ASCII)
_COMMENT = re.compile(r"\([^()]*\)")
_MONTHS = {
    name: index
    for index, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_ZONES = {
    "ut": 0, "gmt": 0, "utc": 0, "z": 0, "wet": 0, "bst": 60, "ist": 60, "west": 60, "cet": 60, "met": 60,
    "mez": 60,
    "cest": 120, "mest": 120, "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "jst": 540, "kst": 540,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
}  # fmt: skip
_EPOCH_DAY = date(1970, 1, 1).toordinal()
MAX_DATE_CHARS = 200


def parse_date(text: str) -> int | None:
    """Milliseconds since the epoch, or None where it is no date. A missing or unknown zone counts as UTC."""
    if found := _FAST.match(text):
        day, month, year, hour, minute, second, sign, zone_hours, zone_minutes = found.groups()
        number = _MONTHS.get(month.lower())
        if number:
            zone = (int(zone_hours) * 60 + int(zone_minutes)) * (-1 if sign == "-" else 1)
            return _milliseconds(
                int(year), number, int(day), (int(hour), int(minute), int(second or 0)), zone
            )
    return _parse_obsolete(text[:MAX_DATE_CHARS])


def _parse_obsolete(text: str) -> int | None:
    month = day = year = None
    clock: tuple[int, int, int] | None = None
    zone = 0
    for token in _TOKEN.findall(_COMMENT.sub(" ", text)):
        lowered = token.lower()
        if token[0] in "+-" and clock is not None:
            zone = int(token[:3]) * 60 + int(token[0] + token[3:])
        elif ":" in token or "." in token:
            hour, minute, *rest = re.split("[:.]", token)
            clock = clock or (int(hour), int(minute), int(rest[0]) if rest else 0)
        elif lowered[:3] in _MONTHS and month is None:
            month = _MONTHS[lowered[:3]]
        elif lowered in _ZONES and clock is not None:
            zone = _ZONES[lowered]
        elif (number := token.lstrip("+-")).isdigit():
            if day is None and len(number) <= 2:
                day = int(number)
            elif year is None and len(number) <= 4:
                year = _full_year(int(number), len(number))
    if day is None or month is None or year is None:
        return None
    return _milliseconds(year, month, day, clock or (0, 0, 0), zone)


def _full_year(year: int, digits: int) -> int:
    """Two- and three-digit years (RFC 5322 §4.3)."""
    if digits == 3:
        return year + 1900
    if digits == 2:
        return year + (2000 if year < 50 else 1900)
    return year


def _milliseconds(year: int, month: int, day: int, clock: tuple[int, int, int], zone: int) -> int | None:
    hour, minute, second = clock
    if hour > 24 or minute > 59 or second > 60 or abs(zone) > 24 * 60:
        return None
    try:
        days = date(year, month, day).toordinal() - _EPOCH_DAY
    except ValueError:
        return None
    return ((days * 1440 + hour * 60 + minute - zone) * 60 + second) * 1000
