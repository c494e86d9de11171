"""The headers of tus 1.0 (https://tus.io/protocols/resumable-upload): core, creation, termination, expiration."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Mapping

from posthouse.base.errors import Conflict, Invalid

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration"
OCTETS = "application/offset+octet-stream"
MAX_METADATA_CHARS = 4_096
MAX_DIGITS = 15


def check_version(headers: Mapping[str, str]) -> None:
    """Raises Conflict (unsupported_tus_version)."""
    if headers.get("Tus-Resumable") != VERSION:
        raise Conflict("unsupported_tus_version", f"Tus-Resumable is {VERSION}.")


def number(headers: Mapping[str, str], name: str) -> int:
    """A count of bytes; raises Invalid (invalid_header)."""
    text = headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS):
        raise Invalid("invalid_header", f"{name} is a number of bytes.")
    return int(text)


def metadata(headers: Mapping[str, str]) -> dict[str, str]:
    """`filename d29ybGQ=,is_new` as names and texts; raises Invalid (invalid_header)."""
    text = headers.get("Upload-Metadata", "")
    if len(text) > MAX_METADATA_CHARS:
        raise Invalid("invalid_header", "Upload-Metadata is too long.")
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = pair.partition(" ")
        try:
            found[name] = b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise Invalid("invalid_header", "Upload-Metadata has values in Base64.") from error
    return found
