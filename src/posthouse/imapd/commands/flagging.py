"""STORE, EXPUNGE, UID EXPUNGE (RFC 9051 §6.4.3, §6.4.6, §6.4.9; RFC 7162 §3.1.3)."""

from __future__ import annotations

from collections.abc import Sequence

from posthouse.imapd import flags, store
from posthouse.imapd.replies import Bad, No, Ok
from posthouse.imapd.session import Session
from posthouse.imapd.view import flags_lines
from posthouse.wire.imap import commands as cmd
from posthouse.wire.imap.sequence import compact


def check_writable(session: Session) -> None:
    if session.view.is_read_only:
        raise No("The mailbox is open read-only.", code=b"READ-ONLY")


async def store_flags(session: Session, command: cmd.Store) -> Ok:
    """All rows in one transaction. With CONDSTORE even a silent one tells the new MODSEQ."""
    check_writable(session)
    view = session.view
    try:
        parsed = flags.parse(command.flags)
    except flags.UnknownFlag:
        raise Bad("There is no such system flag.") from None
    if command.unchanged_since is not None:
        session.enabled |= {"CONDSTORE"}
    indexes = session.indexes(command.set, is_uid=command.is_uid)
    if not indexes:
        return Ok("Nothing to do.", may_expunge=command.is_uid)
    changed = await store.change_flags(
        session.viewed,
        view.mailbox_id,
        view.uids_at(indexes),
        mode=command.mode,
        flags=parsed,
        known_modseq=view.modseq,
        unchanged_since=command.unchanged_since,
    )
    is_whole = len(changed.marks.uids) == len(indexes)
    _tell(session, command, changed, indexes if is_whole else None)
    has_missing = len(changed.marks.uids) + len(changed.refused) < len(indexes)
    return Ok(
        "Stored.", code=_code(session, command, changed, has_missing=has_missing), may_expunge=command.is_uid
    )


def _tell(
    session: Session, command: cmd.Store, changed: store.Changed, indexes: Sequence[int] | None
) -> None:
    """If somebody else changed the mailbox meanwhile, a silent STORE leaves all telling to the next look.

    `indexes` are where the e-mails stand in the view, where that is known.
    """
    view, manner, marks = session.view, session.manner, changed.marks
    if not command.is_silent or manner.with_modseq:
        numbers = view.numbers_of(marks.uids) if indexes is None else _numbers(indexes)
        with_uid = command.is_uid or command.is_silent
        session.send(
            flags_lines(numbers, marks, with_uid=with_uid, with_flags=not command.is_silent, manner=manner)
        )
    if changed.is_alone:
        view.advance(changed.modseq)
    elif not command.is_silent:
        view.told(marks.uids, marks.modseqs)


def _numbers(indexes: Sequence[int]) -> Sequence[int]:
    if isinstance(indexes, range):
        return range(indexes.start + 1, indexes.stop + 1)
    return [index + 1 for index in indexes]


def _code(session: Session, command: cmd.Store, changed: store.Changed, *, has_missing: bool) -> bytes:
    if changed.refused:
        numbers: Sequence[int] = changed.refused
        if not command.is_uid:
            numbers = [session.view.number_of(uid) for uid in changed.refused]
        return b"MODIFIED " + compact(numbers)
    return b"EXPUNGEISSUED" if has_missing else b""


async def expunge(session: Session, command: cmd.Expunge) -> Ok:
    """UID EXPUNGE touches only the UIDs named, so that it never removes what another client marked."""
    check_writable(session)
    view = session.view
    uids = None
    if command.uids is not None:
        uids = view.uids_at(session.indexes(command.uids, is_uid=True))
    if uids is None or uids:
        taken = await store.expunge(session.viewed, view.mailbox_id, uids, known_modseq=view.modseq)
        if taken.is_alone:
            view.taken_out(taken.uids, taken.modseq)
    return Ok("Expunged.", tells_modseq=True)
