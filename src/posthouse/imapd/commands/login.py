"""STARTTLS, LOGIN and AUTHENTICATE PLAIN, LOGIN, OAUTHBEARER, XOAUTH2 (RFC 9051 §6.2, RFC 4616, 4959, 7628).

SCRAM is in `proving.py`.
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable

from posthouse.base.errors import Failure
from posthouse.imapd import store
from posthouse.imapd.capabilities import MECHANISMS
from posthouse.imapd.commands import proving
from posthouse.imapd.commands.entering import check_privacy, entered, note_refusal, refuse, text_of
from posthouse.imapd.replies import Bad, No, Ok
from posthouse.imapd.session import Session
from posthouse.wire import sasl_bearer, scram
from posthouse.wire.imap import commands as cmd


async def start_tls(session: Session, _: cmd.Simple) -> None:
    """Everything known or received before the handshake is forgotten (RFC 9051 §6.2.1)."""
    if session.is_secure or not session.has_tls:
        raise Bad("TLS is on already." if session.is_secure else "There is no TLS here.")
    session.client = ""
    session.finish(b"OK", "Begin TLS.")
    session.link.start_tls()


async def log_in(session: Session, command: cmd.Login) -> Ok | None:
    return await _admit(session, command.username, command.password, "LOGIN")


async def authenticate(session: Session, command: cmd.Authenticate) -> Ok | None:
    if command.mechanism not in (*MECHANISMS, *scram.MECHANISMS):
        raise No("That mechanism is not known here.", code=b"CANNOT")
    check_privacy(session)
    step = _STEPS.get(command.mechanism) or proving.first_step(session, command.mechanism)
    if command.initial is not None:
        return await step(session, command.initial)

    async def answer(line: bytes) -> Ok | None:
        return await step(session, line)

    session.ask(answer, _ASK_NAME if command.mechanism == "LOGIN" else b"")
    return None


_ASK_NAME = base64.b64encode(b"Username:")
_ASK_PASSWORD = base64.b64encode(b"Password:")


async def _plain(session: Session, line: bytes) -> Ok | None:
    parts = text_of(line).split("\0")
    if len(parts) != 3:
        raise Bad("That is not a PLAIN response.")
    acting_for, username, password = parts
    if acting_for not in ("", username):
        raise No("The address or the password is wrong.", code=b"AUTHENTICATIONFAILED")
    return await _admit(session, username, password, "PLAIN")


async def _login_name(session: Session, line: bytes) -> Ok | None:
    username = text_of(line)

    async def answer(line: bytes) -> Ok | None:
        return await _admit(session, username, text_of(line), "LOGIN")

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
        note_refusal(session, failure, mechanism)
        refused = failure

        async def answer(_: bytes) -> Ok | None:
            await refuse(session, refused)
            return None

        session.ask(answer, sasl_bearer.refusal(scope=str(failure.facts.get("scope", ""))))
        return None
    return await entered(session, account, mechanism)


_STEPS: dict[str, Callable[[Session, bytes], Awaitable[Ok | None]]] = {
    "PLAIN": _plain,
    "LOGIN": _login_name,
    "OAUTHBEARER": _oauthbearer,
    "XOAUTH2": _xoauth2,
}


async def _admit(session: Session, username: str, password: str, mechanism: str) -> Ok | None:
    check_privacy(session)
    try:
        account = await store.log_in(username, password, ip=session.ip, client=session.client)
    except Failure as failure:
        note_refusal(session, failure, mechanism)
        await refuse(session, failure)
        return None
    return await entered(session, account, mechanism)
