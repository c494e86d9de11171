"""Mail from people outside, into their conversation.

Only a mail whose author is proved to be the person it was asked of becomes a message at once; any other is held, and
people in the conversation decide. What a program wrote, and what we wrote ourselves, goes nowhere (RFC 3834 §2).
Invariant: a mail becomes a message, or is held, once, however often its server brings it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256

import msgspec
import structlog

from posthouse.base import blobs, clock, db, metrics, sql
from posthouse.base.errors import Missing, TooLarge
from posthouse.base.ids import new_id
from posthouse.base.remote_calls import offer
from posthouse.bridge import access
from posthouse.bridge.access import OutsiderRef
from posthouse.bridge.addresses import Token
from posthouse.conversations import files, outside
from posthouse.conversations.markdown import MAX_CHARS
from posthouse.conversations.outside import Brought
from posthouse.mail.storing import Arrival
from posthouse.wire.auth.judgement import UNCHECKED, Judgement
from posthouse.wire.mime.automatic import is_answerable, wants_no_answer
from posthouse.wire.mime.digest import digest
from posthouse.wire.mime.headers import read_header
from posthouse.wire.mime.reply import new_words
from posthouse.wire.mime.scan import scan
from posthouse.wire.mime.text import decode_body, downloads

log = structlog.get_logger(__name__)

MAX_BYTES = 25_000_000
MAX_FILES = files.MAX_FILES
_AUTOMATIC_FIELDS = frozenset({b"x-autoreply", b"x-autorespond", b"x-auto-reply", b"x-autoresponder"})
_AWAY = re.compile(
    r"\s*(?:auto(?:matic|matische|mated)?[ -]?(?:reply|response|antwort)|out of (?:the )?office|abwesenheits\w+"
    r"|r[ée]ponse automatique|absence du bureau|respuesta autom[áa]tica|resposta autom[áa]tica|risposta automatica"
    r"|automatisch antwoord|automatiskt svar|automaattinen vastaus|автоответ|自動返信|自动回复|자동 회신)\b",
    re.IGNORECASE,
)

taken = metrics.Counter("posthouse_bridge_mails", "Mails from people outside.", "outcome")


class File(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    content: blobs.Prepared
    filename: str
    content_type: str
    width: int | None = None
    height: int | None = None


class Letter(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A mail made ready. `held` says why it is not let in at once, `dropped` why it goes nowhere."""

    outsider_id: int
    generation: int
    digest: str
    sender: str
    subject: str
    text: str = ""
    parents: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    content: blobs.Prepared | None = None
    held: str = ""
    dropped: str = ""


def prepare(raw: bytes, arrival: Arrival, token: Token, *, sender: str, judgement: Judgement) -> Letter:
    """Read a mail; `sender` is the envelope's. Raises Missing for an address that ended, TooLarge."""
    outsider = access.found_by_token(*token)
    if outsider is None:
        raise Missing("no_such_address", "There is no such address here.")
    if len(raw) > MAX_BYTES:
        raise TooLarge("too_large", "The message is too large for a conversation.", limit_bytes=MAX_BYTES)
    parsed = digest(raw)
    authors = [person.email.lower() for person in parsed.from_]
    dropped = _why_drop(raw, outsider, sender, parsed.subject, parsed.message_id)
    held = "" if dropped else _why_hold(outsider, authors, judgement)
    text, brought = ("", ()) if dropped or held else _content(raw)
    if not (dropped or held or text or brought):
        dropped = "empty"
    return Letter(
        outsider_id=outsider.id,
        generation=outsider.generation,
        digest=_digest(raw, parsed.message_id),
        sender=(authors[0] if authors else sender)[:320],
        subject=parsed.subject[:500],
        text=text,
        parents=tuple(dict.fromkeys((*parsed.in_reply_to, *reversed(parsed.references)))),
        files=tuple(brought),
        content=arrival.blob if held else None,
        held=held,
        dropped=dropped,
    )


def _why_drop(raw: bytes, outsider: OutsiderRef, sender: str, subject: str, message_id: str | None) -> str:
    fields = read_header(raw, 0, len(raw)).fields
    if not sender or not is_answerable(sender):
        return "bounce"
    if (
        wants_no_answer(fields)
        or any(name in _AUTOMATIC_FIELDS for name, _ in fields)
        or _AWAY.match(subject)
    ):
        return "automatic"
    if message_id and sql.row("SELECT 1 FROM bridge_sentmail WHERE mail_id = %s", [message_id]):
        return "loop"
    return ""


def _why_hold(outsider: OutsiderRef, authors: Sequence[str], judgement: Judgement) -> str:
    """Peers whose mail is not checked are those that the operator trusts."""
    if list(authors) != [outsider.key]:
        return "other_sender"
    return "" if judgement.is_author_proved or judgement == UNCHECKED else "not_proved"


def _digest(raw: bytes, message_id: str | None) -> str:
    """By its Message-ID, which a server that brings it again keeps."""
    return sha256(message_id.encode("utf-8", "replace") if message_id else bytes(raw)).hexdigest()


