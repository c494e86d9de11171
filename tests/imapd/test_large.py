"""Large messages by IMAP: kept byte for byte, off the heap while they come, and refused before they come."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from posthouse.wire.budget import Budget
from tests.cast import Cast
from tests.house import RunningHouse
from tests.imapd.client import Client
from tests.smtpd.test_large import letter

Connect = Callable[..., Client]
RAW = letter("ann@a.test")
OTHER = letter("ann@a.test", seed=2)


def part(raw: bytes, mark: bytes = b"+") -> bytes:
    return b" {%d%b}\r\n" % (len(raw), mark) + raw


def body(client: Client, number: int) -> bytes:
    line = client.ok(b"FETCH %d BODY.PEEK[]" % number).untagged[0]
    return line.partition(b"\r\n")[2].removesuffix(b")")


def limit(cast: Cast, count: int | None) -> None:
    from posthouse.base import db
    from posthouse.mail.models import Account

    db.run(lambda: Account.objects.filter(id=cast.alice.account_id).update(quota_bytes=count), (), {})


def test_it_is_kept_byte_for_byte(connect: Connect) -> None:
    client = connect()
    client.append(RAW)
    client.ok(b"APPEND INBOX" + part(OTHER, b"+") + part(b"Subject: small\r\n\r\nx") + part(RAW))
    assert [body(client, number) for number in (1, 2, 4)] == [RAW, OTHER, RAW]
    assert (
        b"BODY[HEADER.FIELDS (SUBJECT)]"
        in client.ok(b"FETCH 1 BODY.PEEK[HEADER.FIELDS (SUBJECT)]").untagged[0]
    )


def test_it_takes_the_place_of_another(connect: Connect) -> None:
    client = connect()
    client.append(RAW)
    client.ok(b"REPLACE 1 INBOX" + part(OTHER))
    assert body(client, 1) == OTHER


def test_who_asks_hears_at_once_that_there_is_no_room(connect: Connect, cast: Cast) -> None:
    client = connect()
    client.append(b"Subject: x\r\n\r\nx")
    limit(cast, 1_000_000)
    for line in (
        b"APPEND INBOX {%d}",
        b"APPEND INBOX (\\Seen) {%d}",
        b"REPLACE 1 INBOX {%d}",
        b"UID REPLACE 1 INBOX {%d}",
        b"APPEND INBOX ~{%d}",
    ):
        answer = client.run(line % len(RAW))
        assert answer.tagged.startswith(b"NO [OVERQUOTA] ") and answer.untagged == [], line
    limit(cast, None)
    tag = client.start(b"APPEND INBOX {%d}" % len(RAW))
    assert client.line().startswith(b"+ ")
    client.send(RAW + b"\r\n")
    assert client.finish(tag).is_ok
    assert body(client, 2) == RAW


def test_of_many_the_one_too_many_is_refused_before_it_comes(connect: Connect, cast: Cast) -> None:
    """RFC 3502: all or none."""
    client = connect()
    limit(cast, len(RAW) + 1_000_000)
    tag = client.start(b"APPEND INBOX {%d}" % len(RAW))
    assert client.line().startswith(b"+ ")
    client.send(RAW + b" {%d}\r\n" % len(OTHER))
    assert client.finish(tag).tagged.startswith(b"NO [OVERQUOTA] ")
    assert client.ok(b"UID SEARCH ALL").untagged[-1] == b"* SEARCH"


def test_what_comes_unasked_is_read_past_and_refused(connect: Connect, cast: Cast) -> None:
    client = connect()
    limit(cast, 1_000_000)
    assert client.run(b"APPEND INBOX" + part(RAW)).tagged.startswith(b"NO [OVERQUOTA] ")
    assert client.ok(b"NOOP").is_ok


def test_whose_mailbox_it_is_not_is_told_nothing_of_its_room(connect: Connect, cast: Cast) -> None:
    client = connect(cast.bob)
    limit(cast, 1_000)
    tag = client.start(b"APPEND Nowhere {%d}" % len(RAW))
    assert client.line().startswith(b"+ "), "as for a mailbox that is there and has room"
    client.send(RAW + b"\r\n")
    assert client.finish(tag).tagged.startswith(b"NO [TRYCREATE] ")


def test_there_is_no_catenate(connect: Connect) -> None:
    """It is not offered (docs/protocols/imap.md), and what looks like it is no message."""
    client = connect()
    assert b"CATENATE" not in client.ok(b"CAPABILITY").untagged[0]
    answer = client.run(b"APPEND INBOX CATENATE (TEXT {%d+}\r\n" % len(RAW) + RAW + b")")
    assert answer.tagged.startswith(b"BAD ")
    assert client.ok(b"UID SEARCH ALL").untagged[-1] == b"* SEARCH"


@pytest.fixture
def spooling(house: RunningHouse, tmp_path: Path) -> Iterator[tuple[Any, int]]:
    """A door whose memory for messages is small, and whose spool is the test's."""
    from posthouse.base.spool import Spool
    from posthouse.imapd.server import ImapServer
    from posthouse.imapd.settings import Settings

    spool = Spool(tmp_path, budget=Budget(200_000_000))
    server = ImapServer(
        Settings(hostname="h.test", allow_plain_login=True), budget=Budget(1_000_000), spool=spool
    )
    port = house.call(server.listen("127.0.0.1", 0))
    yield spool, port
    house.call(server.close(grace_seconds=1))


def test_twenty_at_once_hold_no_memory_and_nothing_stays(
    cast: Cast, spooling: tuple[Any, int], tmp_path: Path
) -> None:
    spool, port = spooling
    clients = [Client(port) for _ in range(20)]
    for client in clients:
        client.log_in(cast.alice.email, cast.alice.password)
    half = len(RAW) // 2
    for client in clients:
        client.send(b"x APPEND INBOX {%d+}\r\n" % len(RAW) + RAW[:half])
    until_spooled(spool, 20 * (half - 300_000))
    assert list(tmp_path.iterdir()) == [], "files without a name"
    threads = [threading.Thread(target=client.send, args=(RAW[half:] + b"\r\n",)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for client in clients:
        assert client.finish(b"x").is_ok
        client.close()
    until_free(spool)


def test_a_client_that_goes_in_the_middle_leaves_nothing(cast: Cast, spooling: tuple[Any, int]) -> None:
    spool, port = spooling
    client = Client(port)
    client.log_in(cast.alice.email, cast.alice.password)
    client.send(b"x APPEND INBOX {%d+}\r\n" % len(RAW) + RAW[: len(RAW) // 2])
    until_spooled(spool, 1_000_000)
    client.close()
    until_free(spool)


def until_spooled(spool: Any, count: int) -> None:
    _until(lambda: 200_000_000 - spool.free >= count)


def until_free(spool: Any) -> None:
    _until(lambda: spool.free == 200_000_000)


def _until(look: Callable[[], bool]) -> None:
    ends = time.monotonic() + 20
    while not look():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.02)


def test_noise_of_every_kind_comes_back(connect: Connect) -> None:
    client = connect()
    noise = b"Subject: noise\r\n\r\n" + random.Random(7).randbytes(1_500_000)
    client.ok(b"APPEND INBOX ~{%d+}\r\n" % len(noise) + noise)
    assert body(client, 1) == noise
