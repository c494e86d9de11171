"""Reads: a person's notifications, what changed of them, the log of decisions, what they chose."""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson

from posthouse.base import clock, sql
from posthouse.base.clock import iso
from posthouse.base.errors import Missing
from posthouse.base.ids import made_at_ms
from posthouse.identity import profiles
from posthouse.identity.actor import Actor
from posthouse.notifications import access, endpoints, policies
from posthouse.notifications.models import Choices, Endpoint, Rule

Row = dict[str, Any]
COLUMNS = (
    "id, seq, kind, key, about_room, about_id, about_in, title, body, urgency, times, created_at, read_at"
)
MOST_NEWS = 50
MAX_UNREAD = 999
"""Beyond it nobody counts."""


class Page(NamedTuple):
    items: list[Row]
    next: int | None


def notification_json(row: tuple[Any, ...]) -> Row:
    id_, seq, kind, key, room, about_id, inside, title, body, urgency, times, created_ms, read_ms = row
    return {
        "id": str(id_),
        "seq": str(seq),
        "kind": kind,
        "tag": key,
        "about": {"room": room, "id": about_id, "in": inside} if room else None,
        "title": title,
        "body": body,
        "urgency": urgency,
        "times": times,
        "created_at": iso(created_ms),
        "is_read": read_ms is not None,
        "read_at": None if read_ms is None else iso(read_ms),
    }


def page(actor: Actor, *, kind: str, unread: bool | None, before: int | None, limit: int) -> Page:
    """One's own, the newest first; `before` is a `seq`."""
    also, values = _shown_to(actor)
    if kind:
        also, values = f"{also} AND kind = %s", [*values, kind]
    if unread is not None:
        also += " AND read_at IS NULL" if unread else " AND read_at IS NOT NULL"
    if before is not None:
        also, values = also + " AND seq < %s", [*values, before]
    rows = sql.rows(
        f"SELECT {COLUMNS} FROM notifications_notification WHERE user_id = %s{also} ORDER BY seq DESC LIMIT %s",
        [actor.user_id, *values, limit + 1],
    )
    items = [notification_json(row) for row in rows[:limit]]
    return Page(items, rows[limit - 1][1] if len(rows) > limit else None)


def _shown_to(actor: Actor) -> tuple[str, list[object]]:
    """A condition, and its values."""
    hidden = access.hidden_rooms(actor)
    return (f" AND about_room NOT IN ({sql.marks(hidden)})", [*hidden]) if hidden else ("", [])


def notification(actor: Actor, notification_id: int) -> Row:
    """One of one's own; raises Missing."""
    also, values = _shown_to(actor)
    found = sql.row(
        f"SELECT {COLUMNS} FROM notifications_notification WHERE id = %s AND user_id = %s{also}",
        [notification_id, actor.user_id, *values],
    )
    if found is None:
        raise Missing()
    return notification_json(found)


def unread_count(user_id: int) -> int:
    found = sql.row(
        "SELECT count(*) FROM (SELECT 1 FROM notifications_notification WHERE user_id = %s AND read_at IS NULL"
        " LIMIT %s) counted",
        [user_id, MAX_UNREAD],
    )
    return 0 if found is None else int(found[0])


def state_of(user_id: int) -> int:
    found = sql.row("SELECT seq FROM notifications_log WHERE user_id = %s", [user_id])
    return 0 if found is None else int(found[0])


