"""Mailboxes kept in memory: many leave at once, the oldest go, and what is deleted is missing."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from tests import make
from tests.cast import Cast, Person
from tests.mail.witness import check_promises

pytestmark = pytest.mark.usefixtures("house")


def _agrees(mailbox_id: int) -> int:
    from posthouse.mail import by_uid, standing

    with standing.standing(mailbox_id) as kept:
        assert kept.rows_at(range(len(kept.uids))) == by_uid.flags_of(mailbox_id)
        return len(kept.uids)


def test_many_that_leave_at_once_leave_no_trace(cast: Cast) -> None:
    from posthouse.mail import by_uid, uid_verbs

    inbox = make.mailbox(cast.alice, "inbox")
    for number in range(80):
        make.email(cast.alice, subject=f"Letter {number}")
    assert _agrees(inbox) == 80
    uids = list(by_uid.view(inbox).uids)
    uid_verbs.store_flags(
        cast.alice.actor, inbox, uids[5:75], mode="add", bits=0, keywords=frozenset(), deleted=True
    )
    assert _agrees(inbox) == 80
    uid_verbs.expunge(cast.alice.actor, inbox)
    assert _agrees(inbox) == 10


def _verbs(person: Person, *, in_memory: bool) -> list[object]:
    """A day's work on a mailbox, and what each verb gave; looks in between that the memory is as far as the rows."""
    from posthouse.mail import by_uid, standing, uid_verbs

    inbox, archive, junk = (make.mailbox(person, name) for name in ("inbox", "archive", "junk"))
    for number in range(40):
        make.email(person, subject=f"Letter {number}")
    dice = random.Random(4)
    told: list[object] = []

    def before(mailbox_id: int) -> Sequence[int]:
        standing.forget()
        if in_memory:
            _agrees(mailbox_id)
        return list(by_uid.view(mailbox_id).uids)

    def after(mailbox_id: int) -> None:
        with standing.known(mailbox_id) as kept:
            assert (kept is not None) is in_memory
            if kept is not None:
                assert kept.modseq == by_uid.view(mailbox_id).modseq
                assert kept.rows_at(range(len(kept.uids))) == by_uid.flags_of(mailbox_id)

    def store(
        mailbox_id: int, mode: str, bits: int, words: str, *, deleted: bool, since: int | None = None
    ) -> None:
        uids = before(mailbox_id)
        done = uid_verbs.store_flags(
            person.actor,
            mailbox_id,
            dice.sample(uids, len(uids) * 2 // 3) if dice.random() < 0.5 else uids,
            mode=mode,
            bits=bits,
            keywords=frozenset(words.split()),
            deleted=deleted,
            unchanged_since=since,
        )
        after(mailbox_id)
        told.append([row._replace(modseq=row.modseq > done.before) for row in done.marks.rows()])
        told.append(done.refused)

    store(inbox, "add", 1, "work", deleted=False)
    store(inbox, "replace", 2, "", deleted=True)
    store(inbox, "remove", 0, "work", deleted=True, since=by_uid.view(inbox).modseq - 1)
    store(inbox, "add", 3, "home", deleted=True)
    store(inbox, "add", 3, "home", deleted=True)
    told.append(uid_verbs.copy(person.actor, inbox, before(inbox)[5:25], to=archive).uids)
    told.append(uid_verbs.copy(person.actor, inbox, before(inbox)[20:30], to=archive).uids)
    told.append(uid_verbs.move(person.actor, archive, before(archive)[3:20], to=junk).uids)
    after(archive)
    told.append(uid_verbs.move(person.actor, archive, before(archive), to=inbox).uids)
    after(archive)
    store(junk, "remove", 1, "", deleted=False)
    told.append(list(uid_verbs.expunge(person.actor, inbox, before(inbox)[:20]).uids))
    after(inbox)
    before(inbox)
    told.append(list(uid_verbs.expunge(person.actor, inbox).uids))
    after(inbox)
    for mailbox_id in (inbox, archive, junk):
        told.append([(row.uid, *row[2:5]) for row in by_uid.flags_of(mailbox_id)])
    told.append([row[7:9] for row in by_uid.mailboxes(person.account_id)])
    check_promises(person.account_id)
    return told


def test_verbs_do_the_same_by_what_is_in_memory_and_by_the_rows(cast: Cast) -> None:
    assert _verbs(cast.alice, in_memory=True) == _verbs(cast.bob, in_memory=False)


def test_the_mailboxes_looked_at_last_are_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from posthouse.mail import standing

    standing.forget()
    monkeypatch.setattr(standing, "KEPT_EMAILS", 3)
    inboxes = []
    for person in (cast.alice, cast.bob, cast.mallory):
        make.email(person)
        make.email(person)
        inboxes.append(make.mailbox(person, "inbox"))
    for inbox in inboxes:
        assert _agrees(inbox) == 2
    known = []
    for inbox in inboxes:
        with standing.known(inbox) as found:
            known.append(found is not None)
    assert known == [False, False, True]
    assert _agrees(inboxes[0]) == 2


def test_one_that_is_busy_or_unknown_is_not_waited_for(cast: Cast) -> None:
    from posthouse.mail import standing

    inbox = make.mailbox(cast.alice, "inbox")
    standing.forget()
    with standing.known(inbox) as found:
        assert found is None
    with standing.standing(inbox), standing.known(inbox) as found:
        assert found is None
    with standing.known(inbox) as found:
        assert found is not None


def test_a_deleted_mailbox_is_missing(cast: Cast) -> None:
    from posthouse.base.errors import Missing
    from posthouse.mail import mailboxes, standing

    made = mailboxes.create_mailbox(cast.alice.actor, name="Short", parent_id=None)
    assert _agrees(made.id) == 0
    mailboxes.delete_mailbox(cast.alice.actor, made.id, trash=False)
    with pytest.raises(Missing), standing.standing(made.id):
        pass
