"""The search box's language."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.search.language import MAX_TERMS, Query, Term, parse


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query()),
        ("   ", Query()),
        ("hello", Query(terms=(Term(text="hello"),))),
        ('"annual report"', Query(terms=(Term(text="annual report"),))),
        ("from:ann to:bob", Query(terms=(Term(text="ann", field="from"), Term(text="bob", field="to")))),
        ('subject:"two words"', Query(terms=(Term(text="two words", field="subject"),))),
        ("-draft", Query(terms=(Term(text="draft", negated=True),))),
        ("-from:ann", Query(terms=(Term(text="ann", field="from", negated=True),))),
        ("is:unread", Query(is_unread=True)),
        ("-is:unread", Query(is_unread=False)),
        ("is:read is:starred", Query(is_unread=False, is_flagged=True)),
        ("has:attachment in:archive", Query(has_attachment=True, mailbox="archive")),
        ("after:2026-01-31", Query(after_ms=1769817600000)),
        ("before:2026/01/31", Query(before_ms=1769817600000)),
        ("larger:2M smaller:10k", Query(larger_bytes=2_000_000, smaller_bytes=10_000)),
        (
            "is:odd after:soon larger:big",
            Query(terms=tuple(Term(text=t) for t in ("is:odd", "after:soon", "larger:big"))),
        ),
        ("https://x.test/a", Query(terms=(Term(text="https://x.test/a"),))),
        ('"open quote', Query(terms=(Term(text="open quote"),))),
    ],
)
def test_it_means(text: str, query: Query) -> None:
    assert parse(text) == query


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=600))
def test_everything_is_a_query(text: str) -> None:
    query = parse(text)
    assert len(query.terms) <= MAX_TERMS
    assert all(term.text for term in query.terms)
