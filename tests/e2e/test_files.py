"""Links, pictures and large files of conversations, as one sees them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.conversations import rooms
from tests.conversations.pages import Pages, open_pages, page, settled
from tests.conversations.test_pictures import lying, picture
from tests.e2e.browser import axe_faults
from tests.e2e.conftest import Sit
from tests.e2e.test_conversations import field, log, of, said
from tests.e2e.test_look import settle

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse

pytestmark = pytest.mark.e2e


@pytest.fixture
def pages(house: RunningHouse) -> Iterator[Pages]:
    with open_pages() as opened:
        yield opened
        settled()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "medium", "phone"])
def test_a_link_has_a_preview(
    house: RunningHouse, cast: Cast, desk: Sit, pages: Pages, size: str, scheme: str
) -> None:
    words = "When the coaches leave, and who waits for them, told at a length that no card has room for. " * 3
    pages.given |= {
        "/times": page("Times of the coaches", site_name="The inn", description=words, image="/p.png"),
        "/p.png": picture(),
    }
    door = of(house, cast.alice)
    room = rooms.group(door, cast.bob)
    alice = desk(cast.alice, path=f"/conversations/{room}", size=size, color_scheme=scheme)
    bob = desk(cast.bob, path=f"/conversations/{room}")
    expect(field(bob)).to_be_visible()
    field(alice).fill(f"See {pages.url('/times')}")
    field(alice).press("Enter")
    card = said(alice, "See ").get_by_role("link", name="Times of the coaches")
    expect(card).to_contain_text("pages.test · The inn")
    shown = card.locator("img")
    expect(shown).to_have_js_property("naturalWidth", 900)
    settle(alice.page)
    alice.shot(f"preview-{size}-{scheme}")
    assert axe_faults(alice.page) == []
    theirs = said(bob, "See ").get_by_role("link", name="Times of the coaches")
    expect(theirs).to_be_visible()
    expect(said(bob, "See ").get_by_role("button", name="Remove the preview")).to_have_count(0)
    said(alice, "See ").get_by_role("button", name="Remove the preview of pages.test").click()
    expect(theirs).to_have_count(0)
    expect(said(bob, "See ").get_by_role("link")).to_have_count(1)


def _sent(house: RunningHouse, cast: Cast, *raws: bytes) -> str:
    from tests.conversations.test_files import upload

    door = of(house, cast.alice)
    room = rooms.group(door, cast.bob)
    ids = [upload(door, raw, f"picture-{number}.png")["id"] for number, raw in enumerate(raws, 1)]
    rooms.say(door, room, "Look at these", file_ids=ids)
    return room


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["wide", "medium", "phone"])
def test_pictures_are_shown_over_the_page(
    house: RunningHouse, cast: Cast, desk: Sit, size: str, scheme: str
) -> None:
    room = _sent(house, cast, picture(900, 600), lying(6), picture(40, 30))
    bob = desk(cast.bob, path=f"/conversations/{room}", size=size, color_scheme=scheme)
    pictures = said(bob, "Look at these").get_by_role("img")
    first, second = pictures.nth(0), pictures.nth(1)
    expect(first).to_have_js_property("naturalWidth", 640)
    assert _shape(first) == pytest.approx(900 / 600, abs=0.05)
    assert _shape(second) == pytest.approx(600 / 900, abs=0.05)
    settle(bob.page)
    bob.shot(f"pictures-{size}-{scheme}")
    log(bob).get_by_role("button", name="picture-1.png").focus()
    bob.press("Enter")
    viewer = bob.page.get_by_role("dialog")
    expect(viewer.get_by_role("img", name="picture-1.png")).to_have_js_property("naturalWidth", 900)
    settle(bob.page)
    bob.shot(f"viewer-{size}-{scheme}")
    assert axe_faults(bob.page) == []
    bob.press("ArrowRight")
    expect(viewer.get_by_role("img", name="picture-2.png")).to_have_js_property("naturalWidth", 600)
    expect(viewer).to_contain_text("2 of 3")
    bob.press("ArrowRight", "ArrowRight")
    expect(viewer.get_by_role("button", name="Next picture")).to_have_count(0)
    bob.press("ArrowLeft", "Escape")
    expect(viewer).to_have_count(0)
    expect(log(bob).get_by_role("button", name="picture-1.png")).to_be_focused()


def _shape(shown: Locator) -> float:
    box = shown.bounding_box()
    assert box is not None
    return box["width"] / box["height"]


def _pears(folder: Path, size: int) -> Path:
    """A file on the disk: the browser is not handed its bytes one by one."""
    path = folder / "pears.bin"
    path.write_bytes(random.Random(size).randbytes(size))
    return path


def test_a_large_file_waits_for_the_network_and_goes_on(
    house: RunningHouse, cast: Cast, desk: Sit, tmp_path: Path
) -> None:
    pears = _pears(tmp_path, 9_000_000)
    door = of(house, cast.alice)
    room = rooms.group(door, cast.bob)
    alice = desk(cast.alice, path=f"/conversations/{room}")
    alice.expect_fault("ERR_INTERNET_DISCONNECTED")
    sent: list[int] = []
    is_lost = True

    def pass_on(route: Route) -> None:
        if route.request.method == "PATCH" and is_lost and len(sent) == 2:
            route.abort("internetdisconnected")
            return
        if route.request.method == "PATCH":
            sent.append(int(route.request.headers["upload-offset"]))
        route.continue_()

    alice.page.route("**/api/v1/conversations/uploads/**", pass_on)
    alice.page.get_by_label("Files", exact=True).set_input_files(pears)
    tile = alice.page.get_by_role("list", name="Files to be sent")
    expect(tile).to_contain_text("Waiting, 44 %")
    alice.shot("upload-waiting")
    is_lost = False
    expect(tile).to_contain_text("9.0 MB")
    assert sent == [0, 2_000_000, 4_000_000, 6_000_000, 8_000_000]
    field(alice).fill("Here it is")
    field(alice).press("Enter")
    expect(said(alice, "Here it is")).to_contain_text("pears.bin")
    bob = of(house, cast.bob)
    (message,) = [
        one for one in bob.ok(bob.get(f"/conversations/{room}/messages/"))["items"] if one["attachments"]
    ]
    path = f"/messages/{message['id']}/files/{message['attachments'][0]['id']}/"
    assert bob.get(path).body == pears.read_bytes()


def test_a_large_attachment_of_mail_goes_on_too(
    house: RunningHouse, cast: Cast, desk: Sit, tmp_path: Path
) -> None:
    alice = desk(cast.alice)
    alice.expect_fault("ERR_INTERNET_DISCONNECTED")
    tries: list[int] = []

    def pass_on(route: Route) -> None:
        if route.request.method == "PATCH":
            tries.append(int(route.request.headers["upload-offset"]))
            if len(tries) == 2:
                route.abort("internetdisconnected")
                return
        route.continue_()

    alice.page.route("**/api/v1/blobs/uploads/**", pass_on)
    alice.press("c")
    alice.page.locator("input[type=file]").first.set_input_files(_pears(tmp_path, 6_000_000))
    tile = alice.page.get_by_role("list", name="Attachments")
    expect(tile).to_contain_text("Waits for the network")
    alice.page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(tile.get_by_text("6 MB", exact=True)).to_be_visible()
    assert tries == [0, 2_000_000, 2_000_000, 4_000_000]
