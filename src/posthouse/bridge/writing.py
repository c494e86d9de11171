"""A message of a conversation as mail to one person outside.

Every client must thread it, lead the answer back and let its reader leave. It is a person's message, so it is not
marked as made by a program (RFC 3834 §5 asks that of answers and reports); List-Id and X-Auto-Response-Suppress keep
programs from answering it. Only a digest is auto-generated.
"""

from __future__ import annotations

import html
import secrets
from collections.abc import Sequence
from typing import NamedTuple

from posthouse.base import blobs, clock
from posthouse.bridge import addresses
from posthouse.bridge.access import OutsiderRef
from posthouse.conversations.files import FileRef
from posthouse.conversations.outside import Said
from posthouse.identity import directory
from posthouse.wire.mime import Address
from posthouse.wire.mime import build as mime
from posthouse.wire.mime.headers import without_controls
from posthouse.wire.mime.reply import FOOTER_MARK
from posthouse.wire.mime.unsubscribe import POST_BODY

MAX_ATTACHED_BYTES = 10_000_000
PATH = "/api/v1/conversations/leave-by-mail/"


class Threading(NamedTuple):
    """`first` and `last` are the Message-IDs of mails to this person in the same thread, if there are any."""

    thread_id: int
    subject: str
    first: str | None
    last: str | None


class Room(NamedTuple):
    """What the footer says of the conversation."""

    name: str
    organisation: str
    invited_by: str
    here: int
    outside: int


class Written(NamedTuple):
    mail_id: str
    raw: bytes


def write(
    outsider: OutsiderRef, said: Sequence[Said], files: Sequence[FileRef], threading: Threading, room: Room
) -> Written:
    """One mail with one message, or with several as a digest."""
    own = addresses.address_of(outsider.id, outsider.generation, outsider.domain)
    mail_id = f"{secrets.token_hex(16)}@{outsider.domain}"
    is_digest = outsider.mode != "each"
    author = "Posthouse" if is_digest else said[0].author_name or said[0].author_email or "Somebody"
    attached, left_out = _attachments(files)
    token = addresses.token_of(outsider.id, outsider.generation)
    way_out = f"https://{directory.hostname()}{PATH}?t={token}"
    footer = _footer(room, way_out)
    draft = mime.Draft(
        from_=Address(_line(f"{author} (via {room.organisation})"), own),
        reply_to=(Address(_line(room.name), own),),
        message_id=mail_id,
        date=clock.now() if is_digest else clock.from_ms(said[0].created_at),
        subject=f"Re: {threading.subject}" if threading.last else threading.subject,
        to=(Address(_line(outsider.name), outsider.address),),
        in_reply_to=(threading.last,) if threading.last else (),
        references=tuple(dict.fromkeys(one for one in (threading.first, threading.last) if one)),
        text=_text(said, left_out, footer, is_digest=is_digest),
        html=_html(said, left_out, footer, is_digest=is_digest),
        attachments=tuple(attached),
        headers=_headers(outsider, room, way_out, own, is_digest=is_digest),
    )
    return Written(mail_id, mime.build(draft, boundary=secrets.token_hex(12)))


def _headers(
    outsider: OutsiderRef, room: Room, way_out: str, own: str, *, is_digest: bool
) -> tuple[tuple[str, str], ...]:
    return (
        ("List-Id", f"{_line(room.name)} <{outsider.conversation_id}.conversations.{outsider.domain}>"),
        ("List-Post", f"<mailto:{own}>"),
        ("List-Unsubscribe", f"<{way_out}>"),
        ("List-Unsubscribe-Post", POST_BODY),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        *((("Auto-Submitted", "auto-generated"),) if is_digest else ()),
    )


def _line(text: str) -> str:
    return " ".join(without_controls(text).replace("<", "").replace(">", "").split())[:150]


def _attachments(files: Sequence[FileRef]) -> tuple[list[mime.Attachment], list[FileRef]]:
    """What fits goes along, in order; the rest is named."""
    room, attached, left_out = MAX_ATTACHED_BYTES, [], []
    for file in files:
        if file.size_bytes > room:
            left_out.append(file)
            continue
        room -= file.size_bytes
        attached.append(
            mime.Attachment(
                content=blobs.read(file.blob_id), filename=file.filename, content_type=file.content_type
            )
        )
    return attached, left_out


def _footer(room: Room, way_out: str) -> str:
    outside = f" and {room.outside} by mail" if room.outside > 1 else ""
    return (
        f'{room.invited_by} of {room.organisation} asked you into the conversation "{room.name}".'
        f" Your answer to this mail is read by everybody in it: {room.here} people there{outside}."
        " Older mail and your signature are left out.\n"
        f"To get no more: {way_out}"
    )


def _text(said: Sequence[Said], left_out: Sequence[FileRef], footer: str, *, is_digest: bool) -> str:
    parts = [f"{_head(one)}\n\n{one.body}" if is_digest else one.body for one in said]
    parts += [f"[{one.filename}, {one.size_bytes} bytes, is too large for mail]" for one in left_out]
    return "\n\n".join([*parts, f"{FOOTER_MARK}\n{footer}"])


def _html(said: Sequence[Said], left_out: Sequence[FileRef], footer: str, *, is_digest: bool) -> str:
    parts = [
        f"<p><b>{html.escape(_head(one))}</b></p><div>{one.html}</div>"
        if is_digest
        else f"<div>{one.html}</div>"
        for one in said
    ]
    parts += [f"<p>[{html.escape(one.filename)} is too large for mail]</p>" for one in left_out]
    lines = html.escape(footer).replace("\n", "<br>")
    parts.append(
        f'<div class="posthouse-footer" style="color:#666;font-size:small">{FOOTER_MARK}<br>{lines}</div>'
    )
    return "".join(parts)


def _head(one: Said) -> str:
    return f"{one.author_name or one.author_email}, {clock.from_ms(one.created_at):%d %b %Y %H:%M} UTC:"
