"""The only way to a row by id: says who asks and what they need, and answers Missing for what is not theirs.

An account belongs to its owner, who has every right on it. Others have what an AccountGrant gives them, themselves or
by a group they are in (the highest counts):

- READ: list, read, search, follow changes.
- DRAFT: also write, change and discard drafts. Not send.
- WRITE: also flag, file, delete, make mailboxes, and send as the account.
- ADMIN: also its identities, and who else may use it.

Who may do less than needed is Denied, since they see the account; who may do nothing gets Missing, as for what is not
there. Without a word a function asks for WRITE, so that a reader that forgets to say so is refused, and not a writer
let in. Own accounts cost no further query: grants are looked up only for somebody else's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import IntEnum
from hashlib import sha256
from typing import NamedTuple

from posthouse.base import sql
from posthouse.base.errors import Denied, Missing
from posthouse.identity.actor import Actor
from posthouse.identity.groups import GROUPS_OF
from posthouse.mail.flags import DRAFT as DRAFT_FLAG
from posthouse.mail.models import Account, Identity, Mailbox


class Right(IntEnum):
    READ = 1
    DRAFT = 2
    WRITE = 3
    ADMIN = 4

    @property
    def word(self) -> str:
        return self.name.lower()


_READING, _WRITING = ("mail.read",), ("mail.read", "mail.write")
"""Who writes reads too: answers show what was written."""
SENDING = ("mail.send",)


def _require(actor: Actor, need: Right, permissions: Sequence[str] | None = None) -> None:
    for permission in permissions or (_READING if need is Right.READ else _WRITING):
        actor.require(permission)


class EmailRef(NamedTuple):
    id: int
    account_id: int
    thread_id: int
    blob_id: int
    flags: int


class MailboxRef(NamedTuple):
    """`modseq` is how far the mailbox had come when it was read."""

    id: int
    account_id: int
    role: str
    modseq: int


# --- rights -------------------------------------------------------------------------------------


def granted(actor: Actor, account_ids: Collection[int] | None = None) -> dict[int, Right]:
    """What the actor was granted on accounts of others (on all there are, if none are named).

    From the grants to the accounts: SQLite keeps the order of a CROSS JOIN.
    """
    only, values = "", []
    if account_ids is not None:
        only, values = f" AND account_id IN ({sql.marks(list(account_ids))})", list(account_ids)
    return {
        account_id: Right(level)
        for account_id, level in sql.rows(
            "SELECT g.account_id, max(g.level) FROM ("
            f"SELECT account_id, level FROM mail_accountgrant WHERE user_id = %s{only} UNION ALL"
            f" SELECT account_id, level FROM mail_accountgrant WHERE group_id IN ({GROUPS_OF}){only}"
            ") g CROSS JOIN mail_account a WHERE a.id = g.account_id AND a.organisation_id = %s GROUP BY g.account_id",
            [actor.user_id, *values, actor.user_id, *values, actor.organisation_id],
        )
    }


def right_on(actor: Actor, account_id: int) -> Right:
    """What the actor may do with an account; raises Missing when that is nothing."""
    owner = sql.row("SELECT owner_id FROM mail_account WHERE id = %s", [account_id])
    if owner is not None and owner[0] == actor.user_id:
        return Right.ADMIN
    right = None if owner is None else granted(actor, [account_id]).get(account_id)
    if right is None:
        raise Missing()
    return right


def _check(
    actor: Actor, owners: Mapping[int, int | None], need: Right, permissions: Sequence[str] | None = None
) -> None:
    """Raises Missing or Denied for accounts (with their owners) that the actor may not use so."""
    _require(actor, need, permissions)
    others = [account_id for account_id, owner_id in owners.items() if owner_id != actor.user_id]
    if not others:
        return
    rights = granted(actor, others)
    if any(account_id not in rights for account_id in others):
        raise Missing()
    if any(right < need for right in rights.values()):
        raise Denied("right_lacking", f"You lack the right to {need.word} on this account.")


# --- rows ---------------------------------------------------------------------------------------


def account_for(
    actor: Actor,
    account_id: int | None = None,
    *,
    need: Right = Right.WRITE,
    permissions: Sequence[str] | None = None,
) -> Account:
    """An account the actor may use; None means their own. `permissions` takes the place of those for the right."""
    if account_id is None:
        account = Account.objects.filter(owner_id=actor.user_id).order_by("id").first()
    else:
        account = Account.objects.filter(id=account_id).first()
    if account is None:
        _require(actor, need, permissions)
        raise Missing()
    _check(actor, {account.id: account.owner_id}, need, permissions)
    return account


def account_id_for(actor: Actor, account_id: int | None = None, *, need: Right = Right.WRITE) -> int:
    """`account_for` for those that need no more than the id."""
    if account_id is None:
        _require(actor, need)
        found = sql.row(
            "SELECT id FROM mail_account WHERE owner_id = %s ORDER BY id LIMIT 1", [actor.user_id]
        )
    else:
        found = sql.row("SELECT id, owner_id FROM mail_account WHERE id = %s", [account_id])
        _check(actor, {} if found is None else {account_id: found[1]}, need)
    if found is None:
        raise Missing()
    return int(found[0])


def has_mail(actor: Actor) -> bool:
    """Whether there is mail of the actor's own that they may read."""
    is_there = sql.row("SELECT 1 FROM mail_account WHERE owner_id = %s LIMIT 1", [actor.user_id]) is not None
    return is_there and all(map(actor.may, _READING))