def news(actor: Actor, since: int) -> Row:
    """For the stream: what changed of a person's notifications after a `seq`, or that it is best fetched afresh.

    A client that applied it has what one has that fetched. `telling.topic` is what hints that there is something.
    """
    user_id, (also, values) = actor.user_id, _shown_to(actor)
    found = sql.row("SELECT seq, gone_seq FROM notifications_log WHERE user_id = %s", [user_id])
    seq, gone_seq = (0, 0) if found is None else found
    head = {"type": "notifications", "seq": str(seq), "unread": unread_count(user_id)}
    if since > seq or since < gone_seq:
        return {**head, "resync": True, "items": []}
    rows = sql.rows(
        f"SELECT {COLUMNS} FROM notifications_notification WHERE user_id = %s AND seq > %s{also}"
        " ORDER BY seq DESC LIMIT %s",
        [user_id, since, *values, MOST_NEWS + 1],
    )
    if len(rows) > MOST_NEWS:
        return {**head, "resync": True, "items": []}
    return {**head, "resync": False, "items": [notification_json(row) for row in rows]}


# --- why ------------------------------------------------------------------------------------------


def decisions(actor: Actor, *, about: str, before: int | None, limit: int) -> Page:
    """Why one was told, or not, the newest first; `about` is the id of what it was of."""
    also, values = _shown_to(actor)
    if about:
        also, values = f"{also} AND about_id = %s", [*values, about]
    if before is not None:
        also, values = also + " AND id < %s", [*values, before]
    rows = sql.rows(
        "SELECT id, kind, about_room, about_id, title, level, is_pushed, reasons FROM notifications_decision"
        f" WHERE user_id = %s{also} ORDER BY id DESC LIMIT %s",
        [actor.user_id, *values, limit + 1],
    )
    items = [_decision_json(row) for row in rows[:limit]]
    return Page(items, rows[limit - 1][0] if len(rows) > limit else None)


def _decision_json(row: tuple[Any, ...]) -> Row:
    id_, kind, room, about_id, title, level, is_pushed, reasons = row
    return {
        "id": str(id_),
        "at": iso(made_at_ms(id_)),
        "kind": kind,
        "about": {"room": room, "id": about_id, "in": ""} if room else None,
        "title": title,
        "level": level,
        "is_told": level != "none",
        "is_pushed": bool(is_pushed),
        "reasons": orjson.loads(reasons) if isinstance(reasons, str) else reasons,
    }


# --- what one chose -------------------------------------------------------------------------------


def settings(actor: Actor) -> Row:
    chosen = Choices.objects.filter(user_id=actor.user_id).first() or Choices(user_id=actor.user_id)
    known = profiles.notified([actor.user_id])[actor.user_id]
    until = chosen.dnd_until if chosen.dnd_until and chosen.dnd_until > clock.now() else None
    return {
        "new_mail": known.choices["new_mail"],
        "messages": known.choices["messages"],
        "by_push": known.choices["by_push"],
        "sound": known.choices["sound"],
        "shows_content": chosen.shows_content,
        "quiet_hours": policies.quiet_hours(known, chosen),
        "time_zone": known.time_zone,
        "dnd_until": None if until is None else iso(clock.to_ms(until)),
        "letters_to": chosen.letters_to,
        "mail_letter_minutes": chosen.mail_minutes if known.choices["by_email"] else None,
        "message_letter_minutes": chosen.chat_minutes,
        "digest_at": chosen.digest_at or None,
    }


def rules(actor: Actor) -> list[Row]:
    return [rule_json(rule) for rule in Rule.objects.filter(user_id=actor.user_id).order_by("id")]


def rule_json(rule: Rule) -> Row:
    return {
        "id": str(rule.id),
        "source": rule.source,
        "value": rule.value,
        "level": rule.level,
        "created_at": iso(clock.to_ms(rule.created_at)),
    }


def devices(actor: Actor) -> list[Row]:
    return [device_json(actor, one) for one in endpoints.devices_of(actor.user_id)]


def device_json(actor: Actor, one: Endpoint) -> Row:
    return {
        "id": str(one.id),
        "client": one.client,
        "service": one.host,
        "is_current": one.session_id == actor.session_id,
        "created_at": iso(clock.to_ms(one.created_at)),
        "last_used_at": None if one.last_used_at is None else iso(clock.to_ms(one.last_used_at)),
    }
