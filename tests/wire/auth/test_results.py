"""Authentication-Results: written, read, and taken out when somebody writes it in our name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.wire.auth import results
from posthouse.wire.auth.results import Header, Result

HOST = "mail.posthouse.test"
MAIL = b"From: a@b.test\r\n\r\nbody\r\n"


def read(field: bytes) -> Header | None:
    return results.read_body(field.partition(b":")[2].decode())


def test_what_is_written_is_read() -> None:
    given = (
        Result(method="spf", result="pass", properties=(("smtp.mailfrom", "ann@bank.example"),)),
        Result(
            method="dkim",
            result="fail",
            reason='the "body" was changed (by; whom)',
            properties=(("header.d", "bank.example"), ("header.s", "a b"), ("header.b", "ab=/+c=")),
        ),
    )
    field = results.write(HOST, given)

    assert max(map(len, field.split(b"\r\n"))) < 90
    assert all(line[:1] == b" " for line in field.split(b"\r\n")[1:-1])
    assert read(field) == Header(authserv_id=HOST, results=given)
    assert results.write(HOST, ()) == b"Authentication-Results: mail.posthouse.test;\r\n none\r\n"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("example.org; none", ("example.org", [])),
        ("example.org 1; none", ("example.org", [])),
        ("example.com; spf=pass smtp.mailfrom=example.net", ("example.com", [("spf", "pass")])),
        (
            "example.com; auth=pass (cram-md5) smtp.auth=sender@example.net;\r\n spf=pass smtp.mailfrom=example.net",
            ("example.com", [("auth", "pass"), ("spf", "pass")]),
        ),
        (
            "foo.example.net (foobar) 1 (baz); dkim (Because I like it) / 1 (One yay) = (wait for it) fail",
            ("foo.example.net", []),
        ),
        ("(a (nested) one) example.org; dkim=pass header.d = x.test", ("example.org", [("dkim", "pass")])),
    ],
)  # fmt: skip
def test_what_others_write_is_read(text: str, wanted: tuple[str, list[tuple[str, str]]]) -> None:
    found = results.read_body(text)

    assert found is not None
    assert (found.authserv_id, [(one.method, one.result) for one in found.results]) == wanted


FORGED = [
    b"Authentication-Results: mail.posthouse.test; dmarc=pass header.from=bank.example\r\n",
    b"authentication-RESULTS : MAIL.PostHouse.test; dmarc=pass\r\n",
    b"Authentication-Results:\r\n mail.posthouse.test 1;\r\n dmarc=pass\r\n",
    b"Authentication-Results: (a) mail.posthouse.test (b); dmarc=pass\r\n",
    b"Authentication-Results: (a;(b)) mail.posthouse.test; dmarc=pass\r\n",
    b'Authentication-Results: "mail.posthouse.test"; dmarc=pass\r\n',
    b'Authentication-Results: "mail.post\\house.test"; dmarc=pass\r\n',
    b"Authentication-Results: (open mail.posthouse.test; dmarc=pass\r\n",
    b"Authentication-Results\t:mail.posthouse.test;dmarc=pass\r\n",
    b"Authentication-Results: " + b"(" * 500 + b")" * 500 + b" mail.posthouse.test; dmarc=pass\r\n",
    b"Authentication-Results: (" + b"x" * 40_000 + b") mail.posthouse.test; dmarc=pass\r\n",
]


@pytest.mark.parametrize("field", FORGED)
def test_nobody_writes_in_our_name(field: bytes) -> None:
    assert results.drop_forged(field + MAIL, HOST) == MAIL
    assert results.drop_forged(b"To: x\r\n" + field * 3 + MAIL, HOST) == b"To: x\r\n" + MAIL


@pytest.mark.parametrize(
    "content",
    [
        b"Authentication-Results: other.test; spf=pass\r\n" + MAIL,
        b"Subject: Authentication-Results: mail.posthouse.test; dmarc=pass\r\n" + MAIL,
        MAIL + FORGED[0],
        b"\r\n" + FORGED[0],
        b"no header at all",
        b"",
    ],
)
def test_all_else_stays(content: bytes) -> None:
    assert results.drop_forged(content, HOST) == content


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 3))
def test_nothing_but_forged_fields_is_lost(noise: bytes, at: int) -> None:
    """Every other line of a message is there afterwards, in its order."""
    noise = noise.replace(b"\r", b"").replace(b"\n", b"")
    lines = [b"X-A: 1\r\n", b"X-B: " + noise + b"\r\n", b"X-C: 3\r\n"]
    header = b"".join([*lines[:at], FORGED[0], *lines[at:]])

    assert results.drop_forged(header + b"\r\n" + noise, HOST) == b"".join(lines) + b"\r\n" + noise


def test_only_what_stands_above_the_topmost_received_is_ours() -> None:
    ours = results.write(HOST, [Result(method="dmarc", result="fail")])
    received = b"Received: from x by mail.posthouse.test; now\r\n"

    found = results.ours(b"Return-Path: <>\r\n" + ours + received + MAIL, HOST)
    assert found is not None
    assert found.of("dmarc")[0].result == "fail"
    assert results.ours(b"Return-Path: <>\r\n" + received + ours + MAIL, HOST) is None
    assert results.ours(b"Return-Path: <>\r\n" + ours + received + MAIL, "other.test") is None
    assert results.ours(ours + received + MAIL, HOST) is None
    assert results.ours(b"Return-Path: <>\r\n" * 2 + ours + received + MAIL, HOST) is None
    assert results.ours(b"Subject: x\r\n" + ours + received + MAIL, HOST) is None


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='ab;="\\() \r\n.@', max_size=60))
def test_nonsense_is_read_or_not_and_never_breaks(text: str) -> None:
    results.read_body(text)


def test_long_nonsense_takes_no_time() -> None:
    import time

    begun = time.perf_counter()
    for text in (
        "(" * 300_000,
        '"' * 300_000,
        "a=" * 200_000,
        ";" * 300_000,
        '"\\' * 200_000,
        " =" * 200_000,
    ):
        results.read_body(text)
        results.drop_forged(b"Authentication-Results: " + text.encode() + b"\r\n\r\n", HOST)
    assert time.perf_counter() - begun < 3
