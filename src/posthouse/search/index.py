"""The index of words, behind one interface: SQLite's FTS5 in a file of its own, or a table in PostgreSQL.

It knows accounts, e-mails' ids, times and tokens, nothing of the store. It can be lost: whoever fills it
(mail/indexing.py) finds its cursor gone with it and starts again.

There are two, made alike: of mail, and of what is said in conversations (conversations/indexing.py). In the second a
conversation stands where an account does, and a message where an e-mail does.

Invariants
- Every token carries its account, so a search reads its own account's entries and no others.
- A cursor moves in the transaction that writes what lies behind it.
- Documents are ordered by `key`, which grows with the time of receipt; newest first is the index's own order.
- One thread writes at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from posthouse.search.tree import Node

VERSION = 2
"""Of what is kept and how texts are cut: an index of another version is made anew."""
FIELDS = ("subject", "from", "to", "cc", "bcc", "filename", "list", "body")
FIELDS_ASKED = {"any": FIELDS, "to": ("to", "cc", "bcc")} | {name: (name,) for name in FIELDS if name != "to"}
"""`to:` finds whom an e-mail went to in whichever way, as in Gmail."""
MAX_TOKENS = 20_000
EXCERPT_CHARS = 6_000

TIE_BITS = 21
_LAST_MS = (1 << 41) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An e-mail as the index takes it.

    `rest` are words a person does not search for but IMAP does (other headers, other parts), each once.
    `is_whole` says that every word IMAP would look at is in it, `is_plain` also that each token of the body and of
    `rest` stands in the texts as it is, since these are ASCII. `excerpt` is for showing where words were found.
    """

    email_id: int
    received_at_ms: int
    fields: Mapping[str, Sequence[str]]
    rest: Collection[str] = ()
    is_whole: bool = True
    is_plain: bool = False
    excerpt: str = ""


class Hit(NamedTuple):
    key: int
    email_id: int


@dataclass(slots=True, kw_only=True)
class Progress:
    """How far an account is in the index.

    All e-mails that changed after (`down_modseq`, `down_id`) and up to `upto` are in it; None when the past is done.
    """

    upto: int
    down_modseq: int | None = None
    down_id: int = 0

    @property
    def is_complete(self) -> bool:
        return self.down_modseq is None


@dataclass(slots=True, kw_only=True)
class Batch:
    """What one step of the indexer writes: from `since` (None: from nothing) it has come to `progress` by it."""

    account_id: int
    since: Progress | None
    progress: Progress
    documents: list[Document] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)


class Index(Protocol):
    def progress(self) -> dict[int, Progress]:
        """By account."""

    def progress_of(self, account_id: int) -> Progress | None: ...

    def progress_among(self, account_ids: Collection[int]) -> dict[int, Progress]:
        """The same for some of them."""

    def write(self, batch: Batch) -> None:
        """One transaction; nothing happens when the account is not at `since` any more, since somebody else moved it.

        Documents that are there already stay as they are, but those that are in `gone` as well: they are made anew.
        """

    def forget(self, account_id: int) -> None:
        """Everything of an account, its progress too."""

    def can_find(self, node: Node) -> bool:
        """Whether the index alone can say what fits: texts only, and one that must be there."""

    def find(
        self,
        account_id: int,
        node: Node | None,
        *,
        limit: int | None,
        low_key: int | None = None,
        high_key: int | None = None,
    ) -> list[Hit]:
        """Newest first, keys from `low_key` to `high_key`; with None for the node, whatever is there."""

    def find_in_any(
        self,
        account_ids: Collection[int],
        node: Node,
        *,
        limit: int,
        low_key: int | None = None,
        high_key: int | None = None,
    ) -> list[Hit]:
        """What fits in one of them, newest first. It reads the entries of these alone."""

    def among(self, account_id: int, node: Node, keys: Collection[int]) -> set[int]:
        """The e-mails that fit, of those with these keys."""

    def count(self, account_id: int, node: Node, *, limit: int) -> int:
        """How many fit, at most `limit`."""

    def keys_of(self, account_id: int, email_ids: Collection[int]) -> dict[int, int]:
        """The key by e-mail, of those that are in the index."""

    def perhaps(self, account_id: int, needle: str) -> Suspects | None:
        """For IMAP: which e-mails may hold a substring; None where that cannot be said."""

    def excerpts(self, email_ids: Collection[int]) -> dict[int, str]: ...

    def email_ids(self, account_id: int, *, after: int, limit: int) -> list[int]:
        """Of its documents, ascending from behind `after`."""

    def size(self, account_id: int) -> int:
        """How many e-mails of it are there."""

    def close(self) -> None: ...


class Suspects(NamedTuple):
    """E-mails that may hold a needle, and those whose words are not all known. What is in neither does not hold it,
    provided that it is in the index. Of the first, `in_body` and `in_rest` are sure to hold it there."""

    email_ids: set[int]
    unknown: set[int]
    in_body: set[int]
    in_rest: set[int]


def low_key(received_at_ms: int) -> int:
    """The least key of a moment."""
    return min(max(received_at_ms, 0), _LAST_MS) << TIE_BITS


def high_key(received_at_ms: int) -> int:
    return low_key(received_at_ms) | (1 << TIE_BITS) - 1


def moment_of(key: int) -> int:
    """The moment of a key; before 1970 everything is one moment."""
    return key >> TIE_BITS


_MAIL, _MESSAGES = "search", "search_messages"
_open: dict[str, Index] = {}
_folder: Path | None = None
_opening = threading.Lock()


def configure(folder: Path) -> None:
    """Say where SQLite's files lie; each is opened on first use."""
    global _folder
    close()
    _folder = folder


def current() -> Index:
    """Of mail."""
    return _open.get(_MAIL) or _opened(_MAIL)


def messages() -> Index:
    """Of what is said in conversations."""
    return _open.get(_MESSAGES) or _opened(_MESSAGES)


def _opened(name: str) -> Index:
    with _opening:
        if name not in _open:
            _open[name] = _made(name)
        return _open[name]


def _made(name: str) -> Index:
    from django.db import connection

    if connection.vendor != "sqlite":
        from posthouse.search.postgres_index import PostgresIndex

        return PostgresIndex(name, keeps_terms=name == _MAIL)
    from posthouse.search.sqlite_index import SqliteIndex

    if _folder is None:
        raise RuntimeError("search.index.configure() was not called")
    return SqliteIndex(_folder / f"{name}.sqlite3", keeps_terms=name == _MAIL)


def close() -> None:
    while _open:
        _open.popitem()[1].close()
