"""Who is talking and what the envelope says: the types between the session and everything behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from posthouse.wire.smtp.address import Mailbox


class Service(Enum):
    MX = "mx"
    SUBMISSION = "submission"
    LMTP = "lmtp"


class Body(Enum):
    SEVEN_BIT = "7BIT"
    EIGHT_BIT = "8BITMIME"
    BINARY = "BINARYMIME"


class Return(Enum):
    """What a delivery report shall carry back (RFC 3461 §4.3)."""

    FULL = "FULL"
    HEADERS = "HDRS"


class Notify(Enum):
    """When the sender wants a delivery report (RFC 3461 §4.1)."""

    NEVER = "NEVER"
    SUCCESS = "SUCCESS"
    FAILURE = "FAILURE"
    DELAY = "DELAY"


@dataclass(frozen=True, slots=True)
class Recipient:
    """`notify` is empty where the sender did not ask; `orcpt` is decoded, `type;address`."""

    address: Mailbox
    notify: frozenset[Notify] = frozenset()
    orcpt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """`mail_from` None is the null sender `<>`: never answer it.

    `requires_tls`: it may go on only as RFC 8689 says. `hold` is when it may, in seconds from now or a moment.
    """

    mail_from: Mailbox | None
    recipients: tuple[Recipient, ...]
    body: Body = Body.SEVEN_BIT
    smtputf8: bool = False
    envid: str | None = None
    ret: Return | None = None
    requires_tls: bool = False
    hold: int | datetime | None = None


@dataclass(frozen=True, slots=True)
class Tls:
    """`bindings` are what the channel can be bound by (wire/channel_binding.py)."""

    version: str
    cipher: str
    bindings: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Login:
    """`actor` is whatever the handler knows the person by; the session only carries it."""

    username: str
    actor: object = None
    attach: Callable[[Callable[[], None]], Callable[[], None]] | None = field(
        default=None, compare=False, repr=False
    )
    """Given what ends the connection, has it called when the login is taken back; gives what stops that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """What is known of the client at this moment; a new one is made after EHLO, TLS and AUTH.

    `helo` is the client's own word: printable, without spaces, else unchecked.
    """

    ip: str
    port: int
    service: Service
    helo: str = ""
    is_esmtp: bool = False
    tls: Tls | None = None
    login: Login | None = None
    connection_id: int = 0

    def protocol(self, *, smtputf8: bool) -> str:
        """The WITH keyword of a Received header (RFC 3848, RFC 6531 §4.3)."""
        if not self.is_esmtp:
            return "SMTP"
        if self.service is Service.LMTP:
            name = "UTF8LMTP" if smtputf8 else "LMTP"
        else:
            name = "UTF8SMTP" if smtputf8 else "ESMTP"
        return name + ("S" if self.tls else "") + ("A" if self.login else "")
