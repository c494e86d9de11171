"""The content store: what is promised is on the disk, and nobody's bytes change."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest

from posthouse.base.errors import Failure, Kind
from tests.house import RunningHouse

pytestmark = pytest.mark.usefixtures("house")

LARGE = random.Random(1).randbytes(400_000)
CONTENTS = {
    "empty": b"",
    "tiny": b"x",
    "text": b"Good morning.\r\n" * 1000,
    "at the limit": LARGE[: 256 * 1024],
    "above it": LARGE[: 256 * 1024 + 1],
    "large": LARGE,
}


def keep(raw: bytes) -> Any:
    from posthouse.base import blobs, db

    prepared = blobs.prepare(raw)
    db.run(blobs.insert, ([prepared],), {})
    return prepared


def file_of(blob_id: int) -> Path:
    from posthouse.base import blobs

    return blobs._path(blob_id)


@pytest.mark.parametrize("name", CONTENTS)
def test_bytes_come_back_as_they_went_in(name: str) -> None:
    from posthouse.base import blobs

    raw = CONTENTS[name]
    kept = keep(raw)

    assert blobs.read(kept.id) == raw
    assert kept.size_bytes == len(raw)
    assert file_of(kept.id).exists() == (name in ("above it", "large"))


def test_many_are_read_at_once_and_unknown_ones_left_out() -> None:
    from posthouse.base import blobs

    kept = [keep(b"%d" % number) for number in range(3)]
    found = blobs.read_many([*(one.id for one in kept), 1])
    assert found == {one.id: b"%d" % number for number, one in enumerate(kept)}


@pytest.mark.parametrize("name", CONTENTS)
def test_what_is_only_looked_at_is_the_same(name: str) -> None:
    from posthouse.base import blobs

    assert bytes(blobs.look_at(keep(CONTENTS[name]).id)[:]) == CONTENTS[name]


@pytest.mark.parametrize("is_packed", [True, False], ids=["packed", "plain"])
def test_large_content_is_looked_at_in_a_file_without_a_name(*, is_packed: bool) -> None:
    from posthouse.base import blobs
    from posthouse.base.spool import Spooled

    raw = (b"z" * 40 if is_packed else b"") + LARGE * 3
    kept = keep(raw if not is_packed else raw + b"y" * 500_000)
    room = blobs._unpacked_room.free
    seen = blobs.look_at(kept.id)

    assert isinstance(seen, Spooled)
    assert bytes(seen[:]) == blobs.read(kept.id)
    assert [path.name for path in file_of(kept.id).parent.glob("*")].count(str(kept.id)) == 1
    assert blobs._unpacked_room.free == room - kept.size_bytes
    del seen
    assert blobs._unpacked_room.free == room


def test_large_content_that_cannot_be_looked_at_gives_its_room_back() -> None:
    from posthouse.base import blobs

    cut, longer, garbled, lost = (keep(LARGE * 3 + b"z" * 500_000) for _ in range(4))
    whole = file_of(cut.id).read_bytes()
    file_of(cut.id).write_bytes(whole[: len(whole) // 2])
    file_of(longer.id).write_bytes(file_of(keep(LARGE * 4).id).read_bytes())
    file_of(garbled.id).write_bytes(b"something else" * 200_000)
    file_of(lost.id).unlink()
    room = blobs._unpacked_room.free
    for blob in (cut, longer, garbled, lost):
        with pytest.raises(Failure) as caught:
            blobs.look_at(blob.id)
        assert caught.value.kind is Kind.UNAVAILABLE
    assert blobs._unpacked_room.free == room

    with pytest.raises(Failure) as unknown:
        blobs.look_at(1)
    assert unknown.value.kind is Kind.MISSING


def test_nothing_and_damage_are_told_apart() -> None:
    from posthouse.base import blobs, db, sql

    with pytest.raises(Failure) as unknown:
        blobs.read(1)
    assert unknown.value.kind is Kind.MISSING

    lost, damaged, packed = keep(LARGE), keep(b"z" * 200_000 + LARGE), keep(b"z" * 1000)
    file_of(lost.id).unlink()
    file_of(damaged.id).write_bytes(b"something else")
    db.run(sql.run, ("UPDATE base_blob SET data = %s WHERE id = %s", [b"something else", packed.id]), {})
    for blob in (lost, damaged, packed):
        with pytest.raises(Failure) as caught:
            blobs.read(blob.id)
        assert caught.value.kind is Kind.UNAVAILABLE


def test_a_file_is_synced_before_it_has_its_name_and_so_are_the_folders(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What a power loss would leave: the system calls in their order, on folders of their own."""
    from posthouse.base import blobs

    done: list[str] = []
    real_sync, real_rename = os.fsync, Path.rename

    def sync(fd: int) -> None:
        done.append(f"sync {Path(f'/proc/self/fd/{fd}').readlink().relative_to(tmp_path)}")
        real_sync(fd)

    def rename(self: Path, target: Path) -> Path:
        done.append(f"rename {self.suffix}")
        return real_rename(self, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "rename", rename)
    monkeypatch.setattr(blobs, "_folder", tmp_path / "blobs")
    blob_id = blobs.prepare(LARGE).id

    shard = file_of(blob_id).parent.name
    assert done == [
        "sync blobs",
        "sync .",
        f"sync blobs/{shard}/{blob_id}.part",
        "rename .part",
        f"sync blobs/{shard}",
    ]


def test_a_disk_that_refuses_is_temporary_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from posthouse.base import blobs

    (tmp_path / "blobs").write_bytes(b"a file where the folder should be")
    monkeypatch.setattr(blobs, "_folder", tmp_path / "blobs")
    with pytest.raises(Failure) as caught:
        blobs.prepare(LARGE)
    assert caught.value.kind is Kind.UNAVAILABLE


def test_files_are_spread_over_the_folders(house: RunningHouse) -> None:
    """Ids of different moments, as mail comes: a folder with a hundred thousand files is slow to look into."""
    from posthouse.base import blobs

    start = 58_000_000_000_000_000
    folders = {blobs._path(start + (milliseconds << 21)).parent for milliseconds in range(0, 256 * 977, 977)}
    assert len(folders) == 256
