"""AUTH PLAIN (RFC 4616) and LOGIN (draft-murchison-sasl-login) as a server sees them (RFC 4954 §4).

LOGIN is obsolete, but Outlook uses it, with and without an initial response.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field

from posthouse.wire.smtp import reply as say
from posthouse.wire.smtp.reply import Reply

MECHANISMS = ("PLAIN", "LOGIN")
_ASK_ANYTHING = Reply(334, "", "")
_ASK_USERNAME = Reply(334, "", "VXNlcm5hbWU6")
_ASK_PASSWORD = Reply(334, "", "UGFzc3dvcmQ6")


@dataclass(frozen=True, slots=True)
class Credentials:
    mechanism: str
    username: str
    password: str = field(repr=False)


class Exchange:
    """One AUTH command. Each step gives a challenge or a refusal (Reply), or at last the Credentials."""

    __slots__ = ("_mechanism", "_username")

    def __init__(self, mechanism: str) -> None:
        self._mechanism = mechanism
        self._username: str | None = None

    def begin(self, initial: str | None) -> Reply | Credentials:
        if initial is not None:
            return self.step("" if initial == "=" else initial)
        return _ASK_ANYTHING if self._mechanism == "PLAIN" else _ASK_USERNAME

    def step(self, line: str) -> Reply | Credentials:
        if line == "*":
            return say.LOGIN_CANCELLED
        try:
            text = base64.b64decode(line, validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            return say.BAD_BASE64
        return self._plain(text) if self._mechanism == "PLAIN" else self._login(text)

    def _plain(self, text: str) -> Reply | Credentials:
        parts = text.split("\0")
        if len(parts) != 3 or not parts[1] or not parts[2]:
            return say.BAD_BASE64
        acting_for, username, password = parts
        if acting_for and acting_for != username:
            return say.LOGIN_FAILED  # nobody may act for another here
        return Credentials("PLAIN", username, password)

    def _login(self, text: str) -> Reply | Credentials:
        if "\0" in text or not text:
            return say.BAD_BASE64
        if self._username is None:
            self._username = text
            return _ASK_PASSWORD
        return Credentials("LOGIN", self._username, text)
