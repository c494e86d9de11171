"""The only way to an upload: it is its own person's, and of one purpose."""

from __future__ import annotations

from posthouse.base import clock, sql
from posthouse.base.errors import Missing
from posthouse.identity.actor import Actor
from posthouse.uploads.purposes import Purpose, UploadRef


def upload_for(actor: Actor, purpose: Purpose, upload_id: int) -> UploadRef:
    """Raises Missing, also for one whose time is over."""
    purpose.require(actor)
    found = sql.row(
        "SELECT id, filename, content_type, length_bytes, offset_bytes, pieces, is_done, expires_at FROM uploads_upload"
        " WHERE id = %s AND user_id = %s AND purpose = %s AND expires_at > %s",
        [upload_id, actor.user_id, purpose.name, clock.now_ms()],
    )
    if found is None:
        raise Missing()
    return UploadRef._make([*found[:6], bool(found[6]), found[7]])
