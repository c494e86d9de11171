"""Drives a session as a server would, with a handler that answers at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from posthouse.wire.budget import Budget
from posthouse.wire.smtp import reply as say
from posthouse.wire.smtp.config import Config
from posthouse.wire.smtp.envelope import Envelope, Login, Peer, Service, Tls
from posthouse.wire.smtp.events import (
    Closed,
    Event,
    LoginTried,
    MessageEnded,
    RecipientGiven,
    SenderGiven,
    TlsAsked,
)
from posthouse.wire.smtp.limits import Limits
from posthouse.wire.smtp.reply import Reply
from posthouse.wire.smtp.session import Session

TLS = Tls("TLSv1.3", "TLS_AES_256_GCM_SHA384")
HOME = "example.test"
LATEST_HOLD = datetime(2027, 11, 28, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse"


@dataclass
class Driven:
    """`said` is all the session sent, `messages` what it handed over. Mail is taken for `HOME` only on MX."""

    session: Session
    said: bytes = b""
    messages: list[tuple[Envelope, bytes]] = field(default_factory=list)
    logins: list[tuple[str, str, str]] = field(default_factory=list)
    replies: Sequence[Reply] = (say.OK,)
    is_closed: bool = False
    wants_tls: bool = False

    def feed(self, *pieces: bytes) -> Driven:
        for piece in pieces:
            event = self.session.receive(piece)
            while event is not None:
                event = self._answer(event)
            self.said += self.session.take()
        return self

    def codes(self) -> list[int]:
        """The code of each reply, in order."""
        return [int(line[:3]) for line in self.said.split(b"\r\n") if line[3:4] == b" "]

    def secure(self) -> Driven:
        assert self.wants_tls
        self.wants_tls = False
        self.session.secured(TLS)
        return self

    def _answer(self, event: Event) -> Event | None:
        match event:
            case SenderGiven():
                return self.session.answer(None)
            case RecipientGiven(address):
                is_ours = address.domain == HOME or self.session.config.service is Service.SUBMISSION
                return self.session.answer(None if is_ours else say.RELAYING_DENIED)
            case MessageEnded(envelope, content):
                self.messages.append((envelope, content))
                return self.session.answer(*self.replies)
            case LoginTried(tried):
                self.logins.append((tried.mechanism, tried.username, tried.password))
                return self.session.admit(Login(tried.username) if tried.password == PASSWORD else None)
            case TlsAsked():
                self.wants_tls = True
            case Closed():
                self.is_closed = True
        return None


def open_session(
    service: Service = Service.MX,
    *,
    tls: bool = False,
    starttls: bool = True,
    plain_login: bool = False,
    budget: Budget | None = None,
    **limits: int,
) -> Driven:
    """A greeted session; what it said so far is dropped."""
    config = Config(
        service=service,
        hostname="mx.example.test",
        limits=Limits(**limits),
        has_starttls=starttls,
        allow_plain_login=plain_login,
        postmaster_domain=HOME,
        latest_hold=lambda: LATEST_HOLD,
    )
    peer = Peer(ip="192.0.2.1", port=4321, service=service, tls=TLS if tls else None)
    driven = Driven(Session(config, peer, budget or Budget(10**9)))
    driven.session.greet()
    driven.session.take()
    return driven


HELLO = b"EHLO client.test\r\n"
MAIL = b"MAIL FROM:<alice@client.test>\r\n"
RCPT = b"RCPT TO:<bob@example.test>\r\n"
TRANSACTION = MAIL + RCPT + b"DATA\r\n"


def in_data(**limits: Any) -> Driven:
    """A session that waits for a message."""
    driven = open_session(**limits).feed(HELLO + TRANSACTION)
    assert driven.codes()[-1] == 354
    driven.said = b""
    return driven
