"""Which thread an e-mail belongs to (RFC 8621 §3).

Two e-mails share a thread when they share a Message-ID among Message-ID, In-Reply-To and References, and their
base subjects are equal: the second condition keeps a new matter, started by answering an old mail, apart. The
index keeps 64-bit hashes; within one account a false match needs both the id and the subject to collide.

An e-mail that belongs to several threads makes them one. The index rows of those that ended stay, and one more
says where each went: (ended, ended, thread), the thread's id in place of both hashes. So the answer to a mail that
is only known under an ended thread still finds the right one.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

from posthouse.base import clock, sql
from posthouse.base.ids import new_id
from posthouse.mail import joined
from posthouse.wire.mime.digest import MAX_REFERENCES as MAX_LISTED
from posthouse.wire.mime.digest import Digest

MAX_REFERENCES = 24
MAX_MERGE = 200
MAX_PARENTS_CHARS = 2_000


class Keys(NamedTuple):
    references: tuple[int, ...]
    subject: int


def hash64(text: str) -> int:
    """A signed 64-bit number, as the column holds it."""
    return int.from_bytes(
        blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True
    )


def keys_of(digest: Digest) -> Keys:
    ids = (
        [digest.message_id, *digest.in_reply_to, *digest.references]
        if digest.message_id
        else [
            *digest.in_reply_to,
            *digest.references,
        ]
    )
    unique = list(dict.fromkeys(ids))[:MAX_REFERENCES]
    return Keys(tuple(hash64(item) for item in unique), hash64(digest.base_subject.casefold()))


def parents_of(digest: Digest) -> str | None:
    """The ids of References, oldest first, else the first of In-Reply-To; None for more than a row should hold."""
    text = " ".join(digest.references or digest.in_reply_to[:1])
    return None if len(digest.references) > MAX_LISTED or len(text) > MAX_PARENTS_CHARS else text


class ThreadIndex:
    """The threads that a batch of arrivals could join; knows its own additions before they are written."""

    def __init__(self, wanted: Sequence[tuple[int, Keys]]) -> None:
        self._known: dict[tuple[int, int, int], list[int]] = {}
        self._new: list[tuple[int, int, int, int]] = []
        self._became: dict[int, int] = {}
        pairs = {(account_id, reference) for account_id, keys in wanted for reference in keys.references}
        for chunk in sql.chunks(pairs):
            self._load(chunk)

    def _load(self, pairs: list[tuple[int, int]]) -> None:
        """One statement for all accounts of a batch; the CROSS JOIN keeps SQLite from scanning the table."""
        ended: list[tuple[int, int]] = []
        for account_id, reference, subject, thread_id, became in sql.rows(
            "SELECT r.account_id, r.reference, r.subject, r.thread_id, j.thread_id"
            f" FROM (VALUES {','.join(['(%s,%s)'] * len(pairs))}) AS v CROSS JOIN mail_messagereference r"
            " LEFT JOIN mail_messagereference j ON j.account_id = r.account_id AND j.reference = r.thread_id"
            " AND j.subject = r.thread_id WHERE r.account_id = v.column1 AND r.reference = v.column2",
            [value for pair in pairs for value in pair],
        ):
            self._known.setdefault((account_id, reference, subject), []).append(thread_id)
            if became is not None:
                self._became[thread_id] = became
                ended.append((account_id, became))
        while ended:
            account_id, thread_id = ended.pop()
            found = sql.row(
                "SELECT thread_id FROM mail_messagereference WHERE account_id = %s AND reference = %s AND subject = %s",
                [account_id, thread_id, thread_id],
            )
            if found is not None and thread_id not in self._became:
                self._became[thread_id] = found[0]
                ended.append((account_id, found[0]))

    @property
    def has_merged(self) -> bool:
        return bool(self._became)

    def now(self, thread_id: int) -> int:
        """The thread that this one has become part of, or itself."""
        while thread_id in self._became:
            thread_id = self._became[thread_id]
        return thread_id

    def thread_of(self, account_id: int, keys: Keys, *, chosen: int | None = None) -> tuple[int, list[int]]:
        """The thread an e-mail joins, and other threads that it shows to be the same one.

        With `chosen` it joins that one, whatever its headers say, and so will the answers to it.
        """
        found: set[int] = set()
        for reference in keys.references:
            found.update(self._known.get((account_id, reference, keys.subject), ()))
        if self._became:
            found = {self.now(thread_id) for thread_id in found}
        thread_id = self.now(chosen) if chosen is not None else min(found) if found else new_id()
        for reference in keys.references:
            threads = self._known.setdefault((account_id, reference, keys.subject), [])
            if thread_id not in threads:
                threads.append(thread_id)
                self._new.append((account_id, reference, keys.subject, thread_id))
        return thread_id, sorted(found - {thread_id}) if chosen is None else []

    def merge(self, account_id: int, *, into: int, others: Sequence[int], modseq: int) -> set[int]:
        """Make several threads one, unless they are so large that somebody must be playing with us.

        Gives the mailboxes that hold e-mails which changed by it.
        """
        marks = sql.marks(others)
        mine = [account_id, *others]
        ids = [
            row[0]
            for row in sql.rows(
                f"SELECT id FROM mail_email WHERE account_id = %s AND thread_id IN ({marks}) LIMIT {MAX_MERGE + 1}",
                mine,
            )
        ]
        if len(ids) > MAX_MERGE:
            return set()
        for other in others:
            self._became[other] = into
            self._new.append((account_id, other, other, into))
        joined.tell(account_id, into, others)
        return _move(account_id, ids, others, into=into, modseq=modseq) if ids else set()

    def write(self) -> None:
        sql.insert_many(
            "INSERT INTO mail_messagereference (account_id, reference, subject, thread_id)",
            self._new,
            tail="ON CONFLICT DO NOTHING",
        )


def _move(
    account_id: int, email_ids: list[int], others: Sequence[int], *, into: int, modseq: int
) -> set[int]:
    inside = f"IN ({sql.marks(email_ids)})"
    sql.run(
        f"UPDATE mail_email SET thread_id = %s, modseq = %s WHERE id {inside}", [into, modseq, *email_ids]
    )
    mailboxes = sql.rows(
        f"UPDATE mail_placement SET thread_id = %s WHERE email_id {inside} RETURNING mailbox_id",
        [into, *email_ids],
    )
    sql.insert_many(
        "INSERT INTO mail_tombstone (id, account_id, kind, object_id, thread_id, modseq, at)",
        [(new_id(), account_id, "thread", other, other, modseq, clock.now_ms()) for other in others],
    )
    return {row[0] for row in mailboxes}
