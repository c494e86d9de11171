"""What a page says of itself: whatever it says, short plain text comes out, in linear time."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthouse.wire.html.page import MAX_DESCRIPTION, MAX_SITE, MAX_TITLE, PageFacts, page_facts, safe_line

URL = "https://news.test/2026/a.html"


def facts(page: str | bytes, content_type: str = "text/html; charset=utf-8") -> PageFacts:
    raw = page if isinstance(page, bytes) else page.encode()
    return page_facts(raw, content_type=content_type, url=URL)


def test_open_graph_comes_before_the_title() -> None:
    found = facts(
        "<!doctype html><html><head><title>Plain</title><meta name=description content='Long ago'>"
        '<meta content="The &amp; title" property="og:title"><META PROPERTY=og:site_name CONTENT=News>'
        "<meta property='og:image' content='/p.png'><meta property='og:description' content='Said\n\n shortly'>"
        "</head><body><meta property='og:title' content='In the body'></body>"
    )
    assert found == PageFacts(
        title="The & title", description="Said shortly", site="News", image="https://news.test/p.png"
    )


def test_without_it_the_title_and_the_description_do() -> None:
    found = facts("<title> A\n<b>page</b> &lt;x&gt; </title><meta name='Description' content='Of words'>")
    assert found == PageFacts(title="A <b>page</b> <x>", description="Of words")
    assert facts("<title>First</title><title>Second</title>").title == "First"
    assert facts("<p>Nothing</p>") == PageFacts()


@pytest.mark.parametrize(
    "page",
    [
        "<script>'<title>No</title>'</script><title>Yes</title>",
        "<!-- <title>No</title> --><title>Yes</title>",
        "<style><title>No</title></style><title>Yes</title>",
        "<noscript><meta property=og:title content=No></noscript><title>Yes</title>",
        "<svg><title>No</title></svg><title>Yes</title>",
        "<template><title>No</title></template><title>Yes</title>",
        "<meta property='og:title' content=''><title>Yes</title>",
        "<meta data-x='>' property=og:title content=Yes>",
        "< <3 <<title>Yes</title>",
    ],
)
def test_only_tags_of_the_head_count(page: str) -> None:
    assert facts(page).title == "Yes"


@pytest.mark.parametrize(
    ("raw", "content_type", "title"),
    [
        ("<title>Grüße</title>".encode("latin-1"), "text/html; charset=ISO-8859-1", "Grüße"),
        ("<meta charset=windows-1251><title>Привет</title>".encode("cp1251"), "text/html", "Привет"),
        ("<title>日本</title>".encode("shift_jis"), 'text/html; charset="Shift_JIS"', "日本"),
        ("\ufeff<title>日本</title>".encode(), "text/html; charset=latin-1", "日本"),
        ("<title>日本</title>".encode("utf-16"), "text/html", "日本"),
        (b"<title>\xff\xfex</title>", "text/html; charset=nonsense", "ÿþx"),
        (b"<title>x</title>", "text/html; charset=zlib", "x"),
    ],
)
def test_charsets(raw: bytes, content_type: str, title: str) -> None:
    assert facts(raw, content_type).title == title


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("a\u2066b\u2069c\u200fd\u061ce", "abcde"),
        ("pay\u200bpal\u2060\ufeff\u00ad", "paypal"),
        ("p\u200cay\u200dpal", "paypal"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("Z" + "\u0335\u0321\u0489" * 40 + "algo", "Z\u0335\u0321algo"),
        ("a\x00b\x1b[31m\x07c", "ab[31mc"),
        ("\ud800x\ue000y\u2028z\u3164\u115f", "xy z"),
        ("a\n\t\u00a0\u3000 b", "a b"),
    ],
)
def test_nothing_turns_text_round_or_hides_in_it(written: str, shown: str) -> None:
    assert safe_line(written, 100) == shown


def test_text_is_cut() -> None:
    found = facts(
        f"<title>{'t' * 5_000}</title><meta name=description content='{'d ' * 5_000}'>"
        f"<meta property=og:site_name content='{'s' * 5_000}'>"
    )
    assert (len(found.title), len(found.site)) == (MAX_TITLE, MAX_SITE)
    assert len(found.description) <= MAX_DESCRIPTION and found.title.endswith("…")


@pytest.mark.parametrize(
    ("written", "image"),
    [
        ("//cdn.test/a.png", "https://cdn.test/a.png"),
        ("http://cdn.test/a.png", "http://cdn.test/a.png"),
        ("a.png", "https://news.test/2026/a.png"),
        ("java\tscript:alert(1)", ""),
        ("data:image/png;base64,AAAA", ""),
        ("file:///etc/passwd", ""),
        ("https://[::1", ""),
        ("https://a.test/" + "x" * 3_000, ""),
        ("https://a.test/\u202e.png", ""),
    ],
)
def test_a_picture_is_at_an_address_of_the_web(written: str, image: str) -> None:
    assert facts(f'<title>x</title><meta property="og:image" content="{written}">').image == image


@pytest.mark.parametrize(
    "page",
    [
        "<" * 1_000_000,
        "<a " * 330_000,
        "<a x='" * 160_000,
        "<!--" * 250_000,
        "<script>" * 120_000,
        "<title>" * 140_000,
        "<meta property=og:title content=" + "&" * 1_000_000,
        "<meta " + "x " * 490_000 + ">",
        "<meta property='og:title' content='" + "\u0301" * 500_000 + "'>",
        "<b><p>" * 160_000,
        "<meta property=og:title content=x>" * 30_000,
        "charset=" * 120_000,
    ],
    ids=lambda page: page[:20],
)
def test_a_million_bytes_of_anything_take_no_time(page: str) -> None:
    began = time.process_time()
    facts(page, "text/html")
    assert time.process_time() - began < 1


@given(st.binary(max_size=400), st.text(max_size=40))
def test_it_never_fails(raw: bytes, content_type: str) -> None:
    found = facts(b"<title>" + raw + b"</title><meta property=og:image content=" + raw, content_type)
    for text in (found.title, found.description, found.site):
        assert "\n" not in text and text == text.strip()
        assert all(unicodedata.category(char) not in ("Cc", "Cs", "Co", "Cn") for char in text)
    assert found.image == "" or found.image.startswith(("http://", "https://"))
