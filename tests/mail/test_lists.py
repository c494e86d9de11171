"""Lists of threads: each once, in order, whatever its e-mails have in common; and what a list leaves out."""

from __future__ import annotations

import random
from typing import Any

import orjson
import pytest

from tests import make
from tests.cast import Cast, Person

MOMENT_MS = 1_790_000_000_000


def store(
    person: Person,
    name: str,
    *,
    thread: str = "",
    at: int = 0,
    role: str = "inbox",
    flags: int = 0,
) -> int:
    """An e-mail of a thread (named by its first message), `at` seconds after MOMENT_MS."""
    from posthouse.mail import storing

    raw = make.message(
        subject=thread or name,
        message_id=f"{name}@lists.test",
        sender=f"{name} <{name}@lists.test>",
        headers=f"References: <{thread}@lists.test>\r\n" if thread else "",
    )
    item = storing.Storing(
        arrival=storing.prepare(raw, received_at_ms=MOMENT_MS + 1000 * at),
        account_id=person.account_id,
        role=role,
        flags=flags,
    )
    return storing.store(item).email_id


def rows(page: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = orjson.loads(orjson.dumps(page.items))
    return found


def thread_rows(person: Person, role: str = "inbox", **options: Any) -> list[dict[str, Any]]:
    from posthouse.mail import queries

    page = queries.thread_page(
        make.mailbox(person, role), account_id=person.account_id, after=None, limit=200, **options
    )
    return rows(page)


def flagged_rows(person: Person) -> list[dict[str, Any]]:
    from posthouse.mail import queries

    return rows(queries.flagged_page(person.account_id, after=None, limit=200))


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
@pytest.mark.parametrize("kind", ["threads", "emails", "flagged"])
def test_pages_together_are_the_list_when_all_times_are_equal(cast: Cast, kind: str, limit: int) -> None:
    """Mail of one second: the order then is that of the ids."""
    from posthouse.mail import queries

    dice = random.Random(limit)
    for number in range(10):
        store(cast.alice, f"t{number}", flags=2)
    for number in range(10):
        store(cast.alice, f"r{number}", thread=f"t{dice.randint(0, 9)}", at=dice.randint(0, 1), flags=2)
    inbox = make.mailbox(cast.alice, "inbox")

    def page(after: Any, limit: int) -> Any:
        if kind == "threads":
            return queries.thread_page(inbox, account_id=cast.alice.account_id, after=after, limit=limit)
        if kind == "emails":
            return queries.email_page(inbox, after=after, limit=limit)
        return queries.flagged_page(cast.alice.account_id, after=after, limit=limit)

    whole = rows(page(None, 200))
    pieces, after = [], None
    for _ in range(30):
        one = page(after, limit)
        pieces += rows(one)
        after = one.next
        if after is None:
            break
    assert pieces == whole
    assert len({row["id"] for row in whole}) == len(whole) == (20 if kind == "emails" else 10)


def test_a_thread_is_listed_by_its_newest_e_mail_in_the_mailbox(cast: Cast) -> None:
    store(cast.alice, "old", at=0)
    store(cast.alice, "new", at=10)
    store(cast.alice, "answer", thread="old", at=20, role="sent", flags=1)

    first, second = thread_rows(cast.alice)
    assert (first["subject"], second["subject"]) == ("new", "old")
    assert second["email_count"] == 2
    assert second["placed_at"] < first["placed_at"] < second["last_at"]
    assert [sender["name"] for sender in second["senders"]] == ["old", "answer"]
    store(cast.alice, "reply", thread="old", at=30)
    assert [row["subject"] for row in thread_rows(cast.alice)] == ["old", "new"]


@pytest.mark.parametrize("role", ["trash", "junk"])
def test_what_was_thrown_away_is_no_part_of_a_thread_but_seen_from_there(cast: Cast, role: str) -> None:
    store(cast.alice, "kept", at=0, flags=1)
    store(cast.alice, "gone", thread="kept", at=10, role=role, flags=2)

    (seen,) = thread_rows(cast.alice)
    assert (seen["email_count"], seen["unread_count"], seen["is_flagged"]) == (1, 0, False)
    assert seen["mailbox_ids"] == [str(make.mailbox(cast.alice, "inbox"))]
    (from_there,) = thread_rows(cast.alice, role)
    assert (from_there["email_count"], from_there["unread_count"], from_there["is_flagged"]) == (2, 1, True)


def test_a_thread_that_lies_only_in_trash_is_whole_there(cast: Cast) -> None:
    store(cast.alice, "one", at=0, role="trash")
    store(cast.alice, "two", thread="one", at=1, role="junk")
    assert thread_rows(cast.alice) == []
    assert [row["email_count"] for row in thread_rows(cast.alice, "trash")] == [2]


def test_flagged_threads_are_those_with_a_flagged_e_mail_that_is_kept(cast: Cast) -> None:
    """By the newest flagged one; what lies only in Trash or Junk does not count, a label beside it does."""
    from posthouse.mail import actions

    store(cast.alice, "plain", at=50)
    store(cast.alice, "early", at=0, flags=2)
    store(cast.alice, "late", thread="early", at=40)
    store(cast.alice, "middle", at=10, flags=3)
    store(cast.alice, "trashed", at=20, role="trash", flags=2)
    both = store(cast.alice, "both", at=5, role="trash", flags=2)
    actions.label_emails(cast.alice.actor, [both], add=[make.mailbox(cast.alice, "archive")])
    store(cast.alice, "thrown", thread="early", at=60, role="junk", flags=2)
    store(cast.bob, "bobs", at=30, flags=2)

    assert [row["subject"] for row in flagged_rows(cast.alice)] == ["middle", "both", "early"]


def test_unread_threads_are_those_with_an_unread_e_mail_in_the_mailbox(cast: Cast) -> None:
    store(cast.alice, "read", at=0, flags=1)
    store(cast.alice, "unread", at=1)
    store(cast.alice, "half", at=2, flags=1)
    store(cast.alice, "other", thread="half", at=3)
    store(cast.alice, "elsewhere", at=4, flags=1)
    store(cast.alice, "archived", thread="elsewhere", at=5, role="archive")

    assert [row["subject"] for row in thread_rows(cast.alice, only_unread=True)] == ["half", "unread"]


def test_drafts_are_marked_and_do_not_speak_for_the_thread(cast: Cast) -> None:
    from posthouse.mail import flags as flag

    store(cast.alice, "question", at=0)
    store(cast.alice, "draft", thread="question", at=10, role="drafts", flags=flag.DRAFT | flag.SEEN)

    (row,) = thread_rows(cast.alice)
    assert (row["has_draft"], row["last_at"]) == (True, "2026-09-21T14:13:20.000Z")
