"""The contract of the store on PostgreSQL: tests that run on SQLite elsewhere in this suite, on the real server here.

A part of it that takes two minutes; `make postgresql` runs all of it.
"""

from __future__ import annotations

import imaplib
import os
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from tests import make
from tests.database import VARIABLE, is_postgresql
from tests.peers import PeerUnavailable, Postgresql, Posthouse, postgresql, posthouse
from tests.programs import missing

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = (
    "tests/base/test_transaction_lane.py",
    "tests/base/test_jobs.py",
    "tests/mail",
    "tests/delivery/test_doors.py",
    "tests/delivery/test_queue_at_once.py",
    "tests/conversations/test_at_once.py",
    "tests/bridge/test_at_once.py",
    "tests/notifications/test_at_once.py",
    "tests/uploads/test_at_once.py",
    "tests/api/test_at_once.py",
    "tests/api/test_changes.py",
    "tests/api/test_drafts.py",
    "tests/api/test_odd_text.py",
    "tests/api/test_sending.py",
    "tests/api/test_verbs.py",
    "tests/imapd/test_mailboxes.py",
    "tests/imapd/test_news.py",
)
SECONDS = 600
CLOSING_SECONDS = 30

T = TypeVar("T")

pytestmark = pytest.mark.conformance


@pytest.mark.skipif(is_postgresql(), reason="all of the run is on PostgreSQL")
def test_the_contract_holds_on_postgresql() -> None:
    command = [sys.executable, "-m", "pytest", "--tb=short", *CONTRACT]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, VARIABLE: "postgresql"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as inner:
        try:
            output, _ = inner.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            inner.send_signal(signal.SIGINT)  # so that it ends its PostgreSQL
            try:
                output, _ = inner.communicate(timeout=CLOSING_SECONDS)
            finally:
                inner.kill()
    assert inner.returncode == 0, f"{' '.join(command)}\n{output[-20_000:]}"
    assert " passed" in output.splitlines()[-1], output[-2_000:]


ALICE = "alice@example.test"


def subjects(server: Posthouse) -> list[bytes]:
    """What lies in alice's inbox, by IMAP."""
    with imaplib.IMAP4("127.0.0.1", server.imap_port) as box:
        box.login(ALICE, server.password)
        box.select()
        _, found = box.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
        return [part[1].strip() for part in found if isinstance(part, tuple)]


def deliver(server: Posthouse, subject: str) -> None:
    with smtplib.SMTP("127.0.0.1", server.mx_port) as client:
        client.sendmail("zoe@outside.test", [ALICE], make.message(subject=subject))


def at_last(ask: Callable[[], T]) -> T:
    """As programs do whose server says that it cannot just now: again, a little later."""
    for _ in range(40):
        try:
            return ask()
        except smtplib.SMTPRecipientsRefused as refusal:
            assert all(400 <= code < 500 for code, _ in refusal.recipients.values()), refusal
        except smtplib.SMTPResponseException as refusal:
            assert 400 <= refusal.smtp_code < 500, refusal
        except imaplib.IMAP4.error as refusal:
            assert "AUTHENTICATIONFAILED" not in str(refusal)
        time.sleep(0.1)
    raise AssertionError("refused for ever")


def end_connections(server: Postgresql) -> int:
    import psycopg

    with psycopg.connect(server.url, autocommit=True) as other:
        ended = other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    return len(ended)


def test_a_server_starts_takes_mail_and_shows_it(tmp_path: Path) -> None:
    """The installed command with DB_NAME and its like, from an empty database on."""
    try:
        with postgresql() as database:
            settings = {
                "DB_NAME": database.database,
                "DB_USER": database.user,
                "DB_HOST": "127.0.0.1",
                "DB_PORT": str(database.port),
            }
            with posthouse(tmp_path, people=[ALICE], env=settings) as server:
                deliver(server, "One")
                assert subjects(server) == [b"Subject: One"]

                second = Posthouse(data=tmp_path / "second", env=settings, password="", people=[])
                refused = second.command("serve", "--http", "off", "--mx", f"127.0.0.1:{second.mx_port}")
                assert refused.returncode == 2
                assert "another Posthouse serves from this database" in refused.stderr

                assert end_connections(database) > 0
                at_last(lambda: deliver(server, "Two"))
                assert at_last(lambda: subjects(server)) == [b"Subject: One", b"Subject: Two"]
                assert server.command("check").returncode == 0
                server.restart()
                assert subjects(server) == [b"Subject: One", b"Subject: Two"]
    except PeerUnavailable as reason:
        missing(reason)
