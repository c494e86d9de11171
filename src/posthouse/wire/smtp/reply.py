"""Replies (RFC 5321 §4.2) with enhanced status codes (RFC 2034, RFC 3463), and those the session gives."""

from __future__ import annotations

from dataclasses import dataclass

MAX_TEXT = 400  # RFC 5321 §4.5.3.1.5: a reply line is at most 512 octets


@dataclass(frozen=True, slots=True)
class Reply:
    """`enhanced` is empty where RFC 2034 forbids one (greeting, EHLO, 3xx)."""

    code: int
    enhanced: str
    text: str

    @property
    def is_positive(self) -> bool:
        return self.code < 400

    @property
    def is_temporary(self) -> bool:
        return 400 <= self.code < 500

    def encode(self) -> bytes:
        """One line. What is not printable ASCII is replaced, so no text can forge a second reply."""
        text = self.text
        if not (text.isascii() and text.isprintable() and len(text) <= MAX_TEXT):
            text = "".join(c if " " <= c <= "~" else "?" for c in text[:MAX_TEXT])
        if self.enhanced:
            return f"{self.code} {self.enhanced} {text}\r\n".encode("ascii")
        return f"{self.code} {text}\r\n".encode("ascii")


OK = Reply(250, "2.0.0", "Ok")
SENDER_OK = Reply(250, "2.1.0", "Ok")
RECIPIENT_OK = Reply(250, "2.1.5", "Ok")
BYE = Reply(221, "2.0.0", "Bye")
GO_AHEAD = Reply(354, "", "End data with <CR><LF>.<CR><LF>")
READY_FOR_TLS = Reply(220, "2.0.0", "Ready to start TLS")
LOGGED_IN = Reply(235, "2.7.0", "Authentication succeeded")
HELP = Reply(
    214, "2.0.0", "EHLO HELO MAIL RCPT DATA BDAT RSET NOOP QUIT VRFY STARTTLS AUTH HELP; see RFC 5321"
)
CANNOT_VERIFY = Reply(252, "2.5.0", "Cannot verify; send some mail and see")

CLOSING = Reply(421, "4.3.2", "Service closing, please come back later")
TIMED_OUT = Reply(421, "4.4.2", "Timeout, closing")
TOO_MANY_ERRORS = Reply(421, "4.7.0", "Too many errors, closing")
TOO_MANY_TRANSACTIONS = Reply(421, "4.7.0", "Too many messages on one connection, please connect again")
TOO_MANY_FROM_YOU = Reply(450, "4.7.0", "Too much from your network at once, please try again later")
TOO_MUCH_DATA = Reply(421, "4.7.0", "Far too much data, closing")
TOO_MANY_CONNECTIONS = Reply(421, "4.7.0", "Too many connections, please come back later")
OUT_OF_MEMORY = Reply(452, "4.3.1", "Not enough room right now, please try again later")
INCIDENT = Reply(451, "4.3.0", "Something went wrong here, please try again later")
TOO_MANY_RECIPIENTS = Reply(452, "4.5.3", "Too many recipients")
TLS_NOT_AVAILABLE = Reply(454, "4.7.0", "TLS is not available now")

LINE_TOO_LONG = Reply(500, "5.5.2", "Line too long")
BARE_LINE_END = Reply(500, "5.5.2", "Lines must end with <CR><LF> and hold no other <CR>, <LF> or NUL")
NOT_UTF8 = Reply(500, "5.5.2", "The line is not valid UTF-8")
UNKNOWN_COMMAND = Reply(500, "5.5.1", "Command not recognized")
NO_PARAMETER = Reply(501, "5.5.4", "No parameter is allowed here")
BAD_HELLO = Reply(501, "5.5.4", "Give your host name or address literal")
BAD_MAIL = Reply(501, "5.5.4", "Syntax: MAIL FROM:<address> [parameters]")
BAD_RCPT = Reply(501, "5.5.4", "Syntax: RCPT TO:<address> [parameters]")
BAD_BDAT = Reply(501, "5.5.4", "Syntax: BDAT size [LAST]; closing, since we cannot know what follows")
BAD_VRFY = Reply(501, "5.5.4", "Syntax: VRFY name")
BAD_AUTH = Reply(501, "5.5.4", "Syntax: AUTH mechanism [initial-response]")
BAD_BASE64 = Reply(501, "5.5.2", "Cannot decode that response")
LOGIN_CANCELLED = Reply(501, "5.7.0", "Authentication cancelled")
NOT_IMPLEMENTED = Reply(502, "5.5.1", "Command not implemented")
HELLO_FIRST = Reply(503, "5.5.1", "Say EHLO first")
NESTED_MAIL = Reply(503, "5.5.1", "A message is already under way")
MAIL_FIRST = Reply(503, "5.5.1", "Say MAIL first")
NO_RECIPIENTS = Reply(503, "5.5.1", "No valid recipients")
ALREADY_TLS = Reply(503, "5.5.1", "TLS is already on")
ALREADY_LOGGED_IN = Reply(503, "5.5.1", "Already authenticated")
BDAT_ONLY = Reply(503, "5.5.1", "BODY=BINARYMIME needs BDAT")
NOT_NOW = Reply(503, "5.5.1", "Not in the middle of a message")
UNKNOWN_MECHANISM = Reply(504, "5.5.4", "Unknown authentication mechanism")
NO_SUCH_PARAMETER = Reply(555, "5.5.4", "Parameter not recognized or not implemented")
HELD_TOO_LONG = Reply(501, "5.5.4", "Mail is not held for so long here")
NEEDS_TLS = Reply(530, "5.7.10", "REQUIRETLS needs a connection with TLS")
TLS_FIRST = Reply(530, "5.7.0", "Say STARTTLS first")
LOGIN_FIRST = Reply(530, "5.7.0", "Authentication required")
LOGIN_FAILED = Reply(535, "5.7.8", "Wrong user name or password")
LOGIN_UNBOUND = Reply(535, "5.7.8", "The channel is bound to something else")
DISTRUSTED = Reply(421, "4.7.0", "You do not trust our answer, closing")
LOGIN_REVOKED = Reply(421, "4.7.0", "This login was taken back, closing")
LOGIN_NEEDS_TLS = Reply(538, "5.7.11", "Encryption is required for authentication")
TOO_BIG = Reply(552, "5.3.4", "The message is larger than we take")
NEEDS_SMTPUTF8 = Reply(553, "5.6.7", "Such an address needs SMTPUTF8")
RELAYING_DENIED = Reply(550, "5.7.1", "Relaying denied")
NO_SUCH_PERSON = Reply(550, "5.1.1", "No such person here")
NOT_SMTP = Reply(554, "5.5.1", "This is a mail server")
TALKED_EARLY = Reply(554, "5.5.1", "You spoke before the greeting")
BINARY_HEADER = Reply(554, "5.6.0", "The header of the message has a bare <CR>, bare <LF> or NUL")
BARE_CR_OR_LF = Reply(554, "5.6.0", "The message has a bare <CR>, bare <LF> or NUL")
MAIL_LOOP = Reply(554, "5.4.6", "Too many hops, this message goes in circles")
