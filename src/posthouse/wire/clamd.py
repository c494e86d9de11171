"""ClamAV's own protocol (clamd(8), INSTREAM): a message in pieces with their lengths, and one line back."""

from __future__ import annotations

from collections.abc import Iterator

CHUNK_BYTES = 64 * 1024
MAX_REPLY_BYTES = 4096
_FOUND = b" FOUND"


def instream(content: bytes) -> Iterator[bytes]:
    """What is sent: the command, pieces, and an empty one."""
    yield b"zINSTREAM\0"
    for start in range(0, len(content), CHUNK_BYTES):
        chunk = content[start : start + CHUNK_BYTES]
        yield len(chunk).to_bytes(4, "big") + chunk
    yield bytes(4)


def found_in(reply: bytes) -> str:
    """The name of what was found, empty for nothing. Raises ValueError for what is no verdict."""
    line = reply.rstrip(b"\0\r\n ")
    if line.endswith(b" OK"):
        return ""
    if not line.endswith(_FOUND):
        raise ValueError("clamd gave no verdict")
    name = line.removesuffix(_FOUND).partition(b": ")[2].decode("ascii", "replace")
    return "".join(sign if sign.isprintable() else "?" for sign in name)[:100] or "?"
