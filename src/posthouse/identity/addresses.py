"""Addresses of people, parsed once at the edge."""

from __future__ import annotations

import re

from posthouse.base.errors import Invalid

_LOCAL = re.compile(r"^[^\s\x00-\x1f\x7f\"(),:;<>@\[\]\\]{1,64}\Z")
_LABEL = re.compile(r"^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\Z")


def normal_domain(text: str) -> str:
    """A domain in lower-case ASCII (IDNA); raises Invalid."""
    name = text.strip().rstrip(".").lower()
    try:
        name = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Invalid("invalid_domain", f"{text!r} is not a domain.") from error
    labels = name.split(".")
    if not 1 <= len(name) <= 253 or not all(_LABEL.match(label) for label in labels):
        raise Invalid("invalid_domain", f"{text!r} is not a domain.")
    return name


def normal_address(text: str) -> str:
    """An address as we compare it: local part folded to lower case, domain normal. Raises Invalid.

    RFC 5321 §2.4 leaves the local part's case to its host; here that is us, and people do not tell `Alice@` from
    `alice@`.
    """
    local, at, domain = text.strip().rpartition("@")
    if not at or not _LOCAL.match(local) or local.startswith(".") or local.endswith(".") or ".." in local:
        raise Invalid("invalid_address", f"{text!r} is not an e-mail address.")
    return f"{local.lower()}@{normal_domain(domain)}"
