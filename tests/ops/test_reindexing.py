"""`posthouse search reindex`, and what `posthouse check` says of the index."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests import make
from tests.cast import Cast
from tests.ops.test_command_line import PASSWORD, Server, posthouse

ALICE = "alice@example.test"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    posthouse("domain", "add", "example.test", data=data)
    posthouse("user", "add", ALICE, "--password-stdin", data=data, input=PASSWORD + "\n")
    folder = tmp_path / "mail"
    folder.mkdir()
    for number in range(25):
        (folder / f"{number}.eml").write_bytes(make.message(subject=f"Letter {number}"))
    done = posthouse("import", "eml", folder, "--to", ALICE, data=data)
    assert "25 e-mails stored" in done.stdout, done
    return data


def test_reindex_with_and_without_a_server(data: Path) -> None:
    assert "25 waiting for it" in posthouse("check", data=data).stdout
    done = posthouse("search", "reindex", data=data)
    assert done.stdout == "25 e-mails of 1 accounts are in the index.\n", done
    assert "25 e-mails in the search index, 0 waiting for it" in posthouse("check", data=data).stdout
    server = Server(data)
    try:
        done = posthouse("search", "reindex", ALICE, data=data)
        assert done.stdout == "25 e-mails of 1 accounts are in the index.\n", done
        assert (
            "nobody@example.test" in posthouse("search", "reindex", "nobody@example.test", data=data).stderr
        )
    finally:
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(30)


def test_killed_while_indexing_it_goes_on_at_the_next_start(data: Path) -> None:
    for wait in (0.0, 0.05, 0.2):
        server = Server(data)
        time.sleep(wait)
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait(30)
        (data / "control.sock").unlink(missing_ok=True)
    server = Server(data)
    deadline = time.monotonic() + 30
    try:
        while (
            "25 e-mails in the search index, 0 waiting" not in (done := posthouse("check", data=data)).stdout
        ):
            assert time.monotonic() < deadline, done
            time.sleep(0.2)
        assert done.returncode == 0, done
    finally:
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(30)


def test_check_finds_and_mends_an_index_that_is_not_the_store_s(cast: Cast) -> None:
    from posthouse.mail import indexing
    from posthouse.ops import index_checking
    from posthouse.search import index
    from posthouse.search.index import Batch, Document

    def mine(findings: Any) -> list[str]:
        return [fault for fault in findings.faults if f"account {account_id}:" in fault]

    account_id = cast.alice.account_id
    ids = [make.email(cast.alice) for _ in range(4)]
    while indexing.step(account_id):
        continue
    assert mine(index_checking.run(repair=False)) == []
    progress = index.current().progress_of(account_id)
    assert progress is not None
    stranger = Document(email_id=77, received_at_ms=5, fields={"body": ["ghost"]})
    index.current().write(
        Batch(account_id=account_id, since=progress, progress=progress, documents=[stranger], gone=ids[:2])
    )
    assert mine(index_checking.run(repair=False)) == [
        f"account {account_id}: search index: 1 e-mails in it are gone, 2 are not in it"
    ]
    index_checking.run(repair=True)
    assert mine(index_checking.run(repair=False)) == []
    assert index.current().email_ids(account_id, after=0, limit=9) == ids