def mailbox_for(actor: Actor, mailbox_id: int, *, need: Right = Right.WRITE) -> Mailbox:
    """A mailbox of an account. In Drafts the right to DRAFT is enough to write."""
    mailbox_ref_for(actor, mailbox_id, need=need)
    mailbox = Mailbox.objects.filter(id=mailbox_id).first()
    if mailbox is None:
        raise Missing()
    return mailbox


def mailbox_ref_for(actor: Actor, mailbox_id: int, *, need: Right = Right.WRITE) -> MailboxRef:
    """`mailbox_for` for those that need no more than whose it is: a tenth of the time."""
    found = sql.row(
        "SELECT m.id, m.account_id, m.role, m.modseq, a.owner_id FROM mail_mailbox m"
        " JOIN mail_account a ON a.id = m.account_id WHERE m.id = %s",
        [mailbox_id],
    )
    if found is None:
        _check(actor, {}, need)
        raise Missing()
    *ref, owner_id = found
    mailbox = MailboxRef(*ref)
    if mailbox.role == Mailbox.Role.DRAFTS:
        need = min(need, Right.DRAFT)
    _check(actor, {mailbox.account_id: owner_id}, need)
    return mailbox


def account_of_mailbox_for(actor: Actor, mailbox_id: int) -> int:
    """Whose a mailbox is, for lists: the id of an account the actor may read."""
    return mailbox_ref_for(actor, mailbox_id, need=Right.READ).account_id


def mailbox_with_role_for(actor: Actor, role: str, account_id: int | None = None) -> tuple[int, int]:
    """(account, mailbox) of the mailbox that has a role, to be read; Missing when somebody deleted it."""
    account = account_id_for(actor, account_id, need=Right.READ)
    found = sql.row("SELECT id FROM mail_mailbox WHERE account_id = %s AND role = %s", [account, role])
    if found is None:
        raise Missing()
    return account, int(found[0])


def identity_for(actor: Actor, identity_id: int) -> Identity:
    """An identity to be changed."""
    identity = Identity.objects.filter(id=identity_id).select_related("account").first()
    _check(actor, {} if identity is None else {identity.account_id: identity.account.owner_id}, Right.ADMIN)
    if identity is None:
        raise Missing()
    return identity


def email_for(actor: Actor, email_id: int, *, need: Right = Right.WRITE) -> EmailRef:
    return emails_for(actor, [email_id], need=need)[0]


def version_of_email_for(actor: Actor, email_id: int) -> str:
    """What is another when an e-mail has changed: flags, thread or mailboxes."""
    found = sql.row(
        "SELECT e.modseq, e.account_id, a.owner_id FROM mail_email e"
        " JOIN mail_account a ON a.id = e.account_id WHERE e.id = %s",
        [email_id],
    )
    _check(actor, {} if found is None else {found[1]: found[2]}, Right.READ)
    if found is None:
        raise Missing()
    return version_of_email(email_id, int(found[0]))


