"""`posthouse check` and the hourly sweep: finding what is wrong, and throwing away only what nobody needs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests import make
from tests.cast import Cast

LARGE = "".join(random.Random(2).choices("abcdefghijklmnopqrstuvwxyz0123456789+/", k=500_000))
HOUR_MS = 3_600_000

pytestmark = pytest.mark.usefixtures("house")


_known: set[str] = set()


@pytest.fixture(autouse=True)
def known_faults() -> None:
    """The house is shared: what other tests damaged is not this test's."""
    _known.clear()
    _known.update(check()["faults"])


def check(*, repair: bool = False) -> dict[str, Any]:
    from posthouse.ops import checking

    *_, last = checking.run(repair=repair)
    result: dict[str, Any] = last["result"]
    result["faults"] = [fault for fault in result["faults"] if fault not in _known]
    result["left"] -= len(_known)
    return result


def write(statement: str, *params: Any) -> None:
    from posthouse.base import db, sql

    db.run(sql.run, (statement, params), {})


@pytest.fixture
def later() -> Iterator[Any]:
    """Moves the clock forward until the test ends; the house's own sweep does not come due by that."""
    from posthouse.base import clock

    far_ms = 10_000 * HOUR_MS
    write("UPDATE base_job SET due_at = due_at + %s WHERE key = 'schedule:sweep'", far_ms)

    def move(ms: int) -> None:
        clock.set_source(None)
        now = clock.now_ms() + ms
        clock.set_source(lambda: now / 1000)

    yield move
    clock.set_source(None)
    write("UPDATE base_job SET due_at = due_at - %s WHERE key = 'schedule:sweep'", far_ms)


def test_a_sound_house_has_no_faults(cast: Cast) -> None:
    make.email(cast.alice, text=LARGE)
    assert check()["faults"] == []


def test_wrong_counters_are_found_and_mended_and_readers_are_told(cast: Cast) -> None:
    from posthouse.mail import changes, queries

    make.email(cast.alice)
    inbox = make.mailbox(cast.alice, "inbox")
    write("UPDATE mail_mailbox SET total_emails = 7, unread_emails = 5 WHERE id = %s", inbox)
    write("UPDATE mail_account SET used_bytes = used_bytes + 3 WHERE id = %s", cast.alice.account_id)
    state = queries.state(cast.alice.account_id)

    found = check()
    assert len(found["faults"]) == 2
    assert found["left"] == 2
    assert f"mailbox {inbox}: 7 e-mails counted, 1 there; 5 unread counted, 1 there" in found["faults"]

    mended = check(repair=True)
    assert (len(mended["faults"]), mended["repaired"], mended["left"]) == (2, 2, 0)
    assert check()["faults"] == []
    (told,) = changes.since(cast.alice.account_id, state).mailboxes
    assert (told["id"], told["total_emails"], told["unread_emails"]) == (str(inbox), 1, 1)


def test_damaged_content_is_found_and_cannot_be_mended(cast: Cast) -> None:
    """Files gone, exchanged, cut short and overwritten, and a page of the database that went bad."""
    from posthouse.base import blobs, packing, sql

    for number in range(5):
        make.email(cast.alice, text=LARGE if number else "small")
    small, *large = (
        row[0]
        for row in sql.rows(
            "SELECT blob_id FROM mail_email WHERE account_id = %s ORDER BY size_bytes, id",
            [cast.alice.account_id],
        )
    )
    files = [blobs._path(blob_id) for blob_id in large]
    kept = [file.read_bytes() for file in files]
    (kept_small,) = sql.row("SELECT data FROM base_blob WHERE id = %s", [small]) or (b"",)
    files[0].unlink()
    files[1].write_bytes(packing.pack(packing.unpack(kept[1]).replace(b"Hello", b"HELLO")))
    files[2].write_bytes(kept[2][:-9])
    files[3].write_bytes(b"garbage")
    write("UPDATE base_blob SET data = %s WHERE id = %s", bytes(kept_small)[::-1], small)
    try:
        mended = check(repair=True)
    finally:
        for file, content in zip(files, kept, strict=True):
            file.write_bytes(content)
        write("UPDATE base_blob SET data = %s WHERE id = %s", bytes(kept_small), small)

    assert {fault.split(": ")[0] for fault in mended["faults"]} == {f"content {i}" for i in (small, *large)}
    assert mended["left"] == 5
    assert check()["faults"] == []


def test_an_email_that_lies_nowhere_is_found(cast: Cast) -> None:
    from posthouse.base import sql

    email_id = make.email(cast.alice)
    row = sql.row("SELECT * FROM mail_placement WHERE email_id = %s", [email_id])
    assert row is not None
    write("DELETE FROM mail_placement WHERE email_id = %s", email_id)
    try:
        faults = check()["faults"]
    finally:
        write(f"INSERT INTO mail_placement VALUES ({','.join(['%s'] * len(row))})", *row)
    assert f"e-mail {email_id}: lies in no mailbox" in faults
    assert check()["faults"] == []