def _content(raw: bytes) -> tuple[str, tuple[File, ...]]:
    """The new words and the files; words beyond what a message may have come along as one more file."""
    root = scan(raw).root
    text = new_words(root, raw)
    brought = []
    for _, part in downloads(root)[:MAX_FILES]:
        data = decode_body(part, raw)
        content = blobs.prepare(data)
        brought.append(_file(content, files.described(content, data, filename=part.filename or "")))
    if len(text) > MAX_CHARS:
        whole = blobs.prepare(text.encode("utf-8", "replace"))
        brought.append(File(content=whole, filename="message.txt", content_type="text/plain"))
        text = text[: MAX_CHARS - 1] + "…"
    return text, tuple(brought)


def _file(content: blobs.Prepared, told: files.FileRef) -> File:
    return File(
        content=content,
        filename=told.filename,
        content_type=told.content_type,
        width=told.width,
        height=told.height,
    )


def discard(letter: Letter) -> None:
    """Remove content that no row names."""
    for one in letter.files:
        blobs.discard(one.content)


def _take_many(letters: Sequence[Letter]) -> list[str]:
    return [_take(letter) for letter in letters]


take: db.Bulk[Letter, str] = db.Bulk(_take_many)
"""Let a mail in, hold it, or note that it was dropped; gives which: message, held, dropped, again."""
offer("bridge.take", take, item=Letter, result=str)


def _take(letter: Letter) -> str:
    outcome = _outcome(letter)
    taken.count(outcome)
    log.info(
        "bridge.mail", outsider=letter.outsider_id, outcome=outcome, reason=letter.dropped or letter.held
    )
    return outcome


def _outcome(letter: Letter) -> str:
    access.hold(letter.outsider_id)
    outsider = access.found_by_token(letter.outsider_id, letter.generation)
    if outsider is None:
        raise Missing("no_such_address", "There is no such address here.")
    if letter.dropped:
        sql.run("UPDATE bridge_outsider SET dropped = dropped + 1 WHERE id = %s", [outsider.id])
        return "dropped"
    if not _is_new(letter):
        return "again"
    if letter.held:
        _hold(letter, outsider)
        return "held"
    standing = outside.standing(outsider.conversation_id)
    if standing is None or standing.archived_at is not None or standing.posting != "everybody":
        sql.run("UPDATE bridge_outsider SET dropped = dropped + 1 WHERE id = %s", [outsider.id])
        return "dropped"
    _say(outsider, letter)
    return "message"


def _is_new(letter: Letter) -> bool:
    return bool(
        sql.run(
            "INSERT INTO bridge_received (outsider_id, digest, at) VALUES (%s, %s, %s)"
            " ON CONFLICT (outsider_id, digest) DO NOTHING",
            [letter.outsider_id, letter.digest, clock.now_ms()],
        )
    )


def _hold(letter: Letter, outsider: OutsiderRef) -> None:
    assert letter.content is not None
    if sql.row("SELECT 1 FROM base_blob WHERE id = %s", [letter.content.id]) is None:
        blobs.insert([letter.content])
    sql.run(
        "INSERT INTO bridge_heldmail (id, outsider_id, blob_id, sender, subject, reason, received_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [
            new_id(),
            outsider.id,
            letter.content.id,
            letter.sender,
            letter.subject,
            letter.held,
            clock.now_ms(),
        ],
    )
    outside.tell_admins(outsider.conversation_id)


def _say(outsider: OutsiderRef, letter: Letter) -> None:
    """Where the mail that it answers belongs; an answer to none of ours, or to a digest, is one to the conversation."""
    answered = _answered(letter)
    outside.say(
        outsider.conversation_id,
        name=outsider.name or outsider.address,
        email=outsider.key,
        text=letter.text,
        thread_id=outside.place_of(answered) if answered else None,
        reply_to=answered,
        brought=[
            Brought(one.content, one.filename, one.content_type, one.width, one.height)
            for one in letter.files
        ],
    )
    sql.run(
        "UPDATE bridge_outsider SET state = 'active', bounces = 0 WHERE id = %s AND state = 'invited'",
        [outsider.id],
    )


def _answered(letter: Letter) -> int | None:
    """The message whose mail is answered; the nearest that this person was sent and that is still there."""
    parents = letter.parents[:50]
    if not parents:
        return None
    found = dict(
        sql.rows(
            "SELECT s.mail_id, s.message_id FROM bridge_sentmail s JOIN conversations_message m ON m.id = s.message_id"
            f" WHERE s.outsider_id = %s AND s.mail_id IN ({sql.marks(parents)})",
            [letter.outsider_id, *parents],
        )
    )
    return next((int(found[one]) for one in parents if one in found), None)


def released(raw: bytes, outsider: OutsiderRef, digest_: str) -> Letter:
    """A held mail as the message that it was kept from being."""
    parsed = digest(raw)
    text, brought = _content(raw)
    return Letter(
        outsider_id=outsider.id,
        generation=outsider.generation,
        digest=digest_,
        sender="",
        subject="",
        text=text or parsed.subject or "…",
        parents=tuple(dict.fromkeys((*parsed.in_reply_to, *reversed(parsed.references)))),
        files=brought,
    )


def say(outsider: OutsiderRef, letter: Letter) -> None:
    """Inside an action: what somebody has let in."""
    _say(outsider, letter)
