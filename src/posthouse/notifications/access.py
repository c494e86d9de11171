"""The only way to a notification or a rule by id: one's own.

What is of mail says what mail says, and is shown to who may read that, and by tokens that may.
"""

from __future__ import annotations

from posthouse.base.errors import Missing
from posthouse.identity.actor import Actor
from posthouse.notifications.models import Notification, Rule

_CHAT = ("conversations.use", "chat:read")
NEEDS = {"mail": ("mail.read", "mail:read"), "conversations": _CHAT, "reminders": _CHAT}
"""By room: the permission and the scope of a token without which its notifications are not there."""


def hidden_rooms(actor: Actor) -> list[str]:
    return [
        room
        for room, (permission, scope) in NEEDS.items()
        if not (actor.may(permission) and actor.may_use(scope))
    ]


def notification_for(actor: Actor, notification_id: int) -> Notification:
    found = Notification.objects.filter(id=notification_id, user_id=actor.user_id).first()
    if found is None or found.about_room in hidden_rooms(actor):
        raise Missing()
    return found


def rule_for(actor: Actor, rule_id: int) -> Rule:
    found = Rule.objects.filter(id=rule_id, user_id=actor.user_id).first()
    if found is None:
        raise Missing()
    return found
