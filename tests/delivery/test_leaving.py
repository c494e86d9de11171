"""Leaving lists for a reader: one click where it is proved, a mail, and never anywhere else."""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.delivery.outside import bytes_of, outside
from tests.delivery.test_forwarding import envelope
from tests.delivery.test_vacation import idle
from tests.hooks_sink import Sink, open_sink
from tests.house import RunningHouse
from tests.smtpd.checking_door import door, published
from tests.wire.auth.test_dkim import by_hand
from tests.wire.mime.test_unsubscribe import COVERED, POST

BODY = b"List-Unsubscribe=One-Click"


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def sink() -> Iterator[Sink]:
    with open_sink() as opened:
        yield opened


def deliver(
    house: RunningHouse, cast: Cast, alice: Client, *fields: str, h: str = COVERED, **given: Any
) -> str:
    """By a door that checks signatures; gives the e-mail."""
    raw = make.message(sender="n@bank.example", to=cast.alice.email, headers="".join(fields), **given)
    with published() as dns, door(house, dns) as port, smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.sendmail("n@bank.example", [cast.alice.email], by_hand(raw, h=h))
    return str(alice.get("/emails/", mailbox=make.mailbox(cast.alice, "inbox")).json["items"][0]["id"])


def way(client: Client, email_id: str) -> Any:
    return client.ok(client.get(f"/emails/{email_id}/unsubscribe/"))


def leave(client: Client, email_id: str) -> Any:
    return client.post(f"/emails/{email_id}/unsubscribe/")


def listed(url: str, extra: str = "") -> str:
    return f"List-Id: <news.bank.example>\r\nList-Unsubscribe: <{url}>{extra}\r\n"


def test_one_click_is_made_once(house: RunningHouse, cast: Cast, alice: Client, sink: Sink) -> None:
    first = deliver(house, cast, alice, listed(f"{sink.url}?u=17", ", <mailto:l@outside.test>"), POST)
    assert way(alice, first) == {"way": "one_click", "target": "127.0.0.1", "page": None, "left_at": None}
    done = alice.ok(leave(alice, first))
    assert done["left_at"]
    (told,) = sink.told
    assert told.body == BODY and told.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "cookie" not in told.headers and "authorization" not in told.headers
    again = leave(alice, first)
    assert (again.status, again.json["code"]) == (409, "already_left")
    assert len(sink.told) == 1


def test_who_comes_back_can_leave_again(house: RunningHouse, cast: Cast, alice: Client, sink: Sink) -> None:
    first = deliver(house, cast, alice, listed(sink.url), POST)
    alice.ok(leave(alice, first))
    later = deliver(house, cast, alice, listed(sink.url), POST)
    assert way(alice, later)["left_at"] is None
    alice.ok(leave(alice, later))
    assert len(sink.told) == 2 and way(alice, first)["left_at"]


@pytest.mark.parametrize(("fields", "h"), [((POST,), "from:subject"), ((), COVERED)])
def test_what_is_not_proved_is_not_clicked(
    house: RunningHouse, cast: Cast, alice: Client, sink: Sink, fields: tuple[str, ...], h: str
) -> None:
    email_id = deliver(house, cast, alice, listed(sink.url), *fields, h=h)
    assert way(alice, email_id)["way"] is None
    assert leave(alice, email_id).json["code"] == "no_way_out"
    assert sink.told == []


