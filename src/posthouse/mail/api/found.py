"""What a search found, as the API shows it: a list's rows, with the words marked and what was understood."""

from __future__ import annotations

from typing import Any

from posthouse.base.clock import iso
from posthouse.mail import queries
from posthouse.mail.queries import Cursor, Page
from posthouse.mail.searching import COUNTED, Found, found_emails, found_threads
from posthouse.search import index
from posthouse.search.api import shapes
from posthouse.search.language import Query
from posthouse.search.snippets import Segment, looked_for, marked, snippet

Row = dict[str, Any]


def threads(
    account_id: int, query: Query, *, mailbox_id: int | None, after: Cursor | None, limit: int
) -> tuple[Page, Row]:
    """A page of threads, and what to say about the search."""
    placed, following, about = placed_threads(
        account_id, query, mailbox_id=mailbox_id, after=after, limit=limit
    )
    return Page([row for _, row in placed], following), about


def placed_threads(
    account_id: int, query: Query, *, mailbox_id: int | None, after: Cursor | None, limit: int
) -> tuple[list[tuple[Cursor, Row]], Cursor | None, Row]:
    """The same, each thread with its place in the order of the list."""
    found = found_threads(account_id, query, mailbox_id=mailbox_id, after=after, limit=limit)
    rows = queries.threads(account_id, [key.thread_id for key in found.keys], seen_from=mailbox_id)
    snippets = _snippets(query, found)
    by_thread = {str(key.thread_id): key for key in found.keys}
    placed = [
        (
            Cursor(key.received_at_ms, key.email_id),
            row | {"placed_at": iso(key.received_at_ms), "snippet": snippets.get(key.email_id)},
        )
        for row in rows
        for key in [by_thread[row["id"]]]
    ]
    return placed, found.next, _about(query, found)


def emails(
    account_id: int, query: Query, *, mailbox_id: int | None, after: Cursor | None, limit: int
) -> tuple[Page, Row]:
    """The same for e-mails."""
    found = found_emails(account_id, query, mailbox_id=mailbox_id, after=after, limit=limit)
    snippets = _snippets(query, found)
    items = [
        row | {"snippet": snippets.get(int(row["id"]))}
        for row in queries.emails([key.email_id for key in found.keys])
    ]
    return Page(items, found.next), _about(query, found)


def _about(query: Query, found: Found) -> Row:
    return shapes.about(
        query,
        is_complete=found.is_complete,
        estimate=found.estimate,
        is_more=found.estimate is not None and found.estimate >= COUNTED,
    )


def _snippets(query: Query, found: Found) -> dict[int, Row]:
    """By e-mail: subject and text in segments. The text is the preview where that has the words, else a piece of it."""
    in_subject, in_body = looked_for(query.root, "subject"), looked_for(query.root, "body")
    if in_subject is None and in_body is None:
        return {}
    ids = [key.email_id for key in found.keys]
    shown = queries.subjects_and_previews(ids)
    texts = {i: snippet(preview, in_body) for i, (_, preview) in shown.items()}
    elsewhere = [i for i, segments in texts.items() if not segments] if in_body is not None else []
    for email_id, text in index.current().excerpts(elsewhere).items():
        texts[email_id] = snippet(text, in_body)
    return {
        i: {
            "email_id": str(i),
            "subject": shapes.segments(marked(subject, in_subject)),
            "text": shapes.segments(texts[i] or [Segment(preview, is_match=False)]),
        }
        for i, (subject, preview) in shown.items()
    }
