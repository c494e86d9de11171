"""What runs later, and by the clock."""

from __future__ import annotations

from posthouse.base import db
from posthouse.base.jobs import handler
from posthouse.conversations import exports, looking, personal, previews, retention, scheduling

EXPIRE_SECONDS = 3_600


@handler("conversation_scheduled")
def send_scheduled(scheduled_id: int) -> None:
    scheduling.send_due(scheduled_id)


@handler("conversation_reminder")
def remind(reminder_id: int, at_ms: int) -> None:
    personal.ring(reminder_id, at_ms=at_ms)


@handler("conversation_removal")
def remove(conversation_id: int) -> None:
    retention.remove(conversation_id)


@handler("conversation_export")
async def export(export_id: int) -> None:
    """As long as it is large: no job and no short look waits behind it."""
    await db.lengthy(exports.make, export_id)


@handler("conversation_retention", every_seconds=EXPIRE_SECONDS)
def expire() -> None:
    retention.expire()
    previews.forget_old_pages()


@handler(previews.JOB)
async def look_at_links(message_id: int) -> None:
    await looking.look(message_id)
