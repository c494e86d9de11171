"""The index of words: one contract, two back ends; and what becomes of SQLite's file."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from posthouse.search.index import Batch, Progress
from posthouse.search.language import parse
from posthouse.search.sqlite_index import SqliteIndex
from tests.peers import PeerUnavailable
from tests.peers.postgresql import postgresql
from tests.programs import missing
from tests.search import contract


def test_sqlite_keeps_the_contract(tmp_path: Path) -> None:
    made = SqliteIndex(tmp_path / "search.sqlite3")
    contract.check(made)
    made.close()


def test_postgresql_keeps_the_contract(tmp_path: Path) -> None:
    try:
        with postgresql() as server:
            env = os.environ | {"POSTHOUSE_DATABASE_URL": server.url, "POSTHOUSE_DATA": str(tmp_path)}
            done = subprocess.run(
                [sys.executable, "-m", "tests.search.contract"],
                env=env,
                capture_output=True,
                text=True,
                timeout=120,
            )
    except PeerUnavailable as error:
        missing(error)
    assert done.stdout.strip().endswith("kept"), done.stderr[-3000:]


def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "search.sqlite3"
    first = SqliteIndex(path)
    one = contract.document(random.Random(1), 3)
    first.write(Batch(account_id=7, since=None, progress=Progress(upto=4), documents=[one]))
    first.close()
    second = SqliteIndex(path)
    assert second.progress_of(7) == Progress(upto=4) and second.email_ids(7, after=0, limit=9) == [3]
    second.close()


@pytest.mark.parametrize("fault", ["missing", "old", "broken", "empty"])
def test_an_index_that_cannot_be_used_is_made_anew(tmp_path: Path, fault: str) -> None:
    import sqlite3

    path = tmp_path / "search.sqlite3"
    made = SqliteIndex(path)
    made.write(Batch(account_id=7, since=None, progress=Progress(upto=4)))
    made.close()
    if fault == "missing":
        path.unlink()
    elif fault == "old":
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA user_version = 99")
        connection.close()
    else:
        path.write_bytes(b"no database at all, but long enough to be looked at " * 40 * (fault == "broken"))
    again = SqliteIndex(path)
    assert again.progress() == {}
    again.write(Batch(account_id=7, since=None, progress=Progress(upto=5)))
    assert again.progress_of(7) == Progress(upto=5)
    again.close()


def test_a_file_that_is_damaged_while_it_is_used_is_made_anew(tmp_path: Path) -> None:
    from posthouse.base.errors import Unavailable

    path = tmp_path / "search.sqlite3"
    made = SqliteIndex(path)
    random_ = random.Random(4)
    documents = [contract.document(random_, n) for n in range(1, 200)]
    made.write(Batch(account_id=7, since=None, progress=Progress(upto=4), documents=documents))
    made.close()
    again = SqliteIndex(path)
    assert again.progress_of(7) == Progress(upto=4)
    with path.open("r+b") as file:
        file.seek(8192)
        file.write(os.urandom(path.stat().st_size - 8192))
    with pytest.raises(Unavailable):
        for _ in range(3):
            again.find(7, parse("alpha ").root, limit=None)
            again.find(7, None, limit=None)
            again.excerpts([1, 2, 3])
    again.write(Batch(account_id=7, since=None, progress=Progress(upto=1), documents=documents))
    assert again.size(7) == len(documents) and again.find(7, parse("alpha ").root, limit=None)
    again.close()


def test_readers_and_the_writer_do_not_wait_for_each_other(tmp_path: Path) -> None:
    made = SqliteIndex(tmp_path / "search.sqlite3")
    random_, faults = random.Random(2), []
    made.write(Batch(account_id=7, since=None, progress=Progress(upto=0)))
    done = threading.Event()

    def read() -> None:
        node = parse("alpha ").root
        while not done.is_set():
            try:
                made.find(7, node, limit=10)
            except Exception as error:  # noqa: BLE001 told below
                faults.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for step in range(30):
        documents = [contract.document(random_, step * 10 + n) for n in range(1, 6)]
        since, progress = Progress(upto=step), Progress(upto=step + 1)
        made.write(Batch(account_id=7, since=since, progress=progress, documents=documents))
    done.set()
    for reader in readers:
        reader.join()
    assert not faults and made.progress_of(7) == Progress(upto=30)
    made.close()


def test_words_kept_in_memory_are_those_of_the_file(tmp_path: Path) -> None:
    """Parts of words are looked for in what was read once: it follows what is written, and ends with the account."""
    path = tmp_path / "search.sqlite3"
    made, random_ = SqliteIndex(path), random.Random(9)
    for account_id in (7, 8):
        made.write(Batch(account_id=account_id, since=None, progress=Progress(upto=0)))

    def holders(account_id: int, needle: str) -> set[int]:
        found = made.perhaps(account_id, needle)
        return set() if found is None else found.email_ids

    for step in range(100):
        body = [f"word{step}x", "日本"]
        document = replace(contract.document(random_, step + 1), fields={"body": body}, rest=())
        since, progress = Progress(upto=step), Progress(upto=step + 1)
        made.write(Batch(account_id=7, since=since, progress=progress, documents=[document]))
        assert holders(7, f"ord{step}x") == {step + 1} and holders(7, f"rd{step}x,") == {step + 1}
        assert not holders(8, f"ord{step}x") and not holders(7, f"ord{step},")
    assert holders(7, "word7") == {8, *range(71, 81)} and len(holders(7, "本")) == 100
    again = SqliteIndex(path)
    assert {n for n in range(100) if holders(7, f"d{n}x")} == set(range(100))
    found = again.perhaps(7, "word7")
    assert found is not None and found.email_ids == {8, *range(71, 81)}
    again.close()
    made.forget(7)
    assert not holders(7, "word7")
    made.close()


def test_an_account_of_too_many_words_is_read_each_time() -> None:
    from posthouse.search import terms

    kept = terms.Terms()
    many = b"\n".join(b"%d" % number for number in range(terms.KEPT_BYTES // 7))
    texts = kept.keep(1, b"one\ntwo"), kept.keep(2, many), kept.keep(3, b"three")
    assert [terms.holding(text, "o", at_end=False, most=9) for text in texts] == [["one", "two"], [], []]
    assert kept.of(1) is None and kept.of(2) is None and kept.of(3) == texts[2]
    assert len(terms.holding(texts[1], "1", at_end=False, most=9)) == 10
    last = str(terms.KEPT_BYTES // 7 - 1)
    assert terms.holding(texts[1], last[1:], at_end=True, most=99) == ["1" + last[1:], last, last[1:]]
