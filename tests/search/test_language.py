"""The search box's language."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from posthouse.search.language import MAX_TERMS, kinds_of, parse
from posthouse.search.tree import (
    Age,
    And,
    Has,
    In,
    MessageId,
    Node,
    Not,
    Or,
    Received,
    Size,
    State,
    Words,
    leaves,
    text_of,
)


def word(text: str, field: str = "any", *, last: bool = False) -> Words:
    return Words(text=text, field=field, is_prefix=last)


def phrase(text: str, field: str = "any") -> Words:
    return Words(text=text, field=field, is_phrase=True)


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("", None),
        ("   ", None),
        ("- ) }", None),
        ("hello", word("hello", last=True)),
        ("hello ", word("hello")),
        ("an re", And((word("an"), word("re", last=True)))),
        ('"annual report"', phrase("annual report")),
        ('"open quote', phrase("open quote")),
        ("from:ann to:bob ", And((word("ann", "from"), word("bob", "to")))),
        ("cc:ann bcc:bob ", And((word("ann", "cc"), word("bob", "bcc")))),
        ("FROM:ann", word("ann", "from", last=True)),
        ('subject:"two words"', phrase("two words", "subject")),
        ("filename:pdf list:dev ", And((word("pdf", "filename"), word("dev", "list")))),
        ("-draft", Not(word("draft", last=True))),
        ("--draft ", word("draft")),
        ("-from:ann ", Not(word("ann", "from"))),
        ("is:unread", State("unread")),
        ("-is:flagged is:seen", And((Not(State("starred")), State("read")))),
        ("is:important is:muted", And((State("important"), State("muted")))),
        ("has:attachment in:archive", And((Has("attachment"), In("archive")))),
        ('label:"Old mail" has:userlabels', And((In("Old mail"), Has("userlabels")))),
        ("after:2026-01-31", Received(False, 1769817600000)),
        ("before:2026/1/31", Received(True, 1769817600000)),
        ("after:1769817601", Received(False, 1769817601000)),
        ("older_than:1y newer_than:3d", And((Age(True, 1, "y"), Age(False, 3, "d")))),
        ("larger:2M smaller:10k size:7", And((Size(True, 2_000_000), Size(False, 10_000), Size(True, 7)))),
        ("rfc822msgid:<a@b.test>", MessageId("a@b.test")),
        ("a OR b c ", And((Or((word("a"), word("b"))), word("c")))),
        ("a | b OR c ", Or((word("a"), word("b"), word("c")))),
        ("a AND b ", And((word("a"), word("b")))),
        ("OR a OR ", word("a")),
        ("{a b} ", Or((word("a"), word("b")))),
        ("(a b) OR c ", Or((And((word("a"), word("b"))), word("c")))),
        ("-(a b) ", Not(And((word("a"), word("b"))))),
        ("-{a b} ", Not(Or((word("a"), word("b"))))),
        ("subject:(a b) ", And((word("a", "subject"), word("b", "subject")))),
        ("from:{a b} ", Or((word("a", "from"), word("b", "from")))),
        ("in:(a OR b)", Or((In("a"), In("b")))),
        ("from:(a subject:b)", And((word("a", "from"), word("b", "subject", last=True)))),
        ("(a (b ", And((word("a"), word("b")))),
        ("a) b ", And((word("a"), word("b")))),
        ("https://x.test/a ", word("https://x.test/a")),
    ],
)
def test_it_means(text: str, root: Node | None) -> None:
    assert parse(text).root == root


@pytest.mark.parametrize("text", ["is:odd", "after:soon", "larger:big", "before:2026-02-30", "colour:red"])
def test_what_is_not_understood_is_taken_as_words_and_said(text: str) -> None:
    query = parse(f"x {text} ")
    assert query.root == And((word("x"), word(text)))
    assert [(part.text, part.kind) for part in query.parts] == [("x", "words"), (text, "not_understood")]


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("in:#desk", In("#desk")),
        ('in:"#Front desk"', In("#Front desk")),
        ('in:#"Front desk"', In("#Front desk")),
        ("in:@bob", In("@bob")),
        ('in:@"Bob Lee"', In("@Bob Lee")),
        ("in:(#a OR @b)", Or((In("#a"), In("@b")))),
        ("in:anywhere", In("anywhere")),
        ("has:file has:link has:image", And((Has("attachment"), Has("link"), Has("image")))),
        ("has:reaction has:thread", And((Has("reaction"), Has("thread")))),
        (
            "is:pinned is:mention is:starred is:unread",
            And((State("pinned"), State("mention"), State("starred"), State("unread"))),
        ),
        ("from:ann filename:pdf ", And((word("ann", "from"), word("pdf", "filename")))),
        ("older_than:1y before:2026-01-31", And((Age(True, 1, "y"), Received(True, 1769817600000)))),
    ],
)
def test_in_conversations_it_means(text: str, root: Node | None) -> None:
    assert parse(text, of=("messages",)).root == root
    both = parse(text, of=("mail", "messages"))
    assert both.root == root and all(part.kind in ("operator", "group") for part in both.parts)


@pytest.mark.parametrize(
    "text", ["subject:x", "to:x", "larger:1M", "is:draft", "has:userlabels", "in:inbox", "in:#"]
)
def test_what_conversations_do_not_have_is_taken_as_words_and_said(text: str) -> None:
    query = parse(f"{text} ", of=("messages",))
    assert query.root == word(text) and [part.kind for part in query.parts] == ["not_understood"]


@pytest.mark.parametrize(
    "text", ["in:#desk", "in:@bob", "has:reaction", "is:pinned", "has:link", "is:mention"]
)
def test_what_mail_does_not_have_is_taken_as_words_and_said(text: str) -> None:
    query = parse(f"{text} ")
    assert query.root == word(text) and [part.kind for part in query.parts] == ["not_understood"]


def test_where_both_are_searched_parts_say_what_only_one_has() -> None:
    query = parse("x subject:a in:#desk -has:reaction (is:pinned OR to:b) is:unread", of=("mail", "messages"))
    assert [part.only for part in query.parts] == ["", "mail", "messages", "", "", ""]
    assert kinds_of(parse("x subject:a ", of=("mail", "messages")).root) == {"mail"}
    assert kinds_of(parse("x in:#a ", of=("mail", "messages")).root) == {"messages"}
    assert kinds_of(parse("in:#a subject:b ", of=("mail", "messages")).root) == frozenset()
    assert kinds_of(parse("in:#a OR subject:b ", of=("mail", "messages")).root) == {"mail", "messages"}


def test_parts_tell_what_was_understood() -> None:
    text = 'red -from:"Ann Lee" (a OR b) is:unread c OR d'
    parts = parse(text).parts
    assert " ".join(part.text for part in parts) == text
    assert [(part.kind, part.name, part.value, part.is_negated) for part in parts] == [
        ("words", "", "red", False),
        ("operator", "from", "Ann Lee", True),
        ("group", "", "", False),
        ("operator", "is", "unread", False),
        ("group", "", "", False),
    ]


PIECES = st.sampled_from(
    ['"', "(", ")", "{", "}", "-", " ", " OR ", "|", " AND ", "from:", "is:", "unread", "in:", "before:", "2026-01-31",
     "larger:", "5M", "older_than:", "2d", "subject:", "x", "é", "日本", "rfc822msgid:", "<a@b>", "has:", "userlabels",
     "after:1769817601", "label:", ":", "\t", "#", "@", "reaction"]
)  # fmt: skip
TEXTS = st.text(max_size=300) | st.lists(PIECES, max_size=60).map("".join)


@settings(max_examples=400)
@given(TEXTS)
def test_everything_is_a_search(text: str) -> None:
    query = parse(text)
    found = list(leaves(query.root))
    assert len(found) <= MAX_TERMS
    assert all(leaf.text.strip() for leaf in found if isinstance(leaf, Words))


@settings(max_examples=600)
@example("--|")
@given(TEXTS)
def test_a_tree_written_down_is_the_same_tree(text: str) -> None:
    for of in (("mail",), ("messages",), ("mail", "messages")):
        root = parse(text, of=of).root
        written = text_of(root)
        is_open = any(isinstance(leaf, Words) and leaf.is_prefix for leaf in leaves(root))
        assert parse(written if is_open else written + " ", of=of).root == root


@pytest.mark.parametrize("hostile", ["(" * 1000, "-" * 1000, "a:" * 500, '"' * 1000, "{a " * 300, "-(" * 500])
def test_hostile_texts_take_no_time(hostile: str) -> None:
    started = time.perf_counter()
    parse(hostile)
    assert time.perf_counter() - started < 0.2
