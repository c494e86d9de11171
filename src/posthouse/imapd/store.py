"""The mail store as IMAP's commands need it: each function is one crossing from the loop into the domain.

Reads run in the pool of reading threads, writes in the write lane; FETCH and SEARCH read in `rendering` and
`searching`, and nothing else in this room touches the database.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection
from typing import Any, NamedTuple

from posthouse.base import db, sql
from posthouse.base.errors import Conflict, Denied, Invalid, Missing
from posthouse.identity import mail_clients, scram, scram_clients
from posthouse.identity import queries as identity_queries
from posthouse.identity.actor import Actor
from posthouse.identity.mail_clients import Admission
from posthouse.identity.scram import Salted
from posthouse.imapd.flags import Flags
from posthouse.imapd.folders import INBOX, OTHER_USERS, SEPARATOR, SHARED, Folders
from posthouse.mail import access, by_uid, mailboxes, placing, sharing, standing, storing
from posthouse.mail.access import Right
from posthouse.mail.by_uid import FlagsRow, MailboxRow, ViewChanges
from posthouse.wire.scram import Proof


class Account(NamedTuple):
    actor: Actor
    account_id: int
    admission: Admission


class Opened(NamedTuple):
    mailbox: MailboxRow
    uidvalidity: int
    uidnext: int
    modseq: int
    uids: array[int]
    may_write: bool


class Changed(NamedTuple):
    """Rows after a change of flags.

    `is_alone` says that nobody changed the mailbox between the session's last look and this change, so that
    the session is up to date at `modseq`. `refused` holds UIDs that UNCHANGEDSINCE kept from changing.
    """

    rows: list[FlagsRow]
    modseq: int
    is_alone: bool
    refused: list[int]


class NoSuchMailbox(Missing):
    def __init__(self) -> None:
        super().__init__("no_such_mailbox", "There is no such mailbox.")


# --- reading ---------------------------------------------------------------------------------------


async def log_in(username: str, password: str, *, ip: str, client: str) -> Account:
    """Raises Denied or Limited; Missing for a person without an account."""

    def check() -> Account:
        return _account(mail_clients.admit(username, password, protocol="imap", ip=ip, client=client))

    return await db.heavy(check)


async def log_in_bearer(token: str, *, user: str, ip: str, client: str) -> Account:
    """The same by a token, which is quick."""

    def check() -> Account:
        return _account(mail_clients.admit_bearer(token, user=user, protocol="imap", ip=ip, client=client))

    return await db.reading(check)


async def scram_salt(username: str) -> Salted:
    return await db.reading(scram.salt_of, username)


async def log_in_scram(username: str, proof: Proof, *, ip: str, client: str) -> tuple[Account, bytes]:
    """The same by a proof; the bytes are our own proof to the client. Quick too."""

    def check() -> tuple[Account, bytes]:
        proved = scram_clients.admit(username, proof, protocol="imap", ip=ip, client=client)
        return _account(proved.admission), proved.answer

    return await db.reading(check)


def _account(admission: Admission) -> Account:
    return Account(admission.actor, access.account_id_for(admission.actor, need=Right.READ), admission)


async def is_still_admitted(admission: Admission) -> bool:
    return await db.reading(mail_clients.is_alive, admission)


def _folders(account_id: int) -> Folders:
    return Folders(by_uid.mailboxes(account_id))


class Where(NamedTuple):
    """A path that a client named: in which account, and its path there."""

    account_id: int
    path: str


def _places(actor: Actor) -> dict[int, str]:
    """The accounts of others that one reads, and where they are in one's own tree."""
    return {
        account_id: f"{SHARED if is_shared else OTHER_USERS}{SEPARATOR}{email}"
        for account_id, email, is_shared in sharing.lent(actor)
    }


def _is_outside(path: str) -> bool:
    return path.partition(SEPARATOR)[0] in (SHARED, OTHER_USERS)


def _where(account: Account, path: str) -> Where:
    """Own paths cost nothing more; those of others are looked up among what was granted at this moment."""
    if _is_outside(path):
        for account_id, place in _places(account.actor).items():
            if path.startswith(place + SEPARATOR):
                return Where(account_id, path[len(place) + 1 :])
    return Where(account.account_id, path)


def _find_in(account_id: int, path: str) -> MailboxRow:
    found = _folders(account_id).find(path)
    if found is None:
        raise NoSuchMailbox()
    return found


def _find(account: Account, path: str) -> MailboxRow:
    return _find_in(*_where(account, path))


async def folders(account: Account) -> Folders:
    """One's own mailboxes, then those of accounts one was granted."""

    def look() -> Folders:
        rows, places = by_uid.mailboxes(account.account_id), _places(account.actor)
        for account_id in places:
            rows += by_uid.mailboxes(account_id)
        return Folders(rows, places)

    return await db.reading(look)


async def namespaces(account: Account) -> tuple[bool, bool]:
    """Whether one was granted accounts of other people, and shared ones."""
    lent = await db.reading(sharing.lent, account.actor)
    return any(not is_shared for _, _, is_shared in lent), any(is_shared for _, _, is_shared in lent)


