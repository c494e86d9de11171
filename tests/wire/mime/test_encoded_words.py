"""Encoded words and charsets (RFC 2047)."""

from __future__ import annotations

import encodings.aliases

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.wire.mime import encoded_words as words
from posthouse.wire.mime.encoded_words import base64_bytes, codec_for, decode, decode_words, encoded_words


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("=?ISO-8859-1?Q?a?=", "a"),
        ("=?ISO-8859-1?Q?a?= b", "a b"),
        ("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"),
        ("=?ISO-8859-1?Q?a?=   =?UTF-8?B?Yg==?=", "ab"),
        ("=?ISO-8859-1?Q?a_b?=", "a b"),
        ("=?utf-8*de?q?=C3=BC?=", "ü"),
        ("x =?utf-8?q?=C3=BC?= y", "x ü y"),
        ("=?utf-8?B?w7w?=", "ü"),
        ("=?utf-8?B?w7w=\t!?=", "ü"),
        ("=?gb2312?B?xOO6ww==?=", "你好"),
        ("=?gb2312?B?t+OLRA==?=", decode(b"\xb7\xe3\x8bD", "gb18030")),
        ("=?ks_c_5601-1987?B?x9GxuQ==?=", "한국"),
        ("=?iso-8859-8-i?Q?=F9=EC=E5=ED?=", "שלום"),
        ("=?windows-1251?Q?=CF=F0?=", "Пр"),
        ("=?iso-8859-1?Q?=93a=94?=", "“a”"),
        ("=?unknown-8bit?Q?=E9?=", "é"),
        ("=?x-nonsense?Q?=C3=A9?=", "é"),
        ("=?shift_jis?B?g2WDWINn?=", "テスト"),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ("=?utf-8?q?unfinished", "=?utf-8?q?unfinished"),
        ("plain", "plain"),
    ],
)
def test_word_is_read_as_meant(written: str, meant: str) -> None:
    assert decode_words(written) == meant


def test_character_cut_over_two_words_is_whole_again() -> None:
    assert decode_words("=?utf-8?q?=C3?= =?utf-8?q?=BC?=") == "ü"


def test_decoded_words_bring_no_control_characters() -> None:
    assert decode_words("=?utf-8?q?a=0D=0ABcc:_b=00?=") == "a  Bcc: b"


def test_number_of_words_is_limited() -> None:
    decoded = decode_words("=?utf-8?q?a?= " * (words.MAX_ENCODED_WORDS + 5))
    assert decoded.count("=?") == 5


@pytest.mark.parametrize(
    "label", ["idna", "punycode", "unicode_escape", "zlib", "base64", "rot13", "undefined", "a" * 99]
)
def test_codecs_that_are_no_charsets_are_refused(label: str) -> None:
    assert codec_for(label) is None


@pytest.mark.parametrize("label", sorted(set(encodings.aliases.aliases.values())))
def test_no_codec_fails_or_gives_lone_surrogates(label: str) -> None:
    data = bytes(range(256)) + b"+2AA- \xed\xa0\x80 \x1b$B\x1b(B~{" + bytes(range(255, 0, -1)) * 2
    decode(data, label).encode("utf-8")


def test_mostly_utf8_text_loses_only_its_bad_bytes() -> None:
    assert decode("grün ".encode() * 10 + b"\xff", "utf-8") == "grün " * 10 + "\ufffd"


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_base64_of_anything_is_something(data: bytes) -> None:
    assert isinstance(base64_bytes(data), bytes)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=300))
@settings(max_examples=150)
def test_what_we_write_is_read_again(text: str) -> None:
    made = encoded_words(text)
    assert all(len(word) <= words.MAX_WORD_CHARS and word.isascii() for word in made)
    assert decode_words(" ".join(made)) == text
