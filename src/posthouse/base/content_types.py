"""What bytes are, whatever anybody says of them: a few kinds are known by their beginning; else text or bytes."""

from __future__ import annotations

from posthouse.base.net_http import image_type

NO_TYPE = "application/octet-stream"
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
"""What browsers show in place, and what thumbnails are made of."""
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)


def type_of(raw: bytes) -> str:
    shown = image_type(raw)
    if shown is not None:
        return shown
    for magic, kind in _MAGIC:
        if raw.startswith(magic):
            return kind
    if raw[4:8] == b"ftyp":
        return "video/mp4"
    try:
        raw.decode()
    except UnicodeDecodeError:
        return NO_TYPE
    return "text/plain" if b"\x00" not in raw else NO_TYPE
