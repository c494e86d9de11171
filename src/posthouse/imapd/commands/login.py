"""STARTTLS, LOGIN and AUTHENTICATE PLAIN, LOGIN, OAUTHBEARER, XOAUTH2 (RFC 9051 §6.2, RFC 4616, 4959, 7628).

Every refusal of credentials is one text, whatever the reason, and takes its time; but the owner of a second factor is
told to make an app password, and who must set one up so too (ALERT, so that mail programs show it).
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable

import structlog

from posthouse.base.errors import Failure, Kind
from posthouse.base.metrics import logins
from posthouse.identity.mail_clients import TOLD
from posthouse.imapd import store
from posthouse.imapd.capabilities import MECHANISMS, capabilities
from posthouse.imapd.replies import Bad, No, Ok, condition
from posthouse.imapd.session import REVOKED, Session
from posthouse.wire import sasl_bearer
from posthouse.wire.imap import commands as cmd
from posthouse.wire.imap.limits import after_login

log = structlog.get_logger(__name__)


async def start_tls(session: Session, _: cmd.Simple) -> None:
    """Everything known or received before the handshake is forgotten (RFC 9051 §6.2.1)."""
    if session.is_secure or not session.has_tls:
        raise Bad("TLS is on already." if session.is_secure else "There is no TLS here.")
    session.finish(b"OK", "Begin TLS.")
    session.link.start_tls()


async def log_in(session: Session, command: cmd.Login) -> Ok | None:
    return await _admit(session, command.username, command.password, "LOGIN")


async def authenticate(session: Session, command: cmd.Authenticate) -> Ok | None:
    if command.mechanism not in MECHANISMS:
        raise No("That mechanism is not known here.", code=b"CANNOT")
    _check_privacy(session)
    step = _STEPS[command.mechanism]
    if command.initial is not None:
        return await step(session, command.initial)

    async def answer(line: bytes) -> Ok | None:
        return await step(session, line)

    session.ask(answer, _ASK_NAME if command.mechanism == "LOGIN" else b"")
    return None


_ASK_NAME = base64.b64encode(b"Username:")
_ASK_PASSWORD = base64.b64encode(b"Password:")


async def _plain(session: Session, line: bytes) -> Ok | None:
    parts = _decoded(line).split("\0")
    if len(parts) != 3:
        raise Bad("That is not a PLAIN response.")
    acting_for, username, password = parts
    if acting_for not in ("", username):
        raise No("The address or the password is wrong.", code=b"AUTHENTICATIONFAILED")
    return await _admit(session, username, password, "PLAIN")


async def _login_name(session: Session, line: bytes) -> Ok | None:
    username = _decoded(line)

    async def answer(line: bytes) -> Ok | None:
        return await _admit(session, username, _decoded(line), "LOGIN")

    session.ask(answer, _ASK_PASSWORD)
    return None


async def _oauthbearer(session: Session, line: bytes) -> Ok | None:
    return await _bearer(session, line, "OAUTHBEARER")


async def _xoauth2(session: Session, line: bytes) -> Ok | None:
    return await _bearer(session, line, "XOAUTH2")


async def _bearer(session: Session, line: bytes, mechanism: str) -> Ok | None:
    """A refusal is a challenge first, which the client answers before it is told NO (RFC 7628 §3.2.3)."""
    if line.strip() == b"*":
        raise Bad("Cancelled.")
    try:
        given = sasl_bearer.parse(mechanism, line.decode("ascii", "replace"))
    except sasl_bearer.BadBearer:
        raise Bad(f"That is not a response of {mechanism}.") from None
    try:
        account = await store.log_in_bearer(
            given.token, user=given.user, ip=session.ip, client=session.client
        )
    except Failure as failure:
        logins.count("imap", "refused")
        log.info("imap.login", ip=session.ip, mechanism=mechanism, ok=False, reason=failure.code)
        refused = failure

        async def answer(_: bytes) -> Ok | None:
            await _refuse(session, refused)
            return None

        session.ask(answer, sasl_bearer.refusal(scope=str(failure.facts.get("scope", ""))))
        return None
    return await _enter(session, account, mechanism)


_STEPS: dict[str, Callable[[Session, bytes], Awaitable[Ok | None]]] = {
    "PLAIN": _plain,
    "LOGIN": _login_name,
    "OAUTHBEARER": _oauthbearer,
    "XOAUTH2": _xoauth2,
}


def _decoded(line: bytes) -> str:
    if line.strip() == b"*":
        raise Bad("Cancelled.")
    try:
        return base64.b64decode(line.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        raise Bad("That is not base64.") from None


def _check_privacy(session: Session) -> None:
    if not session.may_log_in:
        raise No("Turn on TLS before you log in.", code=b"PRIVACYREQUIRED")


async def _admit(session: Session, username: str, password: str, mechanism: str) -> Ok | None:
    _check_privacy(session)
    try:
        account = await store.log_in(username, password, ip=session.ip, client=session.client)
    except Failure as failure:
        logins.count("imap", "refused")
        log.info("imap.login", ip=session.ip, mechanism=mechanism, ok=False, reason=failure.code)
        await _refuse(session, failure)
        return None
    return await _enter(session, account, mechanism)


async def _enter(session: Session, account: store.Account, mechanism: str) -> Ok:
    logins.count("imap", "ok")
    session.enter(account)
    if not await store.is_still_admitted(account.admission):
        session.bye(REVOKED)
    log.info("imap.login", ip=session.ip, mechanism=mechanism, ok=True, user_id=account.actor.user_id)
    session.link.set_limits(after_login(append_bytes=session.settings.append_bytes))
    return Ok("Logged in.", code=capabilities(session))


async def _refuse(session: Session, failure: Failure) -> None:
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