async def find(account: Account, path: str) -> MailboxRow:
    """Raises NoSuchMailbox."""
    return await db.reading(_find, account, path)


async def account_of(account: Account, path: str) -> int:
    """Whose a path is, before its mailbox is read."""
    if not _is_outside(path):
        return account.account_id
    return (await db.reading(_where, account, path)).account_id


async def open_mailbox(account: Account, path: str) -> Opened:
    """A mailbox and all its UIDs; raises NoSuchMailbox. One that may only be read says so."""

    def look() -> Opened:
        mailbox = _find(account, path)
        is_own = mailbox.account_id == account.account_id and account.actor.may("mail.write")
        may_write = is_own or _may_write(account.actor, mailbox.id)
        with standing.standing(mailbox.id) as found:
            numbers, uids = (found.uidvalidity, found.uidnext, found.modseq), found.uids[:]
        return Opened(mailbox, *numbers, uids, may_write=may_write)

    return await db.reading(look)


def _may_write(actor: Actor, mailbox_id: int) -> bool:
    try:
        access.mailbox_for(actor, mailbox_id)
    except Denied:
        return False
    return True


async def renewed(account: Account, mailbox_id: int | None) -> tuple[Account, bool]:
    """The person as they are now, when their rights have changed, and whether they may write to what is open.

    Raises Missing for one who may not come in any more, or not read the mailbox that is open.
    """

    def look() -> tuple[Account, bool]:
        fresh = account._replace(actor=identity_queries.actor_again(account.actor))
        if mailbox_id is None:
            return fresh, True
        access.mailbox_for(fresh.actor, mailbox_id, need=Right.READ)
        return fresh, _may_write(fresh.actor, mailbox_id)

    return await db.reading(look)


async def changes(account_id: int, mailbox_id: int, *, uidnext: int, modseq: int) -> ViewChanges:
    """What happened since; raises Missing when the mailbox is gone."""
    return await db.reading(
        by_uid.view_changes, mailbox_id, account_id=account_id, uidnext=uidnext, modseq=modseq
    )


class Sums(NamedTuple):
    deleted: int
    size_bytes: int


async def sums(mailbox_ids: Collection[int]) -> dict[int, Sums]:
    """What no counter keeps: how many are \\Deleted, and all sizes together. Looks at every e-mail."""

    def add_up() -> dict[int, Sums]:
        found = {}
        for mailbox_id in mailbox_ids:
            with standing.standing(mailbox_id) as mailbox:
                deleted = {number for number, kind in enumerate(mailbox.kinds) if kind.is_deleted}
                count = sum(number in deleted for number in mailbox.kind_numbers) if deleted else 0
                found[mailbox_id] = Sums(count, sum(mailbox.sizes))
        return found

    return await db.reading(add_up)


# --- messages --------------------------------------------------------------------------------------


class Appended(NamedTuple):
    mailbox_id: int
    uid: int
    uidvalidity: int


async def append(
    account: Account, path: str, raw: bytes, *, flags: Flags, received_at_ms: int | None
) -> Appended:
    """Store a message; returns when it is on disk. Raises NoSuchMailbox, Limited (over_quota)."""

    def prepare() -> tuple[MailboxRow, storing.Arrival]:
        mailbox = _find(account, path)
        access.mailbox_for(account.actor, mailbox.id)
        return mailbox, storing.prepare(raw, received_at_ms=received_at_ms)

    mailbox, arrival = await db.reading(prepare)
    item = storing.Storing(
        arrival=arrival,
        account_id=mailbox.account_id,
        mailbox_id=mailbox.id,
        flags=flags.bits,
        keywords=" ".join(sorted(flags.keywords)),
    )
    stored: storing.Stored = await db.writing(storing.store, item)
    if flags.is_deleted:
        mark = Flags(0, frozenset(), is_deleted=True)
        owner = account._replace(account_id=mailbox.account_id)
        await change_flags(owner, mailbox.id, [stored.uid], mode="add", flags=mark, known_modseq=0)
    return Appended(mailbox.id, stored.uid, stored.uidvalidity)


@db.action
def _change_flags(
    actor: Actor,
    account_id: int,
    mailbox_id: int,
    uids: Collection[int],
    *,
    mode: str,
    flags: Flags,
    known_modseq: int,
    unchanged_since: int | None,
) -> Changed:
    before = _modseq(mailbox_id, account_id)
    is_alone = before <= known_modseq
    refused: list[int] = []
    if unchanged_since is not None:
        rows = by_uid.flags_of(mailbox_id, sorted(uids))
        refused = [row.uid for row in rows if row.modseq > unchanged_since]
        uids = [row.uid for row in rows if row.modseq <= unchanged_since]
    if not uids:
        return Changed([], before, is_alone, refused)
    rows = by_uid.store_flags(
        actor, mailbox_id, uids, mode=mode, bits=flags.bits, keywords=flags.keywords, deleted=flags.is_deleted
    )
    return Changed(rows, _modseq(mailbox_id, account_id), is_alone, refused)


