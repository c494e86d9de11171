"""What people tell of themselves, and what each viewer is shown of it.

Name, picture and role of a colleague are always shown, for without them nobody can write to somebody. Everything else
is shown by three rules:
- `visibility` says who sees the details: everybody of the organisation, those one shares a group with, nobody.
- `hides_email`, `hides_activity` and `hides_online` hide one thing each. A hidden address is not found by searching for
  it either, or searching would tell it.
- Who hides when they are here is not shown when others are: the same bargain for both sides, as WhatsApp and Signal
  have it, so that hiding is no way to watch.
Whoever manages people (`users.manage`) sees the details and the address, since they set them; not the activity.

Without `users.read` (guests) one sees oneself and those one shares a group with; all others are not there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sql
from posthouse.base.clock import iso
from posthouse.base.errors import Missing
from posthouse.identity import links, presence, roles
from posthouse.identity.actor import Actor
from posthouse.identity.models import Profile, User

AVATAR_PATH = "/api/v1/users/{id}/avatar/"

COLUMNS = (
    "u.id, u.name, u.email, u.role, u.custom_role_id, u.is_active, u.created_at, u.deleted_at, p.display_name, p.title,"
    " p.department, p.phone, p.about, p.pronouns, p.location, p.links, p.locale, p.time_zone, p.visibility,"
    " p.hides_activity, p.hides_online, p.hides_email, p.status_text, p.status_emoji, p.status_until, p.avatar, s.at"
)
TABLES = (
    "identity_user u LEFT JOIN identity_profile p ON p.user_id = u.id"
    " LEFT JOIN identity_lastseen s ON s.user_id = u.id"
)
SHARING_A_GROUP = (
    "WITH RECURSIVE mine(id) AS (SELECT group_id FROM identity_groupmember WHERE user_id = %s"
    " UNION SELECT n.parent_id FROM identity_groupnesting n JOIN mine ON n.child_id = mine.id),"
    " inside(id) AS (SELECT id FROM mine"
    " UNION SELECT n.child_id FROM identity_groupnesting n JOIN inside ON n.parent_id = inside.id)"
    " SELECT m.user_id FROM identity_groupmember m JOIN inside ON m.group_id = inside.id"
)
"""Whom one shares a group with: the members of those one is in, and of all that lie in these."""
DETAILS = ("title", "department", "phone", "about", "pronouns", "location")
FIELDS = (
    "id", "name", "display_name", "email", "role", "is_active", "avatar_url", *DETAILS, "links", "locale", "time_zone",
    "status", "is_online", "last_seen_at", "created_at", "deleted_at",
)  # fmt: skip


class Row(NamedTuple):
    id: int
    name: str
    email: str
    role: str
    custom_role_id: int | None
    is_active: bool
    created_at: int
    deleted_at: int | None
    display_name: str | None
    title: str | None
    department: str | None
    phone: str | None
    about: str | None
    pronouns: str | None
    location: str | None
    links: str | None
    locale: str | None
    time_zone: str | None
    visibility: str | None
    hides_activity: bool | None
    hides_online: bool | None
    hides_email: bool | None
    status_text: str | None
    status_emoji: str | None
    status_until: int | None
    avatar: int | None
    last_seen_at: int | None


class Viewer:
    """Somebody who looks at people: what they may see is found out once for a whole page."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.manages = actor.may("users.manage")
        self._sharing: frozenset[int] | None = None
        self._is_hidden: bool | None = None

    @property
    def sharing(self) -> frozenset[int]:
        if self._sharing is None:
            self._sharing = frozenset(row[0] for row in sql.rows(SHARING_A_GROUP, [self.actor.user_id]))
        return self._sharing

    @property
    def is_hidden(self) -> bool:
        """Hides when they are here, and so is not shown when others are."""
        if self._is_hidden is None:
            hides = sql.row(
                "SELECT hides_online FROM identity_profile WHERE user_id = %s", [self.actor.user_id]
            )
            self._is_hidden = bool(hides and hides[0])
        return self._is_hidden

    def sees_details(self, row: Row) -> bool:
        if row.id == self.actor.user_id or self.manages:
            return True
        if row.visibility == Profile.Visibility.NOBODY:
            return False
        return row.visibility != Profile.Visibility.GROUPS or row.id in self.sharing

    def sees_email(self, row: Row) -> bool:
        return not row.hides_email or row.id == self.actor.user_id or self.manages

    def sees_online(self, row: Row) -> bool:
        return row.id == self.actor.user_id or not (row.hides_online or self.is_hidden)

    def sees_activity(self, row: Row) -> bool:
        return row.id == self.actor.user_id or not (row.hides_activity or row.hides_online or self.is_hidden)


def shown(
    viewer: Viewer, rows: Sequence[Row], *, fields: Collection[str] | None = None
) -> list[dict[str, Any]]:
    """The people as this viewer sees them; only some fields, if any are named."""
    online = presence.current().online([row.id for row in rows])
    people = [_shown(viewer, row, is_online=row.id in online) for row in rows]
    if fields is None:
        return people
    return [{name: person[name] for name in FIELDS if name in fields} for person in people]


