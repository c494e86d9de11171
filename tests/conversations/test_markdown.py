"""Markdown to HTML that may be shown, whatever is written."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthouse.conversations.markdown import MAX_CHARS, named_in, render

NAMES = {("user", 7): "Ann <b>", ("group", 8): "Coachmen"}


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <s>c</s> <code>d</code></p>"),
        ("a\nb", "<p>a<br>\nb</p>"),
        ("```python\nx = '<i>'\n```", "<pre><code class=\"language-python\">x = '&lt;i&gt;'\n</code></pre>"),
        ("> q", "<blockquote>\n<p>q</p>\n</blockquote>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
    ],
)
def test_what_markdown_says(text: str, wanted: str) -> None:
    assert render(text, {}).html == wanted


def test_links_are_found_and_lead_out_alone() -> None:
    made = render("See https://example.org/a?b=c and [this](http://example.org)", {}).html
    assert made.count('rel="noopener noreferrer nofollow"') == 2 and made.count('target="_blank"') == 2
    assert 'href="https://example.org/a?b=c"' in made


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://tracker.example/p.png)",
        "[x](vbscript:x)",
        "<a href='javascript:x'>x</a>",
        '```" onmouseover=alert(1) x="\nx\n```',
        '[x](https://example.org "onclick=alert(1)")',
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<svg/onload=alert(1)>",
    ],
)
def test_nothing_runs_and_nothing_is_loaded(text: str) -> None:
    made = render(text, {}).html
    assert not re.search(r"<(script|img|svg|iframe|style|object|form)", made, re.I)
    for tag in re.findall(r"<[^>]*>", made):
        assert not re.search(
            r"""(?:\son\w+\s*=|javascript:|vbscript:|data:)""", re.sub(r'title="[^"]*"', "", tag), re.I
        ), tag


def test_mentions_are_by_the_directorys_name_and_not_in_code() -> None:
    made = render(
        "@[Fake](user:7) @[x](group:8) @[nobody](user:9) @here me@here.org `@channel` @channels", NAMES
    )
    assert [(m.kind, m.id) for m in made.mentions] == [("user", 7), ("group", 8), ("here", 0)]
    assert '<span data-mention="user:7">@Ann &lt;b&gt;</span>' in made.html
    assert '<span data-mention="here">@here</span>' in made.html
    assert "<span" not in render('<span data-mention="user:7">@Boss</span>', NAMES).html


def test_names_are_asked_for_once() -> None:
    assert named_in("@[a](user:1) @[b](user:1) @[c](group:2)") == [("user", 1), ("group", 2)]


@given(st.text(alphabet="*_~`[]()<>!@#-|\\ \n\t:/a1&;\"'", max_size=300))
def test_whatever_is_written_comes_out_clean(text: str) -> None:
    made = render(text, NAMES).html
    tags = set(re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", made))
    assert tags <= {
        "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
        "s", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
    }  # fmt: skip


@pytest.mark.parametrize(
    "piece",
    ["[", "*a_ ", "> ", "`", "![](", "@[x](user:7)", "| a ", "- ", "[a](", "**a*", "<", "https://a.b "],
)
def test_the_worst_text_takes_no_time(piece: str) -> None:
    text = (piece * MAX_CHARS)[:MAX_CHARS]
    begun = time.process_time()
    render(text, NAMES)
    assert time.process_time() - begun < 2
