"""The organisation's administration in the browser: for whom there is something in it, and for nobody else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import make
from tests.api.client import Client, log_in
from tests.cast import PASSWORD, Cast, Person, person
from tests.e2e.browser import Desk
from tests.e2e.conftest import Sit
from tests.e2e.test_look import Look
from tests.house import RunningHouse

pytestmark = pytest.mark.e2e


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    from posthouse.base import limits

    limits.limiter.reset()
    return log_in(house, cast.alice)


def open_section(desk: Desk, name: str) -> Page:
    """By the ways a person has: the menu, then the list of sections."""
    page = desk.page
    page.get_by_role("button", name=re.compile("Look, settings, log out")).click()
    page.get_by_role("menuitem", name="Organisation").click()
    page.get_by_role("navigation", name="Sections").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    return page


def row(page: Page, text: str, table: str | None = None) -> Locator:
    where = page.get_by_role("table", name=table) if table else page.get_by_role("table")
    return where.get_by_role("row").filter(has_text=text)


def choose(page: Page, label: str, text: str) -> None:
    """Finds somebody by some letters, and takes what is found by the keyboard."""
    field = page.get_by_role("combobox", name=label)
    field.press_sequentially(text)
    expect(page.get_by_role("listbox", name=label).get_by_role("option")).to_have_count(1)
    field.press("Enter")
    expect(field).to_have_value("")


# --- people -------------------------------------------------------------------------------------


def test_a_person_is_added_and_comes_in(cast: Cast, desk: Sit) -> None:
    one = desk(cast.alice)
    page = open_section(one, "People")
    page.get_by_role("button", name="Add a person").click()
    dialog = page.get_by_role("dialog", name="Add a person")
    dialog.get_by_label("Name", exact=True).fill("Carol Nakamura")
    dialog.get_by_label("Address").fill("bob")
    one.expect_fault("409")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_text("is here already")).to_be_visible()
    expect(dialog.get_by_label("Address")).to_be_focused()
    dialog.get_by_label("Address").fill("carol")
    dialog.get_by_label("Role").select_option(label="Guest")
    dialog.get_by_role("button", name="Add", exact=True).click()
    shown = page.get_by_role("dialog", name=f"carol@{cast.domain} is here")
    password = shown.get_by_role("listitem").inner_text()
    shown.get_by_role("button", name="Done").click()
    expect(row(page, "Carol Nakamura")).to_contain_text("Guest")

    carol = desk(Person(f"carol@{cast.domain}", "Carol", 0, password))
    expect(carol.page).to_have_url(re.compile("/mail/inbox$"))


def test_people_are_found_switched_off_and_had_back(cast: Cast, desk: Sit) -> None:
    for number in range(60):
        person(f"P{number:02}", cast.domain)
    one = desk(cast.alice)
    page = open_section(one, "People")
    expect(page.get_by_role("row")).to_have_count(51)
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_role("row")).to_have_count(63)
    page.get_by_label("Find by name or address").fill("bo")
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page).to_have_url(re.compile("q=bo"))
    page.reload()
    expect(page.get_by_label("Find by name or address")).to_have_value("bo")
    menu = page.get_by_role("button", name="What to do with Bob")
    menu.click()
    page.get_by_role("menuitem", name="Switch off").click()
    expect(page.get_by_text("Nobody fits")).to_be_visible()
    expect(one.toast("Bob is switched off.")).to_be_visible()
    expect(page.get_by_role("main")).to_be_focused()
    one.undo()
    expect(row(page, "Bob")).to_be_visible()

    menu.click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(one.toast("Bob is deleted.")).to_be_visible()
    state = page.get_by_role("combobox", name="State")
    state.select_option(label="Switched off or deleted")
    expect(row(page, "Bob")).to_contain_text("Deleted")
    state.select_option(label="Everybody")
    expect(row(page, "Bob")).to_contain_text("Deleted")
    menu.click()
    page.get_by_role("menuitem", name="Restore").click()
    expect(row(page, "Bob")).not_to_contain_text("Deleted")
    menu.click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(row(page, "Bob")).to_contain_text("Deleted")
    row(page, "Bob").get_by_role("link", name="Bob").click()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("button", name="Delete", exact=True)).to_be_visible()
    bob = desk(cast.bob)
    bob.is_synced()


def test_a_person_has_a_name_a_role_and_addresses(cast: Cast, desk: Sit, alice: Client) -> None:
    one = desk(cast.alice)
    page = open_section(one, "People")
    row(page, "Bob").get_by_role("link", name="Bob").click()
    page.get_by_label("Name", exact=True).fill("Bob Lindqvist")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Bob Lindqvist", level=1)).to_be_visible()
    page.get_by_label("Role", exact=True).select_option(label="Administrator")
    expect(one.toast("another role")).to_be_visible()
    one.undo()
    expect(page.get_by_label("Role", exact=True)).to_have_value("member")
    page.get_by_role("button", name="Add an address").click()
    dialog = page.get_by_role("dialog", name="Add an address")
    dialog.get_by_label("Address").fill("robert")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(row(page, f"robert@{cast.domain}")).to_be_visible()
    page.get_by_role("button", name=f"Use for log-in: robert@{cast.domain}").click()
    expect(row(page, f"robert@{cast.domain}")).to_contain_text("Log-in")
    page.get_by_role("button", name=f"Remove {cast.bob.email}").click()
    expect(row(page, cast.bob.email)).to_have_count(0)
    found = alice.ok(alice.post("/users/search/", {"q": "robert@"}))["items"]
    assert [(one["name"], one["role"]) for one in found] == [("Bob Lindqvist", "member")]


# --- groups, roles, accounts --------------------------------------------------------------------


def test_a_group_is_made_and_filled(cast: Cast, desk: Sit, alice: Client) -> None:
    alice.ok(alice.post("/groups/", {"name": "Night shift"}), 201)
    one = desk(cast.alice)
    page = open_section(one, "Groups")
    page.get_by_role("button", name="Make a group").click()
    dialog = page.get_by_role("dialog", name="Make a group")
    dialog.get_by_label("Name", exact=True).fill("night shift")
    one.expect_fault("409")
    dialog.get_by_role("button", name="Make it").click()
    expect(dialog.get_by_text("There is a group of this name already.")).to_be_visible()
    dialog.get_by_label("Name", exact=True).fill("Support")
    dialog.get_by_label("Address").fill("support")
    dialog.get_by_label("Who may write to it").select_option(label="Members only")
    dialog.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", name="Support", level=1)).to_be_visible()

    choose(page, "Add a person or a group", "bob")
    expect(row(page, "Bob", "Members")).to_be_visible()
    page.get_by_role("checkbox", name="Manager: Bob").check()
    expect(one.toast("Bob manages Support now.")).to_be_visible()
    choose(page, "Add a person or a group", "night")
    inside = page.get_by_role("list", name="Groups in it")
    expect(inside).to_contain_text("Night shift")
    page.get_by_role("button", name="Remove Bob").click()
    expect(one.toast("Bob is not in Support any more.")).to_be_visible()
    expect(row(page, "Bob", "Members")).to_have_count(0)
    one.undo()
    expect(page.get_by_role("checkbox", name="Manager: Bob")).to_be_checked()
    (made,) = [each for each in alice.get("/groups/").json["items"] if each["name"] == "Support"]
    assert (made["address"], made["posting"], made["members"], len(made["groups"])) == (
        f"support@{cast.domain}", "members", 2, 1,
    )  # fmt: skip
    inside.get_by_role("button", name="Take out: Night shift").click()
    expect(inside).to_have_count(0)
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog", name="Delete").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="Groups", level=1)).to_be_visible()
    expect(row(page, "Support")).to_have_count(0)


def test_a_role_shows_its_people_what_it_holds_and_no_more(cast: Cast, desk: Sit) -> None:
    one = desk(cast.alice)
    page = open_section(one, "Roles")
    page.get_by_role("button", name="Make a role").click()
    dialog = page.get_by_role("dialog", name="Make a role")
    dialog.get_by_label("Name", exact=True).fill("Helpdesk")
    for meaning in ("Invite people.", "Read what everybody of the organisation did."):
        dialog.get_by_label(meaning).check()
    dialog.get_by_role("button", name="Make it").click()
    expect(row(page, "Helpdesk")).to_contain_text("5 permissions")
    page.get_by_role("button", name="Owner").click()
    owner = page.get_by_role("dialog", name="Owner")
    expect(owner.get_by_label("Make and unmake owners.")).to_be_disabled()
    owner.get_by_role("button", name="Close").last.click()
    page = open_section(one, "People")
    row(page, "Bob").get_by_role("link", name="Bob").click()
    page.get_by_label("Role", exact=True).select_option(label="Helpdesk")
    expect(one.toast("another role")).to_be_visible()

    bob = desk(cast.bob)
    bob.page.get_by_role("button", name=re.compile("Look, settings, log out")).click()
    bob.page.get_by_role("menuitem", name="Organisation").click()
    links = bob.page.get_by_role("navigation", name="Sections").get_by_role("link")
    expect(links).to_have_text(["Invitations", "Log"])
    bob.go("/organisation/people")
    expect(bob.page.get_by_text("There is no such page")).to_be_visible()
    bob.go("/")
    bob.is_synced()
    bob.press("Control+k")
    bob.page.get_by_role("combobox", name="What do you want to do?").fill("organisation")
    expect(bob.page.get_by_role("option")).to_have_text(["Organisation: Invitations", "Organisation: Log"])
    bob.press("Enter")
    expect(bob.page.get_by_role("heading", name="Invitations", level=1)).to_be_visible()

    one.expect_fault("409")
    page = open_section(one, "Roles")
    page.get_by_role("button", name="Delete Helpdesk").click()
    expect(one.toast("Somebody has this role")).to_be_visible()


def test_whoever_manages_nothing_finds_nothing(cast: Cast, desk: Sit) -> None:
    bob = desk(cast.bob)
    bob.page.get_by_role("button", name=re.compile("Look, settings, log out")).click()
    expect(bob.page.get_by_role("menuitem", name="Settings")).to_be_visible()
    expect(bob.page.get_by_role("menuitem", name="Organisation")).to_have_count(0)
    bob.press("Escape")
    bob.press("Control+k")
    bob.page.get_by_role("combobox", name="What do you want to do?").fill("organisation")
    expect(bob.page.get_by_text("No command of that name.")).to_be_visible()
    said = []
    for path in ("/nowhere", "/organisation", "/organisation/people", "/organisation/audit"):
        bob.go(path)
        expect(bob.page.get_by_text("There is no such page")).to_be_visible()
        said.append(bob.page.locator("body").inner_text())
    assert set(said) == {said[0]}


def test_keys_of_the_mail_do_nothing_here(cast: Cast, desk: Sit) -> None:
    make.email(cast.alice, subject="Stay where you are")
    one = desk(cast.alice)
    one.open("Stay where you are")
    page = open_section(one, "Groups")
    page.get_by_role("heading", name="Groups", level=1).click()
    one.press("#", "e", "!")
    one.press("Control+k")
    page.get_by_role("combobox", name="What do you want to do?").fill("trash")
    expect(page.get_by_role("option")).to_have_text(["Go to Trash"])
    one.press("Escape")
    one.mailbox("Inbox").click()
    expect(one.row("Stay where you are")).to_be_visible()


def test_a_shared_account_is_lent_and_closed(cast: Cast, desk: Sit, alice: Client) -> None:
    one = desk(cast.alice)
    page = open_section(one, "Shared accounts")
    page.get_by_role("button", name="Make one").click()
    dialog = page.get_by_role("dialog", name="Make a shared account")
    dialog.get_by_label("Name", exact=True).fill("Billing")
    dialog.get_by_label("Address").fill("billing")
    dialog.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", name="Billing", level=1)).to_be_visible()
    page.get_by_label("To", exact=True).select_option(label="Read")
    choose(page, "Let in a person or a group", "bob")
    expect(page.get_by_label("What Bob may")).to_have_value("read")
    page.get_by_label("What Bob may").select_option(label="Read and draft")
    expect(one.toast("Bob may now: Read and draft.")).to_be_visible()
    bob = log_in(one.house, cast.bob)
    rights = {each["email"]: each["right"] for each in bob.get("/accounts/").json["items"]}
    assert rights[f"billing@{cast.domain}"] == "draft"
    page.get_by_role("button", name="Shut Bob out").click()
    expect(page.get_by_label("What Bob may")).to_have_count(0)
    page.get_by_role("button", name="Close it").click()
    page.get_by_role("dialog", name="Close it").get_by_role("button", name="Close it").click()
    expect(page.get_by_text("There are no shared accounts yet")).to_be_visible()


# --- domains, policies, log-in, log -------------------------------------------------------------


def test_a_domain_is_claimed_and_says_what_to_publish(cast: Cast, desk: Sit) -> None:
    one = desk(cast.alice, permissions=["clipboard-read", "clipboard-write"])
    page = open_section(one, "Domains")
    page.get_by_role("button", name="Add a domain").click()
    dialog = page.get_by_role("dialog", name="Add a domain")
    one.expect_fault("40[09]")
    dialog.get_by_label("Domain").fill("no domain")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_label("Domain")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("Domain").fill(f"new.{cast.domain}")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("To be proved")).to_be_visible()
    page.get_by_role("button", name=f"Copy the value of TXT _posthouse.new.{cast.domain}").click()
    expect(one.toast("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").startswith("posthouse-domain=")
    page.get_by_role("button", name="Look for it now").click()
    expect(page.get_by_text("The DNS does not have the record")).to_be_visible()
    page.get_by_role("link", name="Domains").first.click()
    row(page, cast.domain).filter(has_text="In use").get_by_role("link").click()
    page.get_by_label("Goes to").fill(cast.bob.email)
    page.get_by_role("button", name="Save").click()
    expect(one.toast("What is for nobody goes there.")).to_be_visible()
    page.get_by_role("link", name="Domains").first.click()
    expect(row(page, "In use")).to_contain_text(cast.bob.email)


def test_policies_say_who_comes_in_and_how(cast: Cast, desk: Sit, alice: Client) -> None:
    one = desk(cast.alice)
    page = open_section(one, "Policies")
    form = page.get_by_role("form", name="Who may make an account")
    form.get_by_label("Who has an address in certain domains").check()
    form.get_by_label("Domains outside this server").first.fill("Partner.test")
    form.get_by_role("button", name="Add").click()
    form.get_by_label("What they are at first").select_option(label="Member")
    form.get_by_role("button", name="Save").click()
    expect(one.toast("Saved.")).to_be_visible()
    form = page.get_by_role("form", name="Passwords and second factors")
    form.get_by_label("A password has at least").fill("15")
    form.get_by_role("button", name="Save").click()
    expect(one.toast("Saved.")).to_have_count(2)
    kept = alice.get("/organisation/").json
    assert (kept["sign_up"], kept["sign_up_domains"], kept["sign_up_role"], kept["min_password"]) == (
        "domain", ["partner.test"], "member", 15,
    )  # fmt: skip


def forget_proofs(who: Person) -> None:
    """As if ten minutes had passed since they logged in."""
    from posthouse.base import db, sql

    @db.action
    def forget() -> None:
        sql.run("UPDATE identity_session SET proved_at = NULL WHERE user_id = %s", [who.actor.user_id])

    forget()


def test_an_outside_log_in_wants_a_fresh_proof(cast: Cast, desk: Sit) -> None:
    one = desk(cast.alice)
    page = open_section(one, "Outside log-in")
    forget_proofs(cast.alice)
    page.get_by_role("button", name="Add a provider").click()
    dialog = page.get_by_role("dialog", name="Add a provider")
    for label, value in (
        ("Name", "Ours"), ("Issuer", "ftp://id.partner.test"), ("Client id", "posthouse"), ("Client secret", "s3cret"),
    ):  # fmt: skip
        dialog.get_by_label(label, exact=True).fill(value)
    one.expect_fault("40[03]")
    dialog.get_by_role("button", name="Add", exact=True).click()
    proof = page.get_by_role("dialog", name="Is it you?")
    proof.get_by_label("Password").fill(PASSWORD)
    proof.get_by_role("button", name="Go on").click()
    expect(dialog.get_by_text("An issuer is an address such as")).to_be_visible()
    expect(dialog.get_by_label("Issuer")).to_be_focused()
    dialog.get_by_label("Issuer").fill("https://id.partner.test")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(row(page, "Ours")).to_contain_text("https://id.partner.test")
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog", name="Remove").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No outside log-in")).to_be_visible()


def test_the_log_is_narrowed_looked_at_and_taken_along(cast: Cast, desk: Sit, tmp_path: Path) -> None:
    log_in(desk().house, cast.bob)
    one = desk(cast.alice)
    page = open_section(one, "People")
    row(page, "Bob").get_by_role("link", name="Bob").click()
    page.get_by_role("link", name="Show").click()
    expect(page.get_by_role("heading", name="Log", level=1)).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("button", name="Logged in").click()
    line = page.get_by_role("dialog", name="Logged in")
    expect(line).to_contain_text("login.ok")
    expect(line).to_contain_text(cast.bob.email)
    line.get_by_role("button", name="Close").last.click()
    page.get_by_role("button", name="Not only Bob").click()
    page.get_by_label("What").select_option(label="Log-ins")
    expect(row(page, cast.alice.email).first).to_be_visible()
    page.get_by_label("Outcome").select_option(label="Refused")
    expect(page.get_by_text("No line fits")).to_be_visible()
    page.get_by_role("button", name="Show everything").click()
    expect(row(page, cast.bob.email).first).to_be_visible()
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name="As JSON lines").click()
    kept = tmp_path / "log.jsonl"
    waiting.value.save_as(kept)
    acts = [json.loads(text)["act"] for text in kept.read_text().splitlines()]
    assert acts[0] in {"audit.exported", "login.ok"}
    assert "user.added" in acts


# --- how it looks -------------------------------------------------------------------------------

SECTIONS = ["people", "groups", "accounts", "invitations", "roles", "domains", "policies", "log-in", "audit"]


def furnish(alice: Client, cast: Cast) -> None:
    person("Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh", cast.domain)
    name = "A group whose name goes on and on and does not stop where it should have stopped"
    made = alice.ok(alice.post("/groups/", {"name": name, "address": f"support@{cast.domain}"}), 201)
    inner = alice.ok(alice.post("/groups/", {"name": "Night shift"}), 201)
    alice.ok(alice.send("PUT", f"/groups/{made['id']}/groups/{inner['id']}/"), 204)
    account = alice.ok(alice.post("/accounts/", {"name": "Billing", "email": f"billing@{cast.domain}"}), 201)
    path = f"/accounts/{account['id']}/grants/"
    alice.ok(alice.post(path, {"group_id": made["id"], "right": "admin"}), 201)
    local = "a-rather-long-name-of-somebody-outside"
    alice.ok(alice.post("/invitations/", {"email": f"{local}@a-rather-long-domain.outside.test"}), 201)
    alice.ok(alice.post("/roles/", {"name": "Helpdesk", "permissions": ["users.invite"]}), 201)
    alice.ok(alice.post("/domains/", {"name": f"claimed.{cast.domain}"}), 201)


@pytest.mark.parametrize(
    ("size", "scheme"), [("wide", "light"), ("medium", "dark"), ("phone", "light"), ("phone", "dark")]
)
def test_pages_fit_and_are_accessible(cast: Cast, desk: Sit, alice: Client, size: str, scheme: str) -> None:
    furnish(alice, cast)
    one = desk(cast.alice, size=size, color_scheme=scheme, reduced_motion="reduce")
    page = one.page
    look = Look(one, f"organisation-{size}-{scheme}", asks_axe=True)
    one.go("/organisation")
    expect(page.get_by_role("link", name="Policies")).to_be_visible()
    look.at("index")
    for section in SECTIONS:
        one.go(f"/organisation/{section}")
        main = page.get_by_role("main", name="Organisation")
        expect(main.get_by_role("heading", level=1)).to_be_visible()
        expect(main.get_by_role("status", name="Loading")).to_have_count(0)
        look.at(section)
        links = main.get_by_role("table").get_by_role("link")
        if section in ("people", "groups", "accounts", "domains"):
            links.last.click()
            expect(main.get_by_role("heading", name="More")).to_be_visible()
            expect(main.get_by_role("status", name="Loading")).to_have_count(0)
            look.at(f"{section}-one")
    one.go("/organisation/roles")
    page.get_by_role("button", name="Make a role").click()
    expect(page.get_by_role("dialog").get_by_label("Invite people.")).to_be_visible()
    look.at("role")
    assert look.faults == []


# --- refused mail -------------------------------------------------------------------------------


def test_who_misses_a_letter_finds_that_it_was_refused_and_why(
    house: RunningHouse, cast: Cast, desk: Sit
) -> None:
    from tests.smtpd.test_turned_away import door, refused, stranger, until

    with door(house) as port, stranger(port) as client:
        client.rcpt(f"alise@{cast.domain}")
        client.rcpt(f"bobby@{cast.domain}")
        client.rcpt(f"bobby@{cast.domain}")
    until(lambda: len(refused(house, cast.alice)["items"]) == 2)
    page = open_section(desk(cast.alice), "Refused mail")
    expect(row(page, "alise@")).to_contain_text("Nobody of that name")
    expect(row(page, "bobby@")).to_contain_text("2 times")
    page.get_by_role("searchbox", name="Find by sender, recipient or server").fill("ALISE")
    expect(row(page, "bobby@")).to_have_count(0)
    page.get_by_role("button", name=f"alise@{cast.domain}").click()
    dialog = page.get_by_role("dialog", name="Nobody of that name")
    expect(dialog).to_contain_text("550 5.1.1 No such person here")
    expect(dialog).to_contain_text("Give the address to a person")
    page.keyboard.press("Escape")
    page.get_by_role("searchbox").fill("nothing like this")
    expect(page.get_by_text("Nothing fits")).to_be_visible()
