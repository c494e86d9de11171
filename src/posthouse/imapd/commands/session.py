"""Commands about the session itself: CAPABILITY, ID, ENABLE, NOOP, CHECK, IDLE, LOGOUT.

RFC 9051 §6.1, §6.3.1, §6.3.13; RFC 2971 (ID); RFC 5161 (ENABLE); RFC 2177 (IDLE).
"""

from __future__ import annotations

import structlog

from posthouse.imapd.capabilities import capabilities
from posthouse.imapd.replies import Bad, No, Ok
from posthouse.imapd.session import Session
from posthouse.wire.imap import commands as cmd

log = structlog.get_logger(__name__)

_ENABLEABLE = {
    "CONDSTORE": frozenset({"CONDSTORE"}),
    "QRESYNC": frozenset({"CONDSTORE", "QRESYNC"}),
    "IMAP4REV2": frozenset({"IMAP4REV2"}),
    "UIDONLY": frozenset({"UIDONLY"}),
    "UTF8=ACCEPT": frozenset({"UTF8=ACCEPT"}),
}
"""What can be enabled, and what it brings along (RFC 7162 §3.2.3)."""
_SPELLED = {"IMAP4REV2": b"IMAP4rev2"}
_LOGGED_ID_FIELDS = ("name", "version", "os", "vendor")


async def capability(session: Session, _: cmd.Simple) -> Ok:
    session.untagged(capabilities(session))
    return Ok("That is all.")


async def identify(session: Session, command: cmd.Id) -> Ok:
    """What a client says of itself goes to the log, cut short: every support case begins with it."""
    said = {name: command.fields[name][:100] for name in _LOGGED_ID_FIELDS if name in command.fields}
    if said:
        log.info("imap.client", ip=session.ip, **{f"client_{name}": value for name, value in said.items()})
    session.client = " ".join(said[name] for name in ("name", "version") if name in said)
    if session.client and session.client_or_none is not None:
        session.client_or_none.client = session.client
    session.untagged(b'ID ("name" "Posthouse")')
    return Ok("Pleased to meet you.")


async def enable(session: Session, command: cmd.Enable) -> Ok:
    """Names that are not known are passed over (RFC 5161 §3.1)."""
    fresh = [
        name
        for name in dict.fromkeys(command.names)
        if name in _ENABLEABLE and name not in session.account.off
    ]
    session.enabled = session.enabled.union(*(_ENABLEABLE[name] for name in fresh))
    if "CONDSTORE" in session.enabled and fresh and session.view_or_none is not None:
        session.untagged(b"OK [HIGHESTMODSEQ %d] The highest." % max(session.view.modseq, 1))
    session.untagged(b" ".join([b"ENABLED", *(_SPELLED.get(name, name.encode("ascii")) for name in fresh)]))
    return Ok("Enabled.")


async def compress(session: Session, command: cmd.Compress) -> None:
    """The answer is the last thing that goes uncompressed (RFC 4978 §3)."""
    if command.algorithm != "DEFLATE":
        raise No("That algorithm is not known here.", code=b"CANNOT")
    if session.is_compressed:
        raise No("DEFLATE is on already.", code=b"COMPRESSIONACTIVE")
    session.is_compressed = True
    session.finish(b"OK", "Begin DEFLATE.")
    session.link.start_compression()


async def noop(session: Session, _: cmd.Simple) -> Ok:
    return Ok("Done.", must_look=True)


async def idle(session: Session, _: cmd.Simple) -> None:
    """Tell news as it happens until the client says DONE; commands may follow that in the same packet."""

    async def done(line: bytes) -> Ok:
        session.is_idle = False
        if line.strip().upper() != b"DONE":
            raise Bad("Expected DONE.")
        return Ok("You are awake.")

    session.ask(done, b"idling")
    session.is_idle = True
    await session.sync(must_look=True)


async def log_out(session: Session, _: cmd.Simple) -> None:
    session.bye("Good-bye.")
    session.finish(b"OK", "Logged out.")
