"""SORT and THREAD as grammar, the base subject, the collation and the two algorithms (RFC 5256, RFC 5051)."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.wire.imap import commands as cmd
from posthouse.wire.imap import search, threads
from posthouse.wire.imap.base_subject import base_subject
from posthouse.wire.imap.collation import casemap
from posthouse.wire.imap.errors import BadCharset, Malformed
from posthouse.wire.imap.parser import parse
from posthouse.wire.imap.search import Search
from posthouse.wire.imap.sort import Criterion, Sort, Thread
from posthouse.wire.imap.threads import (
    Columns,
    Message,
    by_ordered_subject,
    by_references,
    referenced,
    written,
)
from tests.wire.imap.feeding import framed


def command(line: bytes) -> cmd.Command:
    return parse(framed(b"a " + line + b"\r\n")).command


def everything(*, is_uid: bool = False, returns: frozenset[str] | None = None) -> Search:
    return Search(key=search.All(), returns=returns, is_uid=is_uid)


@pytest.mark.rfc("5256")
def test_the_grammar() -> None:
    assert command(b"SORT (SUBJECT) UTF-8 ALL") == Sort(criteria=(Criterion("SUBJECT"),), search=everything())
    assert command(b"UID SORT (reverse date from) us-ascii ALL") == Sort(
        criteria=(Criterion("DATE", is_reverse=True), Criterion("FROM")), search=everything(is_uid=True)
    )
    assert command(b"SORT RETURN (COUNT min) (DISPLAYTO) UTF-8 ALL") == Sort(
        criteria=(Criterion("DISPLAYTO"),), search=everything(returns=frozenset({"COUNT", "MIN"}))
    )
    assert command(b"SORT RETURN () (CC) UTF-8 ALL") == Sort(
        criteria=(Criterion("CC"),), search=everything(returns=frozenset({"ALL"}))
    )
    assert command(b'THREAD references "UTF-8" ALL') == Thread(algorithm="REFERENCES", search=everything())
    assert command(b"UID THREAD ORDEREDSUBJECT UTF-8 ALL") == Thread(
        algorithm="ORDEREDSUBJECT", search=everything(is_uid=True)
    )
    both = command(b"SORT (SIZE) UTF-8 SEEN DRAFT")
    assert isinstance(both, Sort) and isinstance(both.search.key, search.And)


@pytest.mark.parametrize(
    "line",
    [
        b"SORT SUBJECT UTF-8 ALL", b"SORT () UTF-8 ALL", b"SORT (REVERSE) UTF-8 ALL", b"SORT (COLOUR) UTF-8 ALL",
        b"SORT (SUBJECT) UTF-8", b"SORT (SUBJECT)", b"SORT", b"THREAD UTF-8 ALL", b"THREAD REFS UTF-8 ALL",
        b"THREAD REFERENCES UTF-8", b"SORT (" + b"DATE " * 30 + b") UTF-8 ALL", b"SORT RETURN (X) (DATE) UTF-8 ALL",
        b"SORT (REVERSE REVERSE DATE) UTF-8 ALL",
    ],
)  # fmt: skip
def test_what_is_not_understood(line: bytes) -> None:
    with pytest.raises(Malformed):
        command(line)


def test_other_charsets() -> None:
    for line in (b"SORT (DATE) KOI8-R ALL", b"THREAD REFERENCES latin1 ALL"):
        with pytest.raises(BadCharset):
            command(line)


@pytest.mark.parametrize(
    ("subject", "base", "is_answer"),
    [
        ("Hello", "Hello", False),
        ("Re: Hello", "Hello", True),
        ("re:re : FW: Fwd:Hello (fwd) (FWD)  ", "Hello", True),
        ("Re[2]: Hello", "Hello", True),
        ("[list] Re: [list] Hello", "Hello", True),
        ("[list] Hello", "Hello", False),
        ("[one] [two] Hello", "Hello", False),
        ("[list]", "[list]", False),
        ("[list] ", "[list]", False),
        ("[Fwd: Hello]", "Hello", True),
        ("[fwd: Re: [x] Hello (fwd)]", "Hello", True),
        ("Re: ", "", True),
        ("  a\t b \r\n c ", "a b c", False),
        ("AW: Hello", "AW: Hello", False),
        ("Regarding: x", "Regarding: x", False),
        ("re [a] [b]: x", "re [a] [b]: x", False),
        ("Re: [a [b] x", "[a [b] x", True),
        ("", "", False),
    ],
)
@pytest.mark.rfc("5256")
def test_base_subjects(subject: str, base: str, is_answer: bool) -> None:
    assert base_subject(subject) == (base, is_answer)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="[]():reRFfwd x\t", max_size=60))
def test_a_base_subject_has_no_base_but_itself(subject: str) -> None:
    once = base_subject(subject).text
    assert base_subject(once).text == once


def test_long_subjects_take_no_longer() -> None:
    for piece in ("[", "[]", "re ", "(fwd)", "[fwd:", " ", "re:", "[re]"):
        base_subject(piece * 100_000)


def test_the_collation() -> None:
    assert casemap("straße") == "STRAßE"
    assert casemap("É") == casemap("e\u0301")
    assert casemap("ﬁ") == casemap("ﬁ") and sorted(["b", "A", "ä", "a"], key=casemap) == ["A", "a", "ä", "b"]
    assert casemap("ǆ") == casemap("Ǆ") == casemap("ǅ")


def message(
    number: int, subject: str = "s", *, at: int | None = None, own: int = 0, refs: tuple[int, ...] = ()
) -> Message:
    base = base_subject(subject)
    return Message(
        number=number,
        sent_at_ms=number if at is None else at,
        subject=casemap(base.text),
        is_answer=base.is_answer,
        message_id=str(own or number * 100),
        references=list(map(str, refs)),
    )


def refs(*messages: Message) -> bytes:
    return written(by_references(messages))


@pytest.mark.rfc("5256")
def test_ordered_subject_writes_the_form_of_the_rfc() -> None:
    found = by_ordered_subject(
        [message(1, "a"), message(2, "b"), message(3, "Re: a"), message(4, "c", at=0), message(5, "a (fwd)")]
    )
    assert written(found) == b"(4)(1 (3)(5))(2)"
    assert written(by_ordered_subject([message(1), message(2, "re: S")])) == b"(1 2)"
    assert written([]) == b""


@pytest.mark.rfc("5256")
def test_references_make_chains_and_branches() -> None:
    """The example of RFC 5256 §4: (2)(3 6 (4 23)(44 7 96))."""
    made = refs(
        message(2, "x"), message(3), message(4, refs=(300, 600)), message(6, refs=(300,)),
        message(7, refs=(300, 600, 4400)), message(23, refs=(400,)), message(44, refs=(300, 600), at=5),
        message(96, refs=(700,)),
    )  # fmt: skip
    assert made == b"(2)(3 6 (4 23)(44 7 96))"


def test_a_parent_that_is_not_there() -> None:
    assert refs(message(3, refs=(1,)), message(4, refs=(1,))) == b"((3)(4))"
    assert refs(message(3, refs=(1, 2))) == b"(3)"
    assert refs(message(3, "x", refs=(1, 2)), message(4, "y", refs=(1,))) == b"((3)(4))"


def test_a_later_header_is_believed_over_a_mention() -> None:
    """Step 1.B: 3 says that 2 hangs on 1, but 2 itself says 9."""
    made = refs(
        message(3, "x", refs=(100, 200)), message(1, "y"), message(2, "z", refs=(900,)), message(9, "q")
    )
    assert made == b"(1)(9 2 3)"


def test_loops_are_not_closed() -> None:
    assert refs(message(1, refs=(200,)), message(2, refs=(100,))) == b"(2 1)"
    assert refs(message(1, refs=(100,))) == b"(1)"
    assert refs(message(1, "a", refs=(200, 300, 100)), message(2, "b"), message(3, "c")) == b"(1)(2)(3)"


def test_an_id_twice_is_of_the_first() -> None:
    made = refs(message(1, "a", own=5), message(2, "b", own=5), message(3, "c", refs=(5,)))
    assert made == b"(1 3)(2)"


def test_equal_subjects_are_joined() -> None:
    assert refs(message(1, "a"), message(2, "Re: a")) == b"(1 2)"
    assert refs(message(1, "Re: a"), message(2, "a")) == b"(2 1)"
    assert refs(message(1, "a"), message(2, "a"), message(3, "a")) == b"((1)(2)(3))"
    assert refs(message(1, ""), message(2, "Re: ")) == b"(1)(2)"
    dummies = [message(n, "a", refs=(ref,)) for n, ref in ((1, 7), (2, 7), (3, 8), (4, 8))]
    assert refs(*dummies) == b"((1)(2)(3)(4))"
    assert refs(*dummies[:2], message(5, "a")) == b"((1)(2)(5))"


def test_siblings_are_in_order_of_their_dates() -> None:
    made = refs(
        message(1, at=50),
        message(2, refs=(100,), at=9),
        message(3, refs=(100,), at=8),
        message(4, "x", at=60),
    )
    assert made == b"(1 (3)(2))(4)"


def test_nothing_is_lost_and_nothing_comes_twice() -> None:
    random_ = random.Random(4)
    for _ in range(300):
        count = random_.randint(1, 25)
        messages = [
            Message(
                number=number,
                sent_at_ms=random_.randint(0, 5),
                subject=random_.choice(["", "a", "b"]),
                is_answer=random_.random() < 0.5,
                message_id=random_.choice(["", *map(str, range(1, 20))]),
                references=[str(random_.randint(1, 25)) for _ in range(random_.randint(0, 4))],
            )
            for number in range(1, count + 1)
        ]
        for algorithm in (by_references, by_ordered_subject):
            text = written(algorithm(messages))
            numbers = sorted(map(int, text.replace(b"(", b" ").replace(b")", b" ").split()))
            assert numbers == list(range(1, count + 1)), messages
            assert b"()" not in text and b" )" not in text and b"( " not in text, text


def test_those_alone_are_told_as_if_all_had_been_linked() -> None:
    """Few ids, dates and subjects, so that many meet; and many, so that many are alone."""
    random_ = random.Random(5)
    for few in [3, 30, 300] * 100:
        messages = [
            Message(
                number=number,
                sent_at_ms=random_.randint(0, few),
                subject=random_.choice(["", *map(str, range(few))]),
                is_answer=random_.random() < 0.5,
                message_id=random_.choice(["", *map(str, range(few))]),
                references=[str(random_.randint(0, few)) for _ in range(random_.choice([0, 0, 0, 1, 3]))],
            )
            for number in range(1, random_.randint(1, 30))
        ]
        columns = Columns(
            [one.number for one in messages],
            [one.sent_at_ms for one in messages],
            [(one.subject, one.is_answer) for one in messages],
            [one.message_id for one in messages],
            [" ".join(one.references) for one in messages],
        )
        assert referenced(columns) == refs(*messages), messages


def test_long_chains_and_wide_threads_take_their_time_and_no_more() -> None:
    count = 20_000
    chain = [message(n, refs=((n - 1) * 100,)) for n in range(count, 0, -1)]
    assert refs(*chain).startswith(b"(1 2 3 ")
    wide = [message(n, refs=(1,), own=n + 10) for n in range(count)] + [message(count + 1, own=1)]
    assert refs(*wide).count(b"(") == count + 1
    moved = [message(n, refs=tuple(range(5, 100))) for n in range(count)]
    assert refs(*moved).count(b"(") == count + 1
    assert count < threads.WALKED_STEPS
