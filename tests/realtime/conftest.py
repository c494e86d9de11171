"""Tabs that are closed with their test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.api.client import Client
from tests.house import RunningHouse
from tests.realtime.tab import Tab

Open = Callable[[Client], Tab]


@pytest.fixture
def open_tab(house: RunningHouse) -> Iterator[Open]:
    with ExitStack() as stack:

        def opened(client: Client) -> Tab:
            tab = Tab(house, client)
            stack.callback(tab.close)
            tab.hear("hello")
            return tab

        yield opened
