"""Command lines that are nearly right, through the framer and parser, and through the socket. Bounded and seeded."""

from __future__ import annotations

import random
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.wire.imap.errors import BadCharset, Malformed
from posthouse.wire.imap.framing import Continue, Framed, Framer, Refused
from posthouse.wire.imap.limits import BEFORE_LOGIN, after_login
from posthouse.wire.imap.parser import parse
from tests import make
from tests.imapd.client import Client

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse

SEED = 20_261_127
ROUNDS = 4_000
LIMITS = after_login(append_bytes=1_000_000)
HELD_BYTES = 2_000_000
"""The limits of framing after log-in, the packet fed, and what the parser makes of it."""
LINES = [
    b'a LOGIN alice@x.test "pass word"',
    b"a LOGIN {5+}\r\nalice {4+}\r\nword",
    b"a AUTHENTICATE SCRAM-SHA-256 biwsbj11c2VyLHI9YWJj",
    b'a ID ("name" "Thunderbird" "version" NIL)',
    b"a ENABLE CONDSTORE",
    b'a LIST (SUBSCRIBED) "" ("*" "%") RETURN (STATUS (MESSAGES UIDNEXT))',
    b'a LSUB "" "*"',
    b'a SELECT "B&APw-ro" (CONDSTORE)',
    b"a STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY UNSEEN HIGHESTMODSEQ)",
    b'a APPEND INBOX (\\Seen work) "21-Nov-2026 08:00:00 +0100" {5+}\r\nhello',
    b'a UID SEARCH RETURN (MIN MAX ALL) CHARSET UTF-8 OR (SEEN NOT FROM "x") SINCE 1-Jan-2026 LARGER 5',
    b"a SEARCH UID 1:*,5,9:3 KEYWORD $label1 HEADER Subject {3+}\r\nabc MODSEQ 5",
    b"a FETCH 1:* (FLAGS ENVELOPE BODY.PEEK[1.2.HEADER.FIELDS (From To)]<0.100> BINARY.SIZE[1]) (CHANGEDSINCE 0)",
    b"a FETCH 1 FAST",
    b"a UID STORE 1:2 (UNCHANGEDSINCE 3) -FLAGS.SILENT (\\Deleted $x)",
    b'a UID COPY $ "Archive/2026"',
    b"a UID MOVE 1,3:5 Trash",
    b"a UID EXPUNGE 1:9",
    b"a NOOP",
]
PIECES = [
    b"\r\n", b"\0", b"\xff", b"{", b"{9+}\r\n", b"{999999999999}", b"}", b'"', b"\\", b"(", b")", b"[", b"]", b"<",
    b">", b"NIL", b"*", b":", b",", b"$", b"4294967296", b"~{3}", b" ", b"  ", b"NOT ", b"&", b"&-", b"%" * 40,
    b"(" * 40,
]  # fmt: skip


def mutated(random_: random.Random, line: bytes) -> bytes:
    """One to four cuts, repeats, swaps, strange bytes or pieces of another command."""
    for _ in range(random_.randint(1, 4)):
        at, end = sorted(random_.randint(0, len(line)) for _ in range(2))
        match random_.randint(0, 5):
            case 0:
                line = line[:at] + line[end:]
            case 1:
                line = line[:end] + line[at:end] * random_.randint(1, 30) + line[end:]
            case 2:
                line = line[:at] + random_.choice(PIECES) + line[at:]
            case 3:
                line = line[:at] + random_.choice(LINES)[random_.randint(0, 9) :] + line[end:]
            case 4:
                line = line[:at] + random_.randbytes(random_.randint(1, 8)) + line[at:]
            case _:
                line = line[:at] + line[at:end].swapcase() + line[end:]
    return line[:20_000]


