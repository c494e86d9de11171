"""Leaving a list in the browser: one click that the server makes, a mail, a page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests import make
from tests.api.client import log_in
from tests.cast import Cast
from tests.delivery.outside import bytes_of, outside
from tests.delivery.test_leaving import BODY, deliver, listed
from tests.delivery.test_vacation import idle
from tests.e2e.browser import axe_faults
from tests.e2e.conftest import Sit
from tests.hooks_sink import open_sink
from tests.house import RunningHouse
from tests.wire.mime.test_unsubscribe import POST

pytestmark = pytest.mark.e2e


def test_one_click_leaves_and_says_so(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    with open_sink() as sink:
        deliver(house, cast, log_in(house, cast.alice), listed(sink.url), POST, subject="News")
        one = desk(cast.alice)
        page = one.page
        one.row("News").click()
        one.thread.get_by_role("button", name="Unsubscribe").click()
        dialog = page.get_by_role("dialog", name="Unsubscribe from this list")
        expect(dialog).to_contain_text("127.0.0.1 is told that you want no more of it.")
        one.shot("unsubscribe")
        assert axe_faults(page) == []
        dialog.get_by_role("button", name="Unsubscribe").click()
        expect(one.thread.get_by_text("Unsubscribed")).to_be_visible()
        expect(one.thread.get_by_role("button", name="Unsubscribe")).to_have_count(0)
        assert [told.body for told in sink.told] == [BODY]


def test_a_mail_leaves_and_a_page_is_opened_by_oneself(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    mailto = "List-Unsubscribe: <mailto:leave@outside.test?subject=leave>\r\n"
    make.email(cast.alice, subject="By mail", headers=mailto)
    make.email(cast.alice, subject="By page", headers="List-Unsubscribe: <https://news.test/x>\r\n")
    make.email(cast.alice, subject="No list")
    one = desk(cast.alice)
    with outside(house, "outside.test") as peer:
        one.row("By mail").click()
        one.thread.get_by_role("button", name="Unsubscribe").click()
        dialog = one.page.get_by_role("dialog")
        expect(dialog).to_contain_text("A mail from you goes to leave@outside.test.")
        dialog.get_by_role("button", name="Unsubscribe").click()
        expect(one.thread.get_by_text("Unsubscribed")).to_be_visible()
        idle()
        assert b"Subject: leave" in bytes_of(peer.messages[0])
    one.row("By page").click()
    link = one.thread.get_by_role("link", name="Unsubscribe")
    expect(link).to_have_attribute("href", "https://news.test/x")
    one.row("No list").click()
    expect(one.thread.get_by_role("heading", name="No list")).to_be_visible()
    expect(one.thread.get_by_text("Unsubscribe")).to_have_count(0)
