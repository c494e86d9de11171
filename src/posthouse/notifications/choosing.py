"""What a person chooses to hear of: kinds, hours, devices, letters, and rules for people, words and places.

What the profile's `notifications` already say is kept there and nowhere else, so that both ways to them agree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db
from posthouse.base.errors import Conflict, Invalid
from posthouse.identity import profiles, recovery, step_up
from posthouse.identity.actor import Actor
from posthouse.notifications import access, deciding
from posthouse.notifications.models import Choices, Rule

MAX_RULES = 200
PLACES = frozenset({"conversation", "mailbox", "account"})
_OF_PROFILE = ("new_mail", "messages", "by_push", "sound")
_OWN = {
    "shows_content": "shows_content",
    "dnd_until": "dnd_until",
    "letters_to": "letters_to",
    "message_letter_minutes": "chat_minutes",
}


@db.action
def change(actor: Actor, changes: Mapping[str, Any]) -> None:
    """Change what is given; already checked. Letters to an address outside ask a session for step-up.

    Raises Invalid (no_recovery_address) where there is no address to send letters to.
    """
    profile = {name: changes[name] for name in _OF_PROFILE if name in changes}
    own = {column: changes[name] for name, column in _OWN.items() if name in changes}
    if "quiet_hours" in changes:
        own["quiet_hours"] = changes["quiet_hours"]
        profile |= {"quiet_from": None, "quiet_to": None}
    if "mail_letter_minutes" in changes:
        minutes = changes["mail_letter_minutes"]
        profile["by_email"] = minutes is not None
        own |= {} if minutes is None else {"mail_minutes": minutes}
    if "digest_at" in changes:
        own["digest_at"] = changes["digest_at"] or ""
        own["digest_due_at"] = next_digest(actor.user_id, own["digest_at"])
    if own.get("letters_to") == Choices.LettersTo.RECOVERY:
        step_up.require_of_session(actor)
        if recovery.address_of(actor) is None:
            raise Invalid(
                "no_recovery_address", "There is no address outside to write to.", pointer="/letters_to"
            )
    if profile:
        profiles.change_profile(actor, {"notifications": profile})
    if own:
        Choices.objects.update_or_create(user_id=actor.user_id, defaults=own)
    if changes:
        _record(actor, sorted(changes))


def next_digest(user_id: int, at: str) -> dt.datetime | None:
    """The next moment that is so late by the person's clock; None for "" (no digest)."""
    if not at:
        return None
    zone = deciding.zone_of(profiles.notified([user_id])[user_id].time_zone)
    now = clock.now().astimezone(zone)
    minutes = deciding.minutes_of(at)
    due = now.replace(hour=minutes // 60, minute=minutes % 60, second=0, microsecond=0)
    return (due if due > now else due + dt.timedelta(days=1)).astimezone(dt.UTC)


@db.action
def put_rule(actor: Actor, *, source: str, value: str, level: str) -> Rule:
    """Make a rule, or change the one about the same. Raises Conflict (too_many), Invalid (bad_notification_rule)."""
    value = value.strip() if source in PLACES else value.strip().lower()
    if not value or (source in PLACES and not value.isdigit()):
        raise Invalid("bad_notification_rule", "Of places a rule names the id.", pointer="/value")
    if level == Rule.Level.NAMED and source != Rule.Source.CONVERSATION:
        raise Invalid("bad_notification_rule", "Only in conversations one is named.", pointer="/level")
    known = Rule.objects.filter(user_id=actor.user_id, source=source, value=value).first()
    if known is None:
        if Rule.objects.filter(user_id=actor.user_id).count() >= MAX_RULES:
            raise Conflict("too_many", f"There are {MAX_RULES} rules at most.")
        known = Rule.objects.create(user_id=actor.user_id, source=source, value=value, level=level)
    elif known.level != level:
        Rule.objects.filter(id=known.id).update(level=level)
        known.level = level
    _record(actor, ["rules"])
    return known


@db.action
def delete_rule(actor: Actor, rule_id: int) -> None:
    access.rule_for(actor, rule_id).delete()
    _record(actor, ["rules"])


def _record(actor: Actor, fields: list[str]) -> None:
    """On record goes what was changed, not what it says now."""
    record(actor, Act.NOTIFICATIONS_CHANGED, kind="user", object_id=actor.user_id, facts={"fields": fields})
