"""Templates and signatures in the browser, put in while one writes; rules that send."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.delivery.outside import bytes_of, outside
from tests.delivery.test_forwarding import forward
from tests.delivery.test_rules_that_send import template
from tests.delivery.test_vacation import deliver, idle
from tests.e2e.browser import axe_faults, overflow
from tests.e2e.conftest import Sit
from tests.house import RunningHouse

pytestmark = pytest.mark.e2e


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


def test_a_template_is_written_and_put_into_a_mail(
    house: RunningHouse, cast: Cast, alice: Client, desk: Sit
) -> None:
    one = desk(cast.alice, path="/settings/mail")
    page = one.page
    card = page.get_by_role("region", name="Templates", exact=True)
    card.get_by_role("button", name="Add a template").click()
    form = card.get_by_role("form", name="New template")
    form.get_by_label("Name").fill("Thanks")
    form.get_by_label("Subject").fill("For {{first_name|you}}")
    form.get_by_role("textbox", name="Template").fill("Dear {{name}}, we have got it.")
    one.shot("template-form")
    assert axe_faults(page) == []
    form.get_by_role("button", name="Save").click()
    listed = card.get_by_role("list", name="Templates").get_by_role("listitem")
    expect(listed).to_contain_text("Thanks")
    signatures = page.get_by_role("region", name="Signatures to choose from")
    signatures.get_by_role("button", name="Add a signature").click()
    form = signatures.get_by_role("form", name="New signature")
    form.get_by_label("Name").fill("Brief")
    form.get_by_label(cast.alice.email).check()
    form.get_by_role("textbox", name="Signature").fill("A. at the inn")
    form.get_by_role("button", name="Save").click()
    expect(signatures.get_by_role("list", name="Signatures")).to_contain_text("Brief")
    alice.ok(alice.post("/signatures/", {"name": "Long", "html": "<p>Alice Moreau</p>"}), 201)
    one.shot("templates")

    one.go("/")
    one.is_synced()
    one.press("c")
    text = one.composer.get_by_role("textbox", name="Message")
    expect(text).to_contain_text("A. at the inn")
    one.composer.get_by_role("combobox", name="To").fill("Zoe Outside <zoe@outside.test>,")
    text.click()
    page.keyboard.press("Control+;")
    menu = page.get_by_role("menu", name="Templates and signatures")
    one.shot("template-menu")
    menu.get_by_role("menuitem", name="Thanks").press("Enter")
    expect(one.composer.get_by_label("Subject")).to_have_value("For Zoe")
    expect(text).to_contain_text("Dear Zoe Outside, we have got it.")
    expect(text).to_be_focused()
    one.composer.get_by_role("button", name="Templates and signatures").click()
    menu.get_by_role("menuitem", name="Long").click()
    expect(text).to_contain_text("Alice Moreau")
    expect(text).not_to_contain_text("A. at the inn")
    page.keyboard.type("Yes. ")
    one.shot("template-put")
    with outside(house, "outside.test") as peer:
        page.keyboard.press("Control+Enter")
        idle_until_sent(peer)
        sent = bytes_of(peer.messages[0])
    assert (
        b"Subject: For Zoe" in sent and b"Dear Zoe Outside" in sent and b"\r\n--=20\r\nAlice Moreau" in sent
    )


def idle_until_sent(peer: object) -> None:
    from tests.delivery.outside import until

    until(lambda: peer.messages, seconds=30)  # type: ignore[attr-defined]


def test_what_is_not_filled_is_asked_about(cast: Cast, alice: Client, desk: Sit) -> None:
    template(alice)
    one = desk(cast.alice)
    one.press("c")
    text = one.composer.get_by_role("textbox", name="Message")
    text.click()
    one.page.keyboard.press("Control+;")
    one.page.get_by_role("menuitem", name="Thanks").click()
    expect(text).to_contain_text("Dear {{name}},")
    one.composer.get_by_role("combobox", name="To").fill("zoe@outside.test,")
    text.click()
    one.page.keyboard.press("Control+Enter")
    dialog = one.page.get_by_role("dialog", name="Before this goes out")
    expect(dialog).to_contain_text("is not filled in")
    dialog.get_by_role("button", name="Go back").click()


def test_a_rule_that_forwards_and_answers_is_written_and_previewed(
    house: RunningHouse, cast: Cast, alice: Client, desk: Sit
) -> None:
    template(alice)
    with outside(house, "away.test") as peer:
        forward(alice, peer, is_enabled=False)
        deliver(house, cast.alice, subject="A bill")
        idle()
        one = desk(cast.alice, path="/settings/rules/new")
        page = one.page
        form = page.get_by_role("form", name="Rule")
        condition = form.get_by_role("group", name="Condition 1")
        condition.get_by_label("What is looked at").select_option("subject")
        condition.get_by_label("Text").fill("bill")
        first = form.get_by_role("group", name="Action 1")
        first.get_by_label("What is done").select_option("forward it to")
        first.get_by_label("Where it goes").select_option("alice@away.test")
        form.get_by_role("button", name="Add an action").click()
        second = form.get_by_role("group", name="Action 2")
        second.get_by_label("What is done").select_option("answer with")
        second.get_by_label("Template").select_option("Thanks")
        preview = page.get_by_role("region", name="Preview")
        expect(preview).to_contain_text("on to alice@away.test · answered")
        one.shot("rule-sends")
        assert axe_faults(page) == [] and overflow(page) == 0
        form.get_by_role("button", name="Save").click()
        listed = page.get_by_role("list", name="Rules").get_by_role("listitem")
        expect(listed).to_contain_text("forward it to alice@away.test, answer with “Thanks”")
        deliver(house, cast.alice, subject="The next bill")
        idle()
        assert b"The next bill" in peer.messages[-1]


@pytest.mark.parametrize("size", ["medium", "phone"])
def test_the_lists_fit(cast: Cast, alice: Client, desk: Sit, size: str) -> None:
    template(alice, name="Words " * 15, html="<p>Many words</p>" * 20)
    alice.ok(alice.post("/signatures/", {"name": "Long " * 15, "html": "<p>Alice Moreau</p>" * 20}), 201)
    one = desk(cast.alice, path="/settings/mail", size=size)
    expect(one.page.get_by_role("list", name="Templates")).to_be_visible()
    one.shot(f"templates-{size}")
    assert overflow(one.page) == 0 and axe_faults(one.page) == []
