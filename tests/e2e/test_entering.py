"""Coming in by the browser: invited, signed up, and again without the password. The letters arrive outside."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.api.client import Client, log_in
from tests.cast import Cast, Person
from tests.delivery.outside import outside
from tests.e2e.browser import Desk, axe_faults, overflow
from tests.e2e.conftest import Sit
from tests.e2e.test_look import settle
from tests.house import RunningHouse
from tests.letters import Letters

pytestmark = pytest.mark.e2e

NEW = "a new correct horse"


@pytest.fixture
def letters(house: RunningHouse, cast: Cast) -> Iterator[Letters]:
    from posthouse.base import limits

    limits.limiter.reset()
    with outside(house, "outside.test", "partner.test") as peer:
        yield Letters(peer)


def is_well(desk: Desk, name: str) -> None:
    expect(desk.page.get_by_role("main")).to_be_visible()
    settle(desk.page)
    desk.shot(name)
    assert axe_faults(desk.page) == []
    assert overflow(desk.page) <= 0


def is_in(desk: Desk, email: str) -> None:
    """In the inbox, logged in as this person."""
    expect(desk.page).to_have_url(re.compile("/mail/inbox$"))
    expect(desk.page.get_by_role("complementary").get_by_text(email)).to_be_visible()
    desk.is_synced()


def administer(desk: Desk, section: str) -> Page:
    desk.go(f"/organisation/{section}")
    return desk.page


# --- invited ------------------------------------------------------------------------------------


def test_an_invitation_leads_into_the_inbox_and_holds_once(cast: Cast, desk: Sit, letters: Letters) -> None:
    alice = desk(cast.alice)
    page = administer(alice, "invitations")
    expect(page.get_by_text("No invitation waits")).to_be_visible()
    page.get_by_role("button", name="Invite").click()
    dialog = page.get_by_role("dialog", name="Invite somebody")
    alice.expect_fault("400")
    dialog.get_by_label("Their address elsewhere").fill(cast.bob.email)
    dialog.get_by_role("button", name="Send the letter").click()
    expect(dialog.get_by_text("This address must be outside this server.")).to_be_visible()
    expect(dialog.get_by_label("Their address elsewhere")).to_be_focused()
    dialog.get_by_label("Their address elsewhere").fill("carol.nakamura@outside.test")
    dialog.get_by_role("button", name="Send the letter").click()
    row = page.get_by_role("row", name="carol.nakamura@outside.test")
    expect(row).to_contain_text("Member")
    token = letters.token()

    carol = desk(path=f"/invitation#{token}")
    page = carol.page
    expect(page.get_by_text("invites you.")).to_be_visible()
    assert page.url == f"{carol.house.http}/invitation"
    is_well(carol, "invitation")
    page.reload()
    expect(page.get_by_text("It went to carol.nakamura@outside.test")).to_be_visible()
    expect(page.get_by_label("Your address here")).to_have_value("carol.nakamura")
    page.get_by_label("Your name").fill("Carol Nakamura")
    page.get_by_label("Your address here").fill("carol")
    carol.expect_fault("40[049]")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_text("A password has 8 to 256 characters.")).to_be_visible()
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    page.get_by_label("Password", exact=True).fill(NEW)
    page.get_by_role("button", name="Come in").click()
    is_in(carol, f"carol@{cast.domain}")

    expect(row).to_have_count(1)
    alice.page.reload()
    expect(alice.page.get_by_text("No invitation waits")).to_be_visible()

    late = desk(path=f"/invitation#{token}")
    late.expect_fault("404")
    expect(late.page.get_by_text("This invitation does not hold any more")).to_be_visible()
    assert late.page.url == f"{late.house.http}/invitation"
    is_well(late, "invitation-over")


def test_an_invitation_that_was_withdrawn_leads_nowhere(cast: Cast, desk: Sit, letters: Letters) -> None:
    log_in(desk().house, cast.alice).post("/invitations/", {"email": "zoe@outside.test"})
    token = letters.token()
    zoe = desk(path=f"/invitation#{token}")
    expect(zoe.page.get_by_role("button", name="Come in")).to_be_visible()
    alice = desk(cast.alice)
    page = administer(alice, "invitations")
    page.get_by_role("button", name="Withdraw the invitation of zoe@outside.test").click()
    expect(page.get_by_text("No invitation waits")).to_be_visible()
    expect(alice.toast("does not hold any more")).to_be_visible()
    zoe.expect_fault("404")
    zoe.page.get_by_label("Password", exact=True).fill(NEW)
    zoe.page.get_by_role("button", name="Come in").click()
    expect(zoe.page.get_by_text("This invitation does not hold any more")).to_be_visible()


# --- signing up ---------------------------------------------------------------------------------


def fill_in(page: Page, cast: Cast, *, local: str, outside: str) -> None:
    page.get_by_label("Your name").fill("Carol")
    page.get_by_label("The address you would like").fill(local)
    several = page.get_by_role("combobox", name="Domain")
    if several.count():
        several.select_option(cast.domain)
    page.get_by_label("Password", exact=True).fill(NEW)
    page.get_by_label("An address you have elsewhere").fill(outside)
    page.get_by_role("button", name="Send me the code").click()


def test_one_signs_up_by_a_code(house: RunningHouse, cast: Cast, desk: Sit, letters: Letters) -> None:
    alice = log_in(house, cast.alice)
    alice.ok(alice.patch("/organisation/", {"sign_up": "open"}))
    carol = desk(path="/login")
    page = carol.page
    page.get_by_role("link", name="Make an account").click()
    expect(page.get_by_label("Your name")).to_be_focused()
    is_well(carol, "sign-up")
    fill_in(page, cast, local="bob", outside="carol@outside.test")
    expect(page.get_by_text("carol@outside.test")).to_be_visible()
    expect(page.get_by_text(re.compile("One more can be sent in 0:\\d\\d"))).to_be_visible()
    is_well(carol, "sign-up-code")
    code = letters.code()
    carol.expect_fault("4(00|09)")
    page.get_by_label("Code from the letter").fill(f"{(int(code[0]) + 1) % 10}{code[1:]}")
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_text("The code is wrong or too old.")).to_be_visible()
    expect(page.get_by_label("Code from the letter")).to_be_focused()
    page.get_by_label("Code from the letter").fill(code)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_text("is here already")).to_be_visible()
    page.get_by_label("Another address").fill("carol")
    page.get_by_role("button", name="Make the account").click()
    is_in(carol, f"carol@{cast.domain}")


def test_one_more_letter_may_be_asked_for_after_a_minute(
    house: RunningHouse, cast: Cast, desk: Sit, letters: Letters
) -> None:
    alice = log_in(house, cast.alice)
    alice.ok(alice.patch("/organisation/", {"sign_up": "open"}))
    carol = desk()
    carol.page.clock.install()
    carol.go("/signup")
    fill_in(carol.page, cast, local="carol", outside="carol@outside.test")
    expect(carol.page.get_by_text("No letter?")).to_be_visible()
    letters.code()
    carol.page.clock.fast_forward(61_000)
    carol.page.get_by_role("button", name="Send one more letter").click()
    expect(carol.toast("One more letter is on its way.")).to_be_visible()
    expect(carol.page.get_by_text("No letter?")).to_be_visible()
    carol.page.clock.fast_forward(601_000)
    expect(carol.page.get_by_text("The code is too old. Begin again.")).to_be_visible()
    expect(carol.page.get_by_role("button", name="Send one more letter")).to_have_count(0)
    carol.page.get_by_role("button", name="Begin again").click()
    expect(carol.page.get_by_label("The address you would like")).to_be_visible()


def test_by_domain_only_who_has_an_address_there(
    house: RunningHouse, cast: Cast, desk: Sit, letters: Letters
) -> None:
    alice = log_in(house, cast.alice)
    alice.ok(alice.patch("/organisation/", {"sign_up": "domain", "sign_up_domains": ["partner.test"]}))
    carol = desk(path="/signup")
    carol.expect_fault("403")
    fill_in(carol.page, cast, local="carol", outside="carol@outside.test")
    expect(carol.page.get_by_text("With this address one cannot sign up here.")).to_be_visible()
    expect(carol.page.get_by_label("An address you have elsewhere")).to_be_focused()
    fill_in(carol.page, cast, local="carol", outside="carol@partner.test")
    carol.page.get_by_label("Code from the letter").fill(letters.code())
    carol.page.get_by_role("button", name="Make the account").click()
    is_in(carol, f"carol@{cast.domain}")


# --- coming in again ----------------------------------------------------------------------------


def prove_recovery_address(client: Client, letters: Letters, email: str) -> None:
    asked = client.ok(client.post("/users/me/recovery-address/", {"email": email}), 202)
    proof = {"flow": asked["flow"], "code": letters.code()}
    client.ok(client.post("/users/me/recovery-address/confirm/", proof))


def ask(desk: Desk, email: str) -> str:
    """Gives what the page says then, with the address taken out."""
    page = desk.page
    page.get_by_label("Your e-mail address here").fill(email)
    page.get_by_role("button", name="Send me the code").click()
    expect(page.get_by_label("Code from the letter")).to_be_focused()
    return page.get_by_role("form").inner_text().replace(email, "…").split("No letter?")[0]


def test_a_lost_password_is_replaced_by_a_code(
    house: RunningHouse, cast: Cast, desk: Sit, letters: Letters
) -> None:
    prove_recovery_address(log_in(house, cast.bob), letters, "bob@outside.test")
    bob = desk(path="/login")
    bob.page.get_by_role("link", name="I forgot my password").click()
    is_well(bob, "recover")
    said = ask(bob, cast.bob.email)
    stranger = desk(path="/recover")
    assert ask(stranger, f"nobody@{cast.domain}") == said
    is_well(bob, "recover-code")
    code = letters.code()
    bob.expect_fault("400")
    bob.page.get_by_label("Code from the letter").fill(code)
    bob.page.get_by_label("New password", exact=True).fill("password1")
    bob.page.get_by_role("button", name="Set the password and log in").click()
    expect(bob.page.get_by_text("among those that are guessed first")).to_be_visible()
    expect(bob.page.get_by_label("New password", exact=True)).to_be_focused()
    bob.page.get_by_label("New password", exact=True).fill(NEW)
    bob.page.get_by_role("button", name="Set the password and log in").click()
    is_in(bob, cast.bob.email)
    expect(bob.toast("Your new password holds.")).to_be_visible()

    again = desk(Person(cast.bob.email, "Bob", cast.bob.account_id, NEW))
    is_in(again, cast.bob.email)


def test_the_pages_fit_a_phone(house: RunningHouse, cast: Cast, desk: Sit, letters: Letters) -> None:
    alice = log_in(house, cast.alice)
    alice.ok(alice.patch("/organisation/", {"sign_up": "open"}))
    alice.ok(alice.post("/invitations/", {"email": "carol@outside.test"}), 201)
    token = letters.token()
    for scheme in ("light", "dark"):
        one = desk(path="/signup", size="phone", color_scheme=scheme, reduced_motion="reduce")
        expect(one.page.get_by_label("Your name")).to_be_visible()
        is_well(one, f"phone-{scheme}-sign-up")
        one.go("/recover")
        expect(one.page.get_by_label("Your e-mail address here")).to_be_visible()
        is_well(one, f"phone-{scheme}-recover")
        one.go(f"/invitation#{token}")
        expect(one.page.get_by_role("button", name="Come in")).to_be_visible()
        is_well(one, f"phone-{scheme}-invitation")