def test_numbers_that_lie_to_readers_are_found(cast: Cast) -> None:
    """Numbers above the account's would never be told, and a UID given twice would show another mail's flags."""
    from posthouse.base import sql
    from posthouse.mail import indexing

    email_id = make.email(cast.alice)
    inbox, account_id = make.mailbox(cast.alice, "inbox"), cast.alice.account_id
    assert any(not indexing.step(account_id) for _ in range(100))  # the indexer would stumble over the damage
    (modseq,) = sql.row("SELECT modseq FROM mail_account WHERE id = %s", [account_id]) or (0,)
    write("UPDATE mail_email SET modseq = %s WHERE id = %s", modseq + 5, email_id)
    write(
        "INSERT INTO mail_expunged (id, account_id, mailbox_id, uid, email_id, modseq, at)"
        " VALUES (1, %s, %s, 1, 1, 1, 1)",
        account_id,
        inbox,
    )
    found = check()["faults"]
    write("UPDATE mail_mailbox SET modseq = %s WHERE id = %s", modseq + 5, inbox)
    higher = check()["faults"]
    write("UPDATE mail_account SET modseq = %s WHERE id = %s", modseq + 5, account_id)
    write("DELETE FROM mail_expunged WHERE id = 1")

    assert sorted(found) == sorted(
        [
            f"e-mail {email_id}: its number is above its account's",
            f"mailbox {inbox}: its number is below that of an e-mail in it",
            f"mailbox {inbox}, UID 1: vanished, and there again",
        ]
    )
    assert f"mailbox {inbox}: its number is above its account's" in higher
    assert check()["faults"] == []


def test_an_orphan_file_is_left_alone_while_it_may_still_be_named(later: Any) -> None:
    """Content is written before the transaction that names it, so a young orphan may be a mail being taken."""
    from posthouse.base import blobs, db

    prepared = blobs.prepare(LARGE.encode())
    half = blobs._path(prepared.id).with_suffix(".part")
    half.write_bytes(b"a write that a crash cut short")

    assert check(repair=True)["orphan_files"] == 0
    db.run(blobs.insert, ([prepared],), {})
    assert blobs.read(prepared.id) == LARGE.encode()

    orphan = blobs.prepare(LARGE.encode())
    later(HOUR_MS + 60_000)
    assert check()["orphan_files"] >= 1
    assert check(repair=True)["faults"] == []
    assert not blobs._path(orphan.id).exists()
    assert blobs._path(prepared.id).exists()


# --- the sweep --------------------------------------------------------------------------------------


def test_content_goes_when_nobody_names_it_and_it_is_an_hour_old(cast: Cast, later: Any) -> None:
    from posthouse.base import blobs, sql
    from posthouse.mail import actions
    from posthouse.ops.sweeping import sweep

    def is_kept(blob_id: int) -> bool:
        return sql.row("SELECT 1 FROM base_blob WHERE id = %s", [blob_id]) is not None

    kept = make.email(cast.alice, text=LARGE)
    deleted = make.email(cast.alice, text=LARGE)
    ids = dict(sql.rows("SELECT id, blob_id FROM mail_email WHERE account_id = %s", [cast.alice.account_id]))
    orphan = blobs.prepare(LARGE.encode())
    half = blobs._path(orphan.id).with_suffix(".part")
    half.write_bytes(b"half")
    actions.destroy_emails(cast.alice.actor, [deleted])

    sweep()
    assert is_kept(ids[deleted])
    assert blobs._path(orphan.id).exists()

    later(HOUR_MS + 60_000)
    sweep()
    assert not is_kept(ids[deleted])
    assert not blobs._path(ids[deleted]).exists()
    assert not blobs._path(orphan.id).exists()
    assert not half.exists()
    assert is_kept(ids[kept])
    assert LARGE.encode() in blobs.read(ids[kept])


def test_content_of_a_waiting_submission_and_of_an_upload_stays(cast: Cast, later: Any) -> None:
    from posthouse.delivery import actions as sending
    from posthouse.mail import actions, uploads
    from posthouse.ops.sweeping import sweep
    from tests.delivery.outside import send

    sent = send(cast.alice, "zoe@nowhere.invalid", hold_seconds=60)
    upload = uploads.add(cast.alice.actor, b"file", filename="a.txt", content_type="text/plain")
    actions.destroy_emails(cast.alice.actor, [sent.email_id])
    # Held to a moment that the moved clock does not reach.
    write("UPDATE delivery_recipient SET due_at = due_at + %s", 100 * HOUR_MS)

    later(2 * HOUR_MS)
    sweep()
    assert check()["faults"] == []
    assert uploads.Resolver(cast.alice.actor).read(upload.blob_id) == b"file"
    sending.cancel(cast.alice.actor, sent.submission_id)


def test_what_was_sent_long_ago_and_deleted_leaves_nothing(cast: Cast, later: Any) -> None:
    from posthouse.base import sql
    from posthouse.mail import actions
    from posthouse.ops.sweeping import DAY_MS, VANISHED_DAYS, sweep
    from tests.delivery.outside import send, settled

    old, kept = (send(cast.alice, cast.bob.email) for _ in range(2))
    for sent in (old, kept):
        settled(sent.submission_id)
    actions.destroy_emails(cast.alice.actor, [old.email_id])

    later(VANISHED_DAYS * DAY_MS + HOUR_MS)
    sweep()

    left = sql.rows(
        "SELECT id FROM delivery_submission WHERE id IN (%s, %s)", [old.submission_id, kept.submission_id]
    )
    assert left == [(kept.submission_id,)]


def test_the_old_end_of_the_log_goes_and_late_readers_are_told_to_start_afresh(
    cast: Cast, later: Any
) -> None:
    from posthouse.mail import actions, changes, queries
    from posthouse.ops.sweeping import DAY_MS, VANISHED_DAYS, sweep

    account_id = cast.alice.account_id
    email_id = make.email(cast.alice)
    early = queries.state(account_id)
    actions.destroy_emails(cast.alice.actor, [email_id])
    late = queries.state(account_id)
    make.email(cast.alice)

    later(VANISHED_DAYS * DAY_MS + HOUR_MS)
    sweep()

    with pytest.raises(changes.CannotCalculate):
        changes.since(account_id, early)
    assert len(changes.since(account_id, late).emails) == 1
