"""Large messages that are put aside as they come: the same message, the same refusals, however it is cut."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from posthouse.base.spool import NoRoom, Spool, Spooled
from posthouse.wire.budget import Budget
from posthouse.wire.smtp.content import BdatReader, DataReader
from posthouse.wire.smtp.limits import Limits
from posthouse.wire.smtp.reply import Reply
from posthouse.wire.spooling import SPOOL_FROM_BYTES

LARGE = 5 * SPOOL_FROM_BYTES // 2
LINES = [b"", b".", b"..", b".x", b"x", b".\r", b"\r", b"text " * 10, b"\xe4" * 70, b"y" * 900]


@dataclass
class Taken:
    outcome: bytes | Reply
    largest: int = 0
    budget: Budget = field(default_factory=lambda: Budget(10**9))
    spool_budget: Budget = field(default_factory=lambda: Budget(10**9))


def made(seed: int, *, bare: bool = False) -> bytes:
    """A message of some lines, with dots and blank ones; now and then with a CR alone."""
    chance = random.Random(seed)
    lines = [line for line in LINES if bare or b"\r" not in line]
    content = b"Subject: x\r\n\r\n"
    while len(content) < LARGE:
        content += b"\r\n".join(chance.choices(lines, k=20_000)) + b"\r\n"
    return content


def by_data(folder: Path, content: bytes, *, piece: int, limits: Limits | None = None) -> Taken:
    taken = Taken(b"")
    spool = Spool(folder, budget=taken.spool_budget)
    reader = DataReader(limits or Limits(), taken.budget, spool)
    wire = (
        (b"." if content.startswith(b".") else b"") + content.replace(b"\r\n.", b"\r\n..") + b".\r\nNOOP\r\n"
    )
    position = 0
    while (end := reader.feed(wire[position : position + piece], 0)) < 0:
        position += piece
        taken.largest = max(taken.largest, len(reader._buffer))
    assert wire[position + end :] == b"NOOP\r\n"
    taken.outcome = reader.finish()
    reader.release()
    return taken


def by_bdat(folder: Path, content: bytes, *, piece: int, is_binary: bool = False) -> Taken:
    taken = Taken(b"")
    reader = BdatReader(Limits(), taken.budget, Spool(folder, budget=taken.spool_budget), is_binary=is_binary)
    for position in range(0, len(content), piece):
        chunk = content[position : position + piece]
        reader.expect(len(chunk), last=position + piece >= len(content))
        assert reader.feed(chunk, 0) == len(chunk)
        taken.largest = max(taken.largest, len(reader._buffer))
    taken.outcome = reader.finish()
    reader.release()
    return taken


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("piece", [4093, 65536, SPOOL_FROM_BYTES, 2 * SPOOL_FROM_BYTES + 1])
def test_a_large_message_is_the_same_and_little_of_it_is_in_memory(
    tmp_path: Path, seed: int, piece: int
) -> None:
    content = made(seed)
    for taken in (by_data(tmp_path, content, piece=piece), by_bdat(tmp_path, content, piece=piece)):
        assert isinstance(taken.outcome, Spooled)
        assert taken.outcome[:] == content
        assert taken.largest <= SPOOL_FROM_BYTES + piece
        assert taken.budget.free == taken.budget.total
        assert taken.spool_budget.total - taken.spool_budget.free == len(content)
        taken.outcome = b""
        assert taken.spool_budget.free == taken.spool_budget.total
    assert list(tmp_path.iterdir()) == [], "the files have no names"


@pytest.mark.parametrize("piece", [4093, SPOOL_FROM_BYTES])
@pytest.mark.parametrize("at", [100, SPOOL_FROM_BYTES - 1, SPOOL_FROM_BYTES, 2 * SPOOL_FROM_BYTES, -3])
@pytest.mark.parametrize("bad", [b"\r", b"\n", b"\0", b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\n"], ids=repr)
def test_a_bare_byte_anywhere_refuses_it(tmp_path: Path, bad: bytes, at: int, piece: int) -> None:
    good = b"Subject: x\r\n\r\n" + b"0123456789abcd\r\n" * (LARGE // 16)
    at = at % len(good) // 16 * 16 + 5
    content = good[:at] + bad + good[at:]
    for taken in (by_data(tmp_path, content, piece=piece), by_bdat(tmp_path, content, piece=piece)):
        assert isinstance(taken.outcome, Reply)
        assert taken.outcome.code == 554
        assert taken.budget.free == taken.budget.total
        assert taken.spool_budget.free == taken.spool_budget.total


def test_lines_with_bare_bytes_are_found_by_both(tmp_path: Path) -> None:
    for seed in range(3):
        content = made(seed, bare=True)
        assert isinstance(by_data(tmp_path, content, piece=65536).outcome, Reply)
        assert isinstance(by_bdat(tmp_path, content, piece=65536).outcome, Reply)


def test_binary_content_is_put_aside_with_its_header_held_to_lines(tmp_path: Path) -> None:
    body = random.Random(1).randbytes(LARGE)
    good = by_bdat(tmp_path, b"Subject: x\r\n\r\n" + body, piece=4093, is_binary=True)
    assert isinstance(good.outcome, Spooled)
    assert good.outcome[:] == b"Subject: x\r\n\r\n" + body
    bad = by_bdat(tmp_path, b"Subject: x\nFrom: y\r\n\r\n" + body, piece=4093, is_binary=True)
    assert isinstance(bad.outcome, Reply)
    endless = by_bdat(tmp_path, b"X: y\r\n" * (LARGE // 6), piece=4093, is_binary=True)
    assert isinstance(endless.outcome, Reply)


def test_a_message_that_is_too_large_leaves_nothing_behind(tmp_path: Path) -> None:
    limits = Limits(message_bytes=2 * SPOOL_FROM_BYTES)
    taken = by_data(tmp_path, made(1), piece=65536, limits=limits)
    assert isinstance(taken.outcome, Reply) and taken.outcome.code == 552
    assert taken.spool_budget.free == taken.spool_budget.total


def test_a_full_spool_is_temporary(tmp_path: Path) -> None:
    budget = Budget(10**9)
    reader = DataReader(Limits(), budget, Spool(tmp_path, budget=Budget(SPOOL_FROM_BYTES + 10)))
    wire = made(1).replace(b"\r\n.", b"\r\n..") + b".\r\n"
    position = 0
    while reader.feed(wire[position : position + 65536], 0) < 0:
        position += 65536
    outcome = reader.finish()
    reader.release()
    assert isinstance(outcome, Reply) and (outcome.code, outcome.enhanced) == (452, "4.3.1")
    assert budget.free == budget.total
    with pytest.raises(NoRoom):
        Spool(tmp_path / "file" / "below", budget=budget).open() if (tmp_path / "file").write_text(
            ""
        ) else None
        Spool(tmp_path / "file" / "below", budget=budget).open()


def test_what_stands_in_for_bytes_reads_like_them(tmp_path: Path) -> None:
    raw = made(2)
    file = Spool(tmp_path, budget=Budget(10**9)).open()
    file.write(raw)
    content = file.finish()
    assert content.count(b"\n") == raw.count(b"\n")
    assert content.count(b"\n", 1000, 2_000_001) == raw.count(b"\n", 1000, 2_000_001)
    assert content.startswith(b"Subject") and content.startswith((b"To", b"bject"), 2)
    assert not content.startswith(b"ubject")
    assert content.find(b"\r\n.") == raw.find(b"\r\n.")
    assert b"".join(content.pieces(7)) == raw[7:]
    assert content.with_head(b"X: y\r\n", 12)[:] == b"X: y\r\n" + raw[12:]
