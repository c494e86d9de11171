"""Whether HTML wants something from elsewhere, looked at cheaply."""

from __future__ import annotations

import time

import pytest

from tests.house import RunningHouse


@pytest.mark.parametrize(
    ("html", "is_remote"),
    [
        ('<img src = "https://a.test/x.png">', True),
        ("<table background=//a.test/x>", True),
        ('<p style="background:url( &quot;http://a.test/x&quot; )">', True),
        ('<style>@import "https://a.test/x.css"</style>', True),
        ('<img src="cid:one"><a href="https://a.test/">x</a>', False),
        (None, False),
    ],
)
def test_what_is_remote(house: RunningHouse, html: str | None, is_remote: bool) -> None:
    from posthouse.mail.content import has_remote_content

    assert has_remote_content(html) is is_remote


@pytest.mark.parametrize("head", ["<img src=", "<img src", "url(", "url(&quot;", "@import", "src='"])
def test_blanks_without_an_end_take_no_time(house: RunningHouse, head: str) -> None:
    from posthouse.mail.content import has_remote_content

    begun = time.process_time()
    assert not has_remote_content(head + " \n" * 250_000 + "x")
    assert time.process_time() - begun < 0.5
