"""What waiting costs, and how long one may: idle connections, strangers, the end of the server."""

from __future__ import annotations

import asyncio

import pytest

from tests import make
from tests.imapd.client import Client

IDLE = 100


def test_idle_connections_cost_no_task_and_hear_everything(connect, house, cast):
    clients = [connect() for _ in range(IDLE)]
    before = house.call(_tasks())
    for client in clients:
        client.idle()
    assert any(house.call(_tasks()) <= before for _ in range(200))
    make.email(cast.alice)
    assert {client.line() for client in clients} == {b"* 1 EXISTS"}


async def _tasks() -> int:
    await asyncio.sleep(0.01)
    return len(asyncio.all_tasks())


@pytest.mark.rfc("9051 §5.4")
def test_a_stranger_has_only_so_long_however_often_he_speaks(door):
    _, port = door(stranger_seconds=0.3)
    client = Client(port)
    lines = []
    for _ in range(100):
        try:
            client.send(b"a NOOP\r\n")
        except OSError:
            break
        if not (line := client.line()):
            break
        lines.append(line)
        if line.startswith(b"* BYE "):
            break
    assert any(line.startswith(b"* BYE ") for line in lines + client.wait_closed())


@pytest.mark.rfc("9051 §5.4")
def test_silence_ends_with_words(door, cast):
    _, port = door(idle_seconds=0.2)
    client = Client(port)
    client.log_in(cast.alice.email, cast.alice.password)
    assert client.wait_closed()[-1].startswith(b"* BYE ")


def test_an_idling_client_hears_a_heartbeat(door, cast):
    _, port = door(heartbeat_seconds=0.1)
    client = Client(port)
    client.log_in(cast.alice.email, cast.alice.password)
    client.ok(b"SELECT INBOX")
    client.idle()
    assert client.line() == b"* OK Still here."


def test_too_many_connections_are_told_so(door):
    _, port = door(max_connections=1)
    first = Client(port)
    assert Client(port).greeting.startswith(b"* BYE [UNAVAILABLE] ")
    first.ok(b"NOOP")


def test_the_end_of_the_server_is_told_to_the_idle(door, house, cast):
    server, port = door()
    client = Client(port)
    client.log_in(cast.alice.email, cast.alice.password)
    client.ok(b"SELECT INBOX")
    client.idle()
    house.call(server.close())
    assert client.wait_closed()[-1].startswith(b"* BYE ")


def test_without_tls_a_door_takes_no_password(house):
    from posthouse.imapd.server import ImapServer
    from posthouse.imapd.settings import Settings

    server = ImapServer(Settings(hostname="h.test"))
    client = Client(house.call(server.listen("127.0.0.1", 0)))
    assert b"LOGINDISABLED" in client.greeting and b"AUTH=" not in client.greeting
    assert client.run(b"LOGIN a@b.test secret").tagged.startswith(b"NO [PRIVACYREQUIRED] ")
    assert client.run(b"AUTHENTICATE PLAIN AGEAYg==").tagged.startswith(b"NO [PRIVACYREQUIRED] ")
    assert client.run(b"STARTTLS").tagged.startswith(b"BAD ")
    house.call(server.close(grace_seconds=1))
