"""What may stand in a list of senders: an address, or a domain. Pure."""

from __future__ import annotations

import re

from posthouse.base.errors import Invalid

MAX_VALUE = 320
_DOMAIN = re.compile(r"(?:[\w-]{1,63}\.){1,10}[\w-]{2,63}")


def entry_of(text: str) -> str:
    """As it is kept: lower case, `@example.org` and `*.example.org` as `example.org`. Raises Invalid."""
    value = text.strip().lower()
    local, at, domain = value.rpartition("@")
    domain = domain.removeprefix("*.").strip(".")
    if len(value) > MAX_VALUE or not _DOMAIN.fullmatch(domain) or re.search(r"[\s<>,;]", local):
        raise Invalid("bad_entry", "This is neither an address nor a domain.", pointer="/value")
    return f"{local}{at}{domain}" if local else domain


def forms_of(address: str) -> list[str]:
    """The entries that would mean this sender: itself, its domain, and those above it."""
    domain = address.rpartition("@")[2]
    labels = domain.split(".")
    return [address, *(".".join(labels[at:]) for at in range(min(len(labels) - 1, 8)))] if domain else []
