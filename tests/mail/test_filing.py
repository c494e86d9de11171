"""Filing verbs: what each leaves where, and that nobody touches what is not theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from posthouse.base.errors import Conflict, Failure, Invalid, Kind, Limited, Missing
from tests import make
from tests.cast import Cast, Person
from tests.delivery.outside import set_quota
from tests.mail.witness import check_promises, fresh


def places(person: Person, email_id: int) -> set[str]:
    """Roles or names of the mailboxes an e-mail lies in."""
    from posthouse.base import sql

    return {
        row[0] or row[1]
        for row in sql.rows(
            "SELECT m.role, m.name FROM mail_placement p JOIN mail_mailbox m ON m.id = p.mailbox_id"
            " WHERE p.email_id = %s AND m.account_id = %s",
            [email_id, person.account_id],
        )
    }


def new_mailbox(person: Person, name: str) -> int:
    from posthouse.mail import mailboxes

    return mailboxes.create_mailbox(person.actor, name=name).id


def test_moving_takes_out_of_one_mailbox_or_of_all(cast: Cast) -> None:
    from posthouse.mail import actions

    actor, email_id, work = cast.alice.actor, make.email(cast.alice), new_mailbox(cast.alice, "Work")
    inbox, archive = make.mailbox(cast.alice, "inbox"), make.mailbox(cast.alice, "archive")
    actions.label_emails(actor, [email_id], add=[work])
    assert places(cast.alice, email_id) == {"inbox", "Work"}

    actions.move_emails(actor, [email_id], to=archive, out_of=inbox)
    assert places(cast.alice, email_id) == {"archive", "Work"}
    actions.move_emails(actor, [email_id], to=inbox)
    assert places(cast.alice, email_id) == {"inbox"}
    actions.move_emails(actor, [email_id], to=inbox)
    assert places(cast.alice, email_id) == {"inbox"}


def test_filing_writes_no_row_of_the_e_mail_and_is_told_all_the_same(cast: Cast) -> None:
    """Its cost: a thousand e-mails that are filed are a thousand places, and no e-mail is written."""
    from posthouse.base import sql
    from posthouse.mail import actions, changes, handled, queries

    email_id, account_id = make.email(cast.alice), cast.alice.account_id
    inbox, archive = make.mailbox(cast.alice, "inbox"), make.mailbox(cast.alice, "archive")

    def row() -> object:
        return sql.row("SELECT * FROM mail_email WHERE id = %s", [email_id])

    written = row()
    for add, remove, left in (([archive], [], {inbox, archive}), ([], [inbox], {archive})):
        before = queries.state(account_id)
        actions.label_emails(cast.alice.actor, [email_id], add=add, remove=remove)
        told = changes.since(account_id, before)
        assert [set(map(int, email["mailbox_ids"])) for email in told.emails] == [left]
        assert [thread["id"] for thread in told.threads] == [told.emails[0]["thread_id"]]
        (one,) = handled.since(account_id, before, (1 << 63) - 1, limit=5)
        assert (one.email_id, one.modseq, len(one.roles)) == (email_id, told.state, len(left))
    assert row() == written


def test_what_has_changed_is_read_in_steps_of_any_size(cast: Cast) -> None:
    from posthouse.mail import actions, handled

    ids = [make.email(cast.alice) for _ in range(6)]
    for mailbox in ("archive", "junk"):
        actions.move_emails(cast.alice.actor, ids[:3], to=make.mailbox(cast.alice, mailbox))
    actions.destroy_emails(cast.alice.actor, ids[2:4])
    everything = handled.since(cast.alice.account_id, 0, 0, limit=100)
    place, read = (0, 0), []
    while step := handled.since(cast.alice.account_id, *place, limit=2):
        read += step
        place = (step[-1].modseq, step[-1].email_id)
    assert read == everything
    assert {one.email_id for one in everything} == {*ids[:2], *ids[4:]}
    assert all(one.is_in_junk == (one.email_id in ids[:2]) for one in everything)


def test_taking_off_the_last_label_archives(cast: Cast) -> None:
    from posthouse.mail import actions

    actor, email_id, work = cast.alice.actor, make.email(cast.alice), new_mailbox(cast.alice, "Work")
    inbox, archive = make.mailbox(cast.alice, "inbox"), make.mailbox(cast.alice, "archive")
    for add, remove, left in [
        ([work], [inbox], {"Work"}),
        ([], [work], {"archive"}),
        ([], [archive], {"archive"}),
        ([work], [], {"archive", "Work"}),
        ([], [work, archive], {"archive"}),
        ([inbox], [inbox, archive], {"inbox"}),
        ([], [work], {"inbox"}),
    ]:
        actions.label_emails(actor, [email_id], add=add, remove=remove)
        assert places(cast.alice, email_id) == left
        check_promises(cast.alice.account_id)


def test_trash_takes_everything_and_destroying_leaves_nothing(cast: Cast) -> None:
    from posthouse.base import sql
    from posthouse.mail import actions

    actor, email_id, work = cast.alice.actor, make.email(cast.alice), new_mailbox(cast.alice, "Work")
    actions.label_emails(actor, [email_id], add=[work])
    actions.trash_emails(actor, [email_id])
    assert places(cast.alice, email_id) == {"trash"}
    actions.destroy_emails(actor, [email_id])
    assert fresh(cast.alice.account_id).emails == {}
    assert sql.row("SELECT used_bytes FROM mail_account WHERE id = %s", [cast.alice.account_id]) == (0,)
    assert sql.rows("SELECT 1 FROM mail_emailpart WHERE email_id = %s", [email_id]) == []


def test_deleting_a_mailbox_trashes_what_lies_only_there(cast: Cast) -> None:
    from posthouse.mail import actions, mailboxes

    work = new_mailbox(cast.alice, "Work")
    only, also = make.email(cast.alice), make.email(cast.alice)
    actions.move_emails(cast.alice.actor, [only], to=work)
    actions.label_emails(cast.alice.actor, [also], add=[work])
    mailboxes.delete_mailbox(cast.alice.actor, work)
    assert (places(cast.alice, only), places(cast.alice, also)) == ({"trash"}, {"inbox"})

    again = new_mailbox(cast.alice, "Work")
    actions.move_emails(cast.alice.actor, [only], to=again)
    mailboxes.delete_mailbox(cast.alice.actor, again, trash=False)
    assert places(cast.alice, only) == set()
    check_promises(cast.alice.account_id)


def test_a_name_used_again_is_another_mailbox(cast: Cast) -> None:
    """IMAP clients cache by name and UIDVALIDITY (RFC 9051 §2.3.1.1)."""
    from posthouse.mail import by_uid, mailboxes

    seen = []
    for _ in range(3):
        work = new_mailbox(cast.alice, "Work")
        seen.append(by_uid.view(work).uidvalidity)
        mailboxes.delete_mailbox(cast.alice.actor, work)
    assert seen == sorted(set(seen))
    assert all(0 < one < 2**32 for one in seen)


@pytest.mark.parametrize(
    "verb", ["move to", "move out of", "label", "label off", "trash out of", "copy", "imap move"]
)
def test_nobody_files_with_anothers_mailbox(cast: Cast, verb: str) -> None:
    from posthouse.mail import actions, uid_verbs

    actor, mine = cast.mallory.actor, make.email(cast.mallory)
    hers, own = make.mailbox(cast.alice, "inbox"), make.mailbox(cast.mallory, "inbox")
    acts: dict[str, Callable[[], Any]] = {
        "move to": lambda: actions.move_emails(actor, [mine], to=hers),
        "move out of": lambda: actions.move_emails(actor, [mine], to=own, out_of=hers),
        "label": lambda: actions.label_emails(actor, [mine], add=[hers]),
        "label off": lambda: actions.label_emails(actor, [mine], remove=[hers]),
        "trash out of": lambda: actions.trash_emails(actor, [mine], out_of=hers),
        "copy": lambda: uid_verbs.copy(actor, own, [1], to=hers),
        "imap move": lambda: uid_verbs.move(actor, own, [1], to=hers),
    }
    before = fresh(cast.alice.account_id), fresh(cast.mallory.account_id)
    with pytest.raises(Missing):
        acts[verb]()
    assert (fresh(cast.alice.account_id), fresh(cast.mallory.account_id)) == before


def test_nobody_reaches_anothers_mail_or_mailbox(cast: Cast) -> None:
    from posthouse.mail import access, actions, archives, content, mailboxes, uid_verbs

    email_id, actor = make.email(cast.alice), cast.mallory.actor
    inbox, work = make.mailbox(cast.alice, "inbox"), new_mailbox(cast.alice, "Work")
    thread_id = access.email_for(cast.alice.actor, email_id).thread_id
    before = fresh(cast.alice.account_id)
    acts: list[Callable[[], Any]] = [
        lambda: access.email_for(actor, email_id),
        lambda: access.thread_emails_for(actor, [thread_id]),
        lambda: access.account_for(actor, cast.alice.account_id),
        lambda: access.mailbox_for(actor, inbox),
        lambda: content.content_for(actor, email_id),
        lambda: content.raw_for(actor, email_id),
        lambda: actions.flag_emails(actor, [email_id], set_bits=1),
        lambda: actions.destroy_emails(actor, [email_id]),
        lambda: uid_verbs.store_flags(
            actor, inbox, [1], mode="add", bits=1, keywords=frozenset(), deleted=True
        ),
        lambda: uid_verbs.expunge(actor, inbox),
        lambda: uid_verbs.copy(actor, inbox, [1], to=work),
        lambda: mailboxes.update_mailbox(actor, work, name="Mine"),
        lambda: mailboxes.delete_mailbox(actor, work),
        lambda: mailboxes.create_mailbox(actor, name="X", parent_id=work),
        lambda: mailboxes.create_mailbox(actor, name="X", account_id=cast.alice.account_id),
        lambda: archives.store_batch(
            actor, [], account_id=cast.alice.account_id, source="x", moves=("", "1"), odd=0
        ),
    ]
    for number, act in enumerate(acts):
        with pytest.raises(Missing):
            act()
            pytest.fail(f"act {number} was let pass")
    assert fresh(cast.alice.account_id) == before


@pytest.mark.parametrize("name", ["", "  ", "a/b", "a\x00b", "a\nb", "x" * 201, "a\u202eb"])
def test_bad_names_are_refused(cast: Cast, name: str) -> None:
    with pytest.raises(Invalid):
        new_mailbox(cast.alice, name)


def test_names_are_once_whatever_their_case_and_a_role_keeps_its_name(cast: Cast) -> None:
    from posthouse.mail import mailboxes

    actor, work, home = cast.alice.actor, new_mailbox(cast.alice, "Work"), new_mailbox(cast.alice, "Home")
    inbox = make.mailbox(cast.alice, "inbox")
    acts: list[tuple[type[Failure], Callable[[], Any]]] = [
        (Conflict, lambda: new_mailbox(cast.alice, "WORK")),
        (Conflict, lambda: new_mailbox(cast.alice, "inbox")),
        (Conflict, lambda: mailboxes.update_mailbox(actor, home, name="work")),
        (Conflict, lambda: mailboxes.update_mailbox(actor, inbox, name="Mail")),
        (Conflict, lambda: mailboxes.update_mailbox(actor, inbox, parent_id=work)),
        (Conflict, lambda: mailboxes.delete_mailbox(actor, inbox)),
        (Invalid, lambda: mailboxes.update_mailbox(actor, work, parent_id=work)),
    ]
    for kind, act in acts:
        with pytest.raises(kind):
            act()
    mailboxes.update_mailbox(actor, home, parent_id=work)
    with pytest.raises(Invalid):
        mailboxes.update_mailbox(actor, work, parent_id=home)
    with pytest.raises(Conflict):
        mailboxes.delete_mailbox(actor, work)
    assert mailboxes.update_mailbox(actor, work, name="WORK").name == "WORK"


def test_a_copy_of_a_copy_counts_against_the_quota(cast: Cast) -> None:
    from posthouse.mail import uid_verbs

    make.email(cast.alice)
    inbox = make.mailbox(cast.alice, "inbox")
    set_quota(cast.alice, 1000)
    with pytest.raises(Limited) as caught:
        for _ in range(10):
            uid_verbs.copy(cast.alice.actor, inbox, [1], to=inbox)
    assert caught.value.kind is Kind.LIMITED
    check_promises(cast.alice.account_id)
    uid_verbs.copy(cast.alice.actor, inbox, [1], to=make.mailbox(cast.alice, "archive"))


def test_a_keyword_that_is_a_flag_by_another_name_is_that_flag(cast: Cast) -> None:
    """Else IMAP would show it twice, or an e-mail as forwarded here and not there."""
    from posthouse.base import sql
    from posthouse.mail import actions
    from posthouse.mail import flags as flag

    def now() -> tuple[int, str]:
        return sql.row("SELECT flags, keywords FROM mail_email WHERE id = %s", [email_id]) or (0, "")

    actor, email_id = cast.alice.actor, make.email(cast.alice)
    actions.flag_emails(actor, [email_id], add_keywords=["$Forwarded", "NonJunk", "Blue", "a-word"])
    assert now() == (flag.FORWARDED | flag.NOTJUNK, "a-word blue")
    actions.flag_emails(actor, [email_id], remove_keywords=["$NotJunk", "BLUE"])
    assert now() == (flag.FORWARDED, "a-word")
    actions.update_email(actor, email_id, keywords=["$MDNSent", "green"])
    assert now() == (flag.FORWARDED | flag.MDN_SENT, "green")


def test_a_new_keyword_takes_the_place_of_none(cast: Cast) -> None:
    from posthouse.base import sql
    from posthouse.mail import actions

    actor, email_id = cast.alice.actor, make.email(cast.alice)
    many = [f"word{number:02}" for number in range(63)]
    actions.flag_emails(actor, [email_id], add_keywords=many)
    actions.flag_emails(actor, [email_id], add_keywords=["b", "a"])
    assert sql.row("SELECT keywords FROM mail_email WHERE id = %s", [email_id]) == (" ".join(["a", *many]),)
