"""Making, renaming and removing mailboxes and accounts."""

from __future__ import annotations

import unicodedata
from typing import Protocol

from django.db import IntegrityError

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sql
from posthouse.base.errors import Conflict, Invalid, Missing
from posthouse.base.ids import new_id
from posthouse.identity.actor import Actor
from posthouse.mail import access, placing, roles
from posthouse.mail.models import Account, Identity, Mailbox, Placement, Tombstone

SEPARATOR = "/"
MAX_NAME = 200
MAX_DEPTH = 10
MAX_MAILBOXES = 2_000


@db.action
def open_account(user_id: int, organisation_id: int, *, name: str, address: str) -> int:
    """Give a person an account with the usual mailboxes and an identity."""
    account = Account.objects.create(organisation_id=organisation_id, owner_id=user_id, name=address)
    for role in roles.NAMES:
        roles.make(account.id, role)
    Identity.objects.create(account=account, name=name, email=address)
    return account.id


class Person(Protocol):
    """What is asked of somebody who gets an account."""

    id: int
    organisation_id: int
    name: str
    email: str


def settle(person: Person) -> int:
    """`open_account` for whoever was just added; call inside that action."""
    return open_account(
        person.id, person.organisation_id, name=person.name or person.email, address=person.email
    )


def normal_name(name: str) -> str:
    """One level of a mailbox's name, NFC; raises Invalid."""
    text = unicodedata.normalize("NFC", name).strip()
    if (
        not text
        or len(text) > MAX_NAME
        or SEPARATOR in text
        or any(unicodedata.category(c)[0] == "C" for c in text)
    ):
        raise Invalid(
            "invalid_name", f"A mailbox has a name of 1 to {MAX_NAME} characters without {SEPARATOR!r}."
        )
    return text


@db.action
def create_mailbox(
    actor: Actor, *, name: str, parent_id: int | None = None, account_id: int | None = None
) -> Mailbox:
    """Make a mailbox; raises Invalid for a bad name, Conflict (mailbox_exists), Missing for the parent."""
    account = access.account_for(actor, account_id)
    normal = normal_name(name)
    placing.hold(account.id)
    if parent_id is not None:
        parent = access.mailbox_for(actor, parent_id)
        if parent.account_id != account.id:
            raise Missing()
        if _depth(parent) >= MAX_DEPTH:
            raise Invalid("too_deep", f"Mailboxes nest {MAX_DEPTH} deep at most.")
    _check_free(account.id, parent_id, normal)
    if Mailbox.objects.filter(account=account).count() >= MAX_MAILBOXES:
        raise Invalid("too_many_mailboxes", f"An account has {MAX_MAILBOXES} mailboxes at most.")
    made = Mailbox.objects.create(
        account=account,
        parent_id=parent_id,
        name=normal,
        uidvalidity=roles.new_uidvalidity(),
        modseq=placing.next_modseq(account.id),
    )
    record(actor, Act.MAILBOX_CREATED, kind="mailbox", object_id=made.id)
    return made


def _held(actor: Actor, mailbox_id: int) -> Mailbox:
    """A mailbox that stays as it is read, and its neighbours too."""
    placing.hold(access.account_of_mailbox_for(actor, mailbox_id))
    return access.mailbox_for(actor, mailbox_id)


def _depth(mailbox: Mailbox | None) -> int:
    depth = 0
    while mailbox is not None:
        depth, mailbox = depth + 1, mailbox.parent
    return depth


def _check_free(account_id: int, parent_id: int | None, name: str, *, but: int | None = None) -> None:
    same = Mailbox.objects.filter(account_id=account_id, parent_id=parent_id, name__iexact=name)
    if (same if but is None else same.exclude(id=but)).exists():
        raise Conflict("mailbox_exists", f"There is a mailbox {name!r} already.")


KEEP = object()


