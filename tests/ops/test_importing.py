"""Importing an archive: everything, once, with its past, whatever interrupts it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from posthouse.base.errors import Failure, Kind
from tests.cast import Cast, Person
from tests.delivery.outside import set_quota
from tests.mail.witness import check_promises
from tests.programs import CORPUS, need_corpus

pytestmark = pytest.mark.usefixtures("house")


def start(person: Person, path: Path, *, kind: str = "mbox", mailbox: str = "") -> Any:
    from posthouse.ops import importing

    return importing.run(person.actor, kind=kind, path=str(path), mailbox=mailbox)


def bring_in(person: Person, path: Path, *, kind: str = "mbox", mailbox: str = "") -> dict[str, Any]:
    *_, last = start(person, path, kind=kind, mailbox=mailbox)
    result: dict[str, Any] = last["result"]
    return result


def stored(person: Person) -> list[bytes]:
    from posthouse.base import blobs, sql

    ids = [
        row[0]
        for row in sql.rows(
            "SELECT blob_id FROM mail_email WHERE account_id = %s ORDER BY created_modseq, id",
            [person.account_id],
        )
    ]
    found = blobs.read_many(ids)
    return [found[i] for i in ids]


def write_mbox(path: Path, count: int, *, text: str = "x") -> list[bytes]:
    raws = [
        f"Subject: {n}\nMessage-ID: <{n}@mbox.test>\nFrom: z@x.test\n\n{text} {n}\n" for n in range(count)
    ]
    path.write_text("".join(f"From z@x.test Thu Aug 22 12:36:23 2002\n{raw}\n" for raw in raws))
    return [raw.replace("\n", "\r\n").encode() for raw in raws]


def test_an_mbox_is_stored_as_it_was(cast: Cast, tmp_path: Path) -> None:
    from posthouse.base import sql

    raws = write_mbox(tmp_path / "a.mbox", 250)

    result = bring_in(cast.alice, tmp_path / "a.mbox")

    assert (result["stored"], result["before"], result["odd"]) == (250, 0, 0)
    assert stored(cast.alice) == raws
    times = sql.rows(
        "SELECT DISTINCT received_at FROM mail_email WHERE account_id = %s", [cast.alice.account_id]
    )
    assert times == [(1_030_019_783_000,)]
    check_promises(cast.alice.account_id)


@pytest.mark.parametrize("batches", [1, 2])
def test_an_import_that_was_killed_goes_on_and_stores_nothing_twice(
    cast: Cast, tmp_path: Path, batches: int
) -> None:
    raws = write_mbox(tmp_path / "a.mbox", 250)
    killed = start(cast.alice, tmp_path / "a.mbox")
    for _ in range(batches):
        assert "progress" in next(killed)
    killed.close()
    assert stored(cast.alice) == raws[: 100 * batches]

    again = bring_in(cast.alice, tmp_path / "a.mbox")
    assert (again["stored"], again["before"]) == (250 - 100 * batches, 100 * batches)
    assert stored(cast.alice) == raws

    nothing = bring_in(cast.alice, tmp_path / "a.mbox")
    assert (nothing["stored"], nothing["before"]) == (0, 250)
    assert stored(cast.alice) == raws


def test_two_imports_of_one_archive_at_once_do_not_double_it(cast: Cast, tmp_path: Path) -> None:
    raws = write_mbox(tmp_path / "a.mbox", 250)
    one, other = start(cast.alice, tmp_path / "a.mbox"), start(cast.alice, tmp_path / "a.mbox")
    next(one)
    next(other)
    with pytest.raises(Failure) as caught:
        next(one)
    assert caught.value.kind is Kind.CONFLICT
    assert "result" in list(other)[-1]
    assert stored(cast.alice) == raws


def test_a_full_account_stops_an_import_which_goes_on_later(cast: Cast, tmp_path: Path) -> None:
    raws = write_mbox(tmp_path / "a.mbox", 250)
    set_quota(cast.alice, sum(map(len, raws[:150])))
    with pytest.raises(Failure) as caught:
        bring_in(cast.alice, tmp_path / "a.mbox")
    assert caught.value.code == "over_quota"
    assert stored(cast.alice) == raws[:100]
    check_promises(cast.alice.account_id)

    set_quota(cast.alice, None)
    assert bring_in(cast.alice, tmp_path / "a.mbox")["stored"] == 150
    assert stored(cast.alice) == raws


def test_odd_messages_are_stored_whole_and_named(cast: Cast, tmp_path: Path) -> None:
    line = b"From z@x.test Thu Aug 22 12:36:23 2002\n"
    odd = b"no header at all, \xff\x00\x80 and no end"
    path = tmp_path / "odd.mbox"
    path.write_bytes(line + b"From: a@b.test\nSubject: fine\n\nx\n\n" + line + odd)

    result = bring_in(cast.alice, path)

    assert (result["stored"], result["odd"]) == (2, 1)
    (named,) = result["odd_ones"]
    assert named.startswith(f"before byte {path.stat().st_size}: ")
    assert stored(cast.alice)[1] == odd
    assert bring_in(cast.alice, path)["odd"] == 1, "still known when it is asked again"


def test_a_file_that_is_no_mail_at_all_is_one_odd_message(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "picture.jpg"
    path.write_bytes(bytes(range(256)) * 1000)
    result = bring_in(cast.alice, path)
    assert (result["stored"], result["odd"]) == (1, 1)
    (tmp_path / "empty").write_bytes(b"")
    assert bring_in(cast.alice, tmp_path / "empty")["stored"] == 0


def test_folders_become_mailboxes_below_the_one_named(cast: Cast, tmp_path: Path) -> None:
    from posthouse.mail import by_uid

    for name, subject in {
        "a.eml": "1",
        "Work/b.eml": "2",
        "Work/2024/c.eml": "3",
        "inbox/d.eml": "4",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"Subject: {subject}\n\nx\n")

    bring_in(cast.alice, tmp_path, kind="eml", mailbox="Old")

    rows = {row.id: row for row in by_uid.mailboxes(cast.alice.account_id)}
    paths = {}
    for row in rows.values():
        parents, at = [row.name], row.parent_id
        while at is not None:
            parents.append(rows[at].name)
            at = rows[at].parent_id
        paths["/".join(reversed(parents))] = (row.total_emails, row.unread_emails)
    assert {path: paths[path] for path in paths if path.startswith("Old")} == {
        "Old": (1, 0), "Old/Work": (1, 0), "Old/Work/2024": (1, 0), "Old/inbox": (1, 0),
    }  # fmt: skip
    assert paths["Inbox"] == (0, 0)


def test_a_bad_name_for_the_mailbox_is_said_before_anything_is_stored(cast: Cast, tmp_path: Path) -> None:
    write_mbox(tmp_path / "a.mbox", 3)
    with pytest.raises(Failure) as caught:
        bring_in(cast.alice, tmp_path / "a.mbox", mailbox="Bad\x00name")
    assert caught.value.kind is Kind.INVALID
    assert stored(cast.alice) == []


def test_the_same_archive_into_another_mailbox_is_another_import(cast: Cast, tmp_path: Path) -> None:
    write_mbox(tmp_path / "a.mbox", 3)
    bring_in(cast.alice, tmp_path / "a.mbox")
    assert bring_in(cast.alice, tmp_path / "a.mbox", mailbox="Again")["stored"] == 3
    assert bring_in(cast.bob, tmp_path / "a.mbox")["stored"] == 3


def _source_messages(content: bytes) -> list[bytes]:
    """The corpus cut by other means than ours: it is mboxrd with LF, so every separator is unquoted."""
    import re

    parts = re.split(rb"(?:\A|(?<=\n)\n)From [^\n]*\n", content)[1:]
    return [re.sub(rb"^>(>*From )", rb"\1", part, flags=re.M).rstrip(b"\n") for part in parts]


def test_real_mail_is_stored_to_the_byte(cast: Cast) -> None:
    need_corpus()
    archive = CORPUS / "ham.mbox"
    source = _source_messages(archive.read_bytes())

    result = bring_in(cast.alice, archive)

    assert result["stored"] == len(source) > 100
    kept = stored(cast.alice)
    wrong = [
        number
        for number, (raw, meant) in enumerate(zip(kept, source, strict=True))
        if raw.replace(b"\r\n", b"\n").rstrip(b"\n") != meant.replace(b"\r\n", b"\n")
        or b"\n" in raw.replace(b"\r\n", b"")
    ]
    assert wrong == []
    check_promises(cast.alice.account_id)
    assert bring_in(cast.alice, archive)["stored"] == 0
