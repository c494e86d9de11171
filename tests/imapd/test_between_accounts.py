"""COPY and MOVE between one's own account and those one was granted."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests import make
from tests.cast import Cast
from tests.imapd.client import Client

Connect = Callable[..., Client]
INBOX = b'"Other Users/%b/INBOX"'


def grant(cast: Cast, right: str) -> bytes:
    """bob may use alice's account; gives the name of her INBOX for him."""
    from posthouse.mail import sharing

    sharing.grant(cast.alice.actor, cast.alice.account_id, right=right, user_id=cast.bob.actor.user_id)
    return INBOX % cast.alice.email.encode()


def used_bytes(account_id: int) -> int:
    from posthouse.mail.models import Account

    return Account.objects.get(id=account_id).used_bytes


def set_quota(account_id: int, quota_bytes: int) -> None:
    from posthouse.base import db
    from posthouse.mail.models import Account

    db.run(lambda: Account.objects.filter(id=account_id).update(quota_bytes=quota_bytes), (), {})


def counters_are_right(*account_ids: int) -> bool:
    from posthouse.mail import mailboxes

    return not any(mailboxes.recount(account_id) for account_id in account_ids)


@pytest.mark.rfc("2342", "5258")
def test_what_is_subscribed_of_others_is_found_from_above(connect: Connect, cast: Cast) -> None:
    grant(cast, "read")
    bob = connect(cast.bob, select=None)
    level, there = b'"Other Users"', b'"Other Users/%b"' % cast.alice.email.encode()
    assert b'* LSUB (\\Noselect \\HasChildren) "/" ' + level in bob.ok(b'LSUB "" %').untagged
    for pattern, name in ((b'"%"', level), (b'"Other Users/%"', there)):
        lines = bob.ok(b'LIST (SUBSCRIBED RECURSIVEMATCH) "" ' + pattern).untagged
        assert b'* LIST (\\Noselect \\HasChildren) "/" %b ("CHILDINFO" ("SUBSCRIBED"))' % name in lines
        assert not any(b"Other Users" in line for line in bob.ok(b'LIST (SUBSCRIBED) "" %').untagged)
        assert b"Noselect" in b"".join(bob.ok(b'LIST "" ' + pattern).untagged)


@pytest.mark.rfc("9051 §6.4.7")
def test_copied_into_another_account(connect: Connect, cast: Cast) -> None:
    hers = grant(cast, "write")
    bob, alice = connect(cast.bob), connect()
    raws = [make.message(subject=f"Letter {number}") for number in range(4)]
    for raw in raws:
        bob.append(raw)
    bob.ok(b"STORE 1,3 +FLAGS.SILENT (\\Seen \\Flagged work)")
    bob.ok(b"STORE 3 +FLAGS.SILENT (\\Deleted)")
    answer = bob.ok(b"COPY 1,3:4 " + hers)
    assert re.match(rb"OK \[COPYUID \d+ 1,3:4 1:3\] ", answer.tagged)
    assert bob.ok(b"UID SEARCH ALL").untagged == [b"* SEARCH 1 2 3 4"]
    assert b"* 3 EXISTS" in alice.ok(b"NOOP").untagged
    lines = alice.ok(b"FETCH 1:3 (FLAGS BODY.PEEK[] BODYSTRUCTURE)").untagged
    for line, raw, flags in zip(
        lines, (raws[0], raws[2], raws[3]), (b"(\\Seen \\Flagged work)",) * 2 + (b"()",), strict=True
    ):
        assert raw in line and b"FLAGS " + flags in line
    alice.ok(b"STORE 1 -FLAGS.SILENT (\\Flagged)")
    assert bob.ok(b"FETCH 1 FLAGS").untagged == [b"* 1 FETCH (FLAGS (\\Seen \\Flagged work))"]
    assert used_bytes(cast.alice.account_id) == sum(map(len, (raws[0], raws[2], raws[3])))
    assert counters_are_right(cast.alice.account_id, cast.bob.account_id)
    bob.ok(b"COPY 1 " + hers)
    assert b"* 4 EXISTS" in alice.ok(b"NOOP").untagged


