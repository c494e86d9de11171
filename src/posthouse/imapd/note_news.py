"""What a client is told of METADATA without asking: names of entries that changed, without their values.

RFC 5465 §5.6 (MailboxMetadataChange), §5.7 (ServerMetadataChange); RFC 5464 §4.4.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from posthouse.base import db
from posthouse.mail import mailbox_notes
from posthouse.wire.imap import response

if TYPE_CHECKING:
    from posthouse.imapd.session import Session
    from posthouse.mail.mailbox_notes import Numbers

OF_MAILBOX, OF_SERVER = "MAILBOXMETADATACHANGE", "SERVERMETADATACHANGE"


class NoteNews:
    """Knows which notes the client has been told of; those of the server stand under the empty name."""

    def __init__(self) -> None:
        self.is_behind = True
        self._shown: Numbers = {}

    async def begin(self, session: Session, mailbox_ids: list[int]) -> None:
        self.is_behind = False
        self._shown = await _read(session, mailbox_ids)

    async def tell(self, session: Session, names: Mapping[int, str], *, of_server: bool) -> list[bytes]:
        """A line for each mailbox whose entries changed since; `names` are of those that are told of."""
        self.is_behind = False
        before, self._shown = self._shown, await _read(session, list(names))
        places: list[tuple[int | None, str]] = [*([(None, "")] if of_server else []), *names.items()]
        lines = []
        for place, name in places:
            old, new = before.get(place, {}), self._shown.get(place, {})
            if entries := sorted(entry for entry in {*old, *new} if old.get(entry) != new.get(entry)):
                words = b" ".join(response.astring(entry.encode("ascii")) for entry in entries)
                lines.append(b"* METADATA %b %b\r\n" % (session.named(name), words))
        return lines


async def _read(session: Session, mailbox_ids: list[int]) -> Numbers:
    return await db.reading(mailbox_notes.numbers_of, session.account.actor, mailbox_ids)
