"""SEARCH and UID SEARCH (RFC 9051 §6.4.4; RFC 4731 ESEARCH; RFC 5182 SEARCHRES; RFC 7162 §3.1.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from posthouse.base import db
from posthouse.imapd import searching
from posthouse.imapd.replies import Bad, Ok
from posthouse.imapd.searching import Found
from posthouse.imapd.session import Session
from posthouse.wire.imap import response
from posthouse.wire.imap.search import Numbers, Search
from posthouse.wire.imap.sequence import compact

_SAVES_ONLY_EDGES = frozenset({"ALL", "COUNT"})


async def search(session: Session, command: Search) -> Ok:
    """The old answer unless RETURN was said: phones stumble over ESEARCH where they did not ask for it.

    A charset is refused once everything is UTF-8 (RFC 6855 §3).
    """
    if command.names_charset and "UTF8=ACCEPT" in session.enabled:
        raise Bad("With UTF8=ACCEPT a SEARCH names no charset.")
    uids, numbered = looked_at(session)
    found = await db.reading(searching.run, command.key, session.view.mailbox_id, uids, numbered)
    answer(session, command, found, word=b"SEARCH")
    return Ok("Searched.", may_expunge=command.is_uid)


def looked_at(session: Session) -> tuple[Sequence[int], Callable[[Numbers], list[int]]]:
    """The UIDs of the view, and what sets of numbers mean in it, for a reading thread."""
    view = session.view
    uids = view.uids[:]
    saved = session.saved

    def numbered(key: Numbers) -> list[int]:
        return [uids[index] for index in view.indexes(key.set, is_uid=key.is_uid, saved=saved)]

    return uids, numbered


def answer(session: Session, command: Search, found: Found, *, word: bytes) -> None:
    """Tell what was found, in its order, by `word` or as ESEARCH; and keep it if asked to."""
    shown = shown_as(session, command, found.uids)
    if command.returns is None:
        session.untagged(_plain(word, shown, found.modseq))
        return
    if "SAVE" in command.returns:
        session.saved = _saved(found.uids, command.returns)
    if command.returns != {"SAVE"}:
        session.untagged(_extended(session, command, shown, found))


def shown_as(session: Session, command: Search, uids: Sequence[int]) -> Sequence[int]:
    return uids if command.is_uid else [session.view.number_of(uid) for uid in uids]


def _plain(word: bytes, shown: Sequence[int], modseq: int) -> bytes:
    words = [word, *(b"%d" % number for number in shown)]
    if modseq:
        words.append(b"(MODSEQ %d)" % modseq)
    return b" ".join(words)


def _extended(session: Session, command: Search, shown: Sequence[int], found: Found) -> bytes:
    """The tag is quoted: Outlook reads nothing else."""
    returns = command.returns or frozenset()
    words = [b"ESEARCH (TAG %b)" % response.quoted(session.tag)]
    if command.is_uid:
        words.append(b"UID")
    if shown and "MIN" in returns:
        words.append(b"MIN %d" % shown[0])
    if shown and "MAX" in returns:
        words.append(b"MAX %d" % shown[-1])
    if "COUNT" in returns:
        words.append(b"COUNT %d" % len(shown))
    if shown and "ALL" in returns:
        words.append(b"ALL " + compact(shown))
    if found.modseq:
        words.append(b"MODSEQ %d" % found.modseq)
    return b" ".join(words)


def _saved(uids: list[int], returns: frozenset[str]) -> list[int]:
    """What `$` means from now on (RFC 5182 §2.1): with MIN or MAX alone, only those."""
    if not uids or not returns & {"MIN", "MAX"} or returns & _SAVES_ONLY_EDGES:
        return sorted(uids)
    edges = {uids[0]} if "MIN" in returns else set()
    return sorted(edges | ({uids[-1]} if "MAX" in returns else set()))
