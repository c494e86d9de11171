"""Rules in the browser: written from an e-mail, previewed, applied to old mail and undone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.delivery.test_rules import FROM_ZOE, box, deliver, subjects, until
from tests.e2e.browser import axe_faults, overflow
from tests.e2e.conftest import Sit
from tests.house import RunningHouse

pytestmark = pytest.mark.e2e

ZOE = "zoe@outside.test"


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


def rules(client: Client) -> list[dict[str, object]]:
    return list(client.get("/rules/").json["items"])


def test_a_rule_begins_with_an_email_and_files_the_next(
    house: RunningHouse, cast: Cast, alice: Client, desk: Sit
) -> None:
    work = box(alice, "Work")
    for number in range(3):
        make.email(cast.alice, subject=f"Plates {number}")
    make.email(cast.alice, subject="Other", sender="yan@outside.test")
    one = desk(cast.alice)
    page = one.page
    one.row("Plates 2").click()
    one.thread.get_by_role("button", name="More about this mail").click()
    page.get_by_role("menuitem", name="Filter messages like this").click()
    form = page.get_by_role("form", name="Rule")
    first = form.get_by_role("group", name="Condition 1")
    expect(first.get_by_label("What is looked at")).to_have_value("from")
    expect(first.get_by_label("Text")).to_have_value(ZOE)
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_role("status")).to_have_text("It would have found 3.")
    expect(form.get_by_role("button", name="Save")).to_be_disabled()
    form.get_by_role("button", name="Add a condition").click()
    second = form.get_by_role("group", name="Condition 2")
    second.get_by_label("What is looked at").select_option("subject")
    second.get_by_label("How it is compared").select_option("does not contain")
    second.get_by_label("Text").fill("plates 1")
    expect(preview.get_by_role("status")).to_have_text("It would have found 2.")
    expect(preview).not_to_contain_text("Plates 1")
    form.get_by_label("Mailbox").select_option("Work")
    form.get_by_label("Name", exact=True).fill("Zoe's plates")
    one.shot("rules-editor")
    form.get_by_role("button", name="Save").click()
    listed = page.get_by_role("list", name="Rules").get_by_role("listitem")
    expect(listed).to_contain_text(f"When the sender is “{ZOE}” and the subject does not contain “plates 1”")
    deliver(house, cast.alice, subject="The next")
    assert subjects(alice, work) == ["The next"]
    one.mailbox("Work").click()
    one.row("The next").click()
    filed = one.thread.get_by_role("link", name="Zoe's plates")
    expect(one.thread.get_by_text("Filed by the rule")).to_be_visible()
    one.shot("rules-filed")
    filed.click()
    expect(page.get_by_role("heading", name="Zoe's plates")).to_be_visible()
    one.mailbox("Work").click()
    one.row("The next").click()
    one.thread.get_by_role("button", name="Why is this here?").click()
    why = page.get_by_role("dialog", name="Why is this here?")
    expect(why.get_by_text("The rule “Zoe's plates” filed it. It lies in Work.")).to_be_visible()
    expect(why.get_by_role("link", name="Change the rule")).to_be_visible()
    why.get_by_role("button", name="Move back to the inbox").click()
    until(lambda: subjects(alice, work) == [])


def test_applied_to_old_mail_and_undone(cast: Cast, alice: Client, desk: Sit) -> None:
    work = box(alice, "Work")
    for number in range(30):
        make.email(cast.alice, subject=str(number))
    action = {"do": "file", "mailbox_id": work}
    alice.ok(alice.post("/rules/", {"name": "Z", "conditions": [FROM_ZOE], "actions": [action]}), 201)
    one = desk(cast.alice, path="/settings/rules")
    page = one.page
    page.get_by_role("link", name="When the sender contains").click()
    page.get_by_role("button", name="Apply to old mail").click()
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    expect(page.get_by_text("30 e-mails were changed.")).to_be_visible()
    assert len(subjects(alice, work)) == 30
    one.shot("rules-applied")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("Undone: 30 e-mails are as they were.")).to_be_visible()
    assert subjects(alice, work) == []


def test_switched_and_put_in_order_by_keys(cast: Cast, alice: Client, desk: Sit) -> None:
    for name in ("First", "Second", "Third"):
        body = {"name": name, "conditions": [FROM_ZOE], "actions": [{"do": "star"}]}
        alice.ok(alice.post("/rules/", body), 201)
    one = desk(cast.alice, path="/settings/rules")
    page = one.page
    names = page.get_by_role("list", name="Rules").get_by_role("listitem")
    page.get_by_role("switch", name="Second is on").click()
    expect(page.get_by_role("switch", name="Second is on")).to_have_attribute("aria-checked", "false")
    page.get_by_role("button", name="Move Third up").focus()
    one.press("Enter")
    expect(names.nth(1)).to_contain_text("Third")
    one.press("Alt+ArrowUp")
    expect(names.nth(0)).to_contain_text("Third")
    names.nth(2).locator("[draggable]").drag_to(names.nth(0))
    expect(names.nth(0)).to_contain_text("Second")
    expect(names.nth(1)).to_contain_text("Third")
    page.reload()
    expect(names.nth(0)).to_contain_text("Second")
    assert [(r["name"], r["is_enabled"]) for r in rules(alice)] == [
        ("Second", False), ("Third", True), ("First", True),
    ]  # fmt: skip


def test_how_long_mail_is_kept_is_told_before_it_is_saved(cast: Cast, alice: Client, desk: Sit) -> None:
    box(alice, "News")
    one = desk(cast.alice, path="/settings/rules")
    page = one.page
    card = page.get_by_role("region", name="How long mail is kept")
    expect(card).to_contain_text("30 days")
    card.get_by_role("combobox", name="Another mailbox").select_option("News")
    card.get_by_role("button", name="Set").click()
    dialog = page.get_by_role("dialog", name="How long News keeps mail")
    expect(dialog.get_by_role("status")).to_have_text("Nothing is taken out.")
    dialog.get_by_role("combobox").select_option("14 days")
    expect(dialog.get_by_role("status")).to_have_text("Nothing that lies there now is as old.")
    dialog.get_by_role("button", name="Save").click()
    expect(card).to_contain_text("14 days")
    kept = {m["name"]: m["retention_days"] for m in alice.get("/mailboxes/").json["items"]}
    assert (kept["News"], kept["Trash"], kept["Inbox"]) == (14, 30, None)


LOOKS = [("wide", "light"), ("medium", "dark"), ("phone", "light"), ("phone", "dark")]


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_its_pages_fit_and_are_accessible(
    cast: Cast, alice: Client, desk: Sit, size: str, scheme: str
) -> None:
    long = "A name of a label that goes on and on and does not stop"
    action = {"do": "file", "mailbox_id": box(alice, long)}
    other = {
        "field": "header",
        "header": "X-A-Rather-Long-Name-Of-A-Field",
        "op": "matches",
        "value": "x" * 99,
    }
    for name in ("Short", "A rule with a name that goes on, and on, and does not stop where it should"):
        body = {"name": name, "conditions": [FROM_ZOE, other], "actions": [action, {"do": "read"}]}
        made = alice.ok(alice.post("/rules/", body), 201)["id"]
    alice.ok(alice.delete(f"/mailboxes/{action['mailbox_id']}/"), 204)
    for number in range(8):
        make.email(
            cast.alice, subject=f"{number} a subject that goes on, and on, and does not stop where it should"
        )
    one = desk(cast.alice, path="/settings/rules", size=size, color_scheme=scheme)
    page = one.page
    faults = []
    expect(page.get_by_role("list", name="Rules")).to_be_visible()
    faults += look(page, one, f"rules-{size}-{scheme}-list")
    one.go(f"/settings/rules/{made}")
    expect(page.get_by_role("form", name="Rule")).to_be_visible()
    page.get_by_role("button", name="Remove condition 2").click()
    expect(page.get_by_role("region", name="Preview").get_by_role("status")).to_have_text(
        "It would have found 8."
    )
    faults += look(page, one, f"rules-{size}-{scheme}-editor")
    assert faults == []


def look(page: Page, one: object, name: str) -> list[str]:
    page.wait_for_timeout(300)
    one.shot(name)  # type: ignore[attr-defined]
    inside = page.locator("#settings-page").evaluate("page => page.scrollWidth - page.clientWidth")
    wider = max(overflow(page), inside)
    return axe_faults(page) + ([f"{wider} px wider than the window"] if wider > 0 else [])
