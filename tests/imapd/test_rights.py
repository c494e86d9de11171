"""ACL and LIST-MYRIGHTS over a socket (RFC 4314, RFC 8440): rights on accounts as letters."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import Cast, person
from tests.imapd.client import Client

Connect = Callable[..., Client]
ALL, BUT_X = b"lrswikxtea", b"lrswiktea"


@pytest.mark.rfc("4314")
def test_ones_own(connect: Connect, cast: Cast) -> None:
    client = connect(select=None)
    client.ok(b"CREATE Work")
    assert client.ok(b"MYRIGHTS Work").untagged == [b'* MYRIGHTS "Work" ' + ALL]
    assert client.ok(b"MYRIGHTS INBOX").untagged == [b'* MYRIGHTS "INBOX" ' + BUT_X]
    email = cast.alice.email.encode()
    assert client.ok(b"GETACL Work").untagged == [b'* ACL "Work" %b %b' % (email, ALL)]
    assert client.ok(b"LISTRIGHTS Work " + email).untagged == [b'* LISTRIGHTS "Work" %b %b' % (email, ALL)]
    assert client.run(b"MYRIGHTS Nowhere").tagged.startswith(b"NO [NONEXISTENT] ")


@pytest.mark.rfc("4314")
def test_a_grant_is_given_changed_and_taken_back(connect: Connect, cast: Cast) -> None:
    alice, bob = connect(select=None), connect(cast.bob, select=None)
    name = cast.bob.email.encode()
    there = b"Other Users/" + cast.alice.email.encode()
    assert bob.run(b'MYRIGHTS "%b/INBOX"' % there).tagged.startswith(b"NO [NONEXISTENT] ")
    assert alice.ok(b"LISTRIGHTS INBOX " + name).untagged == [
        b'* LISTRIGHTS "INBOX" %b "" lr swikxte a' % name
    ]
    alice.ok(b"SETACL INBOX %b lr" % name)
    assert bob.ok(b'MYRIGHTS "%b/INBOX"' % there).untagged == [b'* MYRIGHTS "%b/INBOX" lr' % there]
    assert bob.run(b'GETACL "%b/INBOX"' % there).tagged.startswith(b"NO [NOPERM] ")
    assert bob.run(b'SETACL "%b/INBOX" %b lrswikxtea' % (there, name)).tagged.startswith(b"NO [NOPERM] ")
    alice.ok(b"SETACL INBOX %b +swikxte" % name)
    assert bob.ok(b'MYRIGHTS "%b/INBOX"' % there).untagged == [b'* MYRIGHTS "%b/INBOX" lrswikte' % there]
    assert name + b" lrswikte" in alice.ok(b"GETACL INBOX").untagged[0]
    alice.ok(b"SETACL INBOX %b -swicd" % name)
    assert name + b" lr" in alice.ok(b"GETACL INBOX").untagged[0].split(b" " + cast.alice.email.encode())[-1]
    alice.ok(b"DELETEACL INBOX " + name)
    assert name not in alice.ok(b"GETACL INBOX").untagged[0]
    assert bob.run(b'MYRIGHTS "%b/INBOX"' % there).tagged.startswith(b"NO [NONEXISTENT] ")
    alice.ok(b"DELETEACL INBOX " + name)


@pytest.mark.rfc("4314")
def test_drafts_of_one_who_may_write_drafts(connect: Connect, cast: Cast) -> None:
    from posthouse.mail import sharing

    sharing.grant(cast.alice.actor, cast.alice.account_id, right="draft", user_id=cast.bob.actor.user_id)
    bob = connect(cast.bob, select=None)
    there = b"Other Users/" + cast.alice.email.encode()
    assert bob.ok(b'MYRIGHTS "%b/Drafts"' % there).untagged[0].endswith(b" lrswite")
    assert bob.ok(b'MYRIGHTS "%b/Sent"' % there).untagged[0].endswith(b" lr")


@pytest.mark.parametrize(
    "words",
    [
        b"INBOX {bob} l",
        b"INBOX {bob} lrs",
        b"INBOX {bob} +a",
        b"INBOX {bob} lrp",
        b"Archive {bob} lr",
        b"INBOX -{bob} lr",
        b"INBOX anyone lr",
    ],
)
@pytest.mark.rfc("4314")
def test_what_has_no_counterpart_is_refused(connect: Connect, cast: Cast, words: bytes) -> None:
    client = connect(select=None)
    answer = client.run(b"SETACL " + words.replace(b"{bob}", cast.bob.email.encode()))
    assert answer.tagged.startswith(b"NO [CANNOT] ")
    assert cast.bob.email.encode() not in client.ok(b"GETACL INBOX").untagged[0]


def test_whom_one_may_not_see_is_not_there(connect: Connect, cast: Cast) -> None:
    client = connect(select=None)
    answers = [
        client.run(verb + b" INBOX " + name + tail).tagged
        for name in (cast.mallory.email.encode(), b"nobody@nowhere.test", b"group:none")
        for verb, tail in ((b"SETACL", b" lr"), (b"LISTRIGHTS", b""))
    ]
    assert len(set(answers)) == 1 and answers[0].startswith(b"NO [NONEXISTENT] "), answers
    assert client.run(b"SETACL INBOX %b lr" % cast.alice.email.encode()).tagged.startswith(b"NO [NOPERM] ")


def test_a_group(connect: Connect, cast: Cast) -> None:
    from posthouse.identity import groups

    group = groups.create_group(cast.alice.actor, name="Front desk")
    eve = person("Eve", cast.domain)
    groups.put_member(cast.alice.actor, group.id, eve.actor.user_id)
    client = connect(select=None)
    client.ok(b'SETACL INBOX "group:front desk" lrswikxte')
    assert b'"group:Front desk" lrswikte' in client.ok(b"GETACL INBOX").untagged[0]
    there = b"Other Users/" + cast.alice.email.encode()
    lines = connect(eve, select=None).ok(b'LIST "" "*" RETURN (MYRIGHTS)').untagged
    assert b'* MYRIGHTS "%b/INBOX" lrswikte' % there in lines
    assert b'* MYRIGHTS "INBOX" ' + BUT_X in lines
    assert (
        len([line for line in lines if line.startswith(b"* LIST")])
        == len([line for line in lines if line.startswith(b"* MYRIGHTS")]) + 2
    ), "the two levels above her accounts are no mailboxes"
