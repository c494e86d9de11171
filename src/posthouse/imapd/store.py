"""The mail store as IMAP's commands need it: each function is one crossing from the loop into the domain.

Reads run in the pool of reading threads, writes in the write lane; FETCH and SEARCH read in `rendering` and
`searching`, and nothing else in this room touches the database.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from posthouse.base import db
from posthouse.base.errors import Conflict, Denied, Invalid, Missing
from posthouse.identity import mail_clients, scram, scram_clients
from posthouse.identity import queries as identity_queries
from posthouse.identity.actor import Actor
from posthouse.identity.mail_clients import Admission
from posthouse.identity.scram import Salted
from posthouse.imapd.flags import Flags
from posthouse.imapd.folders import INBOX, OTHER_USERS, SEPARATOR, SHARED, Folders
from posthouse.imapd.view import View
from posthouse.mail import (
    access,
    across,
    by_uid,
    mailboxes,
    missed,
    placing,
    sharing,
    standing,
    storing,
    uid_verbs,
)
from posthouse.mail.access import Right
from posthouse.mail.by_uid import MailboxRow, ViewChanges
from posthouse.mail.imap_off import imap_off
from posthouse.mail.marks import MarkRow, Marks
from posthouse.mail.missed import Known, Missed, Spans
from posthouse.wire.imap.capabilities import with_dependants
from posthouse.wire.imap.resync import Resync
from posthouse.wire.imap.sequence import SequenceSet
from posthouse.wire.scram import Proof


class Account(NamedTuple):
    actor: Actor
    account_id: int
    admission: Admission
    off: frozenset[str] = frozenset()
    """Extensions that this account does without, in upper case."""


class Opened(NamedTuple):
    mailbox: MailboxRow
    uidvalidity: int
    uidnext: int
    modseq: int
    uids: array[int]
    may_write: bool
    missed: Missed | None = None


class Changed(NamedTuple):
    """E-mails after a change of flags.

    `is_alone` says that nobody changed the mailbox between the session's last look and this change, so that
    the session is up to date at `modseq`. `refused` holds UIDs that UNCHANGEDSINCE kept from changing.
    """

    marks: Marks
    modseq: int
    is_alone: bool
    refused: list[int]

    @property
    def rows(self) -> list[MarkRow]:
        return self.marks.rows()


class Taken(NamedTuple):
    """UIDs that were taken out of a mailbox; `is_alone` and `modseq` as above."""

    uids: Sequence[int]
    modseq: int
    is_alone: bool


class Placed(NamedTuple):
    """Source UID to UID in the target; `is_alone` and `modseq`, of the source, as above."""

    uids: dict[int, int]
    modseq: int
    is_alone: bool


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
    account_id = access.account_id_for(admission.actor, need=Right.READ)
    return Account(admission.actor, account_id, admission, with_dependants(frozenset(imap_off(account_id))))


async def is_still_admitted(admission: Admission) -> bool:
    return await db.reading(mail_clients.is_alive, admission)


def _folders(account_id: int) -> Folders:
    return Folders(by_uid.mailboxes(account_id))


class Where(NamedTuple):
    """A path that a client named: in which account, and its path there."""

    account_id: int
    path: str


def places(actor: Actor) -> dict[int, str]:
    """The accounts of others that one reads, and where they are in one's own tree."""
    return {
        account_id: f"{SHARED if is_shared else OTHER_USERS}{SEPARATOR}{email}"
        for account_id, email, is_shared in sharing.lent(actor)
    }


async def lent_places(account: Account) -> dict[int, str]:
    return await db.reading(places, account.actor)


def is_outside(path: str) -> bool:
    """Whether a path leads to accounts of others."""
    return path.partition(SEPARATOR)[0] in (SHARED, OTHER_USERS)


def _where(account: Account, path: str) -> Where:
    """Own paths cost nothing more; those of others are looked up among what was granted at this moment."""
    if is_outside(path):
        for account_id, place in places(account.actor).items():
            if path.startswith(place + SEPARATOR):
                return Where(account_id, path[len(place) + 1 :])
    return Where(account.account_id, path)


