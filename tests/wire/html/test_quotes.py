"""The older mail at the end of a reply is folded; everything else stays in sight."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from posthouse.wire.html import fold_quotes, sanitize, text_to_html

from .judge import faults


def folded(mail: str) -> str | None:
    """The words behind the fold, None if nothing was folded."""
    html = fold_quotes(sanitize(mail, cid=lambda _: None).html)
    node = LexborHTMLParser(html).css_first("details")
    return None if node is None else " ".join(node.text().removeprefix("…").split())


@pytest.mark.parametrize(
    ("mail", "hidden"),
    [
        ('Yes<div class="gmail_quote">Bob wrote:<blockquote>old</blockquote></div>', "Bob wrote:old"),
        ('Yes<div class="moz-cite-prefix">Bob:</div><blockquote type="cite">old</blockquote>', "Bob:old"),
        (
            'Yes<div class="posthouse-reply"><p>Bob wrote:</p><blockquote type="cite">old</blockquote></div>',
            "Bob wrote:old",
        ),
        ("<p>Yes</p><p>On Monday Bob wrote:</p><blockquote>old</blockquote>", "old"),
        ("Yes<hr><div id=divRplyFwdMsg>From: Bob</div><div>old</div>", "From: Bobold"),
        ("<div>Yes<div id=appendonsend></div><p>old</p></div>", "old"),
        ("Yes<blockquote type=cite>1<blockquote type=cite>2</blockquote></blockquote><br>&nbsp;", "12"),
        ("<blockquote type=cite>a</blockquote>Yes<blockquote type=cite>b</blockquote>", "b"),
    ],
)
def test_a_trailing_quote_is_folded(mail: str, hidden: str) -> None:
    assert folded(mail) == hidden


@pytest.mark.parametrize(
    "mail",
    [
        "<blockquote type=cite>all there is</blockquote>",
        "Q<blockquote type=cite>old</blockquote>my answer below",
        "Q<blockquote type=cite>a</blockquote>one<blockquote type=cite>b</blockquote>two",
        "Text<blockquote>an indented part</blockquote>",
        "Text<blockquote type=cite>old</blockquote><img src=data:image/png;base64,AA== alt=x>",
        'Have a look<div class="posthouse-quote"><div>Forwarded</div><div>old</div></div>',
        "Text",
        "",
    ],
)
def test_what_is_not_an_old_mail_stays(mail: str) -> None:
    assert folded(mail) is None


def test_plain_text_is_folded_alike() -> None:
    assert "<details" in fold_quotes(text_to_html("Yes\n\n> old\n> older\n"))
    assert "<details" not in fold_quotes(text_to_html("> old\nYes\n"))


MARKS = [
    *(
        "<div class=gmail_quote>",
        "<blockquote type=cite>",
        "</blockquote>",
        "</div>",
        "<div id=appendonsend>",
    ),
    *("x", "y:", "<p>", "<b>", "<td>", "<table>"),
]


@given(st.lists(st.sampled_from(MARKS), max_size=14))
@settings(max_examples=150, deadline=None)
def test_folding_keeps_every_word_and_the_tree_whole(parts: list[str]) -> None:
    safe = sanitize("".join(parts), cid=lambda _: None).html
    result = fold_quotes(safe)
    text = LexborHTMLParser(result).body
    before = LexborHTMLParser(safe).body
    assert text is not None
    assert before is not None
    assert text.text().replace("…", "") == before.text()
    assert faults(result) == []
