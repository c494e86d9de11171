"""What a session asks of whoever drives it. After an event the session stands still until it is answered."""

from __future__ import annotations

from dataclasses import dataclass

from posthouse.wire.smtp.address import Mailbox
from posthouse.wire.smtp.envelope import Envelope
from posthouse.wire.smtp.reply import Reply
from posthouse.wire.smtp.sasl import Credentials, Proven


@dataclass(frozen=True, slots=True)
class SenderGiven:
    """May this be the sender? Answer with `Session.answer(reply or None)`; None accepts."""

    address: Mailbox | None


@dataclass(frozen=True, slots=True)
class RecipientGiven:
    """Do we take mail for this one? Answer with `Session.answer(reply or None)`; None accepts."""

    address: Mailbox
    sender: Mailbox | None


@dataclass(frozen=True, slots=True)
class SaltAsked:
    """Answer with `Session.challenge(salt, iterations, nonce)`, also for who does not exist."""

    username: str


@dataclass(frozen=True, slots=True)
class LoginTried:
    """Answer with `Session.admit(login or None)`; after a proof also with our `answer` to it."""

    credentials: Credentials | Proven


@dataclass(frozen=True, slots=True)
class MessageEnded:
    """Answer with `Session.answer(reply)`, or by LMTP with `answer(*replies)`, one for each recipient; a positive reply
    is a promise that the message is durable."""

    envelope: Envelope
    content: bytes


@dataclass(frozen=True, slots=True)
class TlsAsked:
    """Send what is to be sent, shake hands, call `Session.secured(tls)`. Bytes fed before are dropped."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Send what is to be sent and hang up. A client that did not say QUIT may still be sending."""

    after_quit: bool = False


@dataclass(frozen=True, slots=True)
class Turned:
    """Mail that was turned away, for whoever keeps a record of it: `Session.take_turned`. Waits for no answer."""

    sender: Mailbox | None
    recipients: tuple[Mailbox, ...]
    reply: Reply


Event = SenderGiven | RecipientGiven | SaltAsked | LoginTried | MessageEnded | TlsAsked | Closed
