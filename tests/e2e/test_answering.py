"""Answering: what was written arrives as it was written, can be taken back, and is never lost on the way."""

from __future__ import annotations

import email
import email.policy
import json
import re
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from tests import make
from tests.delivery.outside import inbox
from tests.delivery.test_read_receipts import wanted_mail
from tests.e2e.browser import Desk, prefer
from tests.e2e.conftest import Sit
from tests.peers.sink import Sink, sink

if TYPE_CHECKING:
    from tests.cast import Cast, Person
    from tests.house import RunningHouse

pytestmark = pytest.mark.e2e
EVERY_BYTE = bytes(range(256)) * 100
ASKED = "asked@outside.test"


def attach(desk: Desk, path: Path) -> None:
    with desk.page.expect_file_chooser(timeout=10_000) as chooser:
        desk.page.get_by_role("button", name="Attach files").click()
    chooser.value.set_files(path)
    expect(desk.page.get_by_role("list", name="Attachments").get_by_text(path.name)).to_be_visible()


def arrived(out: Sink, count: int) -> list[EmailMessage]:
    with out._news:
        assert out._news.wait_for(lambda: len(out.messages) >= count, timeout=15)
        raws = list(out.messages)
    return [email.message_from_bytes(raw, policy=email.policy.default) for raw in raws]


def waiting(house: RunningHouse, person: Person) -> Any:
    """What of a person's is on its way out, by the API."""
    token = post(f"{house.api}/auth/token/", {"email": person.email, "password": person.password})["access"]
    asked = Request(f"{house.api}/submissions/?state=active", headers={"Authorization": f"Bearer {token}"})
    return json.load(urlopen(asked, timeout=10))["items"]


def post(url: str, body: dict[str, str]) -> Any:
    asked = Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    return json.load(urlopen(asked, timeout=10))


def check_answer(message: EmailMessage) -> None:
    """The parts, the head and the file, as they left."""
    assert message["In-Reply-To"] == f"<{ASKED}>"
    assert f"<{ASKED}>" in message["References"]
    assert message["Subject"] == "Re: How many pears?"
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "Exactly twelve, please." in plain.get_content().replace("*", "")
    assert "<strong>twelve</strong>" in html.get_content()
    [attachment] = message.iter_attachments()
    assert attachment.get_filename() == "pears.bin"
    assert attachment.get_payload(decode=True) == EVERY_BYTE


def test_an_answer_arrives_inside_and_outside(
    house: RunningHouse, cast: Cast, desk: Sit, tmp_path: Path
) -> None:
    (tmp_path / "pears.bin").write_bytes(EVERY_BYTE)
    prefer(cast.alice, undo_send_seconds=1)
    make.email(
        cast.alice,
        subject="How many pears?",
        sender="Zoe Outside <zoe@pears.test>",
        text="Ten or twelve?\r\n",
        message_id=ASKED,
        headers=f"Cc: Bob <{cast.bob.email}>\r\n",
    )
    with sink() as out:
        out.keep_messages = True
        house.route("pears.test", "127.0.0.1", out.port)
        alice, bob = desk(cast.alice), desk(cast.bob)
        alice.open("How many pears?")
        alice.thread.get_by_role("button", name="Reply to all").click()
        expect(alice.answer.get_by_role("textbox", name="Message")).to_be_focused()
        alice.page.keyboard.type("Exactly ")
        alice.press("Control+b")
        alice.page.keyboard.type("twelve")
        alice.press("Control+b")
        alice.page.keyboard.type(", please.")
        attach(alice, tmp_path / "pears.bin")
        expect(alice.answer.get_by_role("status")).to_have_text("Saved")
        alice.shot("answer-inline")
        alice.answer.get_by_role("button", name="Send", exact=True).click()
        expect(alice.answer).to_be_hidden()

        expect(alice.thread.get_by_role("article")).to_have_count(2)
        expect(alice.thread.get_by_text("pears.bin")).to_be_visible()
        expect(bob.row("How many pears?")).to_be_visible()
        [message] = arrived(out, 1)
        check_answer(message)
        expect(alice.thread.get_by_role("button", name="Delivered")).to_be_visible()
        alice.shot("answer-sent")

    bob.open("How many pears?")
    body = bob.thread.get_by_title(f"Mail from {cast.alice.email}").content_frame
    expect(body.get_by_role("strong")).to_have_text("twelve")
    with bob.page.expect_download(timeout=10_000) as download:
        bob.thread.get_by_role("link", name="Download pears.bin").click()
    download.value.save_as(tmp_path / "got")
    assert (tmp_path / "got").read_bytes() == EVERY_BYTE
    # The thread is answered for alice, wherever she looks.
    alice.press("u")
    expect(alice.row("How many pears?").get_by_label("Answered")).to_be_visible()


