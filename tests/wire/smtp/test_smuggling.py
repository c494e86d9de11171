"""One message sent is one message seen, whatever line ends an attacker invents (SMTP smuggling, 2023)."""

from __future__ import annotations

import itertools

import pytest

from tests.wire.smtp.drive import HELLO, MAIL, RCPT, in_data, open_session

INNER = b"MAIL FROM:<evil@client.test>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\nsmuggled"
LINE_ENDS = (b"\n", b"\r", b"\r\n", b"\0\r\n", b"\r\0\n", b"\0", b"\r\r\n", b"\n\r", b"\x85", b"\xe2\x80\xa8")
FAKE_ENDS = [
    before + b"." + after
    for before, after in itertools.product(LINE_ENDS, LINE_ENDS)
    if (before[-2:], after[:2]) != (b"\r\n", b"\r\n")
]
HARMLESS = {b"\x85", b"\xe2\x80\xa8", b"\r\n"}


def _is_clean(fake: bytes) -> bool:
    before, _, after = fake.partition(b".")
    return before in HARMLESS and after in HARMLESS


@pytest.mark.parametrize("fake", FAKE_ENDS, ids=repr)
def test_only_crlf_dot_crlf_ends_data(fake: bytes) -> None:
    driven = in_data().feed(b"Subject: one\r\n\r\nfirst" + fake + INNER + b"\r\n.\r\n")
    if _is_clean(fake):
        assert driven.codes() == [250]
        assert len(driven.messages) == 1
    else:
        assert driven.said.startswith(b"554 5.6.0 ")
        assert driven.codes() == [554]
        assert driven.messages == []


@pytest.mark.parametrize("fake", [*FAKE_ENDS, b"\r\n.\r\n"], ids=repr)
def test_nothing_within_a_bdat_chunk_ends_it(fake: bytes) -> None:
    content = b"Subject: one\r\n\r\nfirst" + fake + INNER + b"\r\n"
    driven = open_session().feed(HELLO, MAIL + RCPT)
    driven.said = b""
    driven.feed(b"BDAT %d LAST\r\n" % len(content) + content)
    if _is_clean(fake) or fake == b"\r\n.\r\n":
        assert driven.codes() == [250]
        assert [kept for _, kept in driven.messages] == [content]
    else:
        assert driven.codes() == [554]
        assert driven.messages == []


def test_a_bare_byte_split_over_two_chunks_is_seen_and_a_pair_split_over_two_is_whole() -> None:
    good = open_session().feed(HELLO + MAIL + RCPT, b"BDAT 2\r\na\r", b"BDAT 2 LAST\r\n\nb")
    assert [content for _, content in good.messages] == [b"a\r\nb"]
    bad = open_session().feed(HELLO + MAIL + RCPT, b"BDAT 2\r\na\r", b"BDAT 1 LAST\r\nb")
    assert bad.messages == []
    assert bad.codes()[-1] == 554


@pytest.mark.parametrize("junk", [b"\n", b"\r", b"\0", b"x\n", b"\rx", b"x\0y"], ids=repr)
def test_a_message_with_a_bare_byte_is_refused_once_and_the_session_goes_on(junk: bytes) -> None:
    driven = in_data().feed(b"Subject: x\r\n\r\n" + junk + b"\r\n.\r\n" + b"NOOP\r\n" + MAIL)
    assert driven.codes() == [554, 250, 250]
    assert driven.messages == []


def test_cr_before_the_true_end_ends_data_and_is_refused() -> None:
    driven = in_data().feed(b"a\r\r\n.\r\n" + b"NOOP\r\n")
    assert driven.codes() == [554, 250]


def test_a_refused_bdat_is_swallowed_and_never_run() -> None:
    commands = b"MAIL FROM:<evil@client.test>\r\nRCPT TO:<bob@example.test>\r\n"
    driven = open_session().feed(HELLO)
    driven.said = b""
    driven.feed(b"BDAT %d LAST\r\n" % len(commands) + commands + b"NOOP\r\n")
    assert driven.codes() == [503, 250]


def test_chunks_after_a_refused_one_are_refused_and_swallowed() -> None:
    driven = open_session(message_bytes=10).feed(HELLO + MAIL + RCPT)
    driven.said = b""
    driven.feed(b"BDAT 20\r\n" + b"x" * 20 + b"BDAT 6 LAST\r\nNOOP\r\n" + b"NOOP\r\n")
    assert driven.codes() == [552, 503, 250]
    assert driven.messages == []


@pytest.mark.parametrize(
    "size", [b"", b" ", b" -1", b" 1x", b" +5", b" 5 LATER", b" 5 LAST x", b" " + b"9" * 21]
)
def test_a_bdat_that_cannot_be_read_ends_the_connection(size: bytes) -> None:
    driven = open_session().feed(HELLO + MAIL + RCPT)
    driven.said = b""
    driven.feed(b"BDAT" + size + b"\r\nMAIL FROM:<evil@client.test>\r\n")
    assert driven.codes() == [501]
    assert driven.is_closed


def test_data_and_bdat_do_not_mix_and_no_command_comes_between_chunks() -> None:
    driven = open_session().feed(HELLO + MAIL + RCPT + b"BDAT 1\r\na")
    driven.said = b""
    driven.feed(b"DATA\r\n", RCPT, MAIL, b"NOOP\r\n", b"BDAT 0 LAST\r\n")
    assert driven.codes() == [503, 503, 503, 250, 250]
    assert [content for _, content in driven.messages] == [b"a"]


def test_commands_behind_starttls_are_dropped_and_the_state_is_reset() -> None:
    driven = open_session().feed(HELLO)
    driven.said = b""
    driven.feed(b"STARTTLS\r\n" + MAIL, RCPT)
    assert driven.codes() == [220]
    assert driven.wants_tls
    driven.secure().feed(MAIL)
    assert driven.codes() == [220, 503]
    assert driven.session.peer.helo == ""


def test_a_transaction_begun_in_clear_is_forgotten_with_tls() -> None:
    driven = open_session().feed(HELLO, MAIL, RCPT, b"STARTTLS\r\n").secure()
    driven.said = b""
    driven.feed(HELLO, b"DATA\r\n")
    assert driven.codes() == [250, 503]


def test_half_a_command_before_tls_is_not_finished_after_it() -> None:
    driven = open_session().feed(HELLO, b"STARTTLS\r\nEHLO evil").secure()
    driven.said = b""
    driven.feed(b".test\r\n")
    assert driven.codes() == [500]
