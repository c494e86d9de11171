"""LIST, LSUB, STATUS, NAMESPACE (RFC 9051 §6.3.9-§6.3.11, RFC 5258, RFC 5819, RFC 6154, RFC 2342)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from posthouse.base import db
from posthouse.imapd import accounts, store
from posthouse.imapd.folders import OTHER_USERS, SEPARATOR, SHARED, SPECIAL_USES, Folders
from posthouse.imapd.replies import Ok
from posthouse.imapd.row_items import mailbox_object
from posthouse.imapd.session import Session
from posthouse.wire.imap import commands as cmd
from posthouse.wire.imap.pattern import matcher

if TYPE_CHECKING:
    from posthouse.mail.access import Right
    from posthouse.mail.by_uid import MailboxRow


AT_ONCE_CHARS = 20_000
"""Of names to be matched: more of them take milliseconds, which belong into a thread."""


class _Line(NamedTuple):
    """`row` is None for a level that is shown only for what lies below it."""

    path: str
    row: MailboxRow | None
    has_subscribed_below: bool = False


async def namespace(session: Session, _: cmd.Simple) -> Ok:
    has_others, has_shared = await store.namespaces(session.account)
    others = b'(("%b/" "/"))' % OTHER_USERS.encode("ascii") if has_others else b"NIL"
    shared = b'(("%b/" "/"))' % SHARED.encode("ascii") if has_shared else b"NIL"
    session.send(b'* NAMESPACE (("" "/")) %b %b\r\n' % (others, shared))
    return Ok("That is all.")


async def list_mailboxes(session: Session, command: cmd.List) -> Ok:
    word = b"LSUB" if command.is_lsub else b"LIST"
    if command.patterns == ("",) and not command.is_extended:
        session.send(b'* %b (\\Noselect) "/" ""\r\n' % word)
        return Ok("That is all.")
    if "HIGHESTMODSEQ" in command.status:
        session.enabled |= {"CONDSTORE"}
    folders = await store.folders(session.account)
    if sum(map(len, folders.by_path)) * len(command.patterns) < AT_ONCE_CHARS:
        lines = _chosen(command, folders)
    else:
        lines = await db.lengthy(_chosen, command, folders)
    wants_sums = not _SUMMED.isdisjoint(command.status)
    sums = await store.sums([line.row.id for line in lines if line.row]) if wants_sums else {}
    rights = await accounts.rights_on_all(session.account) if "MYRIGHTS" in command.returns else {}
    for line in lines:
        session.send(_list_line(session, word, command, folders, line))
        if line.row is not None and line.row.account_id in rights:
            session.send(_rights_line(session, line.path, line.row, rights[line.row.account_id]))
        if command.status and line.row is not None:
            session.send(status_line(session, line.path, line.row, command.status, sums.get(line.row.id)))
    return Ok("That is all.")


def _chosen(command: cmd.List, folders: Folders) -> list[_Line]:
    matchers = [matcher(_joined(command.reference, pattern)) for pattern in command.patterns]
    only_subscribed = command.is_lsub or "SUBSCRIBED" in command.selections
    only_special = "SPECIAL-USE" in command.selections
    shows_parents = command.is_lsub or "RECURSIVEMATCH" in command.selections
    lines = []
    for path, row in folders.by_path.items():
        if not any(matches(path) for matches in matchers):
            continue
        fits = (row.is_subscribed or not only_subscribed) and (_has_use(folders, row) or not only_special)
        below = only_subscribed and shows_parents and path in folders.above_subscribed
        if fits or below:
            lines.append(_Line(path, row if fits or not command.is_lsub else None, below))
    for path in folders.levels:
        below = only_subscribed and shows_parents and path in folders.above_subscribed
        if (below or not (only_subscribed or only_special)) and any(matches(path) for matches in matchers):
            lines.append(_Line(path, None, below))
    return lines


def _has_use(folders: Folders, row: MailboxRow) -> bool:
    """Only in one's own account: a client that finds two mailboxes for what is sent would use either."""
    return row.role in SPECIAL_USES and row.account_id not in folders.lent


def _joined(reference: str, pattern: str) -> str:
    """The pattern as seen from the reference; INBOX in any case where it is a whole level."""
    whole = reference + pattern
    first, separator, rest = whole.partition(SEPARATOR)
    return "INBOX" + separator + rest if first.upper() == "INBOX" else whole


