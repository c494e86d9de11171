"""What people chose, as deciding.py wants it: of many people in a handful of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import orjson

from posthouse.base import clock, sql
from posthouse.identity import profiles
from posthouse.notifications.deciding import MAIL, MESSAGE, Level, Policy, Rule, Span, minutes_of
from posthouse.notifications.models import Choices

EVERY_DAY = list(range(7))


def policies(user_ids: Collection[int]) -> dict[int, Policy]:
    """Of those among these people who are active."""
    chosen = {row.user_id: row for row in _choices(user_ids)}
    rules = _rules(user_ids)
    return {
        user_id: _policy(known, chosen.get(user_id) or Choices(user_id=user_id), rules.get(user_id, ()))
        for user_id, known in profiles.notified(user_ids).items()
    }


def _choices(user_ids: Iterable[int]) -> Iterable[Choices]:
    for chunk in sql.chunks(user_ids):
        yield from Choices.objects.filter(user_id__in=chunk)


def _rules(user_ids: Iterable[int]) -> dict[int, tuple[Rule, ...]]:
    found: dict[int, list[Rule]] = {}
    for chunk in sql.chunks(user_ids):
        for user_id, source, value, level in sql.rows(
            "SELECT user_id, source, value, level FROM notifications_rule"
            f" WHERE user_id IN ({sql.marks(chunk)}) ORDER BY id",
            chunk,
        ):
            found.setdefault(user_id, []).append(Rule(source=source, value=value, level=Level(level)))
    return {user_id: tuple(rules) for user_id, rules in found.items()}


def _policy(known: profiles.Notified, chosen: Choices, rules: tuple[Rule, ...]) -> Policy:
    letters: dict[str, int] = {}
    if known.choices["by_email"]:
        letters[MAIL] = chosen.mail_minutes
    if chosen.chat_minutes is not None:
        letters[MESSAGE] = chosen.chat_minutes
    return Policy(
        rules=rules,
        new_mail=known.choices["new_mail"],
        messages=known.choices["messages"],
        by_push=known.choices["by_push"],
        quiet=tuple(span_of(one) for one in quiet_hours(known, chosen)),
        zone=known.time_zone,
        dnd_until_ms=None if chosen.dnd_until is None else clock.to_ms(chosen.dnd_until),
        letter_minutes=letters,
    )


def quiet_hours(known: profiles.Notified, chosen: Choices) -> list[dict[str, Any]]:
    """Those of the profile, which hold on every day, and those chosen by weekday."""
    from_, to = known.choices["quiet_from"], known.choices["quiet_to"]
    daily = [{"days": EVERY_DAY, "from": from_, "to": to}] if from_ and to else []
    kept = chosen.quiet_hours if isinstance(chosen.quiet_hours, list) else orjson.loads(chosen.quiet_hours)
    return [*daily, *kept]


def span_of(one: dict[str, Any]) -> Span:
    return Span(frozenset(one["days"]), minutes_of(one["from"]), minutes_of(one["to"]))


def listeners(sources: Collection[tuple[str, str]]) -> dict[tuple[str, str], list[int]]:
    """Who has a rule about these places that may tell them something."""
    found: dict[tuple[str, str], list[int]] = {}
    for source, value in sources:
        rows = sql.rows(
            "SELECT user_id FROM notifications_rule WHERE source = %s AND value = %s"
            " AND level NOT IN ('none', 'named') ORDER BY user_id",
            [source, value],
        )
        if rows:
            found[source, value] = [row[0] for row in rows]
    return found
