"""Every command as a type; a tag and one of these is what a session acts on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from posthouse.wire.imap import accounts
from posthouse.wire.imap.appending import Append, NewMessage, Replace
from posthouse.wire.imap.fetch import FetchItem
from posthouse.wire.imap.metadata import GetMetadata, SetMetadata
from posthouse.wire.imap.notify import Notify
from posthouse.wire.imap.resync import Partial, Resync
from posthouse.wire.imap.search import Search
from posthouse.wire.imap.sequence import SequenceSet
from posthouse.wire.imap.sort import Sort, Thread

Verb = Literal[
    "CAPABILITY", "NOOP", "LOGOUT", "STARTTLS", "NAMESPACE", "CHECK", "CLOSE", "UNSELECT", "IDLE"
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Simple:
    """A command that is only its name."""

    verb: Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticate:
    """`initial` is the base64 sent at once (RFC 4959), None if there was none."""

    mechanism: str
    initial: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Compress:
    """RFC 4978."""

    algorithm: str


@dataclass(frozen=True, slots=True)
class Enable:
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Id:
    fields: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    mailbox: str
    is_read_only: bool
    parameters: frozenset[str] = frozenset()
    resync: Resync | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """`as_sent` is the name before it was made normal."""

    mailbox: str
    uses: tuple[str, ...] = ()
    as_sent: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Delete:
    mailbox: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    mailbox: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe:
    mailbox: str
    is_subscribed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """LIST and LSUB. `selections` and `returns` hold upper-case words; `status` what to tell of each."""

    reference: str
    patterns: tuple[str, ...]
    selections: frozenset[str] = frozenset()
    returns: frozenset[str] = frozenset()
    status: tuple[str, ...] = ()
    is_lsub: bool = False
    is_extended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    mailbox: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expunge:
    """`uids` is None for plain EXPUNGE."""

    uids: SequenceSet | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    set: SequenceSet
    items: tuple[FetchItem, ...]
    is_uid: bool
    changed_since: int | None = None
    with_vanished: bool = False
    partial: Partial | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    set: SequenceSet
    mode: Literal["replace", "add", "remove"]
    flags: tuple[str, ...]
    is_silent: bool
    is_uid: bool
    unchanged_since: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """COPY and MOVE."""

    set: SequenceSet
    mailbox: str
    is_move: bool
    is_uid: bool


Command = (
    Simple
    | Login
    | Authenticate
    | accounts.Command
    | GetMetadata
    | SetMetadata
    | Compress
    | Enable
    | Id
    | Select
    | Create
    | Delete
    | Rename
    | Subscribe
    | List
    | Status
    | Append
    | Replace
    | Expunge
    | Search
    | Sort
    | Thread
    | Fetch
    | Store
    | Copy
    | Notify
)


@dataclass(frozen=True, slots=True)
class Request:
    tag: bytes
    command: Command


__all__ = ["Append", "GetMetadata", "NewMessage", "Replace", "SetMetadata"]
