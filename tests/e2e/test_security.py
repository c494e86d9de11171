"""A second factor, set up and used as a person does it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.api.client import log_in
from tests.cast import Cast
from tests.e2e.browser import axe_faults, overflow
from tests.e2e.conftest import Sit
from tests.house import RunningHouse
from tests.identity.factors import add_totp, code


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


@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("medium", "dark"), ("phone", "light")])
def test_who_must_have_a_factor_sets_one_up_and_goes_on(
    house: RunningHouse, cast: Cast, desk: Sit, size: str, scheme: str
) -> None:
    """Also in the middle of the day: bob reads his mail when alice requires it."""
    bob = desk(cast.bob, size=size, color_scheme=scheme, reduced_motion="reduce")
    bob.expect_fault("403")
    bob.expect_fault("401")
    alice = log_in(house, cast.alice)
    add_totp(alice)
    alice.ok(alice.patch("/organisation/", {"requires_mfa": True}))
    page = bob.page
    expect(page.get_by_role("heading", name="One thing first: a second factor")).to_be_visible()
    go_on = page.get_by_role("button", name="Go on to your mail")
    expect(go_on).to_be_disabled()
    expect(page.get_by_role("heading", name="Authenticator app")).to_be_visible()
    bob.shot(f"factor-first-{size}-{scheme}")
    assert axe_faults(page) == [] and overflow(page) <= 0
    page.goto(f"{house.http}/mail/inbox")
    expect(go_on).to_be_visible()
    page.get_by_role("button", name="Set up").click()
    secret = page.get_by_role("dialog").locator("p.select-all").inner_text().replace(" ", "")
    page.get_by_label("Code the app shows now").fill(code(secret))
    page.get_by_role("button", name="Turn it on").click()
    page.get_by_role("button", name="I have kept them").click()
    bob.shot(f"factor-first-done-{size}-{scheme}")
    go_on.click()
    expect(page).to_have_url(re.compile("/mail/inbox"))
    expect(page.get_by_role("heading", name="One thing first")).to_be_hidden()
