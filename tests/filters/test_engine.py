"""Rules as a pure function of an e-mail's bytes."""

from __future__ import annotations

import fnmatch
import json
import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from posthouse.filters.facts import Facts
    from posthouse.filters.language import Content

OWN = ["alice@posthouse.test", "al@posthouse.test"]


def facts(raw: bytes) -> Facts:
    """As the store would have it."""
    from posthouse.filters.facts import Bytes, Facts
    from posthouse.wire.mime import digest

    def listed(people: Sequence[Any]) -> str:
        return json.dumps([{"name": p.name, "email": p.email} for p in people[:25]])

    read = digest(raw)
    return Facts(
        subject=read.subject,
        sender=listed(read.from_),
        recipients=listed(read.to),
        copied=listed(read.cc),
        size_bytes=len(raw),
        has_attachment=read.has_attachment,
        read=lambda: Bytes(raw, read.structure),
        own=lambda: OWN,
        spam=lambda: None,
    )


def rule(*conditions: dict[str, Any], does: str = "star", is_any: bool = False, **action: Any) -> Content:
    from posthouse.filters.language import Action, Condition, Content, Field, Kind, Op, check_whole

    content = Content(
        is_any=is_any,
        conditions=tuple(
            Condition(**{**one, "field": Field(one["field"]), "op": Op(one["op"])}) for one in conditions
        ),
        actions=(Action(kind=Kind(does), **action),),
    )
    check_whole(content)
    return content


def fits(raw: bytes, *conditions: dict[str, Any], is_any: bool = False) -> bool:
    from posthouse.filters.engine import reasons

    return reasons(rule(*conditions, is_any=is_any), facts(raw)) is not None


RAW = (
    b"From: =?utf-8?q?Zo=C3=AB?= Outside <Zoe@Outside.test>\r\n"
    b"To: Alice <alice@posthouse.test>, bob@posthouse.test\r\n"
    b"Cc: carol@elsewhere.test\r\nBcc: dora@elsewhere.test\r\n"
    b"Subject: =?utf-8?b?UmVjaG51bmcgTnIuIDQy?= today\r\n"
    b"List-Id: The coachmen <coach.lists.outside.test>\r\n"
    b"X-Loop: a\r\nX-Loop: =?utf-8?q?B=C3=A4r?=\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Please <b>pay</b> the stra&szlig;e bill</p>\r\n"
    b"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=x.pdf\r\n\r\nx\r\n--b--\r\n"
)
ALONE = b"From: z@outside.test\r\nTo: Alice+news@posthouse.test\r\nCc: al@posthouse.test\r\nSubject: x\r\n\r\nx\r\n"

CASES: list[tuple[dict[str, Any], bool]] = [
    ({"field": "from", "op": "contains", "value": "ZOË out"}, True),
    ({"field": "from", "op": "is", "value": "zoe@outside.test"}, True),
    ({"field": "from", "op": "is", "value": "zoë outside"}, True),
    ({"field": "from", "op": "ends", "value": "@outside.test"}, True),
    ({"field": "from", "op": "starts", "value": "zoe@"}, True),
    ({"field": "from", "op": "matches", "value": "*@*.test"}, True),
    ({"field": "from", "op": "contains", "value": "alice"}, False),
    ({"field": "from", "op": "contains", "value": "alice", "is_negated": True}, True),
    ({"field": "to", "op": "is", "value": "carol@elsewhere.test"}, True),
    ({"field": "to", "op": "is", "value": "dora@elsewhere.test"}, False),
    ({"field": "recipient", "op": "is", "value": "dora@elsewhere.test"}, True),
    ({"field": "subject", "op": "is", "value": "rechnung nr. 42 today"}, True),
    ({"field": "subject", "op": "matches", "value": "rechnung nr. ?? *"}, True),
    ({"field": "subject", "op": "matches", "value": "rechnung nr. ? *"}, False),
    ({"field": "header", "header": "x-loop", "op": "is", "value": "bär"}, True),
    ({"field": "header", "header": "X-Loop", "op": "is", "value": "a"}, True),
    ({"field": "header", "header": "X-Loop", "op": "exists"}, True),
    ({"field": "header", "header": "X-Other", "op": "exists"}, False),
    ({"field": "body", "op": "contains", "value": "pay the STRASSE"}, True),
    ({"field": "body", "op": "contains", "value": "<b>"}, False),
    ({"field": "list", "op": "is", "value": "coach.lists.outside.test"}, True),
    ({"field": "list", "op": "exists"}, True),
    ({"field": "size", "op": "over", "size_bytes": 100}, True),
    ({"field": "size", "op": "under", "size_bytes": 100}, False),
    ({"field": "attachment", "op": "exists"}, True),
    ({"field": "alone", "op": "exists"}, False),
]


@pytest.mark.parametrize(("condition", "is_met"), CASES)
def test_each_condition(condition: dict[str, Any], is_met: bool) -> None:
    assert fits(RAW, condition) is is_met


