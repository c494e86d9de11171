"""How texts are cut for the index."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.search.tokens import MAX_TOKEN_CHARS, Wanted, fold_in_place, pieces_inside, tokens, wanted


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("!?", []),
        ("Hello, World_2", ["hello", "world", "2"]),
        ("Café CAFE\u0301 ｃａｆé", ["cafe", "cafe", "cafe"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("ﬁn ½", ["fin", "1", "2"]),
        ("Ελλάδα ёлка", ["ελλαδα", "елка"]),
        ("zoe.zander@mail.outside.test", ["zoe", "zander", "mail", "outside", "test"]),
        ("日本語", ["日本", "本語", "語"]),
        ("abc日本x", ["abc", "日本", "本", "x"]),
        ("が", ["が"]),
        ("ｶﾞﾗｽ", ["ガラ", "ラス", "ス"]),
        ("สวัสดี", ["สว", "วั", "ัส", "สด", "ดี", "ี"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("שָׁלוֹם", ["שלום"]),
        ("a" * 40, ["a" * 40]),
        ("a" * 41, ["a" * 40, "a" * 21]),
        ("a" * 61, ["a" * 40, "a" * 40, "a" * 21]),
    ],
)
def test_tokens(text: str, found: list[str]) -> None:
    assert tokens(text) == found


@pytest.mark.parametrize(
    ("text", "is_prefix", "found"),
    [
        ("hello wor", True, Wanted(("hello", "wor"), is_open=True)),
        ("hello wor", False, Wanted(("hello", "wor"), is_open=False)),
        ("hello!", True, Wanted(("hello",), is_open=False)),
        ("日本語", False, Wanted(("日本", "本語"), is_open=False)),
        ("日", False, Wanted(("日",), is_open=True)),
        ("abc日", False, Wanted(("abc", "日"), is_open=True)),
        ("...", True, Wanted((), is_open=False)),
    ],
)
def test_what_is_looked_for(text: str, is_prefix: bool, found: Wanted) -> None:
    assert wanted(text, is_prefix=is_prefix) == found


@settings(max_examples=300)
@given(st.text(max_size=300))
def test_tokens_are_bounded_and_stable(text: str) -> None:
    found = tokens(text)
    assert len(found) <= 20 * len(text)
    assert len(fold_in_place(text)) == len(text)
    for token in found:
        assert 1 <= len(token) <= MAX_TOKEN_CHARS


PAIRED = st.text(alphabet="日本語のガラス가나ไทยລາວខ្មែ", min_size=2, max_size=30)


@settings(max_examples=300)
@given(PAIRED, st.data())
def test_any_two_characters_together_are_found(text: str, data: st.DataObject) -> None:
    low = data.draw(st.integers(0, len(text) - 2))
    high = data.draw(st.integers(low + 2, len(text)))
    look_for = list(wanted(text[low:high], is_prefix=False).tokens)
    have = tokens(text)
    assert any(have[at : at + len(look_for)] == look_for for at in range(len(have)))


FOUND_IN = {
    "is": lambda have, token: token in have,
    "begins": lambda have, token: any(one.startswith(token) for one in have),
    "ends": lambda have, token: any(one.endswith(token) for one in have),
    "holds": lambda have, token: any(token in one for one in have),
}


@settings(max_examples=500)
@given(st.text(alphabet="aB1 .-@é日本ท่ß", min_size=1, max_size=40) | st.text("abcé", max_size=150), st.data())
def test_a_substring_leaves_its_pieces(text: str, data: st.DataObject) -> None:
    """What IMAP relies on: a text that holds the needle has all of its pieces."""
    low = data.draw(st.integers(0, max(len(text) - 1, 0)))
    needle = text[low : data.draw(st.integers(low, len(text)))].casefold()
    pieces = pieces_inside(needle)
    have = tokens(text)
    for how, token in pieces or []:
        assert FOUND_IN[how](have, token), (how, token, have)


@pytest.mark.parametrize(
    "text", ["日" * 200_000, "a" * 400_000, "é" * 200_000, "\u0301" * 200_000, "a." * 200_000]
)
def test_long_texts_take_linear_time(text: str) -> None:
    started = time.process_time()
    tokens(text)
    assert time.process_time() - started < 2
