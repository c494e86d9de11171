"""What mail clients ask of an IMAP server, each piece of work with a look at whether it was done.

Each is timed on a connection that is ready for it. What changes the mailbox is undone in the same round, so that
every round finds what the first one found.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.imap_client import Imap
from benchmarks.messages import SMALL_BYTES, letters
from benchmarks.systems import NotTrue, System

NEWEST = 50
MANY = 1000
_OVERVIEW = b"(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)"
_THUNDERBIRD = (
    b"(UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (From To Cc Bcc Subject Date Message-ID Priority X-Priority"
    b" References Newsgroups In-Reply-To Content-Type Reply-To)])"
)

Add = Callable[[str, float], None]
"""Name and milliseconds, or what the row is in."""


@dataclass(slots=True)
class Timer:
    ms: float = 0.0


@contextmanager
def timed() -> Iterator[Timer]:
    timer, started = Timer(), time.perf_counter()
    yield timer
    timer.ms = (time.perf_counter() - started) * 1000


def _asked(box: Imap, command: bytes, *, count: int = -1, of: bytes = b" FETCH (") -> tuple[float, bytes]:
    """Milliseconds and the answer, in which `of` must be found `count` times."""
    with timed() as timer:
        answer = box.ask(command)
    if count >= 0 and answer.count(of) != count:
        raise NotTrue(f"{command[:60]!r}: {answer.count(of)} of {count}: {answer[:200]!r}")
    return timer.ms, answer


def opening(system: System, person: str, add: Add) -> None:
    """Connect, log in, SELECT, as one; and how many log-ins one client gets done after another."""
    with timed() as timer:
        box = system.imap(person)
        box.select()
    add("connect, log in, SELECT", timer.ms)
    box.close()
    with timed() as timer:
        for _ in range(30):
            system.imap(person).close()
    add("log-ins, one after another", 30_000 / timer.ms)


def overview(box: Imap) -> tuple[float, bytes]:
    """Everything that a list of all e-mails needs."""
    exists = box.select()
    return _asked(box, b"FETCH 1:* " + _OVERVIEW, count=exists)


def reading(box: Imap, add: Add) -> None:
    exists = box.select()
    add("FETCH 1:* (UID FLAGS)", _asked(box, b"FETCH 1:* (UID FLAGS)", count=exists)[0])
    newest = b"FETCH %d:%d %s" % (exists - NEWEST + 1, exists, _OVERVIEW)
    times = sorted(_asked(box, newest, count=NEWEST)[0] for _ in range(101))
    add(f"newest {NEWEST}, ENVELOPE and BODYSTRUCTURE", times[50])
    add("all, the same", overview(box)[0])
    add("all, headers as Thunderbird asks", _asked(box, b"FETCH 1:* " + _THUNDERBIRD, count=exists)[0])
    some = min(exists, 2000)
    ms, answer = _asked(box, b"FETCH 1:%d BODY.PEEK[]" % some, count=some)
    add("bodies", len(answer) / ms / 1000)


def searching(box: Imap, common: bytes, rare: bytes, add: Add) -> None:
    exists = box.select()
    ms, answer = _asked(box, b"SEARCH FROM writer@bench.test")
    if len(answer.split()) < exists:
        raise NotTrue(f"SEARCH FROM found too little: {answer[:80]!r}")
    add("SEARCH FROM", ms)
    add("SEARCH SINCE", _asked(box, b"SEARCH SINCE 1-Nov-2026")[0])
    for name, word in (("common", common), ("rare", rare)):
        ms, answer = _asked(box, b'SEARCH TEXT "%s"' % word)
        if b"* SEARCH " not in answer:
            raise NotTrue(f"{word!r} is not found: {answer[:80]!r}")
        add(f"SEARCH TEXT, a {name} word", ms)


def ordering(box: Imap, add: Add) -> None:
    """SORT and THREAD, where they are offered."""
    offered = box.ask(b"CAPABILITY")
    exists = box.select()
    if b" SORT" in offered:
        ms, answer = _asked(box, b"SORT (REVERSE DATE) UTF-8 ALL")
        if len(answer.split()) < exists:
            raise NotTrue("SORT leaves some out")
        add("SORT (REVERSE DATE)", ms)
        add("SORT (SUBJECT)", _asked(box, b"SORT (SUBJECT) UTF-8 ALL")[0])
    if b"THREAD=REFERENCES" in offered:
        ms, answer = _asked(box, b"THREAD REFERENCES UTF-8 ALL")
        if len(re.findall(rb"\d+", answer)) < exists:
            raise NotTrue("THREAD leaves some out")
        add("THREAD REFERENCES", ms)


def filing(box: Imap, add: Add) -> None:
    """COPY, MOVE, STORE and EXPUNGE of a thousand, there and out again."""
    exists = box.select()
    for name in (b"BenchA", b"BenchB"):
        box.ask(b"CREATE " + name)
    ms, _ = _asked(box, b"COPY %d:%d BenchA" % (exists - MANY + 1, exists), count=1, of=b"COPYUID")
    add(f"COPY {MANY:,}", ms)
    _is(box.select(b"BenchA"), MANY)
    add(f"MOVE {MANY:,}", _asked(box, b"MOVE 1:* BenchB", count=1, of=b"COPYUID")[0])
    _is(box.select(b"BenchB"), MANY)
    add(f"STORE {MANY:,}", _asked(box, b"STORE 1:* +FLAGS (\\Flagged)", count=MANY)[0])
    times = sorted(_asked(box, b"STORE %d +FLAGS (\\Seen)" % number, count=1)[0] for number in range(1, 52))
    add("STORE one", times[25])
    box.ask(b"STORE 1:* -FLAGS.SILENT (\\Flagged \\Seen)")
    box.ask(b"STORE 1:* +FLAGS.SILENT (\\Deleted)")
    add(f"EXPUNGE {MANY:,}", _asked(box, b"EXPUNGE", count=MANY, of=b" EXPUNGE\r\n")[0])
    _is(box.select(), exists)
    for name in (b"BenchA", b"BenchB"):
        box.ask(b"DELETE " + name)


def appending(box: Imap, series: str, add: Add) -> None:
    """One by one; and all in one command, where that is offered. Both sync each to disk before they answer."""
    offered = box.ask(b"CAPABILITY")
    box.ask(b"CREATE BenchC")
    batch = letters(200, size_bytes=SMALL_BYTES, series=series)
    with timed() as timer:
        for letter in batch:
            box.ask(b"APPEND BenchC {%d+}\r\n%b" % (len(letter.content), letter.content))
    add("APPEND, one by one", 200_000 / timer.ms)
    if b"MULTIAPPEND" in offered:
        literals = b" ".join(b"{%d+}\r\n%b" % (len(letter.content), letter.content) for letter in batch)
        with timed() as timer:
            box.ask(b"APPEND BenchC " + literals)
        add("MULTIAPPEND of 200", 200_000 / timer.ms)
        _is(box.select(b"BenchC"), 400)
    box.select()
    box.ask(b"DELETE BenchC")


def returning(system: System, person: str, add: Add) -> None:
    """QRESYNC: back after a hundred changes of flags by another."""
    with system.imap(person) as other:
        if b"QRESYNC" not in other.ask(b"CAPABILITY"):
            return
        other.ask(b"ENABLE QRESYNC")
        answer = other.ask(b"SELECT INBOX")
        validity, modseq = _number(rb"UIDVALIDITY (\d+)", answer), _number(rb"HIGHESTMODSEQ (\d+)", answer)
        exists = _number(rb"\* (\d+) EXISTS", answer)
        for number in range(exists - 99, exists + 1):
            other.ask(b"STORE %d +FLAGS (bench)" % number)
        with system.imap(person) as box:
            box.ask(b"ENABLE QRESYNC")
            ms, answer = _asked(box, b"SELECT INBOX (QRESYNC (%d %d))" % (validity, modseq))
        if answer.count(b" FETCH (") != 100:
            raise NotTrue(f"{answer.count(b' FETCH (')} of 100 changes were told")
        add("SELECT with QRESYNC after 100 changes", ms)
        other.ask(b"STORE %d:%d -FLAGS.SILENT (bench)" % (exists - 99, exists))


def _number(pattern: bytes, answer: bytes) -> int:
    found = re.search(pattern, answer)
    if found is None:
        raise NotTrue(f"no {pattern!r} in {answer[:300]!r}")
    return int(found[1])


def _is(count: int, wanted: int) -> None:
    if count != wanted:
        raise NotTrue(f"{count} e-mails, not {wanted}")
