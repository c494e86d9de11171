from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from posthouse.imapd.settings import Settings
from tests.imapd.client import Client

if TYPE_CHECKING:
    from tests.cast import Cast, Person
    from tests.house import RunningHouse

Connect = Callable[..., Client]


@pytest.fixture
def connect(house: RunningHouse, cast: Cast) -> Iterator[Connect]:
    """Open a connection: to alice's INBOX unless told otherwise; all are closed at the end."""
    clients: list[Client] = []

    def opened(
        person: Person | None = None,
        *,
        select: bytes | None = b"INBOX",
        is_stranger: bool = False,
        tls: bool = False,
    ) -> Client:
        client = Client(house.ports["imaps" if tls else "imap"], tls=tls)
        clients.append(client)
        if is_stranger:
            return client
        who = person or cast.alice
        client.log_in(who.email, who.password)
        if select is not None:
            client.ok(b"SELECT " + select)
        return client

    yield opened
    for client in clients:
        client.close()


@pytest.fixture
def door(house: RunningHouse) -> Iterator[Callable[..., tuple[Any, int]]]:
    """Open one more IMAP door with settings of the test's."""
    from posthouse.imapd.server import ImapServer

    servers = []

    def opened(**settings: Any) -> tuple[Any, int]:
        server = ImapServer(Settings(hostname="h.test", allow_plain_login=True, **settings))
        servers.append(server)
        return server, house.call(server.listen("127.0.0.1", 0))

    yield opened
    for server in servers:
        house.call(server.close(grace_seconds=1))