def test_for_me_alone_knows_every_address_of_mine() -> None:
    alone = {"field": "alone", "op": "exists"}
    assert fits(ALONE, alone)
    assert not fits(ALONE.replace(b"Cc: al@", b"Cc: bob@"), alone)
    assert not fits(b"From: z@outside.test\r\nSubject: x\r\n\r\nx\r\n", alone), "it names nobody"


def test_all_and_any() -> None:
    yes, no = (
        {"field": "from", "op": "contains", "value": "zo"},
        {"field": "subject", "op": "is", "value": "-"},
    )
    assert not fits(RAW, yes, no)
    assert fits(RAW, yes, no, is_any=True)


def test_addresses_behind_the_listed_ones_count() -> None:
    many = ", ".join(f"p{n}@posthouse.test" for n in range(60))
    raw = f"From: z@outside.test\r\nTo: {many}\r\nSubject: x\r\n\r\nx\r\n".encode()
    assert fits(raw, {"field": "to", "op": "is", "value": "p59@posthouse.test"})
    assert not fits(raw, {"field": "to", "op": "is", "value": "p60@posthouse.test"})


@pytest.mark.parametrize(
    "condition",
    [
        {"field": "subject", "op": "over", "value": "x"},
        {"field": "subject", "op": "is", "value": " "},
        {"field": "subject", "op": "is", "value": "x" * 201},
        {"field": "size", "op": "over"},
        {"field": "header", "op": "is", "value": "x", "header": "a b"},
        {"field": "subject", "op": "is", "value": "x", "header": "X"},
        {"field": "attachment", "op": "exists", "value": "x"},
        {"field": "attachment", "op": "exists", "size_bytes": 3},
    ],
)
def test_what_makes_no_sense_is_refused(condition: dict[str, Any]) -> None:
    from posthouse.base.errors import Invalid

    with pytest.raises(Invalid) as refused:
        rule(condition)
    assert refused.value.code == "bad_rule"


# --- several rules ------------------------------------------------------------------------------


def decided(*contents: Content) -> Any:
    from posthouse.filters.engine import Rule, decide

    return decide([Rule(id=n, content=content) for n, content in enumerate(contents, 1)], facts(RAW))


ZOE = {"field": "from", "op": "contains", "value": "zo"}
NOBODY = {"field": "from", "op": "contains", "value": "nobody"}


def test_the_first_that_files_says_where_and_labels_and_flags_add_up() -> None:
    done = decided(
        rule(ZOE, does="label", mailbox_id=7),
        rule(NOBODY, does="trash"),
        rule(ZOE, does="file", mailbox_id=8),
        rule(ZOE, does="file", mailbox_id=9),
        rule(ZOE, does="label", mailbox_id=6),
        rule(ZOE, does="read"),
    )
    assert (done.mailbox_id, done.labels, done.rule_id) == (8, (7, 6), 3)
    assert done.is_seen and not done.is_flagged and not done.is_trash


def test_stop_is_the_last_and_counts_only_where_it_fits() -> None:
    assert decided(rule(NOBODY, does="stop"), rule(ZOE, does="star")).is_flagged
    assert not decided(rule(ZOE, does="stop"), rule(ZOE, does="star")).is_flagged


def test_nothing_fits() -> None:
    assert decided(rule(NOBODY, does="trash")).rule_id is None


# --- patterns and time --------------------------------------------------------------------------


@given(st.text("ab*?", min_size=1, max_size=12), st.text("ab", max_size=30))
def test_patterns_are_those_of_the_shell(pattern: str, value: str) -> None:
    from posthouse.filters.engine import pattern_of

    assert pattern_of(pattern).matches(value) == bool(re.match(fnmatch.translate(pattern), value))


def test_the_work_for_one_email_is_bounded() -> None:
    """200 rules of 20 patterns made to be slow, over a long text."""
    from posthouse.filters.engine import Rule, decide

    raw = b"From: z@outside.test\r\nSubject: x\r\n\r\n" + b"a" * 99_000 + b"\r\n"
    bad = {"field": "body", "op": "matches", "value": "*" + "a?" * 98 + "b*"}
    rules = [Rule(id=n, content=rule(*[bad] * 20, is_any=True)) for n in range(200)]
    asked = facts(raw)
    begun = time.process_time()
    assert decide(rules, asked).rule_id is None
    assert time.process_time() - begun < 1.0


def test_a_rule_behind_the_bound_is_not_asked_and_those_before_are() -> None:
    from posthouse.filters.engine import Rule, decide

    raw = b"From: zo@outside.test\r\nSubject: x\r\n\r\n" + b"a" * 99_000 + b"\r\n"
    bad = {"field": "body", "op": "matches", "value": "*" + "a?" * 98 + "b*"}
    rules = [
        Rule(id=1, content=rule(ZOE, does="read")),
        Rule(id=2, content=rule(*[bad] * 20, is_any=True)),
        Rule(id=3, content=rule(ZOE, does="star")),
    ]
    done = decide(rules, facts(raw))
    assert done.is_seen and not done.is_flagged
