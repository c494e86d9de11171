"""What a file that comes in pieces becomes when it is whole: told by the rooms above, which this one does not know."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

from posthouse.base.blobs import Prepared
from posthouse.identity.actor import Actor


class UploadRef(NamedTuple):
    id: int
    filename: str
    content_type: str
    length_bytes: int
    offset_bytes: int
    pieces: int
    is_done: bool
    expires_at: int


class Purpose(Protocol):
    """`name` stands in the rows; `max_bytes` is of one file."""

    name: str
    max_bytes: int

    def require(self, actor: Actor) -> None:
        """Whether the actor may bring such files at all; raises Denied."""

    def check_room(self, actor: Actor, on_their_way: int) -> None:
        """Inside the action that begins one; so many bytes are on their way with it. Raises Limited."""

    def described(self, upload: UploadRef, content: Prepared, raw: bytes) -> Any:
        """What it is, by its bytes; outside any transaction."""

    def store(self, actor: Actor, described: Any, content: Prepared) -> None:
        """Inside the action that ends it: make it a file of the room, under the upload's id."""

    def shown(self, actor: Actor, upload_id: int) -> dict[str, Any] | None:
        """The file as the room shows it; None when it is gone."""
