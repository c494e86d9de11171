"""What the rows of section `imap` that miss their goals cost at the least: the bare work, without a server around it.

The statements that a command cannot do without, on a copy of our store, by one connection with one commit; and a server
of a few lines that parses nothing: bytes that the database has ready onto a socket, or a line from the loop to a thread
and back. What ours takes beyond this is ours to save. What this takes is the disk's, SQLite's and the interpreter's.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import uvloop

import posthouse.base.sqlite  # noqa: F401 chooses the SQLite library, which must be ours
from benchmarks import imap, imap_work, report
from benchmarks.bare_smtp import FIRST_ID, RULES, bare_server
from benchmarks.imap_work import MANY
from benchmarks.messages import SMALL_BYTES, letters
from benchmarks.report import Work
from benchmarks.smtp_load import send
from benchmarks.systems import PEOPLE, NotTrue, System, wait_until_indexed
from tests.peers.process import own_folder

import sqlite3  # isort: skip

_BARE = "the bare work"
_LINE = (
    b'* %d FETCH (UID %d FLAGS () INTERNALDATE "21-Nov-2026 07:00:00 +0000" RFC822.SIZE %d'
    b" ENVELOPE %b BODYSTRUCTURE %b)\r\n"
)
_COMMAND = b"a1 STORE 1 +FLAGS (\\Seen)\r\n"
Add = Callable[[str, float], None]


def measure(systems: Sequence[System], *, quick: bool) -> list[Work]:
    """Our own rows beside their floors, over a mailbox of 10,000 (2,000 with `quick`)."""
    (system,) = systems
    assert system.server is not None
    size, rounds = (2 * MANY, 5) if quick else (10_000, 21)
    works: dict[str, Work] = {}

    def add_to(column: str) -> Add:
        def add(what: str, value: float) -> None:
            works.setdefault(what, Work(name=what, unit="ms", better="less")).add(column, value)

        return add

    ours, bare = add_to(system.name), add_to(_BARE)
    imap.fill(system, size)
    wait_until_indexed(system, system.server.user)
    first = f"all {size:,}, ENVELOPE and BODYSTRUCTURE, for the first time"
    system.server.restart()
    with system.imap() as box, own_folder("floors") as folder:
        ours(first, imap_work.overview(box)[0])
        with _copied(system.server.data / "posthouse.sqlite3", folder / "copy.sqlite3") as store:
            for _ in range(rounds):
                imap_work.filing(box, ours)
                _file(store, bare)
        for _ in range(3):
            bare(first, _listed(folder / "copy.sqlite3", size))
    for ms in _handed_over(20 * rounds):
        bare("a line to a thread and back", ms)
    return [*works.values(), *_taken_in(system, quick=quick)]


def _taken_in(system: System, *, quick: bool) -> list[Work]:
    """E-mails of 4 KB answered 250, by ours and by a server that does nothing else."""
    assert system.server is not None
    works = [
        Work(name=f"4 KB e-mails, {count} connections", unit="/s", better="more", note="answered 250")
        for count in (1, 10, 50)
    ]
    with own_folder("bare") as folder:
        path = folder / "copy.sqlite3"
        with _copied(system.server.data / "posthouse.sqlite3", path):
            pass
        with bare_server(path) as port:
            ports = {system.name: system.smtp_port, _BARE: port}

            def once(name: str, _number: int) -> None:
                for count, work in zip((1, 10, 50), works, strict=True):
                    batch = letters(
                        500 if quick else 2000, size_bytes=SMALL_BYTES, series=os.urandom(6).hex()
                    )
                    load = send(
                        batch, port=ports[name], recipients=PEOPLE, connections=count, is_pipelining=True
                    )
                    if len(load.accepted) != len(batch):
                        raise NotTrue(f"{name} refused some: {load.refused.most_common(3)}")
                    work.add(name, len(batch) / load.seconds)

            report.rounds(2 if quick else 5, list(ports), once, title="taking in")
        with closing(sqlite3.connect(path)) as store:
            (kept,) = store.execute("SELECT count(*) FROM base_blob WHERE id >= ?", [FIRST_ID]).fetchone()
    if kept != sum(len(work.runs[_BARE]) for work in works) * (500 if quick else 2000):
        raise NotTrue(f"the bare server kept {kept}")
    return works


# --- writing ---------------------------------------------------------------------------------------


@contextmanager
def _copied(path: Path, to: Path) -> Iterator[Any]:
    """The store as it is now, in a file of its own."""
    copy = sqlite3.connect(to, isolation_level=None)
    with closing(sqlite3.connect(path)) as source:
        source.backup(copy)
    with closing(copy):
        for rule in RULES:
            copy.execute(f"PRAGMA {rule}")
        yield copy


def _file(store: Any, add: Add) -> None:
    """STORE and EXPUNGE of a thousand that lie in another mailbox as well, STORE of one; all is as it was then."""
    account, inbox = store.execute(
        "SELECT account_id, mailbox_id FROM mail_placement GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1"
    ).fetchone()
    (other,) = store.execute(
        "SELECT id FROM mail_mailbox WHERE account_id = ? AND role = 'archive'", [account]
    ).fetchone()
    ids = [
        row[0]
        for row in store.execute(
            "SELECT email_id FROM mail_placement WHERE mailbox_id = ? ORDER BY uid DESC LIMIT ?",
            [inbox, MANY],
        )
    ]
    boxes = (inbox, other)

    def change(what: str, statements: Callable[[int], object]) -> None:
        ms, processor_ms = _changed(store, account, statements)
        if what:
            add(what, ms)
            add(f"{what}: processor", processor_ms)

    change("", lambda number: _copy(store, boxes, number))
    change(f"STORE {MANY:,}", lambda number: _flag(store, boxes, ids, 2, number))
    for one in ids[:51]:
        change("STORE one", partial(_flag, store, boxes, [one], 3))
    change("", lambda number: _flag(store, boxes, ids, 0, number))
    change(f"EXPUNGE {MANY:,}", lambda number: _take_out(store, other, number))
    store.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _changed(store: Any, account: int, change: Callable[[int], object]) -> tuple[float, float]:
    """Milliseconds of one transaction with its commit on the disk, and of them those of the processor."""
    began = time.thread_time()
    with imap_work.timed() as timer:
        store.execute("BEGIN IMMEDIATE")
        (number,) = store.execute(
            "UPDATE mail_account SET modseq = modseq + 1 WHERE id = ? RETURNING modseq", [account]
        ).fetchone()
        change(number)
        store.execute("COMMIT")
    return timer.ms, (time.thread_time() - began) * 1000


def _copy(store: Any, boxes: tuple[int, int], number: int) -> None:
    store.execute(
        "INSERT INTO mail_placement (mailbox_id, uid, email_id, account_id, thread_id, received_at, is_deleted,"
        " modseq, placed_at) SELECT ?, uid + ?, email_id, account_id, thread_id, received_at, 0, ?, 0"
        " FROM mail_placement WHERE mailbox_id = ? ORDER BY uid DESC LIMIT ?",
        [boxes[1], number * 100_000, number, boxes[0], MANY],
    )


def _flag(store: Any, boxes: tuple[int, int], ids: Sequence[int], flags: int, number: int) -> None:
    for at in range(0, len(ids), 500):
        some = ids[at : at + 500]
        store.execute(
            f"UPDATE mail_email SET flags = ?, modseq = ? WHERE id IN ({','.join('?' * len(some))})",
            [flags, number, *some],
        )
    store.execute("UPDATE mail_mailbox SET modseq = ? WHERE id IN (?, ?)", [number, *boxes])


def _take_out(store: Any, mailbox: int, number: int) -> None:
    store.execute(
        "INSERT INTO mail_expunged (id, account_id, mailbox_id, uid, email_id, modseq, at)"
        " SELECT ? + row_number() OVER (ORDER BY uid), account_id, mailbox_id, uid, email_id, ?, 0"
        " FROM mail_placement WHERE mailbox_id = ?",
        [(1 << 62) + number * 100_000, number, mailbox],
    )
    gone = store.execute("DELETE FROM mail_placement WHERE mailbox_id = ?", [mailbox]).rowcount
    if gone != MANY:
        raise NotTrue(f"{gone} were taken out")
    store.execute("UPDATE mail_mailbox SET modseq = ? WHERE id = ?", [number, mailbox])


# --- reading ---------------------------------------------------------------------------------------


def _listed(path: Path, size: int) -> float:
    """Milliseconds until somebody has all ready answers of the largest mailbox, by a fresh connection."""
    with closing(sqlite3.connect(path)) as store:
        (mailbox,) = store.execute(
            "SELECT mailbox_id FROM mail_placement GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        ).fetchone()
    with closing(sqlite3.connect(path)) as store, _swallowed() as wire:
        store.execute("PRAGMA cache_size=-32000")
        with imap_work.timed() as timer:
            rows = store.execute(
                "SELECT p.uid, p.uid, p.uid, e.envelope, e.bodystructure FROM mail_placement p"
                " JOIN mail_emailpart e ON e.email_id = p.email_id WHERE p.mailbox_id = ? ORDER BY p.uid",
                [mailbox],
            )
            found = 0
            while some := rows.fetchmany(2000):
                found += len(some)
                wire.sendall(_LINE * len(some) % tuple(value for row in some for value in row))
        if found != size:
            raise NotTrue(f"{found} of {size}")
    return timer.ms


@contextmanager
def _swallowed() -> Iterator[socket.socket]:
    """A connection over loopback whose other end takes everything."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        wire = socket.create_connection(listener.getsockname())
        other, _ = listener.accept()
    taken = bytearray(1 << 18)

    def take() -> None:
        with other:
            while other.recv_into(taken):
                pass

    thread = threading.Thread(target=take)
    thread.start()
    with wire:
        yield wire
    thread.join()


