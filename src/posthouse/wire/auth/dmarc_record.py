"""What a domain wants done with mail that is not from it: DMARC records (RFC 7489 §6.3, as DMARCbis has them)."""

from __future__ import annotations

import functools
from dataclasses import dataclass

POLICIES = ("none", "quarantine", "reject")
MAX_URIS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """`psd` is y, n or u: whether others register names below this one. `pct` is not read: DMARCbis took it out.

    `reports_to` are the URIs of `rua`, as they stand there.
    """

    policy: str
    subdomain_policy: str
    missing_policy: str
    is_dkim_strict: bool = False
    is_spf_strict: bool = False
    is_test: bool = False
    psd: str = "u"
    reports_to: tuple[str, ...] = ()


@functools.lru_cache(maxsize=1024)
def read_record(text: str) -> Record | None:
    """None for what is no DMARC record. Faults in it make a tag its default, as senders rely on."""
    first, *rest = text.split(";")
    name, _, version = first.partition("=")
    if name.strip() != "v" or version.strip() != "DMARC1":
        return None
    tags: dict[str, str] = {}
    reports_to: tuple[str, ...] = ()
    for part in rest[:64]:
        tag, equals, value = part.partition("=")
        if equals:
            tag = tag.strip().lower()
            if tag == "rua" and tag not in tags:
                reports_to = tuple(uri.strip() for uri in value.split(",")[:MAX_URIS] if uri.strip())
            tags.setdefault(tag, value.strip().lower())
    policy = tags.get("p", "none")
    if policy not in POLICIES:
        if not tags.get("rua", "").startswith("mailto:"):
            return None
        policy = "none"
    below = _policy(tags, "sp", policy)
    return Record(
        policy=policy,
        subdomain_policy=below,
        missing_policy=_policy(tags, "np", below),
        is_dkim_strict=tags.get("adkim") == "s",
        is_spf_strict=tags.get("aspf") == "s",
        is_test=tags.get("t") == "y",
        psd=tags.get("psd", "u") if tags.get("psd") in ("y", "n") else "u",
        reports_to=reports_to,
    )


def _policy(tags: dict[str, str], name: str, default: str) -> str:
    found = tags.get(name, default)
    return found if found in POLICIES else default
