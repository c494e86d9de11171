"""A mailbox of many thousands: it opens, scrolls, and never holds more rows than fit the eye.

20,000 letters as a rule; POSTHOUSE_E2E_MANY=100000 for the whole size.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Sit

if TYPE_CHECKING:
    from tests.cast import Cast, Person

pytestmark = pytest.mark.e2e
MANY = int(os.environ.get("POSTHOUSE_E2E_MANY", "20000"))
CHUNK = 2_000
MOST_ROWS = 200
HOUR_MS = 3_600_000
NEWEST_MS = 1_790_000_000_000


def fill(person: Person, count: int) -> None:
    """Number 0 is the newest."""
    from posthouse.mail import storing

    for start in range(0, count, CHUNK):
        storing.store_together(
            [
                storing.Storing(arrival=_arrival(person, number), account_id=person.account_id, flags=1)
                for number in range(start, min(start + CHUNK, count))
            ]
        )


def _arrival(person: Person, number: int):  # type: ignore[no-untyped-def]
    from posthouse.mail import storing

    raw = (
        f"From: Sender {number % 97} <s{number % 97}@outside.test>\r\nTo: {person.email}\r\n"
        f"Subject: Letter number {number}\r\nMessage-ID: <{number}.many@outside.test>\r\n\r\nWords of {number}.\r\n"
    )
    return storing.prepare(raw.encode(), received_at_ms=NEWEST_MS - number * HOUR_MS)


def test_a_great_mailbox_opens_and_scrolls(cast: Cast, desk: Sit) -> None:
    fill(cast.alice, MANY)
    alice = desk(cast.alice)
    grid = alice.page.get_by_role("grid")
    expect(alice.rows.first).to_contain_text("Letter number 0")
    most = 0
    reached = 0
    for _ in range(40):
        grid.evaluate("grid => grid.scrollTo(0, grid.scrollHeight)")
        alice.page.wait_for_timeout(50)
        most = max(most, alice.rows.count())
        reached = max(reached, int(alice.rows.last.get_attribute("aria-rowindex") or 0))
        if reached > 2_000:
            break
    assert reached > 1_000, "pages come as one scrolls"
    expect(alice.rows.last).to_contain_text("Letter number")
    alice.shot("many-far-down")
    for position in (0.9, 0.1, 0.6, 0.3, 0.0):
        grid.evaluate("(grid, at) => grid.scrollTo(0, grid.scrollHeight * at)", position)
        alice.page.wait_for_timeout(50)
        most = max(most, alice.rows.count())
    expect(alice.rows.first).to_contain_text("Letter number 0")
    assert most < MOST_ROWS
    # Each row is where its number says: nothing was read twice or left out.
    numbers = [int(text.split("Letter number ")[1].split()[0]) for text in alice.rows.all_inner_texts()]
    assert numbers == list(range(len(numbers)))

    alice.press("/")
    alice.page.keyboard.type(f'"number {MANY - 7}"')
    expect(alice.rows).to_have_count(1)
    expect(alice.rows.first).to_contain_text(f"Letter number {MANY - 7}")