def read_all(data: bytes, *, is_stranger: bool, cuts: int = 0) -> int:
    """Everything the framer and the parser make of some bytes; how many events. Raises nothing but what they say."""
    framer = Framer(BEFORE_LOGIN if is_stranger else LIMITS, None)
    events = 0
    for at in range(0, len(data), cuts or max(len(data), 1)):
        framer.feed(data[at : at + (cuts or len(data))])
        while (event := framer.next_command()) is not None:
            events += 1
            assert events <= len(data) + 10, "the framer does not come to an end"
            assert isinstance(event, Framed | Continue | Refused)
            if isinstance(event, Refused) and event.is_fatal:
                return events
            if isinstance(event, Framed):
                try:
                    parse(event)
                except (Malformed, BadCharset):
                    pass
    return events


@pytest.mark.parametrize("is_stranger", [True, False])
def test_mutations_neither_break_nor_fill_the_parser(is_stranger: bool) -> None:
    random_ = random.Random(SEED)
    lines = [mutated(random_, random_.choice(LINES)) + b"\r\n" for _ in range(ROUNDS)]
    read_all(lines[0], is_stranger=is_stranger)
    tracemalloc.start()
    try:
        for line in lines:
            tracemalloc.reset_peak()
            before, _ = tracemalloc.get_traced_memory()
            read_all(line, is_stranger=is_stranger)
            _, peak = tracemalloc.get_traced_memory()
            assert peak - before < HELD_BYTES, line[:200]
    finally:
        tracemalloc.stop()


def test_how_mutations_are_cut_into_packets_changes_nothing() -> None:
    random_ = random.Random(SEED + 1)
    for _ in range(300):
        data = mutated(random_, random_.choice(LINES))[:600] + b"\r\n"
        assert read_all(data, is_stranger=False) == read_all(data, is_stranger=False, cuts=1), data


@settings(max_examples=300)
@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_break_the_parser(data: bytes, is_stranger: bool) -> None:
    read_all(b"a " + data + b"\r\n", is_stranger=is_stranger)


@pytest.mark.parametrize(
    "line",
    [
        b"a SEARCH " + b"NOT " * 20_000 + b"ALL",
        b"a SEARCH " + b"(" * 50_000,
        b"a SEARCH " + b"OR " * 20_000 + b"ALL ALL",
        b"a FETCH " + b"1," * 60_000 + b"1 FLAGS",
        b"a FETCH 1 BODY[" + b"1." * 50_000 + b"1]",
        b'a LIST "" ' + b"*%" * 50_000,
        b"a STORE 1 FLAGS (" + b"a " * 60_000 + b"b)",
        b'a LOGIN "' + b"\\\\" * 60_000 + b'" x',
        b"a SEARCH UID 1:" + b"9" * 100_000,
    ],
    ids=lambda line: line[:18].decode(),
)
def test_long_commands_of_one_kind_are_bounded(line: bytes) -> None:
    """No depth of recursion, and work that grows with the line, not with its square."""
    read_all(line + b"\r\n", is_stranger=False)


def test_mutations_through_the_socket(house: RunningHouse, cast: Cast) -> None:
    """Whatever comes: an answer or a BYE, never an incident; and the next client is served."""
    for _ in range(3):
        make.email(cast.alice)
    random_ = random.Random(SEED + 2)
    for _ in range(40):
        client = Client(house.ports["imap"])
        client.log_in(cast.alice.email, cast.alice.password)
        client.ok(b"SELECT INBOX")
        lines = [mutated(random_, random_.choice(LINES[2:])) for _ in range(8)]
        client.send(b"".join(line + b"\r\n" for line in lines) + b"\r\n" * 3 + b"zz LOGOUT\r\n")
        client.end_sending()
        said = client.wait_closed()
        assert not any(b"SERVERBUG" in line for line in said), (lines, said)
        client.close()
    client = Client(house.ports["imap"])
    client.log_in(cast.alice.email, cast.alice.password)
    assert client.ok(b"SELECT INBOX").lines(b" EXISTS")
    client.close()
