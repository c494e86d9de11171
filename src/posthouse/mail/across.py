"""COPY and MOVE from one account to another: a new e-mail there, of the same content.

An e-mail belongs to one account, so what lies in another is a second one, with a thread of that account and on its
quota. The bytes are shared.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import db, sql
from posthouse.base.errors import Limited
from posthouse.base.ids import new_id
from posthouse.identity.actor import Actor
from posthouse.mail import access, actions, by_uid, placing, threading
from posthouse.mail.access import Right
from posthouse.mail.actions import Done
from posthouse.mail.models import Mailbox
from posthouse.mail.placing import Filing, Place
from posthouse.mail.references import References, references_of
from posthouse.wire.mime.subject import base_subject

_COPIED = (
    "blob_id, size_bytes, received_at, sent_at, message_id, subject, preview, sender, recipients, copied, flags,"
    " keywords, has_attachment, parents"
)
_NO_REFERENCES = References("", ())
Emails = dict[int, tuple[Any, ...]]


def references_in(mailbox_id: int, uids: Sequence[int]) -> dict[int, References]:
    """What `transfer` wants to know of the e-mails; read before, since it may have to look into each."""
    return references_of(row.email_id for row in by_uid.flags_of(mailbox_id, sorted(uids)))


@db.action
def transfer(
    actor: Actor,
    mailbox_id: int,
    uids: Collection[int],
    *,
    to: int,
    is_move: bool,
    references: Mapping[int, References],
) -> dict[int, int]:
    """Gives source UID -> UID in the target, in the order of the source. Whole or not at all.

    A copy takes the right to read, a move to write; the target that to write. Flags go along, \\\\Deleted does not.
    Raises Missing, Denied, Limited (over_quota).
    """
    source = access.mailbox_for(actor, mailbox_id, need=Right.WRITE if is_move else Right.READ)
    target = access.mailbox_for(actor, to)
    for account_id in sorted((source.account_id, target.account_id)):
        placing.hold(account_id)
    places = [
        Place(mailbox_id, row.uid, row.email_id, bool(row.flags & 1))
        for row in by_uid.flags_of(mailbox_id, sorted(uids))
    ]
    if not places:
        return {}
    new_uids = _write_twins(target, places, references)
    if is_move:
        _take_away(source.account_id, places)
    _record(actor, new_uids, source.account_id, target.account_id, is_move=is_move)
    return {place.uid: new_uids[place.email_id] for place in places}


def references_for_move(actor: Actor, email_ids: Sequence[int], *, to: int) -> dict[int, References]:
    """What `move_emails` wants to know of those that change accounts; read before, like `references_in`.

    Raises Missing, Denied.
    """
    account_id = access.mailbox_for(actor, to).account_id
    emails = access.emails_for(actor, email_ids, need=Right.READ)
    return references_of(email.id for email in emails if email.account_id != account_id)


@db.action
def move_emails(
    actor: Actor,
    email_ids: Sequence[int],
    *,
    to: int,
    out_of: int | None = None,
    references: Mapping[int, References],
) -> Done:
    """`actions.move_emails`, also into another account: there each is a new e-mail, here it leaves its mailboxes.

    It takes the right to write on both sides. Of e-mails of another account only those that lie in `out_of` move, where
    that is given. Whole or not at all. Done.modseq is of an account they left. Raises Missing, Denied, Limited.
    """
    target = access.mailbox_for(actor, to)
    if out_of is not None:
        access.mailbox_for(actor, out_of)
    by_account: dict[int, list[int]] = {}
    for email in access.emails_for(actor, email_ids):
        by_account.setdefault(email.account_id, []).append(email.id)
    for account_id in sorted({*by_account, target.account_id}):
        placing.hold(account_id)
    done = Done(0, 0)
    if staying := by_account.pop(target.account_id, None):
        done = actions.move_emails(actor, staying, to=to, out_of=out_of)
    for source_id, ids in sorted(by_account.items()):
        found = [place for place in placing.places_of(ids) if out_of in (None, place.mailbox_id)]
        if places := sorted(found, key=lambda place: ids.index(place.email_id)):
            new_uids = _write_twins(target, places, references)
            modseq = _take_away(source_id, places)
            _record(actor, new_uids, source_id, target.account_id, is_move=True)
            done = Done(done.emails + len(new_uids), modseq)
    return done


def _write_twins(
    target: Mailbox, places: Sequence[Place], references: Mapping[int, References]
) -> dict[int, int]:
    """In this order, one of each e-mail; gives the old e-mail's id -> the UID of its twin."""
    emails = _emails(list(dict.fromkeys(place.email_id for place in places)))
    filing = placing.begin(target.account_id)
    _take_room(target.account_id, sum(row[1] for row in emails.values()))
    twins = _write(filing, emails, references)
    new_uids = placing.place(filing, list(twins.values()), mailbox_id=target.id)
    placing.finish(filing)
    return {old: new_uids[new] for old, new in twins.items()}


