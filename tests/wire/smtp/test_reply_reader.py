"""Replies of other servers, however they are cut into packets."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthouse.wire.smtp.reply_reader import MAX_LINE_BYTES, MAX_REPLY_BYTES, BadReply, ReplyReader

STREAM = (
    b"220 mx.test ESMTP\r\n250-mx.test\r\n250-SIZE 10\r\n250 HELP\r\n354\r\n550-5.1.1 no\n550 5.1.1 \xff\n"
)
REPLIES = [
    (220, "mx.test ESMTP"),
    (250, "mx.test\nSIZE 10\nHELP"),
    (354, ""),
    (550, "5.1.1 no\n5.1.1 \udcff"),
]


def read(*pieces: bytes) -> list[tuple[int, str]]:
    reader = ReplyReader()
    return [tuple(reply) for piece in pieces for reply in reader.feed(piece)]  # type: ignore[misc]


def test_all_at_once_and_byte_by_byte() -> None:
    assert read(STREAM) == REPLIES
    assert read(*(STREAM[at : at + 1] for at in range(len(STREAM)))) == REPLIES


@given(st.lists(st.integers(0, len(STREAM)), max_size=6))
def test_cut_anywhere(cuts: list[int]) -> None:
    ends = sorted({0, *cuts, len(STREAM)})
    assert read(*(STREAM[a:b] for a, b in pairwise(ends))) == REPLIES


@pytest.mark.parametrize(
    "nonsense",
    [
        b"hello\r\n",
        b"25\r\n",
        b"2500 ok\r\n",
        b"+OK POP3\r\n",
        b"\r\n",
        "²50 ok\r\n".encode(),
        b"250 " + b"x" * MAX_LINE_BYTES + b"\r\n",
        b"250 " + b"x" * (MAX_LINE_BYTES + 1),
        b"250-" + b"more\r\n250-" * (MAX_REPLY_BYTES // 9),
    ],
)
def test_what_is_no_reply_spoils_none_that_came_before(nonsense: bytes) -> None:
    reader, found = ReplyReader(), []
    with pytest.raises(BadReply):
        found += [reply.code for reply in reader.feed(b"250 ok\r\n")]
        for reply in reader.feed(b"251 ok\r\n" + nonsense):
            found.append(reply.code)
    assert found == [250, 251]
