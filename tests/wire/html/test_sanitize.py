"""E-mail HTML: nothing runs, nothing loads, the layout stays, and hostile input costs linear work."""

from __future__ import annotations

import email
import html as stdlib_html
import mailbox
from email import policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from posthouse.wire.html import RemotePolicy, SafeHtml, sanitize
from posthouse.wire.html.soup import MAX_DEPTH, balance
from tests.programs import CORPUS, need_corpus

from .judge import faults
from .payloads import LOADS, SCRIPTS, loads

PROXIED = RemotePolicy(proxy=lambda url: "/proxy?u=" + url)


def clean(html: str, *, proxied: bool = False) -> SafeHtml:
    policy = PROXIED if proxied else RemotePolicy()
    return sanitize(html, cid=lambda cid: f"/part/{cid}", remote=policy)


@pytest.mark.parametrize("payload", SCRIPTS)
def test_no_script_survives(payload: str) -> None:
    for html in (payload, f"<table><tr><td>{payload}", f"<b><p>{payload}</b>x", stdlib_html.escape(payload)):
        for proxied in (False, True):
            assert faults(clean(html, proxied=proxied).html) == []


@pytest.mark.parametrize("payload", SCRIPTS + tuple(loads()))
def test_cleaning_again_changes_nothing_that_matters(payload: str) -> None:
    once = clean(payload).html
    again = clean(once.replace("/part/", "cid:")).html
    assert faults(again) == []
    parsed = LexborHTMLParser(once).body
    assert parsed is not None
    assert faults(parsed.html or "") == []


@pytest.mark.parametrize("payload", loads())
def test_nothing_remote_is_left_when_remote_is_blocked(payload: str) -> None:
    safe = clean(payload)
    assert faults(safe.html) == []
    assert "canary" not in safe.html.replace('href="http://canary.test/click"', "")


@pytest.mark.parametrize("payload", loads())
def test_what_is_left_goes_through_the_proxy(payload: str) -> None:
    assert faults(clean(payload, proxied=True).html) == []


def test_every_payload_has_its_own_number_so_a_capture_names_the_hole() -> None:
    assert len(set(LOADS)) == len(LOADS)


@given(
    st.lists(
        st.sampled_from(SCRIPTS + tuple(loads()) + ("<", ">", '"', "'", "--", "</p>", "<!--")), max_size=6
    )
)
@settings(max_examples=150, deadline=None)
def test_payloads_put_together_stay_harmless(parts: list[str]) -> None:
    assert faults(clean("".join(parts)).html) == []


@given(st.text(alphabet="<>/=\"' \n\t!-&;abpstyle:()\\{}@x\x00", max_size=120))
@settings(max_examples=200, deadline=None)
def test_any_text_is_cleaned_without_a_crash(text: str) -> None:
    assert faults(clean(text, proxied=True).html) == []


def test_a_blocked_image_keeps_its_place_and_is_told() -> None:
    safe = clean('<img src="https://news.test/a.png" width="600" height="80" alt="News">')
    assert parsed(safe.html) == [("img", {"width": "600", "height": "80", "alt": "News"})]
    assert (safe.has_remote_content, safe.remote_count) == (True, 1)


def test_an_allowed_image_is_asked_of_the_proxy() -> None:
    safe = clean('<img src="https://news.test/a.png?b=1&amp;c=2">', proxied=True)
    assert safe.html == '<img src="/proxy?u=https://news.test/a.png?b=1&amp;c=2">'
    assert safe.has_remote_content


def test_inline_parts_are_shown_and_listed() -> None:
    safe = clean(
        '<img src="cid:logo%40x.test"><table background="cid:bg"><td style="background:url(cid:tile)">'
    )
    assert safe.cids == {"logo@x.test", "bg", "tile"}
    assert '<img src="/part/logo@x.test">' in safe.html
    assert "url(&quot;/part/tile&quot;)" in safe.html
    assert not safe.has_remote_content


