"""Which thread an e-mail belongs to (RFC 8621 §3).

Two e-mails share a thread when they share a Message-ID among Message-ID, In-Reply-To and References, and their
base subjects are equal: the second condition keeps a new matter, started by answering an old mail, apart. The
index keeps 64-bit hashes; within one account a false match needs both the id and the subject to collide.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

from posthouse.base import clock, sql
from posthouse.base.ids import new_id
from posthouse.wire.mime.digest import Digest

MAX_REFERENCES = 24
MAX_MERGE = 200


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


class ThreadIndex:
    """The threads that a batch of arrivals could join; knows its own additions before they are written."""

    def __init__(self, wanted: Sequence[tuple[int, Keys]]) -> None:
        self._known: dict[tuple[int, int, int], list[int]] = {}
        self._new: list[tuple[int, int, int, int]] = []
        by_account: dict[int, set[int]] = {}
        for account_id, keys in wanted:
            by_account.setdefault(account_id, set()).update(keys.references)
        for account_id, references in by_account.items():
            for chunk in sql.chunks(references):
                for reference, subject, thread_id in sql.rows(
                    "SELECT reference, subject, thread_id FROM mail_messagereference"
                    f" WHERE account_id = %s AND reference IN ({sql.marks(chunk)})",
                    [account_id, *chunk],
                ):
                    self._known.setdefault((account_id, reference, subject), []).append(thread_id)

    def thread_of(self, account_id: int, keys: Keys) -> tuple[int, list[int]]:
        """The thread an e-mail joins, and other threads that it shows to be the same one."""
        found: set[int] = set()
        for reference in keys.references:
            found.update(self._known.get((account_id, reference, keys.subject), ()))
        thread_id = min(found) if found else new_id()
        for reference in keys.references:
            threads = self._known.setdefault((account_id, reference, keys.subject), [])
            if thread_id not in threads:
                threads.append(thread_id)
                self._new.append((account_id, reference, keys.subject, thread_id))
        return thread_id, sorted(found - {thread_id})

    def write(self) -> None:
        sql.run_many(
            "INSERT INTO mail_messagereference (account_id, reference, subject, thread_id)"
            " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            self._new,
        )


def merge(account_id: int, *, into: int, others: Sequence[int], modseq: int) -> None:
    """Make several threads one, unless they are so large that somebody must be playing with us."""
    marks = sql.marks(others)
    counted = sql.row(
        f"SELECT count(*) FROM mail_email WHERE account_id = %s AND thread_id IN ({marks})",
        [account_id, *others],
    )
    if counted is None or counted[0] > MAX_MERGE:
        return
    sql.run(
        f"UPDATE mail_placement SET thread_id = %s WHERE account_id = %s AND email_id IN"
        f" (SELECT id FROM mail_email WHERE account_id = %s AND thread_id IN ({marks}))",
        [into, account_id, account_id, *others],
    )
    sql.run(
        f"UPDATE mail_email SET thread_id = %s, modseq = %s WHERE account_id = %s AND thread_id IN ({marks})",
        [into, modseq, account_id, *others],
    )
    sql.run_many(
        "INSERT INTO mail_tombstone (id, account_id, kind, object_id, thread_id, modseq, at)"
        " VALUES (%s, %s, 'thread', %s, %s, %s, %s)",
        [(new_id(), account_id, other, other, modseq, clock.now_ms()) for other in others],
    )