@pytest.mark.rfc("6851")
def test_moved_into_another_account_and_back(connect: Connect, cast: Cast) -> None:
    hers = grant(cast, "write")
    bob, alice = connect(cast.bob), connect()
    raw = make.message()
    bob.append(raw)
    bob.append(raw)
    before = used_bytes(cast.bob.account_id)
    answer = bob.ok(b"UID MOVE 1 " + hers)
    assert (
        re.match(rb"\* OK \[COPYUID \d+ 1 1\] ", answer.untagged[0]) and answer.untagged[1] == b"* 1 EXPUNGE"
    )
    assert used_bytes(cast.bob.account_id) == before - len(raw)
    assert raw in alice.ok(b"NOOP").tagged + alice.ok(b"FETCH 1 BODY.PEEK[]").untagged[0]
    bob.ok(b"SELECT " + hers)
    bob.ok(b"MOVE 1 Archive")
    bob.ok(b"SELECT Archive")
    assert raw in bob.ok(b"FETCH 1 BODY.PEEK[]").untagged[0]
    assert used_bytes(cast.alice.account_id) == 0
    assert counters_are_right(cast.alice.account_id, cast.bob.account_id)


@pytest.mark.parametrize("verb", [b"COPY", b"MOVE"])
@pytest.mark.rfc("6851")
def test_whole_or_not_at_all(connect: Connect, cast: Cast, verb: bytes) -> None:
    hers = grant(cast, "write")
    bob = connect(cast.bob)
    for _ in range(3):
        bob.append(make.message())
    set_quota(cast.alice.account_id, 2 * len(make.message()) + 20)
    assert bob.run(verb + b" 1:3 " + hers).tagged.startswith(b"NO [OVERQUOTA] ")
    assert bob.ok(b"UID SEARCH ALL").untagged == [b"* SEARCH 1 2 3"]
    assert used_bytes(cast.alice.account_id) == 0
    assert bob.ok(b"STATUS %b (MESSAGES)" % hers).untagged[0].endswith(b"(MESSAGES 0)")


def test_who_may(connect: Connect, cast: Cast) -> None:
    alice = connect()
    alice.append(make.message())
    for right, out, away, into in (
        ("read", b"OK ", b"NO [READ-ONLY] ", b"NO [NOPERM] "),
        ("draft", b"OK ", b"NO [READ-ONLY] ", b"NO [NOPERM] "),
        ("write", b"OK ", b"OK ", b"OK "),
    ):
        hers = grant(cast, right)
        bob = connect(cast.bob, select=hers)
        assert bob.run(b"COPY 1 Archive").tagged.startswith(out), right
        assert bob.run(b"MOVE 1 Archive").tagged.startswith(away), right
        bob.ok(b"SELECT Archive")
        assert bob.run(b"COPY 1 " + hers).tagged.startswith(into), right
        assert bob.run(b"MOVE 1 " + hers).tagged.startswith(into), right
    mallory = connect(cast.mallory)
    mallory.append(make.message())
    assert mallory.run(b"COPY 1 " + hers).tagged.startswith(b"NO [TRYCREATE] ")


def test_it_joins_the_thread_that_is_there(connect: Connect, cast: Cast) -> None:
    from posthouse.mail.models import Email

    hers = grant(cast, "write")
    first = make.message(subject="Plan", message_id=f"first@{cast.domain}")
    answer = make.message(subject="Re: Plan", headers=f"References: <first@{cast.domain}>\r\n")
    connect().append(first)
    bob = connect(cast.bob)
    bob.append(answer)
    bob.ok(b"COPY 1 " + hers)
    threads = set(Email.objects.filter(account_id=cast.alice.account_id).values_list("thread_id", flat=True))
    assert len(threads) == 1
    assert Email.objects.filter(account_id=cast.alice.account_id).count() == 2
    assert not Email.objects.filter(account_id=cast.bob.account_id, thread_id__in=threads).exists()


def test_it_is_told_to_the_audit_log(connect: Connect, cast: Cast) -> None:
    from posthouse.base import sql

    hers = grant(cast, "write")
    bob = connect(cast.bob)
    bob.append(make.message())
    bob.ok(b"MOVE 1 " + hers)
    row = sql.row(
        "SELECT object_id, facts FROM audit_entry WHERE act = 'email.transferred' AND actor_id = %s"
        " ORDER BY sequence DESC LIMIT 1",
        [cast.bob.actor.user_id],
    )
    assert row is not None and str(row[0]) == str(cast.alice.account_id)
    assert str(cast.bob.account_id) in str(row[1])
