"""Answers by a program (RFC 3834): the vacation's, and those of rules.

An answer has the null sender, says that a program wrote it, and goes to the envelope's sender, once in some days. What
the sender said of TLS holds for it too (RFC 8689 §6).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from posthouse.base import blobs, clock, sql
from posthouse.base.ids import new_id
from posthouse.delivery import actions
from posthouse.delivery.actions import Outgoing, Target
from posthouse.delivery.models import Vacation
from posthouse.delivery.rules.incoming import Incoming
from posthouse.delivery.writing import templates
from posthouse.wire.mime import Address, digest
from posthouse.wire.mime import build as mime
from posthouse.wire.mime.headers import without_controls
from posthouse.wire.mime.placeholders import fill, values_for
from posthouse.wire.mime.quote import thread_ids
from posthouse.wire.smtp import srs
from posthouse.wire.smtp.address import BadAddress, read_mailbox

VACATION = 0
"""The source of what is no rule's."""
DAY_MS = 86_400_000
RULE_DAYS = 1
"""A rule answers a sender once a day."""
MOST_A_DAY = 500
"""Of an account, whoever they go to: beyond it somebody is making it answer strangers."""
HEADERS = (("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All"))
WAIVED = ("TLS-Required", "No")
MAX_SUBJECT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one sender gets, and for how many days no other of this source."""

    source: int
    days: int
    to: str
    content: blobs.Prepared
    requires_tls: bool
    ignores_tls: bool


def vacation_of(account_id: int) -> Vacation | None:
    """The one in force now."""
    now = clock.now()
    row = Vacation.objects.filter(account_id=account_id, is_enabled=True).first()
    if row is None or (row.from_at and now < row.from_at) or (row.until_at and now >= row.until_at):
        return None
    return row


def of_vacation(mail: Incoming) -> Answer | None:
    """What the sender is told while somebody is away, its content durable; None where nothing is to be said."""
    vacation = vacation_of(mail.account_id)
    if vacation is None:
        return None
    return answer(mail, source=VACATION, days=vacation.days, subject=vacation.subject, text=vacation.text)


def of_rule(mail: Incoming, *, template_id: int, rule_id: int) -> Answer | None:
    """From a template, with the sender's name in it; None when it is gone."""
    found = templates.content_for_account(template_id, mail.account_id)
    if found is None:
        return None
    author = next((p for p in digest(mail.raw).from_ if p.email.lower() == mail.sender.lower()), None)
    values = values_for("" if author is None else author.name, mail.sender)
    return answer(
        mail,
        source=rule_id,
        days=RULE_DAYS,
        subject=fill(found.subject, values, is_html=False),
        text="",
        html=fill(found.html, values, is_html=True),
    )


def answer(
    mail: Incoming, *, source: int, days: int, subject: str, text: str, html: str | None = None
) -> Answer | None:
    """None for mail that no program may answer, or that is not addressed to the account."""
    address = mail.addressed
    if address is None or not mail.is_to_be_answered or has_had(mail, source=source, days=days):
        return None
    original = digest(mail.raw)
    ids = thread_ids(original)
    message = mime.Draft(
        from_=Address(_name_of(mail.account_id, address), address),
        message_id=f"{secrets.token_hex(16)}@{address.rpartition('@')[2]}",
        date=clock.now(),
        subject=_one_line(subject or f"Auto: {original.subject}")[:MAX_SUBJECT],
        to=(Address("", mail.sender),),
        in_reply_to=ids.in_reply_to,
        references=ids.references,
        text=text,
        html=html,
        headers=(*HEADERS, WAIVED) if mail.waives_tls else HEADERS,
    )
    try:
        raw = mime.build(message, boundary=secrets.token_hex(12))
    except ValueError:  # an address or a Message-ID of theirs that no header can carry
        return None
    return Answer(
        source=source,
        days=days,
        to=mail.sender,
        content=blobs.prepare(raw),
        requires_tls=mail.requires_tls,
        ignores_tls=mail.waives_tls,
    )


def _one_line(text: str) -> str:
    return " ".join(without_controls(text).split())


def _name_of(account_id: int, address: str) -> str:
    """How they call themselves with this address, or with their first."""
    found = sql.row(
        "SELECT name FROM mail_identity WHERE account_id = %s ORDER BY email = %s DESC, id LIMIT 1",
        [account_id, address],
    )
    return _one_line(found[0]) if found else ""


def has_had(mail: Incoming, *, source: int, days: int) -> bool:
    """A look before an answer is written; `queue` decides."""
    found = sql.row(
        "SELECT 1 FROM delivery_answered WHERE account_id = %s AND source = %s AND sender = %s AND at > %s",
        [mail.account_id, source, _noted_as(mail.sender), clock.now_ms() - days * DAY_MS],
    )
    return found is not None


def _noted_as(sender: str) -> str:
    """A forwarder gives the same sender another address every day (SRS)."""
    try:
        return str(srs.author_of(read_mailbox(sender))).lower()
    except BadAddress:
        return sender.lower()


def queue(account_id: int, one: Answer) -> bool:
    """Note whom it goes to and send it, unless they had one meanwhile; call inside an action."""
    now_ms = clock.now_ms()
    lately = sql.row(
        "SELECT count(*) FROM delivery_answered WHERE account_id = %s AND at > %s",
        [account_id, now_ms - DAY_MS],
    )
    if lately is None or lately[0] >= MOST_A_DAY:
        return False
    noted = sql.run(
        "INSERT INTO delivery_answered (id, account_id, source, sender, at) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (account_id, source, sender) DO UPDATE SET at = excluded.at"
        " WHERE delivery_answered.at <= %s",
        [new_id(), account_id, one.source, _noted_as(one.to), now_ms, now_ms - one.days * DAY_MS],
    )
    if not noted:
        return False
    blobs.insert([one.content])
    actions.enqueue(
        Outgoing(
            blob_id=one.content.id,
            mail_from="",
            targets=[Target(address=one.to)],
            is_smtputf8=not one.to.isascii(),
            requires_tls=one.requires_tls,
            ignores_tls=one.ignores_tls,
        )
    )
    return True