def _modseq(mailbox_id: int, account_id: int) -> int:
    """How far the mailbox has come; other writers of the account wait from here on."""
    placing.hold(account_id)
    found = sql.row("SELECT modseq FROM mail_mailbox WHERE id = %s", [mailbox_id])
    if found is None:
        raise NoSuchMailbox()
    return int(found[0])


async def change_flags(
    account: Account,
    mailbox_id: int,
    uids: Collection[int],
    *,
    mode: str,
    flags: Flags,
    known_modseq: int,
    unchanged_since: int | None = None,
) -> Changed:
    """STORE as one transaction; UIDs that do not exist are passed over."""
    return await db.writing(
        _change_flags,
        account.actor,
        account.account_id,
        mailbox_id,
        uids,
        mode=mode,
        flags=flags,
        known_modseq=known_modseq,
        unchanged_since=unchanged_since,
    )


async def copy(account: Account, mailbox_id: int, uids: Collection[int], *, to: int) -> dict[int, int]:
    """Source UID to UID in the target, in the order of the source."""
    return await db.writing(by_uid.copy, account.actor, mailbox_id, uids, to=to)


async def move(account: Account, mailbox_id: int, uids: Collection[int], *, to: int) -> dict[int, int]:
    """The same for MOVE, whole or not at all."""
    return await db.writing(by_uid.move, account.actor, mailbox_id, uids, to=to)


async def expunge(account: Account, mailbox_id: int, uids: Collection[int] | None) -> None:
    """Remove what is \\Deleted, among the given UIDs if they are given."""
    await db.writing(by_uid.expunge, account.actor, mailbox_id, None if uids is None else set(uids))


# --- mailboxes -------------------------------------------------------------------------------------


@db.action
def _create(actor: Actor, account_id: int, path: str) -> MailboxRow:
    placing.hold(account_id)
    folders = _folders(account_id)
    if path == INBOX or folders.find(path) is not None:
        raise Conflict("mailbox_exists", "There is a mailbox of that name already.")
    levels = path.split(SEPARATOR)
    parent_id = None
    for depth in range(1, len(levels) + 1):
        there = folders.find(SEPARATOR.join(levels[:depth]))
        if there is None:
            made = mailboxes.create_mailbox(
                actor, name=levels[depth - 1], parent_id=parent_id, account_id=account_id
            )
        parent_id = made.id if there is None else there.id
    return _find_in(account_id, path)


async def create(account: Account, path: str) -> MailboxRow:
    """Make a mailbox and the levels above it that are missing; all or nothing."""
    where = await db.reading(_where, account, path)
    if where.account_id == account.account_id and _is_outside(path):
        raise Denied("not_yours", "That is where mailboxes of others are.")
    return await db.writing(_create, account.actor, *where)


@db.action
def _rename(actor: Actor, account_id: int, path: str, to: str) -> None:
    if path == INBOX:
        inbox = _find_in(account_id, INBOX)
        target = _create(actor, account_id, to)
        by_uid.move(actor, inbox.id, by_uid.view(inbox.id).uids, to=target.id)
        return
    placing.hold(account_id)
    folders = _folders(account_id)
    mailbox = folders.find(path)
    if mailbox is None:
        raise NoSuchMailbox()
    if to == INBOX or folders.find(to) is not None:
        raise Conflict("mailbox_exists", "There is a mailbox of that name already.")
    if to.startswith(path + SEPARATOR):
        raise Invalid("parent_loop", "A mailbox cannot lie inside itself.")
    above, _, name = to.rpartition(SEPARATOR)
    parent = folders.find(above) or (_create(actor, account_id, above) if above else None)
    mailboxes.update_mailbox(actor, mailbox.id, name=name, parent_id=parent.id if parent else None)


async def rename(account: Account, path: str, *, to: str) -> None:
    """What is inside moves along; renaming INBOX moves its messages out and leaves it (RFC 9051 §6.3.6)."""
    source, target = await db.reading(_where, account, path), await db.reading(_where, account, to)
    if source.account_id != target.account_id or (_is_outside(to) and target.path == to):
        raise Denied("not_yours", "A mailbox stays in its account.")
    await db.writing(_rename, account.actor, *source, target.path)


async def delete(account: Account, path: str) -> int:
    """Remove a mailbox and what lies only there; gives its id."""

    @db.action
    def remove() -> int:
        mailbox = _find(account, path)
        mailboxes.delete_mailbox(account.actor, mailbox.id, trash=False)
        return mailbox.id

    return await db.writing(remove)


async def subscribe(account: Account, path: str, *, is_subscribed: bool) -> None:
    @db.action
    def change() -> Any:
        mailbox = _find(account, path)
        return mailboxes.update_mailbox(account.actor, mailbox.id, is_subscribed=is_subscribed)

    await db.writing(change)
