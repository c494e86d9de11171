"""The mailboxes every account has, each found by its role and made again when somebody deleted it."""

from __future__ import annotations

import threading
import time

from posthouse.base import sql
from posthouse.mail import placing
from posthouse.mail.models import Mailbox

NAMES = {
    Mailbox.Role.INBOX: "Inbox",
    Mailbox.Role.DRAFTS: "Drafts",
    Mailbox.Role.SENT: "Sent",
    Mailbox.Role.ARCHIVE: "Archive",
    Mailbox.Role.JUNK: "Junk",
    Mailbox.Role.TRASH: "Trash",
}
RETENTION_DAYS = {Mailbox.Role.JUNK.value: 30, Mailbox.Role.TRASH.value: 30}
"""Of new mailboxes; a mailbox that was there and takes the role on keeps what lies in it."""
_last_uidvalidity = 0
_guard = threading.Lock()


def new_uidvalidity() -> int:
    """32 bits that only grow, so that a name used again is not taken for the old mailbox (RFC 9051 §2.3.1.1).

    Many made at once run ahead of the clock; after a start they are not given again.
    """
    global _last_uidvalidity
    with _guard:
        if not _last_uidvalidity:
            found = sql.row("SELECT max(uidvalidity) FROM mail_mailbox")
            _last_uidvalidity = (found[0] if found else None) or 0
        _last_uidvalidity = max(_last_uidvalidity + 1, int(time.time()))
        return _last_uidvalidity


def mailbox_of(account_id: int, role: str) -> int:
    """The id of the mailbox that has a role; call inside an action."""
    mailbox_id = _with_role(account_id, role)
    if mailbox_id is None:
        placing.hold(account_id)
        mailbox_id = _with_role(account_id, role)
    return make(account_id, role) if mailbox_id is None else mailbox_id


def _with_role(account_id: int, role: str) -> int | None:
    found = sql.row("SELECT id FROM mail_mailbox WHERE account_id = %s AND role = %s", [account_id, role])
    return None if found is None else int(found[0])


def make(account_id: int, role: str) -> int:
    """Make the mailbox of a role; a mailbox of its name that is there takes the role on."""
    name = NAMES[Mailbox.Role(role)]
    modseq = placing.next_modseq(account_id)
    order = 10 + 10 * list(NAMES).index(Mailbox.Role(role))
    existing = Mailbox.objects.filter(account_id=account_id, parent=None, name=name, role="").first()
    if existing is not None:
        Mailbox.objects.filter(id=existing.id).update(role=role, sort_order=order, modseq=modseq)
        return existing.id
    mailbox = Mailbox.objects.create(
        account_id=account_id,
        name=name,
        role=role,
        uidvalidity=new_uidvalidity(),
        sort_order=order,
        modseq=modseq,
        retention_days=RETENTION_DAYS.get(str(role)),
    )
    return mailbox.id


def is_in(email_id: int, role: str) -> bool:
    """Whether an e-mail lies in the mailbox of a role. Whose it is, whoever acts on the answer must ask."""
    found = sql.row(
        "SELECT 1 FROM mail_placement p JOIN mail_mailbox m ON m.id = p.mailbox_id"
        " WHERE p.email_id = %s AND m.role = %s",
        [email_id, role],
    )
    return found is not None
