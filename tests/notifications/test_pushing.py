"""Pushes as a browser and its push service see them: over real HTTPS, sealed for one browser, signed by us."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast, user_id
from tests.house import RunningHouse
from tests.push_service import Browser, PushService, b64, claims, open_push_service, until

NOTES, DEVICES = "/notifications/", "/notifications/devices/"


@pytest.fixture
def service(house: RunningHouse, tmp_path: Path) -> Iterator[PushService]:
    with open_push_service(house, tmp_path) as opened:
        yield opened


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    client = log_in(house, cast.alice)
    client.headers["User-Agent"] = "Firefox on a slate"
    return client


def subscribe(client: Client, browser: Browser) -> dict[str, Any]:
    return dict(client.ok(client.post(DEVICES, browser.json), 201))


def note(client: Client, title: str = "Tea") -> dict[str, Any]:
    return dict(client.ok(client.post(NOTES, {"title": title, "body": "At four."}), 201)["notification"])


def test_a_browser_hears_and_forgets_what_is_read(alice: Client, service: PushService) -> None:
    browser = service.browser("alice")
    subscribe(alice, browser)
    made = note(alice)
    (told,) = until(lambda: service.of(browser))
    assert (told["type"], told["title"], told["body"]) == ("tell", "Tea", "At four.")
    assert (told["path"], told["unread"]) == (f"/notifications/{made['id']}", 1)
    alice.ok(alice.patch(f"{NOTES}{made['id']}/", {"is_read": True}))
    _, taken = until(lambda: len(service.of(browser)) > 1 and service.of(browser))
    assert taken == {"type": "read", "tags": [made["tag"]]}
    first, second = service.pushed
    assert first.headers["topic"] == second.headers["topic"], "where the first still waits it is replaced"


def test_who_sends_it_is_signed_for_this_service(alice: Client, service: PushService) -> None:
    public = alice.ok(alice.get(DEVICES))["public_key"]
    subscribe(alice, service.browser("alice"))
    note(alice)
    (pushed,) = until(lambda: service.pushed)
    said = claims(pushed, public)
    assert said["aud"] == service.url
    assert said["sub"] == "mailto:postmaster@mail.posthouse.test"
    assert 0 < said["exp"] - time.time() <= 24 * 3600
    assert pushed.headers["content-encoding"] == "aes128gcm"
    assert pushed.headers["ttl"] == "86400"
    assert alice.ok(alice.get(DEVICES))["public_key"] == public, "made once"


def test_new_mail_is_pushed_and_taken_back_when_it_is_read(
    cast: Cast, alice: Client, service: PushService
) -> None:
    browser = service.browser("alice")
    subscribe(alice, browser)
    email_id = make.email(cast.alice, subject="The plan")
    (told,) = until(lambda: service.of(browser))
    assert told["title"] == "Zoe Outside" and told["body"].startswith("The plan")
    alice.ok(alice.post("/emails/update/", {"ids": [str(email_id)], "is_seen": True}))
    until(
        lambda: [one for one in service.of(browser) if one["type"] == "read" and one["tags"] == [told["tag"]]]
    )


def test_a_push_says_nothing_where_one_wants_that(alice: Client, service: PushService) -> None:
    browser = service.browser("alice")
    subscribe(alice, browser)
    alice.ok(alice.patch("/notifications/settings/", {"shows_content": False, "sound": False}))
    note(alice, "A secret")
    (told,) = until(lambda: service.of(browser))
    assert "secret" not in str(told) and "title" not in told and "body" not in told
    assert told["is_silent"] is True


@pytest.mark.parametrize("status", [404, 410, 403])
def test_a_device_that_the_service_does_not_know_is_forgotten(
    alice: Client, service: PushService, status: int
) -> None:
    subscribe(alice, service.browser("alice"))
    service.status = status
    note(alice)
    until(lambda: alice.get(DEVICES).json["items"] == [])


def test_a_service_that_fails_is_tried_again_and_its_device_kept(
    cast: Cast, alice: Client, service: PushService
) -> None:
    from posthouse.base import db, jobs, sql

    subscribe(alice, service.browser("alice"))
    service.status = 503
    note(alice)
    waiting = "SELECT id FROM base_job WHERE kind = 'notifications.push' AND attempts = 1 AND leased_by = ''"
    ((job_id,),) = until(lambda: sql.rows(waiting))
    assert len(alice.get(DEVICES).json["items"]) == 1
    service.status = 201
    db.run(jobs.hurry, (job_id,), {})
    until(lambda: len(service.pushed) == 2)
    until(lambda: alice.get(DEVICES).json["items"][0]["last_used_at"])


def test_what_was_read_meanwhile_is_not_pushed(alice: Client, service: PushService) -> None:
    from posthouse.base import db, jobs, sql

    subscribe(alice, service.browser("alice"))
    service.status = 503
    made = note(alice)
    waiting = "SELECT id FROM base_job WHERE kind = 'notifications.push' AND attempts = 1 AND leased_by = ''"
    ((job_id,),) = until(lambda: sql.rows(waiting))
    service.status = 201
    alice.ok(alice.patch(f"{NOTES}{made['id']}/", {"is_read": True}))
    until(lambda: len(service.pushed) == 2)  # the one that takes back
    db.run(jobs.hurry, (job_id,), {})
    until(lambda: not sql.rows("SELECT 1 FROM base_job WHERE id = %s", [job_id]))
    assert len(service.pushed) == 2


def test_devices_end_with_their_session(house: RunningHouse, cast: Cast, service: PushService) -> None:
    stays, goes = log_in(house, cast.alice), log_in(house, cast.alice)
    here, there = service.browser("here"), service.browser("there")
    subscribe(stays, here)
    subscribe(goes, there)
    shown = stays.ok(stays.get("/security/"))["push_devices"]
    assert [one["is_current"] for one in shown] == [False, True]
    assert {one["service"] for one in shown} == {"push.test"}
    session = next(one for one in stays.get("/security/").json["sessions"] if not one["is_current"])
    stays.ok(stays.delete(f"/security/sessions/{session['id']}/"), 204)
    note(stays)
    until(lambda: service.of(here))
    assert service.of(there) == []
    assert len(stays.get("/security/").json["push_devices"]) == 1


def test_the_security_page_takes_a_device_away(alice: Client, service: PushService) -> None:
    made = subscribe(alice, service.browser("alice"))
    alice.ok(alice.delete(f"/security/push-devices/{made['id']}/"), 204)
    assert alice.get(DEVICES).json["items"] == []
    assert alice.delete(f"/security/push-devices/{made['id']}/").status == 404


def test_a_test_of_one_device(alice: Client, service: PushService) -> None:
    browser, other = service.browser("a"), service.browser("b")
    made = subscribe(alice, browser)
    subscribe(alice, other)
    alice.ok(alice.post(f"{DEVICES}{made['id']}/test/"), 202)
    (told,) = until(lambda: service.of(browser))
    assert told["tag"] == "test"
    assert service.of(other) == []


def test_a_browser_subscribes_again_and_is_one_device(alice: Client, service: PushService) -> None:
    first = subscribe(alice, service.browser("same"))
    again = service.browser("same")
    second = subscribe(alice, again)
    assert first["id"] != second["id"]
    assert [one["id"] for one in alice.get(DEVICES).json["items"]] == [second["id"]]
    note(alice)
    assert until(lambda: service.of(again))[0]["title"] == "Tea"


def test_a_browser_that_somebody_else_uses_now_is_theirs(
    house: RunningHouse, cast: Cast, alice: Client, service: PushService
) -> None:
    subscribe(alice, service.browser("shared"))
    bob = log_in(house, cast.bob)
    subscribe(bob, service.browser("shared"))
    assert alice.get(DEVICES).json["items"] == []


@pytest.mark.parametrize(
    "url",
    [
        "http://push.example/x",
        "https://10.0.0.1/x",
        "https://169.254.169.254/latest",
        "https://[::1]:8443/x",
        "https://user@push.example/x",
        "https://push.example:25/x",
        "nonsense",
    ],
)
def test_a_target_inside_our_network_is_refused(alice: Client, url: str) -> None:
    answer = alice.post(DEVICES, Browser(url).json)
    assert (answer.status, answer.json["code"]) == (400, "invalid_url")


def test_a_name_that_leads_inside_is_not_gone_to(
    house: RunningHouse, alice: Client, service: PushService
) -> None:
    """Judged again at every push, by the address that the name has then."""
    from dataclasses import replace

    from posthouse.base import net

    browser = service.browser("alice")
    subscribe(alice, browser)
    before = net.policy()
    net.configure(replace(before, allow_nets=()))
    try:
        note(alice)
        time.sleep(1)
        assert service.pushed == []
    finally:
        net.configure(before)


@pytest.mark.parametrize(
    "keys",
    [
        {"p256dh": b64(b"\x04" + b"\x01" * 64), "auth": b64(b"x" * 16)},
        {"p256dh": "A" * 87, "auth": b64(b"x" * 16)},
    ],
)
def test_keys_that_are_none_are_refused(alice: Client, keys: dict[str, str]) -> None:
    answer = alice.post(DEVICES, {"endpoint": "https://push.example/x", "keys": keys})
    assert (answer.status, answer.json["code"]) == (400, "invalid_push_key")


def test_no_token_subscribes(house: RunningHouse, alice: Client) -> None:
    token = {"name": "x", "scopes": ["account:read", "account:write"], "expires_in_days": 1}
    made = alice.ok(alice.post("/security/tokens/", token), 201)["token"]
    program = Client(house.http, headers={"Authorization": f"Bearer {made}"})
    answer = program.post(DEVICES, Browser("https://push.example/x").json)
    assert (answer.status, answer.json["code"]) == (403, "insufficient_scope")


def test_there_is_an_end_to_devices(cast: Cast, alice: Client) -> None:
    from posthouse.notifications.endpoints import MAX_ENDPOINTS

    for number in range(MAX_ENDPOINTS):
        subscribe(alice, Browser(f"https://push.example/{user_id(cast.alice)}/{number}"))
    answer = alice.post(DEVICES, Browser("https://push.example/more").json)
    assert (answer.status, answer.json["code"]) == (409, "too_many")


def test_secrets_lie_sealed(alice: Client, service: PushService) -> None:
    from posthouse.base import sql

    browser = service.browser("in-the-clear")
    made = subscribe(alice, browser)
    row = sql.row("SELECT * FROM notifications_endpoint WHERE id = %s", [int(made["id"])])
    assert browser.url not in str(row) and browser.json["keys"]["auth"] not in str(row)
    keys = sql.rows("SELECT private_sealed FROM notifications_vapidkey")
    assert keys and all(text.startswith("s1.") for (text,) in keys)
