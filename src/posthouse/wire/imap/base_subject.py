"""The subject that SORT and THREAD go by, to the letter of RFC 5256 §2.1.

The web client's threads know the reply words of other languages as well (wire/mime/subject.py); a client that sorts by
this RFC counts on these alone.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_ROUNDS = 50
_TRAILER = re.compile(r"(?:\(fwd\)|[ \t])+\Z", re.IGNORECASE)
_REPLY = re.compile(r"(?:\[[^\[\]]*\][ \t]*)*(?:re|fwd?)[ \t]*(?:\[[^\[\]]*\][ \t]*)?:", re.IGNORECASE)
_BLOB = re.compile(r"\[[^\[\]]*\][ \t]*")
_SPACES = re.compile(r"[ \t\r\n]+")
MAX_CHARS = 998


class Base(NamedTuple):
    """`is_answer`: a reply or forward mark was taken off."""

    text: str
    is_answer: bool


def is_plain(subject: str) -> bool:
    """Whether there is nothing to take off: so are most subjects, and this tells it at a glance."""
    return not (
        subject[:1] in "[ "
        or subject[:2].lower() in ("re", "fw")
        or subject[-1:] in " )"
        or "  " in subject
        or len(subject) > MAX_CHARS
        or not subject.isprintable()
    )


def base_subject(subject: str) -> Base:
    """Of a decoded subject."""
    if is_plain(subject):
        return Base(subject, is_answer=False)
    text = _SPACES.sub(" ", subject[:MAX_CHARS])
    is_answer = False
    for _ in range(MAX_ROUNDS):
        text, had_trailer = _without_trailer(text)
        text, had_leader = _without_leaders(text)
        is_answer = is_answer or had_trailer or had_leader
        if not (text[:5].lower() == "[fwd:" and text.endswith("]")):
            break
        text, is_answer = text[5:-1], True
    return Base(text, is_answer)


def _without_trailer(text: str) -> tuple[str, bool]:
    if text[-1:] not in (" ", ")"):
        return text, False
    found = _TRAILER.search(text, max(0, len(text) - MAX_CHARS))
    return (text, False) if found is None else (text[: found.start()], ")" in found[0])


def _without_leaders(text: str) -> tuple[str, bool]:
    """Steps 3 to 5: reply marks and white space, then a list's tag where something is left without it."""
    is_answer = False
    while True:
        text = text.lstrip(" ")
        if found := _REPLY.match(text):
            text, is_answer = text[found.end() :], True
        elif (blob := _BLOB.match(text)) and blob.end() < len(text):
            text = text[blob.end() :]
        else:
            return text, is_answer
