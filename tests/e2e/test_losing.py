"""Losing the server, and losing the session: said honestly, nothing lost, caught up with afterwards."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests import make
from tests.e2e.browser import Desk
from tests.e2e.conftest import Sit

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.e2e
NO_NETWORK = r"ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket connection to"

OVER: Any = {
    "status": 401,
    "content_type": "application/problem+json",
    "body": '{"code": "token_invalid", "status": 401}',
}


def test_what_was_seen_stays_readable_and_what_came_meanwhile_is_caught_up_with(
    cast: Cast, desk: Sit
) -> None:
    make.email(cast.alice, subject="Read before", text="These words are known.\r\n")
    make.email(cast.alice, subject="Never opened")
    alice = desk(cast.alice, service_workers="allow")
    alice.expect_fault(NO_NETWORK)
    alice.open("Read before")
    expect(alice.thread.get_by_text("These words are known.")).to_be_visible()
    expect(alice.row("Read before").get_by_text("Unread")).to_have_count(0)
    alice.press("u")

    alice.page.context.set_offline(True)
    expect(alice.sign).to_contain_text("Offline")
    make.email(cast.alice, subject="Came meanwhile")
    alice.open("Read before")
    expect(alice.thread.get_by_text("These words are known.")).to_be_visible()
    alice.press("s")
    expect(alice.row("Read before").get_by_label("Starred")).to_be_attached()
    expect(alice.sign).to_contain_text("1 waiting")
    expect(alice.row("Came meanwhile")).to_have_count(0)
    alice.shot("offline")

    alice.page.context.set_offline(False)
    expect(alice.row("Came meanwhile")).to_be_visible()
    expect(alice.sign).to_have_text("Synced")
    alice.page.reload()
    expect(alice.row("Read before").get_by_label("Starred")).to_be_attached()


def test_a_phone_says_in_the_head_of_the_list_that_it_is_offline(cast: Cast, desk: Sit) -> None:
    make.email(cast.alice, subject="Read before")
    alice = desk(cast.alice, size="phone", has_touch=True)
    alice.expect_fault(NO_NETWORK)
    expect(alice.row("Read before")).to_be_visible()
    note = alice.page.get_by_role("region", name="Inbox").get_by_role("status").first
    alice.page.context.set_offline(True)
    expect(note).to_have_text("Offline")
    alice.page.context.set_offline(False)
    expect(note).to_have_text("")


def test_what_was_never_wanted_before_does_not_take_the_page_down(cast: Cast, desk: Sit) -> None:
    """A thread nobody read and a dialog nobody opened: both come when the server is back."""
    make.email(cast.alice, subject="Never opened", text="Words for later.\r\n")
    alice = desk()
    alice.page.route("**/assets/Sheets-*", lambda route: route.abort("connectionrefused"))
    alice.log_in(cast.alice)
    alice.is_synced()
    alice.expect_fault("ERR_CONNECTION_REFUSED|status of 503|" + NO_NETWORK)
    alice.page.route("**/api/**", lambda route: route.abort("connectionrefused"))
    alice.row("Never opened").click()
    alice.press("?")
    expect(alice.thread.get_by_text("This thread could not be read")).to_be_visible(timeout=20_000)
    expect(alice.row("Never opened")).to_be_visible()
    alice.page.unroute_all()
    alice.page.context.set_offline(True)
    expect(alice.sign).to_contain_text("Offline")
    alice.page.context.set_offline(False)
    expect(alice.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible(timeout=20_000)
    alice.press("Escape")
    expect(alice.thread.get_by_text("Words for later.")).to_be_visible()


def test_a_server_that_stops_answering_is_waited_for(cast: Cast, desk: Sit) -> None:
    """The network is there and the server is not, as during a restart."""
    alice = desk(cast.alice)
    alice.expect_fault("ERR_CONNECTION_REFUSED|status of 503")
    alice.page.route("**/api/**", lambda route: route.abort("connectionrefused"))
    alice.write(to=cast.bob.email, subject="In a restart", text="Kept safe.")
    alice.composer.get_by_role("button", name="Send", exact=True).click()
    expect(alice.toast("No network. It will be sent once there is one.")).to_be_visible()
    expect(alice.sign).to_contain_text("1 waiting")
    alice.page.unroute_all()
    alice.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(alice.toast(f"Sent to {cast.bob.email}: In a restart")).to_be_visible()
    alice.mailbox("Sent").click()
    expect(alice.row("In a restart")).to_have_count(1)


def test_a_server_that_is_back_is_found_at_once(cast: Cast, desk: Sit) -> None:
    """By whatever asks it first: a look at the window, or an act."""
    make.email(cast.alice, subject="Before the restart")
    sockets: list[WebSocketRoute] = []
    alice = desk()
    alice.page.route_web_socket("**/api/v1/stream/", lambda socket: pass_on(socket, sockets))
    alice.log_in(cast.alice)
    alice.is_synced()
    alice.expect_fault("ERR_CONNECTION_REFUSED|status of 503")
    for come_back in (lambda: alice.page.evaluate("dispatchEvent(new Event('focus'))"), lambda: star(alice)):
        alice.page.route("**/api/v1/auth/ticket/", lambda route: route.abort("connectionrefused"))
        sockets[-1].close()
        expect(alice.sign).to_have_text("Reconnecting")
        alice.page.wait_for_timeout(4_000)
        alice.page.unroute_all()
        started = time.monotonic()
        come_back()
        expect(alice.sign).to_have_text("Synced")
        assert time.monotonic() - started < 1
    make.email(cast.alice, subject="After the restart")
    expect(alice.row("After the restart")).to_be_visible()


def pass_on(socket: WebSocketRoute, sockets: list[WebSocketRoute]) -> None:
    sockets.append(socket)
    socket.connect_to_server()


def star(desk: Desk) -> None:
    desk.row("Before the restart").hover()
    desk.row("Before the restart").get_by_role("button", name="Star").click()


def test_a_wrong_password_is_refused_in_words(cast: Cast, desk: Sit) -> None:
    alice = desk()
    alice.expect_fault("status of 401")
    alice.page.get_by_label("E-mail address").fill(cast.alice.email)
    alice.page.get_by_label("Password", exact=True).fill("not hers at all")
    alice.press("Enter")
    expect(alice.page.get_by_text("That e-mail address and password do not belong together.")).to_be_visible()
    expect(alice.page.get_by_label("Password", exact=True)).to_be_focused()
    alice.shot("login-wrong")
    alice.log_in(cast.alice)
    expect(alice.page.get_by_text("Your inbox is empty")).to_be_visible()


def test_a_session_that_is_over_leads_back_to_where_one_was(cast: Cast, desk: Sit) -> None:
    letter = make.email(cast.alice, subject="Deep inside")
    alice = desk(cast.alice)
    alice.expect_fault("status of 401")
    alice.open("Deep inside")
    address = alice.page.url
    alice.page.context.clear_cookies()
    alice.page.route(f"**/api/v1/emails/{letter}/**", lambda route: route.fulfill(**OVER))
    alice.page.route("**/api/v1/emails/update/", lambda route: route.fulfill(**OVER))
    alice.press("s")
    expect(alice.page.get_by_role("button", name="Log in")).to_be_visible()
    alice.page.unroute_all()
    alice.log_in(cast.alice)
    expect(alice.page.get_by_role("heading", name="Deep inside")).to_be_visible()
    assert alice.page.url == address


def test_what_was_being_written_when_the_session_ended_is_there_again(cast: Cast, desk: Sit) -> None:
    alice = desk(cast.alice)
    alice.expect_fault("status of 401")
    alice.write(to=cast.bob.email, subject="Half a letter", text="As I was sa")
    alice.page.context.clear_cookies()
    alice.page.route("**/api/v1/drafts/**", lambda route: route.fulfill(**OVER))
    alice.composer.get_by_role("textbox", name="Message").press_sequentially("ying, it rains.")
    expect(alice.page.get_by_role("button", name="Log in")).to_be_visible()
    alice.page.unroute_all()
    alice.log_in(cast.alice)
    alice.composer.get_by_role("button", name="Open: Half a letter").click()
    expect(alice.composer.get_by_role("textbox", name="Message")).to_have_text("As I was saying, it rains.")


def test_a_link_into_the_mail_waits_for_the_log_in(cast: Cast, desk: Sit) -> None:
    make.email(cast.alice, subject="For later")
    alice = desk(cast.alice, path="/mail/archive")
    expect(alice.page.get_by_text("Archive is empty")).to_be_visible()
    alice.page.get_by_role("button", name="Alice").click()
    alice.page.get_by_role("menuitem", name="Log out").click()
    expect(alice.page.get_by_role("button", name="Log in")).to_be_visible()
    alice.go("/mail/inbox")
    expect(alice.page.get_by_role("button", name="Log in")).to_be_visible()
