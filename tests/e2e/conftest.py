"""One browser for the package, a context of its own for each desk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.browser import ARGS, CHROMIUM, WAIT_MS, Desk, sit
from tests.programs import missing

if TYPE_CHECKING:
    from tests.cast import Person
    from tests.house import RunningHouse

ASYNC_UNSAFE = "DJANGO_ALLOW_ASYNC_UNSAFE"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Closed with the package, since Playwright leaves an event loop in the thread it runs in.

    Django refuses queries in such a thread; the tests make their people there, and nothing of theirs is async.
    """
    if not CHROMIUM.exists():
        missing("no Chromium on this machine")
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        os.environ[ASYNC_UNSAFE] = "1"
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        yield browser
        browser.close()
    del os.environ[ASYNC_UNSAFE]


Sit = Callable[..., Desk]


@pytest.fixture
def desk(house: RunningHouse, browser: Browser) -> Iterator[Sit]:
    """Seats people; when the test is over, nothing may have gone wrong at any desk."""
    desks: list[Desk] = []

    def seat(person: Person | None = None, *, path: str = "/", size: str = "wide", **options: Any) -> Desk:
        made = sit(browser, house, size=size, **options)
        desks.append(made)
        made.go(path)
        if person:
            made.log_in(person)
            if size != "phone":
                made.is_synced()
        return made

    yield seat
    wrong = [fault for one in desks for fault in one.wrong()]
    for one in desks:
        one.page.context.close()
    assert wrong == []
