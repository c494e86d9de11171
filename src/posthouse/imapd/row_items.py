"""FETCH items that are read from rows when they are asked for (RFC 8474 OBJECTID, RFC 8514 SAVEDATE, RFC 8970 PREVIEW).

An e-mail has one EMAILID in all its mailboxes, and so has a second one that a COPY made of it (RFC 8474 §5.1).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from posthouse.mail import lookups
from posthouse.wire.imap import response
from posthouse.wire.imap.fetch import Item

Values = list[bytes]
ReadRows = Callable[[int, Sequence[int], Sequence[int]], Values]
"""From a mailbox, UIDs and e-mail ids to what each shows. For one that is gone meanwhile NIL."""
MAX_PREVIEW = 200


def mailbox_object(mailbox_id: int) -> bytes:
    return b"F%d" % mailbox_id


def _emails(mailbox_id: int, _: Sequence[int], email_ids: Sequence[int]) -> Values:
    originals = lookups.originals(mailbox_id)
    return [b"(M%d)" % originals.get(email_id, email_id) for email_id in email_ids]


def _threads(_: int, __: Sequence[int], email_ids: Sequence[int]) -> Values:
    found = lookups.thread_ids(email_ids)
    return [b"(T%d)" % found[email_id] if email_id in found else b"NIL" for email_id in email_ids]


def _previews(_: int, __: Sequence[int], email_ids: Sequence[int]) -> Values:
    """Made at arrival, so LAZY changes nothing; never NIL for a message that is there (RFC 8970 §3.1)."""
    found = lookups.previews(email_ids)
    return [
        response.string(found[email_id][:MAX_PREVIEW].encode("utf-8", "replace"))
        if email_id in found
        else b"NIL"
        for email_id in email_ids
    ]


def _saved(mailbox_id: int, uids: Sequence[int], _: Sequence[int]) -> Values:
    found = lookups.saved_at_ms(mailbox_id, uids)
    return [response.internal_date(found[uid]) if uid in found else b"NIL" for uid in uids]


READERS: dict[Item, ReadRows] = {
    Item.EMAILID: _emails,
    Item.THREADID: _threads,
    Item.PREVIEW: _previews,
    Item.SAVEDATE: _saved,
}