def _list_line(session: Session, word: bytes, command: cmd.List, folders: Folders, line: _Line) -> bytes:
    """Special uses are told unasked, in LSUB too: phones and Outlook look for them there."""
    attributes = []
    if line.row is None:
        attributes.append(b"\\Noselect")
        if line.path in folders.levels:
            attributes.append(b"\\HasChildren")
    else:
        if not command.is_lsub:
            attributes.append(b"\\HasChildren" if line.row.id in folders.parents else b"\\HasNoChildren")
        if line.row.is_subscribed and ("SUBSCRIBED" in command.returns or "SUBSCRIBED" in command.selections):
            attributes.append(b"\\Subscribed")
        use = SPECIAL_USES[line.row.role] if _has_use(folders, line.row) else None
        if use is not None:
            attributes.append(use)
    extended = b""
    if line.has_subscribed_below and "RECURSIVEMATCH" in command.selections:
        extended = b' ("CHILDINFO" ("SUBSCRIBED"))'
    return b'* %b (%b) "/" %b%b\r\n' % (word, b" ".join(attributes), session.named(line.path), extended)


def _rights_line(session: Session, path: str, row: MailboxRow, right: Right) -> bytes:
    """RFC 8440."""
    letters = accounts.letters_in(session.account.actor, right, row.role)
    return b"* MYRIGHTS %b %b\r\n" % (session.named(path), letters.encode("ascii"))


def told_line(session: Session, folders: Folders, path: str, row: MailboxRow, *, old_name: str = "") -> bytes:
    """A mailbox that is told of unasked, with what a client must see of its subscription (RFC 5465 §5.4, §5.5)."""
    plain = cmd.List(reference="", patterns=(path,), returns=frozenset({"SUBSCRIBED"}))
    line = _list_line(session, b"LIST", plain, folders, _Line(path, row))
    return _with_old_name(session, line, old_name)


def _with_old_name(session: Session, line: bytes, old_name: str) -> bytes:
    if not old_name:
        return line
    return line.removesuffix(b"\r\n") + b' ("OLDNAME" (%b))\r\n' % session.named(old_name)


async def line_of(session: Session, path: str, *, old_name: str = "") -> bytes:
    """One mailbox as LIST shows it, told unasked in IMAP4rev2: by SELECT, and by CREATE of a name that was made normal
    (RFC 9051 §6.3.2, §6.3.9.7)."""
    folders = await store.folders(session.account)
    row = folders.find(path)
    if row is None:
        return b""
    plain = cmd.List(reference="", patterns=(path,))
    line = _list_line(session, b"LIST", plain, folders, _Line(path, row))
    return _with_old_name(session, line, old_name)


# --- STATUS ----------------------------------------------------------------------------------------

_SUMMED = frozenset({"DELETED", "DELETED-STORAGE", "SIZE"})


async def status(session: Session, command: cmd.Status) -> Ok:
    if "HIGHESTMODSEQ" in command.items:
        session.enabled |= {"CONDSTORE"}
    row = await store.find(session.account, command.mailbox)
    sums = await store.sums([row.id]) if not _SUMMED.isdisjoint(command.items) else {}
    session.send(status_line(session, command.mailbox, row, command.items, sums.get(row.id)))
    return Ok("That is all.")


def status_line(
    session: Session, path: str, row: MailboxRow, items: tuple[str, ...], sums: store.Sums | None
) -> bytes:
    values = {
        "MESSAGES": row.total_emails,
        "RECENT": 0,
        "UIDNEXT": row.uidnext,
        "UIDVALIDITY": row.uidvalidity,
        "UNSEEN": row.unread_emails,
        "HIGHESTMODSEQ": max(row.modseq, 1),
        "APPENDLIMIT": session.settings.append_bytes,
        "DELETED": sums.deleted if sums else 0,
        "DELETED-STORAGE": sums.deleted_bytes if sums else 0,
        "SIZE": sums.size_bytes if sums else 0,
    }
    told = b" ".join(
        b"MAILBOXID (%b)" % mailbox_object(row.id)
        if item == "MAILBOXID"
        else b"%b %d" % (item.encode("ascii"), values[item])
        for item in items
    )
    return b"* STATUS %b (%b)\r\n" % (session.named(path), told)
