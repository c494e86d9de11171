"""`TLS-Required: No`: a sender who would have a mail arrive rather than safe (RFC 8689 §3)."""

from __future__ import annotations

from posthouse.wire.mime.headers import loose, read_header

NAME = b"tls-required"


def waives_tls(raw: bytes) -> bool:
    """Whether the header says so, once and with the one word that there is; anything else is as good as nothing."""
    said = [value for name, value in read_header(raw, 0, len(raw)).fields if name == NAME]
    return len(said) == 1 and loose(said[0]).strip().lower() == "no"
