"""AUTH PLAIN (RFC 4616), LOGIN (draft-murchison-sasl-login), OAUTHBEARER, XOAUTH2 as a server sees them (RFC 4954 §4).

LOGIN is obsolete, but Outlook uses it, with and without an initial response. SCRAM asks the driver twice: for the salt
of a name, and whether a proof is right.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field

from posthouse.wire import sasl_bearer, scram
from posthouse.wire.smtp import reply as say
from posthouse.wire.smtp.reply import Reply

MECHANISMS = ("PLAIN", "LOGIN", *sasl_bearer.MECHANISMS)
_ASK_ANYTHING = Reply(334, "", "")
_ASK_USERNAME = Reply(334, "", "VXNlcm5hbWU6")
_ASK_PASSWORD = Reply(334, "", "UGFzc3dvcmQ6")


@dataclass(frozen=True, slots=True)
class Credentials:
    """With a bearer mechanism `password` is the token, and `username` may be empty."""

    mechanism: str
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody will prove who they are: what is the salt of this name?"""

    username: str


@dataclass(frozen=True, slots=True)
class Proven:
    """Credentials that do not hold the password."""

    mechanism: str
    username: str
    proof: scram.Proof


Outcome = Reply | Credentials | Named | Proven


class Exchange:
    """One AUTH command. Each step gives a challenge or a refusal (Reply), or at last the Credentials."""

    __slots__ = ("_mechanism", "_username")

    def __init__(self, mechanism: str) -> None:
        self._mechanism = mechanism
        self._username: str | None = None

    def begin(self, initial: str | None) -> Reply | Credentials:
        if initial is not None:
            return self.step("" if initial == "=" else initial)
        return _ASK_USERNAME if self._mechanism == "LOGIN" else _ASK_ANYTHING

    def step(self, line: str) -> Reply | Credentials:
        if line == "*":
            return say.LOGIN_CANCELLED
        if self._mechanism in sasl_bearer.MECHANISMS:
            return self._bearer(line)
        try:
            text = base64.b64decode(line, validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            return say.BAD_BASE64
        return self._plain(text) if self._mechanism == "PLAIN" else self._login(text)

    def _bearer(self, line: str) -> Reply | Credentials:
        try:
            given = sasl_bearer.parse(self._mechanism, line)
        except sasl_bearer.BadBearer:
            return say.BAD_BASE64
        return Credentials(self._mechanism, given.user, given.token)

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


class ScramExchange:
    """SCRAM-SHA-256 and -PLUS (wire/scram.py). After Named comes `challenge`, then `step` once more."""

    __slots__ = ("_exchange", "_mechanism", "_username")

    def __init__(self, mechanism: str, bindings: Mapping[str, bytes]) -> None:
        self._mechanism = mechanism
        offers_plus = scram.PLUS in scram.offered(bindings)
        self._exchange = scram.Exchange(mechanism, bindings=bindings, offers_plus=offers_plus)
        self._username: str | None = None

    def begin(self, initial: str | None) -> Outcome:
        return _ASK_ANYTHING if initial is None else self.step(initial)

    def step(self, line: str) -> Outcome:
        if line == "*":
            return say.LOGIN_CANCELLED
        try:
            message = base64.b64decode(line, validate=True)
            if self._username is None:
                self._username = self._exchange.read_first(message)
                return Named(self._username)
            return Proven(self._mechanism, self._username, self._exchange.read_final(message))
        except scram.Unbound:
            return say.LOGIN_UNBOUND
        except (scram.BadScram, binascii.Error, ValueError):
            return say.BAD_BASE64

    def challenge(self, salt: bytes, iterations: int, *, nonce: str) -> Reply:
        said = self._exchange.challenge(salt, iterations, nonce=nonce)
        return Reply(334, "", base64.b64encode(said).decode())


class Refusal:
    """A bearer's refusal was said as a challenge; whatever the client answers gets the refusal (RFC 7628 §3.2.3)."""

    __slots__ = ("_reply",)

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    def step(self, line: str) -> Reply | Credentials:
        return self._reply
