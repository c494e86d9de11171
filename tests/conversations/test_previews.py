"""Previews of links: they come after the message, for those who may read it, and send the server nowhere."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from tests.api.client import Client, log_in
from tests.bridge.people import answer, got, invite
from tests.cast import Cast, person
from tests.conversations.pages import HTML, Pages, open_pages, page, previews_of, send, settled, to
from tests.conversations.rooms import direct, group, refusal, say
from tests.conversations.test_files import PNG
from tests.delivery.outside import outside, until
from tests.house import RunningHouse
from tests.identity.factors import Move

SECONDS, OF_ORGANISATION = 5, 4


@pytest.fixture
def pages(house: RunningHouse) -> Iterator[Pages]:
    with open_pages() as opened:
        yield opened
        settled()


def test_a_preview_comes_after_the_message(alice: Client, bob: Client, pages: Pages) -> None:
    goes_on = threading.Event()

    def slowly(handler: BaseHTTPRequestHandler) -> None:
        goes_on.wait(10)
        send(handler, page("Coach times", description="When they go", site_name="The inn").encode())

    pages.given["/times"] = slowly
    room = group(alice, bob)
    message = say(alice, room, f"See {pages.url('/times#noon')}")
    assert message["previews"] == [] and not goes_on.is_set()
    state = bob.get(f"/conversations/{room}/").json["seq"]
    goes_on.set()
    (shown,) = previews_of(bob, message)
    assert shown.items() >= {
        "url": pages.url("/times"), "host": "pages.test", "title": "Coach times", "description": "When they go",
        "site": "The inn", "has_image": False,
    }.items()  # fmt: skip
    changes = bob.ok(bob.get(f"/conversations/{room}/changes/", since=state))
    (told,) = changes["messages"]
    assert (
        told["previews"] == [shown] and int(told["seq"]) > int(message["seq"]) and told["edited_at"] is None
    )
    ((_, headers),) = pages.asked
    assert "bot" in headers["user-agent"] and not {"cookie", "referer", "authorization"} & set(headers)


def test_code_and_quotes_lead_nowhere(alice: Client, bob: Client, pages: Pages) -> None:
    pages.given["/yes"] = page("Yes")
    url = pages.url("/no")
    text = f"`{url}`\n\n```\n{url}\n```\n\n> as {url} says\n\n    {url}\n\nbut {pages.url('/yes')} <mailto:a@b.test>"
    assert [one["title"] for one in previews_of(alice, say(alice, group(alice, bob), text))] == ["Yes"]
    assert pages.times("/no") == 0


def test_three_links_of_a_message_are_looked_at(alice: Client, bob: Client, pages: Pages) -> None:
    for number in range(5):
        pages.given[f"/{number}"] = page(f"Page {number}")
    text = " ".join(pages.url(f"/{number}") for number in (0, 0, 1, 2, 3, 4))
    shown = previews_of(alice, say(alice, group(alice, bob), text))
    assert [one["title"] for one in shown] == ["Page 0", "Page 1", "Page 2"]
    assert len(pages.asked) == 3


def test_an_organisation_asks_once_in_some_hours(
    alice: Client, bob: Client, mallory: Client, pages: Pages, move: Move
) -> None:
    pages.given["/a"] = page("A page")
    room = group(alice, bob)
    sent = [say(alice, room, pages.url("/a")) for _ in range(3)] + [say(bob, room, f"{pages.url('/a')} too")]
    assert all(len(previews_of(alice, message)) == 1 for message in sent)
    assert pages.times("/a") == 1
    assert len(previews_of(mallory, say(mallory, group(mallory), pages.url("/a")))) == 1
    assert pages.times("/a") == 2, "what one organisation was told is no other's"
    pages.given["/a"] = page("Another page")
    move(7 * 3_600)
    assert previews_of(alice, say(alice, room, pages.url("/a")))[0]["title"] == "Another page"
    assert pages.times("/a") == 3


def test_what_is_kept_goes_after_some_hours(alice: Client, bob: Client, pages: Pages, move: Move) -> None:
    from posthouse.base import sql
    from posthouse.conversations import previews

    pages.given["/a"] = page("A page")
    message = say(alice, group(alice, bob), pages.url("/a"))
    assert previews_of(alice, message)
    kept = "SELECT count(*) FROM conversations_linkedpage WHERE key = %s"
    assert sql.row(kept, [previews.key_of(pages.url("/a"))]) == (1,)
    move(7 * 3_600)
    previews.forget_old_pages()
    assert sql.row(kept, [previews.key_of(pages.url("/a"))]) == (0,)
    assert previews_of(alice, message), "what stands below a message stays"


def test_an_edit_changes_what_is_shown(alice: Client, bob: Client, pages: Pages) -> None:
    pages.given |= {"/a": page("A"), "/b": page("B")}
    message = say(alice, group(alice, bob), pages.url("/a"))
    (first,) = previews_of(alice, message)
    path = f"/messages/{message['id']}/"
    alice.ok(alice.patch(path, {"text": f"{pages.url('/b')} {pages.url('/a')}"}))
    second, again = previews_of(alice, message)
    assert (second["title"], again) == ("B", first)
    alice.ok(alice.patch(path, {"text": "Neither"}))
    assert previews_of(alice, message) == []


def test_what_was_deleted_shows_none(alice: Client, bob: Client, pages: Pages) -> None:
    pages.given["/a"] = page("A", image="/p.png")
    message = say(alice, group(alice, bob), pages.url("/a"))
    assert previews_of(bob, message)
    alice.ok(alice.delete(f"/messages/{message['id']}/"), 204)
    assert previews_of(bob, message) == []
    assert bob.ok(bob.get(f"/messages/{message['id']}/previews/"))["items"] == []


def test_who_wrote_it_takes_it_away_and_it_stays_away(alice: Client, bob: Client, pages: Pages) -> None:
    pages.given |= {"/a": page("A"), "/b": page("B")}
    message = say(bob, group(alice, bob), f"{pages.url('/a')} {pages.url('/b')}")
    first, second = previews_of(bob, message)
    path = f"/messages/{message['id']}/previews/{first['id']}/"
    bob.ok(bob.delete(path), 204)
    assert bob.delete(path).status == 404
    bob.ok(bob.patch(f"/messages/{message['id']}/", {"text": f"Again {pages.url('/a')} {pages.url('/b')}"}))
    assert previews_of(alice, message) == [second]


def test_admins_take_away_that_of_others_and_nobody_else(
    alice: Client, bob: Client, mallory: Client, gina: Client, pages: Pages
) -> None:
    pages.given["/a"] = page("A")
    room = group(alice, bob, gina)
    message = say(bob, room, pages.url("/a"))
    (shown,) = previews_of(bob, message)
    path = f"/messages/{message['id']}/previews/{shown['id']}/"
    assert refusal(gina.delete(path)) == (403, "not_your_message")
    assert mallory.delete(path).status == 404
    alice.ok(alice.delete(path), 204)
    assert previews_of(bob, message) == []
    lines = alice.get("/audit/", act="conversation.preview_removed").json["items"]
    assert [line["facts"]["message"] for line in lines] == [message["id"]]
    private = say(bob, direct(alice, bob), pages.url("/a"))
    (shown,) = previews_of(alice, private)
    assert refusal(alice.delete(f"/messages/{private['id']}/previews/{shown['id']}/")) == (
        403,
        "not_your_message",
    )


def test_pictures_come_through_the_proxy(
    alice: Client, bob: Client, pages: Pages, house: RunningHouse, cast: Cast
) -> None:
    carol = log_in(house, person("Carol", cast.domain))
    pages.given |= {"/a": page("A", image="/p.png"), "/p.png": PNG}
    message = say(alice, group(alice, bob), pages.url("/a"))
    (shown,) = previews_of(bob, message)
    assert shown["has_image"] and pages.times("/p.png") == 0
    path = f"/messages/{message['id']}/previews/"
    (linked,) = bob.ok(bob.get(path))["items"]
    assert linked["id"] == shown["id"] and linked["image_url"].startswith("/api/v1/images/?u=")
    assert carol.get(path).status == 404
    picture = Client(bob.http).get(linked["image_url"])
    assert (picture.status, picture.body) == (200, PNG)


def test_an_organisation_may_want_none(alice: Client, bob: Client, pages: Pages) -> None:
    pages.given["/a"] = page("A")
    assert refusal(bob.patch("/conversations/policy/", {"shows_previews": False})) == (
        403,
        "permission_denied",
    )
    assert (
        alice.ok(alice.patch("/conversations/policy/", {"shows_previews": False}))["shows_previews"] is False
    )
    room = group(alice, bob)
    assert previews_of(alice, say(alice, room, pages.url("/a"))) == [] and pages.asked == []
    alice.ok(alice.patch("/conversations/policy/", {"shows_previews": True}))
    assert len(previews_of(alice, say(alice, room, pages.url("/a")))) == 1


def test_what_outside_people_write_is_not_looked_at(
    alice: Client, bob: Client, house: RunningHouse, pages: Pages
) -> None:
    pages.given["/a"] = page("A")
    room = group(alice, bob)
    with outside(house, "outside.test") as peer:
        invite(alice, room)
        say(alice, room, "Where is it?")
        (mail,) = got(peer, 1)
        said: list[dict[str, object]] = []

        def from_outside(count: int) -> list[dict[str, object]]:
            items = alice.ok(alice.get(f"/conversations/{room}/messages/"))["items"]
            said[:] = [one for one in items if one["author"]["email"]]
            return said if len(said) == count else []

        answer(house, mail, f"Here: {pages.url('/a')}", message_id="<one@outside.test>")
        until(lambda: from_outside(1))
        assert previews_of(alice, said[0]) == [] and pages.asked == []
        alice.ok(alice.patch("/conversations/policy/", {"shows_outside_previews": True}))
        answer(house, mail, f"And: {pages.url('/a')}", message_id="<two@outside.test>")
        until(lambda: from_outside(2))
        assert len(previews_of(alice, said[1])) == 1


INSIDE = [
    "http://127.0.0.1:PORT/x",
    "http://localhost:PORT/x",
    "http://[::1]:PORT/x",
    "http://[::ffff:127.0.0.1]:PORT/x",
    "http://inside.test:PORT/x",
    "http://2130706433:PORT/x",
    "http://0x7f000001:PORT/x",
    "http://0177.0.0.1:PORT/x",
    "http://127.1:PORT/x",
    "http://0:PORT/x",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/x",
    "http://[fe80::1]:PORT/x",
    "http://user@inside.test:PORT/x",
    "http://pages.test:25/x",
]


@pytest.mark.parametrize("url", INSIDE)
def test_no_link_leads_inside(alice: Client, bob: Client, pages: Pages, url: str) -> None:
    pages.given["/good"] = page("Good")
    text = f"[x]({url.replace('PORT', str(pages.port))}) {pages.url('/good')}"
    shown = previews_of(alice, say(alice, group(alice, bob), text))
    assert [one["title"] for one in shown] == ["Good"]
    assert pages.reached_inside == []


@pytest.mark.parametrize(
    "location",
    [
        *INSIDE,
        "file:///etc/passwd",
        "gopher://pages.test/x",
        "//inside.test:PORT/x",
        "http://pages.test\\@127.0.0.1:PORT/x",
    ],
)
def test_no_redirect_leads_inside(alice: Client, bob: Client, pages: Pages, location: str) -> None:
    pages.given |= {"/good": page("Good"), "/bad": to(location.replace("PORT", str(pages.port)))}
    shown = previews_of(alice, say(alice, group(alice, bob), f"{pages.url('/bad')} {pages.url('/good')}"))
    assert [one["title"] for one in shown] == ["Good"]
    assert pages.times("/bad") == 1 and pages.reached_inside == []


def test_a_name_that_moves_inside_is_followed_nowhere(alice: Client, bob: Client, pages: Pages) -> None:
    """Looked up for each request once, and connected to what was judged."""
    pages.dns.zone["moves.test", "A"] = lambda before: ["127.0.0.2"] if before == 0 else ["127.0.0.1"]
    pages.given |= {"/bad": to(pages.url("/x", "moves.test")), "/good": page("Good")}
    text = f"{pages.url('/bad', 'moves.test')} {pages.url('/good')}"
    assert [one["title"] for one in previews_of(alice, say(alice, group(alice, bob), text))] == ["Good"]
    assert pages.times("/bad") == 1 and pages.reached_inside == []


def test_who_answers_is_named_behind_redirects(alice: Client, bob: Client, pages: Pages) -> None:
    pages.dns.zone["end.test", "A"] = ["127.0.0.2"]
    pages.given |= {
        "/short": to(pages.url("/long", "end.test")),
        "/long": page("Long", site_name="pages.test"),
    }
    (shown,) = previews_of(alice, say(alice, group(alice, bob), pages.url("/short")))
    assert (shown["host"], shown["url"]) == ("end.test", pages.url("/short"))
    assert "bot" in pages.asked[-1][1]["user-agent"]


def _endless(handler: BaseHTTPRequestHandler) -> None:
    """Begins like a page and goes on for 50 MB, or until nobody takes it."""
    handler.send_response(200)
    handler.send_header("Content-Type", HTML)
    handler.end_headers()
    handler.wfile.write(page("Long page").encode())
    for _ in range(800):
        handler.wfile.write(b"x" * 65_536)
    handler.server.sent_all = True  # type: ignore[attr-defined]


def test_of_a_large_page_the_beginning_is_read(alice: Client, bob: Client, pages: Pages) -> None:
    ended = threading.Event()

    def serve(handler: BaseHTTPRequestHandler) -> None:
        try:
            _endless(handler)
        finally:
            ended.set()

    pages.given["/long"] = serve
    (shown,) = previews_of(alice, say(alice, group(alice, bob), pages.url("/long")))
    assert shown["title"] == "Long page"
    assert ended.wait(10)


def _bomb(handler: BaseHTTPRequestHandler) -> None:
    send(handler, gzip.compress(page("Bomb").encode() + b"x" * 20_000_000), Content_Encoding="gzip")


@pytest.mark.parametrize(
    "serve",
    [
        _bomb,
        lambda handler: send(handler, page("x").encode(), kind="application/pdf"),
        lambda handler: send(handler, page("x").encode(), kind="image/svg+xml"),
        lambda handler: send(handler, page("x").encode(), kind=""),
        lambda handler: send(handler, page("x").encode(), status=404),
        lambda handler: send(handler, page("x").encode(), status=500),
        lambda handler: send(handler, b"<p>No title</p>"),
        lambda handler: handler.wfile.write(b"SSH-2.0-x\r\n"),
        lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000),
        to("/bad"),
    ],
    ids=["gzip", "pdf", "svg", "untyped", "missing", "broken", "untitled", "ssh", "headers", "loop"],
)
def test_what_is_no_page_is_nothing_to_show(alice: Client, bob: Client, pages: Pages, serve: object) -> None:
    pages.given |= {"/bad": serve, "/good": page("Good")}  # type: ignore[dict-item]
    shown = previews_of(alice, say(alice, group(alice, bob), f"{pages.url('/bad')} {pages.url('/good')}"))
    assert [one["title"] for one in shown] == ["Good"]
    assert pages.times("/bad") >= 1


def test_a_page_that_drips_is_given_up(alice: Client, bob: Client, pages: Pages) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", HTML)
        handler.end_headers()
        for _ in range(60):
            handler.wfile.write(b"<p>")
            handler.wfile.flush()
            time.sleep(0.25)

    pages.given |= {"/slow": drip, "/good": page("Good")}
    message = say(alice, group(alice, bob), f"{pages.url('/slow')} {pages.url('/good')}")
    assert [one["title"] for one in previews_of(alice, message)] == ["Good"]


def test_slow_pages_of_one_message_hold_up_no_other_organisation(
    alice: Client, bob: Client, mallory: Client, pages: Pages
) -> None:
    goes_on = threading.Event()

    def wait(handler: BaseHTTPRequestHandler) -> None:
        goes_on.wait(5)
        send(handler, page("Slow").encode())

    pages.given["/good"] = page("Good")
    room = group(alice, bob)
    for number in range(30):
        pages.given[f"/slow{number}"] = wait
        say(alice, room, pages.url(f"/slow{number}"))
    until(lambda: len(pages.asked) >= 4)
    began = time.monotonic()
    message = say(mallory, group(mallory), pages.url("/good"))
    until(lambda: mallory.get(f"/messages/{message['id']}/").json["previews"])
    rounds = 1 + int((time.monotonic() - began + 1) / SECONDS)
    assert len(pages.asked) <= 1 + OF_ORGANISATION * rounds, "a few of an organisation at a time"
    goes_on.set()
    settled(60)


def test_what_a_page_says_is_text(alice: Client, bob: Client, pages: Pages) -> None:
    pages.given["/a"] = page(
        "&lt;script&gt;alert(1)&lt;/script&gt;\u202egnp", description="<img src=x onerror=alert(1)>"
    )
    (shown,) = previews_of(alice, say(alice, group(alice, bob), pages.url("/a")))
    assert shown["title"] == "<script>alert(1)</script>gnp"
    message = say(alice, group(alice, bob), pages.url("/a"))
    assert "script" not in previews_of(alice, message)[0]["host"]
