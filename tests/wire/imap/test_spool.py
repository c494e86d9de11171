"""Large messages of APPEND that are put aside as they come: the same command, the same refusals, however it is cut."""

from __future__ import annotations

import random
import tracemalloc
from pathlib import Path

import pytest

from posthouse.base.spool import Spool, Spooled
from posthouse.wire.budget import Budget
from posthouse.wire.imap.framing import Continue, Framed, Framer, Refused
from posthouse.wire.imap.limits import MIB, after_login

LIMITS = after_login(append_bytes=50 * MIB)
LARGE = random.Random(1).randbytes(5 * MIB // 2)
SMALL = b"Subject: small\r\n\r\n"


def framer(folder: Path, *, room: int = 10**9, held: int = 10**9, limits: object = LIMITS) -> Framer:
    return Framer(limits, Budget(held), Spool(folder, budget=Budget(room)))  # type: ignore[arg-type]


def fed(one: Framer, wire: bytes, piece: int) -> list[Framed | Continue | Refused]:
    events = []
    for at in range(0, len(wire), piece):
        one.feed(wire[at : at + piece])
        while (event := one.next_command()) is not None:
            events.append(event)
    return events


def part(raw: bytes, mark: bytes = b"+") -> bytes:
    return b" {%d%b}\r\n" % (len(raw), mark) + raw


@pytest.mark.parametrize("piece", [16_384, 65_537, 262_144, 10 * MIB])
def test_it_is_the_same_command_however_it_is_cut(tmp_path: Path, piece: int) -> None:
    wire = b"a APPEND INBOX (\\Seen)" + part(LARGE) + b"\r\nb NOOP\r\n"
    one = framer(tmp_path)
    command, after = fed(one, wire, piece)
    assert isinstance(command, Framed) and isinstance(command.parts[1], Spooled)
    assert bytes(command.parts[1]) == LARGE and command.parts[2] == b""
    assert after == Framed((b"b NOOP",))


def test_large_and_small_ones_side_by_side(tmp_path: Path) -> None:
    """RFC 3502."""
    wire = b"a APPEND INBOX" + part(SMALL) + part(LARGE) + part(SMALL) + part(LARGE[::-1]) + b"\r\n"
    (command,) = fed(framer(tmp_path), wire, 100_000)
    assert isinstance(command, Framed)
    assert [bytes(one) for one in command.parts[1::2]] == [SMALL, LARGE, SMALL, LARGE[::-1]]
    assert [isinstance(one, Spooled) for one in command.parts[1::2]] == [False, True, False, True]


def test_one_that_is_asked_for_is_announced_with_its_size(tmp_path: Path) -> None:
    one = framer(tmp_path)
    (asked,) = fed(one, b"a APPEND INBOX" + part(SMALL) + b" {%d}\r\n" % len(LARGE), 100)
    assert isinstance(asked, Continue)
    assert asked.message_bytes == len(SMALL) + len(LARGE) and asked.parts[0].startswith(b"a APPEND INBOX ")
    one.refuse()
    assert fed(one, b"b NOOP\r\n", 100) == [Framed((b"b NOOP",))], "nothing of the command is left"
    assert fed(one, b"c LOGIN {5}\r\n", 100) == [Continue()]


def test_what_is_broken_off_leaves_nothing_behind(tmp_path: Path) -> None:
    budget = Budget(10 * MIB)
    one = Framer(LIMITS, None, Spool(tmp_path, budget=budget))
    assert fed(one, b"a APPEND INBOX" + part(LARGE)[: 2 * MIB], 65_536) == []
    assert budget.free < 9 * MIB
    one.clear()
    assert budget.free == 10 * MIB and list(tmp_path.iterdir()) == []
    assert fed(one, b"b NOOP\r\n", 100) == [Framed((b"b NOOP",))]


@pytest.mark.parametrize("piece", [65_536, 10 * MIB])
def test_without_room_it_is_read_past_and_refused(tmp_path: Path, piece: int) -> None:
    one = framer(tmp_path, room=2 * MIB)
    refused, after = fed(one, b"a APPEND INBOX" + part(LARGE) + b"\r\nb NOOP\r\n", piece)
    assert isinstance(refused, Refused) and refused.is_busy and refused.tag == b"a"
    assert after == Framed((b"b NOOP",))


def test_a_disk_that_cannot_be_written_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    one = framer(tmp_path / "file")
    refused, after = fed(one, b"a APPEND INBOX" + part(LARGE) + b"\r\nb NOOP\r\n", 65_536)
    assert isinstance(refused, Refused) and refused.is_busy and after == Framed((b"b NOOP",))


def test_what_may_not_come_unasked_still_may_not(tmp_path: Path) -> None:
    """LITERAL- (RFC 7888 §5)."""
    limits = after_login(append_bytes=50 * MIB, has_literal_plus=False)
    one = framer(tmp_path, limits=limits)
    (refused,) = fed(one, b"a APPEND INBOX" + part(LARGE) + b"\r\n", 65_536)
    assert isinstance(refused, Refused) and refused.is_unasked
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_size(tmp_path: Path) -> None:
    """Twenty at once, each larger than what all of them may hold."""
    piece, count, size = 65_536, 20, 12 * MIB
    many = [framer(tmp_path, held=MIB) for _ in range(count)]
    chunk = bytes(piece)
    for one in many:
        assert fed(one, b"a APPEND INBOX {%d+}\r\n" % size, 100) == []
    tracemalloc.start()
    for _ in range(size // piece):
        for one in many:
            one.feed(chunk)
            assert one.next_command() is None
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < count * 3 * piece < size, (held, peak)
    for one in many:
        (command,) = fed(one, b"\r\n", 10)
        assert isinstance(command, Framed) and len(command.parts[1]) == size
