"""A full disk and a locked database: temporary errors, nothing lost, and work again afterwards.

The full disk is a limit on the size of files set on the running server (RLIMIT_FSIZE), which needs no rights
and fails the same writes in the same place: what grows, the database and its log.
"""

from __future__ import annotations

import imaplib
import itertools
import random
import resource
import smtplib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conformance.crowd import letter
from tests.conformance.ledger import look
from tests.peers import PeerUnavailable, Posthouse, posthouse
from tests.programs import missing

PERSON = "alice@example.test"
ROOM_BYTES = 256 * 1024
MOST_TRIES = 400
LOCK_SECONDS = 90.0

pytestmark = pytest.mark.conformance


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Posthouse]:
    try:
        with posthouse(tmp_path, people=[PERSON]) as running:
            yield running
    except PeerUnavailable as reason:
        missing(reason)


class _Post:
    """Delivers e-mails one by one and keeps what was accepted."""

    def __init__(self, server: Posthouse) -> None:
        self._server = server
        self._numbers = itertools.count()
        self.accepted: list[str] = []

    def deliver(self) -> int:
        """Returns the code that answered the last dot, or the command that was refused before it."""
        id_ = f"{next(self._numbers)}@crowd.test"
        with smtplib.SMTP("127.0.0.1", self._server.mx_port, timeout=LOCK_SECONDS) as door:
            try:
                refused = door.sendmail("writer@outside.test", [PERSON], letter(id_, PERSON))
            except smtplib.SMTPResponseException as error:
                return error.smtp_code
            except smtplib.SMTPRecipientsRefused as error:
                return next(iter(error.recipients.values()))[0]
        assert not refused
        self.accepted.append(id_)
        return 250

    def append(self, *, bytes_more: int = 0) -> str:
        id_ = f"{next(self._numbers)}@crowd.test"
        with imaplib.IMAP4("127.0.0.1", self._server.imap_port, timeout=LOCK_SECONDS) as box:
            box.login(PERSON, self._server.password)
            status, _ = box.append("INBOX", "", "", letter(id_, PERSON) + _noise(bytes_more))
        if status == "OK":
            self.accepted.append(id_)
        return status

    def is_all_there_once(self) -> bool:
        seen = look(self._server.imap_port, PERSON, self._server.password).emails
        return sorted(self.accepted) == sorted(id_ for id_, found in seen.items() for _ in found)


def _noise(size_bytes: int) -> bytes:
    """Lines that no compression makes smaller than `size_bytes`."""
    lines = (random.randbytes(57).hex().encode() + b"\r\n" for _ in range(size_bytes // 57 + 1))
    return b"".join(lines) if size_bytes else b""


def _limit_files(server: Posthouse, size_bytes: int) -> None:
    assert server.process
    for member in server.process.family():
        resource.prlimit(member.pid, resource.RLIMIT_FSIZE, (size_bytes, resource.RLIM_INFINITY))


def _database(server: Posthouse) -> Path:
    """The largest file of the data folder that begins as SQLite files do."""
    files = [path for path in server.data.rglob("*") if path.is_file()]
    databases = [path for path in files if path.open("rb").read(15) == b"SQLite format 3"]
    return max(databases, key=lambda path: path.stat().st_size)


@contextmanager
def _locked(database: Path) -> Iterator[None]:
    other = sqlite3.connect(database, isolation_level=None, timeout=30)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_full_disk_gives_temporary_errors_and_loses_nothing(server: Posthouse) -> None:
    post = _Post(server)
    assert post.deliver() == 250
    largest = max(path.stat().st_size for path in server.data.rglob("*") if path.is_file())
    _limit_files(server, largest + ROOM_BYTES)

    codes = [post.deliver()]
    while codes[-1] == 250 and len(codes) < MOST_TRIES:
        codes.append(post.deliver())
    codes += [post.deliver() for _ in range(5)]

    assert {code for code in codes if code != 250} <= {451, 452}
    assert set(codes) != {250}, "the disk was never full"
    assert post.append(bytes_more=2 * (largest + ROOM_BYTES)) == "NO"
    assert post.is_all_there_once()

    _limit_files(server, resource.RLIM_INFINITY)
    assert post.deliver() == 250
    assert post.append() == "OK"
    assert post.is_all_there_once()
    server.stop()
    checked = server.command("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_what_was_accepted_before_the_disk_was_full_survives_a_kill(server: Posthouse) -> None:
    post = _Post(server)
    largest = max(path.stat().st_size for path in server.data.rglob("*") if path.is_file())
    _limit_files(server, largest + ROOM_BYTES)
    for _ in range(MOST_TRIES):
        if post.deliver() != 250:
            break
    else:
        pytest.fail("the disk was never full")

    server.kill9()
    server.start()

    assert len(post.accepted) > 0
    assert post.is_all_there_once()
    assert post.deliver() == 250


def test_locked_database_gives_temporary_errors_and_loses_nothing(server: Posthouse) -> None:
    post = _Post(server)
    assert post.deliver() == 250

    with _locked(_database(server)):
        assert post.deliver() in (451, 452)
        assert post.append() == "NO"
        assert post.is_all_there_once()

    assert post.deliver() == 250
    assert post.append() == "OK"
    assert post.is_all_there_once()
