"""What people do with their notifications, and telling others something oneself."""

from __future__ import annotations

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import db, sql
from posthouse.base.errors import Denied, Limited
from posthouse.base.ids import new_id
from posthouse.identity import queries as people
from posthouse.identity.actor import Actor
from posthouse.notifications import access, telling
from posthouse.notifications.deciding import ANNOUNCEMENT, TEST, Facts
from posthouse.notifications.models import Notification
from posthouse.notifications.telling import Occasion, Standing

ANNOUNCE = "organisation.manage"
MOST_PEOPLE = 10_000


@db.action
def mark(actor: Actor, notification_id: int, *, is_read: bool) -> Notification:
    """Read is taken off every device. Unread again is not pushed again."""
    found = access.notification_for(actor, notification_id)
    if is_read and found.read_at is None:
        telling.take_back([Standing(found.id, found.user_id, found.key, found.is_pushed)])
    elif not is_read and found.read_at is not None:
        seq = telling.next_seqs({actor.user_id: 1})[actor.user_id]
        Notification.objects.filter(id=found.id).update(read_at=None, seq=seq)
    return access.notification_for(actor, notification_id)


@db.action
def mark_all_read(actor: Actor, *, kind: str = "", upto: int | None = None) -> int:
    """One's own, of one kind if it is named, up to a `seq` that was shown; gives how many were unread."""
    unread = Notification.objects.filter(user_id=actor.user_id, read_at=None)
    if kind:
        unread = unread.filter(kind=kind)
    if upto is not None:
        unread = unread.filter(seq__lte=upto)
    rows = unread.values_list("id", "user_id", "key", "is_pushed").order_by("seq")
    return telling.take_back([Standing(*row) for row in rows])


@db.action
def delete(actor: Actor, notification_id: int) -> None:
    found = access.notification_for(actor, notification_id)
    note_gone(actor.user_id)
    if found.read_at is None and found.is_pushed:
        telling.forget_on_devices([Standing(found.id, found.user_id, found.key, found.is_pushed)])
    found.delete()


def note_gone(user_id: int) -> None:
    """Who follows the log is to fetch afresh; call inside an action that deletes notifications, before it does.

    A person's log comes before their notifications, as it does for who tells them something.
    """
    seq = telling.next_seqs({user_id: 1})[user_id]
    sql.run("UPDATE notifications_log SET gone_seq = %s WHERE user_id = %s", [seq, user_id])


def notify(actor: Actor, *, title: str, body: str, to: str) -> Notification | None:
    """Tell oneself something ("me": to see that it arrives), or everybody of the organisation ("everybody").

    An announcement needs `organisation.manage`, and reaches its author too. Gives one's own notification, which is None
    where rules of one's own keep it silent. Raises Denied, Limited (too_many_people).
    """
    key = f"notify:{new_id()}"
    if to == "me":
        facts, user_ids = Facts(kind=TEST), [actor.user_id]
    else:
        actor.require(ANNOUNCE)
        if not actor.may_use("admin:write"):
            raise Denied("insufficient_scope", "This token lacks the scope admin:write.", scope="admin:write")
        facts, user_ids = Facts(kind=ANNOUNCEMENT), people.people_of(actor.organisation_id)
        if len(user_ids) > MOST_PEOPLE:
            raise Limited("too_many_people", f"An announcement goes to {MOST_PEOPLE} people at most.")
    occasion = Occasion(user_ids=user_ids, facts=facts, key=key, title=title, body=body)
    told = telling.weigh([occasion])
    _keep(actor, told, to)
    return Notification.objects.filter(user_id=actor.user_id, key=key).first()


@db.action
def _keep(actor: Actor, told: list[telling.Told], to: str) -> None:
    telling.keep(told)
    record(actor, Act.NOTIFICATION_SENT, kind="notification", facts={"to": to, "people": len(told)})
