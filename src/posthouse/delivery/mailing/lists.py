"""Lists that an account keeps: made, renamed, and given up, with whom they reach."""

from __future__ import annotations

from typing import Any

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sql
from posthouse.base.errors import Conflict, Missing
from posthouse.delivery.models import MailingList
from posthouse.identity.actor import Actor
from posthouse.mail import access
from posthouse.mail.access import Right

MAX_LISTS = 100
Row = dict[str, Any]

PASSED_OVER = (
    " LEFT JOIN delivery_suppression s ON s.account_id = l.account_id AND s.list_name = l.name"
    " AND s.address = m.address"
    " LEFT JOIN delivery_suppressedaddress d ON d.organisation_id = a.organisation_id AND d.address = m.address"
)
"""Beside a list `l` of an account `a` and a member `m`: who has left, and whom no list writes to."""


def list_for(actor: Actor, list_id: int, *, need: Right = Right.WRITE) -> MailingList:
    """The only way to a list by its id. Raises Missing, Denied."""
    row = MailingList.objects.filter(id=list_id).first()
    access.account_id_for(actor, 0 if row is None else row.account_id, need=need)
    if row is None:
        raise Missing()
    return row


def lists(actor: Actor, account_id: int | None) -> list[Row]:
    """An account's, by title."""
    account = access.account_id_for(actor, account_id, need=Right.READ)
    rows = list(MailingList.objects.filter(account_id=account).order_by("title", "id"))
    counts = _counts(account)
    return [_json(row, counts.get(row.id, (0, 0, 0))) for row in rows]


def mailing_list(actor: Actor, list_id: int) -> Row:
    row = list_for(actor, list_id, need=Right.READ)
    return _json(row, _counts(row.account_id).get(row.id, (0, 0, 0)))


def _counts(account_id: int) -> dict[int, tuple[int, int, int]]:
    """By list: how many are on it, have left it, and are passed over for another reason."""
    return {
        list_id: (members, left, suppressed)
        for list_id, members, left, suppressed in sql.rows(
            "SELECT l.id, count(m.id), count(s.id), count(CASE WHEN s.id IS NULL THEN d.id END)"
            " FROM delivery_mailinglist l JOIN mail_account a ON a.id = l.account_id"
            f" JOIN delivery_listmember m ON m.mailing_list_id = l.id{PASSED_OVER}"
            " WHERE l.account_id = %s GROUP BY l.id",
            [account_id],
        )
    }


def _json(row: MailingList, counts: tuple[int, int, int]) -> Row:
    members, left, suppressed = counts
    return {
        "id": str(row.id),
        "account_id": str(row.account_id),
        "name": row.name,
        "title": row.title,
        "members": members,
        "left": left,
        "suppressed": suppressed,
        "created_at": clock.iso(clock.to_ms(row.created_at)),
    }


@db.action
def create_list(actor: Actor, account_id: int | None, *, name: str, title: str) -> int:
    """Raises Missing, Denied, Conflict (too_many, list_exists)."""
    account = access.account_id_for(actor, account_id)
    own = MailingList.objects.filter(account_id=account)
    if own.count() >= MAX_LISTS:
        raise Conflict("too_many", f"There are {MAX_LISTS} lists at most.")
    if own.filter(name=name).exists():
        raise Conflict("list_exists", "There is a list of this name.")
    row = MailingList.objects.create(account_id=account, name=name, title=title)
    record(actor, Act.MAILING_LIST_CREATED, kind="mailing_list", object_id=row.id)
    return row.id


@db.action
def change_list(actor: Actor, list_id: int, *, title: str | None = None) -> None:
    row = list_for(actor, list_id)
    if title is not None and title != row.title:
        MailingList.objects.filter(id=row.id).update(title=title)
        record(actor, Act.MAILING_LIST_CHANGED, kind="mailing_list", object_id=row.id)


@db.action
def delete_list(actor: Actor, list_id: int) -> None:
    """With its members. Who has left stays written down, so that a list of the same name passes them over."""
    row = list_for(actor, list_id)
    row.delete()
    record(actor, Act.MAILING_LIST_DELETED, kind="mailing_list", object_id=list_id)
