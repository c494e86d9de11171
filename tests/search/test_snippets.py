"""Where the words of a search stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.search.language import parse
from posthouse.search.snippets import SNIPPET_CHARS, looked_for, marked, snippet


def matches(q: str, text: str, field: str = "body") -> list[str]:
    return [one.text for one in marked(text, looked_for(parse(q).root, field)) if one.is_match]


@pytest.mark.parametrize(
    ("q", "text", "found"),
    [
        ("hello ", "Hello, hello shello hellos", ["Hello", "hello"]),
        ("hel", "Hello, shell", ["Hello"]),
        ('"annual report"', "The Annual\n report and annual reports", ["Annual\n report"]),
        ("cafe ", "Im Café", ["Café"]),
        ("café ", "In the CAFE", ["CAFE"]),
        ("本語", "日本語です", ["本語"]),
        ("議", "会議", ["議"]),
        ("abc ", "日本abc語", ["abc"]),
        ("ann@x.test ", "to ann@x.test now", ["ann@x.test"]),
        ("a OR b ", "a c b", ["a", "b"]),
        ("a -b ", "a b", ["a"]),
        ("from:a ", "a b", []),
        ("subject:a ", "a b", []),
        ("is:unread", "unread", []),
        ("a* ", "a+b .* a", ["a", "a"]),
    ],
)
def test_matches(q: str, text: str, found: list[str]) -> None:
    assert matches(q, text) == found


def test_a_field_marks_its_own() -> None:
    assert matches("subject:a ", "a b", "subject") == ["a"]


@settings(max_examples=200)
@given(st.text(max_size=60), st.text(max_size=400))
def test_segments_are_the_text(q: str, text: str) -> None:
    look_for = looked_for(parse(q).root, "body")
    assert "".join(one.text for one in marked(text, look_for)) == text
    piece = snippet(text, look_for)
    inside = "".join(one.text for one in piece if one.text not in ("… ", " …"))
    assert len(inside) <= SNIPPET_CHARS and inside in text


def test_the_piece_is_around_the_words() -> None:
    text = "before " * 900 + "the Kraken comes " + "after " * 900
    piece = snippet(text, looked_for(parse("kraken ").root, "body"))
    whole = "".join(one.text for one in piece)
    assert whole.startswith("… before the Kraken comes after") and whole.endswith(" …")
    assert snippet(text, looked_for(parse("nothing ").root, "body")) == []
