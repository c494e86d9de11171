"""Received and Return-Path."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes
from email.utils import parsedate_to_datetime

import pytest

from posthouse.wire.smtp.address import Mailbox
from posthouse.wire.smtp.authorship import missing_headers
from posthouse.wire.smtp.envelope import Envelope, Login, Peer, Recipient, Service, Tls
from posthouse.wire.smtp.reply import Reply
from posthouse.wire.smtp.trace import count_received, format_date, received_header, return_path_header

AT = datetime(2026, 11, 21, 7, 20, 5, tzinfo=UTC)
PEER = Peer(ip="192.0.2.1", port=1, service=Service.MX, helo="client.test", is_esmtp=True)
BOB = Recipient(Mailbox("bob", "example.test"))
ENVELOPE = Envelope(mail_from=Mailbox("alice", "client.test"), recipients=(BOB,))


def received(peer: Peer, envelope: Envelope = ENVELOPE) -> str:
    raw = received_header(peer, envelope, hostname="mx.example.test", id="42", at=AT)
    assert raw.endswith(b"\r\n")
    message = message_from_bytes(raw + b"\r\nbody")
    assert message.keys() == ["Received"]
    assert message.get_payload() == "body"
    return " ".join(str(message["Received"]).split())


def test_received_says_who_by_whom_how_and_when() -> None:
    assert received(replace(PEER, tls=Tls("TLSv1.3", "TLS_AES"))) == (
        "from client.test ([192.0.2.1]) by mx.example.test with ESMTPS (TLSv1.3 TLS_AES)"
        " id 42 for <bob@example.test>; Sat, 21 Nov 2026 07:20:05 +0000"
    )


def test_received_hides_recipients_from_each_other_and_where_a_user_sits() -> None:
    two = replace(ENVELOPE, recipients=(BOB, Recipient(Mailbox("carol", "example.test"))))
    assert "for" not in received(PEER, two)
    submitted = received(replace(PEER, login=Login("alice")))
    assert submitted.startswith("by mx.example.test with ESMTPA id 42")
    assert "192.0.2.1" not in submitted


@pytest.mark.parametrize(
    "helo", ["a;b", "(evil", "x)\\", "a\u00a0b", '"q"', "[1.2.3.4", "[1.2.3.44", "\u202e", "a@b", "-"]
)
def test_a_strange_helo_stays_in_its_comment(helo: str) -> None:
    line = received(replace(PEER, helo=helo))
    assert line.startswith("from [192.0.2.1] (helo ")
    assert line.count("(") == line.count(")") == 1


def test_ipv6_peers_are_literals() -> None:
    assert "([IPv6:2001:db8::1])" in received(replace(PEER, ip="2001:db8::1"))


def test_a_peer_without_an_address_came_over_a_socket_of_this_machine() -> None:
    assert received(replace(PEER, ip="")).startswith("from client.test (localhost [127.0.0.1]) by ")
    assert received(replace(PEER, ip="", helo="x)\r\nFrom: eve@a.test")).startswith(
        "from x???From:?eve?a.test (localhost"
    )


def test_return_path() -> None:
    assert return_path_header(ENVELOPE) == b"Return-Path: <alice@client.test>\r\n"
    assert return_path_header(replace(ENVELOPE, mail_from=None)) == b"Return-Path: <>\r\n"


def test_only_headers_count_as_hops() -> None:
    assert (
        count_received(b"Received: a\r\nRECEIVED: b\r\nX: received: c\r\n received: d\r\n\r\nReceived: e\r\n")
        == 2
    )
    assert count_received(b"") == 0


def test_only_what_an_author_forgot_is_added() -> None:
    given = {"sender": Mailbox("alice", "client.test"), "hostname": "mx.example.test", "id": "42", "at": AT}
    assert missing_headers(b"X: y\r\n\r\nDate: in the body\r\n", **given) == (
        b"From: <alice@client.test>\r\nDate: Sat, 21 Nov 2026 07:20:05 +0000\r\nMessage-ID: <42@mx.example.test>\r\n"
    )
    assert missing_headers(b"", **given).count(b"\r\n") == 3
    whole = b"MESSAGE-ID : <1@x>\r\ndate:\r\n x\r\nFrom: a@b\r\n\r\n"
    assert missing_headers(whole, **given) == b""


@pytest.mark.parametrize("hours", [-9.5, 0, 5.75])
def test_dates_read_back(hours: float) -> None:
    at = AT.astimezone(timezone(timedelta(hours=hours)))
    assert parsedate_to_datetime(format_date(at)) == at


def test_a_date_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        format_date(AT.replace(tzinfo=None))


def test_a_reply_cannot_be_forged_by_its_text() -> None:
    wire = Reply(550, "5.1.1", "no\r\n250 2.0.0 yes\u2028" + "x" * 1000).encode()
    assert wire.count(b"\r\n") == 1
    assert len(wire) <= 512
