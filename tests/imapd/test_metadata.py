"""METADATA over a socket (RFC 5464): private and shared notes, of mailboxes and of the server."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import Cast
from tests.imapd.client import Client

Connect = Callable[..., Client]


@pytest.mark.rfc("5464")
def test_notes_of_a_mailbox(connect: Connect) -> None:
    client = connect(select=None)
    assert b"METADATA" in client.ok(b"CAPABILITY").untagged[0].split()
    client.ok(b'SETMETADATA INBOX (/private/Comment "My own" /shared/comment {3+}\r\na\r\n)')
    assert client.ok(b"GETMETADATA inbox (/shared/comment /PRIVATE/comment /private/vendor/x)").untagged == [
        b'* METADATA "INBOX" (/shared/comment {3}\r\na\r\n /private/comment "My own" /private/vendor/x NIL)'
    ]
    client.ok(b"SETMETADATA INBOX (/shared/comment ~{3+}\r\n\0\1\xff)")
    assert client.ok(b"GETMETADATA INBOX /shared/comment").untagged == [
        b'* METADATA "INBOX" (/shared/comment ~{3}\r\n\0\1\xff)'
    ]
    client.ok(b"SETMETADATA INBOX (/shared/comment NIL)")
    assert client.ok(b"GETMETADATA INBOX /shared/comment").untagged == [
        b'* METADATA "INBOX" (/shared/comment NIL)'
    ]
    assert client.ok(b"GETMETADATA Archive /private/comment").untagged == [
        b'* METADATA "Archive" (/private/comment NIL)'
    ]


@pytest.mark.rfc("5464 §4.2")
def test_depth_and_size(connect: Connect) -> None:
    client = connect(select=None)
    three = b'/private/vendor/a "one" /private/vendor/a/b "two" /private/vendor/a/b/c "%b"' % (b"3" * 50)
    client.ok(b"SETMETADATA INBOX (" + three + b")")

    def names(options: bytes) -> list[bytes]:
        lines = client.ok(b"GETMETADATA " + options + b" INBOX /private/vendor/a").untagged
        return [word for word in b" ".join(lines).replace(b"(", b" ").split() if word.startswith(b"/")]

    assert names(b"(DEPTH 0)") == [b"/private/vendor/a"]
    assert names(b"(DEPTH 1)") == [b"/private/vendor/a", b"/private/vendor/a/b"]
    assert len(names(b"(DEPTH infinity)")) == 3
    answer = client.ok(b"GETMETADATA (MAXSIZE 10 DEPTH infinity) INBOX /private/vendor/a")
    assert answer.tagged.startswith(b"OK [METADATA LONGENTRIES 50] ")
    assert b"/c" not in answer.untagged[0]
    assert client.ok(b"GETMETADATA INBOX (MAXSIZE 10) /private/vendor/a/b/c").untagged == []


@pytest.mark.rfc("5464")
def test_private_is_private_and_shared_is_shared(connect: Connect, cast: Cast) -> None:
    from posthouse.mail import sharing

    alice, bob = connect(select=None), connect(cast.bob, select=None)
    there = b'"Other Users/%b/INBOX"' % cast.alice.email.encode()
    alice.ok(b'SETMETADATA INBOX (/private/comment "hers" /shared/comment "all")')
    assert bob.run(b"GETMETADATA " + there + b" /shared/comment").tagged.startswith(b"NO [NONEXISTENT] ")
    sharing.grant(cast.alice.actor, cast.alice.account_id, right="read", user_id=cast.bob.actor.user_id)
    (line,) = bob.ok(b"GETMETADATA " + there + b" (/shared/comment /private/comment)").untagged
    assert line.endswith(b'(/shared/comment "all" /private/comment NIL)')
    assert bob.run(
        b"SETMETADATA " + there + b' (/private/vendor/x "1" /shared/comment "his")'
    ).tagged.startswith(b"NO [NOPERM] ")
    assert bob.ok(b"GETMETADATA " + there + b" /private/vendor/x").untagged[0].endswith(b"NIL)")
    bob.ok(b"SETMETADATA " + there + b' (/private/comment "his")')
    assert alice.ok(b"GETMETADATA INBOX /private/comment").untagged[0].endswith(b'"hers")')


@pytest.mark.rfc("5464")
def test_notes_of_the_server(connect: Connect, cast: Cast) -> None:
    alice, bob, mallory = (
        connect(select=None),
        connect(cast.bob, select=None),
        connect(cast.mallory, select=None),
    )
    alice.ok(b'SETMETADATA "" (/shared/comment "Ours" /private/comment "hers")')
    assert bob.ok(b'GETMETADATA "" (/shared/comment /private/comment)').untagged == [
        b'* METADATA "" (/shared/comment "Ours" /private/comment NIL)'
    ]
    assert bob.run(b'SETMETADATA "" (/shared/comment "His")').tagged.startswith(b"NO [NOPERM] ")
    assert mallory.ok(b'GETMETADATA "" /shared/comment').untagged[0].endswith(b"NIL)")


@pytest.mark.parametrize(
    "name", [b"/comment", b"comment", b"/private//x", b"/private/x/", b'"/private/*"', b"/shared"]
)
def test_names_that_are_none(connect: Connect, name: bytes) -> None:
    client = connect(select=None)
    assert client.run(b"SETMETADATA INBOX (" + name + b' "x")').tagged.startswith(b"BAD ")
    assert client.run(b"GETMETADATA INBOX " + name).tagged.startswith(b"BAD ")


@pytest.mark.rfc("5464")
def test_the_use_of_a_mailbox_is_a_note(connect: Connect, cast: Cast) -> None:
    from posthouse.mail import sharing

    alice, bob = connect(select=None), connect(cast.bob, select=None)
    assert alice.ok(b"GETMETADATA Sent /private/specialuse").untagged == [
        b'* METADATA "Sent" (/private/specialuse "\\\\Sent")'
    ]
    assert alice.ok(b"GETMETADATA INBOX /private/specialuse").untagged[0].endswith(b" NIL)")
    sharing.grant(cast.alice.actor, cast.alice.account_id, right="read", user_id=cast.bob.actor.user_id)
    there = b'"Other Users/%b/Sent" /private/specialuse' % cast.alice.email.encode()
    assert bob.ok(b"GETMETADATA " + there).untagged[0].endswith(b" NIL)")


def test_limits(connect: Connect) -> None:
    client = connect(select=None)
    big = b"x" * 20_000
    assert client.run(b"SETMETADATA INBOX (/private/comment {20000+}\r\n" + big + b")").tagged.startswith(
        b"NO [METADATA MAXSIZE 16384] "
    )
    for start in (0, 60):
        line = b" ".join(b'/private/vendor/%d "x"' % number for number in range(start, start + 60))
        answer = client.run(b"SETMETADATA INBOX (" + line + b")")
        assert answer.tagged.startswith(b"NO [METADATA TOOMANY] " if start else b"OK ")
    assert client.ok(b"GETMETADATA INBOX /private/vendor/60").untagged[0].endswith(b"NIL)")
    assert client.run(b'SETMETADATA INBOX (/private/specialuse "\\\\Sent")').tagged.startswith(
        b"NO [CANNOT] "
    )
    assert client.run(b"SETMETADATA INBOX ()").tagged.startswith(b"BAD ")
    assert client.run(b'SETMETADATA Nowhere (/private/comment "x")').tagged.startswith(b"NO [NONEXISTENT] ")


def test_notes_go_with_their_mailbox(connect: Connect) -> None:
    from posthouse.mail.models import Annotation

    client = connect(select=None)
    client.ok(b"CREATE Gone")
    client.ok(b'SETMETADATA Gone (/private/vendor/going "x")')
    client.ok(b"DELETE Gone")
    assert not Annotation.objects.filter(entry="/private/vendor/going").exists()
