"""The MX door in a process of its own: it is killed, its house is killed, and both are asked to close."""

from __future__ import annotations

import imaplib
import os
import re
import signal
import smtplib
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.api.client import Client
from tests.peers import Posthouse, posthouse
from tests.peers.sink import sink
from tests.smtpd.checking_door import published
from tests.wire.auth.test_dkim import by_hand

pytestmark = pytest.mark.conformance

WAIT_SECONDS = 20.0
NOTE_SECONDS = 0.4  # in which a door hears of what changed; a fifth of what it would find out by itself
ALICE = "alice@example.test"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Posthouse]:
    with posthouse(tmp_path, env={"POSTHOUSE_MX_PROCESSES": "1"}) as running:
        yield running


def door_of(server: Posthouse) -> psutil.Process:
    assert server.process
    (door,) = psutil.Process(server.process.pid).children()
    return door


def until(happened: Callable[[], object], *, what: str) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not happened():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def letter(subject: str) -> bytes:
    return f"From: w@elsewhere.test\r\nTo: {ALICE}\r\nSubject: {subject}\r\n\r\nHello\r\n".encode()


def deliver(server: Posthouse, subject: str, *, to: str = ALICE) -> None:
    with smtplib.SMTP("127.0.0.1", server.mx_port, timeout=WAIT_SECONDS) as client:
        client.sendmail("w@elsewhere.test", [to], letter(subject))


def imap_subjects(server: Posthouse, person: str) -> list[str]:
    with imaplib.IMAP4("127.0.0.1", server.imap_port, timeout=WAIT_SECONDS) as client:
        client.login(person, server.password)
        client.select("INBOX", readonly=True)
        _, answer = client.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
    text = b" ".join(item[1] for item in answer if isinstance(item, tuple)).decode()
    return re.findall(r"Subject: (\S.*?)\r", text)


def test_the_door_stands_in_a_process_of_its_own(server: Posthouse) -> None:
    door = door_of(server)
    deliver(server, "first")
    assert imap_subjects(server, ALICE) == ["first"]
    assert "smtp.message" in server.log.read_text()
    sockets = [c for c in door.net_connections() if c.status == psutil.CONN_LISTEN]
    assert [c.laddr.port for c in sockets] == [server.mx_port]


def test_a_door_that_dies_is_started_again_and_nobody_is_turned_away(server: Posthouse) -> None:
    deliver(server, "before")
    first = door_of(server)
    first.kill()
    deliver(server, "meanwhile")  # waits in the socket's queue
    assert imap_subjects(server, ALICE) == ["before", "meanwhile"]
    assert door_of(server).pid != first.pid
    assert "door.ended" in server.log.read_text()


def test_the_door_does_not_outlive_its_house(server: Posthouse) -> None:
    door = door_of(server)
    assert server.process
    os.kill(server.process.pid, signal.SIGKILL)
    until(lambda: not door.is_running() or door.status() == psutil.STATUS_ZOMBIE, what="the door lives on")
    server.process.kill9()
    server.start()
    deliver(server, "after")
    assert imap_subjects(server, ALICE) == ["after"]


def test_a_new_address_is_known_at_once(server: Posthouse) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        deliver(server, "too early", to="new@example.test")
    server.add_people(["new@example.test"])
    deliver(server, "in time", to="new@example.test")
    assert imap_subjects(server, "new@example.test") == ["in time"]


def test_a_rule_is_known_at_once_and_so_is_its_end(server: Posthouse) -> None:
    """The door keeps rules for two seconds; what changes in the house it hears of before that."""
    client = Client(f"http://127.0.0.1:{server.http_port}")
    log_in = {"email": ALICE, "password": server.password}
    token = client.ok(client.post("/auth/token/", log_in))["access"]
    client.headers["Authorization"] = f"Bearer {token}"
    deliver(server, "before")
    condition = {"field": "subject", "op": "contains", "value": "e"}
    body = {"name": "x", "conditions": [condition], "actions": [{"do": "trash"}]}
    rule = client.ok(client.post("/rules/", body), 201)["id"]
    time.sleep(NOTE_SECONDS)
    deliver(server, "meanwhile")
    assert imap_subjects(server, ALICE) == ["before"]
    client.ok(client.patch(f"/rules/{rule}/", {"is_enabled": False}))
    time.sleep(NOTE_SECONDS)
    deliver(server, "hereafter")
    assert imap_subjects(server, ALICE) == ["before", "hereafter"]


