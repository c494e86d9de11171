"""Plain text shown as HTML: the words stay, links are found, nothing can be smuggled in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from posthouse.wire.html import FRAME_CSP, SafeHtml, document, sanitize_outgoing, text_to_html

from .judge import faults
from .payloads import SCRIPTS


def links(text: str) -> list[tuple[str, str]]:
    nodes = LexborHTMLParser(text_to_html(text)).css("a")
    return [(node.attributes["href"] or "", node.text()) for node in nodes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://a.test/x.", [("https://a.test/x", "https://a.test/x")]),
        ("(https://a.test/w_(b))", [("https://a.test/w_(b)", "https://a.test/w_(b)")]),
        ("<https://a.test/?a=1&b=2>", [("https://a.test/?a=1&b=2", "https://a.test/?a=1&b=2")]),
        ("www.a.test, ok", [("https://www.a.test", "www.a.test")]),
        ("write to bob@b.test.", [("mailto:bob@b.test", "bob@b.test")]),
        ("mailto:bob@b.test", [("mailto:bob@b.test", "mailto:bob@b.test")]),
        ('"https://a.test"onmouseover=alert(1)', [("https://a.test", "https://a.test")]),
        ("javascript:alert(1) data:text/html,x", []),
        ("http:// and https://", []),
    ],
)
def test_links_are_found_where_a_reader_sees_them(text: str, expected: list[tuple[str, str]]) -> None:
    assert links(text) == expected


@pytest.mark.parametrize("payload", SCRIPTS)
def test_no_script_survives_in_plain_text(payload: str) -> None:
    for text in (payload, f"https://a.test/{payload}", f"a@b.test{payload}", f"> {payload}"):
        assert faults(text_to_html(text)) == []


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_the_words_stay_as_written(text: str) -> None:
    shown = LexborHTMLParser(text_to_html(text)).body
    assert shown is not None
    flat = "".join(text.replace("\x00", "").replace("\ufffd", "").replace(">", "").split())
    assert "".join(shown.text().replace("\ufffd", "").replace(">", "").split()) == flat


def test_quotes_nest_and_close() -> None:
    html = text_to_html("a\n> b\n>> c\n> d\ne")
    assert html.count('<blockquote class="ph-quote">') == html.count("</blockquote>") == 2
    assert html.index("b\n") < html.index("c\n") < html.index("d\n") < html.index("e\n")


@pytest.mark.parametrize(
    "text", ["a@" * 50_000, "a." * 50_000, "http://" * 20_000, "(" * 100_000, ">" * 100_000]
)
def test_hostile_text_is_shown_in_one_pass(text: str) -> None:
    assert len(text_to_html(text)) < 30 * len(text) + 100


def test_the_frame_forbids_everything_but_our_own_images() -> None:
    assert "default-src 'none'" in FRAME_CSP
    assert "allow-scripts" not in FRAME_CSP
    assert "script-src" not in FRAME_CSP


def test_a_mail_with_its_own_colours_stays_on_white() -> None:
    assert "color-scheme:dark" in document(SafeHtml(html="<p>x</p>"), dark=True)
    assert "color-scheme:light" in document(SafeHtml(html="<p>x</p>", sets_colours=True), dark=True)


@pytest.mark.parametrize("payload", SCRIPTS)
def test_nothing_hostile_is_sent_in_our_name(payload: str) -> None:
    assert faults(sanitize_outgoing(payload).html.replace("http://canary.test/b", "")) == []


def test_what_the_composer_makes_is_sent_as_written() -> None:
    html = (
        '<p style="color:#333333">Hi <strong>Bob</strong>, <a href="https://a.test/">look</a></p>'
        '<img src="cid:img1@x"><ul><li>one</li></ul>'
    )
    sent = sanitize_outgoing(html)
    assert sent.html == html
    assert sent.cids == {"img1@x"}
