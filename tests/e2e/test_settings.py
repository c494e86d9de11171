"""The settings' pages: what one tells of oneself, what one hides, and the way to each setting."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.api.client import Client, log_in
from tests.cast import Cast, user_id
from tests.delivery.outside import outside, until
from tests.e2e.browser import axe_faults, overflow
from tests.e2e.conftest import Sit
from tests.house import RunningHouse
from tests.imapd.client import Client as ImapClient

pytestmark = pytest.mark.e2e

CODE = re.compile(r"\b(\d{4}-\d{4})\b")


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


def part(page: Page, name: str) -> Any:
    """One card of a page."""
    return page.get_by_role("region", name=name, exact=True)


def myself(client: Client) -> Any:
    return client.ok(client.get("/users/me/"))


def test_the_profile_is_written_and_says_what_is_wrong_where_it_is(
    alice: Client, cast: Cast, desk: Sit
) -> None:
    one = desk(cast.alice, path="/settings/profile")
    page, about = one.page, part(one.page, "About you")
    about.get_by_label("Name", exact=True).fill("Alice Moreau")
    about.get_by_label("Title").fill("Postmistress")
    about.get_by_role("button", name="Add a link").click()
    about.get_by_label("Address of link 1").fill("javascript:alert(1)")
    one.expect_fault("400")
    about.get_by_role("button", name="Save").click()
    expect(about.get_by_role("group", name="Links")).to_contain_text("A link begins with http")
    expect(about.get_by_label("Address of link 1")).to_have_attribute("aria-invalid", "true")
    assert myself(alice)["title"] == "", "nothing of it is taken while some of it is wrong"
    about.get_by_label("Address of link 1").fill("posthouse.test/alice")
    about.get_by_role("button", name="Save").click()
    expect(one.toast("Profile saved.")).to_be_visible()
    expect(about.get_by_role("button", name="Save")).to_be_disabled()
    expect(page.get_by_role("button", name="Alice Moreau")).to_be_visible()
    seen = myself(alice)
    assert (seen["name"], seen["title"]) == ("Alice Moreau", "Postmistress")
    assert seen["links"] == [{"name": "posthouse.test", "url": "https://posthouse.test/alice"}]

    you = part(page, "You")
    you.get_by_label("Status", exact=True).fill("On the road")
    you.get_by_label("How long").select_option("For an hour")
    you.get_by_role("button", name="Set", exact=True).click()
    expect(you.get_by_text("Shown until")).to_be_visible()  # today, or tomorrow late in the evening
    assert myself(alice)["status"]["text"] == "On the road"
    you.get_by_role("button", name="Clear").click()
    expect(you.get_by_label("Status", exact=True)).to_have_value("")
    assert myself(alice)["status"] is None


def test_a_zone_and_a_language_are_found_by_typing(alice: Client, cast: Cast, desk: Sit) -> None:
    one = desk(cast.alice, path="/settings/profile")
    page = one.page
    page.get_by_role("button", name="Time zone: UTC").click()
    page.get_by_role("combobox", name="City or region").fill("buenos")
    one.press("Enter")
    expect(page.get_by_role("button", name="Time zone: Buenos Aires")).to_be_focused()
    expect(page.get_by_text("GMT-3")).to_be_visible()
    page.get_by_role("button", name="Language: English").click()
    page.get_by_role("combobox", name="Language or country").fill("french swi")
    one.press("Enter")
    expect(page.get_by_role("button", name="Language: French, Switzerland")).to_be_visible()
    until(lambda: myself(alice)["locale"] == "fr-CH")
    assert myself(alice)["time_zone"].endswith("Buenos_Aires")


def test_a_picture_is_cut_to_the_square_one_sees(
    house: RunningHouse, alice: Client, cast: Cast, desk: Sit
) -> None:
    wide = Image.new("RGB", (900, 300), "blue")
    wide.paste((255, 0, 0), (0, 0, 300, 300))
    file = io.BytesIO()
    wide.save(file, "PNG")
    one = desk(cast.alice, path="/settings/profile")
    page = one.page
    chosen = {"name": "me.png", "mimeType": "image/png", "buffer": file.getvalue()}
    page.get_by_label("File of your picture").set_input_files(chosen)  # type: ignore[arg-type]
    cut = page.get_by_role("dialog", name="Cut the picture to a square")
    shown = cut.get_by_role("img")
    middle = "canvas => [...canvas.getContext('2d').getImageData(256, 256, 1, 1).data]"
    assert shown.evaluate(middle) == [0, 0, 255, 255], "the middle, which is blue"
    shown.focus()
    one.press(*["ArrowLeft"] * 40)
    assert axe_faults(page) == []
    cut.get_by_role("button", name="Use it").click()
    expect(one.toast("Picture saved.")).to_be_visible()
    expect(cut).to_be_hidden()
    expect(page.get_by_role("main").locator("img[src*=avatar]")).to_be_visible()
    expect(page.get_by_role("complementary").locator("img[src*=avatar]")).to_be_visible()
    raw = alice.get(f"/users/{user_id(cast.alice)}/avatar/").body
    red, _, blue = Image.open(io.BytesIO(raw)).convert("RGB").getpixel((128, 128))  # type: ignore[misc]
    assert (red > 200, blue < 60) == (True, True), "the left end, which is red"

    odd = {"name": "me.png", "mimeType": "image/png", "buffer": b"no picture"}
    page.get_by_label("File of your picture").set_input_files(odd)  # type: ignore[arg-type]
    expect(one.toast("“me.png” is no picture")).to_be_visible()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("button", name="Upload")).to_be_visible()
    assert myself(alice)["avatar_url"] is None


def test_hiding_is_a_switch_away_and_put_back_when_it_is_refused(
    alice: Client, cast: Cast, desk: Sit
) -> None:
    one = desk(cast.alice, path="/settings/privacy")
    page = one.page
    here = page.get_by_role("switch", name="Show when you are here")
    expect(here).to_have_attribute("aria-checked", "true")
    here.click()
    expect(here).to_have_attribute("aria-checked", "false")
    expect(page.get_by_role("switch", name="Show when you were last here")).to_be_disabled()
    until(lambda: myself(alice)["hides_online"])
    profile = page.get_by_role("radiogroup", name="Your profile")
    profile.get_by_text("Your groups").click()
    until(lambda: myself(alice)["visibility"] == "groups")
    page.reload()
    expect(here).to_have_attribute("aria-checked", "false")
    expect(profile.get_by_role("radio", name="Your groups")).to_be_checked()

    one.expect_fault("Failed to load resource|ERR_")
    page.context.set_offline(True)
    here.click()
    expect(one.toast("Not changed.")).to_be_visible()
    expect(here).to_have_attribute("aria-checked", "false")


def test_addresses_are_given_by_who_may(alice: Client, cast: Cast, desk: Sit) -> None:
    one = desk(cast.alice, path="/settings/profile")
    card, other = part(one.page, "E-mail addresses"), f"al@{cast.domain}"
    card.get_by_label("New address").fill(cast.bob.email)
    one.expect_fault("409")
    card.get_by_role("button", name="Add").click()
    expect(card.get_by_role("alert")).to_be_visible()
    card.get_by_label("New address").fill("al")
    card.get_by_role("button", name="Add").click()
    expect(card.get_by_text(other)).to_be_visible()
    card.get_by_role("button", name=f"Make {other} primary").click()
    one.page.get_by_role("dialog").get_by_role("button", name="Make primary").click()
    expect(card.get_by_role("button", name=f"Remove {cast.alice.email}")).to_be_visible()
    expect(one.page.get_by_role("button", name="Look, settings")).to_contain_text(other)
    card.get_by_role("button", name=f"Remove {cast.alice.email}").click()
    one.page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(card.get_by_text(cast.alice.email)).to_be_hidden()
    found = alice.ok(alice.get(f"/users/{user_id_of(alice)}/addresses/"))["items"]
    assert [row["email"] for row in found] == [other]

    two = desk(cast.bob, path="/settings/profile")
    card = part(two.page, "E-mail addresses")
    expect(card.get_by_text("Your administrator can change them.")).to_be_visible()
    expect(card.get_by_role("button")).to_have_count(0)


def user_id_of(client: Client) -> str:
    return str(myself(client)["id"])


def test_a_recovery_address_is_proved_by_its_code(
    house: RunningHouse, alice: Client, cast: Cast, desk: Sit
) -> None:
    with outside(house, "outside.test") as peer:
        one = desk(cast.alice, path="/settings/profile")
        page = one.page
        page.get_by_role("button", name="Add an address").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("An address outside this server").fill("alice@outside.test")
        one.expect_fault("40[013]")
        dialog.get_by_role("button", name="Send a code").click()
        code = dialog.get_by_label("The code that went to")
        code.fill("0000-0000")
        dialog.get_by_role("button", name="Confirm").click()
        expect(code).to_have_attribute("aria-invalid", "true")
        until(lambda: len(peer.messages) > 0)
        found = CODE.search(peer.messages[0].decode())
        assert found is not None
        code.fill(found[1])
        dialog.get_by_role("button", name="Confirm").click()
        expect(page.get_by_text("a code goes to alice@outside.test")).to_be_visible()
        assert alice.ok(alice.get("/users/me/recovery-address/"))["email"] == "alice@outside.test"
        page.get_by_role("button", name="Remove the recovery address").click()
        page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        expect(page.get_by_text("You have none yet.")).to_be_visible()


def test_what_one_is_told_of_is_kept(alice: Client, cast: Cast, desk: Sit) -> None:
    one = desk(cast.alice, path="/settings/notifications")
    page = one.page
    page.get_by_role("radiogroup", name="New mail").get_by_text("All").click()
    page.get_by_role("switch", name="With a sound").click()
    until(lambda: myself(alice)["notifications"]["sound"] is False)
    assert myself(alice)["notifications"]["new_mail"] == "all"
    page.reload()
    expect(page.get_by_role("switch", name="With a sound")).not_to_be_checked()


def test_the_log_is_ones_own_and_narrowed(alice: Client, cast: Cast, desk: Sit) -> None:
    one = desk(cast.alice, path="/settings/security")
    log = part(one.page, "Your log")
    lines = log.get_by_role("list", name="Lines of your log").get_by_role("listitem")
    expect(lines.filter(has_text="Logged in").first).to_be_visible()
    alice.ok(alice.patch("/users/me/", {"title": "Postmistress"}))
    log.get_by_label("Kind").select_option("Profile")
    expect(lines).to_have_count(1)
    expect(lines.first).to_contain_text("The profile was changed")
    expect(lines.first).to_contain_text("fields: title")
    log.get_by_label("Outcome").select_option("Refused")
    expect(log.get_by_text("Nothing of that kind.")).to_be_visible()
    log.get_by_label("Outcome").select_option("Done")
    with one.page.expect_download() as saved:
        log.get_by_role("button", name="Save as CSV").click()
    text = saved.value.path().read_text()
    assert "profile.changed" in text and "login.ok" not in text


def test_settings_are_found_by_what_they_are_called(cast: Cast, desk: Sit) -> None:
    one = desk(cast.alice, path="/settings")
    page = one.page
    expect(page).to_have_url(f"{one.house.http}/settings/profile")
    page.get_by_role("searchbox", name="Search settings").fill("dark")
    page.get_by_role("link", name="Theme").click()
    expect(page).to_have_url(f"{one.house.http}/settings/appearance#theme")
    expect(page.locator("#setting-theme")).to_be_focused()
    page.get_by_role("searchbox", name="Search settings").fill("authenticator")
    page.get_by_role("link", name="Second factor").click()
    expect(page.locator("#setting-factors")).to_be_focused()
    page.get_by_role("searchbox", name="Search settings").fill("xyzzy")
    page.get_by_role("button", name="Show all settings").click()
    one.press("Escape", "Control+k")
    page.get_by_role("combobox", name="What do you want to do?").fill("settings mail")
    one.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Mail")).to_be_focused()
    page.goto(f"{one.house.http}/settings/nothing")
    expect(page.get_by_text("There is no such page")).to_be_visible()


def test_on_a_phone_the_list_is_a_page_of_its_own(cast: Cast, desk: Sit) -> None:
    one = desk(cast.alice, size="phone", has_touch=True)
    page = one.page
    one.go("/settings")
    expect(page.get_by_role("heading", level=1, name="Settings")).to_be_visible()
    assert axe_faults(page) == []
    page.get_by_role("link", name="Appearance").tap()
    expect(page.get_by_role("heading", level=1, name="Appearance")).to_be_visible()
    expect(page.get_by_role("searchbox", name="Search settings")).to_be_hidden()
    page.get_by_text("Dark", exact=True).tap()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert overflow(page) == 0
    page.get_by_role("link", name="Settings").tap()
    expect(page.get_by_role("link", name="Developer")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Appearance")).to_be_visible()


def test_a_part_of_imap_is_switched_off_for_a_mail_program(
    house: RunningHouse, alice: Client, cast: Cast, desk: Sit
) -> None:
    """From its next log-in on; the hints name the programs that are known for it."""

    def offered() -> set[bytes]:
        client = ImapClient(house.ports["imap"])
        client.log_in(cast.alice.email, cast.alice.password)
        words = set(client.ok(b"CAPABILITY").untagged[0].split())
        client.close()
        return words

    one = desk(cast.alice, path="/settings/mail")
    page, card = one.page, part(one.page, "When a mail program misbehaves")
    expect(card).to_contain_text("Outlook with Microsoft 365")
    uid_only = card.get_by_role("switch", name="UIDONLY")
    expect(uid_only).to_be_checked()
    uid_only.click()
    expect(uid_only).not_to_be_checked()
    card.get_by_role("button", name="Show the others").click()
    card.get_by_role("switch", name="CONDSTORE").click()
    expect(card.get_by_role("switch", name="QRESYNC")).to_be_disabled()
    until(lambda: alice.ok(alice.get("/me/"))["imap_off"] == ["CONDSTORE", "UIDONLY"])
    assert not offered() & {b"UIDONLY", b"CONDSTORE", b"QRESYNC"}
    assert axe_faults(page) == []

    page.reload()
    expect(uid_only).not_to_be_checked()
    expect(card.get_by_role("switch", name="CONDSTORE")).not_to_be_checked()
    uid_only.click()
    expect(uid_only).to_be_checked()
    until(lambda: alice.ok(alice.get("/me/"))["imap_off"] == ["CONDSTORE"])
    assert b"UIDONLY" in offered()

    one.expect_fault("500")
    page.route("**/api/v1/me/", lambda route: route.fulfill(status=500, json={"detail": "Not now."}))
    uid_only.click()
    expect(one.toast("Not changed.")).to_be_visible()
    expect(uid_only).to_be_checked()
