"""What a client may make us hold, and what it is told when it goes beyond."""

import pytest

from tests import make

KIB = 1024


@pytest.mark.rfc("9051 §4.3")
def test_a_stranger_with_a_large_literal_is_refused(connect):
    client = connect(is_stranger=True)
    assert client.run(b"LOGIN {100000}").tagged.startswith(b"NO [TOOBIG] ")
    client.ok(b"NOOP")


@pytest.mark.rfc("7888")
def test_a_stranger_who_just_sends_it_is_shown_out(connect):
    client = connect(is_stranger=True)
    client.send(b"a LOGIN {100000+}\r\n")
    lines = client.wait_closed()
    assert lines[0].startswith(b"a NO [TOOBIG] ") and lines[1].startswith(b"* BYE ")


def test_a_stranger_with_an_endless_line_is_shown_out(connect):
    client = connect(is_stranger=True)
    client.send(b"a LOGIN " + b"x" * 9 * KIB)
    assert any(line.startswith(b"* BYE ") for line in client.wait_closed())


def test_a_stranger_with_parentheses_without_end(connect):
    client = connect(is_stranger=True)
    assert client.run(b"SEARCH " + b"(" * 5000).tagged.startswith(b"BAD ")


def test_many_literals_are_the_end(connect):
    client = connect()
    client.send(b"a SEARCH" + b" TEXT {0+}\r\n" * 600)
    assert any(line.startswith(b"* BYE ") for line in client.wait_closed())


def test_deep_searches_are_refused(connect):
    client = connect()
    assert client.run(b"SEARCH " + b"NOT " * 1000 + b"SEEN").tagged.startswith(b"BAD ")
    client.ok(b"NOOP")


@pytest.mark.rfc("7889")
def test_a_message_beyond_the_limit_is_refused_before_it_comes(connect):
    client = connect()
    assert client.run(b"APPEND INBOX {2000000000}").tagged.startswith(b"NO [TOOBIG] ")
    client.ok(b"NOOP")


def test_uid_sets_of_tens_of_kilobytes_are_taken(connect):
    client = connect()
    numbers = b",".join(b"%d" % number for number in range(1, 12_000, 2))
    assert client.run(b"UID FETCH " + numbers + b" FLAGS").is_ok


def test_too_much_nonsense_is_the_end(connect):
    client = connect()
    for _ in range(19):
        assert client.run(b"FROB").tagged.startswith(b"BAD ")
    client.send(b"x FROB\r\n")
    assert client.wait_closed()[-1].startswith(b"* BYE ")


@pytest.mark.rfc("9051 §7.1")
@pytest.mark.parametrize("line", [b"", b"\x00", b"a", b"GET / HTTP/1.1", b"* OK", b"a LOGIN\rb"])
def test_nonsense_is_answered_bad(connect, line):
    client = connect(is_stranger=True)
    client.send(line + b"\r\n")
    assert b" BAD " in client.line()


def test_one_large_message_many_times_over_is_too_much(connect, cast):
    """Two hundred items may each name all of it."""
    size = 3_000_000
    client = connect()
    client.append(make.message(text="x" * 70 + "\r\n") + b"y" * size)
    client.ok(b"NOOP")
    pieces = b" ".join(b"BODY.PEEK[TEXT]<%d.%d>" % (at, size) for at in range(150))
    assert client.run(b"FETCH 1 (%b)" % pieces).tagged.startswith(b"NO [LIMIT] ")
    sizes = b" ".join(b"BINARY.PEEK[]<%d.%d>" % (at, size) for at in range(150))
    assert client.run(b"FETCH 1 (%b)" % sizes).tagged.startswith(b"NO [LIMIT] ")
    apart = b" ".join(b"BODY.PEEK[]<%d.%d>" % (at, size // 100) for at in range(0, size, size // 100))
    (line,) = client.ok(b"FETCH 1 (BODY.PEEK[] BODY.PEEK[HEADER] BODY.PEEK[TEXT] %b)" % apart).lines(b"FETCH")
    assert len(line) > 3 * size