def test_an_unknown_part_loads_nothing() -> None:
    assert sanitize("<img src=cid:gone alt=x>", cid=lambda _: None).html == '<img alt="x">'


def test_small_raster_data_images_stay_and_svg_ones_go() -> None:
    kept = '<img src="data:image/png;base64,iVBORw0KGgo=">'
    assert clean(kept).html == kept
    assert clean('<img src="data:image/svg+xml;base64,PHN2Zz4=">').html == "<img>"


def test_links_open_elsewhere_and_tell_nothing() -> None:
    link = clean('<a href="https://a.test/?q=1&amp;r=2" target="_self" rel="opener">x</a>').html
    rel = "noopener noreferrer nofollow"
    expected = {"href": "https://a.test/?q=1&r=2", "target": "_blank", "rel": rel}
    assert parsed(link) == [("a", expected)]
    for scheme in ("mailto:a@b.test", "tel:+123"):
        assert f'href="{scheme}"' in clean(f'<a href="{scheme}">x</a>').html


def test_newsletter_layout_survives() -> None:
    mail = (
        '<table width="600" align="center" bgcolor="#eeeeee" cellpadding="0"><tbody>'
        '<tr><td align="left" valign="top" width="50%" style="padding:10px 0;font-family:Arial,sans-serif">'
        '<font color="#333333" face="Arial" size="2">Hello</font></td></tr></tbody></table>'
    )
    assert parsed(clean(mail).html) == parsed(mail)


def test_media_queries_stay_and_escapes_from_the_page_go() -> None:
    safe = clean(
        "<style>@media only screen and (max-width:600px){.c{width:100%!important}} .x{position:fixed;top:0}"
        " .y{position:relative;color:red}</style>"
    ).html
    assert "@media only screen and (max-width:600px){.c{width:100%!important}" in safe
    assert "fixed" not in safe
    assert "position:relative;color:red" in safe


def test_a_blocked_background_leaves_the_colour_beside_it() -> None:
    assert clean('<p style="background:#fff url(http://x.test/a) no-repeat">').html == (
        '<p style="background:#fff none no-repeat"></p>'
    )


def test_style_sheets_keep_their_strings_but_never_a_tag() -> None:
    kept = clean("<style>p{font-family:'A B'} p{font-family:'\\3c i>'}</style>").html
    assert kept == '<style>p{font-family:"A B"}\n</style>'


@pytest.mark.parametrize(
    "css",
    [
        *(
            "animation:a 1s",
            "transform:scale(9)",
            "z-index:9",
            "cursor:none",
            "content:'x'",
            "--x:1",
            "filter:none",
        ),
        *(
            "position:absolute",
            "position:sticky",
            "behavior:x",
            "color:var(--x)",
            "width:attr(x)",
            "width:url(cid:a)",
        ),
        *("pointer-events:none", "background-attachment:fixed", "all:initial", "height:100dvh", "}color:red"),
    ],
)
def test_properties_not_listed_are_dropped(css: str) -> None:
    for html in (f'<p style="{css}">x</p>', f"<style>p{{{css}}}</style><p>x</p>"):
        assert clean(html, proxied=True).html.replace(' style="color:red"', "") == "<p>x</p>"


def test_comments_end_where_a_browser_ends_them() -> None:
    assert clean("<!-- a --!>b<!-->c<!--->d<!-- -- >e-->f<!x>g<?y>h</ z>i").html == "bcdfghi"


def test_heights_of_the_frame_itself_are_refused() -> None:
    assert clean('<p style="min-height:101vh;color:red">').html == '<p style="color:red"></p>'


def test_body_colours_move_to_the_fragment() -> None:
    html = clean('<html><head><title>x</title></head><body bgcolor="eeeeee" text="#111111">Hi').html
    assert html == '<div style="background-color:#eeeeee;color:#111111">Hi</div>'


