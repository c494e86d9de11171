"""One e-mail in full, read from its bytes by the structure that was found at arrival."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from posthouse.base import blobs, thumbnails
from posthouse.base.errors import Missing
from posthouse.base.filenames import safe_filename
from posthouse.base.net_http import image_type
from posthouse.identity.actor import Actor
from posthouse.mail import access, by_uid
from posthouse.mail.access import EmailRef, Right
from posthouse.wire.mime.digest import Digest, digest
from posthouse.wire.mime.part import Part, find_part, load_structure
from posthouse.wire.mime.text import body_html, body_text, decode_body, downloads, is_media

MAX_SHOWN_TEXT_BYTES = 1_000_000
MAX_NUMBER_CHARS = 60

_REMOTE = re.compile(
    r"""(?:\b(?:src|srcset|background|poster)\s*+=\s*+["']?+\s*+|url\(\s*+["'&quot;]*+\s*+|@import\s++["'])"""
    r"(?:https?:)?//",
    re.IGNORECASE,
)
_EXTENSIONS = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "message/rfc822": ".eml",
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
}


class FilePart(NamedTuple):
    """A part that one may download. `is_inline` when it is a picture of the text."""

    number: str
    filename: str
    content_type: str
    size_bytes: int
    is_inline: bool
    content_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the list's row does not have. `headers` is the digest of the header block alone."""

    ref: EmailRef
    raw: bytes
    root: Part
    headers: Digest

    def text(self, *, limit: int = MAX_SHOWN_TEXT_BYTES) -> str:
        return body_text(self.root, self.raw, limit=limit)

    @property
    def html(self) -> str | None:
        """As it came: unsafe."""
        return body_html(self.root, self.raw)


def content_for(actor: Actor, email_id: int) -> Content:
    """Raises Missing for one that is not there or not theirs."""
    for found in contents([access.email_for(actor, email_id, need=Right.READ)]):
        return found
    raise Missing()


def contents(refs: list[EmailRef]) -> Iterator[Content]:
    """Several, whose access was checked, one after the other so that only one is in memory; those gone are left out."""
    structures = by_uid.structures_of(ref.id for ref in refs)
    for ref in refs:
        raws = blobs.read_many([ref.blob_id])
        if ref.id in structures and ref.blob_id in raws:
            raw, root = raws[ref.blob_id], load_structure(structures[ref.id])
            yield Content(ref=ref, raw=raw, root=root, headers=digest(raw[: root.body_start]))


def raw_for(actor: Actor, email_id: int) -> bytes:
    """The bytes as received."""
    return blobs.read(access.email_for(actor, email_id, need=Right.READ).blob_id)


def has_remote_content(html: str | None) -> bool:
    """Whether HTML wants something from elsewhere; rather yes than no, and cheap."""
    return html is not None and _REMOTE.search(html) is not None


def files(content: Content) -> list[FilePart]:
    """Attachments and embedded pictures, in the order of the message."""
    found = []
    for index, (number, part) in enumerate(downloads(content.root), 1):
        embedded = part.disposition != "attachment" and is_media(part.content_type)
        found.append(
            FilePart(
                number=number,
                filename=safe_filename(part.filename) or _made_up_name(part, index),
                content_type=part.content_type,
                size_bytes=_decoded_size(part, content.raw),
                is_inline=embedded and (part.content_id is not None or part.disposition == "inline"),
                content_id=_bare(part.content_id),
            )
        )
    return found


def _made_up_name(part: Part, index: int) -> str:
    kind = "message" if part.content_type == "message/rfc822" else "attachment"
    return f"{kind}-{index}{_EXTENSIONS.get(part.content_type, '')}"


def _decoded_size(part: Part, raw: bytes) -> int:
    if part.encoding == "base64":
        start, end = part.body_start, part.body_end
        breaks = raw.count(b"\n", start, end) + raw.count(b"\r", start, end)
        tail = raw[max(start, end - 8) : end]
        return max(0, (end - start - breaks) * 3 // 4 - tail.count(b"="))
    if part.encoding in ("7bit", "8bit", "binary"):
        return part.size_bytes
    return len(decode_body(part, raw))


class PartBytes(NamedTuple):
    filename: str
    content_type: str
    content: bytes
    image_type: str | None
    """What the bytes are, when they are a picture that is safe to show."""


def part_of(content: Content, number: str) -> PartBytes:
    """One part decoded; raises Missing for a number that is none or that has parts inside."""
    part = find_part(content.root, number)
    if part is None or part.is_multipart:
        raise Missing()
    data = decode_body(part, content.raw)
    name = safe_filename(part.filename) or _made_up_name(part, 1)
    return PartBytes(name, part.content_type, data, image_type(data))


def thumbnail_for(actor: Actor, email_id: int, number: str) -> bytes:
    """A small picture of a part (WebP), made when it is first asked for; raises Missing for what is no picture."""
    ref = access.email_for(actor, email_id, need=Right.READ)
    if len(number) > MAX_NUMBER_CHARS:
        raise Missing()

    def read() -> bytes:
        return part_of(content_for(actor, email_id), number).content

    return thumbnails.of(ref.blob_id, read, part=number)


def part_with_id(content: Content, content_id: str) -> str | None:
    """The number of the part an HTML body calls `cid:…`."""
    for number, part in downloads(content.root):
        if _bare(part.content_id) == content_id:
            return number
    return None


def _bare(content_id: str | None) -> str | None:
    """A Content-ID as `cid:` writes it, without its brackets (RFC 2392)."""
    return content_id.strip().removeprefix("<").removesuffix(">") if content_id else None
