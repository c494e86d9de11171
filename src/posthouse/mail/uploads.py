"""Files on their way into a draft, and the names by which a draft's content refers to bytes.

Two kinds of name, opaque to clients: `u.<id>` is an upload, `p.<e-mail>.<part>` a part of an e-mail that is here
already (a draft saved before, or one being forwarded), so that nothing is sent up again that the server has.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from posthouse.base import blobs, clock, db, filenames, sql
from posthouse.base.errors import Invalid, Limited, Missing
from posthouse.base.ids import new_id
from posthouse.base.paths import read_id
from posthouse.identity.actor import Actor
from posthouse.mail import access, content, placing

MAX_UPLOAD_BYTES = 25_000_000
MAX_WAITING_BYTES = 1_000_000_000
MAX_PART_NUMBER = 60


class Uploaded(NamedTuple):
    blob_id: str
    filename: str
    content_type: str
    size_bytes: int


def add(actor: Actor, raw: bytes, *, filename: str, content_type: str) -> Uploaded:
    """Keep a file until the sweep (a week); raises Limited when too much of the account's waits already."""
    name = filenames.safe_filename(filename) or "attachment"
    uploaded = Uploaded(upload_name(new_id()), name[:255], kind_of(content_type), len(raw))
    prepared = blobs.prepare(raw)
    try:
        _add(actor, uploaded, prepared)
    except BaseException:
        blobs.discard(prepared)
        raise
    return uploaded


@db.action
def _add(actor: Actor, uploaded: Uploaded, prepared: blobs.Prepared) -> None:
    account_id = access.account_id_for(actor)
    check_waiting(account_id, prepared.size_bytes)
    blobs.insert([prepared])
    let_wait(account_id, uploaded, prepared)


def check_waiting(account_id: int, more_bytes: int) -> None:
    """Inside an action; raises Limited (too_many_uploads)."""
    placing.hold(account_id)
    waiting = sql.row(
        "SELECT coalesce(sum(b.size_bytes), 0) FROM mail_upload u JOIN base_blob b ON b.id = u.blob_id"
        " WHERE u.account_id = %s",
        [account_id],
    )
    if waiting is not None and waiting[0] + more_bytes > MAX_WAITING_BYTES:
        raise Limited("too_many_uploads", "Too many files wait to be sent.")


def let_wait(account_id: int, uploaded: Uploaded, prepared: blobs.Prepared) -> None:
    """Inside the action that keeps its content."""
    sql.run(
        "INSERT INTO mail_upload (id, account_id, blob_id, filename, content_type, created_at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [
            int(uploaded.blob_id.removeprefix("u.")),
            account_id,
            prepared.id,
            uploaded.filename,
            uploaded.content_type,
            clock.now_ms(),
        ],
    )


def kind_of(content_type: str) -> str:
    """As a client calls it, without parameters."""
    return content_type.partition(";")[0].strip().lower()[:255] or "application/octet-stream"


def upload_name(upload_id: int) -> str:
    """The blob id of an upload."""
    return f"u.{upload_id}"


def own_upload(actor: Actor, upload_id: int) -> Uploaded | None:
    """A file that waits in the actor's own account."""
    found = sql.row(
        "SELECT u.filename, u.content_type, b.size_bytes FROM mail_upload u"
        " JOIN mail_account a ON a.id = u.account_id JOIN base_blob b ON b.id = u.blob_id"
        " WHERE u.id = %s AND a.owner_id = %s",
        [upload_id, actor.user_id],
    )
    return None if found is None else Uploaded(upload_name(upload_id), *found)


def part_name(email_id: int, number: str) -> str:
    """The blob id of a part of an e-mail."""
    return f"p.{email_id}.{number}"


@dataclass(slots=True)
class Resolver:
    """Blob ids to bytes for one actor; an e-mail with ten parts is read once."""

    actor: Actor
    _contents: dict[int, content.Content] = field(default_factory=dict)

    def read(self, blob_id: str) -> bytes:
        """Raises Missing for what is not there or not theirs, Invalid for what is no name."""
        kind, _, rest = blob_id.partition(".")
        number, _, part = rest.partition(".")
        found = read_id(number)
        if found is not None and kind == "u" and not part:
            return self._upload(found)
        if found is not None and kind == "p" and len(part) <= MAX_PART_NUMBER:
            return self._part(found, part)
        raise Invalid("invalid_blob", "This is no blob id.")

    def _upload(self, upload_id: int) -> bytes:
        found = sql.row(
            "SELECT u.blob_id FROM mail_upload u JOIN mail_account a ON a.id = u.account_id"
            " WHERE u.id = %s AND a.owner_id = %s",
            [upload_id, self.actor.user_id],
        )
        if found is None:
            raise Missing()
        return blobs.read(found[0])

    def _part(self, email_id: int, number: str) -> bytes:
        if email_id not in self._contents:
            self._contents[email_id] = content.content_for(self.actor, email_id)
        return content.part_of(self._contents[email_id], number).content
