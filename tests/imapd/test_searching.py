"""SEARCH TEXT, BODY and HEADER by the index of words: substrings as RFC 9051 §6.4.4 wants them, none lost."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests import make
from tests.cast import Cast
from tests.imapd.client import Client

WORDS = [
    "othello", "hello", "Hellish", "café", "CAFE", "naïve", "日本語", "東京都", "ไทย", "x1y2", "foo_bar", "a.b@c.test",
    "12345", "Straße", "k" * 50,
]  # fmt: skip
NEEDLES = [
    "hello", "hell", "ell", "HELLO", "llo hel", "é", "caf", "cafe", "本", "日本", "京都 ", "ไท", "1y", "o_b", "b@c",
    "c.test", "k" * 30, "k" * 45, "234", "ss", "ß", "boundary", "x-note", "X-Note: othello", "outside.test", "nowhere",
    "<p>", " ",
]  # fmt: skip
PLAIN = "Content-Type: text/plain; charset=utf-8"


def message(random_: random.Random) -> bytes:
    def text() -> str:
        return " ".join(random_.choices(WORDS, k=random_.randint(0, 5)))

    return (
        f"From: Zoe <zoe@outside.test>\r\nSubject: {text()}\r\nX-Note: {text()}\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\n"
        "Content-Type: multipart/alternative; boundary=cc\r\n\r\n"
        f"--cc\r\n{PLAIN}\r\n\r\n{text()}\r\n--cc\r\n{PLAIN.replace('plain', 'html')}\r\n\r\n<p>{text()}</p>\r\n"
        f"--cc--\r\n--bb\r\n{PLAIN.replace('plain', 'csv')}\r\nContent-Disposition: attachment\r\n\r\n"
        f"{text()}\r\n--bb--\r\n"
    ).encode()


def index_all(account_id: int) -> None:
    from posthouse.mail import indexing

    while indexing.step(account_id):
        continue


@pytest.fixture
def filled(connect: Callable[[], Client], cast: Cast) -> Client:
    random_ = random.Random(11)
    for _ in range(60):
        make.email(cast.alice, message(random_))
    return connect()


def found(client: Client, key: str, needle: str) -> list[bytes]:
    raw = needle.encode()
    line = f"SEARCH CHARSET UTF-8 {key} {{{len(raw)}+}}\r\n".encode() + raw
    (answer,) = client.ok(line).lines(b"SEARCH")
    return answer.split()[2:]


@pytest.mark.rfc("9051 §6.4.4")
def test_the_index_loses_nothing(filled: Client, cast: Cast) -> None:
    from posthouse.search import index

    for key in ("TEXT", "BODY", "HEADER X-Note"):
        for needle in NEEDLES:
            index.current().forget(cast.alice.account_id)
            without = found(filled, key, needle)
            index_all(cast.alice.account_id)
            assert found(filled, key, needle) == without, (key, needle)
            if needle in ("hello", "本", "234", "ell"):
                assert without, (key, needle)


def test_the_index_narrows(cast: Cast) -> None:
    """What it is there for: a rare word, also as a part of one, is looked for in few messages."""
    from posthouse.mail import searching

    ids = [make.email(cast.alice, subject="Usual", text="common words\r\n") for _ in range(40)]
    rare = make.email(cast.alice, subject="Usual", text="an extraordinary word\r\n")
    index_all(cast.alice.account_id)
    for needle in ("extraordinary", "traordin", "an extra", "ordinary w"):
        assert searching.may_hold(cast.alice.account_id, [*ids, rare], needle).perhaps == {rare}, needle
    late = make.email(cast.alice, subject="Usual", text="not in the index\r\n")
    assert late in searching.may_hold(cast.alice.account_id, [*ids, late], "extraordinary").perhaps
    assert searching.may_hold(cast.alice.account_id, ids, "é").perhaps == set(ids)


ODD_NAMES = (
    rb'From: "a\bquoted" <zoe@outside.test>',
    b"Content-Type: application/pdf; name*0=split; name*1=name.pdf",
    b"Content-Disposition: attachment; filename*=utf-8''hid%64en.txt",
    b"Subject: =?utf-8?q?enc?= =?utf-8?q?oded?=",
)


def plain_message(random_: random.Random) -> bytes:
    """ASCII from end to end, with names that stand otherwise in the header than they are read."""
    words = [
        "othello",
        "hello",
        "Hell",
        "x1y2",
        "foo_bar",
        "quoted",
        "splitname",
        "hidden",
        "encoded",
        "abquoted",
    ]

    def text() -> str:
        return " ".join(random_.choices(words, k=random_.randint(0, 4)))

    odd = b"\r\n".join(random_.sample(ODD_NAMES, 2))
    return (
        odd
        + (
            f"\r\nX-Note: {text()}\r\nMIME-Version: 1.0\r\n"
            f"Content-Type: {random_.choice(('multipart/mixed; boundary=bb', 'multipart/empty', 'text/html'))}\r\n\r\n"
            f"{text()} <b>{text()}</b>\r\n--bb\r\nContent-Type: text/html\r\n\r\n"
            f"<p title='{text()}'>{text()}</p>\r\n--bb--\r\n"
        ).encode()
    )


@pytest.mark.rfc("9051 §6.4.4")
def test_what_the_index_is_sure_of_the_bytes_say_too(connect: Callable[[], Client], cast: Cast) -> None:
    from django.db import connection

    from posthouse.mail import searching
    from posthouse.search import index

    random_, account_id = random.Random(12), cast.alice.account_id
    ids = [make.email(cast.alice, plain_message(random_)) for _ in range(60)]
    client, was_sure = connect(), 0
    for key in ("TEXT", "BODY"):
        for needle in (
            "hello",
            "ell",
            "quoted",
            "abquoted",
            "splitname",
            "hidden",
            "encoded",
            "title",
            "llo hel",
        ):
            index.current().forget(account_id)
            without = found(client, key, needle)
            index_all(account_id)
            assert found(client, key, needle) == without, (key, needle)
            was_sure += len(searching.may_hold(account_id, ids, needle).anywhere)
    assert was_sure > 100 or connection.vendor != "sqlite"


def test_text_looks_into_the_headers_of_parts(connect: Callable[[], Client], cast: Cast) -> None:
    """RFC 9051 §6.4.4: TEXT is the header, with those of parts and of messages inside, and the body."""
    inner = (
        b"Subject: within\r\nX-Deep: submarine\r\nContent-Type: multipart/mixed; boundary=cc\r\n\r\n"
        b"--cc\r\n\r\nx\r\n--cc--\r\n"
    )
    raw = (
        b"Subject: s\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\n"
        b'Content-Type: image/png; name="holiday.png"\r\n\r\nx\r\n--bb\r\nContent-Type: message/rfc822\r\n\r\n'
        + inner
        + b"\r\n--bb--\r\n"
    )
    make.email(cast.alice, raw)
    for _ in range(30):
        make.email(cast.alice, subject="Other")
    client = connect()
    for is_indexed in (False, True):
        if is_indexed:
            index_all(cast.alice.account_id)
        for needle in ("holiday", "bmarin", "within"):
            assert found(client, "TEXT", needle) == [b"1"], (needle, is_indexed)
            assert found(client, "BODY", needle) == [], (needle, is_indexed)
