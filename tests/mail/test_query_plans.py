"""What is read for one page must not grow with the account: the planner is asked how it would go about it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import make
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("house")


def plans_of(read: Callable[[], object]) -> dict[str, list[str]]:
    """Every statement that a read makes, with SQLite's plan for it."""
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("SQLite's planner")
    statements: list[str] = []
    connection.ensure_connection()
    raw = connection.connection
    raw.set_trace_callback(statements.append)
    try:
        read()
    finally:
        raw.set_trace_callback(None)
    selects = [text for text in statements if text.lstrip().upper().startswith("SELECT")]
    assert selects
    return {text: [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {text}")] for text in selects}


def assert_bounded(read: Callable[[], object], *, log: bool = False) -> None:
    """No table is scanned, and (but for readers of the log) no account is read through its log."""
    for text, steps in plans_of(read).items():
        for step in steps:
            assert not step.startswith("SCAN "), (step, text)
            if not log:
                assert "_changes" not in step, (step, text)


def test_lists_read_only_their_page(cast: Cast) -> None:
    from posthouse.mail import queries

    first = make.email(cast.alice, subject="A matter")
    inbox, account_id = make.mailbox(cast.alice, "inbox"), cast.alice.account_id
    (row,) = queries.emails([first])
    cursor = queries.Cursor(2_000_000_000_000, 1)
    assert_bounded(lambda: queries.thread_page(inbox, account_id=account_id, after=cursor, limit=50))
    assert_bounded(
        lambda: queries.thread_page(inbox, account_id=account_id, after=None, limit=50, only_unread=True)
    )
    assert_bounded(lambda: queries.flagged_page(account_id, after=cursor, limit=50))
    assert_bounded(lambda: queries.email_page(inbox, after=cursor, limit=50))
    assert_bounded(lambda: queries.thread_email_ids(account_id, int(row["thread_id"])))


def test_access_reads_only_what_is_asked_for(cast: Cast) -> None:
    from posthouse.mail import access, queries

    email_id = make.email(cast.alice)
    (row,) = queries.emails([email_id])
    actor = cast.alice.actor
    assert_bounded(lambda: access.emails_for(actor, [email_id]))
    assert_bounded(lambda: access.thread_emails_for(actor, [int(row["thread_id"])]))


def test_a_session_in_idle_reads_only_what_changed(cast: Cast) -> None:
    from posthouse.mail import by_uid, changes, handled, queries, standing

    inbox, account_id = make.mailbox(cast.alice, "inbox"), cast.alice.account_id
    view = by_uid.view(inbox)
    before = queries.state(account_id)
    make.email(cast.alice)

    def look() -> object:
        return by_uid.view_changes(inbox, account_id=account_id, uidnext=view.uidnext, modseq=view.modseq)

    def stand() -> object:
        with standing.standing(inbox) as mailbox:
            return mailbox.uidnext

    stand()
    make.email(cast.alice)
    assert_bounded(look, log=True)
    assert_bounded(stand, log=True)
    assert_bounded(lambda: changes.since(account_id, before), log=True)
    assert_bounded(lambda: handled.since(account_id, before, 0, limit=50), log=True)
    log_reads = [steps for text, steps in plans_of(look).items() if "mail_email" in text]
    assert any("email_changes" in steps[0] for steps in log_reads), log_reads


def test_a_search_reads_only_its_candidates(cast: Cast) -> None:
    from posthouse.mail import indexing, searching
    from posthouse.search.language import parse

    account_id = cast.alice.account_id
    for _ in range(3):
        make.email(cast.alice, subject="A matter")
    while indexing.step(account_id):
        continue
    for text in (
        "matter",
        "matter is:unread has:userlabels",
        "is:unread -matter",
        "matter in:inbox",
        "is:starred",
    ):
        for after in (None, searching.Cursor(2_000_000_000_000, 1)):
            query = parse(text)
            assert_bounded(
                lambda query=query, after=after: searching.found_threads(
                    account_id, query, mailbox_id=None, after=after, limit=50
                )
            )


def test_grants_are_found_from_whom_they_are_for(cast: Cast) -> None:
    """Not by going through the accounts of an organisation."""
    from posthouse.mail import access, sharing

    for read in (
        lambda: access.granted(cast.bob.actor),
        lambda: access.granted(cast.bob.actor, [1, 2]),
        lambda: sharing.usable(cast.bob.actor),
        lambda: sharing.accounts(cast.alice.actor),
        lambda: sharing.lent(cast.bob.actor),
    ):
        for text, steps in plans_of(read).items():
            whole = [step for step in steps if step.endswith("(organisation_id=?)")]
            assert all("account_shared" in step for step in whole), (text, steps)
            assert not any(step.startswith(("SCAN a", "SCAN mail", "SCAN identity")) for step in steps), steps
