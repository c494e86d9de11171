"""E-mails as who tells people of new mail sees them in the log: what changed, what is new, and where it lies."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

from posthouse.base import sql
from posthouse.mail import flags as flag
from posthouse.mail import handled
from posthouse.mail.models import Mailbox

UNTOLD = frozenset(
    {Mailbox.Role.TRASH.value, Mailbox.Role.DRAFTS.value, Mailbox.Role.SENT.value, Mailbox.Role.JUNK.value}
)
"""Roles of mailboxes where nothing arrives that anybody waits for."""


class Seen(NamedTuple):
    """An e-mail as it is now. `sender` is JSON as REST shows it; `places` are mailboxes with their roles."""

    email_id: int
    thread_id: int
    modseq: int
    created_modseq: int
    flags: int
    keywords: str
    received_at_ms: int
    subject: str
    preview: str
    sender: str
    places: tuple[tuple[int, str], ...] = ()

    @property
    def is_read(self) -> bool:
        return bool(self.flags & flag.SEEN)

    @property
    def is_muted(self) -> bool:
        return "$muted" in self.keywords.split()

    @property
    def is_inbox(self) -> bool:
        return any(role == Mailbox.Role.INBOX.value for _, role in self.places)

    @property
    def is_away(self) -> bool:
        """Nowhere any more where somebody would look for new mail."""
        return all(role in UNTOLD for _, role in self.places)


class Looked(NamedTuple):
    """What was found behind a place in the log: each e-mail once, as it is now; the place reached, None at the end."""

    emails: list[Seen]
    reached: tuple[int, int] | None


def since(
    account_id: int,
    modseq: int,
    email_id: int,
    *,
    limit: int,
    told: Callable[[Collection[int]], Collection[int]],
) -> Looked:
    """The next e-mails that changed behind a place in the log, in the order of their last change.

    Of those that were there before only the ones that `told` picks: a flag on a thousand is nothing new.
    """
    log = handled.changed(account_id, modseq, email_id, limit=limit)
    reached = log[-1] if len(log) == limit else None
    last = {id_: at for at, id_ in log}
    found = {
        row[0]: Seen._make([*row[:2], last[row[0]], *row[2:], ()])
        for chunk in sql.chunks([*_new(last, modseq), *told(last)])
        for row in sql.rows(
            "SELECT id, thread_id, created_modseq, flags, keywords, received_at, subject, preview, sender"
            f" FROM mail_email WHERE id IN ({sql.marks(chunk)})",
            chunk,
        )
    }
    places: dict[int, list[tuple[int, str]]] = {}
    for chunk in sql.chunks(found):
        for id_, mailbox_id, role in sql.rows(
            "SELECT p.email_id, p.mailbox_id, b.role FROM mail_placement p JOIN mail_mailbox b ON b.id = p.mailbox_id"
            f" WHERE p.email_id IN ({sql.marks(chunk)}) ORDER BY p.mailbox_id",
            chunk,
        ):
            places.setdefault(id_, []).append((mailbox_id, role))
    emails = [one._replace(places=tuple(places.get(id_, ()))) for id_, one in found.items()]
    return Looked(sorted(emails, key=lambda one: (one.modseq, one.email_id)), reached)


def _new(email_ids: Collection[int], modseq: int) -> list[int]:
    return [
        row[0]
        for chunk in sql.chunks(email_ids)
        for row in sql.rows(
            f"SELECT id FROM mail_email WHERE id IN ({sql.marks(chunk)}) AND created_modseq >= %s",
            [*chunk, modseq],
        )
    ]


def threads_with_muted(thread_ids: list[int], *, account_id: int) -> frozenset[int]:
    """Those of the threads in which an e-mail carries `$muted`: what comes later is muted too."""
    return frozenset(
        row[0]
        for chunk in sql.chunks(thread_ids)
        for row in sql.rows(
            f"SELECT DISTINCT thread_id FROM mail_email WHERE thread_id IN ({sql.marks(chunk)}) AND account_id = %s"
            " AND (' ' || keywords || ' ') LIKE %s",
            [*chunk, account_id, "% $muted %"],
        )
    )
