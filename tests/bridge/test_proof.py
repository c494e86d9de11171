"""Whose mail is believed, at a door that asks the DNS; and that a step which is done twice sends once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.client import Client
from tests.base.fake_dns import FakeDns
from tests.bridge.people import address_in, got, invite
from tests.conversations.rooms import group, say, texts
from tests.delivery.outside import outside
from tests.house import RunningHouse
from tests.smtpd.checking_door import door, published, strings


@pytest.fixture
def dns() -> Iterator[FakeDns]:
    with published() as server:
        server.zone["nothing.example", "TXT"] = [strings("v=spf1 ip4:127.0.0.1 -all")]
        yield server


@pytest.mark.parametrize(
    ("domain", "sender", "reason"),
    [
        ("bank.example", "zoe@bank.example", ""),
        ("nothing.example", "zoe@nothing.example", ""),
        ("nothing.example", "zoe@evil.example", "not_proved"),
        ("watch.example", "zoe@evil.example", "not_proved"),
        ("away.example", "zoe@away.example", "not_proved"),
    ],
)
def test_the_author_is_proved_or_the_mail_is_held(
    house: RunningHouse, alice: Client, bob: Client, dns: FakeDns, domain: str, sender: str, reason: str
) -> None:
    from tests.smtpd.checking_door import hand_in

    zoe = f"zoe@{domain}"
    with outside(house, domain) as peer, door(house, dns) as port:
        room = group(alice, bob)
        invite(alice, room, zoe)
        say(alice, room, "Hello")
        (mail,) = got(peer, 1)
        head = f"From: {zoe}\r\nTo: x@y.test\r\nSubject: x\r\nDate: Fri, 27 Nov 2026 10:00:00 +0000\r\n"
        content = f"{head}\r\nYes\r\n".encode()
        assert hand_in(port, _To(address_in(mail)), content, sender=sender)[:3] == b"250"  # type: ignore[arg-type]
    held = alice.ok(alice.get(f"/conversations/{room}/outside/held/"))["items"]
    assert [one["reason"] for one in held] == ([reason] if reason else [])
    assert texts(alice, room) == (["Hello"] if reason else ["Hello", "Yes"])


class _To:
    def __init__(self, email: str) -> None:
        self.email = email


def test_two_readers_send_each_message_once(house: RunningHouse, alice: Client, bob: Client) -> None:
    """As after a kill, when the reader of before was half way: the same step, begun from the same cursor, twice."""
    from posthouse.base import sql
    from posthouse.bridge import access, sending
    from posthouse.bridge.access import OutsiderRef
    from posthouse.conversations import outside as told

    with outside(house, "outside.test") as peer:
        room = group(alice, bob)
        made = invite(alice, room)
        before = access.found_by_id(int(made["id"]))
        assert isinstance(before, OutsiderRef)
        say(alice, room, "Once")
        got(peer, 1)
        said = [
            one
            for one in told.said_after(before.conversation_id, before.last_sent_number, limit=9)
            if one.is_told
        ]
        mail = sending._written(before, said)
        assert not sending._queue(before, said[-1].number, mail)
        assert sql.row("SELECT count(*) FROM bridge_sentmail WHERE outsider_id = %s", [before.id]) == (1,)
        got(peer, 1)
