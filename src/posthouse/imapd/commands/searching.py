"""SEARCH and UID SEARCH.

RFC 9051 §6.4.4; RFC 4731 ESEARCH; RFC 5182 SEARCHRES; RFC 7162 §3.1.5, §3.1.10; RFC 9394 PARTIAL.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import ParamSpec, TypeVar

from posthouse.base import db
from posthouse.imapd import searching
from posthouse.imapd.progress import Progress, lengthy, telling
from posthouse.imapd.replies import Bad, Ok
from posthouse.imapd.searching import Found
from posthouse.imapd.session import Session
from posthouse.mail.standing import taken
from posthouse.wire.imap import response
from posthouse.wire.imap.search import Modseq, Numbers, Search
from posthouse.wire.imap.sequence import compact

_EDGES = frozenset({"MIN", "MAX"})
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


async def search(session: Session, command: Search) -> Ok:
    """The old answer unless RETURN was said: phones stumble over ESEARCH where they did not ask for it.

    IMAP4rev2 knows no other answer (RFC 9051 §6.4.4). A charset is refused once everything is UTF-8 (RFC 6855 §3).
    """
    if command.names_charset and "UTF8=ACCEPT" in session.enabled:
        raise Bad("With UTF8=ACCEPT a SEARCH names no charset.")
    uids, numbered = looked_at(session, command)
    mailbox_id, progress = session.view.mailbox_id, Progress()
    looking = look(
        session, command, progress, searching.run, command.key, mailbox_id, uids, numbered, progress
    )
    found = await telling(session, looking, progress)
    returns = frozenset({"ALL"}) if command.returns is None and session.is_rev2 else command.returns
    answer(session, command, found, returns, word=b"SEARCH")
    return Ok("Searched.", may_expunge=command.is_uid)


def looked_at(session: Session, command: Search) -> tuple[Sequence[int], Callable[[Numbers], Sequence[int]]]:
    """The UIDs of the view, and what sets of numbers mean in it, for a reading thread. Raises Bad."""
    _check(session, command)
    view = session.view
    uids = view.uids[:]
    saved = session.saved
    if command.returns is not None and "SAVE" in command.returns:
        session.saved = ()  # unless something is found: after a NO `$` is empty (RFC 5182 §2.1)

    def numbered(key: Numbers) -> Sequence[int]:
        return taken(uids, view.indexes(key.set, is_uid=key.is_uid, saved=saved))

    return uids, numbered


def look(
    session: Session,
    command: Search,
    progress: Progress,
    work: Callable[Arguments, Result],
    *args: Arguments.args,
    **kwargs: Arguments.kwargs,
) -> Awaitable[Result]:
    """Work of a reading thread that begins with this search."""
    if searching.reads_messages(command.key):
        return lengthy(session, progress, work, *args, **kwargs)
    return db.reading(work, *args, **kwargs)


def _check(session: Session, command: Search) -> None:
    if not command.is_uid:
        session.check_numbers()
    for key in searching.leaves(command.key):
        if isinstance(key, Modseq):
            session.enabled |= {"CONDSTORE"}
        elif isinstance(key, Numbers) and not (key.is_uid or key.set.is_saved):
            session.check_numbers()


def answer(
    session: Session, command: Search, found: Found, returns: frozenset[str] | None, *, word: bytes
) -> None:
    """Tell what was found, in its order, by `word` or as ESEARCH; and keep it if asked to."""
    if returns is None:
        session.untagged(_plain(word, shown_as(session, command, found.uids), found.modseq))
        return
    if "SAVE" in returns:
        session.saved = sorted(_told(found.uids, command, returns))
    if returns != {"SAVE"}:
        session.untagged(_extended(session, command, returns, found))


def shown_as(session: Session, command: Search, uids: Sequence[int]) -> Sequence[int]:
    return uids if command.is_uid else session.view.numbers_of(uids)


def _plain(word: bytes, shown: Sequence[int], modseq: int) -> bytes:
    line = word + b" %d" * len(shown) % tuple(shown)
    return line + b" (MODSEQ %d)" % modseq if modseq else line


def _extended(session: Session, command: Search, returns: frozenset[str], found: Found) -> bytes:
    """The tag is quoted: Outlook reads nothing else."""
    uids = found.uids

    def shown(some: Sequence[int]) -> Sequence[int]:
        return shown_as(session, command, some)

    words = [b"ESEARCH (TAG %b)" % response.quoted(session.tag)]
    if command.is_uid:
        words.append(b"UID")
    if uids and "MIN" in returns:
        words.append(b"MIN %d" % shown(uids[:1])[0])
    if uids and "MAX" in returns:
        words.append(b"MAX %d" % shown(uids[-1:])[0])
    if "COUNT" in returns:
        words.append(b"COUNT %d" % len(uids))
    if uids and "ALL" in returns:
        words.append(b"ALL " + compact(shown(uids)))
    if command.partial is not None:
        part = compact(shown(command.partial.of(uids))) or b"NIL"
        words.append(b"PARTIAL (%b %b)" % (command.partial.sent, part))
    if found.modseqs:
        told = _told(uids, command, returns)
        words.append(b"MODSEQ %d" % max((found.modseqs.get(uid, 0) for uid in told), default=0))
    return b" ".join(words)


def _told(uids: Sequence[int], command: Search, returns: frozenset[str]) -> Sequence[int]:
    """What `$` means from now on, and of what MODSEQ is the highest.

    With MIN or MAX only those, and with PARTIAL that part; with ALL or COUNT everything (RFC 5182 §2.1, RFC 4731 §3.2,
    RFC 9394 §3.2).
    """
    if returns & {"ALL", "COUNT"} or (command.partial is None and not returns & _EDGES):
        return uids
    some = set(command.partial.of(uids)) if command.partial is not None else set()
    if uids and "MIN" in returns:
        some.add(uids[0])
    if uids and "MAX" in returns:
        some.add(uids[-1])
    return sorted(some)
