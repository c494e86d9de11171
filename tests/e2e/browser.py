"""A person at a browser: a page of the client, logged in, with everything that went wrong in it written down.

Tests find things as people do, by role and name. Nothing here waits without an end. When a test is over, its desks
must have nothing to say: no script error, no violated policy, no request to anywhere but the house.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

if TYPE_CHECKING:
    from tests.cast import Person
    from tests.house import RunningHouse

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT_MS = 10_000
SIZES = {"wide": (1440, 900), "medium": (900, 800), "phone": (390, 844)}

# Before anybody has signed in the client asks whether a cookie still holds; the browser notes the 401 itself.
NOBODY_YET = "/api/v1/auth/session/refresh/"
BLOCKED_WORKER = "Service Worker registration blocked by Playwright"


@dataclass
class Desk:
    page: Page
    house: RunningHouse
    faults: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def listen(self) -> None:
        context = self.page.context
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("crash", lambda _: self.faults.append("crash"))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        self.faults.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def expect_fault(self, pattern: str) -> None:
        """What the browser itself notes in this test, such as the 401 of a wrong password."""
        self.expected.append(pattern)

    def wrong(self) -> list[str]:
        allowed = [NOBODY_YET, BLOCKED_WORKER, *self.expected]
        unforeseen = [
            fault for fault in self.faults if not any(re.search(pattern, fault) for pattern in allowed)
        ]
        return unforeseen + [f"asked {url}" for url in self.strange_requests()]

    def strange_requests(self) -> list[str]:
        """Requests to anywhere but the house."""
        return [url for url in self.requests if not url.startswith((self.house.http + "/", "blob:", "data:"))]

    def go(self, path: str) -> None:
        self.page.goto(self.house.http + path)

    def log_in(self, person: Person) -> None:
        """By the page; ends when the list stands and the stream is live."""
        self.page.get_by_label("E-mail address").fill(person.email)
        self.page.get_by_label("Password", exact=True).fill(person.password)
        self.page.get_by_role("button", name="Log in").click()
        expect(self.page.get_by_role("heading", name="Posthouse")).to_be_hidden()

    def is_synced(self) -> None:
        expect(self.sign).to_have_text("Synced")

    @property
    def sign(self) -> Locator:
        """The small sign that says whether what is seen is what the server has."""
        aside = self.page.get_by_role("complementary", name="Mailboxes and you")
        return aside.get_by_role("status")

    @property
    def rows(self) -> Locator:
        return self.page.get_by_role("grid").get_by_role("row")

    def row(self, text: str) -> Locator:
        return self.rows.filter(has_text=text)

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("region", name="Thread", exact=True)

    @property
    def answer(self) -> Locator:
        """The composer in place, under the thread."""
        return self.page.get_by_role("region", name="Your answer")

    @property
    def composer(self) -> Locator:
        """The window of a mail being written, named by its subject as that grows."""
        return self.page.get_by_role("region", name="Mails being written").get_by_role("dialog")

    def mailbox(self, name: str) -> Locator:
        """Its link in the rail; the name is read with what waits in it ("Inbox, 2 unread")."""
        rail = self.page.get_by_role("navigation", name="Mailboxes", exact=True)
        return rail.get_by_role("link", name=re.compile(rf"^{re.escape(name)}\b"))

    def write(self, *, to: str, subject: str, text: str) -> None:
        """Begins a mail in a window; nothing is sent."""
        self.press("c")
        self.composer.get_by_role("combobox", name="To").fill(to)
        self.composer.get_by_role("textbox", name="Subject").fill(subject)
        self.composer.get_by_role("textbox", name="Message").fill(text)

    def open(self, text: str) -> None:
        """Opens the thread of that row by a click."""
        self.row(text).click()
        expect(self.page.get_by_role("heading", name=text)).to_be_visible()

    def press(self, *presses: str) -> None:
        for press in presses:
            self.page.keyboard.press(press)

    def toast(self, text: str) -> Locator:
        return self.page.get_by_role("region", name="News").get_by_text(text)

    def undo(self) -> None:
        self.page.get_by_role("region", name="News").get_by_role("button", name="Undo").last.click()

    def shot(self, name: str) -> None:
        """For the one who looks while developing."""
        folder = Path("/tmp/e2e")
        if folder.is_dir():
            self.page.screenshot(path=folder / f"{name}.png")


def sit(browser: Browser, house: RunningHouse, *, size: str = "wide", **options: Any) -> Desk:
    """A fresh browser of somebody's, as nobody yet. Without the service worker unless asked: it fetches everything."""
    width, height = SIZES[size]
    options.setdefault("service_workers", "block")
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": height}, locale="en-GB", timezone_id="UTC", **options
    )
    context.set_default_timeout(WAIT_MS)
    desk = Desk(page=context.new_page(), house=house)
    desk.listen()
    return desk


def prefer(person: Person, **preferences: object) -> None:
    """As the settings page does; before the person sits down."""
    from posthouse.identity.actions import set_profile

    set_profile(person.actor, preferences=preferences)


def axe_faults(page: Page) -> list[str]:
    """What axe finds wrong with the page as it stands, one line for each rule and place."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("async () => (await axe.run(document, {iframes: false})).violations")
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
