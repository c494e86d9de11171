"""The structure of a message: a tree of parts with byte offsets, kept beside the message in compact form.

Offsets count from the first byte of the message, so a part of a part is one slice. Part numbers are IMAP's
(RFC 9051 §6.4.5.1): a multipart's children count from 1; an embedded message adds no level of its own when it
is a multipart, and its single body is `.1` when it is not.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from posthouse.wire.mime.params import Params, param


class Extent(msgspec.Struct, array_like=True, kw_only=True):
    """Where an entity lies: what a stored structure begins with.

    The header is `[header_start:body_start]` with its blank line, the body `[body_start:body_end]` without
    the line break that belongs to the delimiter.
    """

    header_start: int
    body_start: int
    body_end: int


class Part(Extent, array_like=True, kw_only=True):
    """One MIME entity. Texts are unfolded and free of controls; only `filename` is decoded.

    `lines` counts line feeds of the body. `children` holds a multipart's parts, or the one message inside a
    message/rfc822.
    """

    lines: int = 0
    content_type: str = "text/plain"
    params: Params = ()
    encoding: str = "7bit"
    disposition: str | None = None
    disposition_params: Params = ()
    filename: str | None = None
    content_id: str | None = None
    description: str | None = None
    md5: str | None = None
    language: str | None = None
    location: str | None = None
    children: list[Part] = []

    @property
    def size_bytes(self) -> int:
        return self.body_end - self.body_start

    @property
    def charset(self) -> str | None:
        return param(self.params, "charset")

    @property
    def is_multipart(self) -> bool:
        return self.content_type.startswith("multipart/")

    @property
    def is_message(self) -> bool:
        return self.content_type == "message/rfc822" and bool(self.children)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Part)
_extents = msgspec.msgpack.Decoder(Extent)


def dump_structure(root: Part) -> bytes:
    return _encoder.encode(root)


def load_structure(data: bytes) -> Part:
    """The tree again; raises msgspec.DecodeError when `data` was not made by dump_structure."""
    return _decoder.decode(data)


def load_extent(data: bytes) -> Extent:
    """Where the whole message's header and body lie, without the tree below; ten times as quick."""
    return _extents.decode(data)


def walk(root: Part) -> Iterator[tuple[str, Part]]:
    """Every part that has a number, with it, in the order of the message. A single body is "1"."""
    if root.is_multipart and root.children:
        yield from _walk_children(root, "")
    else:
        yield from _walk_numbered(root, "1")


def headers_of(root: Part) -> Iterator[tuple[int, int]]:
    """Where each header block lies, the message's own first; also of what has no number."""
    ahead = [root]
    while ahead:
        part = ahead.pop()
        yield part.header_start, part.body_start
        ahead += reversed(part.children)


def _walk_children(parent: Part, prefix: str) -> Iterator[tuple[str, Part]]:
    for index, child in enumerate(parent.children, 1):
        yield from _walk_numbered(child, f"{prefix}{index}")


def _walk_numbered(part: Part, number: str) -> Iterator[tuple[str, Part]]:
    yield number, part
    if part.is_message:
        inner = part.children[0]
        if inner.is_multipart and inner.children:
            yield from _walk_children(inner, number + ".")
        else:
            yield from _walk_numbered(inner, number + ".1")
    elif part.children:
        yield from _walk_children(part, number + ".")


def find_part(root: Part, number: str) -> Part | None:
    """The part with an IMAP number such as "2.1", or None."""
    part, inside = root, True
    for digits in number.split("."):
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 6):
            return None
        index = int(digits)
        if not inside and part.is_message:
            part, inside = part.children[0], True
        if part.is_multipart and part.children:
            if not 1 <= index <= len(part.children):
                return None
            part = part.children[index - 1]
        elif not inside or index != 1:
            return None
        inside = False
    return part
