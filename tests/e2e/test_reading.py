"""Reading: the newest letter open, older ones folded, hostile HTML held, images by the proxy alone, files whole."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Response, expect

from tests import make
from tests.e2e.conftest import Sit

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse

pytestmark = pytest.mark.e2e

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
EVERY_BYTE = bytes(range(256)) * 64
SEEN = 1


@contextmanager
def picture_server() -> Iterator[tuple[str, list[str]]]:
    """Somebody's server with a tracking pixel; who asked it, by User-Agent."""
    askers: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            askers.append(self.headers.get("User-Agent", ""))
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(PIXEL)))
            self.end_headers()
            self.wfile.write(PIXEL)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", askers
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def newsletter(to: str, *, html: str, attachment: bytes = b"") -> bytes:
    message = EmailMessage()
    message["From"] = "Zoe Outside <zoe@outside.test>"
    message["To"] = to
    message["Subject"] = "Autumn catalogue"
    message["Message-ID"] = "<catalogue@outside.test>"
    message.set_content("The plain words.")
    message.add_alternative(html, subtype="html")
    if attachment:
        message.add_attachment(
            attachment, maintype="application", subtype="octet-stream", filename="all bytes.bin"
        )
    return bytes(message)


def test_the_newest_is_open_and_older_ones_are_folded(cast: Cast, desk: Sit) -> None:
    make.email(
        cast.alice, subject="The boiler", text="It leaks.\r\n", message_id="one@outside.test", flags=SEEN
    )
    for number, text in (
        ("two", "It leaks more.\r\n"),
        ("three", "Call the plumber.\r\n\r\n> It leaks more.\r\n"),
    ):
        make.email(
            cast.alice,
            subject="Re: The boiler",
            text=text,
            message_id=f"{number}@outside.test",
            headers="References: <one@outside.test>\r\nIn-Reply-To: <one@outside.test>\r\n",
            flags=SEEN if number == "two" else 0,
        )
    alice = desk(cast.alice)
    alice.row("The boiler").click()
    expect(alice.thread.get_by_text("Call the plumber.")).to_be_visible()
    alice.shot("thread-folded")
    expect(alice.thread.get_by_role("article")).to_have_count(1)
    newest = alice.thread.get_by_role("article")
    expect(newest.get_by_text("It leaks more.")).to_be_hidden()
    newest.get_by_role("button", name="Show quoted text").click()
    expect(newest.get_by_text("It leaks more.")).to_be_visible()

    folded = alice.thread.get_by_role("button", name="It leaks.")
    expect(folded).to_have_attribute("aria-expanded", "false")
    folded.click()
    expect(alice.thread.get_by_role("article")).to_have_count(2)
    # Reading it marks it so, here and in the rail.
    expect(alice.row("The boiler").get_by_text("Unread")).to_have_count(0)
    expect(alice.page).to_have_title("Inbox · Posthouse")


def test_hostile_html_is_held_and_images_come_by_the_proxy(
    house: RunningHouse, cast: Cast, desk: Sit
) -> None:
    with picture_server() as (origin, askers):
        html = (
            "<h1>Pears and plums</h1><script>parent.pwned = 1; document.title = 'pwned'</script>"
            f"<img src='{origin}/pixel.png' alt='A pear' width='40' height='40' onerror='parent.pwned = 2'>"
            f"<div style='background:url({origin}/back.png)' onclick='parent.pwned = 3'>Order now</div>"
            "<iframe src='https://outside.test/'></iframe><form action='https://outside.test/'><button>Go</button></form>"
        )
        make.email(cast.alice, newsletter(cast.alice.email, html=html))
        alice = desk(cast.alice)
        answers: list[Response] = []
        alice.page.on("response", lambda answer: answers.append(answer))
        alice.open("Autumn catalogue")
        frame = alice.thread.get_by_title("Mail from zoe@outside.test")
        expect(frame.content_frame.get_by_role("heading", name="Pears and plums")).to_be_visible()
        assert "allow-scripts" not in (frame.get_attribute("sandbox") or "allow-scripts")
        [policy] = [one.headers["content-security-policy"] for one in answers if "/html/" in one.url]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert (askers, alice.strange_requests()) == ([], [])
        alice.shot("thread-html")

        alice.thread.get_by_role("button", name="Show images").click()
        picture = frame.content_frame.get_by_role("img", name="A pear")
        expect(picture).to_have_js_property("naturalWidth", 1)
        expect(alice.thread.get_by_role("button", name="Show images")).to_be_hidden()
        assert askers
        assert not [asker for asker in askers if "Mozilla" in asker]
        source = picture.evaluate("image => image.src")
        assert source.startswith(house.http)
        assert alice.page.evaluate("window.pwned === undefined")
        expect(alice.page).to_have_title("Inbox · Posthouse")


def test_an_attachment_downloads_byte_for_byte(cast: Cast, desk: Sit, tmp_path: Path) -> None:
    make.email(cast.alice, newsletter(cast.alice.email, html="<p>See the file", attachment=EVERY_BYTE))
    alice = desk(cast.alice)
    expect(alice.row("Autumn catalogue").get_by_label("Has attachments")).to_be_visible()
    alice.open("Autumn catalogue")
    with alice.page.expect_download(timeout=10_000) as download:
        alice.thread.get_by_role("link", name="Download all bytes.bin").click()
    download.value.save_as(tmp_path / "got")
    assert download.value.suggested_filename == "all bytes.bin"
    assert (tmp_path / "got").read_bytes() == EVERY_BYTE
