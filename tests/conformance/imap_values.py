"""IMAP answers as Python values: lists, bytes, None for NIL. Raises ValueError for what is none."""

from __future__ import annotations

import re
from typing import Any

_ATOM = re.compile(rb"[^\x00-\x20()\"{\[]+(?:\[[^\]]*\](?:<\d+>)?)?")
_QUOTED = re.compile(rb'"((?:[^"\\\r\n]|\\["\\])*)"')
_LITERAL = re.compile(rb"~?\{(\d+)\}\r\n")


def values(line: bytes) -> list[Any]:
    """All values of a response."""
    found, at = _list(line, 0, 0)
    if at != len(line):
        raise ValueError(line)
    return found


def _list(line: bytes, at: int, depth: int) -> tuple[list[Any], int]:
    found: list[Any] = []
    while at < len(line):
        mark = line[at : at + 1]
        if mark == b" ":
            at += 1
        elif mark == b"(":
            inner, at = _list(line, at + 1, depth + 1)
            found.append(inner)
        elif mark == b")":
            if not depth:
                raise ValueError(line)
            return found, at + 1
        elif literal := _LITERAL.match(line, at):
            end = literal.end() + int(literal[1])
            found.append(line[literal.end() : end])
            at = end
        elif quoted := _QUOTED.match(line, at):
            found.append(re.sub(rb'\\(["\\])', rb"\1", quoted[1]))
            at = quoted.end()
        elif atom := _ATOM.match(line, at):
            found.append(None if atom[0] == b"NIL" else atom[0])
            at = atom.end()
        else:
            raise ValueError(line[at : at + 40])
    if depth:
        raise ValueError(line)
    return found, at


def fetched(line: bytes) -> tuple[int, dict[bytes, Any]]:
    """The number and the items of `* n FETCH (...)`."""
    _, number, _, items = values(line)
    return int(number), dict(zip(items[::2], items[1::2], strict=True))
