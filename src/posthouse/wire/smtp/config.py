"""What one SMTP listener is and what it offers."""

from __future__ import annotations

from dataclasses import dataclass, field

from posthouse.wire import scram
from posthouse.wire.smtp.envelope import Peer, Service
from posthouse.wire.smtp.limits import Limits
from posthouse.wire.smtp.sasl import MECHANISMS


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """`allow_plain_login` is for tests on loopback: AUTH and mail submission without TLS."""

    service: Service
    hostname: str
    limits: Limits = field(default_factory=Limits)
    has_starttls: bool = False
    allow_plain_login: bool = False
    postmaster_domain: str = ""

    def hello(self, peer: Peer) -> bytes:
        """The answer to EHLO."""
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
            f"LIMITS RCPTMAX={limits.recipients} MAILMAX={limits.transactions}",
        ]
        if self.has_starttls and peer.tls is None:
            words.append("STARTTLS")
        if self.may_log_in(peer):
            bindings = {} if peer.tls is None else peer.tls.bindings
            words.append("AUTH " + " ".join((*scram.offered(bindings), *MECHANISMS)))
        lines = [f"250-{word}" for word in words] + ["250 HELP", ""]
        return "\r\n".join(lines).encode("ascii")

    def may_log_in(self, peer: Peer) -> bool:
        return self.service is Service.SUBMISSION and (peer.tls is not None or self.allow_plain_login)
