"""A second factor, set up and used as a person does it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.cast import Cast
from tests.e2e.conftest import Sit
from tests.identity.factors import code


def test_an_app_is_set_up_and_asked_for(cast: Cast, desk: Sit) -> None:
    alice = desk(cast.alice, path="/settings/security")
    page = alice.page
    page.goto(f"{alice.house.http}/settings/security")
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    secret = page.get_by_role("dialog").locator("p.select-all").inner_text().replace(" ", "")
    page.get_by_label("Code the app shows now").fill(code(secret))
    page.get_by_role("button", name="Turn it on").click()
    codes = page.get_by_role("dialog", name="Your recovery codes")
    expect(codes.get_by_role("listitem")).to_have_count(10)
    first = codes.get_by_role("listitem").first.inner_text()
    codes.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("Mail programs need one")).to_be_visible()

    elsewhere = desk()
    page = elsewhere.page
    elsewhere.expect_fault("401")
    page.get_by_label("E-mail address").fill(cast.alice.email)
    page.get_by_label("Password", exact=True).fill(cast.alice.password)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_text("One more step")).to_be_visible()
    page.get_by_role("button", name="Use a recovery code").click()
    page.get_by_label("Recovery code").fill(first)
    page.get_by_role("button", name="Go on").click()
    elsewhere.is_synced()
