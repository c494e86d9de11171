"""Filing, flagging and deleting: every change of e-mails that are already here.

Each verb is one transaction, takes who asks first, and does all or nothing: one e-mail the actor may not touch
raises Missing and nothing happens, since a client could not undo half of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple, TypedDict

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import db, sql
from posthouse.base.errors import Missing
from posthouse.identity.actor import Actor
from posthouse.mail import access, placing, roles
from posthouse.mail import flags as flag
from posthouse.mail.access import EmailRef, Right
from posthouse.mail.models import Mailbox


class Done(NamedTuple):
    """How many e-mails were meant, and the account's number after it."""

    emails: int
    modseq: int


@db.action
def move_emails(actor: Actor, email_ids: Sequence[int], *, to: int, out_of: int | None = None) -> Done:
    """File e-mails in mailbox `to` and take them out of one mailbox, or out of all of them.

    Each gets a fresh UID in its new place, because clients cache by UID for ever (RFC 9051 §2.3.1.1). Those that
    are there already stay as they are.
    """
    emails = access.emails_for(actor, email_ids)
    target = access.mailbox_ref_for(actor, to)
    if out_of is not None:
        access.mailbox_ref_for(actor, out_of)
    return _each_account(
        emails, lambda filing, ids: _move(filing, ids, to=target.id, out_of=out_of), target.account_id
    )


def _move(filing: placing.Filing, ids: list[int], *, to: int, out_of: int | None) -> None:
    places = placing.places_of(ids)
    there = {place.email_id for place in places if place.mailbox_id == to}
    leaving = [
        place for place in places if place.mailbox_id != to and (out_of is None or place.mailbox_id == out_of)
    ]
    placing.place(filing, [email_id for email_id in ids if email_id not in there], mailbox_id=to)
    placing.displace(filing, leaving)


@db.action
def label_emails(
    actor: Actor, email_ids: Sequence[int], *, add: Collection[int] = (), remove: Collection[int] = ()
) -> Done:
    """Put e-mails in some mailboxes and take them out of others.

    An e-mail that would lie nowhere goes to Archive: taking off the last label is not deleting.
    """
    emails = access.emails_for(actor, email_ids)
    accounts = {access.mailbox_ref_for(actor, mailbox_id).account_id for mailbox_id in {*add, *remove}}

    def change(filing: placing.Filing, ids: list[int]) -> None:
        if not accounts <= {filing.account_id}:
            raise Missing()
        places = placing.places_of(ids)
        present = {(place.email_id, place.mailbox_id) for place in places}
        for mailbox_id in dict.fromkeys(add):
            placing.place(filing, [e for e in ids if (e, mailbox_id) not in present], mailbox_id=mailbox_id)
        leaving = [place for place in places if place.mailbox_id in remove and place.mailbox_id not in add]
        if not add:
            staying = {place.email_id for place in set(places).difference(leaving)}
            archive = roles.mailbox_of(filing.account_id, Mailbox.Role.ARCHIVE)
            leaving = [place for place in leaving if place.mailbox_id != archive or place.email_id in staying]
            homeless = [e for e in ids if e not in staying and (e, archive) not in present]
            placing.place(filing, homeless, mailbox_id=archive)
        placing.displace(filing, leaving)

    return _each_account(emails, change)


@db.action
def trash_emails(actor: Actor, email_ids: Sequence[int], *, out_of: int | None = None) -> Done:
    """Move e-mails to Trash, out of every mailbox (or out of one, when they stay in others)."""
    emails = access.removable_emails_for(actor, email_ids)
    if out_of is not None:
        access.mailbox_ref_for(actor, out_of, need=Right.DRAFT)
    return _each_account(
        emails,
        lambda filing, ids: _move(
            filing, ids, to=roles.mailbox_of(filing.account_id, Mailbox.Role.TRASH), out_of=out_of
        ),
    )


@db.action
def destroy_emails(actor: Actor, email_ids: Sequence[int]) -> Done:
    """Delete for good, from every mailbox."""
    done = discard_emails(actor, email_ids)
    if done.emails:
        record(actor, Act.EMAIL_DESTROYED, kind="email", **recorded(list(dict.fromkeys(email_ids))))
    return done


@db.action
def discard_emails(actor: Actor, email_ids: Sequence[int]) -> Done:
    """`destroy_emails` off the record: for a draft that was sent or saved anew, which goes on under another id."""
    emails = access.removable_emails_for(actor, email_ids)
    return _each_account(emails, lambda filing, ids: placing.displace(filing, placing.places_of(ids)))


@db.action
def flag_emails(
    actor: Actor,
    email_ids: Sequence[int],
    *,
    set_bits: int = 0,
    clear_bits: int = 0,
    add_keywords: Collection[str] = (),
    remove_keywords: Collection[str] = (),
) -> Done:
    """Set and clear flags (bits of mail/flags.py) and keywords; those that have them already are not touched.

    A keyword that is a flag by another name ($Forwarded, $Junk) is that flag, as it is for IMAP.
    """
    emails = access.emails_for(actor, email_ids)
    (add_bits, add_words), (remove_bits, remove_words) = flag.split(add_keywords), flag.split(remove_keywords)
    return _each_account(
        emails,
        lambda filing, ids: apply_flags(
            filing,
            ids,
            FlagChange(
                set_bits=set_bits | add_bits,
                clear_bits=clear_bits | remove_bits,
                add_keywords=add_words,
                remove_keywords=remove_words,
            ),
        ),
    )


