"""Flags of a mailbox's e-mails in columns, as the verbs look at them that change flags or take e-mails out.

They come from the mailbox in memory where that is up to date (mail/standing.py), else from the rows: a thousand of them
take the database as long as all that is written.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from posthouse.mail import by_uid, standing
from posthouse.mail.access import MailboxRef
from posthouse.mail.by_uid import FlagsRow
from posthouse.mail.flags import SEEN
from posthouse.mail.standing import Kind, Standing, taken


class MarkRow(NamedTuple):
    uid: int
    flags: int
    keywords: str
    is_deleted: bool
    modseq: int


class Marks(NamedTuple):
    """`uids` ascend, the other columns go with them; `kinds` says what the numbers in `kind_numbers` mean."""

    uids: Sequence[int]
    email_ids: Sequence[int]
    kind_numbers: Sequence[int]
    modseqs: Sequence[int]
    kinds: Mapping[int, Kind]

    def at(self, places: Sequence[int]) -> Marks:
        if len(places) == len(self.uids):
            return self
        return self._replace(
            uids=taken(self.uids, places),
            email_ids=taken(self.email_ids, places),
            kind_numbers=taken(self.kind_numbers, places),
            modseqs=taken(self.modseqs, places),
        )

    def places_of_kinds(self, numbers: Collection[int]) -> Sequence[int]:
        """Where e-mails are whose kind is among these."""
        if len(numbers) >= len(self.kinds):
            return range(len(self.uids))
        return [place for place, number in enumerate(self.kind_numbers) if number in numbers]

    def unseen(self) -> int:
        """How many are not \\Seen."""
        seen = {number for number, kind in self.kinds.items() if kind.flags & SEEN}
        return len(self.uids) - len(self.places_of_kinds(seen)) if seen else len(self.uids)

    def rows(self) -> list[MarkRow]:
        return [
            MarkRow(uid, *self.kinds[number], modseq)
            for uid, number, modseq in zip(self.uids, self.kind_numbers, self.modseqs, strict=True)
        ]


def of(mailbox: MailboxRef, uids: Sequence[int]) -> Marks:
    """Of ascending UIDs; those that are gone are left out.

    `mailbox` must have been read in the transaction under way, after other writers of the account were kept out: what
    is in memory counts only while it is as far as that.
    """
    with standing.known(mailbox.id) as found:
        if found is not None and found.modseq == mailbox.modseq:
            return _in_memory(found, found.places_of(uids))
    return _of_rows(by_uid.flags_of(mailbox.id, uids))


def deleted(mailbox: MailboxRef) -> Marks:
    """Of all that are \\Deleted, on the same condition."""
    with standing.known(mailbox.id) as found:
        if found is not None and found.modseq == mailbox.modseq:
            numbers = {number for number, kind in enumerate(found.kinds) if kind.is_deleted}
            places = (
                [at for at, number in enumerate(found.kind_numbers) if number in numbers] if numbers else []
            )
            return _in_memory(found, places)
    return _of_rows(by_uid.deleted(mailbox.id))


def _in_memory(mailbox: Standing, places: Sequence[int]) -> Marks:
    numbers = taken(mailbox.kind_numbers, places)
    return Marks(
        taken(mailbox.uids, places),
        taken(mailbox.email_ids, places),
        numbers,
        taken(mailbox.modseqs, places),
        {number: mailbox.kinds[number] for number in set(numbers)},
    )


def _of_rows(rows: Sequence[FlagsRow]) -> Marks:
    number_of: dict[Kind, int] = {}
    numbers = [
        number_of.setdefault(Kind(row.flags, row.keywords, bool(row.is_deleted)), len(number_of))
        for row in rows
    ]
    return Marks(
        [row.uid for row in rows],
        [row.email_id for row in rows],
        numbers,
        [row.modseq for row in rows],
        {number: kind for kind, number in number_of.items()},
    )
