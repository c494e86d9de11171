"""The settings of the mail doors: what each means, and every fault named."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from posthouse.config.env import Endpoint, Env, Misconfigured, load
from posthouse.config.env_mail import MailDoors, SocketPath
from tests.house import RunningHouse


def _loaded(tmp_path: Path, **given: str) -> Env:
    return load(
        {"POSTHOUSE_DATA": str(tmp_path), **{f"POSTHOUSE_{name}": text for name, text in given.items()}}
    )


def test_all_of_it_is_off_where_nothing_is_given(tmp_path: Path) -> None:
    env = _loaded(tmp_path)
    assert env.listeners["lmtp"] is None
    assert env.mail_doors == MailDoors(
        proxies=(),
        block_lists=(),
        only_marks=False,
        greylist_seconds=0,
        tarpit_seconds=0,
        keeps_refused=True,
        peer_rates={},
    )


def test_what_is_given(tmp_path: Path) -> None:
    env = _loaded(
        tmp_path,
        LMTP="/run/posthouse/lmtp",
        PROXY_PEERS="10.0.0.5 2001:db8::/32",
        BLOCK_LISTS="Zen.example, bl.example",
        BLOCK_LISTS_ACT="mark",
        GREYLIST_SECONDS="300",
        TARPIT_SECONDS="2",
        KEEP_REFUSED="no",
        PEER_RATES="messages=10/60 errors=5/1",
    )
    assert env.listeners["lmtp"] == SocketPath(Path("/run/posthouse/lmtp"))
    doors = env.mail_doors
    assert doors.proxies == (ip_network("10.0.0.5/32"), ip_network("2001:db8::/32"))
    assert (doors.block_lists, doors.only_marks) == (("zen.example", "bl.example"), True)
    assert (doors.greylist_seconds, doors.tarpit_seconds, doors.keeps_refused) == (300, 2, False)
    assert doors.peer_rates == {"messages": (10, 60.0), "errors": (5, 1.0)}
    assert _loaded(tmp_path, PEER_RATES="off").mail_doors.peer_rates is None


def test_who_reports(tmp_path: Path) -> None:
    assert _loaded(tmp_path).reporters == {}
    given = _loaded(tmp_path, DMARC_REPORTS="postmaster@example.org / Example & Sons", TLS_REPORTS="off")
    assert given.reporters == {"dmarc": ("postmaster@example.org", "Example & Sons")}


@pytest.mark.parametrize("value", ["127.0.0.1:2424", "[::1]:2424", "10.1.2.3:24", "localhost:24"])
def test_lmtp_listens_where_strangers_do_not_come(tmp_path: Path, value: str) -> None:
    assert isinstance(_loaded(tmp_path, LMTP=value).listeners["lmtp"], Endpoint)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LMTP", "0.0.0.0:24"),
        ("LMTP", "[::]:24"),
        ("LMTP", "8.8.8.8:24"),
        ("LMTP", "mail.example.org:24"),
        ("LMTP", "relative/path"),
        ("LMTP", "/" + "x" * 120),
        ("PROXY_PEERS", "proxy.example"),
        ("BLOCK_LISTS", "https://bl.example"),
        ("BLOCK_LISTS_ACT", "drop"),
        ("GREYLIST_SECONDS", "-1"),
        ("TARPIT_SECONDS", "31"),
        ("KEEP_REFUSED", "perhaps"),
        ("PEER_RATES", "search=1/1"),
        ("DMARC_REPORTS", "postmaster@example.org"),
        ("DMARC_REPORTS", "postmaster/Example Ltd"),
        ("DMARC_REPORTS", "postmaster@example.org/a\nBcc: x@y.test"),
        ("TLS_REPORTS", "on"),
    ],
)
def test_faults_are_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(Misconfigured, match=f"POSTHOUSE_{name}"):
        _loaded(tmp_path, **{name: value})


def test_two_doors_on_one_address_are_a_fault(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="mx and lmtp both listen"):
        _loaded(tmp_path, MX="127.0.0.1:2424", LMTP="127.0.0.1:2424")


def test_each_door_gets_what_is_its_own(house: RunningHouse, tmp_path: Path) -> None:
    from posthouse.base import tls
    from posthouse.config.listeners import smtp_server
    from posthouse.wire.budget import Budget

    env = _loaded(tmp_path, PROXY_PEERS="10.0.0.5", TARPIT_SECONDS="2", GREYLIST_SECONDS="60")
    context = tls.server_context(*tls.self_signed(tmp_path, "localhost"))
    mx, submission, lmtp = (
        smtp_server(env, name, context=context, budget=Budget(1)) for name in ("mx", "submission", "lmtp")
    )
    assert [door.settings.tarpit_seconds for door in (mx, submission, lmtp)] == [2, 0, 0]
    assert [bool(door.settings.proxies) for door in (mx, submission, lmtp)] == [True, True, False]
    assert [door.rates is not None for door in (mx, submission, lmtp)] == [True, False, False]
    assert [door.turned_away is not None for door in (mx, submission, lmtp)] == [True, False, True]
    assert [door.tls is not None for door in (mx, submission, lmtp)] == [True, True, False]
    assert all(door.spool is not None for door in (mx, submission, lmtp))


@pytest.mark.parametrize(
    ("given", "counts"),
    [
        ({}, False),
        ({"DMARC_REPORTS": "a@b.test/B"}, True),
        ({"DMARC_REPORTS": "a@b.test/B", "CHECK_SENDERS": "0"}, False),
    ],
)
def test_the_mx_door_counts_where_somebody_reports(
    house: RunningHouse, tmp_path: Path, given: dict[str, str], counts: bool
) -> None:
    from posthouse.base import tls
    from posthouse.config.listeners import smtp_server
    from posthouse.wire.budget import Budget

    env = _loaded(tmp_path, **given)
    context = tls.server_context(*tls.self_signed(tmp_path, "localhost"))
    doors = [
        smtp_server(env, name, context=context, budget=Budget(1)) for name in ("mx", "submission", "lmtp")
    ]
    assert [door.judged is not None for door in doors] == [counts, False, False]
