"""Hostile mail in a real browser: the capture server sees no request and no script runs.

The sanitiser is tried without the frame's CSP and sandbox first, since each must hold alone; then as served.
Dark mode and print are on for one pass, because style sheets may load only there.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

import pytest
from playwright.sync_api import Browser, Dialog

from posthouse.wire.html import FRAME_HEADERS, SafeHtml, document, sanitize, text_to_html
from tests.wire.html.payloads import SCRIPTS, loads

PER_PAGE = 40
SETTLE_MS = 400

pytestmark = pytest.mark.e2e


class Site:
    """Serves pages by path and remembers every path that was asked for and is none of them."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers
        self.pages: dict[str, str] = {}
        self.strays: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.answer(self)

            do_POST = do_HEAD = do_GET

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        page = self.pages.get(request.path)
        if page is None and request.path != "/favicon.ico":
            self.strays.append(request.path)
        body = (page or "").encode()
        request.send_response(200)
        for name, value in self.headers.items() if page else ():
            if request.path != "/" or name == "Content-Type":
                request.send_header(name, value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    @contextmanager
    def running(self) -> Iterator[Site]:
        thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.server.shutdown()
            self.server.server_close()
            thread.join(5)


@pytest.fixture
def canary() -> Iterator[Site]:
    with Site({}).running() as site:
        yield site


@dataclass
class Dismiss:
    """A script that ran shows a dialog: note it."""

    faults: list[str]

    def __call__(self, dialog: Dialog) -> None:
        self.faults.append(f"script: {dialog.message}")
        dialog.dismiss()


def shown(
    browser: Browser,
    pages: list[str],
    *,
    headers: dict[str, str],
    media: Literal["print", "screen"] = "screen",
    scheme: Literal["dark", "light"] = "light",
) -> list[str]:
    """Show each page in a frame of its own; what went wrong in doing so."""
    faults: list[str] = []
    with Site({"Content-Type": "text/html; charset=utf-8", **headers}).running() as site:
        for start in range(0, len(pages), PER_PAGE):
            batch = pages[start : start + PER_PAGE]
            site.pages = {f"/doc/{number}": html for number, html in enumerate(batch)}
            frames = "".join(f"<iframe src='{path}' width=300 height=80></iframe>" for path in site.pages)
            site.pages["/"] = f"<!DOCTYPE html>{frames}"
            page = browser.new_page(viewport={"width": 1300, "height": 2000})
            page.on("dialog", Dismiss(faults))
            page.emulate_media(media=media, color_scheme=scheme)
            page.goto(site.origin + "/", wait_until="load")
            page.wait_for_timeout(SETTLE_MS)
            here = [frame.url for frame in page.frames[1:]]
            expected = {site.origin + path for path in site.pages}
            faults += [f"navigated: {url}" for url in here if url not in expected]
            faults += [] if len(here) == len(batch) else [f"{len(here)} frames for {len(batch)} mails"]
            page.close()
        faults += [f"asked for {path}" for path in site.strays]
    return faults


def mails(origin: str) -> list[str]:
    hostile = [*SCRIPTS, *loads(origin)]
    return [document(sanitize(html, cid=lambda _: None)) for html in hostile]


def test_the_trap_works(browser: Browser, canary: Site) -> None:
    raw = [f"<img src={canary.origin}/1>", "<p>x<script>alert(7)</script>", "<img src=relative>"]
    faults = shown(browser, raw, headers={})
    assert canary.strays == ["/1"]
    assert "script: 7" in faults
    assert any("relative" in fault for fault in faults)


def test_the_sanitiser_alone_lets_nothing_run_or_load(browser: Browser, canary: Site) -> None:
    assert shown(browser, mails(canary.origin), headers={}) == []
    assert canary.strays == []


def test_nothing_loads_in_the_dark_or_on_paper(browser: Browser, canary: Site) -> None:
    pages = [document(sanitize(html, cid=lambda _: None)) for html in loads(canary.origin)]
    assert shown(browser, pages, headers={}, media="print", scheme="dark") == []
    assert canary.strays == []


def test_the_frame_alone_lets_nothing_run_or_load(browser: Browser, canary: Site) -> None:
    """Unsanitised mail, held only by the headers; frames may not leave, scripts may not run."""
    risky = [html for html in (*SCRIPTS, *loads(canary.origin)) if "http-equiv=refresh" not in html]
    pages = [document(SafeHtml(html=html)) for html in risky]
    faults = shown(browser, pages, headers=FRAME_HEADERS)
    assert [fault for fault in faults if fault.startswith("script")] == []
    assert canary.strays == []


def test_plain_text_lets_nothing_run_or_load(browser: Browser, canary: Site) -> None:
    texts = [*SCRIPTS, *loads(canary.origin), *(f"https://a.test/{payload}" for payload in SCRIPTS)]
    # Many in one page, since plain text has nothing open that could hide the next.
    pages = [
        document(SafeHtml(html="".join(map(text_to_html, texts[start : start + PER_PAGE]))))
        for start in range(0, len(texts), PER_PAGE)
    ]
    assert shown(browser, pages, headers={}) == []
    assert canary.strays == []


def test_a_served_mail_shows_its_own_images_and_layout(browser: Browser) -> None:
    pixel = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    mail = (
        f"<style>.big{{font-size:40px}}@media screen{{.c{{color:#ff0000}}}}</style>"
        f'<table bgcolor="#00ff00" width="300"><tr><td class="big c">Hi</td></tr></table>'
        f'<img src="{pixel}">'
    )
    safe = sanitize(mail, cid=lambda _: None)
    with Site(dict(FRAME_HEADERS)).running() as site:
        site.pages["/doc"] = document(safe, dark=True)
        page = browser.new_page()
        page.goto(site.origin + "/doc")
        style = """(selector) => {
            const style = getComputedStyle(document.querySelector(selector));
            return [style.fontSize, style.color, style.backgroundColor];
        }"""
        assert page.evaluate(style, "td")[:2] == ["40px", "rgb(255, 0, 0)"]
        assert page.evaluate(style, "table")[2] == "rgb(0, 255, 0)"
        assert page.evaluate("document.querySelector('img').naturalWidth") == 1
        page.close()
