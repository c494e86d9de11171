"""What one SMTP listener is and what it offers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from posthouse.wire import scram
from posthouse.wire.smtp.envelope import Peer, Service
from posthouse.wire.smtp.limits import Limits
from posthouse.wire.smtp.sasl import MECHANISMS


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """`allow_plain_login` is for tests on loopback: AUTH and mail submission without TLS.

    `latest_hold` tells the moment, in UTC, until which mail that is handed in may be held back (RFC 4865); without it
    none is.
    """

    service: Service
    hostname: str
    limits: Limits = field(default_factory=Limits)
    has_starttls: bool = False
    allow_plain_login: bool = False
    postmaster_domain: str = ""
    latest_hold: Callable[[], datetime] | None = None

    def greeting(self) -> bytes:
        protocol = "LMTP" if self.service is Service.LMTP else "ESMTP"
        return f"220 {self.hostname} {protocol} Posthouse\r\n".encode("ascii")

    def hello(self, peer: Peer) -> bytes:
        """The answer to EHLO or LHLO."""
        limits = self.limits
        words = [
            f"{self.hostname} at your service",
            "PIPELINING",
            f"SIZE {limits.message_bytes}",
            "8BITMIME",
            "SMTPUTF8",
            "ENHANCEDSTATUSCODES",
            "DSN",
            "CHUNKING",
            "BINARYMIME",
            f"LIMITS RCPTMAX={limits.recipients} MAILMAX={limits.transactions}",
        ]
        if peer.tls is not None:
            words.append("REQUIRETLS")
        elif self.has_starttls:
            words.append("STARTTLS")
        if self.latest_hold is not None and self.service is Service.SUBMISSION:
            words.append(f"FUTURERELEASE {limits.hold_seconds} {self.latest_hold():%Y-%m-%dT%H:%M:%SZ}")
        if self.may_log_in(peer):
            bindings = {} if peer.tls is None else peer.tls.bindings
            words.append("AUTH " + " ".join((*scram.offered(bindings), *MECHANISMS)))
        lines = [f"250-{word}" for word in words] + ["250 HELP", ""]
        return "\r\n".join(lines).encode("ascii")

    def may_log_in(self, peer: Peer) -> bool:
        return self.service is Service.SUBMISSION and (peer.tls is not None or self.allow_plain_login)
