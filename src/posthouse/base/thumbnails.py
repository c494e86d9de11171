"""Small pictures of content, made once for each: in a job when it is known to be a picture, or when first asked for."""

from __future__ import annotations

from collections.abc import Callable

from posthouse.base import blobs, db, jobs, pictures, sql
from posthouse.base.errors import Invalid, Missing
from posthouse.base.ids import new_id

SIDE = 640
"""Twice what a timeline shows, for dense screens."""
CONTENT_TYPE = "image/webp"
JOB = "thumbnail"


def make_later(blob_id: int) -> None:
    """Inside the action that brings the content."""
    jobs.enqueue(JOB, blob_id=blob_id)


@jobs.handler(JOB)
def make(blob_id: int) -> None:
    try:
        of(blob_id, lambda: blobs.read(blob_id))
    except Missing:
        return


def of(blob_id: int, read: Callable[[], bytes], *, part: str = "") -> bytes:
    """WebP of what `read` gives, which is content (or a `part` of it) that never changes; access was checked.

    Raises Missing for what is no picture; that is remembered too.
    """
    found = sql.binary_rows(
        "SELECT data FROM base_thumbnail WHERE blob_id = %s AND part = %s", [blob_id, part]
    )
    made = bytes(found[0][0]) if found else _made(blob_id, part, read())
    if not made:
        raise Missing()
    return made


def _made(blob_id: int, part: str, raw: bytes) -> bytes:
    try:
        data = pictures.thumbnail(raw, side=SIDE)
    except Invalid:
        data = b""
    _keep(blob_id, part, data)
    return data


@db.action
def _keep(blob_id: int, part: str, data: bytes) -> None:
    """Not of content that went meanwhile."""
    if sql.row("SELECT 1 FROM base_blob WHERE id = %s", [blob_id]) is not None:
        sql.run(
            "INSERT INTO base_thumbnail (id, blob_id, part, data) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (blob_id, part) DO NOTHING",
            [new_id(), blob_id, part, data],
        )


def forget(blob_ids: list[int]) -> None:
    """With the content; inside the action that deletes it."""
    sql.run(f"DELETE FROM base_thumbnail WHERE blob_id IN ({sql.marks(blob_ids)})", blob_ids)
