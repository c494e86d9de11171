"""MTA-STS records and policies as they are published, and as they should not be."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthouse.wire.smtp.mta_sts import MAX_AGE_SECONDS, BadPolicy, Mode, Policy, parse_policy, record_id

GOOD = b"version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\nmx: *.Example.net\r\nmax_age: 86400\r\n"


def test_a_line_takes_no_longer_for_its_blanks() -> None:
    begun = time.process_time()
    policy = parse_policy(GOOD + b"note: " + b" " * 60_000 + b"x \t\r\nmx: \tmx3.example.com \t\r\n")
    assert policy.mx[-1] == "mx3.example.com"
    assert time.process_time() - begun < 0.5


@pytest.mark.parametrize(
    ("records", "number"),
    [
        ([b"v=STSv1; id=20160831085700Z;"], "20160831085700Z"),
        ([b"v=spf1 -all", b"v=STSv1;id=1"], "1"),
        ([b"v=STSv1 ; ext=x; id = a9 "], "a9"),
        ([b"v=STSv1; id=1", b"v=STSv1; id=2"], None),
        ([b"v=STSv1; id=1; id=2"], None),
        ([b"v=STSv1; id=not-alnum"], None),
        ([b"v=STSv1; id=" + b"1" * 33], None),
        ([b"v=STSv2; id=1"], None),
        ([b"\xff\x00"], None),
        ([], None),
    ],
)
def test_one_record_names_the_policy(records: list[bytes], number: str | None) -> None:
    assert record_id(records) == number


def test_a_policy_names_its_servers() -> None:
    policy = parse_policy(GOOD)
    assert policy == Policy(mode=Mode.ENFORCE, max_age_seconds=86400, mx=("mx1.example.com", "*.example.net"))
    assert [policy.takes(host) for host in ("MX1.example.com.", "a.example.net", "A.EXAMPLE.NET")] == [
        True
    ] * 3
    for stranger in (
        "mx2.example.com",
        "example.net",
        "a.b.example.net",
        "xexample.net",
        "",
        "mx1.example.com.evil.test",
    ):
        assert not policy.takes(stranger), stranger


def test_the_first_of_a_key_counts_and_unknown_ones_do_not() -> None:
    text = GOOD.replace(b"\r\n", b"\n") + b"mode: none\nfuture: thing\n\n"
    assert parse_policy(text).mode is Mode.ENFORCE
    assert (
        parse_policy(b"version: STSv1\nmode: none\nmax_age: 99999999999"[:-1]).max_age_seconds
        == MAX_AGE_SECONDS
    )


@pytest.mark.parametrize(
    "text",
    [
        b"",
        GOOD.replace(b"STSv1", b"STSv2"),
        GOOD.replace(b"enforce", b"force"),
        GOOD.replace(b"86400", b"-1"),
        GOOD.replace(b"86400", "١٢".encode()),
        b"version: STSv1\nmode: enforce\nmax_age: 1\n",
        GOOD.replace(b"mx1.example.com", b"mx1 .example.com"),
        GOOD.replace(b"mx1.example.com", b"*"),
        GOOD + b"no pair\n",
        GOOD + b"\xff: x\n",
        b"<html>" + b"x" * 70_000,
        GOOD + b"mx: a.test\n" * 200,
    ],
)
def test_what_is_no_policy_is_none(text: bytes) -> None:
    with pytest.raises(BadPolicy):
        parse_policy(text)


@given(st.binary(max_size=400))
def test_nothing_else_comes_of_any_bytes(text: bytes) -> None:
    try:
        parse_policy(text)
    except BadPolicy:
        pass
    record_id([text, b"v=STSv1;" + text])
