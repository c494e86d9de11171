"""What a list shows of e-mails, as a search by field wants it: from the small rows, without content."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from posthouse.base import sql
from posthouse.mail.storing import LISTED_ADDRESSES


class Heading(NamedTuple):
    """`sender`, `recipients` and `copied` are JSON lists of at most LISTED_ADDRESSES names and addresses."""

    subject: str
    sender: str
    recipients: str
    copied: str
    message_id: str
    sent_at_ms: int | None


def headings_of(email_ids: Iterable[int]) -> dict[int, Heading]:
    """By e-mail id; those that are gone are left out."""
    found: dict[int, Heading] = {}
    for chunk in sql.chunks(email_ids):
        for email_id, *columns in sql.rows(
            "SELECT id, subject, sender, recipients, copied, message_id, sent_at FROM mail_email"
            f" WHERE id IN ({sql.marks(chunk)})",
            chunk,
        ):
            found[email_id] = Heading(*columns)
    return found


__all__ = ["LISTED_ADDRESSES", "Heading", "headings_of"]
