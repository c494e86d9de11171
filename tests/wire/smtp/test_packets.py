"""How bytes are cut into packets changes nothing, and no bytes break the session."""

from __future__ import annotations

import base64
import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.wire.smtp.envelope import Service
from tests.wire.smtp.drive import HELLO, MAIL, PASSWORD, RCPT, TRANSACTION, Driven, open_session

LOGIN = b"AUTH PLAIN " + base64.b64encode(f"\0alice\0{PASSWORD}".encode()) + b"\r\n"
FRAGMENTS = [
    HELLO,
    b"HELO client.test\r\n",
    MAIL,
    RCPT,
    b"RCPT TO:<x@elsewhere.test>\r\n",
    b"DATA\r\n",
    TRANSACTION,
    b"Subject: x\r\n\r\nhello\r\n",
    b"..stuffed\r\n",
    b".\r\n",
    b"\r\n.\r\n",
    b"\n.\r\n",
    b"\r.\r",
    b".\r\r\n",
    b"BDAT 5\r\nabc\r\n",
    b"BDAT 7 LAST\r\nabcde\r\n",
    b"BDAT 0 LAST\r\n",
    b"BDAT 300\r\n",
    b"x" * 150,
    b"x" * 150 + b"\r\n",
    b"RSET\r\n",
    b"NOOP\r\n",
    b"QUIT\r\n",
    b"STARTTLS\r\n",
    LOGIN,
    b"AUTH LOGIN\r\n",
    b"YWxpY2U=\r\n",
    b"*\r\n",
    b"GET / HTTP/1.0\r\n",
    b"BOGUS\r\n",
    b"\0\r\n",
    b"\x16\x03\x01",
    b"\xff\xfe\r\n",
]
STREAMS = st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=12), max_size=30).map(b"".join)


def _fresh(service: Service) -> Driven:
    return open_session(service, plain_login=True, message_bytes=200, command_line_bytes=120, bad_commands=6)


def _outcome(driven: Driven) -> tuple[object, ...]:
    return driven.said, driven.messages, driven.logins, driven.is_closed, driven.wants_tls


@settings(max_examples=250, deadline=None)
@given(stream=STREAMS, cuts=st.lists(st.integers(1, 400), max_size=12), service=st.sampled_from(Service))
def test_whole_byte_by_byte_and_in_any_pieces_is_the_same(
    stream: bytes, cuts: list[int], service: Service
) -> None:
    stream = HELLO + (LOGIN if service is Service.SUBMISSION else b"") + stream
    whole = _outcome(_fresh(service).feed(stream))
    single = _outcome(_fresh(service).feed(*[stream[i : i + 1] for i in range(len(stream))]))
    edges = [0, *sorted({cut % len(stream) for cut in cuts}), len(stream)]
    pieces = _outcome(_fresh(service).feed(*[stream[a:b] for a, b in itertools.pairwise(edges)]))
    assert whole == single == pieces


@settings(max_examples=150, deadline=None)
@given(
    content=st.binary(max_size=600).map(
        lambda raw: raw.replace(b"\0", b"").replace(b"\r", b"").replace(b"\n", b"\r\n")
    )
)
def test_what_a_client_stuffs_comes_out_as_it_was(content: bytes) -> None:
    content += b"\r\n"
    stuffed = content.replace(b"\r\n.", b"\r\n..")
    stuffed = b"." + stuffed if stuffed.startswith(b".") else stuffed
    driven = open_session().feed(HELLO + TRANSACTION, stuffed + b".\r\n")
    assert [kept for _, kept in driven.messages] == [content]


@settings(max_examples=150, deadline=None)
@given(
    content=st.lists(st.sampled_from([b"a", b"\r\n", b"\r", b"\n", b".", b"\0", b"\r\n."]), max_size=40).map(
        b"".join
    )
)
def test_nothing_kept_could_be_cut_in_two_further_on(content: bytes) -> None:
    driven = open_session().feed(HELLO + TRANSACTION, content + b"\r\n.\r\n")
    for _, kept in driven.messages:
        assert kept.count(b"\r") == kept.count(b"\n") == kept.count(b"\r\n")
        assert b"\0" not in kept


@settings(max_examples=200, deadline=None)
@given(junk=st.binary(max_size=400))
def test_no_bytes_break_a_session(junk: bytes) -> None:
    for driven in (
        open_session(),
        open_session().feed(HELLO + MAIL),
        open_session().feed(HELLO + TRANSACTION),
    ):
        driven.feed(junk)
        assert all(200 <= code < 600 for code in driven.codes())
