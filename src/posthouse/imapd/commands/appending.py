"""APPEND (RFC 9051 §6.3.12, RFC 4315 APPENDUID)."""

from __future__ import annotations

from posthouse.imapd import flags, store
from posthouse.imapd.replies import Bad, No, Ok
from posthouse.imapd.session import Session
from posthouse.wire.imap import commands as cmd


async def append(session: Session, command: cmd.Append) -> Ok:
    """Answered when the message is on disk. A message too large was refused before it came (TOOBIG)."""
    if not command.message:
        raise No("A message has at least one byte.")
    try:
        parsed = flags.parse(command.flags)
    except flags.UnknownFlag:
        raise Bad("There is no such system flag.") from None
    try:
        made = await store.append(
            session.account,
            command.mailbox,
            command.message,
            flags=parsed,
            received_at_ms=command.received_at_ms,
        )
    except store.NoSuchMailbox as failure:
        raise No(failure.message, code=b"TRYCREATE") from failure
    return Ok("Kept.", code=b"APPENDUID %d %d" % (made.uidvalidity, made.uid))
