import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthouse.wire.imap.pattern import matcher


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("*", "a/b/c", True),
        ("%", "a", True),
        ("%", "a/b", False),
        ("a/%", "a/b", True),
        ("a/%", "a", False),
        ("a/%", "a/b/c", False),
        ("%/%", "a/b", True),
        ("a*c", "a/b/c", True),
        ("INBOX", "INBOX", True),
        ("inbox", "INBOX", True),
        ("in%", "INBOX", True),
        ("inbox/*", "INBOX/x", True),
        ("inbox/X", "INBOX/x", False),
        ("work", "Work", False),
        ("", "a", False),
        ("", "", True),
        ("a.c", "abc", False),
    ],
)
def test_patterns(pattern, name, expected):
    assert matcher(pattern)(name) is expected


@given(st.text("ab/*%", max_size=12), st.text("ab/", max_size=12))
def test_it_agrees_with_the_obvious_meaning(pattern, name):
    parts = [
        {"*": ".*", "%": "[^/]*"}.get(c, re.escape(c)) for c in re.sub(r"[*%]*\*[*%]*|%+", _shortest, pattern)
    ]
    assert matcher(pattern)(name) is bool(re.fullmatch("".join(parts), name, re.S))


def _shortest(match: re.Match[str]) -> str:
    return "*" if "*" in match[0] else "%"


def test_a_pattern_made_to_hurt_takes_no_time():
    assert not matcher("*a" * 450 + "b")("a" * 2000)
