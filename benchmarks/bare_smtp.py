"""What taking an e-mail by SMTP costs at the least in Python: no session, no parsing, ready-made rows.

A server of a few lines answers each burst of a sender that pipelines, compresses what it was given, and hands it to a
thread that writes the same rows as ours into a copy of our store, all that wait in one transaction with one commit on
the disk. It looks at nothing: not who it is for, not what it says, not whether two dots begin a line.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import queue
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import uvloop

import posthouse.base.sqlite  # noqa: F401 chooses the SQLite library, which must be ours
from benchmarks.systems import NotTrue
from posthouse.base import packing

import sqlite3  # isort: skip

RULES = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "wal_autocheckpoint=0",
    "cache_size=-32000",
    "foreign_keys=ON",
)
"""Of our connections (posthouse/base/sqlite/base.py)."""
_HELLO = b"250-bare\r\n250 PIPELINING\r\n"
_GO_ON = b"250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go on\r\n"
_KEPT = b"250 2.0.0 kept\r\n"
_TABLES = ("mail_email", "mail_emailpart", "mail_placement", "mail_messagereference")
"""What an e-mail has a row in, beside its content."""
FIRST_ID = 1 << 61


@contextmanager
def bare_server(store: Path) -> Iterator[int]:
    """Gives the port; `store` is a copy of ours with an e-mail in it, and grows."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(there, store), daemon=True)
    server.start()
    try:
        if not here.poll(60):
            raise NotTrue("the bare server does not start")
        yield here.recv()
    finally:
        server.terminate()
        server.join()


def _serve(parent: Connection, store: Path) -> None:
    uvloop.run(_listen(parent, store))


async def _listen(parent: Connection, store: Path) -> None:
    loop = asyncio.get_running_loop()
    work: queue.SimpleQueue[tuple[asyncio.Transport, int, bytes]] = queue.SimpleQueue()
    threading.Thread(target=_write, args=(store, work, loop), daemon=True).start()
    server = await loop.create_server(lambda: _Bare(work), "127.0.0.1", 0)
    parent.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


class _Bare(asyncio.Protocol):
    def __init__(self, work: queue.SimpleQueue[tuple[asyncio.Transport, int, bytes]]) -> None:
        self._work = work
        self._pieces: list[bytes] = []
        self._is_in_message = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(b"220 bare\r\n")

    def data_received(self, data: bytes) -> None:
        if self._is_in_message:
            self._pieces.append(data)
            if data.endswith(b"\r\n.\r\n"):
                raw, self._pieces, self._is_in_message = b"".join(self._pieces), [], False
                self._work.put((self._transport, len(raw), packing.pack(raw)))
        elif data.startswith(b"MAIL"):
            self._is_in_message = True
            self._transport.write(_GO_ON)
        elif data.startswith(b"EHLO"):
            self._transport.write(_HELLO)
        else:
            self._transport.close()


def _write(path: Path, work: queue.SimpleQueue[Any], loop: asyncio.AbstractEventLoop) -> None:
    """Keep what waits, and say so after the commit."""
    store = sqlite3.connect(path, isolation_level=None)
    for rule in RULES:
        store.execute(f"PRAGMA {rule}")
    rows = _Rows(store)
    while True:
        batch = [work.get()]
        while not work.empty():
            batch.append(work.get())
        rows.keep([(size, packed) for _, size, packed in batch])
        loop.call_soon_threadsafe(_answer, [transport for transport, _, _ in batch])


def _answer(transports: Sequence[asyncio.Transport]) -> None:
    for transport in transports:
        transport.write(_KEPT)


class _Rows:
    """The rows of one e-mail, over and over with other ids."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self._next = FIRST_ID
        self._samples: dict[str, dict[str, Any]] = {}
        for table in _TABLES:
            found = store.execute(f"SELECT * FROM {table} LIMIT 1")
            names = [column[0] for column in found.description]
            self._samples[table] = dict(zip(names, found.fetchone(), strict=True))
        place = self._samples["mail_placement"]
        self._mailbox, self._account = place["mailbox_id"], place["account_id"]

    def keep(self, batch: Sequence[tuple[int, bytes]]) -> None:
        """`batch` is of (size, what it was packed to)."""
        store, count = self._store, len(batch)
        ids = range(self._next, self._next + count)
        self._next += count
        store.execute("BEGIN IMMEDIATE")
        (modseq,) = store.execute(
            "UPDATE mail_account SET modseq = modseq + ?, used_bytes = used_bytes + ? WHERE id = ? RETURNING modseq",
            [count, sum(size for size, _ in batch), self._account],
        ).fetchone()
        (uid,) = store.execute(
            "UPDATE mail_mailbox SET uidnext = uidnext + ?, total_emails = total_emails + ?, modseq = ? WHERE id = ?"
            " RETURNING uidnext",
            [count, count, modseq, self._mailbox],
        ).fetchone()
        store.executemany(
            'INSERT INTO base_blob (id, sha256, size_bytes, codec, "where", key_id, data) VALUES (?,?,?,1,0,0,?)',
            [(id_, id_.to_bytes(32, "big"), *packed) for id_, packed in zip(ids, batch, strict=True)],
        )
        self._insert("mail_email", [{"id": i, "blob_id": i, "thread_id": i, "modseq": modseq} for i in ids])
        self._insert("mail_emailpart", [{"email_id": i} for i in ids])
        self._insert(
            "mail_placement",
            [
                {"email_id": id_, "uid": uid - count + at, "thread_id": id_, "modseq": modseq}
                for at, id_ in enumerate(ids)
            ],
        )
        self._insert("mail_messagereference", [{"reference": i, "thread_id": i} for i in ids])
        store.execute("COMMIT")

    def _insert(self, table: str, changed: Sequence[dict[str, Any]]) -> None:
        sample = self._samples[table]
        self._store.executemany(
            f"INSERT INTO {table} ({','.join(sample)}) VALUES ({','.join('?' * len(sample))})",
            [list((sample | row).values()) for row in changed],
        )
