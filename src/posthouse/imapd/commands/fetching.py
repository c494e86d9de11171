"""FETCH and UID FETCH (RFC 9051 §6.4.5, RFC 7162 §3.1.4)."""

from __future__ import annotations

from collections.abc import Sequence

from posthouse.base import db
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


async def fetch(session: Session, command: cmd.Fetch) -> Ok:
    """Sent in pieces of about a megabyte, each taken by the client before the next is read."""
    if not all(map(rendering.is_supported, command.items)):
        raise Bad("That FETCH item is not known here.")
    view = session.view
    if command.changed_since is not None or Item.MODSEQ in command.items:
        session.enabled |= {"CONDSTORE"}
    plan = Plan(
        command.items,
        is_uid=command.is_uid,
        may_set_seen=not view.is_read_only,
        changed_since=command.changed_since,
        mark=hub.mark(session.account.account_id) if db.does_all_writing() else 0,
    )
    indexes = session.indexes(command.set, is_uid=command.is_uid)
    has_missing = False
    while indexes:
        some = indexes[: rendering.ROWS_AT_ONCE]
        uids = _uids(session, some)
        numbers = range(some.start + 1, some.stop + 1) if isinstance(some, range) else [i + 1 for i in some]
        found = rendering.render_known(plan, view.mailbox_id, uids, numbers)
        if found is None:
            found = await db.reading(rendering.render, plan, view.mailbox_id, uids, numbers)
        await _send(session, plan, found)
        has_missing |= found.has_missing
        indexes = indexes[found.taken :]
    return Ok("Fetched.", code=b"EXPUNGEISSUED" if has_missing else b"", may_expunge=command.is_uid)


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
            lines = [
                flags_line(view.number_of(row.uid), row, with_uid=True, with_modseq=True)
                for row in changed.rows
            ]
            session.send(b"".join(lines))
    await session.link.drain()