@db.action
def update_email(
    actor: Actor,
    email_id: int,
    *,
    set_bits: int = 0,
    clear_bits: int = 0,
    keywords: Collection[str] | None = None,
) -> Done:
    """Set and clear flags of one e-mail, and give it exactly these keywords, if any are given."""
    emails = access.emails_for(actor, [email_id])
    placing.hold(emails[0].account_id)
    found = sql.row("SELECT keywords FROM mail_email WHERE id = %s", [email_id])
    old = frozenset(found[0].split()) if found else frozenset()
    bits, wanted = (0, old) if keywords is None else flag.split(keywords)
    return _each_account(
        emails,
        lambda filing, ids: apply_flags(
            filing,
            ids,
            FlagChange(
                set_bits=set_bits | bits,
                clear_bits=clear_bits,
                add_keywords=wanted,
                remove_keywords=old - wanted,
            ),
        ),
    )


class Recorded(TypedDict):
    object_id: int | str
    facts: dict[str, Fact]


RECORDED_IDS = 50


def recorded(ids: Sequence[int]) -> Recorded:
    """Several things in one line of the audit log: the one by its id, many as a count and the first of them."""
    if len(ids) == 1:
        return {"object_id": ids[0], "facts": {}}
    return {"object_id": "", "facts": {"count": len(ids), "ids": [str(i) for i in ids[:RECORDED_IDS]]}}


_NO_WORDS: frozenset[str] = frozenset()


class FlagChange(NamedTuple):
    """Flags to set and to clear; with `is_replacing`, what is not set is cleared."""

    set_bits: int = 0
    clear_bits: int = 0
    add_keywords: frozenset[str] = _NO_WORDS
    remove_keywords: frozenset[str] = _NO_WORDS
    is_replacing: bool = False

    def of(self, bits: int, keywords: str) -> tuple[int, str]:
        """An e-mail's bits and keywords as they are after it. Where there is no room, what is new is left out."""
        old_words = frozenset(keywords.split()) if keywords else _NO_WORDS
        if self.is_replacing:
            new_bits, new_words = self.set_bits, self.add_keywords
        else:
            new_bits = (bits | self.set_bits) & ~self.clear_bits
            new_words = (old_words | self.add_keywords) - self.remove_keywords
        if new_words == old_words:
            return new_bits, keywords
        if len(new_words) > flag.MAX_KEYWORDS:
            kept, fresh = new_words & old_words, sorted(new_words - old_words)
            new_words = kept.union(fresh[: flag.MAX_KEYWORDS - len(kept)])
        return new_bits, flag.join_words(new_words)


class Flagged:
    """E-mails whose flags change: by what they become, and which of them become \\Seen or cease to be."""

    def __init__(self) -> None:
        self.becoming: dict[tuple[int, str], list[int]] = {}
        self.newly_seen: dict[bool, list[int]] = {}

    def add(self, email_ids: Sequence[int], before: int, after: tuple[int, str]) -> None:
        """Some that had these bits before, with their bits and keywords after."""
        self.becoming.setdefault(after, []).extend(email_ids)
        if (before ^ after[0]) & flag.SEEN:
            self.newly_seen.setdefault(bool(after[0] & flag.SEEN), []).extend(email_ids)


def apply_flags(filing: placing.Filing, email_ids: Iterable[int], change: FlagChange) -> None:
    flagged = Flagged()
    for chunk in sql.chunks(email_ids):
        for email_id, bits, words in sql.rows(
            f"SELECT id, flags, keywords FROM mail_email WHERE id IN ({sql.marks(chunk)})", chunk
        ):
            after = change.of(bits, words)
            if after != (bits, words):
                flagged.add([email_id], bits, after)
    write_flags(filing, flagged)


def write_flags(filing: placing.Filing, flagged: Flagged) -> None:
    """The inside of every flag change: the e-mails, the counters, the mailboxes that hold them."""
    for (bits, words), email_ids in flagged.becoming.items():
        for ids in sql.chunks(email_ids):
            sql.run(
                f"UPDATE mail_email SET flags = %s, keywords = %s, modseq = %s WHERE id IN ({sql.marks(ids)})",
                [bits, words, filing.modseq, *ids],
            )
    counted: set[int] = set()
    for seen, email_ids in flagged.newly_seen.items():
        for ids in sql.chunks(email_ids):
            _count_seen(filing, ids, seen=seen)
        counted.update(email_ids)
    rest = (email_id for email_ids in flagged.becoming.values() for email_id in email_ids)
    placing.note_mailboxes(filing, [email_id for email_id in rest if email_id not in counted])


def _count_seen(filing: placing.Filing, email_ids: Sequence[int], *, seen: bool) -> None:
    for mailbox_id, count in sql.rows(
        "SELECT mailbox_id, count(*) FROM mail_placement"
        f" WHERE email_id IN ({sql.marks(email_ids)}) GROUP BY mailbox_id",
        email_ids,
    ):
        filing.count(mailbox_id, unread=-count if seen else count)


def _each_account(
    emails: Sequence[EmailRef],
    change: Callable[[placing.Filing, list[int]], object],
    only_account: int | None = None,
) -> Done:
    """Run one change for the e-mails of each account they lie in, one modseq per account."""
    by_account: dict[int, list[int]] = {}
    for email in emails:
        by_account.setdefault(email.account_id, []).append(email.id)
    modseq = 0
    for account_id, ids in sorted(by_account.items()):
        if only_account is not None and account_id != only_account:
            raise Missing()
        filing = placing.begin(account_id)
        change(filing, ids)
        placing.finish(filing)
        modseq = filing.modseq
    return Done(len(emails), modseq)
