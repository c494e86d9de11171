"""The Message-ID and the references of e-mails, as numbers, for IMAP's threads.

Read from the header fields that are kept ready (mail/listed.py) the first time an e-mail is asked for, and kept in
memory: an e-mail never changes.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from posthouse.base import blobs, sql
from posthouse.mail.by_uid import parts_of
from posthouse.mail.threading import hash64
from posthouse.wire.mime.headers import loose, message_ids, read_header

KEPT_EMAILS = 300_000
MAX_REFERENCES = 100
"""The newest count; what is older says less about whose answer it is."""
_AT_ONCE_BYTES = 8 << 20
_FIELDS = frozenset({b"message-id", b"in-reply-to", b"references"})


class References(NamedTuple):
    """`message_id` is 0 where there is none. `parents`, oldest first: References, else the one of In-Reply-To."""

    message_id: int
    parents: Sequence[int]


_kept: dict[int, array[int]] = {}
_lock = threading.Lock()


def references_of(email_ids: Iterable[int]) -> dict[int, References]:
    """By e-mail id; those that are gone are left out."""
    wanted = list(email_ids)
    known = {email_id: _kept.get(email_id) for email_id in wanted}
    fresh = dict(_read([email_id for email_id, numbers in known.items() if numbers is None]))
    with _lock:
        _kept.update(fresh)
        for email_id in [*_kept][: max(0, len(_kept) - KEPT_EMAILS)]:
            del _kept[email_id]
    return {
        email_id: References(numbers[0], numbers[1:])
        for email_id, known_numbers in known.items()
        if (numbers := known_numbers or fresh.get(email_id)) is not None
    }


def forget() -> None:
    with _lock:
        _kept.clear()


def _read(email_ids: Sequence[int]) -> Iterator[tuple[int, array[int]]]:
    """From the fields that are kept ready, else from the content."""
    ready = parts_of(email_ids, ("fields",))
    unready = []
    for email_id in email_ids:
        fields = ready.get(email_id, (None,))[0]
        if fields is None:
            unready.append(email_id)
        else:
            yield email_id, _numbers(fields)
    for batch in _batches(unready):
        content = blobs.read_many(list(batch.values()))
        for email_id, blob_id in batch.items():
            if blob_id in content:
                yield email_id, _numbers(content[blob_id])


def _batches(email_ids: Sequence[int]) -> Iterator[dict[int, int]]:
    """E-mail id to content, some megabytes at once."""
    batch: dict[int, int] = {}
    held = 0
    for chunk in sql.chunks(email_ids):
        for email_id, blob_id, size in sql.rows(
            f"SELECT id, blob_id, size_bytes FROM mail_email WHERE id IN ({sql.marks(chunk)})", chunk
        ):
            if batch and held + size > _AT_ONCE_BYTES:
                yield batch
                batch, held = {}, 0
            batch[email_id] = blob_id
            held += size
    if batch:
        yield batch


def _numbers(raw: bytes) -> array[int]:
    values: dict[bytes, bytes] = {}
    for name, value in read_header(raw, 0, len(raw)).fields:
        if name in _FIELDS:
            values.setdefault(name, value)
    own, answered, references = (
        message_ids(loose(values.get(name, b""))) for name in (b"message-id", b"in-reply-to", b"references")
    )
    parents = references or answered[:1]
    return array("q", [hash64(own[0]) if own else 0, *map(hash64, parents[-MAX_REFERENCES:])])
