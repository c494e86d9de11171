"""Address lists (RFC 5322 §3.4) as they are and as people write them."""

from __future__ import annotations

from email.utils import getaddresses

import pytest

from posthouse.wire.mime import addresses
from posthouse.wire.mime.addresses import GROUP_END, Address, Mailbox, parse_addresses, parse_people
from tests.wire.mime.samples import corpus_messages


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a@b.c", ("", "a@b.c")),
        ("Joe <a@b.c>", ("Joe", "a@b.c")),
        ('"Doe, Joe" <a@b.c>', ("Doe, Joe", "a@b.c")),
        ('" Joe " <a@b.c>', ("Joe", "a@b.c")),
        ('"Joe \\"Q\\" Doe" <a@b.c>', ('Joe "Q" Doe', "a@b.c")),
        ("a@b.c (Joe (the) Doe)", ("Joe (the) Doe", "a@b.c")),
        ("=?utf-8?q?J=C3=B6?= =?utf-8?q?rg?= <a@b.c>", ("Jörg", "a@b.c")),
        ("=?utf-8?q?Doe,_J?= <a@b.c>", ("Doe, J", "a@b.c")),
        ('"=?utf-8?q?J=C3=B6rg?=" <a@b.c>', ("Jörg", "a@b.c")),
        ("<@relay,@other:a@b.c>", ("", "a@b.c")),
        ("a @ b . c", ("", "a@b.c")),
        ("John Q. Public <a@b.c>", ("John Q. Public", "a@b.c")),
        ("John Doe joe@b.c", ("John Doe", "joe@b.c")),
        ('"joe doe"@b.c', ("", "joe doe@b.c")),
        ("a@[IPv6:2001:db8::1]", ("", "a@[IPv6:2001:db8::1]")),
        ("Joe <mailto:a@b.c>", ("Joe", "a@b.c")),
        ("Joe <a@b.c", ("Joe", "a@b.c")),
        ("Joe < a@b.c (x) >", ("Joe", "a@b.c")),
        ("joe", ("", "joe")),
        ("John Doe", ("John Doe", "")),
        ("a@b@c.d", ("", "a@b@c.d")),
    ],
)
def test_one_address(written: str, meant: tuple[str, str]) -> None:
    assert parse_people(written.encode()) == (Address(*meant),)


def test_groups_keep_their_marks() -> None:
    assert parse_addresses("Friends: a@b, C <d@e>;, x@y") == [
        Mailbox(None, None, "Friends", None),
        Mailbox(None, None, "a", "b"),
        Mailbox("C", None, "d", "e"),
        GROUP_END,
        Mailbox(None, None, "x", "y"),
    ]
    assert parse_people(b"undisclosed-recipients:;") == ()


def test_group_that_is_never_closed_is_closed() -> None:
    assert parse_addresses("g: a@b")[-1] == GROUP_END


@pytest.mark.parametrize(
    "written", ["", " ", ",", ",,;", "()", ":", "<", ">", '"', "(", "\\", "[", "<>", ";;", "@"]
)
def test_scraps_do_not_fail(written: str) -> None:
    assert len(parse_addresses(written)) <= 1


@pytest.mark.parametrize(
    "written",
    [
        "a@b," * 100_000,
        "<" * 100_000,
        "(" * 100_000,
        '<"\\' * 50_000,
        "[a" * 50_000,
        ":;" * 50_000,
        "a " * 50_000,
    ],
)
def test_number_of_addresses_is_limited(written: str) -> None:
    assert len(parse_addresses(written)) <= addresses.MAX_ADDRESSES + 1


def test_real_mail_has_the_addresses_that_python_finds() -> None:
    compared = differing = 0
    for raw in corpus_messages()[::5]:
        for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() in (b"from", b"to", b"cc") and value.isascii():
                compared += 1
                ours = [person.email for person in parse_people(value)]
                differing += ours != [email for _, email in getaddresses([value.decode()])]
    assert compared > 1000
    assert differing <= compared * 0.02
