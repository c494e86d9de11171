"""AUTHENTICATE SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, 7677): the mechanism is in wire/scram.py.

A proof that does not fit is refused as a wrong password is; the client is let in once it has seen that we know its
password too, which it says by an empty line.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Awaitable, Callable
from typing import TypeVar

from posthouse.base.errors import Failure
from posthouse.imapd import store
from posthouse.imapd.commands.entering import decoded, entered, note_refusal, refuse
from posthouse.imapd.replies import Bad, No, Ok
from posthouse.imapd.session import LineHandler, Session
from posthouse.wire import scram
from posthouse.wire.scram import BadScram, Exchange, Proof, Unbound

T = TypeVar("T")
NONCE_BYTES = 18


def first_step(session: Session, mechanism: str) -> Callable[[Session, bytes], Awaitable[Ok | None]]:
    bindings = session.link.bindings()
    exchange = Exchange(mechanism, bindings=bindings, offers_plus=scram.PLUS in scram.offered(bindings))

    async def challenge(session: Session, line: bytes) -> Ok | None:
        username = _read(exchange.read_first, line)
        salt, iterations = await store.scram_salt(username)
        said = exchange.challenge(salt, iterations, nonce=secrets.token_urlsafe(NONCE_BYTES))
        session.ask(_judge(session, exchange, username, mechanism), base64.b64encode(said))
        return None

    return challenge


def _judge(session: Session, exchange: Exchange, username: str, mechanism: str) -> LineHandler:
    async def judge(line: bytes) -> Ok | None:
        proof = _read(exchange.read_final, line)
        try:
            account, answer = await _log_in(session, username, proof)
        except Failure as failure:
            note_refusal(session, failure, mechanism)
            await refuse(session, failure)
            return None

        async def acknowledged(line: bytes) -> Ok | None:
            decoded(line)
            return await entered(session, account, mechanism)

        session.ask(acknowledged, base64.b64encode(answer))
        return None

    return judge


async def _log_in(session: Session, username: str, proof: Proof) -> tuple[store.Account, bytes]:
    return await store.log_in_scram(username, proof, ip=session.ip, client=session.client)


def _read(read: Callable[[bytes], T], line: bytes) -> T:
    try:
        return read(decoded(line))
    except Unbound as unbound:
        raise No(str(unbound), code=b"AUTHENTICATIONFAILED") from None
    except BadScram as bad:
        raise Bad(str(bad)) from None
