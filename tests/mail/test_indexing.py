"""The index as a reader of the log: it arrives from anywhere, whatever happens on the way."""

from __future__ import annotations

import time

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.database import is_postgresql
from tests.house import RunningHouse


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


def in_index(account_id: int) -> list[int]:
    from posthouse.search import index

    return index.current().email_ids(account_id, after=0, limit=10_000)


def until_complete(account_id: int, expected: list[int]) -> None:
    """The running server's own indexer gets there."""
    from posthouse.mail import indexer
    from posthouse.search import index

    assert indexer.running is not None
    indexer.running.wake()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        progress = index.current().progress_of(account_id)
        if progress is not None and progress.is_complete and in_index(account_id) == expected:
            return
        time.sleep(0.05)
    raise AssertionError((in_index(account_id), expected))


def test_the_server_indexes_what_comes_and_forgets_what_goes(alice: Client, cast: Cast) -> None:
    ids = [make.email(cast.alice) for _ in range(30)]
    until_complete(cast.alice.account_id, ids)
    late = make.email(cast.alice)
    until_complete(cast.alice.account_id, [*ids, late])
    alice.ok(alice.post("/emails/destroy/", {"ids": [str(ids[0]), str(late)]}))
    until_complete(cast.alice.account_id, ids[1:])


def test_changes_of_flags_move_the_cursor_and_read_nothing(alice: Client, cast: Cast) -> None:
    from posthouse.mail import indexing
    from posthouse.search import index

    ids = [make.email(cast.alice) for _ in range(5)]
    until_complete(cast.alice.account_id, ids)
    alice.ok(alice.post("/emails/update/", {"ids": [str(i) for i in ids], "is_seen": True}))
    until_complete(cast.alice.account_id, ids)
    while indexing.step(cast.alice.account_id):
        continue
    progress = index.current().progress_of(cast.alice.account_id)
    assert progress is not None and progress.upto == indexing.accounts()[cast.alice.account_id]


def test_flags_of_more_than_one_look_do_not_send_it_through_the_past_again(cast: Cast) -> None:
    from posthouse.mail import by_uid, indexing, uid_verbs
    from posthouse.search.index import Progress

    inbox = make.mailbox(cast.alice, "inbox")
    for _ in range(indexing.LOOK + 5):
        make.email(cast.alice)
    before = Progress(upto=indexing.accounts()[cast.alice.account_id])
    uids = list(by_uid.view(inbox).uids)
    uid_verbs.store_flags(
        cast.alice.actor, inbox, uids, mode="add", bits=2, keywords=frozenset(), deleted=False
    )
    late = make.email(cast.alice)

    account = indexing._account(cast.alice.account_id)
    assert account is not None and account.modseq > before.upto
    batch = indexing._forward(account, before)

    assert batch.progress == Progress(upto=account.modseq)
    assert {one.email_id for one in batch.documents} <= {late}
    unfinished = Progress(upto=before.upto, down_modseq=before.upto)
    assert not indexing._forward(account, unfinished).progress.is_complete


@pytest.mark.skipif(is_postgresql(), reason="it reaches into SQLite's index")
def test_the_past_is_indexed_from_its_newest_end(cast: Cast) -> None:
    from posthouse.mail import indexing
    from posthouse.search import index
    from posthouse.search.index import Batch, Progress
    from posthouse.search.sqlite_index import SqliteIndex

    ids = [make.email(cast.alice) for _ in range(indexing.STEP * 3)]
    own = SqliteIndex(index.current()._path.with_name("past.sqlite3"))  # type: ignore[attr-defined]
    account = indexing._account(cast.alice.account_id)
    assert account is not None
    progress = Progress(upto=account.modseq, down_modseq=account.modseq + 1)
    own.write(Batch(account_id=account.id, since=None, progress=progress))
    batch = indexing._backward(account.id, progress)
    assert sorted(one.email_id for one in batch.documents) == ids[-indexing.STEP :]
    own.close()


@pytest.mark.parametrize("fault", ["behind the horizon", "another life", "forgotten", "far behind"])
def test_it_finds_its_way_back(alice: Client, cast: Cast, fault: str) -> None:
    from posthouse.base import sql
    from posthouse.base.db import action
    from posthouse.mail import indexing
    from posthouse.search import index
    from posthouse.search.index import Batch, Progress

    account_id = cast.alice.account_id
    ids = [make.email(cast.alice) for _ in range(8)]
    until_complete(account_id, ids)
    alice.ok(alice.post("/emails/destroy/", {"ids": [str(ids[0])]}))
    until_complete(account_id, ids[1:])

    @action
    def move_horizon() -> None:
        sql.run("UPDATE mail_account SET horizon = modseq WHERE id = %s", [account_id])

    if fault == "behind the horizon":
        alice.ok(alice.post("/emails/destroy/", {"ids": [str(ids[1])]}))
        move_horizon()
        ids = ids[1:]
    elif fault == "another life":
        old = index.current().progress_of(account_id)
        index.current().write(Batch(account_id=account_id, since=old, progress=Progress(upto=10_000)))
    elif fault == "far behind":
        ids += [make.email(cast.alice) for _ in range(indexing.LOOK + 5)]
    else:
        index.current().forget(account_id)
    until_complete(account_id, ids[1:])


def test_an_e_mail_that_cannot_be_read_is_found_by_its_row(alice: Client, cast: Cast) -> None:
    from posthouse.base import sql
    from posthouse.base.db import action

    make.email(cast.alice, subject="Before")
    email_id = make.email(cast.alice, subject="Damaged goods")

    @action
    def damage() -> None:
        sql.run(
            "UPDATE base_blob SET codec = 1, data = %s WHERE id = (SELECT blob_id FROM mail_email WHERE id = %s)",
            [b"not zstd", email_id],
        )

    damage()
    found = alice.ok(alice.get("/emails/", q="damaged"))["items"]
    assert [row["id"] for row in found] == [str(email_id)]
