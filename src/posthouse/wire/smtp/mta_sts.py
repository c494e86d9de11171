"""MTA-STS policies: what a domain says of the servers that take its mail (RFC 8461).

A domain publishes the number of its policy in the DNS and the policy itself over HTTPS. Who keeps it until `max_age`
has passed cannot be talked into sending in clear, or to a stranger's server, by whoever can forge the DNS.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

MAX_BYTES = 64 * 1024
MAX_AGE_SECONDS = 31_557_600
"""A year; a longer time counts as this (§3.2)."""
MAX_PATTERNS = 100

_RECORD = re.compile(rb"\Av=STSv1[ \t]*;(.*)\Z", re.DOTALL)
_ID = re.compile(rb"[ \t]*id[ \t]*=[ \t]*([A-Za-z0-9]{1,32})[ \t]*\Z")
_LINE = re.compile(r"[ \t]*([A-Za-z0-9][A-Za-z0-9_.-]{0,31})[ \t]*:(.*)\Z")
_BLANKS = " \t"
_PATTERN = re.compile(r"(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9])?\Z")


class BadPolicy(ValueError):
    """The text is no policy; the message says why."""


class Mode(Enum):
    """ENFORCE: no mail but to a server of the policy with a valid certificate. TESTING: tell of what would fail."""

    ENFORCE = "enforce"
    TESTING = "testing"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """`mx` are host names in lower case, each perhaps with `*.` for its first label."""

    mode: Mode
    max_age_seconds: int
    mx: tuple[str, ...] = ()

    def takes(self, host: str) -> bool:
        """Whether a server's name is one of the policy's (§4.1): `*` stands for exactly one label."""
        name = host.rstrip(".").lower()
        return any(
            name == pattern or (pattern.startswith("*.") and name.partition(".")[2] == pattern[2:])
            for pattern in self.mx
        )


class Found(NamedTuple):
    """What a domain says, None where it says nothing. `failure` is the result type of RFC 8460 §4.3.2.2 where it says
    something that could not be had; an older policy may hold then."""

    policy: Policy | None = None
    failure: str = ""


def record_id(records: Iterable[bytes]) -> str | None:
    """The number of the policy in the TXT records at `_mta-sts`; None unless exactly one speaks of it (§3.1)."""
    found = [match for match in (_RECORD.match(record) for record in records) if match]
    if len(found) != 1:
        return None
    ids = [match for match in (_ID.match(part) for part in found[0][1].split(b";")) if match]
    return ids[0][1].decode() if len(ids) == 1 else None


def parse_policy(body: bytes) -> Policy:
    """The policy of a file (§3.2); raises BadPolicy. The first of a repeated key counts, unknown keys do not."""
    if len(body) > MAX_BYTES:
        raise BadPolicy("the policy is too long")
    said: dict[str, str] = {}
    mx: list[str] = []
    try:
        lines = body.decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise BadPolicy("the policy is no UTF-8") from error
    for line in lines:
        match = _LINE.match(line)
        if match is None:
            if line.strip():
                raise BadPolicy("a line is no pair of key and value")
        elif match[1] == "mx":
            mx.append(match[2].strip(_BLANKS).lower().rstrip("."))
        else:
            said.setdefault(match[1], match[2].strip(_BLANKS))
    return _policy(said, mx)


def _policy(said: dict[str, str], mx: list[str]) -> Policy:
    if said.get("version") != "STSv1":
        raise BadPolicy("the version is not STSv1")
    try:
        mode = Mode(said.get("mode", ""))
    except ValueError as error:
        raise BadPolicy("the mode is none that there is") from error
    age = said.get("max_age", "")
    if not (age.isascii() and age.isdigit() and len(age) <= 10):
        raise BadPolicy("max_age is no number of seconds")
    if mode is not Mode.NONE and not mx:
        raise BadPolicy("the policy names no server")
    if len(mx) > MAX_PATTERNS or not all(_PATTERN.match(pattern) for pattern in mx):
        raise BadPolicy("a server's name is none")
    return Policy(mode=mode, max_age_seconds=min(int(age), MAX_AGE_SECONDS), mx=tuple(mx))
