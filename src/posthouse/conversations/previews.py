"""Previews of links: what stands below a message, what an organisation was told by a page, and taking one away.

A message is sent without them. A job looks at its links (looking.py) and puts into the row what there is to show, with
the log's next number, so that every feed tells it as it tells an edit. What a page said is kept for an organisation,
so that a link that is passed around is asked for once; and no other organisation can tell by it who was there before.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, jobs, sql
from posthouse.base.errors import Missing
from posthouse.base.ids import new_id
from posthouse.conversations import access, keepers, log
from posthouse.conversations.access import Right
from posthouse.conversations.markdown import Rendered, links_in
from posthouse.conversations.rows import Row
from posthouse.identity import links
from posthouse.identity.actor import Actor

JOB = "conversation_previews"
MAX_LINKS = 3
MAX_URL_CHARS = 2_000
HOUR_MS = 3_600_000
KEPT_MS = 6 * HOUR_MS
KEPT_NOTHING_MS = HOUR_MS // 2
MAX_KEPT = 2_000
"""Pages of one organisation."""


class Page(NamedTuple):
    """What is shown of a page; `host` is of the one that answered at last."""

    host: str
    title: str
    description: str
    site: str
    image_url: str


class Looked(NamedTuple):
    """A message whose links are to be looked at, as it was then."""

    conversation_id: int
    organisation_id: int
    revisions: int


class Kept(NamedTuple):
    """What is known of a link already; without a page there is nothing to show."""

    page: Page | None


Pages = Mapping[str, Page | None]


def look_later(message_id: int, rendered: Rendered) -> None:
    """Inside the action that sends."""
    if rendered.has_links:
        jobs.enqueue(JOB, message_id=message_id)


def edited(message_id: int, rendered: Rendered, *, shown: str) -> None:
    """Inside the action that edits: also what is shown (as JSON) may have to go."""
    if rendered.has_links or shown != "[]":
        jobs.enqueue(JOB, message_id=message_id)


def wanted(message_id: int) -> tuple[Looked, list[str]] | None:
    """The links of a message that may be looked at now; None for a message or an organisation that shows none."""
    found = _looked(message_id)
    if found is None:
        return None
    looked, body = found
    return looked, [url for url in links_in(body, MAX_LINKS) if len(url) <= MAX_URL_CHARS]


def _looked(message_id: int) -> tuple[Looked, str] | None:
    """Links in notes are left alone: whoever serves the page would learn of them."""
    found = sql.row(
        "SELECT m.conversation_id, c.organisation_id, m.revisions, m.body, m.author_email, o.shows_previews,"
        " o.shows_outside_previews FROM conversations_message m"
        " JOIN conversations_conversation c ON c.id = m.conversation_id"
        " LEFT JOIN conversations_policy o ON o.organisation_id = c.organisation_id"
        " WHERE m.id = %s AND m.deleted_at IS NULL AND c.kind <> %s",
        [message_id, keepers.NOTES],
    )
    if found is None:
        return None
    *looked, body, outside, shows, shows_outside = found
    is_shown = (shows is None or shows) and (not outside or shows_outside)
    return (Looked(*looked), body) if is_shown else None


def key_of(url: str) -> str:
    return sha256(url.encode()).hexdigest()


def known(organisation_id: int, url: str) -> Kept | None:
    """What the organisation was told of a link not long ago."""
    found = sql.row(
        "SELECT host, title, description, site, image_url, asked_at FROM conversations_linkedpage"
        " WHERE organisation_id = %s AND key = %s",
        [organisation_id, key_of(url)],
    )
    if found is None:
        return None
    page = Page(*found[:5])
    lasts_ms = KEPT_MS if page.title else KEPT_NOTHING_MS
    if found[5] < clock.now_ms() - lasts_ms:
        return None
    return Kept(page if page.title else None)


@db.action
def keep_page(organisation_id: int, url: str, page: Page | None) -> None:
    """Note what a page said; the oldest ones go when there are too many."""
    said = page or Page("", "", "", "", "")
    sql.run(
        "INSERT INTO conversations_linkedpage"
        " (id, organisation_id, key, host, title, description, site, image_url, asked_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (organisation_id, key) DO UPDATE SET"
        " host = excluded.host, title = excluded.title, description = excluded.description, site = excluded.site,"
        " image_url = excluded.image_url, asked_at = excluded.asked_at",
        [new_id(), organisation_id, key_of(url), *said, clock.now_ms()],
    )
    sql.run(
        "DELETE FROM conversations_linkedpage WHERE organisation_id = %s AND id <= (SELECT id"
        " FROM conversations_linkedpage WHERE organisation_id = %s ORDER BY id DESC LIMIT 1 OFFSET %s)",
        [organisation_id, organisation_id, MAX_KEPT],
    )


@db.action
def forget_old_pages() -> None:
    sql.run("DELETE FROM conversations_linkedpage WHERE asked_at < %s", [clock.now_ms() - KEPT_MS])


@db.action
def show(message_id: int, looked: Looked, pages: Pages) -> None:
    """Put what was found below a message, in the order of its links. Not when it was edited or deleted meanwhile: its
    edit has a job of its own."""
    log.hold(looked.conversation_id)
    now = _looked(message_id)
    if now is None or now[0] != looked:
        return
    found = sql.row("SELECT previews FROM conversations_message WHERE id = %s", [message_id])
    assert found is not None
    before = {
        row[0]: (row[1], bool(row[2]))
        for row in sql.rows(
            "SELECT key, id, is_removed FROM conversations_preview WHERE message_id = %s", [message_id]
        )
    }
    shown, kept = [], []
    for url, page in pages.items():
        preview_id, is_removed = before.get(key_of(url), (new_id(), False))
        if page is None or is_removed:
            continue
        shown.append(_state(preview_id, url, page))
        kept.append((preview_id, message_id, key_of(url), page.image_url, False))
    text = orjson.dumps(shown).decode()
    if text == found[0]:
        return
    sql.run("DELETE FROM conversations_preview WHERE message_id = %s AND NOT is_removed", [message_id])
    sql.insert_many("INSERT INTO conversations_preview (id, message_id, key, image_url, is_removed)", kept)
    _set(message_id, looked.conversation_id, text)


def _state(preview_id: int, url: str, page: Page) -> Row:
    return {
        "id": str(preview_id),
        "url": url,
        "host": page.host,
        "title": page.title,
        "description": page.description,
        "site": page.site,
        "has_image": bool(page.image_url),
    }


def _set(message_id: int, conversation_id: int, previews: str) -> None:
    sql.run(
        "UPDATE conversations_message SET previews = %s, seq = %s WHERE id = %s",
        [previews, log.step(conversation_id), message_id],
    )


@db.action
def remove(actor: Actor, message_id: int, preview_id: int) -> None:
    """Take a preview away from everybody, for good: from what one wrote, or as an admin.

    Raises Missing, Denied (not_your_message), Conflict.
    """
    message = access.present_message_for(actor, message_id)
    if log.hold(message.conversation_id):
        message = access.present_message_for(actor, message_id)
    found = sql.row("SELECT previews FROM conversations_message WHERE id = %s", [message.id])
    before: list[dict[str, Any]] = orjson.loads(found[0]) if found else []
    left = [one for one in before if one["id"] != str(preview_id)]
    if len(left) == len(before):
        raise Missing()
    is_admins = message.author_id != actor.user_id
    if is_admins:
        access.check_may_remove(actor, message)
    sql.run(
        "UPDATE conversations_preview SET is_removed = %s, image_url = '' WHERE id = %s AND message_id = %s",
        [True, preview_id, message.id],
    )
    _set(message.id, message.conversation_id, orjson.dumps(left).decode())
    if is_admins:
        record(
            actor,
            Act.CONVERSATION_PREVIEW_REMOVED,
            kind="conversation",
            object_id=message.conversation_id,
            subject=message.author_id,
            facts={"message": str(message.id)},
        )


def pictures(actor: Actor, message_id: int) -> list[Row]:
    """The pictures of a message's previews, by links that a browser may load for an hour or two."""
    message = access.message_for(actor, message_id, need=Right.READ)
    return [
        {"id": str(preview_id), "image_url": links.remote_image(actor, image_url)}
        for preview_id, image_url in sql.rows(
            "SELECT id, image_url FROM conversations_preview WHERE message_id = %s AND image_url <> '' ORDER BY id",
            [message.id],
        )
    ]