def _find_in(account_id: int, path: str) -> MailboxRow:
    found = _folders(account_id).find(path)
    if found is None:
        raise NoSuchMailbox()
    return found


def locate(account: Account, path: str) -> MailboxRow:
    """Call in a reading thread or an action. Raises NoSuchMailbox."""
    return _find_in(*_where(account, path))


async def folders(account: Account) -> Folders:
    """One's own mailboxes, then those of accounts one was granted."""

    def look() -> Folders:
        rows, lent = by_uid.mailboxes(account.account_id), places(account.actor)
        for account_id in lent:
            rows += by_uid.mailboxes(account_id)
        return Folders(rows, lent)

    return await db.reading(look)


async def namespaces(account: Account) -> tuple[bool, bool]:
    """Whether one was granted accounts of other people, and shared ones."""
    lent = await db.reading(sharing.lent, account.actor)
    return any(not is_shared for _, _, is_shared in lent), any(is_shared for _, _, is_shared in lent)


async def find(account: Account, path: str) -> MailboxRow:
    """Raises NoSuchMailbox."""
    return await db.reading(locate, account, path)


async def account_of(account: Account, path: str) -> int:
    """Whose a path is, before its mailbox is read."""
    if not is_outside(path):
        return account.account_id
    return (await db.reading(_where, account, path)).account_id


async def open_mailbox(account: Account, path: str, *, resync: Resync | None = None) -> Opened:
    """A mailbox and all its UIDs; raises NoSuchMailbox. One that may only be read says so.

    With `resync` also what was missed since, if it is still the mailbox that the client knows.
    """

    def look() -> Opened:
        mailbox = locate(account, path)
        is_own = mailbox.account_id == account.account_id and account.actor.may("mail.write")
        may_write = is_own or _may_write(account.actor, mailbox.id)
        with standing.standing(mailbox.id) as found:
            numbers, uids = (found.uidvalidity, found.uidnext, found.modseq), found.uids[:]
        opened = Opened(mailbox, *numbers, uids, may_write=may_write)
        if resync is None or resync.uidvalidity != opened.uidvalidity:
            return opened
        return opened._replace(missed=_missed(opened, resync))

    return await db.reading(look)


def _missed(opened: Opened, resync: Resync) -> Missed:
    known = Known(opened.mailbox.account_id, opened.mailbox.id, opened.uidnext, opened.modseq, opened.uids)
    within = resync.known.resolve(opened.uidnext - 1) if resync.known is not None else None
    return missed.missed(known, since=resync.modseq, within=within, same_to=_same_to(opened.uids, resync))


def _same_to(uids: array[int], resync: Resync) -> int:
    """The highest UID that has the number still that the client knows: below it nothing has vanished since."""
    if resync.numbers is None or resync.uids is None:
        return 0
    numbers, known = _counted(resync.numbers), _counted(resync.uids)
    same = 0
    for number, uid in zip(numbers, known, strict=False):
        if number > len(uids):
            break
        if uids[number - 1] == uid:
            same = uid
    return same


def _counted(numbers: SequenceSet) -> Iterator[int]:
    return (number for low, high in numbers.resolve(0) for number in range(low, high + 1))


async def vanished_since(
    account_id: int, mailbox_id: int, view: View, *, since: int, asked: SequenceSet
) -> Spans:
    """Of the UIDs asked for those that vanished after a number (RFC 7162 §3.2.6)."""
    known = Known(account_id, mailbox_id, view.uidnext, view.modseq, view.uids[:])
    within = asked.resolve(view.uidnext - 1)
    return await db.reading(missed.vanished_since, known, since=since, within=within)


def _may_write(actor: Actor, mailbox_id: int) -> bool:
    try:
        access.mailbox_ref_for(actor, mailbox_id)
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
        access.mailbox_ref_for(fresh.actor, mailbox_id, need=Right.READ)
        return fresh, _may_write(fresh.actor, mailbox_id)

    return await db.reading(look)


async def changes(account_id: int, mailbox_id: int, *, uidnext: int, modseq: int) -> ViewChanges:
    """What happened since; raises Missing when the mailbox is gone."""
    return await db.reading(
        by_uid.view_changes, mailbox_id, account_id=account_id, uidnext=uidnext, modseq=modseq
    )