def version_of_email(email_id: int, modseq: int) -> str:
    """By the number of its row, and where it lies: filing writes no row of the e-mail's own."""
    places = sql.rows(
        "SELECT mailbox_id, uid FROM mail_placement WHERE email_id = %s ORDER BY mailbox_id", [email_id]
    )
    return f"{modseq}-{sha256(repr(places).encode()).hexdigest()[:16]}"


_EMAIL = (
    "SELECT e.id, e.account_id, e.thread_id, e.blob_id, e.flags, a.owner_id FROM mail_email e"
    " JOIN mail_account a ON a.id = e.account_id"
)


def emails_for(actor: Actor, email_ids: Sequence[int], *, need: Right = Right.WRITE) -> list[EmailRef]:
    """All of them, in the order asked; Missing if one is not there or not theirs, Denied if they may only see it."""
    found: dict[int, EmailRef] = {}
    owners: dict[int, int | None] = {}
    for chunk in sql.chunks(dict.fromkeys(email_ids)):
        for *ref, owner_id in sql.rows(f"{_EMAIL} WHERE e.id IN ({sql.marks(chunk)})", chunk):
            found[ref[0]] = EmailRef(*ref)
            owners[ref[1]] = owner_id
    is_whole = len(found) == len(set(email_ids))
    _check(actor, owners, need if is_whole else Right.READ)
    if not is_whole:
        raise Missing()
    return [found[email_id] for email_id in dict.fromkeys(email_ids)]


def present_emails_for(actor: Actor, email_ids: Sequence[int]) -> frozenset[int]:
    """Those of the e-mails that are there for the actor to see."""
    _require(actor, Right.READ)
    found = [
        row
        for chunk in sql.chunks(dict.fromkeys(email_ids))
        for row in sql.rows(f"{_EMAIL} WHERE e.id IN ({sql.marks(chunk)})", chunk)
    ]
    others = {account_id for _, account_id, *_, owner_id in found if owner_id != actor.user_id}
    hidden = others - granted(actor, others).keys() if others else others
    return frozenset(email_id for email_id, account_id, *_ in found if account_id not in hidden)


def thread_emails_for(
    actor: Actor,
    thread_ids: Sequence[int],
    *,
    in_mailbox: int | None = None,
    need: Right = Right.WRITE,
) -> list[EmailRef]:
    """The e-mails of threads, oldest first (only those in one mailbox, if given); Missing if a thread is not theirs."""
    found: list[EmailRef] = []
    owners: dict[int, int | None] = {}
    for chunk in sql.chunks(dict.fromkeys(thread_ids)):
        for *ref, owner_id in sql.rows(
            f"{_EMAIL} WHERE e.thread_id IN ({sql.marks(chunk)}) ORDER BY e.received_at, e.id", chunk
        ):
            found.append(EmailRef(*ref))
            owners[ref[1]] = owner_id
    is_whole = {email.thread_id for email in found} == set(thread_ids)
    _check(actor, owners, need if is_whole else Right.READ)
    if not is_whole:
        raise Missing()
    if in_mailbox is None:
        return found
    mailbox_ref_for(actor, in_mailbox, need=need)
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


def account_of_thread_for(actor: Actor, thread_id: int, *, need: Right = Right.WRITE) -> int:
    """Whose a thread is, that has an e-mail yet."""
    found = sql.row(
        "SELECT e.account_id, a.owner_id FROM mail_email e JOIN mail_account a ON a.id = e.account_id"
        " WHERE e.thread_id = %s LIMIT 1",
        [thread_id],
    )
    _check(actor, {} if found is None else {found[0]: found[1]}, need)
    if found is None:
        raise Missing()
    return int(found[0])


def removable_emails_for(actor: Actor, email_ids: Sequence[int]) -> list[EmailRef]:
    """E-mails to be taken away: for drafts the right to DRAFT is enough, for others it takes WRITE."""
    emails = emails_for(actor, email_ids, need=Right.DRAFT)
    if not all(email.flags & DRAFT_FLAG for email in emails):
        emails_for(actor, email_ids)
    return emails
