"""Mailboxes kept in memory: many leave at once, the oldest go, and what is deleted is missing."""

from __future__ import annotations

import pytest

from tests import make
from tests.cast import Cast

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
