"""The message that a client is handing in: its sender, its recipients, and its content while that comes."""

from __future__ import annotations

from posthouse.wire.budget import Budget
from posthouse.wire.smtp import reply as say
from posthouse.wire.smtp.commands import Mail
from posthouse.wire.smtp.content import BdatReader, DataReader
from posthouse.wire.smtp.envelope import Body, Envelope, Recipient
from posthouse.wire.smtp.events import Turned
from posthouse.wire.smtp.limits import MAX_RECEIVED_HEADERS, Limits
from posthouse.wire.smtp.reply import Reply
from posthouse.wire.smtp.trace import count_received
from posthouse.wire.spooling import Spool

MAX_SIZE_DIGITS = 20


class Transaction:
    """One at a time; `forget` makes it empty. `reader` is there from DATA or the first BDAT on."""

    __slots__ = ("_budget", "_limits", "_spool", "mail", "reader", "recipients")

    def __init__(self, limits: Limits, budget: Budget, spool: Spool | None = None) -> None:
        self._limits = limits
        self._budget = budget
        self._spool = spool
        self.mail: Mail | None = None
        self.recipients: list[Recipient] = []
        self.reader: DataReader | BdatReader | None = None

    @property
    def is_binary(self) -> bool:
        return self.mail is not None and self.mail.parameters.body is Body.BINARY

    def turned(self, reply: Reply, recipient: Recipient | None = None) -> Turned | None:
        """What is turned away with this reply: one recipient, or the message for all that were taken."""
        if self.mail is None or reply.is_positive:
            return None
        refused = self.recipients if recipient is None else [recipient]
        return Turned(self.mail.sender, tuple(one.address for one in refused), reply) if refused else None

    def forget(self) -> None:
        self.release()
        self.mail = None
        self.recipients = []

    def release(self) -> None:
        """Give back what memory budget is held."""
        if self.reader is not None:
            self.reader.release()
            self.reader = None

    def why_not_so_big(self, size: int | None) -> Reply | None:
        if size is None:
            return None
        if size > self._limits.message_bytes:
            return say.TOO_BIG
        free = self._budget.free if self._spool is None else max(self._budget.free, self._spool.free)
        return say.OUT_OF_MEMORY if size > free else None

    def why_no_recipient(self) -> Reply | None:
        if self.mail is None or self.reader is not None:
            return say.MAIL_FIRST if self.mail is None else say.NOT_NOW
        return say.TOO_MANY_RECIPIENTS if len(self.recipients) >= self._limits.recipients else None

    def begin_data(self) -> Reply | None:
        """From here on bytes are content, unless a refusal is given."""
        if not self.recipients:
            return self._no_recipients()
        if self.reader is not None:
            return say.NOT_NOW
        if self.is_binary:
            return say.BDAT_ONLY
        if not self._budget.free:
            return say.OUT_OF_MEMORY
        self.reader = DataReader(self._limits, self._budget, self._spool)
        return None

    def begin_chunk(self, size: int, *, is_last: bool) -> BdatReader | None:
        """So many bytes that follow are content, or None where that is more than we would read to its end."""
        reader = self.reader
        if reader is None:
            reader = self.reader = BdatReader(
                self._limits, self._budget, self._spool, is_binary=self.is_binary
            )
            if not self.recipients:
                reader.refuse(self._no_recipients())
        assert isinstance(reader, BdatReader)
        if reader.seen_bytes + size > self._limits.swallow_bytes:
            return None
        reader.expect(size, last=is_last)
        return reader

    def finish(self) -> tuple[Envelope, bytes] | Reply:
        """What was handed in, or why it is refused."""
        assert self.reader is not None
        content = self.reader.finish()
        if isinstance(content, Reply):
            return content
        return (
            say.MAIL_LOOP if count_received(content) > MAX_RECEIVED_HEADERS else (self._envelope(), content)
        )

    def _envelope(self) -> Envelope:
        assert self.mail is not None
        given = self.mail.parameters
        return Envelope(
            mail_from=self.mail.sender,
            recipients=tuple(self.recipients),
            body=given.body,
            smtputf8=given.smtputf8,
            envid=given.envid,
            ret=given.ret,
            requires_tls=given.requires_tls,
            hold=given.hold,
        )

    def _no_recipients(self) -> Reply:
        return say.NO_RECIPIENTS if self.mail is not None else say.MAIL_FIRST


def read_bdat(text: str) -> tuple[int, bool] | None:
    """What follows `BDAT `: the size, and whether it is the last; None when it cannot be read."""
    words = text.split()
    is_last = len(words) == 2 and words[1].upper() == "LAST"
    if not words or (len(words) != 1 and not is_last) or not _is_size(words[0]):
        return None
    return int(words[0]), is_last


def _is_size(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= MAX_SIZE_DIGITS