def test_undo_brings_the_composer_back_and_nothing_is_sent(
    house: RunningHouse, cast: Cast, desk: Sit, tmp_path: Path
) -> None:
    (tmp_path / "list.bin").write_bytes(EVERY_BYTE)
    prefer(cast.alice, undo_send_seconds=30)
    alice, bob = desk(cast.alice), desk(cast.bob)
    alice.write(to=cast.bob.email, subject="Too soon", text="Not yet finished")
    attach(alice, tmp_path / "list.bin")
    alice.composer.get_by_role("button", name="Send", exact=True).click()
    expect(alice.composer).to_be_hidden()
    alice.undo()
    expect(alice.composer.get_by_role("textbox", name="Message")).to_have_text("Not yet finished")
    expect(alice.composer.get_by_role("textbox", name="Subject")).to_have_value("Too soon")
    expect(alice.composer.get_by_role("button", name=f"Remove {cast.bob.email}")).to_be_attached()
    expect(alice.composer.get_by_role("list", name="Attachments")).to_contain_text("list.bin")
    expect(alice.mailbox("Drafts")).to_contain_text("1 draft")
    assert waiting(house, cast.alice) == []
    # A later letter is there and this one is not.
    make.email(cast.bob, subject="Proof that news come")
    expect(bob.row("Proof that news come")).to_be_visible()
    expect(bob.rows).to_have_count(1)
    alice.mailbox("Sent").click()
    expect(alice.page.get_by_text("Sent is empty")).to_be_visible()


def test_a_draft_is_there_after_a_reload(cast: Cast, desk: Sit) -> None:
    alice = desk(cast.alice)
    alice.write(to="zoe@outside.test", subject="A long letter", text="It begins well.")
    expect(alice.composer.get_by_role("status")).to_have_text("Saved")
    expect(alice.mailbox("Drafts")).to_contain_text("1 draft")
    alice.page.reload()
    alice.is_synced()
    alice.mailbox("Drafts").click()
    alice.row("A long letter").click()
    expect(alice.composer.get_by_role("textbox", name="Message")).to_have_text("It begins well.")
    expect(alice.composer.get_by_role("textbox", name="Subject")).to_have_value("A long letter")
    expect(alice.composer.get_by_role("button", name="Remove zoe@outside.test")).to_be_attached()
    alice.composer.get_by_role("textbox", name="Message").press_sequentially("And so: ")
    expect(alice.composer.get_by_role("status")).to_have_text("Saved")
    alice.composer.get_by_role("button", name="Close and keep the draft").click()
    expect(alice.composer).to_be_hidden()
    expect(alice.rows).to_have_count(1)
    expect(alice.rows.first).to_contain_text("And so: It begins well.")


def test_a_forgotten_attachment_is_asked_about(cast: Cast, desk: Sit) -> None:
    alice = desk(cast.alice)
    alice.write(to=cast.bob.email, subject="The report", text="I have attached the report.")
    alice.composer.get_by_role("button", name="Send", exact=True).click()
    question = alice.page.get_by_role("dialog", name="Before this goes out")
    expect(question).to_contain_text("none is attached")
    alice.shot("forgotten-attachment")
    question.get_by_role("button", name="Go back").click()
    expect(question).to_be_hidden()
    expect(alice.composer.get_by_role("textbox", name="Message")).to_have_text("I have attached the report.")


