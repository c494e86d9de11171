"""Attachments that come in pieces (uploads/)."""

from __future__ import annotations

from typing import Any

from posthouse.base.blobs import Prepared
from posthouse.base.content_types import type_of
from posthouse.identity.actor import Actor
from posthouse.mail import access, uploads
from posthouse.mail.uploads import Uploaded
from posthouse.uploads.purposes import UploadRef


class MailFiles:
    name = "mail"
    max_bytes = uploads.MAX_UPLOAD_BYTES

    def require(self, actor: Actor) -> None:
        """Whoever has an account brings files for it."""
        access.account_id_for(actor)

    def check_room(self, actor: Actor, on_their_way: int) -> None:
        uploads.check_waiting(access.account_id_for(actor), on_their_way)

    def described(self, upload: UploadRef, content: Prepared, raw: bytes) -> Uploaded:
        """A type that says less than the client does is not taken: a document of an office is a zip by its bytes."""
        kind = uploads.kind_of(upload.content_type) if upload.content_type else type_of(raw)
        return Uploaded(uploads.upload_name(upload.id), upload.filename, kind, content.size_bytes)

    def store(self, actor: Actor, described: Uploaded, content: Prepared) -> None:
        uploads.let_wait(access.account_id_for(actor), described, content)

    def shown(self, actor: Actor, upload_id: int) -> dict[str, Any] | None:
        found = uploads.own_upload(actor, upload_id)
        return None if found is None else found._asdict()


MAIL_FILES = MailFiles()