# --- handing over ----------------------------------------------------------------------------------


def _handed_over(count: int) -> list[float]:
    """Milliseconds of a line to a server that gives it to a thread, and answers when that has given it back."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    server.start()
    times: list[float] = []
    try:
        if not here.poll(60):
            raise NotTrue("the server of a few lines does not start")
        with socket.create_connection(("127.0.0.1", here.recv())) as client:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for _ in range(count):
                with imap_work.timed() as timer:
                    client.sendall(_COMMAND)
                    answer = client.recv(1000)
                if answer != _COMMAND:
                    raise NotTrue(f"came back as {answer!r}")
                times.append(timer.ms)
    finally:
        server.terminate()
        server.join()
    return times


def _serve(parent: Connection) -> None:
    work: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
    threading.Thread(target=lambda: [act() for act in iter(work.get, None)], daemon=True).start()
    uvloop.run(_echo(parent, work))


async def _echo(parent: Connection, work: queue.SimpleQueue[Callable[[], object]]) -> None:
    loop = asyncio.get_running_loop()

    class Echo(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self._transport = cast(asyncio.Transport, transport)

        def data_received(self, data: bytes) -> None:
            work.put(lambda: loop.call_soon_threadsafe(self._transport.write, data))

    server = await loop.create_server(Echo, "127.0.0.1", 0)
    parent.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()
