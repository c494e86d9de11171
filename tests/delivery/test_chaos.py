"""Servers that fail at every stage in every way: nothing is lost, and nothing comes twice that we can know of.

Counted at the receiving side by Message-ID. One thing may double: a message whose last byte a server has read while its
answer never came (RFC 5321 §4.5.3.2.6, RFC 1047). Nothing else does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests import make
from tests.base.fake_dns import SERVFAIL, SILENCE, fake_dns
from tests.cast import Cast
from tests.delivery.outside import lines, outside, send, until
from tests.delivery.transport.authority import Authority
from tests.delivery.world import MX, known_to, mx_port
from tests.house import RunningHouse
from tests.peers.rough import HARMLESS, STAGES, Fault, Rough, rough

PATIENCE = 2.0
WAIT_SECONDS = 90.0


@contextmanager
def _patience(*, tries: int = 30) -> Iterator[None]:
    """Two seconds for a server to answer, and another try each second."""
    from posthouse.delivery import setup
    from posthouse.delivery.transport import Timeouts

    before = setup.current()
    times = Timeouts(command=PATIENCE, content=PATIENCE, message=PATIENCE, whole=60.0)
    setup._setup = replace(before, timeouts=times, retry_seconds=(1,) * tries)
    try:
        yield
    finally:
        setup._setup = replace(setup.current(), timeouts=before.timeouts, retry_seconds=before.retry_seconds)


@pytest.mark.parametrize("is_pipelining", [False, True])
def test_every_fault_at_every_stage(
    house: RunningHouse, cast: Cast, tmp_path: Path, *, is_pipelining: bool
) -> None:
    servers = [Rough(stage, fault, is_pipelining=is_pipelining) for stage in STAGES for fault in Fault]
    context, _ = Authority(tmp_path).server("rough.test")
    with rough(*servers, tls=context), _patience():
        sent = {}
        for number, server in enumerate(servers):
            domain = f"r{number}.rough.test"
            house.route(domain, "127.0.0.1", server.port)
            name = f"{number}.{is_pipelining}@chaos.test"
            raw = make.message(sender=cast.alice.email, to=f"zoe@{domain}", message_id=name)
            sent[f"<{name}>"] = server, send(cast.alice, f"zoe@{domain}", raw=raw).submission_id
        until(
            lambda: all(
                state == "delivered" for _, one in sent.values() for state, *_ in lines(one).values()
            ),
            seconds=WAIT_SECONDS,
        )
    for name, (server, submission_id) in sent.items():
        ((_, attempts, _),) = lines(submission_id).values()
        what = f"{server.stage}: {server.fault.value}"
        assert server.faults == 1, what
        assert server.answered == {name: 1}, f"{what}: {server.answered}"
        is_open = server.stage == "dot" and server.fault not in HARMLESS
        assert server.taken[name] == (2 if is_open else 1), f"{what}: {server.taken}"
        # A handshake that fails is tried once more in clear at once; all else waits for the next try.
        is_quick = server.fault in HARMLESS or server.stage == "STARTTLS"
        assert attempts == (1 if is_quick else 2), f"{what}: {attempts} tries"


def test_a_server_that_is_never_well_is_given_up_and_its_sender_told_once(
    house: RunningHouse, cast: Cast, tmp_path: Path
) -> None:
    from tests.delivery.outside import inbox

    server = Rough("MAIL", Fault.DROP, times=1_000)
    with rough(server, tls=Authority(tmp_path).server("rough.test")[0]), _patience(tries=2):
        house.route("never.rough.test", "127.0.0.1", server.port)
        submission_id = send(cast.alice, "zoe@never.rough.test").submission_id
        until(lambda: lines(submission_id)["zoe@never.rough.test"][0] == "failed", seconds=WAIT_SECONDS)
    assert not server.taken
    assert [str(one["Subject"]) for one in inbox(cast.alice)] == ["Not delivered: Out we go"]


def test_a_stalled_second_part_does_not_undo_the_first(
    house: RunningHouse, cast: Cast, tmp_path: Path
) -> None:
    """150 recipients are two transactions; who was answered in the first is not sent to again."""
    from posthouse.delivery import transport

    names = [f"u{number}@b.test" for number in range(150)]
    server = Rough("MAIL", Fault.STALL)
    mail = transport.Mail(
        sender="a@a.test",
        recipients=names,
        message=make.message(message_id="two.parts@chaos.test"),
    )

    async def scenario() -> list[transport.Outcome]:
        hop = transport.Hop(host="127.0.0.1", port=server.port, is_configured=True)
        lines_ = transport.Lines()
        times = transport.Timeouts(whole=PATIENCE)
        first = replace(mail, recipients=["x@b.test"])
        server.left = 0
        await transport.send(first, hop=hop, helo="us.test", timeouts=times, lines=lines_)
        outcomes = transport.send(mail, hop=hop, helo="us.test", timeouts=times, lines=lines_)
        server.skip, server.left = 1, 1
        return await outcomes

    with rough(server, tls=Authority(tmp_path).server("rough.test")[0]):
        outcomes = house.call(scenario())
    verdicts = [outcome.verdict.name for outcome in outcomes]
    assert verdicts == ["DELIVERED"] * 100 + ["TEMPORARY"] * 50
    assert server.answered["<two.parts@chaos.test>"] == 2, (
        "the first message, and the first part of the second"
    )


@pytest.mark.parametrize("death", [SILENCE, SERVFAIL])
def test_a_dead_dns_keeps_mail_waiting(house: RunningHouse, cast: Cast, tmp_path: Path, death: str) -> None:
    authority = Authority(tmp_path)
    with (
        fake_dns() as dns,
        known_to(house, dns, authority),
        outside(house) as peer,
        mx_port(peer.port),
        _patience(),
    ):
        dns.zone["sts.test", "MX"] = [f"10 {MX}."]
        dns.zone[MX, "A"] = ["127.0.0.1"]
        dns.broken["sts.test"] = death
        submission_id = send(cast.alice, "zoe@sts.test").submission_id
        line = until(
            lambda: (one := lines(submission_id)["zoe@sts.test"])[1] >= 2 and one, seconds=WAIT_SECONDS
        )
        assert "4.4.3 The DNS gave no answer about sts.test" in line[2]
        assert not peer.sessions
        del dns.broken["sts.test"]
        until(lambda: lines(submission_id)["zoe@sts.test"][0] == "delivered", seconds=WAIT_SECONDS)
    assert len(peer.messages) == 1