def _take_away(account_id: int, places: Sequence[Place]) -> int:
    """Gives the account's number after it."""
    leaving = placing.begin(account_id)
    placing.displace(leaving, places)
    placing.finish(leaving)
    return leaving.modseq


def _emails(email_ids: Sequence[int]) -> Emails:
    """In the order asked."""
    found: Emails = {}
    for chunk in sql.chunks(email_ids):
        for email_id, *row in sql.rows(
            f"SELECT id, {_COPIED} FROM mail_email WHERE id IN ({sql.marks(chunk)})", chunk
        ):
            found[email_id] = tuple(row)
    return {email_id: found[email_id] for email_id in email_ids}


def _take_room(account_id: int, size_bytes: int) -> None:
    fits = sql.row(
        "UPDATE mail_account SET used_bytes = used_bytes + %s WHERE id = %s"
        " AND (quota_bytes IS NULL OR used_bytes + %s <= quota_bytes) RETURNING id",
        [size_bytes, account_id, size_bytes],
    )
    if fits is None:
        raise Limited("over_quota", "The mailbox is full.")


def _write(filing: Filing, emails: Emails, references: Mapping[int, References]) -> dict[int, int]:
    """The e-mails and their ready parts; gives old id -> new id."""
    keys = {
        email_id: _keys(row[5], references.get(email_id, _NO_REFERENCES)) for email_id, row in emails.items()
    }
    threads = _threads(filing, keys)
    twins = {email_id: new_id() for email_id in emails}
    sql.insert_many(
        f"INSERT INTO mail_email (id, account_id, thread_id, {_COPIED}, modseq, created_modseq)",
        [
            (twins[old], filing.account_id, threads[old], *row, filing.modseq, filing.modseq)
            for old, row in emails.items()
        ],
    )
    for old, new in twins.items():
        sql.run(
            f"INSERT INTO mail_emailpart (email_id, {', '.join(by_uid.PARTS)})"
            f" SELECT %s, {', '.join(by_uid.PARTS)} FROM mail_emailpart WHERE email_id = %s",
            [new, old],
        )
    return twins


def _keys(subject: str, refers: References) -> threading.Keys:
    own = [refers.message_id] if refers.message_id else []
    ids = map(threading.hash64, [*own, *refers.parents[-threading.MAX_REFERENCES + 1 :]])
    return threading.Keys(tuple(dict.fromkeys(ids)), threading.hash64(base_subject(subject).casefold()))


def _threads(filing: Filing, keys: Mapping[int, threading.Keys]) -> dict[int, int]:
    """Each joins a thread of its new account, or begins one there."""
    index = threading.ThreadIndex([(filing.account_id, one) for one in keys.values()])
    joined: dict[int, int] = {}
    for email_id, one in keys.items():
        joined[email_id], same = index.thread_of(filing.account_id, one)
        if same:
            into = joined[email_id]
            for changed in index.merge(filing.account_id, into=into, others=same, modseq=filing.modseq):
                filing.count(changed)
    index.write()
    return {email_id: index.now(thread_id) for email_id, thread_id in joined.items()}


def _record(actor: Actor, email_ids: Collection[int], source: int, target: int, *, is_move: bool) -> None:
    facts: dict[str, Fact] = {
        "count": len(email_ids),
        "ids": [str(email_id) for email_id in list(email_ids)[: actions.RECORDED_IDS]],
        "from_account_id": str(source),
        "moved": is_move,
    }
    record(actor, Act.EMAIL_TRANSFERRED, kind="account", object_id=target, facts=facts)
