"""What a search found in conversations, as the API shows it: messages with the words marked, and where they stand."""

from __future__ import annotations

from typing import Any

import orjson

from posthouse.conversations import finding, rows
from posthouse.conversations.finding import Cursor, FoundMessages, Wanted
from posthouse.conversations.reach import Place
from posthouse.identity.actor import Actor
from posthouse.search.api import shapes
from posthouse.search.language import Query
from posthouse.search.snippets import SNIPPET_CHARS, Segment, looked_for, marked, snippet
from posthouse.wire.mime.html_text import html_to_text

Row = dict[str, Any]


def messages(
    actor: Actor, wanted: Wanted, *, before: Cursor | None, limit: int
) -> tuple[list[Row], FoundMessages, Row | None]:
    """A page of messages as they are listed, and for a search what to say about it."""
    found = finding.messages(actor, wanted, before=before, limit=limit)
    if wanted.query is None:
        return [rows.message_state(row) for row in found.rows], found, None
    items = [rows.message_state(row) | {"snippet": _snippet(wanted.query, row)} for row in found.rows]
    about = shapes.about(wanted.query, is_complete=found.is_complete, estimate=found.estimate)
    return items, found, about


def place(found: Place) -> Row:
    """The conversation that something found stands in."""
    return {"id": str(found.id), "kind": found.kind, "name": found.name, "with": found.person or None}


def _snippet(query: Query, row: tuple[Any, ...]) -> Row:
    """The text around what was found, without the signs of Markdown, else its beginning; the first file's name that
    has the words."""
    text = " ".join(html_to_text(row[9]).split())
    in_text, in_name = looked_for(query.root, "body"), looked_for(query.root, "filename")
    beginning = text[:SNIPPET_CHARS] + " …" * (len(text) > SNIPPET_CHARS)
    pieces = snippet(text, in_text) or [Segment(beginning, is_match=False)]
    names = [marked(str(one["filename"]), in_name) for one in orjson.loads(row[18])]
    found = next((name for name in names if any(piece.is_match for piece in name)), [])
    return {"text": shapes.segments(pieces), "filename": shapes.segments(found)}
