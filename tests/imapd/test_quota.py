"""QUOTA over a socket (RFC 9208)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import make
from tests.cast import Cast
from tests.imapd.client import Client

Connect = Callable[..., Client]


@pytest.mark.rfc("9208")
def test_how_full_an_account_is(connect: Connect) -> None:
    client = connect(select=None)
    words = client.ok(b"CAPABILITY").untagged[0].split()
    assert {b"QUOTA", b"QUOTA=RES-STORAGE", b"QUOTASET"} <= set(words)
    client.ok(b'SETQUOTA "" (STORAGE 100)')
    client.append(make.message(text="x" * 3000))
    assert client.ok(b"GETQUOTAROOT Archive").untagged == [
        b'* QUOTAROOT "Archive" ""',
        b'* QUOTA "" (STORAGE 4 100)',
    ]
    assert client.ok(b'GETQUOTA ""').untagged == [b'* QUOTA "" (STORAGE 4 100)']
    assert client.run(b"APPEND INBOX {200000+}\r\n" + b"x" * 200_000).tagged.startswith(b"NO [OVERQUOTA] ")
    assert client.ok(b'SETQUOTA "" (STORAGE 1)').untagged == [b'* QUOTA "" (STORAGE 4 1)']


@pytest.mark.rfc("9208")
def test_without_a_limit_there_is_no_quota(connect: Connect) -> None:
    client = connect(select=None)
    client.ok(b'SETQUOTA "" ()')
    assert client.ok(b"GETQUOTAROOT INBOX").untagged == [b'* QUOTAROOT "INBOX"']
    assert client.run(b'GETQUOTA ""').tagged.startswith(b"NO [NONEXISTENT] ")


@pytest.mark.rfc("9208")
def test_only_who_manages_accounts_sets_one(connect: Connect, cast: Cast) -> None:
    client = connect(cast.bob, select=None)
    assert b"QUOTASET" not in client.ok(b"CAPABILITY").untagged[0]
    assert client.run(b'SETQUOTA "" (STORAGE 1)').tagged.startswith(b"NO [NOPERM] ")
    assert client.run(b'SETQUOTA "" (MESSAGE 1)').tagged.startswith(b"NO [CANNOT] ")


@pytest.mark.parametrize(
    "line", [b"GETQUOTA nobody", b"GETQUOTAROOT Nowhere", b"SETQUOTA nobody (STORAGE 1)"]
)
def test_what_is_not_there(connect: Connect, line: bytes) -> None:
    assert connect(select=None).run(line).tagged.startswith(b"NO [NONEXISTENT] ")


@pytest.mark.rfc("9208")
def test_what_could_be_freed(connect: Connect) -> None:
    client = connect()
    client.append(b"x" * 1000, flags=b"\\Deleted")
    client.append(b"x" * 500)
    assert client.ok(b"STATUS INBOX (DELETED DELETED-STORAGE SIZE)").untagged == [
        b'* STATUS "INBOX" (DELETED 1 DELETED-STORAGE 1000 SIZE 1500)'
    ]
