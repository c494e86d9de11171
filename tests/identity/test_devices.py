"""A log-in from a device not seen before: a notice, and a letter in the inbox."""

from __future__ import annotations

import time
from typing import Any

from tests.api.client import Client
from tests.cast import Cast
from tests.delivery.outside import inbox
from tests.house import RunningHouse
from tests.identity.factors import credentials

WEB = {"X-Posthouse-Client": "web"}
FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0"}
NEWER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"}


def enter(house: RunningHouse, cast: Cast, headers: dict[str, str]) -> Any:
    answer = Client(house.http, headers=headers).post("/auth/token/", credentials(cast.alice))
    assert answer.status == 200
    return answer


def notices(house: RunningHouse, cast: Cast) -> list[Any]:
    client = Client(house.http)
    access = client.post("/auth/token/", credentials(cast.alice)).json["access"]
    client.headers["Authorization"] = f"Bearer {access}"
    return list(client.get("/security/").json["notices"])


def letters(cast: Cast, count: int) -> list[Any]:
    for _ in range(200):
        found = inbox(cast.alice)
        if len(found) >= count:
            return found
        time.sleep(0.02)
    raise AssertionError("no letter came")


def test_the_first_device_is_no_news_and_a_second_is(house: RunningHouse, cast: Cast) -> None:
    enter(house, cast, {})
    assert notices(house, cast) == []
    enter(house, cast, FIREFOX)
    enter(house, cast, FIREFOX)
    enter(house, cast, NEWER)
    found = notices(house, cast)
    assert [(row["kind"], row["via"], row["ip"]) for row in found] == [("new_login", "http", "127.0.0.1")]
    letter = letters(cast, 1)
    assert [str(one["Subject"]) for one in letter] == ["New log-in from 127.0.0.1"]
    assert "Firefox/142.0" in letter[0].get_content()
    assert str(letter[0]["Auto-Submitted"]) == "auto-generated"


def test_a_browser_is_known_by_its_cookie_wherever_it_goes(house: RunningHouse, cast: Cast) -> None:
    enter(house, cast, {})
    first = Client(house.http, headers={**WEB, **FIREFOX}).post("/auth/session/", credentials(cast.alice))
    assert first.status == 200
    cookie = first.cookie("posthouse_device")
    renamed = {**WEB, "User-Agent": "Something Else", "Cookie": cookie}
    again = Client(house.http, headers=renamed).post("/auth/session/", credentials(cast.alice))
    assert again.status == 200
    assert len(notices(house, cast)) == 1
    other = Client(house.http, headers={**WEB, "User-Agent": "Third"}).post(
        "/auth/session/", credentials(cast.alice)
    )
    assert other.status == 200
    assert len(notices(house, cast)) == 2


def test_a_letter_is_not_written_twice(house: RunningHouse, cast: Cast) -> None:
    from posthouse.ops.notice_letters import write_letter

    enter(house, cast, {})
    enter(house, cast, FIREFOX)
    letters(cast, 1)
    write_letter(int(notices(house, cast)[0]["id"]))
    write_letter(58769341962780000)
    assert len(inbox(cast.alice)) == 1


def test_a_mail_client_at_a_known_place_is_no_news_and_elsewhere_is(house: RunningHouse, cast: Cast) -> None:
    from posthouse.identity.mail_clients import admit

    enter(house, cast, {})
    admit(cast.alice.email, cast.alice.password, protocol="imap", ip="127.0.0.9")
    assert notices(house, cast) == []
    admit(cast.alice.email, cast.alice.password, protocol="imap", ip="198.51.100.7")
    admit(cast.alice.email, cast.alice.password, protocol="smtp", ip="198.51.100.8")
    assert [(row["via"], row["ip"]) for row in notices(house, cast)] == [("imap", "198.51.100.7")]
