"""The only way to a row by id: says who asks, and answers Missing for what is not theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from posthouse.base import sql
from posthouse.base.errors import Missing
from posthouse.identity.actor import Actor
from posthouse.mail.models import Account, Identity, Mailbox


class EmailRef(NamedTuple):
    id: int
    account_id: int
    thread_id: int
    blob_id: int
    flags: int


def account_for(actor: Actor, account_id: int | None = None) -> Account:
    """An account the actor may use; None means their own."""
    own = Account.objects.filter(owner_id=actor.user_id)
    account = own.order_by("id").first() if account_id is None else own.filter(id=account_id).first()
    if account is None:
        raise Missing()
    return account


def account_id_for(actor: Actor, account_id: int | None = None) -> int:
    """`account_for` for those that need no more than the id."""
    if account_id is None:
        found = sql.row(
            "SELECT id FROM mail_account WHERE owner_id = %s ORDER BY id LIMIT 1", [actor.user_id]
        )
    else:
        found = sql.row(
            "SELECT id FROM mail_account WHERE owner_id = %s AND id = %s", [actor.user_id, account_id]
        )
    if found is None:
        raise Missing()
    return int(found[0])


def mailbox_for(actor: Actor, mailbox_id: int) -> Mailbox:
    mailbox = Mailbox.objects.filter(id=mailbox_id, account__owner_id=actor.user_id).first()
    if mailbox is None:
        raise Missing()
    return mailbox


def account_of_mailbox_for(actor: Actor, mailbox_id: int) -> int:
    """Whose a mailbox is, for lists: the id of an account the actor may use."""
    found = sql.row(
        "SELECT m.account_id FROM mail_mailbox m JOIN mail_account a ON a.id = m.account_id"
        " WHERE m.id = %s AND a.owner_id = %s",
        [mailbox_id, actor.user_id],
    )
    if found is None:
        raise Missing()
    return int(found[0])


def mailbox_with_role_for(actor: Actor, role: str, account_id: int | None = None) -> tuple[int, int]:
    """(account, mailbox) of the mailbox that has a role; Missing when somebody deleted it."""
    account = account_id_for(actor, account_id)
    found = sql.row("SELECT id FROM mail_mailbox WHERE account_id = %s AND role = %s", [account, role])
    if found is None:
        raise Missing()
    return account, int(found[0])


def identity_for(actor: Actor, identity_id: int) -> Identity:
    identity = Identity.objects.filter(id=identity_id, account__owner_id=actor.user_id).first()
    if identity is None:
        raise Missing()
    return identity


def email_for(actor: Actor, email_id: int) -> EmailRef:
    return emails_for(actor, [email_id])[0]


def version_of_email_for(actor: Actor, email_id: int) -> int:
    """The number of an e-mail's last change."""
    found = sql.row(
        "SELECT e.modseq FROM mail_email e JOIN mail_account a ON a.id = e.account_id"
        " WHERE a.owner_id = %s AND e.id = %s",
        [actor.user_id, email_id],
    )
    if found is None:
        raise Missing()
    return int(found[0])


def emails_for(actor: Actor, email_ids: Sequence[int]) -> list[EmailRef]:
    """All of them, in the order asked, or Missing if the actor may not touch one."""
    found: dict[int, EmailRef] = {}
    for chunk in sql.chunks(dict.fromkeys(email_ids)):
        for row in sql.rows(
            "SELECT e.id, e.account_id, e.thread_id, e.blob_id, e.flags FROM mail_email e"
            " JOIN mail_account a ON a.id = e.account_id"
            f" WHERE a.owner_id = %s AND e.id IN ({sql.marks(chunk)})",
            [actor.user_id, *chunk],
        ):
            found[row[0]] = EmailRef(*row)
    try:
        return [found[email_id] for email_id in dict.fromkeys(email_ids)]
    except KeyError:
        raise Missing() from None


def present_emails_for(actor: Actor, email_ids: Sequence[int]) -> frozenset[int]:
    """Those of the e-mails that are there and the actor's."""
    return frozenset(
        row[0]
        for chunk in sql.chunks(dict.fromkeys(email_ids))
        for row in sql.rows(
            "SELECT e.id FROM mail_email e JOIN mail_account a ON a.id = e.account_id"
            f" WHERE a.owner_id = %s AND e.id IN ({sql.marks(chunk)})",
            [actor.user_id, *chunk],
        )
    )


def thread_emails_for(
    actor: Actor, thread_ids: Sequence[int], *, in_mailbox: int | None = None
) -> list[EmailRef]:
    """The e-mails of threads, oldest first (only those in one mailbox, if given); Missing if a thread is not theirs."""
    found: list[EmailRef] = []
    for chunk in sql.chunks(dict.fromkeys(thread_ids)):
        found += [
            EmailRef(*row)
            for row in sql.rows(
                "SELECT e.id, e.account_id, e.thread_id, e.blob_id, e.flags FROM mail_email e"
                " JOIN mail_account a ON a.id = e.account_id"
                f" WHERE a.owner_id = %s AND e.thread_id IN ({sql.marks(chunk)}) ORDER BY e.received_at, e.id",
                [actor.user_id, *chunk],
            )
        ]
    if {email.thread_id for email in found} != set(thread_ids):
        raise Missing()
    if in_mailbox is None:
        return found
    mailbox_for(actor, in_mailbox)
    inside: set[int] = set()
    for ids in sql.chunks([email.id for email in found]):
        inside |= {
            row[0]
            for row in sql.rows(
                f"SELECT email_id FROM mail_placement WHERE mailbox_id = %s AND email_id IN ({sql.marks(ids)})",
                [in_mailbox, *ids],
            )
        }
    return [email for email in found if email.id in inside]
