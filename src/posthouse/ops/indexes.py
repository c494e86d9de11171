"""The indexes of words, each with the reader of logs that fills it: of mail, and of what is said in conversations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from posthouse.base import sql
from posthouse.conversations import indexing as of_messages
from posthouse.mail import indexing as of_mail
from posthouse.search import index
from posthouse.search.index import Index


class Filled(NamedTuple):
    """`owner` and `things` are what it keeps by, and what is in it; `logs` says how far the log of each has come."""

    owner: str
    things: str
    words: Callable[[], Index]
    logs: Callable[[], dict[int, int]]
    step: Callable[[int], bool]
    stale: Callable[[int], Iterator[list[int]]]
    counted: str

    def count(self, owner_id: int) -> int:
        """How many should be in it."""
        row = sql.row(self.counted, [owner_id])
        return 0 if row is None else int(row[0])

    def make_anew(self, owner_id: int) -> None:
        self.words().forget(owner_id)
        while self.step(owner_id):
            continue


MAIL = Filled(
    "account",
    "e-mails",
    index.current,
    of_mail.accounts,
    of_mail.step,
    of_mail.stale,
    "SELECT count(*) FROM mail_email WHERE account_id = %s",
)
MESSAGES = Filled(
    "conversation",
    "messages",
    index.messages,
    of_messages.conversations,
    of_messages.step,
    of_messages.stale,
    "SELECT count(*) FROM conversations_message WHERE conversation_id = %s AND deleted_at IS NULL AND kind = 'text'",
)