@db.action
def update_mailbox(
    actor: Actor,
    mailbox_id: int,
    *,
    name: str | None = None,
    parent_id: int | object | None = KEEP,
    is_subscribed: bool | None = None,
    retention_days: int | object | None = KEEP,
) -> Mailbox:
    """Rename, move, subscribe, or say how long its e-mails are kept (None: for ever).

    One with a role keeps its name and place: every client looks for it there.
    """
    mailbox = _held(actor, mailbox_id)
    moves = parent_id is not KEEP and parent_id != mailbox.parent_id
    renames = name is not None and normal_name(name) != mailbox.name
    if mailbox.role and (moves or renames):
        raise Conflict("has_role", f"{mailbox.name} has a task of its own and keeps its name.")
    if renames:
        mailbox.name = normal_name(name or "")
    if moves:
        assert parent_id is None or isinstance(parent_id, int)
        _check_parent(actor, mailbox, parent_id)
        mailbox.parent_id = parent_id  # type: ignore[assignment]  # the stubs know no null here
    if is_subscribed is not None:
        mailbox.is_subscribed = is_subscribed
    expires = retention_days is not KEEP and retention_days != mailbox.retention_days
    if expires:
        mailbox.retention_days = retention_days  # type: ignore[assignment]  # KEEP is none of the others
    if moves or renames:
        _check_free(mailbox.account_id, mailbox.parent_id, mailbox.name, but=mailbox.id)
    mailbox.modseq = placing.next_modseq(mailbox.account_id)
    try:
        mailbox.save(update_fields=["name", "parent_id", "is_subscribed", "modseq", "retention_days"])
    except IntegrityError as error:
        raise Conflict("mailbox_exists", f"There is a mailbox {mailbox.name!r} already.") from error
    if moves or renames or expires:
        fields = ["name"] * renames + ["parent"] * moves + ["retention_days"] * expires
        record(actor, Act.MAILBOX_CHANGED, kind="mailbox", object_id=mailbox.id, facts={"fields": fields})
    return mailbox


def _check_parent(actor: Actor, mailbox: Mailbox, parent_id: int | None) -> None:
    parent = access.mailbox_for(actor, parent_id) if parent_id is not None else None
    if parent is not None and parent.account_id != mailbox.account_id:
        raise Missing()
    if _depth(parent) >= MAX_DEPTH:
        raise Invalid("too_deep", f"Mailboxes nest {MAX_DEPTH} deep at most.")
    while parent is not None:
        if parent.id == mailbox.id:
            raise Invalid("parent_loop", "A mailbox cannot lie inside itself.")
        parent = parent.parent


@db.action
def delete_mailbox(actor: Actor, mailbox_id: int, *, trash: bool = True) -> None:
    """Remove a mailbox. E-mails that lie only there go to Trash, or for good when `trash` is false (IMAP DELETE).

    Raises Conflict for one with a role or with mailboxes inside.
    """
    mailbox = _held(actor, mailbox_id)
    if mailbox.role:
        raise Conflict("has_role", f"{mailbox.name} has a task of its own and cannot be deleted.")
    if Mailbox.objects.filter(parent=mailbox).exists():
        raise Conflict("has_children", f"{mailbox.name} has mailboxes inside; delete those first.")
    filing = placing.begin(mailbox.account_id)
    email_ids = list(
        Placement.objects.filter(mailbox=mailbox).order_by("uid").values_list("email_id", flat=True)
    )
    if email_ids:
        places = placing.places_of(email_ids)
        elsewhere = {place.email_id for place in places if place.mailbox_id != mailbox.id}
        if trash:
            target = roles.mailbox_of(mailbox.account_id, Mailbox.Role.TRASH)
            placing.place(filing, [e for e in email_ids if e not in elsewhere], mailbox_id=target)
        placing.displace(filing, [place for place in places if place.mailbox_id == mailbox.id])
    placing.finish(filing)
    Mailbox.objects.filter(id=mailbox.id).delete()
    Tombstone.objects.create(
        id=new_id(),
        account_id=mailbox.account_id,
        kind=Tombstone.Kind.MAILBOX,
        object_id=mailbox.id,
        modseq=filing.modseq,
        at=clock.now(),
    )
    record(
        actor,
        Act.MAILBOX_DELETED,
        kind="mailbox",
        object_id=mailbox_id,
        facts={"emails": len(email_ids), "to_trash": trash},
    )


def recount(account_id: int) -> list[tuple[int, int, int, int, int]]:
    """Mailboxes whose counters are not what a count gives: (id, total kept, total, unread kept, unread).

    One statement, so that all of it is of one moment.
    """
    found = sql.rows(
        "SELECT m.id, m.total_emails, count(p.uid), m.unread_emails,"
        " count(p.uid) - count(CASE WHEN e.flags & 1 <> 0 THEN 1 END) FROM mail_mailbox m"
        " LEFT JOIN mail_placement p ON p.mailbox_id = m.id LEFT JOIN mail_email e ON e.id = p.email_id"
        " WHERE m.account_id = %s GROUP BY m.id, m.total_emails, m.unread_emails ORDER BY m.id",
        [account_id],
    )
    return [(i, kept, total, kept_unread, unread) for i, kept, total, kept_unread, unread in found
            if (kept, kept_unread) != (total, unread)]  # fmt: skip