def test_the_door_knows_who_forwards_and_takes_their_bounces(tmp_path: Path) -> None:
    """Beside the house it gives a job along, and passes on what comes to a rewritten sender."""
    with sink() as world:
        world.keep_messages = True
        env = {"POSTHOUSE_MX_PROCESSES": "1", "POSTHOUSE_ROUTES": f"*=127.0.0.1:{world.port}"}
        with posthouse(tmp_path, env=env) as server:
            client = Client(f"http://127.0.0.1:{server.http_port}")
            who = {"email": ALICE, "password": server.password}
            client.headers["Authorization"] = (
                f"Bearer {client.ok(client.post('/auth/token/', who))['access']}"
            )
            asked = client.ok(client.post("/forwards/", {"address": "alice@away.test"}), 201)
            until(lambda: world.messages, what="no code comes")
            code = re.search(rb"\d{4}-\d{4}", world.messages[0])
            assert code is not None
            proof = {"flow": asked["flow"], "code": code[0].decode()}
            client.ok(client.post(f"/forwards/{asked['forward']['id']}/confirm/", proof))
            time.sleep(NOTE_SECONDS)
            deliver(server, "onwards")
            until(lambda: len(world.messages) == 2, what="it does not go on")
            trace, _, rest = world.messages[1].partition(b"\r\n")
            assert trace.startswith(b"Posthouse-Trace: ")
            assert rest.startswith(b"Delivered-To: alice@example.test\r\n")
            sender = world.senders[1]
            assert re.fullmatch(r"SRS0=[^>]+=elsewhere\.test=w@example\.test", sender)
            with smtplib.SMTP("127.0.0.1", server.mx_port, timeout=WAIT_SECONDS) as smtp:
                smtp.sendmail("", [sender, ALICE], letter("undelivered"))
                with pytest.raises(smtplib.SMTPDataError):
                    smtp.sendmail("w@elsewhere.test", [sender], letter("no bounce"))
                smtp.mail("")
                assert smtp.rcpt(sender.replace("=w@", "=x@"))[0] == 550
            until(lambda: "undelivered" in imap_subjects(server, ALICE), what="the copy here is lost")
            until(lambda: world.seen[("", "w@elsewhere.test")], what="the bounce is not passed on")


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_whole_group_ends_both_in_order(server: Posthouse, name: signal.Signals) -> None:
    """As a terminal's Ctrl-C or systemd gives it: the message under way is still answered."""
    assert server.process
    door = door_of(server)
    client = smtplib.SMTP("127.0.0.1", server.mx_port, timeout=WAIT_SECONDS)
    client.ehlo()
    client.mail("w@elsewhere.test")
    client.rcpt(ALICE)
    assert client.docmd("DATA")[0] == 354
    os.killpg(os.getpgid(server.process.pid), name)
    time.sleep(0.3)
    client.send(letter("last") + b".\r\n")
    assert client.getreply()[0] == 250
    until(lambda: not server.process.is_running, what="the house does not end")  # type: ignore[union-attr]
    assert server.process.stop() == 0
    with suppress(psutil.NoSuchProcess):
        door.wait(WAIT_SECONDS)
    server.start()
    assert imap_subjects(server, ALICE) == ["last"]


def test_without_a_process_of_its_own_the_house_answers(tmp_path: Path) -> None:
    with posthouse(tmp_path, env={"POSTHOUSE_MX_PROCESSES": "0"}) as server:
        assert server.process
        assert psutil.Process(server.process.pid).children() == []
        deliver(server, "here")
        assert imap_subjects(server, ALICE) == ["here"]


@pytest.mark.parametrize("processes", ["0", "1"])
def test_senders_are_checked_where_the_door_stands(tmp_path: Path, processes: str) -> None:
    """By the settings alone, with a resolver of the test's: genuine mail comes in, a forged sender is refused."""
    with published() as dns:
        env = {
            "POSTHOUSE_MX_PROCESSES": processes,
            "POSTHOUSE_DNS": "{}:{}".format(*dns.address),
            "POSTHOUSE_TRUSTED_PEERS": "none",
            "POSTHOUSE_DMARC": "enforce",
        }
        with posthouse(tmp_path, env=env) as server:
            for sender, subject in (("ann@bank.example", "genuine"), ("eve@evil.example", "forged")):
                content = by_hand(letter(subject).replace(b"w@elsewhere.test", b"ann@bank.example"))
                if subject == "forged":
                    content = content.replace(b"Hello", b"Send money")
                with smtplib.SMTP("127.0.0.1", server.mx_port, timeout=WAIT_SECONDS) as client:
                    client.ehlo()
                    client.mail(sender)
                    client.rcpt(ALICE)
                    code, text = client.data(content)
                assert (code, text[:6]) == ((250, b"2.0.0 ") if subject == "genuine" else (550, b"5.7.26"))
            assert imap_subjects(server, ALICE) == ["genuine"]
