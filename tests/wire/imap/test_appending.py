"""APPEND with several messages, REPLACE, and which literal is a message (RFC 3502, 8508, 6855, 3516)."""

from __future__ import annotations

import pytest

from posthouse.wire.imap import commands as cmd
from posthouse.wire.imap.errors import Malformed
from posthouse.wire.imap.framing import Framed, Refused
from posthouse.wire.imap.parser import parse
from posthouse.wire.imap.sequence import STAR, SequenceSet
from tests.wire.imap.feeding import LIMITS, events, framed


def command(line: bytes) -> cmd.Command:
    return parse(framed(b"a " + line + b"\r\n")).command


@pytest.mark.rfc("3502")
def test_several_messages() -> None:
    assert command(
        b'APPEND b (\\Seen) {1+}\r\nx " 7-Feb-2026 10:00:00 +0130" {1+}\r\ny ~{2+}\r\n\0z'
    ) == cmd.Append(
        mailbox="b",
        messages=(
            cmd.NewMessage(flags=("\\Seen",), message=b"x"),
            cmd.NewMessage(received_at_ms=1770453000000, message=b"y"),
            cmd.NewMessage(message=b"\0z"),
        ),
    )
    assert command(b"APPEND b {1+}\r\nx  ") == cmd.Append(
        mailbox="b", messages=(cmd.NewMessage(message=b"x"),)
    )


@pytest.mark.rfc("6855")
def test_utf8_messages() -> None:
    assert command(b"APPEND b (\\Draft) utf8 (~{1+}\r\nx) UTF8 (~{1+}\r\ny)") == cmd.Append(
        mailbox="b",
        messages=(
            cmd.NewMessage(flags=("\\Draft",), message=b"x", is_utf8=True),
            cmd.NewMessage(message=b"y", is_utf8=True),
        ),
    )


@pytest.mark.rfc("8508")
def test_replace() -> None:
    assert command(b"REPLACE 3 b (\\Draft) {1+}\r\nx") == cmd.Replace(
        number=SequenceSet(((3, 3),)),
        mailbox="b",
        message=cmd.NewMessage(flags=("\\Draft",), message=b"x"),
        is_uid=False,
    )
    found = command(b"UID REPLACE * {1+}\r\nb {1+}\r\nx")
    assert isinstance(found, cmd.Replace) and found.is_uid
    assert found.number.ranges == ((STAR, STAR),) and found.mailbox == "b"


@pytest.mark.parametrize(
    "line",
    [
        b"APPEND b", b"APPEND b {1+}\r\nx y", b"APPEND b UTF8 ({1+}\r\nx)", b"APPEND b UTF8 (~{1+}\r\nx",
        b"APPEND b UTF9 (~{1+}\r\nx)", b"APPEND b {1+}\r\nx (\\Seen)", b"REPLACE 1:2 b {1+}\r\nx",
        b"REPLACE 1,2 b {1+}\r\nx", b"REPLACE $ b {1+}\r\nx", b"REPLACE 1 b {1+}\r\nx {1+}\r\ny",
        b"REPLACE b {1+}\r\nx",
    ],
)  # fmt: skip
def test_what_is_not_understood(line: bytes) -> None:
    with pytest.raises(Malformed):
        command(line)


@pytest.mark.parametrize("head", [b"APPEND", b"REPLACE 3", b"UID REPLACE *", b"append "])
def test_only_a_message_may_be_large(head: bytes) -> None:
    """A literal in the place of the mailbox's name is small like all others."""
    size = LIMITS.literal_bytes + 1
    assert isinstance(events(b"a %b {%d}\r\n" % (head, size))[0], Refused)
    whole = events(b"a %b b {%d+}\r\n" % (head, size) + b"x" * size + b"\r\n")
    assert isinstance(whole[0], Framed)


def test_messages_of_one_command_share_the_limit() -> None:
    half = LIMITS.append_bytes // 2 + 1
    line = b"a APPEND b {%d+}\r\n" % half + b"x" * half + b" {%d}\r\n" % half
    found = events(line)
    assert isinstance(found[-1], Refused) and found[-1].is_too_big
