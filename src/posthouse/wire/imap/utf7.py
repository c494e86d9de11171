"""Modified UTF-7, the form of mailbox names on the wire in IMAP4rev1 (RFC 3501 §5.1.3)."""

from __future__ import annotations

import binascii
import re

_SHIFTED = re.compile(rb"&([A-Za-z0-9+,]*)-")
_FOREIGN = re.compile(r"[^\x20-\x25\x27-\x7e]+")


def encode(name: str) -> bytes:
    """The only right form of a name: printable ASCII stands for itself, `&` is `&-`, the rest is base64."""
    return _FOREIGN.sub(_encode_run, name).encode("ascii")


def _encode_run(match: re.Match[str]) -> str:
    pieces = []
    for index, run in enumerate(match[0].split("&")):
        if index:
            pieces.append("&-")
        if run:
            packed = binascii.b2a_base64(run.encode("utf-16-be", "surrogatepass"), newline=False)
            pieces.append("&" + packed.rstrip(b"=").replace(b"/", b",").decode("ascii") + "-")
    return "".join(pieces)


def decode(raw: bytes) -> str:
    """The name a client meant. Never fails.

    Clients also send plain UTF-8, or `&` as it is; both are taken as they stand, since the alternative is a
    folder that cannot be opened. The result may hold U+FFFD but no lone surrogate.
    """
    if not raw.isascii():
        return raw.decode("utf-8", "replace")
    if b"&" not in raw:
        return raw.decode("ascii")
    pieces, at = [], 0
    for match in _SHIFTED.finditer(raw):
        pieces += [raw[at : match.start()].decode("ascii"), _decode_run(match)]
        at = match.end()
    pieces.append(raw[at:].decode("ascii"))
    return "".join(pieces)


def _decode_run(match: re.Match[bytes]) -> str:
    packed = match[1]
    if not packed:
        return "&"
    as_sent = match[0].decode("ascii")
    try:
        units = binascii.a2b_base64(packed.replace(b",", b"/") + b"=" * (-len(packed) % 4))
        return units.decode("utf-16-be")
    except (binascii.Error, UnicodeDecodeError):
        return as_sent
