"""Files of messages: taken up before the message, told by what their bytes are, read by who may read the message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from posthouse.base import blobs, clock, db, pictures, sql, thumbnails
from posthouse.base.content_types import PICTURES, type_of
from posthouse.base.errors import Limited, Missing
from posthouse.base.filenames import safe_filename
from posthouse.base.ids import new_id
from posthouse.conversations import access, storage
from posthouse.conversations.access import MessageRef, Right
from posthouse.conversations.rows import Row
from posthouse.identity import queries as people
from posthouse.identity.actor import Actor

MAX_FILE_BYTES = 25_000_000
MAX_FILES = 20
MAX_WAITING_BYTES = 500_000_000


class FileRef(NamedTuple):
    id: int
    blob_id: int
    filename: str
    content_type: str
    size_bytes: int
    width: int | None
    height: int | None


COLUMNS = "id, blob_id, filename, content_type, size_bytes, width, height"


def add(actor: Actor, raw: bytes, *, filename: str) -> FileRef:
    """Keep a file for a message to come; after a week without one it goes. Raises Limited (too_many_uploads)."""
    actor.require(access.USE)
    prepared = blobs.prepare(raw)
    try:
        return _add(actor, described(prepared, raw, filename=filename), prepared)
    except BaseException:
        blobs.discard(prepared)
        raise


def described(prepared: blobs.Prepared, raw: bytes, *, filename: str) -> FileRef:
    """What a file is that is about to be kept: by its bytes, whatever it was called."""
    kind = type_of(raw)
    width, height = (pictures.size_of(raw) if kind in PICTURES else None) or (None, None)
    name = safe_filename(filename) or "attachment"
    return FileRef(new_id(), prepared.id, name, kind, prepared.size_bytes, width, height)


@db.action
def _add(actor: Actor, file: FileRef, prepared: blobs.Prepared) -> FileRef:
    check_waiting(actor, file.size_bytes)
    blobs.insert([prepared])
    let_wait(actor, file)
    return file


def check_waiting(actor: Actor, more_bytes: int) -> None:
    """Inside an action; raises Limited (too_many_uploads, over_quota)."""
    people.hold(actor.user_id)
    waiting = sql.row(
        "SELECT coalesce(sum(size_bytes), 0) FROM conversations_file WHERE user_id = %s AND message_id IS NULL",
        [actor.user_id],
    )
    if waiting is not None and waiting[0] + more_bytes > MAX_WAITING_BYTES:
        raise Limited("too_many_uploads", "Too many files wait to be sent.")
    storage.check(actor.user_id, more_bytes)


def let_wait(actor: Actor, file: FileRef) -> None:
    """A file for a message to come; inside the action that keeps its content."""
    _insert(actor.user_id, None, [file])
    _make_thumbnails([file])


def _insert(user_id: int | None, message_id: int | None, some: Sequence[FileRef]) -> None:
    now_ms = clock.now_ms()
    sql.insert_many(
        f"INSERT INTO conversations_file ({COLUMNS}, user_id, message_id, created_at)",
        [(*file, user_id, message_id, now_ms) for file in some],
    )


def _make_thumbnails(some: Sequence[FileRef]) -> None:
    for file in some:
        if file.width is not None:
            thumbnails.make_later(file.blob_id)


def waiting(actor: Actor, file_ids: Sequence[int]) -> list[FileRef]:
    """Files of the actor that no message has yet, in the order asked; raises Missing if one is not."""
    if not file_ids:
        return []
    found = {
        row[0]: FileRef(*row)
        for row in sql.rows(
            f"SELECT {COLUMNS} FROM conversations_file WHERE user_id = %s AND message_id IS NULL"
            f" AND id IN ({sql.marks(file_ids)})",
            [actor.user_id, *file_ids],
        )
    }
    if found.keys() != set(file_ids):
        raise Missing()
    return [found[file_id] for file_id in dict.fromkeys(file_ids)]


def own_file(actor: Actor, file_id: int) -> FileRef | None:
    """A file that the actor brought, sent or not."""
    found = sql.row(
        f"SELECT {COLUMNS} FROM conversations_file WHERE id = %s AND user_id = %s", [file_id, actor.user_id]
    )
    return None if found is None else FileRef(*found)


def copies(message_id: int) -> list[FileRef]:
    """The files of a message as new rows over the same content, for a message that forwards it. Inside an action."""
    found = [
        FileRef(new_id(), *row[1:])
        for row in sql.rows(
            f"SELECT {COLUMNS} FROM conversations_file WHERE message_id = %s ORDER BY id", [message_id]
        )
    ]
    _insert(None, None, found)
    return found


def keep(message_id: int, some: Sequence[FileRef]) -> None:
    """Files that come with a message of somebody outside; inside an action, their content is there."""
    if some:
        _insert(None, message_id, some)
        _make_thumbnails(some)


def attach(file_ids: Sequence[int], *, message_id: int) -> None:
    """Raises Missing where another message has taken one of them meanwhile."""
    if not file_ids:
        return
    attached = sql.run(
        f"UPDATE conversations_file SET message_id = %s WHERE message_id IS NULL AND id IN ({sql.marks(file_ids)})",
        [message_id, *file_ids],
    )
    if attached != len(set(file_ids)):
        raise Missing()


def state(file: FileRef) -> Row:
    """As a message's `attachments` show it."""
    return {
        "id": str(file.id),
        "filename": file.filename,
        "content_type": file.content_type,
        "size_bytes": file.size_bytes,
        "width": file.width,
        "height": file.height,
    }


def of(actor: Actor, message_id: int) -> list[FileRef]:
    """The files of a message that the actor may read."""
    message = access.message_for(actor, message_id, need=Right.READ)
    return [
        FileRef(*row)
        for row in sql.rows(
            f"SELECT {COLUMNS} FROM conversations_file WHERE message_id = %s ORDER BY id", [_shown(message)]
        )
    ]


def _shown(message: MessageRef) -> int:
    """A message whose files may be read; what was deleted shows none, also where a hold keeps them."""
    if message.deleted_at is not None:
        raise Missing()
    return message.id


def file_for(actor: Actor, message_id: int, file_id: int) -> FileRef:
    """A file of a message that the actor may read."""
    message = access.message_for(actor, message_id, need=Right.READ)
    found = sql.row(
        f"SELECT {COLUMNS} FROM conversations_file WHERE id = %s AND message_id = %s",
        [file_id, _shown(message)],
    )
    if found is None:
        raise Missing()
    return FileRef(*found)


def thumbnail(file: FileRef) -> bytes:
    """WebP; raises Missing for what is no picture."""
    if file.width is None:
        raise Missing()
    return thumbnails.of(file.blob_id, lambda: blobs.read(file.blob_id))