def test_unclosed_paragraphs_keep_their_formatting_as_in_a_browser() -> None:
    assert clean("<p><font color=red>a<p>b").html == (
        '<p><font color="red">a</font></p><p>b</p>'.replace("<p>b</p>", '<p><font color="red">b</font></p>')
    )


def test_misnested_formatting_is_put_right() -> None:
    assert clean("<b>1<i>2</b>3</i>4").html == "<b>1<i>2</i></b><i>3</i>4"


def test_text_that_looks_like_markup_stays_text() -> None:
    assert clean("a < b && c > d <3").html == "a &lt; b &amp;&amp; c &gt; d &lt;3"


@pytest.mark.parametrize(
    "bomb",
    [
        "<div>" * 200_000,
        "<span><div></span></div>" * 20_000,
        "".join(f"<font face=f{i}>" for i in range(300)) + "<p>x" * 20_000,
        "<table><tr><td>" * 20_000,
        "<style>" * 50_000,
        "<svg>" * 50_000,
        "<!--" * 100_000,
        "<a " * 200_000,
        '<a b="' * 100_001,
        "<style>" + "a{" * 50_000 + "</style>",
        "<style>" + "\\" * 100_000 + "</style>",
        '<p style="' + "(" * 15_000 + '">',
        "<b><i><u><div></b></i></u></div>" * 10_000,
        "<" * 100_000,
    ],
    ids=lambda bomb: repr(bomb[:14]),
)
def test_bombs_give_output_of_bounded_depth_and_size(bomb: str) -> None:
    safe = clean(bomb)
    assert len(safe.html) <= 10 * len(bomb) + 1_000
    assert _depth(safe.html) <= 3 * MAX_DEPTH
    assert faults(safe.html) == []


def test_work_grows_with_the_length_and_not_its_square() -> None:
    """Counted in output tags of the balancer, not in time."""
    unit = "<p><b><i>x<p>y"
    small, large = (balance(unit * n).html.count("<") for n in (500, 5_000))
    assert large <= 11 * small


def test_a_limit_that_was_met_is_told() -> None:
    assert clean("<div>" * 1_000).truncated
    assert clean("<p>x</p>" * 70_000).truncated
    assert not clean("<p>x</p>").truncated


def _depth(html: str) -> int:
    deepest = depth = 0
    for chunk in html.split("<")[1:]:
        if chunk.startswith("/"):
            depth -= 1
        elif not chunk.startswith(("img", "br", "hr", "wbr", "col ")):
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def _html_parts() -> list[str]:
    parts: list[str] = []
    for path in sorted(CORPUS.glob("*.mbox")):
        for key, message in enumerate(mailbox.mbox(path)):
            if len(parts) >= 300 or key > 3_000:
                break
            parsed = email.message_from_bytes(message.as_bytes(), policy=policy.default)
            assert isinstance(parsed, EmailMessage)
            parts += [text for part in parsed.walk() if (text := _html_of(part))]
    return parts


def _html_of(part: object) -> str | None:
    if not isinstance(part, EmailMessage) or part.get_content_type() != "text/html":
        return None
    content = part.get_payload(decode=True)
    return content.decode("utf-8", "replace") if isinstance(content, bytes) else None


def test_real_mail_is_harmless_and_keeps_its_words() -> None:
    need_corpus()
    parts = _html_parts()
    assert parts
    for html in parts:
        safe = clean(html)
        assert faults(safe.html) == []
        assert not safe.truncated
        assert len(_letters(safe.html)) >= 0.98 * len(_letters(html)) - 5


def _letters(html: str) -> str:
    tree = LexborHTMLParser(html)
    for node in tree.css("style,script,title,noscript,textarea,select,svg,iframe,noembed,noframes"):
        node.decompose()
    return "".join((tree.body.text() if tree.body else "").split())


def parsed(html: str) -> list[tuple[str | None, dict[str, str | None]]]:
    """Tags and attributes in document order; nh3 keeps no order of attributes."""
    return [(node.tag, dict(node.attributes)) for node in LexborHTMLParser(html).css("body *")]
