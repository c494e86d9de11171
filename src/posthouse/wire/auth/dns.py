"""The one question that all checks ask the DNS, answered by the caller.

`ask(name, kind)` gives the records of one kind as text, none where the name or the kind does not exist, and raises
`NoAnswer` where it cannot be known now. TXT comes joined from its strings (RFC 7208 §3.3) and as Latin-1, so that each
byte is a character; MX as `10 host.`; A, AAAA and PTR as the DNS writes them. A name that no DNS could hold has none.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence

Ask = Callable[[str, str], Awaitable[Sequence[str]]]

MAX_NAME_CHARS = 253
_NAME = re.compile(r"(?=.{1,253}\Z)(?:[^.]{1,63}\.)*[^.]{1,63}", re.DOTALL)


class NoAnswer(Exception):
    """The DNS did not answer: the result is "temperror", never a refusal."""


def plain_name(name: str) -> str:
    """As names are compared: lower case, without the last dot, in the DNS's own letters (IDNA) where that can be."""
    name = name.strip().removesuffix(".").lower()
    if not name.isascii():
        try:
            return name.encode("idna").decode("ascii")
        except UnicodeError:
            return name
    return name


def is_name(name: str) -> bool:
    """Whether the DNS could hold it: labels of 1 to 63 characters, 253 in all."""
    return _NAME.fullmatch(name) is not None


def is_below(name: str, parent: str) -> bool:
    """Whether a name is another one or lies below it; both plain."""
    return name == parent or name.endswith("." + parent)
