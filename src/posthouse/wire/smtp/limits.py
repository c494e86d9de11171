"""How much of anything one client, and all of them together, may have."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024
MAX_RECEIVED_HEADERS = 50  # RFC 5321 §6.3 asks for a generous limit; beyond it a message goes in circles
MAX_PARAMETERS = 16
SWALLOW_FACTOR = 4  # a refused message is read to its end, but not for ever
MAX_LINE_SWALLOWED = MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Per connection, except `message_bytes` and `recipients`: per message."""

    message_bytes: int = 50 * MIB
    recipients: int = 500  # RFC 5321 §4.5.3.1.8: at least 100
    command_line_bytes: int = 4096  # §4.5.3.1.4: 512, and what MAIL and RCPT parameters add
    auth_line_bytes: int = 12288  # RFC 4954 §4
    bad_commands: int = 20
    refusals: int = 100
    idle_commands: int = 100  # NOOP, RSET, VRFY, HELP, EHLO between two accepted messages
    transactions: int = 10_000
    failed_logins: int = 3
    hold_seconds: int = 365 * 24 * 3600

    @property
    def swallow_bytes(self) -> int:
        return self.message_bytes * SWALLOW_FACTOR
