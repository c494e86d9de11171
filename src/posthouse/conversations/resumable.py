"""Files of messages that come in pieces (uploads/)."""

from __future__ import annotations

from typing import Any

from posthouse.base.blobs import Prepared
from posthouse.conversations import access, files
from posthouse.conversations.files import FileRef
from posthouse.identity.actor import Actor
from posthouse.uploads.purposes import UploadRef


class ChatFiles:
    name = "chat"
    max_bytes = files.MAX_FILE_BYTES

    def require(self, actor: Actor) -> None:
        actor.require(access.USE)

    def check_room(self, actor: Actor, on_their_way: int) -> None:
        files.check_waiting(actor, on_their_way)

    def described(self, upload: UploadRef, content: Prepared, raw: bytes) -> FileRef:
        return files.described(content, raw, filename=upload.filename)._replace(id=upload.id)

    def store(self, actor: Actor, described: FileRef, content: Prepared) -> None:
        files.let_wait(actor, described)

    def shown(self, actor: Actor, upload_id: int) -> dict[str, Any] | None:
        found = files.own_file(actor, upload_id)
        return None if found is None else files.state(found)


CHAT_FILES = ChatFiles()