async def changed_among(
    mailbox_id: int, uids: Sequence[int], since: int, *, with_gone: bool = False
) -> list[int]:
    """Those of the UIDs that the log names after a number, and on demand those that are not there any more."""

    def look() -> list[int]:
        with standing.standing(mailbox_id) as mailbox:
            places = mailbox.places_of(uids)
            found = [mailbox.uids[at] for at in places if mailbox.modseqs[at] > since]
            if with_gone and len(places) < len(uids):
                found = sorted([*found, *(uid for uid in uids if mailbox.index_of(uid) < 0)])
            return found

    return await db.reading(look)


class Sums(NamedTuple):
    deleted: int
    deleted_bytes: int
    size_bytes: int


async def sums(mailbox_ids: Collection[int]) -> dict[int, Sums]:
    """What no counter keeps: how many are \\Deleted, and all sizes together.

    Of mailboxes in memory by what is there; the others are added up by the database and not taken in for it.
    """

    def add_up() -> dict[int, Sums]:
        kept = [mailbox_id for mailbox_id in mailbox_ids if standing.is_kept(mailbox_id)]
        rest = set(mailbox_ids).difference(kept)
        found = {mailbox_id: Sums(*sums) for mailbox_id, sums in by_uid.sums(rest).items()}
        for mailbox_id in kept:
            with standing.standing(mailbox_id) as mailbox:
                deleted = {number for number, kind in enumerate(mailbox.kinds) if kind.is_deleted}
                gone = (
                    [
                        size
                        for size, number in zip(mailbox.sizes, mailbox.kind_numbers, strict=True)
                        if number in deleted
                    ]
                    if deleted
                    else []
                )
                found[mailbox_id] = Sums(len(gone), sum(gone), sum(mailbox.sizes))
        return found

    return await db.reading(add_up)


# --- messages --------------------------------------------------------------------------------------


class Appended(NamedTuple):
    """`modseq` is the account's number that the message came in under."""

    account_id: int
    mailbox_id: int
    uid: int
    uidvalidity: int
    modseq: int


class NewMessage(NamedTuple):
    raw: bytes
    flags: Flags
    received_at_ms: int | None


async def append(account: Account, path: str, messages: Sequence[NewMessage]) -> list[Appended]:
    """Store messages, all or none; returns when they are on disk. Raises NoSuchMailbox, Limited (over_quota)."""
    items = await db.reading(_prepare, account, path, messages)
    if any(message.flags.is_deleted for message in messages):
        return await db.writing(_store_marked, account.actor, items, messages)
    if len(items) == 1:
        return [_appended(items[0], await db.writing(storing.store, items[0]))]
    return list(map(_appended, items, await db.writing(storing.store_together, items)))


async def check_room(account: Account, path: str, size: int) -> None:
    """Raises Limited (over_quota) where there is no room for so much; where it may go is asked when it is here."""

    def look() -> None:
        try:
            mailbox = locate(account, path)
            access.mailbox_ref_for(account.actor, mailbox.id)
        except (NoSuchMailbox, Missing, Denied):
            return
        storing.check_room(mailbox.account_id, size)

    await db.reading(look)


async def replace(account: Account, path: str, message: NewMessage, *, mailbox_id: int, uid: int) -> Appended:
    """The same for one that takes the place of another, in one transaction; raises Missing when that is gone."""
    items = await db.reading(_prepare, account, path, [message])
    return await db.writing(_replace, account.actor, items, message, mailbox_id=mailbox_id, uid=uid)


def _prepare(account: Account, path: str, messages: Sequence[NewMessage]) -> list[storing.Storing]:
    mailbox = locate(account, path)
    access.mailbox_ref_for(account.actor, mailbox.id)
    return [
        storing.Storing(
            arrival=storing.prepare(message.raw, received_at_ms=message.received_at_ms),
            account_id=mailbox.account_id,
            mailbox_id=mailbox.id,
            flags=message.flags.bits,
            keywords=" ".join(sorted(message.flags.keywords)),
        )
        for message in messages
    ]


