"""What those who write programs find: tokens, webhooks with what became of each telling, and OAuth clients."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.delivery.outside import until
from tests.e2e.browser import axe_faults
from tests.e2e.conftest import Sit
from tests.e2e.test_look import settle
from tests.e2e.test_settings import part
from tests.hooks_sink import Sink, open_sink
from tests.house import RunningHouse

pytestmark = pytest.mark.e2e


@pytest.fixture
def sink() -> Iterator[Sink]:
    with open_sink() as opened:
        yield opened


def test_a_token_is_shown_once_works_and_is_taken_back(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    one = desk(cast.alice, path="/settings/developer")
    page = one.page
    page.get_by_role("button", name="Make a token").click()
    dialog = page.get_by_role("dialog", name="Make a token")
    dialog.get_by_label("What is it for?").fill("Backup")
    dialog.get_by_label("mail:write").check()
    dialog.get_by_label("Ends after").select_option("30 days")
    dialog.get_by_role("button", name="Go on").click()
    shown = page.get_by_role("dialog", name="Your token")
    token = shown.get_by_role("listitem").inner_text()
    shown.get_by_role("button", name="Done").click()
    row = page.get_by_role("list", name="Access tokens").get_by_role("listitem").filter(has_text="Backup")
    expect(row).to_contain_text("mail:read, mail:write")
    client = Client(house.http, {"Authorization": f"Bearer {token}"})
    assert client.get("/mailboxes/").status == 200
    row.get_by_role("button", name="Revoke: Backup").click()
    expect(row).to_have_count(0)
    assert client.get("/mailboxes/").status == 401


def test_a_webhook_is_made_tried_and_its_log_read(cast: Cast, desk: Sit, sink: Sink) -> None:
    one = desk(cast.alice, path="/settings/developer")
    page = one.page
    page.get_by_role("button", name="Add a webhook").click()
    dialog = page.get_by_role("dialog", name="Add a webhook")
    dialog.get_by_label("URL").fill("ftp://example.org/")
    dialog.get_by_label("email.received").check()
    one.expect_fault("400")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog.get_by_text("A URL begins with https://")).to_be_visible()
    expect(dialog.get_by_label("URL")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("URL").fill(sink.url)
    dialog.get_by_label("What it is for").fill("My archive")
    dialog.get_by_role("button", name="Add").click()
    shown = page.get_by_role("dialog", name="The webhook's secret")
    assert shown.get_by_role("listitem").inner_text().startswith("whsec_")
    shown.get_by_role("button", name="Done").click()

    page.get_by_role("link", name="My archive").click()
    expect(page.get_by_role("heading", level=1, name="My archive")).to_be_focused()
    page.get_by_role("button", name="Send a test").click()
    log = page.get_by_role("list", name="Deliveries")
    first = log.get_by_role("button", name="webhook.test").first
    expect(first).to_contain_text("Delivered")
    assert len(sink.of("webhook.test")) == 1
    first.click()
    expect(log.get_by_text('"type": "webhook.test"')).to_be_visible()
    expect(log.get_by_text("204", exact=True)).to_be_visible()
    settle(page)
    assert axe_faults(page) == []

    sink.status, sink.body = 410, b"I have moved"
    log.get_by_role("button", name="Send it again").click()
    expect(log.get_by_text("I have moved")).to_be_visible()
    on = page.get_by_role("switch", name="On")
    expect(on).to_have_attribute("aria-checked", "false")
    expect(page.get_by_text("Off: it said it is gone")).to_be_visible()
    expect(page.get_by_role("button", name="Send a test")).to_be_disabled()
    sink.status, sink.body = 204, b""
    on.click()
    expect(one.toast("The webhook is on.")).to_be_visible()
    page.get_by_label("State").select_option("Delivered")
    expect(page.get_by_text("Nothing in that state.")).to_be_visible()


def test_a_secret_is_renewed_and_a_webhook_changed_and_removed(
    house: RunningHouse, cast: Cast, desk: Sit, sink: Sink
) -> None:
    alice = log_in(house, cast.alice)
    made = alice.ok(
        alice.post("/webhooks/", {"url": sink.url, "events": ["email.received"], "scope": "organisation"}),
        201,
    )
    one = desk(cast.alice, path="/settings/developer")
    page = one.page
    page.get_by_role("link", name="everybody's mail").click()
    page.get_by_role("button", name="Make a new one").click()
    page.get_by_role("dialog").get_by_label("How long the old one signs too").select_option("For an hour")
    page.get_by_role("dialog").get_by_role("button", name="Make it").click()
    shown = page.get_by_role("dialog", name="The webhook's new secret")
    assert shown.get_by_role("listitem").inner_text() not in ("", made["secret"])
    shown.get_by_role("button", name="Done").click()
    expect(page.get_by_text("The old one signs too until")).to_be_visible()
    page.get_by_role("button", name="Change", exact=True).click()
    dialog = page.get_by_role("dialog", name="Change the webhook")
    dialog.get_by_label("message.bounced").check()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("main").get_by_text("message.bounced")).to_be_visible()
    path = f"/webhooks/{made['id']}/"
    assert alice.get(path).json["events"] == ["email.received", "message.bounced"]
    page.get_by_role("switch", name="On").click()
    until(lambda: alice.get(path).json["is_enabled"] is False)
    page.get_by_role("button", name="Remove the webhook").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", level=1, name="Developer")).to_be_visible()
    expect(part(page, "Webhooks").get_by_text("None yet.")).to_be_visible()
    assert alice.get(path).status == 404
    one.expect_fault("404")
    one.go(f"/settings/developer/webhooks/{made['id']}")
    expect(page.get_by_text("There is no such webhook")).to_be_visible()


def test_an_application_is_registered_and_removed(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    one = desk(cast.alice, path="/settings/developer")
    page, card = one.page, part(one.page, "Applications that log people in by us")
    card.get_by_role("button", name="Register an application").click()
    dialog = page.get_by_role("dialog", name="Register an application")
    dialog.get_by_label("Name", exact=True).fill("Grafana")
    dialog.get_by_label("Redirect URIs").fill("http://example.org/login")
    one.expect_fault("40[03]")
    dialog.get_by_role("button", name="Register").click()
    expect(dialog.get_by_text("A redirect URI is https")).to_be_visible()
    expect(dialog.get_by_label("Redirect URIs")).to_have_attribute("aria-invalid", "true")
    assert axe_faults(page) == []
    dialog.get_by_label("Redirect URIs").fill("https://example.org/login\nhttp://127.0.0.1/back")
    dialog.get_by_role("button", name="Register").click()
    shown = page.get_by_role("dialog", name="Grafana is registered")
    expect(shown.get_by_role("listitem")).to_have_count(2)
    shown.get_by_role("button", name="Done").click()
    alice = log_in(house, cast.alice)
    (row,) = alice.ok(alice.get("/oauth/clients/"))["items"]
    assert row["redirect_uris"] == ["https://example.org/login", "http://127.0.0.1/back"]
    assert row["is_public"] is False
    card.get_by_role("button", name="Remove Grafana").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(card.get_by_text("None yet.")).to_be_visible()
    assert alice.ok(alice.get("/oauth/clients/"))["items"] == []


def test_one_sees_only_what_one_may_do(cast: Cast, desk: Sit) -> None:
    one = desk(cast.bob, path="/settings/developer")
    page = one.page
    expect(part(page, "Webhooks").get_by_role("button", name="Add a webhook")).to_be_visible()
    expect(page.get_by_text("1,200 a minute")).to_be_visible()
    expect(part(page, "Applications that log people in by us")).to_have_count(0)
    page.get_by_role("button", name="Add a webhook").click()
    expect(page.get_by_role("dialog").get_by_label("email.received")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_label("Whose mail it hears of")).to_have_count(0)
