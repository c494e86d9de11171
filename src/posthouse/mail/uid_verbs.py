"""IMAP's verbs on the e-mails of a mailbox by UID: STORE, COPY, MOVE, EXPUNGE. Each is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import NamedTuple

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import db, sql
from posthouse.base.errors import Limited, Missing
from posthouse.base.ids import new_id
from posthouse.identity.actor import Actor
from posthouse.mail import access, actions, marks, placing, standing
from posthouse.mail.access import MailboxRef
from posthouse.mail.actions import FlagChange
from posthouse.mail.by_uid import PARTS
from posthouse.mail.flags import MAX_KEYWORDS
from posthouse.mail.marks import Marks
from posthouse.mail.placing import Filing, Lying
from posthouse.mail.standing import Kind, Standing


class Stored(NamedTuple):
    """What STORE did: the e-mails as they are now, and where the log of the mailbox stood before and stands now.

    `refused` are UIDs that changed after a number the client named.
    """

    marks: Marks
    before: int
    modseq: int
    refused: list[int]


class Removed(NamedTuple):
    """UIDs that are not in the mailbox any more, and where its log stood before and stands now."""

    uids: Sequence[int]
    before: int
    modseq: int


class Placed(NamedTuple):
    """Source UID to UID in the target, and where the log of the source stood before and stands now.

    After a COPY into another mailbox that is the account's number: nothing has happened in the source up to it.
    """

    uids: dict[int, int]
    before: int
    modseq: int


def _held(actor: Actor, mailbox_id: int) -> MailboxRef:
    """A mailbox to be changed, with other writers kept out: what it says stays true."""
    mailbox = access.mailbox_ref_for(actor, mailbox_id)
    return access.mailbox_ref_for(actor, mailbox_id) if placing.hold(mailbox.account_id) else mailbox


# --- STORE --------------------------------------------------------------------------------------


@db.action
def store_flags(
    actor: Actor,
    mailbox_id: int,
    uids: Collection[int],
    *,
    mode: str,
    bits: int,
    keywords: frozenset[str],
    deleted: bool,
    unchanged_since: int | None = None,
) -> Stored:
    """STORE (RFC 9051 §6.4.6): `mode` is "add", "remove" or "replace". UIDs that do not exist are passed over.

    `deleted` says whether \\Deleted is among the flags named; it belongs to this placement only. Where every e-mail
    is as it is to be, nothing is written and the log stands still. Raises Limited where one has no room for a keyword.
    """
    mailbox = _held(actor, mailbox_id)
    found, refused = marks.of(mailbox, sorted(uids)), []
    if unchanged_since is not None:
        refused = [uid for uid, at in zip(found.uids, found.modseqs, strict=True) if at > unchanged_since]
        found = found.at([place for place, at in enumerate(found.modseqs) if at <= unchanged_since])
    change = _flag_change(mode, bits, keywords)
    after = {
        number: _marked(kind, change, mode=mode, deleted=deleted) for number, kind in found.kinds.items()
    }
    if mode == "add" and any(not keywords.issubset(kind.keywords.split()) for kind in after.values()):
        raise Limited("too_many", f"An e-mail has {MAX_KEYWORDS} keywords at most.")
    changed = found.at(found.places_of_kinds({n for n, kind in found.kinds.items() if after[n] != kind}))
    if not changed.uids:
        return Stored(found, mailbox.modseq, mailbox.modseq, refused)
    filing = placing.begin(mailbox.account_id)
    _write_marks(filing, mailbox_id, changed, after)
    placing.finish(filing)
    _follow(mailbox, filing, partial(_mark, changed, after, filing.modseq))
    modseqs: Sequence[int] = [filing.modseq] * len(found.uids)
    if changed is not found:
        fresh = set(changed.uids)
        modseqs = [
            filing.modseq if uid in fresh else at for uid, at in zip(found.uids, found.modseqs, strict=True)
        ]
    return Stored(found._replace(modseqs=modseqs, kinds=after), mailbox.modseq, filing.modseq, refused)


def _flag_change(mode: str, bits: int, keywords: frozenset[str]) -> FlagChange:
    if mode == "remove":
        return FlagChange(clear_bits=bits, remove_keywords=keywords)
    return FlagChange(set_bits=bits, add_keywords=keywords, is_replacing=mode == "replace")


def _marked(kind: Kind, change: FlagChange, *, mode: str, deleted: bool) -> Kind:
    """A combination of flags as it is after a STORE."""
    bits, words = change.of(kind.flags, kind.keywords)
    is_deleted = deleted and mode != "remove" if deleted or mode == "replace" else kind.is_deleted
    return Kind(bits, words, is_deleted)


def _write_marks(filing: Filing, mailbox_id: int, changed: Marks, after: dict[int, Kind]) -> None:
    """`changed` are those that are not yet as `after` says."""
    flagged = actions.Flagged()
    marked: dict[bool, list[int]] = {}
    for number in set(changed.kind_numbers):
        old, new = changed.kinds[number], after[number]
        some = changed.at(changed.places_of_kinds({number}))
        if (old.flags, old.keywords) != (new.flags, new.keywords):
            flagged.add(some.email_ids, old.flags, (new.flags, new.keywords))
        else:
            filing.touched.update(some.email_ids)
        if old.is_deleted != new.is_deleted:
            marked.setdefault(new.is_deleted, []).extend(some.uids)
    actions.write_flags(filing, flagged)
    for is_deleted, uids in marked.items():
        for chunk in sql.chunks(uids):
            sql.run(
                "UPDATE mail_placement SET is_deleted = %s, modseq = %s WHERE mailbox_id = %s"
                f" AND uid IN ({sql.marks(chunk)})",
                [is_deleted, filing.modseq, mailbox_id, *chunk],
            )


def _mark(changed: Marks, after: dict[int, Kind], modseq: int, mailbox: Standing) -> None:
    mailbox.mark_as(changed.uids, changed.kind_numbers, after, modseq)


def _follow(mailbox: MailboxRef, filing: Filing, change: Callable[[Standing], None]) -> None:
    db.after_commit(
        partial(standing.follow, mailbox.id, since=mailbox.modseq, upto=filing.modseq, change=change)
    )


# --- COPY and MOVE ------------------------------------------------------------------------------


@db.action
def copy(actor: Actor, mailbox_id: int, uids: Collection[int], *, to: int) -> Placed:
    """COPY: the e-mails are put in the target beside where they are (one e-mail, several mailboxes).

    Where one lies there already a client asks for a second one, and gets a second e-mail with the same content.
    """
    source, target = _both(actor, mailbox_id, to)
    filing = placing.begin(target.account_id)
    found = marks.of(source, sorted(uids))
    there = placing.uids_in(to, found.email_ids)
    if there:
        twins = _clone(filing, [email_id for email_id in found.email_ids if email_id in there])
        copies = [twins.get(email_id, email_id) for email_id in found.email_ids]
        by_email = placing.place(filing, copies, mailbox_id=to)
        new_uids: Sequence[int] = [by_email[email_id] for email_id in copies]
    else:
        new_uids = placing.place_beside(filing, _lying(found), source_id=source.id, mailbox_id=to)
    placing.finish(filing)
    return _placed(source, filing, dict(zip(found.uids, new_uids, strict=True)))


@db.action
def move(actor: Actor, mailbox_id: int, uids: Collection[int], *, to: int) -> Placed:
    """MOVE (RFC 6851), whole or not at all.

    An e-mail that lies in the target already keeps its UID there; a move into the same mailbox gives a new UID.
    """
    source, target = _both(actor, mailbox_id, to)
    filing = placing.begin(target.account_id)
    found = marks.of(source, sorted(uids))
    if source.id == target.id:
        placing.displace_from(filing, source.id, _lying(found))
        new_uids = placing.place(filing, found.email_ids, mailbox_id=to)
        placing.finish(filing)
        return _placed(
            source, filing, {uid: new_uids[e] for uid, e in zip(found.uids, found.email_ids, strict=True)}
        )
    there = placing.uids_in(to, found.email_ids)
    coming = found
    if there:
        coming = found.at([at for at, email_id in enumerate(found.email_ids) if email_id not in there])
    fresh = placing.place_beside(filing, _lying(coming), source_id=source.id, mailbox_id=to)
    there.update(zip(coming.email_ids, fresh, strict=True))
    placing.displace_from(filing, source.id, _lying(found), has_place=True)
    placing.finish(filing)
    _follow(source, filing, partial(_take_out, found.uids))
    return _placed(
        source, filing, {uid: there[e] for uid, e in zip(found.uids, found.email_ids, strict=True)}
    )


def _both(actor: Actor, mailbox_id: int, to: int) -> tuple[MailboxRef, MailboxRef]:
    source, target = _held(actor, mailbox_id), access.mailbox_ref_for(actor, to)
    if source.account_id != target.account_id:
        raise Missing()
    return source, target


def _placed(source: MailboxRef, filing: Filing, uids: dict[int, int]) -> Placed:
    return Placed(uids, source.modseq, filing.modseq if uids else source.modseq)


def _lying(found: Marks) -> Lying:
    return Lying(found.uids, found.email_ids, found.unseen())


def _take_out(uids: Sequence[int], mailbox: Standing) -> None:
    mailbox.take_out(uids)


def _clone(filing: Filing, email_ids: Sequence[int]) -> dict[int, int]:
    """Second e-mails with the same content; gives old id -> new id. They count against the quota like any other."""
    _check_room(filing.account_id, email_ids)
    twins = {email_id: new_id() for email_id in email_ids}
    for old, new in twins.items():
        sql.run(
            "INSERT INTO mail_email (id, account_id, thread_id, blob_id, size_bytes, received_at, sent_at, message_id,"
            " subject, preview, sender, recipients, copied, flags, keywords, has_attachment, modseq, created_modseq,"
            " parents, twin_of)"
            " SELECT %s, account_id, thread_id, blob_id, size_bytes, received_at, sent_at, message_id,"
            " subject, preview, sender, recipients, copied, flags, keywords, has_attachment, %s, %s,"
            " parents, coalesce(twin_of, id) FROM mail_email"
            " WHERE id = %s",
            [new, filing.modseq, filing.modseq, old],
        )
        sql.run(
            f"INSERT INTO mail_emailpart (email_id, {', '.join(PARTS)})"
            f" SELECT %s, {', '.join(PARTS)} FROM mail_emailpart WHERE email_id = %s",
            [new, old],
        )
        sql.run(
            "UPDATE mail_account SET used_bytes = used_bytes + (SELECT size_bytes FROM mail_email WHERE id = %s)"
            " WHERE id = %s",
            [new, filing.account_id],
        )
    return twins


def _check_room(account_id: int, email_ids: Sequence[int]) -> None:
    for chunk in sql.chunks(email_ids):
        if sql.row(
            "SELECT 1 FROM mail_account a WHERE a.id = %s AND a.quota_bytes < a.used_bytes"
            f" + (SELECT sum(size_bytes) FROM mail_email WHERE id IN ({sql.marks(chunk)}))",
            [account_id, *chunk],
        ):
            raise Limited("over_quota", "The mailbox is full.")


# --- EXPUNGE ------------------------------------------------------------------------------------


@db.action
def discard(actor: Actor, mailbox_id: int, uid: int) -> None:
    """Take one e-mail out, whatever its flags: another is in its place. A draft goes off the record. Raises Missing."""
    mailbox = _held(actor, mailbox_id)
    found = marks.of(mailbox, [uid])
    if not found.uids:
        raise Missing()
    _remove(mailbox, found)
    if mailbox.role != "drafts":
        _record_expunged(actor, mailbox_id, found.email_ids)


@db.action
def expunge(actor: Actor, mailbox_id: int, uids: Collection[int] | None = None) -> Removed:
    """Take out what is marked \\Deleted (of the given UIDs only, if given)."""
    mailbox = _held(actor, mailbox_id)
    found = marks.deleted(mailbox)
    if uids is not None:
        wanted = frozenset(uids)
        found = found.at([place for place, uid in enumerate(found.uids) if uid in wanted])
    if not found.uids:
        return Removed([], mailbox.modseq, mailbox.modseq)
    modseq = _remove(mailbox, found)
    _record_expunged(actor, mailbox_id, found.email_ids)
    return Removed(found.uids, mailbox.modseq, modseq)


def _remove(mailbox: MailboxRef, found: Marks) -> int:
    filing = placing.begin(mailbox.account_id)
    placing.displace_from(filing, mailbox.id, _lying(found))
    placing.finish(filing)
    _follow(mailbox, filing, partial(_take_out, found.uids))
    return filing.modseq


def _record_expunged(actor: Actor, mailbox_id: int, email_ids: Sequence[int]) -> None:
    ids = [str(email_id) for email_id in email_ids[: actions.RECORDED_IDS]]
    facts: dict[str, Fact] = {"count": len(email_ids), "ids": ids}
    record(actor, Act.EMAIL_EXPUNGED, kind="mailbox", object_id=mailbox_id, facts=facts)
