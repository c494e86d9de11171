"""What all ways to log in share: coming in, and being refused.

Every refusal of credentials is one text, whatever the reason, and takes its time; but the owner of a second factor is
told to make an app password, and who must set one up so too (ALERT, so that mail programs show it).
"""

from __future__ import annotations

import asyncio
import base64
import binascii

import structlog

from posthouse.base.errors import Failure, Kind
from posthouse.base.metrics import logins
from posthouse.identity.mail_clients import TOLD
from posthouse.imapd import store
from posthouse.imapd.capabilities import capabilities
from posthouse.imapd.replies import Bad, No, Ok, condition
from posthouse.imapd.session import REVOKED, Session
from posthouse.wire.imap.limits import after_login

log = structlog.get_logger(__name__)


def decoded(line: bytes) -> bytes:
    """A response to AUTHENTICATE; raises Bad when the client cancels."""
    if line.strip() == b"*":
        raise Bad("Cancelled.")
    try:
        return base64.b64decode(line.strip(), validate=True)
    except binascii.Error:
        raise Bad("That is not base64.") from None


def text_of(line: bytes) -> str:
    try:
        return decoded(line).decode("utf-8")
    except UnicodeDecodeError:
        raise Bad("That is not base64.") from None


def check_privacy(session: Session) -> None:
    if not session.may_log_in:
        raise No("Turn on TLS before you log in.", code=b"PRIVACYREQUIRED")


def note_refusal(session: Session, failure: Failure, mechanism: str) -> None:
    logins.count("imap", "refused")
    log.info("imap.login", ip=session.ip, mechanism=mechanism, ok=False, reason=failure.code)


async def entered(session: Session, account: store.Account, mechanism: str) -> Ok:
    logins.count("imap", "ok")
    session.enter(account)
    if not await store.is_still_admitted(account.admission):
        session.bye(REVOKED)
    log.info("imap.login", ip=session.ip, mechanism=mechanism, ok=True, user_id=account.actor.user_id)
    has_literal_plus = "LITERAL+" not in account.off
    limits = after_login(append_bytes=session.settings.append_bytes, has_literal_plus=has_literal_plus)
    session.link.set_limits(limits)
    return Ok("Logged in.", code=capabilities(session))


async def refuse(session: Session, failure: Failure) -> None:
    """Slow a guesser down, and end the connection after a few tries."""
    if failure.kind is Kind.UNAVAILABLE:
        raise failure
    session.failed_logins += 1
    await asyncio.sleep(session.settings.failed_login_seconds)
    if failure.kind is Kind.LIMITED:
        session.finish(b"NO", failure.message, code=b"LIMIT")
    elif failure.code in TOLD:
        session.untagged(condition(b"NO", failure.message, code=b"ALERT"))
        session.finish(b"NO", failure.message, code=b"AUTHENTICATIONFAILED")
    else:
        session.finish(b"NO", "The address or the password is wrong.", code=b"AUTHENTICATIONFAILED")
    if session.failed_logins >= session.settings.failed_logins:
        session.bye("Too many failed log-ins.")
