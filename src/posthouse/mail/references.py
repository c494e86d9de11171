"""The Message-ID of e-mails and those that they name, for IMAP's threads.

Both stand in the e-mail's row. Where the parents are not there they are read from the header fields that are kept ready
(mail/listed.py), else from the content.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from posthouse.base import blobs, sql
from posthouse.mail.by_uid import parts_of
from posthouse.mail.columns import Column
from posthouse.wire.mime.headers import loose, message_ids, read_header

MAX_REFERENCES = 100
"""The newest count; what is older says less about whose answer it is."""
_AT_ONCE_BYTES = 8 << 20
_FIELDS = frozenset({b"in-reply-to", b"references"})
_UNKNOWN = " "


class References(NamedTuple):
    """`message_id` is empty where there is none. `parents`, oldest first: References, else the one of In-Reply-To."""

    message_id: str
    parents: Sequence[str]


def references_of(email_ids: Iterable[int]) -> dict[int, References]:
    """By e-mail id; those that are gone are left out."""
    found: dict[int, tuple[str, str]] = {}
    for chunk in sql.chunks(email_ids):
        for email_id, *both in sql.rows(
            f"SELECT id, message_id, coalesce(parents, '{_UNKNOWN}') FROM mail_email WHERE id IN ({sql.marks(chunk)})",
            chunk,
        ):
            found[email_id] = (both[0], both[1])
    parents = _known(list(found), [text for _, text in found.values()])
    return {
        email_id: References(message_id, text.split())
        for (email_id, (message_id, _)), text in zip(found.items(), parents, strict=True)
    }


def _known(email_ids: Sequence[int], texts: Sequence[str]) -> list[str]:
    """The parents of each with spaces between, where they are unknown from the message."""
    unknown = [email_id for email_id, text in zip(email_ids, texts, strict=True) if text == _UNKNOWN]
    if not unknown:
        return list(texts)
    read = dict(_read(unknown))
    return [
        read.get(email_id, "") if text == _UNKNOWN else text
        for email_id, text in zip(email_ids, texts, strict=True)
    ]


MESSAGE_IDS = Column("e.message_id", lambda _, texts: list(texts))
PARENTS = Column(f"coalesce(e.parents, '{_UNKNOWN}')", _known)


def _read(email_ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    """From the fields that are kept ready, else from the content."""
    ready = parts_of(email_ids, ("fields",))
    unready = []
    for email_id in email_ids:
        fields = ready.get(email_id, (None,))[0]
        if fields is None:
            unready.append(email_id)
        else:
            yield email_id, _parents(fields)
    for batch in _batches(unready):
        content = blobs.read_many(list(batch.values()))
        for email_id, blob_id in batch.items():
            if blob_id in content:
                yield email_id, _parents(content[blob_id])


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


def _parents(raw: bytes) -> str:
    values: dict[bytes, bytes] = {}
    for name, value in read_header(raw, 0, len(raw)).fields:
        if name in _FIELDS:
            values.setdefault(name, value)
    answered, references = (
        message_ids(loose(values.get(name, b""))) for name in (b"in-reply-to", b"references")
    )
    return " ".join((references or answered[:1])[-MAX_REFERENCES:])
