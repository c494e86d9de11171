"""GETMETADATA and SETMETADATA (RFC 5464)."""

from __future__ import annotations

from posthouse.base import db
from posthouse.base.errors import Failure
from posthouse.imapd import store
from posthouse.imapd.folders import SPECIAL_USES
from posthouse.imapd.replies import Bad, No, Ok
from posthouse.imapd.session import Session
from posthouse.mail import mailbox_notes
from posthouse.wire.imap import metadata as cmd
from posthouse.wire.imap import response

_CODES = {
    "annotation_too_long": b"METADATA MAXSIZE %d" % mailbox_notes.MAX_VALUE_BYTES,
    "too_many_annotations": b"METADATA TOOMANY",
}


async def get_metadata(session: Session, command: cmd.GetMetadata) -> Ok:
    """An entry that is asked for by name and is not there is NIL."""
    wanted = [_entry(name) for name in command.entries]

    there = await db.reading(_notes, session.account, command.mailbox)
    shown: dict[str, bytes | None] = {}
    for entry in wanted:
        below = {name: value for name, value in there.items() if _is_within(name, entry, command.depth)}
        shown |= below if below or command.depth else {entry: None}
    longest = 0
    words: list[bytes] = []
    for name, value in shown.items():
        if value is not None and command.max_size is not None and len(value) > command.max_size:
            longest = max(longest, len(value))
        else:
            words += [response.astring(name.encode("ascii")), _value(value)]
    if words:
        session.untagged(b"METADATA %b (%b)" % (session.named(command.mailbox), b" ".join(words)))
    return Ok("That is all.", code=b"METADATA LONGENTRIES %d" % longest if longest else b"")


def _notes(account: store.Account, path: str) -> dict[str, bytes]:
    """With the use of a mailbox, where it has one (RFC 6154 §4)."""
    if not path:
        return mailbox_notes.notes_of(account.actor, None)
    mailbox = store.locate(account, path)
    notes = mailbox_notes.notes_of(account.actor, mailbox.id)
    if mailbox.role in SPECIAL_USES and mailbox.account_id == account.account_id:
        notes[mailbox_notes.SPECIAL_USE] = SPECIAL_USES[mailbox.role]
    return notes


def _value(value: bytes | None) -> bytes:
    """Bytes with NUL are a literal8 (RFC 3516)."""
    if value is not None and b"\0" in value:
        return b"~" + response.literal(value)
    return response.nstring(value)


def _is_within(name: str, entry: str, depth: int) -> bool:
    if name == entry:
        return True
    return name.startswith(entry + "/") and name.count("/", len(entry)) <= depth


async def set_metadata(session: Session, command: cmd.SetMetadata) -> Ok:
    for name in command.entries:
        _entry(name)

    @db.action
    def change() -> None:
        mailbox_notes.annotate(session.account.actor, _mailbox_id(session, command.mailbox), command.entries)

    try:
        await db.writing(change)
    except Failure as failure:
        if failure.code in _CODES:
            raise No(failure.message, code=_CODES[failure.code]) from failure
        raise
    return Ok("Noted.")


def _mailbox_id(session: Session, path: str) -> int | None:
    return store.locate(session.account, path).id if path else None


def _entry(name: str) -> str:
    try:
        return mailbox_notes.normal_entry(name)
    except Failure as failure:
        raise Bad(failure.message) from None
