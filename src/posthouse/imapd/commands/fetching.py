"""FETCH and UID FETCH (RFC 9051 §6.4.5, RFC 7162 §3.1.4, §3.2.6, RFC 9394, RFC 9586)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from posthouse.base import db
from posthouse.base.errors import Missing
from posthouse.base.hub import hub
from posthouse.imapd import rendering, store
from posthouse.imapd.flags import Flags
from posthouse.imapd.rendering import Plan, Rendered
from posthouse.imapd.replies import Bad, Ok
from posthouse.imapd.session import Session
from posthouse.imapd.view import flags_line
from posthouse.mail import flags as flag
from posthouse.wire.imap import commands as cmd
from posthouse.wire.imap.fetch import Item
from posthouse.wire.imap.resync import Partial
from posthouse.wire.imap.sequence import SequenceSet, spans


async def fetch(session: Session, command: cmd.Fetch) -> Ok:
    """Sent in pieces of about a megabyte, each taken by the client before the next but one is read."""
    if not all(map(rendering.is_supported, command.items)):
        raise Bad("That FETCH item is not known here.")
    view = session.view
    if command.with_vanished and "QRESYNC" not in session.enabled:
        raise Bad("Enable QRESYNC first.")
    if command.changed_since is not None or Item.MODSEQ in command.items:
        session.enabled |= {"CONDSTORE"}
    plan = Plan(
        command.items,
        is_uid=command.is_uid,
        may_set_seen=not view.is_read_only,
        changed_since=command.changed_since,
        mark=hub.mark(view.account_id) if db.does_all_writing() else 0,
        is_uid_only=session.is_uid_only,
    )
    indexes = session.indexes(command.set, is_uid=command.is_uid)
    if command.with_vanished and command.changed_since is not None:
        await _tell_vanished(session, command.set, command.changed_since)
    if command.partial is not None:
        indexes = await _part(session, command.partial, indexes, command.changed_since)
    elif command.changed_since is not None and len(indexes) > rendering.ROWS_AT_ONCE:
        indexes = await _newer(session, indexes, command.changed_since)
    has_missing = await _send_all(session, plan, indexes)
    return Ok("Fetched.", code=b"EXPUNGEISSUED" if has_missing else b"", may_expunge=command.is_uid)


async def _send_all(session: Session, plan: Plan, indexes: Sequence[int]) -> bool:
    """Whether some were gone. The next piece is made while the client takes one, so two are held at most."""
    has_missing = False
    piece = _piece(session, plan, indexes) if indexes else None
    try:
        while piece is not None:
            found = piece if isinstance(piece, Rendered) else await piece
            has_missing |= found.has_missing
            indexes, piece = indexes[found.taken :], None
            if indexes and not plan.sets_seen:
                piece = _piece(session, plan, indexes)
            await _send(session, plan, found)
            if indexes and piece is None:
                piece = _piece(session, plan, indexes)
    finally:
        if isinstance(piece, asyncio.Future):
            piece.cancel()
    return has_missing


def _piece(session: Session, plan: Plan, indexes: Sequence[int]) -> Rendered | asyncio.Future[Rendered]:
    """The answer for the first of some messages: at once where all is known, else from a reading thread."""
    mailbox_id, some = session.view.mailbox_id, indexes[: rendering.ROWS_AT_ONCE]
    uids = _uids(session, some)
    numbers: Sequence[int] = uids
    if not session.is_uid_only:
        numbers = range(some.start + 1, some.stop + 1) if isinstance(some, range) else [i + 1 for i in some]
    found = rendering.render_known(plan, mailbox_id, uids, numbers)
    return found if found is not None else db.reading(rendering.render, plan, mailbox_id, uids, numbers)


async def _tell_vanished(session: Session, asked: SequenceSet, since: int) -> None:
    view = session.view
    if asked.is_saved:
        asked = SequenceSet(tuple((uid, uid) for uid in session.saved))
    gone = await store.vanished_since(view.account_id, view.mailbox_id, view, since=since, asked=asked)
    if gone:
        session.untagged(b"VANISHED (EARLIER) " + spans(gone))


async def _newer(session: Session, indexes: Sequence[int], since: int) -> Sequence[int]:
    """Those that changed or are gone: a client that comes back asks for all, and few have changed."""
    view, uids = session.view, _uids(session, indexes)
    try:
        newer = await store.changed_among(view.mailbox_id, uids, since, with_gone=True)
    except Missing:
        return indexes
    if len(newer) == len(uids):
        return indexes
    return [number - 1 for number in view.numbers_of(newer) if number]


async def _part(
    session: Session, partial: Partial, indexes: Sequence[int], changed_since: int | None
) -> Sequence[int]:
    """Some of the messages, counted among those that will be answered (RFC 9394 §3.4)."""
    if changed_since is not None:
        view = session.view
        newer = set(await store.changed_among(view.mailbox_id, _uids(session, indexes), changed_since))
        indexes = [index for index in indexes if view.uids[index] in newer]
    return partial.of(indexes)


def _uids(session: Session, indexes: Sequence[int]) -> Sequence[int]:
    uids = session.view.uids
    if isinstance(indexes, range):
        return uids[indexes.start : indexes.stop]
    return [uids[index] for index in indexes]


async def _send(session: Session, plan: Plan, found: Rendered) -> None:
    """\\Seen is set before the message is shown as seen."""
    if not found.seen:
        session.send(found.data)
        await session.link.drain()
        return
    view = session.view
    changed = await store.change_flags(
        session.viewed,
        view.mailbox_id,
        found.seen,
        mode="add",
        flags=Flags(flag.SEEN, frozenset(), is_deleted=False),
        known_modseq=view.modseq,
    )
    session.send(found.data)
    if changed.is_alone:
        view.advance(changed.modseq)
        if "CONDSTORE" in session.enabled:
            manner = session.manner
            lines = [
                flags_line(view.number_of(row.uid), row, with_uid=True, manner=manner) for row in changed.rows
            ]
            session.send(b"".join(lines))
    await session.link.drain()
