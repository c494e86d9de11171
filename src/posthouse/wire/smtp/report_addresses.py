"""Where reports are to go: URIs with a size, as DMARC and TLSRPT records have them (RFC 7489 §6.2, RFC 8460 §3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from posthouse.wire.smtp.address import BadAddress, read_mailbox

_SIZE = re.compile(r"!(\d{1,12})([kmgt]?)\Z", re.I)
_POWERS = {"": 0, "k": 10, "m": 20, "g": 30, "t": 40}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAddress:
    """`max_bytes` None: whatever its size."""

    address: str
    max_bytes: int | None = None

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()


def read_uri(uri: str) -> ReportAddress | None:
    """None for what is no `mailto:` with one plain address, optionally `!10m`; `!` in an address is written %21."""
    scheme, colon, rest = uri.strip().partition(":")
    if not colon or scheme.strip().lower() != "mailto":
        return None
    size = _SIZE.search(rest)
    max_bytes = int(size[1]) << _POWERS[size[2].lower()] if size else None
    text = unquote((rest[: size.start()] if size else rest).partition("?")[0], errors="replace").strip()
    try:
        mailbox = read_mailbox(text)
    except BadAddress:
        return None
    if mailbox.needs_smtputf8 or mailbox.is_literal or str(mailbox).startswith('"'):
        return None
    return ReportAddress(address=str(mailbox), max_bytes=max_bytes)


def tls_uris(record: str) -> tuple[str, ...] | None:
    """The URIs of a `v=TLSRPTv1` record (RFC 8460 §3), or None for another text."""
    first, *rest = record.split(";")
    name, _, version = first.partition("=")
    if name.strip() != "v" or version.strip() != "TLSRPTv1":
        return None
    for part in rest[:16]:
        tag, _, value = part.partition("=")
        if tag.strip() == "rua":
            return tuple(uri.strip() for uri in value.split(",")[:10] if uri.strip())
    return ()