def _shown(viewer: Viewer, row: Row, *, is_online: bool) -> dict[str, Any]:
    person: dict[str, Any] = {
        "id": str(row.id),
        "name": row.name,
        "display_name": row.display_name or row.name,
        "email": row.email if viewer.sees_email(row) else None,
        "role": roles.key_of(row.role, row.custom_role_id),
        "is_active": bool(row.is_active),
        "avatar_url": avatar_url(viewer.actor, row.id, row.avatar or 0),
        "is_online": is_online if viewer.sees_online(row) else None,
        "last_seen_at": _time(row.last_seen_at) if viewer.sees_activity(row) else None,
        "created_at": iso(row.created_at),
        "deleted_at": _time(row.deleted_at),
    }
    sees = viewer.sees_details(row)
    for name in DETAILS:
        person[name] = (getattr(row, name) or "") if sees else ""
    person["links"] = orjson.Fragment(row.links) if row.links and sees else []
    person["locale"] = (row.locale if sees else None) or "en"
    person["time_zone"] = (row.time_zone if sees else None) or "UTC"
    person["status"] = _status(row) if sees else None
    return person


def _time(ms: int | None) -> str | None:
    return None if ms is None else iso(ms)


def _status(row: Row) -> dict[str, Any] | None:
    if not (row.status_text or row.status_emoji):
        return None
    if row.status_until is not None and row.status_until <= clock.now_ms():
        return None
    return {"text": row.status_text, "emoji": row.status_emoji, "until": _time(row.status_until)}


def avatar_url(actor: Actor, user_id: int, number: int) -> str | None:
    if not number:
        return None
    path = AVATAR_PATH.format(id=user_id)
    return f"{path}?v={number}&sig={links.sign(actor, path)}"


def row_for(viewer: Viewer, user_id: int) -> Row:
    """A person of one's organisation whom one may see; Missing for anybody else."""
    actor = viewer.actor
    found = sql.row(
        f"SELECT {COLUMNS} FROM {TABLES} WHERE u.id = %s AND u.organisation_id = %s AND u.kind = 'person'",
        [user_id, actor.organisation_id],
    )
    if found is None:
        raise Missing()
    row = Row(*found)
    is_seen = row.id == actor.user_id or actor.may("users.read") or row.id in viewer.sharing
    if not is_seen or not (row.is_active or viewer.manages):
        raise Missing()
    return row


def person(actor: Actor, user_id: int) -> dict[str, Any]:
    """One person as the actor sees them; raises Missing."""
    viewer = Viewer(actor)
    return shown(viewer, [row_for(viewer, user_id)])[0]


def myself(actor: Actor) -> dict[str, Any]:
    """Oneself, with what only oneself is shown."""
    profile = Profile.objects.filter(user_id=actor.user_id).first() or Profile(user_id=actor.user_id)
    return {
        **person(actor, actor.user_id),
        "notifications": {**NOTIFICATIONS, **profile.notifications},
        "visibility": profile.visibility,
        "hides_activity": profile.hides_activity,
        "hides_online": profile.hides_online,
        "hides_email": profile.hides_email,
        "permissions": sorted(actor.permissions),
    }


VISIBILITIES = [str(value) for value in Profile.Visibility.values]
NOTIFICATIONS: dict[str, Any] = {
    "new_mail": "inbox",
    "messages": "all",
    "by_email": False,
    "by_push": True,
    "sound": True,
    "quiet_from": None,
    "quiet_to": None,
}
_OF_USER = ("name",)


@db.action
def change_profile(actor: Actor, changes: Mapping[str, Any]) -> None:
    """Change what one tells of oneself. `links` is a list, `status` {text, emoji, until} or None; already checked."""
    of_user = {name: value for name, value in changes.items() if name in _OF_USER}
    if of_user:
        User.objects.filter(id=actor.user_id).update(**of_user)
    values = {
        name: value for name, value in changes.items() if name not in (*_OF_USER, "status", "notifications")
    }
    if "links" in values:
        values["links"] = orjson.dumps(values["links"]).decode()
    if "status" in changes:
        status = changes["status"] or {"text": "", "emoji": "", "until": None}
        values |= {f"status_{name}": value for name, value in status.items()}
    if "notifications" in changes:
        known = Profile.objects.filter(user_id=actor.user_id).values_list("notifications", flat=True).first()
        values["notifications"] = {**(known or {}), **changes["notifications"]}
    if values:
        set_values(actor.user_id, values)
    if {"hides_online", "hides_email"} & changes.keys():
        db.hint(presence.topic(actor.user_id))
    if changes:
        note_change(actor, actor.user_id, *changes)


def note_change(actor: Actor, user_id: int, *fields: str) -> None:
    """On record goes which fields, not what they say; call inside an action."""
    facts: dict[str, Fact] = {"fields": sorted(fields)}
    record(actor, Act.PROFILE_CHANGED, kind="user", object_id=user_id, subject=user_id, facts=facts)


def set_values(user_id: int, values: Mapping[str, Any]) -> None:
    """Call inside an action."""
    Profile.objects.update_or_create(user_id=user_id, defaults=dict(values))


class Notified(NamedTuple):
    """What somebody chose to hear of (`NOTIFICATIONS`, with the defaults), and where their day begins."""

    choices: dict[str, Any]
    time_zone: str
    email: str


def notified(user_ids: Collection[int]) -> dict[int, Notified]:
    """Of those among these people who are active; shared accounts are nobody to be told."""
    found = {}
    for chunk in sql.chunks(user_ids):
        for user_id, email, zone, text in sql.rows(
            "SELECT u.id, u.email, p.time_zone, p.notifications FROM identity_user u"
            " LEFT JOIN identity_profile p ON p.user_id = u.id"
            f" WHERE u.is_active AND u.kind = 'person' AND u.id IN ({sql.marks(chunk)})",
            chunk,
        ):
            chosen = orjson.loads(text) if isinstance(text, str) else text or {}
            found[user_id] = Notified({**NOTIFICATIONS, **chosen}, zone or "UTC", email)
    return found
