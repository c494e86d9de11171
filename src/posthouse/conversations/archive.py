"""A conversation as files in a zip, written piece by piece: what there is to read is never in memory as a whole.

    conversation.json        what it is called, and who is in it
    messages.jsonl           a message a line, in order (docs/use/conversations.md, "Taking a conversation out")
    files/ID/NAME            the files of messages

It holds what the one who takes it out can read: of what was deleted only that it was, nothing of what they deleted for
themselves or of what was said before they came where newcomers are not shown that, and earlier wordings only where they
are shown.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any, NamedTuple, Protocol, cast

import orjson

from posthouse.base import blobs, clock, sql
from posthouse.base.clock import iso
from posthouse.base.spool import PIECE_BYTES, Spooled
from posthouse.conversations import access, policies, rows
from posthouse.conversations.access import Right, Standing
from posthouse.conversations.rows import Row
from posthouse.identity.actor import Actor

FORMAT, VERSION = "posthouse-conversation", 1
PAGE = 500


class Sink(Protocol):
    def write(self, data: bytes) -> object: ...


class _File(NamedTuple):
    id: int
    blob_id: int
    content_type: str
    path: str


class _Stream:
    """What zipfile writes to where it cannot go back."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def write(self, data: bytes) -> int:
        self._sink.write(bytes(data))
        return len(data)

    def flush(self) -> None:
        return


def write(actor: Actor, conversation_id: int, sink: Sink) -> int:
    """Gives how many messages are in it. Raises Missing where the actor may not read it (any more)."""
    standing = access.conversation_for(actor, conversation_id, need=Right.READ)
    with zipfile.ZipFile(cast("IO[bytes]", _Stream(sink)), "w", zipfile.ZIP_DEFLATED) as made:
        with made.open(_entry("conversation.json"), "w") as out:
            out.write(orjson.dumps(_about(standing), option=orjson.OPT_INDENT_2))
        files: list[_File] = []
        count = 0
        with made.open(_entry("messages.jsonl"), "w", force_zip64=True) as out:
            for line, brought in _messages(actor, standing):
                out.write(orjson.dumps(line) + b"\n")
                files += brought
                count += 1
        for file in files:
            _write_file(made, file)
    return count


def _entry(name: str) -> zipfile.ZipInfo:
    now = datetime.fromtimestamp(clock.now_ms() / 1000, UTC)
    found = zipfile.ZipInfo(name, now.timetuple()[:6])
    found.compress_type = zipfile.ZIP_DEFLATED
    return found


def _write_file(made: zipfile.ZipFile, file: _File) -> None:
    """Pictures and films are not packed again."""
    entry = _entry(file.path)
    if file.content_type.partition("/")[0] in ("image", "video", "audio"):
        entry.compress_type = zipfile.ZIP_STORED
    content = blobs.look_at(file.blob_id)
    with made.open(entry, "w", force_zip64=True) as out:
        for piece in content.pieces() if isinstance(content, Spooled) else _pieces(content):
            out.write(piece)


def _pieces(content: bytes) -> Iterator[bytes]:
    for at in range(0, len(content), PIECE_BYTES):
        yield content[at : at + PIECE_BYTES]


def _about(standing: Standing) -> Row:
    row = sql.row(
        f"SELECT {rows.CONVERSATION} FROM conversations_conversation c WHERE c.id = %s", [standing.id]
    )
    assert row is not None
    state = rows.conversation_state(row)
    people = sql.rows(
        "SELECT p.user_id, u.name, p.role, p.joined_at, p.left_at FROM conversations_participant p"
        " LEFT JOIN identity_user u ON u.id = p.user_id WHERE p.conversation_id = %s ORDER BY p.id",
        [standing.id],
    )
    told = ("id", "kind", "visibility", "name", "topic", "created_at", "archived_at", "last_number")
    return {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": iso(clock.now_ms()),
        "conversation": {name: state[name] for name in told},
        "participants": [
            {
                "user_id": rows.name(user_id),
                "name": name or "",
                "role": role,
                "joined_at": iso(joined_at),
                "left_at": rows.time(left_at),
            }
            for user_id, name, role, joined_at, left_at in people
        ],
    }


_TOLD = (
    "id", "number", "thread_id", "author", "kind", "text", "event", "mentions", "reply_to", "forwarded_from",
    "importance", "reactions", "created_at", "edited_at", "deleted_at", "pinned_at",
)  # fmt: skip


def _messages(actor: Actor, standing: Standing) -> Iterator[tuple[Row, list[_File]]]:
    hides = policies.limits(standing.id).hides_revisions and not standing.is_admin
    number = standing.floor
    while found := sql.rows(
        f"SELECT {rows.MESSAGE} FROM conversations_message m WHERE m.conversation_id = %s AND m.number > %s"
        " AND NOT EXISTS (SELECT 1 FROM conversations_mark k WHERE k.message_id = m.id AND k.user_id = %s"
        " AND k.is_hidden) ORDER BY m.number LIMIT %s",
        [standing.id, number, actor.user_id, PAGE],
    ):
        number = found[-1][2]
        there = [row[0] for row in found if row[24] is None]
        files = _files(there)
        revisions = {} if hides else _revisions(there)
        for row in found:
            state = rows.message_state(row)
            brought = files.get(row[0], [])
            line = {name: state[name] for name in _TOLD} | {
                "attachments": [state_of for _, state_of in brought],
                "revisions": revisions.get(row[0], []),
            }
            yield line, [file for file, _ in brought]


def _files(message_ids: list[int]) -> dict[int, list[tuple[_File, Row]]]:
    found: dict[int, list[tuple[_File, Row]]] = {}
    for message_id, file_id, blob_id, filename, content_type, size_bytes in sql.rows(
        "SELECT message_id, id, blob_id, filename, content_type, size_bytes FROM conversations_file"
        f" WHERE message_id IN ({sql.marks(message_ids)}) ORDER BY id",
        message_ids,
    ):
        path = f"files/{file_id}/{_safe(filename)}"
        state: dict[str, Any] = {
            "id": str(file_id),
            "filename": filename,
            "content_type": content_type,
            "size_bytes": size_bytes,
            "path": path,
        }
        found.setdefault(message_id, []).append((_File(file_id, blob_id, content_type, path), state))
    return found


def _safe(filename: str) -> str:
    """No folder, nothing hidden, and nothing that only looks like a name."""
    kept = "".join(sign if sign.isprintable() and sign not in '\\/:*?"<>|' else "_" for sign in filename)
    return kept.strip(" .")[:150] or "file"


def _revisions(message_ids: list[int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for message_id, number, body, until in sql.rows(
        "SELECT message_id, number, body, until FROM conversations_revision"
        f" WHERE message_id IN ({sql.marks(message_ids)}) ORDER BY message_id, number",
        message_ids,
    ):
        found.setdefault(message_id, []).append({"number": number, "text": body, "until": iso(until)})
    return found
