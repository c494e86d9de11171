"""The dot beside colleagues who are here, and its going when they go or hide it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests import make
from tests.cast import Cast
from tests.e2e.browser import axe_faults
from tests.e2e.conftest import Sit
from tests.house import RunningHouse

pytestmark = pytest.mark.e2e


def test_a_colleague_has_a_dot_while_they_are_here(house: RunningHouse, cast: Cast, desk: Sit) -> None:
    raw = make.message(
        sender=f"Bob <{cast.bob.email}>", to=cast.alice.email, subject="Lunch?", text="At noon?\r\n"
    )
    make.email(cast.alice, raw)
    one = desk(cast.alice)
    one.open("Lunch?")
    dot = one.thread.get_by_text("Here now")
    expect(dot).to_have_count(0)
    two = desk(cast.bob)
    expect(dot).to_have_count(1)
    assert axe_faults(one.page) == []
    two.go("/settings/privacy")
    hide = two.page.get_by_role("switch", name="Show when you are here")
    hide.click()
    expect(dot).to_have_count(0)
    hide.click()
    expect(dot).to_have_count(1)
    two.page.close()
    expect(dot).to_have_count(0)
