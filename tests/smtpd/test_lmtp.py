"""Mail that a server in front hands on by LMTP: by path and port, an answer for each recipient, Debian's Postfix."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.delivery.outside import inbox, set_quota, until
from tests.house import RunningHouse
from tests.peers.process import PeerUnavailable
from tests.programs import missing

MAIL = b"From: Ann <ann@elsewhere.test>\r\nSubject: By LMTP\r\n\r\nHello\r\n"


@contextmanager
def lmtp(house: RunningHouse, path: Path | None = None) -> Iterator[int]:
    from posthouse.config import serve
    from posthouse.smtpd.mx import Mx
    from posthouse.smtpd.server import SmtpServer
    from posthouse.smtpd.settings import Settings
    from posthouse.wire.budget import Budget
    from posthouse.wire.smtp.envelope import Service

    def make() -> SmtpServer:
        settings = Settings(service=Service.LMTP, hostname="mail.posthouse.test")
        return SmtpServer(settings, Mx(hostname=settings.hostname).lmtp_handler(), budget=Budget(10**8))

    sock = None if path is None else serve.bound_to_path(path)
    with house.one_more_door(make, sock=sock) as port:
        yield port


def handed(client: smtplib.LMTP, *to: str) -> list[tuple[int, bytes]]:
    """The refusals of recipients, then the answer for each that was taken; smtplib itself reads but one."""
    client.ehlo_or_helo_if_needed()
    client.mail("ann@elsewhere.test")
    refused = [reply for reply in (client.rcpt(address) for address in to) if reply[0] != 250]
    return refused + content(client, len(to) - len(refused))


def content(client: smtplib.LMTP, count: int) -> list[tuple[int, bytes]]:
    client.putcmd("data")
    assert client.getreply()[0] == 354
    client.send(MAIL + b".\r\n")
    return [client.getreply() for _ in range(count)]


def test_mail_comes_over_a_path(house: RunningHouse, cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "lmtp"
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(path))
    stale.close()
    with lmtp(house, path), smtplib.LMTP(str(path)) as client:
        assert path.stat().st_mode & 0o777 == 0o660
        assert [code for code, _ in handed(client, cast.alice.email, cast.bob.email)] == [250, 250]
    for person in (cast.alice, cast.bob):
        (received,) = inbox(person)
        assert received["Return-Path"] == "<ann@elsewhere.test>"
        assert " with LMTP" in received["Received"]
        assert received.get_content().strip() == "Hello"


def test_a_path_that_something_else_has_is_left_alone(tmp_path: Path) -> None:
    from posthouse.config import serve

    path = tmp_path / "lmtp"
    path.write_text("mine")
    with pytest.raises(OSError):
        serve.bound_to_path(path)
    assert path.read_text() == "mine"


def test_who_has_no_room_is_refused_alone_also_behind_the_content(house: RunningHouse, cast: Cast) -> None:
    with lmtp(house) as port, smtplib.LMTP("127.0.0.1", port) as client:
        client.ehlo_or_helo_if_needed()
        client.mail("ann@elsewhere.test")
        for person in (cast.alice, cast.bob, cast.mallory):
            assert client.rcpt(person.email)[0] == 250
        set_quota(cast.bob, 0)
        replies = content(client, 3)
    assert [code for code, _ in replies] == [250, 452, 250]
    assert replies[1][1].startswith(b"4.2.2 ")
    assert [len(inbox(person)) for person in (cast.alice, cast.bob, cast.mallory)] == [1, 0, 1]
    with lmtp(house) as port, smtplib.LMTP("127.0.0.1", port) as client:
        assert [code for code, _ in handed(client, cast.alice.email, "nobody@" + cast.domain)] == [550, 250]


@pytest.mark.conformance
def test_postfix_hands_on_by_lmtp(house: RunningHouse, cast: Cast) -> None:
    from tests.peers.postfix import postfix

    with ExitStack() as stack:
        port = stack.enter_context(lmtp(house))
        try:
            front = stack.enter_context(postfix(lmtp_port=port, domain=cast.domain))
        except PeerUnavailable as error:
            missing(error)
        with smtplib.SMTP("127.0.0.1", front.smtp_port) as client:
            refused = client.sendmail(
                "ann@elsewhere.test",
                [cast.alice.email, "nobody@" + cast.domain, cast.bob.email],
                MAIL,
            )
        assert refused == {}
        for person in (cast.alice, cast.bob):
            (received,) = until(lambda person=person: inbox(person))
            assert received.get_content().strip() == "Hello"
        until(lambda: "status=bounced" in front.log.read_text())
        assert "550 5.1.1 No such person here" in front.log.read_text()
