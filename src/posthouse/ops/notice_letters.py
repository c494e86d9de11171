"""Notices about one's own safety come as letters into one's own inbox: "New log-in from …".

The job is asked for in the transaction that made the notice. Run twice, it writes twice the same Message-ID, and the
second is not kept.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime

from posthouse.base import sql
from posthouse.base.jobs import handler
from posthouse.identity import devices, queries
from posthouse.identity.queries import NoticeFacts
from posthouse.mail import access, storing

_DOORS = {"http": "the browser or the API", "imap": "IMAP", "smtp": "SMTP"}


@handler(devices.LETTER_JOB)
def write_letter(notice_id: int) -> None:
    """Nothing to do when the notice or its person is gone meanwhile, or the letter lies there already."""
    notice = queries.notice(notice_id)
    if notice is None:
        return
    account_id = access.account_id_for(notice.actor)
    message_id = f"notice-{notice_id:x}@{notice.actor.email.rpartition('@')[2]}"
    if _is_there(account_id, message_id):
        return
    arrival = storing.prepare(_letter(notice, message_id))
    storing.store(storing.Storing(arrival=arrival, account_id=account_id, role="inbox"))


def _is_there(account_id: int, message_id: str) -> bool:
    found = sql.row(
        "SELECT 1 FROM mail_email WHERE account_id = %s AND message_id = %s", [account_id, message_id]
    )
    return found is not None


def _letter(notice: NoticeFacts, message_id: str) -> bytes:
    letter = EmailMessage()
    domain = notice.actor.email.rpartition("@")[2]
    letter["From"] = f"Posthouse <postmaster@{domain}>"
    letter["To"] = notice.actor.email
    letter["Subject"] = f"New log-in from {notice.ip}"
    letter["Date"] = format_datetime(notice.created_at)
    letter["Message-ID"] = f"<{message_id}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(
        f"Somebody logged in as {notice.actor.email} from a device that was not seen before.\n\n"
        f"When: {notice.created_at:%-d %B %Y, %H:%M} UTC\n"
        f"Through: {_DOORS.get(notice.via, notice.via)}\n"
        f"From: {notice.ip}\n"
        f"With: {notice.client or 'a program that gave no name'}\n\n"
        "If that was you, there is nothing to do. If not, change your password and end all other sessions on the\n"
        "security page of your settings.\n"
    )
    return letter.as_bytes(policy=letter.policy.clone(linesep="\r\n"))
