"""From a framed command to a typed one (RFC 9051 §9).

`parse` raises Malformed with the tag it could read, so that the answer is `tag BAD` wherever possible.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal, get_args

from posthouse.wire.imap import accounts, appending, fetch, metadata, notify, resync, search, sort
from posthouse.wire.imap import commands as cmd
from posthouse.wire.imap.errors import BadCharset, Malformed
from posthouse.wire.imap.framing import Framed
from posthouse.wire.imap.limits import MAX_LONG, MAX_PATTERNS
from posthouse.wire.imap.scanner import Scanner, mailbox_name, name_as_sent

_STORE_ITEM = re.compile(rb"([+-]?)FLAGS(\.SILENT)?(?=[ (])", re.I)
_BASE64_OR_EMPTY = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
_STATUS_ITEMS = frozenset(
    {
        "MESSAGES",
        "RECENT",
        "UIDNEXT",
        "UIDVALIDITY",
        "UNSEEN",
        "DELETED",
        "SIZE",
        "HIGHESTMODSEQ",
        "APPENDLIMIT",
    }
    | {"MAILBOXID", "DELETED-STORAGE"}
)
_SELECTIONS = frozenset({"SUBSCRIBED", "REMOTE", "RECURSIVEMATCH", "SPECIAL-USE"})
_RETURNS = frozenset({"SUBSCRIBED", "CHILDREN", "SPECIAL-USE", "MYRIGHTS"})
MAX_ID_FIELDS = 30
MAX_ENABLE_NAMES = 50


def parse(framed: Framed, *, has_utf8_names: bool = False) -> cmd.Request:
    """The typed command. Raises Malformed or BadCharset; both carry the tag where there is one."""
    scanner = Scanner(framed, has_utf8_names=has_utf8_names)
    tag = b""
    try:
        tag = scanner.tag()
        scanner.space()
        return cmd.Request(tag, _command(scanner, scanner.word()))
    except BadCharset as error:
        error.tag = tag
        raise
    except Malformed as error:
        error.tag = tag
        raise


def _command(scanner: Scanner, verb: str) -> cmd.Command:
    if verb in _SIMPLE:
        scanner.end()
        return _SIMPLE[verb]
    is_uid = verb == "UID"
    if is_uid:
        scanner.space()
        verb = scanner.word()
        if verb == "EXPUNGE":
            return _uid_expunge(scanner)
    numbered = _NUMBERED.get(verb)
    if numbered is not None:
        return numbered(scanner, verb, is_uid)
    reader = None if is_uid else _READERS.get(verb)
    if reader is None:
        raise Malformed("That command is not known.")
    scanner.space()
    command = reader(scanner, verb)
    scanner.end()
    return command


# --- any state and before log-in -------------------------------------------------------------------


def _login(scanner: Scanner, _: str) -> cmd.Command:
    username = scanner.astring()
    scanner.space()
    password = scanner.astring()
    return cmd.Login(username=_utf8(username), password=_utf8(password))


def _authenticate(scanner: Scanner, _: str) -> cmd.Command:
    mechanism = scanner.word()
    initial: bytes | None = None
    if scanner.accept(b" "):
        found = None if scanner.accept(b"=") else scanner.match(_BASE64_OR_EMPTY)
        initial = found[0] if found is not None else b""
    return cmd.Authenticate(mechanism=mechanism, initial=initial)


def _enable(scanner: Scanner, _: str) -> cmd.Command:
    names = [scanner.word()]
    while scanner.accept(b" ") and not scanner.is_at_end:
        names.append(scanner.word())
        if len(names) > MAX_ENABLE_NAMES:
            raise Malformed("There are too many names.")
    return cmd.Enable(tuple(names))


def _compress(scanner: Scanner, _: str) -> cmd.Command:
    return cmd.Compress(scanner.word())


def _id(scanner: Scanner, _: str) -> cmd.Command:
    """RFC 2971; `()` is taken for NIL, as some clients send it."""
    fields: dict[str, str] = {}
    if not scanner.accept(b"("):
        if scanner.nstring() is not None:
            raise Malformed("Expected NIL or a list.")
        return cmd.Id(fields)
    scanner.skip_spaces()
    while not scanner.accept(b")"):
        name = _utf8(scanner.string())
        scanner.space()
        fields[name.lower()] = _utf8(scanner.nstring() or b"")
        scanner.skip_spaces()
        if len(fields) > MAX_ID_FIELDS:
            raise Malformed("There are too many fields.")
    return cmd.Id(fields)


# --- mailboxes -------------------------------------------------------------------------------------


def _select(scanner: Scanner, verb: str) -> cmd.Command:
    mailbox = scanner.mailbox()
    parameters: set[str] = set()
    found = None
    if scanner.accept(b" ("):
        scanner.skip_spaces()
        while not scanner.accept(b")"):
            word = scanner.word()
            if word == "QRESYNC" and found is None:
                scanner.space()
                found = resync.read(scanner)
            elif word != "CONDSTORE":
                raise Malformed("That parameter is not known.")
            parameters.add(word)
            scanner.skip_spaces()
    return cmd.Select(
        mailbox=mailbox,
        is_read_only=verb == "EXAMINE",
        parameters=frozenset(parameters),
        resync=found,
    )


def _create(scanner: Scanner, _: str) -> cmd.Command:
    """A trailing separator is dropped: it only announces that children will follow (RFC 9051 §6.3.4)."""
    raw = scanner.astring()
    mailbox = mailbox_name(raw, is_utf8=scanner.has_utf8_names)
    uses: tuple[str, ...] = ()
    if scanner.accept(b" ("):
        if scanner.word() != "USE":
            raise Malformed("That parameter is not known.")
        scanner.space()
        uses = scanner.flag_list()
        scanner.expect(b")")
    as_sent = name_as_sent(raw, is_utf8=scanner.has_utf8_names)
    return cmd.Create(mailbox=mailbox.removesuffix("/") or mailbox, uses=uses, as_sent=as_sent)


def _delete(scanner: Scanner, _: str) -> cmd.Command:
    return cmd.Delete(scanner.mailbox())


def _rename(scanner: Scanner, _: str) -> cmd.Command:
    mailbox = scanner.mailbox()
    scanner.space()
    to = scanner.mailbox()
    return cmd.Rename(mailbox=mailbox, to=to.removesuffix("/") or to)


def _subscribe(scanner: Scanner, verb: str) -> cmd.Command:
    return cmd.Subscribe(mailbox=scanner.mailbox(), is_subscribed=verb == "SUBSCRIBE")


def _list(scanner: Scanner, _: str) -> cmd.Command:
    """RFC 9051 §6.3.9: selection options, several patterns and RETURN make it extended."""
    selections = None
    if scanner.accept(b"("):
        selections = _known(_words(scanner), _SELECTIONS)
        if "RECURSIVEMATCH" in selections and selections <= {"RECURSIVEMATCH", "REMOTE"}:
            raise Malformed("RECURSIVEMATCH needs another selection option.")
        scanner.space()
    reference = mailbox_name(scanner.astring(), is_utf8=scanner.has_utf8_names)
    scanner.space()
    has_many = scanner.peek() == b"("
    patterns = _patterns(scanner) if has_many else (scanner.list_pattern(),)
    returns, status, has_return = _list_return(scanner)
    return cmd.List(
        reference=reference,
        patterns=patterns,
        selections=selections or frozenset(),
        returns=returns,
        status=status,
        is_extended=selections is not None or has_many or has_return,
    )


def _patterns(scanner: Scanner) -> tuple[str, ...]:
    scanner.expect(b"(")
    patterns = []
    while not scanner.accept(b")"):
        patterns.append(scanner.list_pattern())
        scanner.skip_spaces()
        if len(patterns) > MAX_PATTERNS:
            raise Malformed("There are too many patterns.")
    if not patterns:
        raise Malformed("Expected a pattern.")
    return tuple(patterns)


def _list_return(scanner: Scanner) -> tuple[frozenset[str], tuple[str, ...], bool]:
    scanner.skip_spaces()
    if scanner.is_at_end:
        return frozenset(), (), False
    if scanner.word() != "RETURN":
        raise Malformed("Expected RETURN.")
    scanner.space()
    scanner.expect(b"(")
    returns: set[str] = set()
    status: tuple[str, ...] = ()
    while not scanner.accept(b")"):
        option = scanner.word()
        if option == "STATUS":
            scanner.space()
            status = _status_items(scanner)
        elif option in _RETURNS:
            returns.add(option)
        else:
            raise Malformed("That option is not known.")
        scanner.skip_spaces()
    return frozenset(returns), status, True


def _lsub(scanner: Scanner, _: str) -> cmd.Command:
    reference = mailbox_name(scanner.astring(), is_utf8=scanner.has_utf8_names)
    scanner.space()
    return cmd.List(reference=reference, patterns=(scanner.list_pattern(),), is_lsub=True)


def _status(scanner: Scanner, _: str) -> cmd.Command:
    mailbox = scanner.mailbox()
    scanner.space()
    return cmd.Status(mailbox=mailbox, items=_status_items(scanner))


def _status_items(scanner: Scanner) -> tuple[str, ...]:
    scanner.expect(b"(")
    items = tuple(dict.fromkeys(_words(scanner)))
    if not items or not _STATUS_ITEMS.issuperset(items):
        raise Malformed("That STATUS item is not known.")
    return items


def _append(scanner: Scanner, _: str) -> cmd.Command:
    return appending.parse_append(scanner)


def _replace(scanner: Scanner, _: str, is_uid: bool) -> cmd.Command:  # noqa: FBT001
    return appending.parse_replace(scanner, is_uid=is_uid)


# --- messages --------------------------------------------------------------------------------------


def _uid_expunge(scanner: Scanner) -> cmd.Command:
    scanner.space()
    uids = scanner.sequence_set()
    scanner.end()
    return cmd.Expunge(uids)


def _fetch(scanner: Scanner, _: str, is_uid: bool) -> cmd.Command:  # noqa: FBT001 all readers take the same
    scanner.space()
    numbers = scanner.sequence_set()
    scanner.space()
    items = fetch.parse(scanner)
    changed_since, with_vanished, partial = _fetch_modifiers(scanner)
    scanner.end()
    if with_vanished and (not is_uid or changed_since is None):
        raise Malformed("VANISHED goes with UID FETCH and CHANGEDSINCE.")
    if partial is not None and not is_uid:
        raise Malformed("PARTIAL goes with UID FETCH.")
    return cmd.Fetch(
        set=numbers,
        items=items,
        is_uid=is_uid,
        changed_since=changed_since,
        with_vanished=with_vanished,
        partial=partial,
    )


def _fetch_modifiers(scanner: Scanner) -> tuple[int | None, bool, resync.Partial | None]:
    """CHANGEDSINCE, VANISHED (RFC 7162), PARTIAL (RFC 9394), in any order."""
    changed_since, with_vanished, partial = None, False, None
    if scanner.accept(b" ("):
        scanner.skip_spaces()
        while not scanner.accept(b")"):
            word = scanner.word()
            if word == "CHANGEDSINCE" and changed_since is None:
                scanner.space()
                changed_since = scanner.number(highest=MAX_LONG)  # the grammar forbids 0, iOS sends it
            elif word == "PARTIAL" and partial is None:
                scanner.space()
                partial = resync.partial(scanner)
            elif word == "VANISHED":
                with_vanished = True
            else:
                raise Malformed("That FETCH modifier is not known.")
            scanner.skip_spaces()
    return changed_since, with_vanished, partial


def _store(scanner: Scanner, _: str, is_uid: bool) -> cmd.Command:  # noqa: FBT001
    scanner.space()
    numbers = scanner.sequence_set()
    scanner.space()
    unchanged_since = None
    if scanner.accept(b"("):
        if scanner.word() != "UNCHANGEDSINCE":
            raise Malformed("That STORE modifier is not known.")
        scanner.space()
        unchanged_since = scanner.number(highest=MAX_LONG)
        scanner.expect(b")")
        scanner.space()
    found = scanner.match(_STORE_ITEM)
    if found is None:
        raise Malformed("STORE changes FLAGS only.")
    scanner.skip_spaces()
    flags = scanner.flag_list() if scanner.peek() == b"(" else scanner.flags()
    scanner.end()
    modes: dict[bytes, Literal["replace", "add", "remove"]] = {b"": "replace", b"+": "add", b"-": "remove"}
    return cmd.Store(
        set=numbers,
        mode=modes[found[1]],
        flags=flags,
        is_silent=found[2] is not None,
        is_uid=is_uid,
        unchanged_since=unchanged_since,
    )


def _copy(scanner: Scanner, verb: str, is_uid: bool) -> cmd.Command:  # noqa: FBT001
    scanner.space()
    numbers = scanner.sequence_set()
    scanner.space()
    mailbox = scanner.mailbox()
    scanner.end()
    return cmd.Copy(set=numbers, mailbox=mailbox, is_move=verb == "MOVE", is_uid=is_uid)


def _search(scanner: Scanner, _: str, is_uid: bool) -> cmd.Command:  # noqa: FBT001
    return search.parse(scanner, is_uid=is_uid)


def _sort(scanner: Scanner, _: str, is_uid: bool) -> cmd.Command:  # noqa: FBT001
    return sort.parse_sort(scanner, is_uid=is_uid)


def _thread(scanner: Scanner, _: str, is_uid: bool) -> cmd.Command:  # noqa: FBT001
    return sort.parse_thread(scanner, is_uid=is_uid)


# --- small things ----------------------------------------------------------------------------------


def _utf8(raw: bytes) -> str:
    """Names and passwords: UTF-8, and where a client sends something else, Latin-1 so that it is not lost."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _words(scanner: Scanner) -> tuple[str, ...]:
    """Words up to the closing parenthesis, which is read; the opening one was."""
    words = []
    scanner.skip_spaces()
    while not scanner.accept(b")"):
        words.append(scanner.word())
        scanner.skip_spaces()
    return tuple(words)


