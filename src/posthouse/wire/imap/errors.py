"""What a reader raises for bytes that are not IMAP."""

from __future__ import annotations


class Malformed(Exception):
    """The command is not understood: answer BAD. The text is for the peer and quotes none of its bytes."""

    def __init__(self, message: str, *, tag: bytes = b"") -> None:
        super().__init__(message)
        self.message = message
        self.tag = tag


class BadCharset(Exception):
    """SEARCH in a charset that we do not read: answer NO [BADCHARSET (...)] (RFC 3501 §6.4.4).

    `saves`: its result was to be kept, which is empty then (RFC 5182 §2.1).
    """

    def __init__(self, *, saves: bool) -> None:
        super().__init__()
        self.tag = b""
        self.saves = saves