def _appended(item: storing.Storing, stored: storing.Stored) -> Appended:
    return Appended(item.account_id, stored.mailbox_id, stored.uid, stored.uidvalidity, stored.modseq)


@db.action
def _store_marked(
    actor: Actor, items: Sequence[storing.Storing], messages: Sequence[NewMessage]
) -> list[Appended]:
    """\\Deleted belongs to the place, which is there only once the message is."""
    stored = storing.store_together(items)
    marked = [new.uid for new, message in zip(stored, messages, strict=True) if message.flags.is_deleted]
    if marked:
        uid_verbs.store_flags(
            actor, stored[0].mailbox_id, marked, mode="add", bits=0, keywords=frozenset(), deleted=True
        )
    return list(map(_appended, items, stored))


@db.action
def _replace(
    actor: Actor, items: Sequence[storing.Storing], message: NewMessage, *, mailbox_id: int, uid: int
) -> Appended:
    (made,) = _store_marked(actor, items, [message])
    uid_verbs.discard(actor, mailbox_id, uid)
    return made


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
    done = await db.writing(
        uid_verbs.store_flags,
        account.actor,
        mailbox_id,
        uids,
        mode=mode,
        bits=flags.bits,
        keywords=flags.keywords,
        deleted=flags.is_deleted,
        unchanged_since=unchanged_since,
    )
    return Changed(done.marks, done.modseq, done.before <= known_modseq, done.refused)


async def copy(
    account: Account, mailbox_id: int, uids: Collection[int], *, to: int, known_modseq: int
) -> Placed:
    """COPY within an account."""
    done = await db.writing(uid_verbs.copy, account.actor, mailbox_id, uids, to=to)
    return Placed(done.uids, done.modseq, to != mailbox_id and done.before <= known_modseq)


async def move(
    account: Account, mailbox_id: int, uids: Collection[int], *, to: int, known_modseq: int
) -> Placed:
    """The same for MOVE, whole or not at all."""
    done = await db.writing(uid_verbs.move, account.actor, mailbox_id, uids, to=to)
    return Placed(done.uids, done.modseq, to != mailbox_id and done.before <= known_modseq)


async def transfer(
    account: Account, mailbox_id: int, uids: Sequence[int], *, to: int, is_move: bool
) -> dict[int, int]:
    """The same for COPY and MOVE into another account."""
    references = await db.reading(across.references_in, mailbox_id, uids)
    return await db.writing(
        across.transfer, account.actor, mailbox_id, uids, to=to, is_move=is_move, references=references
    )


async def expunge(
    account: Account, mailbox_id: int, uids: Collection[int] | None, *, known_modseq: int
) -> Taken:
    """Remove what is \\Deleted, among the given UIDs if they are given."""
    done = await db.writing(uid_verbs.expunge, account.actor, mailbox_id, None if uids is None else set(uids))
    return Taken(done.uids, done.modseq, done.before <= known_modseq)


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
    if where.account_id == account.account_id and is_outside(path):
        raise Denied("not_yours", "That is where mailboxes of others are.")
    return await db.writing(_create, account.actor, *where)


@db.action
def _rename(actor: Actor, account_id: int, path: str, to: str) -> None:
    if path == INBOX:
        inbox = _find_in(account_id, INBOX)
        target = _create(actor, account_id, to)
        uid_verbs.move(actor, inbox.id, by_uid.view(inbox.id).uids, to=target.id)
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
    if source.account_id != target.account_id or (is_outside(to) and target.path == to):
        raise Denied("not_yours", "A mailbox stays in its account.")
    await db.writing(_rename, account.actor, *source, target.path)


async def delete(account: Account, path: str) -> int:
    """Remove a mailbox and what lies only there; gives its id."""

    @db.action
    def remove() -> int:
        mailbox = locate(account, path)
        mailboxes.delete_mailbox(account.actor, mailbox.id, trash=False)
        return mailbox.id

    return await db.writing(remove)


async def subscribe(account: Account, path: str, *, is_subscribed: bool) -> None:
    @db.action
    def change() -> Any:
        mailbox = locate(account, path)
        return mailboxes.update_mailbox(account.actor, mailbox.id, is_subscribed=is_subscribed)

    await db.writing(change)