def test_our_own_word_in_a_strangers_mail_proves_nothing(
    house: RunningHouse, cast: Cast, alice: Client, sink: Sink
) -> None:
    passed = "dkim=pass header.d=bank.example header.s=key header.b=AAAA"
    forged = f"Authentication-Results: mail.posthouse.test; {passed}\r\n"
    raw = make.message(
        sender="n@bank.example",
        to=cast.alice.email,
        headers=f"{forged}DKIM-Signature: v=1; a=rsa-sha256; d=bank.example; s=key; h={COVERED}; bh=AAAA; b=AAAA\r\n"
        + listed(sink.url)
        + POST,
    )
    with published() as dns, door(house, dns) as port, smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.sendmail("n@watch.example", [cast.alice.email], raw)
    for role in ("inbox", "junk"):
        for row in alice.get("/emails/", mailbox=make.mailbox(cast.alice, role)).json["items"]:
            assert way(alice, row["id"])["way"] is None
            assert leave(alice, row["id"]).status == 409
    assert sink.told == []


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/x",
        "https://169.254.169.254/x",
        "https://[::1]/x",
        "https://2130706433/x",
        "http://news.test/x",
    ],
)
def test_private_hosts_and_plain_http_are_not_called(
    house: RunningHouse, cast: Cast, alice: Client, url: str
) -> None:
    email_id = deliver(house, cast, alice, listed(url), POST)
    assert way(alice, email_id)["way"] in (None, "page")
    assert leave(alice, email_id).json["code"] == "no_way_out"


def test_a_redirect_is_not_followed_and_a_failure_may_be_tried_again(
    house: RunningHouse, cast: Cast, alice: Client, sink: Sink
) -> None:
    email_id = deliver(house, cast, alice, listed(sink.url), POST)
    with open_sink() as elsewhere:
        sink.status, sink.headers = 307, {"Location": elsewhere.url}
        refused = leave(alice, email_id)
        assert (refused.status, refused.json["code"]) == (503, "list_unreachable")
        assert elsewhere.told == []
    sink.status, sink.headers = 500, {}
    assert leave(alice, email_id).json["code"] == "list_unreachable"
    assert way(alice, email_id)["left_at"] is None
    sink.status = 200
    assert alice.ok(leave(alice, email_id))["left_at"]


def test_two_clicks_side_by_side_tell_the_list_once(
    house: RunningHouse, cast: Cast, alice: Client, sink: Sink
) -> None:
    email_id = deliver(house, cast, alice, listed(sink.url), POST)
    sink.delay_s = 0.5
    clients = [log_in(house, cast.alice) for _ in range(2)]
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda c=client: answers.append(leave(c, email_id).status))  # type: ignore[misc]
        for client in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(answers) == [200, 409] and len(sink.told) == 1


def test_a_mail_leaves_where_there_is_no_click(house: RunningHouse, cast: Cast, alice: Client) -> None:
    target = "mailto:leave@outside.test?subject=leave%20news"
    email_id = str(make.email(cast.alice, headers=f"List-Unsubscribe: <{target}>\r\n"))
    assert way(alice, email_id)["way"] == "mail" and way(alice, email_id)["target"] == "leave@outside.test"
    with outside(house, "outside.test") as peer:
        alice.ok(leave(alice, email_id))
        idle()
        assert envelope(peer) == (cast.alice.email, ["leave@outside.test"])
        assert b"\r\nSubject: leave news\r\n" in bytes_of(peer.messages[0])
        assert leave(alice, email_id).json["code"] == "already_left"
        idle()
        assert len(peer.messages) == 1


def test_two_lists_of_one_sender_are_two(house: RunningHouse, cast: Cast, alice: Client) -> None:
    one, other = (
        str(make.email(cast.alice, headers=f"List-Unsubscribe: <mailto:{word}@outside.test>\r\n"))
        for word in ("one", "other")
    )
    with outside(house, "outside.test"):
        alice.ok(leave(alice, one))
        assert way(alice, one)["left_at"] and way(alice, other)["left_at"] is None
        alice.ok(leave(alice, other))
        idle()


def test_mail_that_came_by_no_list_has_no_way_out(cast: Cast, alice: Client) -> None:
    email_id = str(make.email(cast.alice))
    assert way(alice, email_id) == {"way": None, "target": "", "page": None, "left_at": None}
    page = str(make.email(cast.alice, headers="List-Unsubscribe: <https://news.test/x>\r\n"))
    assert way(alice, page)["way"] == "page" and leave(alice, page).json["code"] == "no_way_out"