def test_tab_goes_from_to_by_the_subject_into_the_text(cast: Cast, desk: Sit) -> None:
    alice = desk(cast.alice)
    alice.press("c")
    to, subject, text = (
        alice.composer.get_by_role("combobox", name="To"),
        alice.composer.get_by_role("textbox", name="Subject"),
        alice.composer.get_by_role("textbox", name="Message"),
    )
    expect(to).to_be_focused()
    alice.press("Tab")
    expect(subject).to_be_focused()
    alice.press("Tab")
    expect(text).to_be_focused()
    alice.press("Shift+Tab", "Shift+Tab", "Shift+Tab")
    expect(alice.composer.get_by_role("button", name="Bcc", exact=True)).to_be_focused()


def test_keys_open_cc_and_bcc_and_come_back_to_them(cast: Cast, desk: Sit) -> None:
    alice = desk(cast.alice)
    alice.press("c")
    expect(alice.composer.get_by_role("combobox", name="To")).to_be_focused()
    cc, bcc = (alice.composer.get_by_role("combobox", name=name, exact=True) for name in ("Cc", "Bcc"))
    alice.press("Control+Shift+B")
    expect(bcc).to_be_focused()
    expect(cc).to_have_count(0)
    text = alice.composer.get_by_role("textbox", name="Message")
    text.focus()
    alice.press("Control+Shift+C")
    expect(cc).to_be_focused()
    text.focus()
    alice.press("Control+Shift+C")
    expect(cc).to_be_focused()
    alice.press("Tab")
    expect(bcc).to_be_focused()
    text.focus()
    alice.press("Control+Shift+9")
    alice.page.keyboard.type("Quoted")
    expect(text.get_by_role("blockquote")).to_have_text("Quoted")


def test_the_sheet_of_keys_tells_those_of_the_composer(cast: Cast, desk: Sit) -> None:
    alice = desk(cast.alice)
    alice.press("?")
    sheet = alice.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet.locator("div", has_text=re.compile(r"^To CcCtrl\+Shift\+C$"))).to_be_visible()
    alice.shot("keys")


def test_a_receipt_is_asked_for_and_given_only_on_a_word(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    prefer(cast.alice, undo_send_seconds=0)
    alice, bob = desk(cast.alice), desk(cast.bob)
    alice.write(to=cast.bob.email, subject="Hay for Monday", text="Is there enough?")
    alice.composer.get_by_role("button", name="Receipts").click()
    menu = alice.page.get_by_role("menu", name="Receipts")
    alice.shot("receipts-menu")
    menu.get_by_role("menuitemcheckbox", name="Ask whether it was read").click()
    expect(alice.composer.get_by_role("button", name="Receipts: asked for")).to_be_visible()
    alice.composer.get_by_role("button", name="Send", exact=True).click()
    expect(alice.composer).to_be_hidden()

    bob.open("Hay for Monday")
    asked = bob.thread.get_by_text(f"{cast.alice.email} asks to be told that you have read this.")
    expect(asked).to_be_visible()
    bob.shot("receipt-asked")
    assert inbox(cast.alice) == []
    bob.thread.get_by_role("button", name="Send a receipt").click()
    expect(asked).to_be_hidden()
    expect(alice.row("Read: Hay for Monday")).to_be_visible()


def test_who_never_answers_is_not_asked(cast: Cast, desk: Sit) -> None:
    prefer(cast.alice, read_receipts="never")
    make.email(cast.alice, wanted_mail(cast.alice))
    alice = desk(cast.alice)
    alice.open("Plates")
    expect(alice.thread.get_by_role("article")).to_have_count(1)
    expect(alice.thread.get_by_text("asks to be told")).to_have_count(0)
