"""BINARYMIME (RFC 3030), REQUIRETLS (RFC 8689), FUTURERELEASE (RFC 4865): where they hold, and refused elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from posthouse.wire.smtp.envelope import Body, Service
from tests.wire.smtp.drive import HELLO, LATEST_HOLD, RCPT, Driven, open_session

ANY_BYTES = bytes(range(256)) + b"\r\n.\r\n\n.\n\r.\r" + b"MAIL FROM:<evil@client.test>\n"
BINARY = b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n" + ANY_BYTES


def given(parameters: bytes, service: Service = Service.MX, *, tls: bool = False) -> Driven:
    driven = open_session(service, tls=tls, plain_login=True).feed(HELLO)
    if service is Service.SUBMISSION:
        driven.feed(b"AUTH PLAIN AGFsaWNlAGNvcnJlY3QgaG9yc2U=\r\n")
    driven.said = b""
    return driven.feed(b"MAIL FROM:<alice@client.test> " + parameters + b"\r\n")


def offered(service: Service, *, tls: bool) -> list[bytes]:
    said = open_session(service, tls=tls).feed(HELLO).said
    return [line[4:] for line in said.split(b"\r\n")]


# BINARYMIME


def test_any_bytes_arrive_as_they_were_sent() -> None:
    driven = given(b"BODY=BINARYMIME").feed(RCPT)
    driven.feed(b"BDAT 40\r\n", BINARY[:40], b"BDAT %d LAST\r\n" % (len(BINARY) - 40), BINARY[40:])
    assert driven.codes() == [250] * 4
    ((envelope, content),) = driven.messages
    assert content == BINARY
    assert envelope.body is Body.BINARY


def test_without_it_the_same_bytes_are_refused() -> None:
    driven = given(b"BODY=8BITMIME").feed(RCPT, b"BDAT %d LAST\r\n" % len(BINARY) + BINARY)
    assert driven.codes() == [250, 250, 554]


def test_binary_content_does_not_come_by_data() -> None:
    driven = given(b"BODY=BINARYMIME").feed(RCPT, b"DATA\r\n", b"NOOP\r\n")
    assert driven.codes() == [250, 250, 503, 250]
    assert not driven.session.in_message


@pytest.mark.parametrize("junk", [b"X: a\nFrom: eve@a.test\r\n", b"X: a\rb\r\n", b"X: a\0\r\n"], ids=repr)
def test_a_header_is_lines_also_in_binary_content(junk: bytes) -> None:
    content = b"Subject: x\r\n" + junk + b"\r\nbody"
    driven = given(b"BODY=BINARYMIME").feed(RCPT, b"BDAT %d LAST\r\n" % len(content) + content)
    assert driven.codes() == [250, 250, 554]
    assert driven.messages == []


def test_binary_content_without_a_header_is_taken() -> None:
    driven = given(b"BODY=BINARYMIME").feed(RCPT, b"BDAT 5 LAST\r\n\r\n\n\0a")
    assert [content for _, content in driven.messages] == [b"\r\n\n\0a"]


# REQUIRETLS


@pytest.mark.parametrize("service", [Service.MX, Service.SUBMISSION])
def test_requiretls_is_offered_and_taken_under_tls_only(service: Service) -> None:
    assert b"REQUIRETLS" in offered(service, tls=True)
    assert b"REQUIRETLS" not in offered(service, tls=False)
    assert given(b"REQUIRETLS", service, tls=True).codes() == [250]
    refused = given(b"REQUIRETLS", service)
    assert refused.said.startswith(b"530 5.7.10 ")
    assert given(b"REQUIRETLS=1", service, tls=True).codes() == [501]


def test_the_demand_for_tls_goes_with_the_message() -> None:
    driven = given(b"REQUIRETLS", tls=True).feed(RCPT, b"DATA\r\n", b"Subject: x\r\n\r\n.\r\n")
    driven.feed(b"MAIL FROM:<alice@client.test>\r\n", RCPT, b"DATA\r\n", b"Subject: y\r\n\r\n.\r\n")
    assert [envelope.requires_tls for envelope, _ in driven.messages] == [True, False]


# FUTURERELEASE


def test_holding_is_offered_to_our_own_people_with_its_limits() -> None:
    assert b"FUTURERELEASE 31536000 2027-11-28T12:00:00Z" in offered(Service.SUBMISSION, tls=True)
    assert not any(line.startswith(b"FUTURERELEASE") for line in offered(Service.MX, tls=True))
    assert given(b"HOLDFOR=60").said.startswith(b"555 5.5.4 ")
    assert given(b"HOLDUNTIL=2027-01-01T00:00:00Z").codes() == [555]


@pytest.mark.parametrize(
    ("parameter", "hold"),
    [
        (b"HOLDFOR=0", 0),
        (b"HOLDFOR=31536000", 31536000),
        (b"HOLDUNTIL=2027-01-02T03:04:05Z", datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (b"holduntil=2027-01-02t05:04:05.5+02:00", datetime(2027, 1, 2, 3, 4, 5, 500000, tzinfo=UTC)),
        (b"HOLDUNTIL=2001-01-01T00:00:00Z", datetime(2001, 1, 1, tzinfo=UTC)),
        (b"SIZE=10", None),
    ],
)
def test_when_mail_may_go_is_read(parameter: bytes, hold: int | datetime | None) -> None:
    driven = given(parameter, Service.SUBMISSION).feed(RCPT, b"DATA\r\n", b"Subject: x\r\n\r\n.\r\n")
    assert [envelope.hold for envelope, _ in driven.messages] == [hold]


@pytest.mark.parametrize(
    "parameter",
    [
        b"HOLDFOR=31536001",
        b"HOLDFOR=9999999999",
        b"HOLDFOR=-1",
        b"HOLDFOR=x",
        b"HOLDFOR",
        b"HOLDUNTIL=2027-11-28T12:00:01Z",
        b"HOLDUNTIL=2027-01-01",
        b"HOLDUNTIL=2027-01-01T00:00:00",
        b"HOLDUNTIL=2027-13-01T00:00:00Z",
        b"HOLDUNTIL=2027-01-01T25:00:00Z",
        b"HOLDFOR=1 HOLDUNTIL=2027-01-01T00:00:00Z",
        b"HOLDFOR=1 HOLDFOR=2",
    ],
)
def test_a_time_that_cannot_be_read_or_is_too_far_is_refused(parameter: bytes) -> None:
    assert given(parameter, Service.SUBMISSION).said.startswith(b"501 5.5.4 ")


def test_the_last_moment_is_still_taken() -> None:
    moment = LATEST_HOLD.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    assert given(b"HOLDUNTIL=" + moment, Service.SUBMISSION).codes() == [250]