def _known(words: tuple[str, ...], allowed: frozenset[str]) -> frozenset[str]:
    if not allowed.issuperset(words):
        raise Malformed("That option is not known.")
    return frozenset(words)


_SIMPLE: Mapping[str, cmd.Command] = {verb: cmd.Simple(verb) for verb in get_args(cmd.Verb)} | {
    "EXPUNGE": cmd.Expunge(None)
}
_READERS: dict[str, Callable[[Scanner, str], cmd.Command]] = {
    "LOGIN": _login,
    "AUTHENTICATE": _authenticate,
    "COMPRESS": _compress,
    "ENABLE": _enable,
    "ID": _id,
    "SELECT": _select,
    "EXAMINE": _select,
    "CREATE": _create,
    "DELETE": _delete,
    "RENAME": _rename,
    "SUBSCRIBE": _subscribe,
    "UNSUBSCRIBE": _subscribe,
    "LIST": _list,
    "LSUB": _lsub,
    "STATUS": _status,
    "APPEND": _append,
    **dict.fromkeys(accounts.READERS, accounts.parse),
    "GETMETADATA": lambda scanner, _: metadata.parse_get(scanner),
    "SETMETADATA": lambda scanner, _: metadata.parse_set(scanner),
    "NOTIFY": lambda scanner, _: notify.read(scanner),
}
_NUMBERED: dict[str, Callable[[Scanner, str, bool], cmd.Command]] = {
    "FETCH": _fetch,
    "STORE": _store,
    "SEARCH": _search,
    "SORT": _sort,
    "THREAD": _thread,
    "COPY": _copy,
    "MOVE": _copy,
    "REPLACE": _replace,
}
