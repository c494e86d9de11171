"""Answering who asks whether a mail was read (RFC 8098): only when the person says so, once for each mail.

Invariants
- Whether it was answered is `$MDNSent` (RFC 3503), which mail programs keep as well: so each asks once, whatever one
  reads with.
- It goes with the null sender, in the transaction that marks the mail: it is sent once, also over a crash.
"""

from __future__ import annotations

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import blobs, clock, db, sql
from posthouse.base.errors import Conflict, Invalid
from posthouse.base.ids import new_id
from posthouse.delivery import actions as sending
from posthouse.delivery.actions import Outgoing, Target
from posthouse.delivery.fate import fates
from posthouse.delivery.writing import outgoing
from posthouse.identity.actor import Actor
from posthouse.mail import access, actions, content, drafts, placing
from posthouse.mail import flags as flag
from posthouse.mail.access import Right
from posthouse.mail.content import Content
from posthouse.mail.drafts import DraftContent
from posthouse.wire.mime import Address
from posthouse.wire.mime.mdn import ReadReceipt, asked_by, build_receipt


def send(actor: Actor, email_id: int) -> None:
    """Tell who asked. Raises Missing, Denied, Conflict (no_receipt_wanted), Invalid (invalid_recipient)."""
    access.email_for(actor, email_id, need=Right.WRITE)
    actor.require("mail.send")
    found = content.content_for(actor, email_id)
    to = _asker(found)
    receipt = _receipt(actor, found, to)
    prepared = blobs.prepare(_written(receipt))
    try:
        _send(actor, email_id, prepared, receipt, outgoing.deliverable(to))
    except BaseException:
        blobs.discard(prepared)
        raise


@db.action
def decline(actor: Actor, email_id: int) -> None:
    """Tell nobody, and ask no more. Raises Missing, Denied, Conflict (no_receipt_wanted)."""
    access.email_for(actor, email_id, need=Right.WRITE)
    _asker(content.content_for(actor, email_id))
    _settle(actor, email_id)


def _asker(found: Content) -> str:
    to = asked_by(found.raw[: found.root.body_start])
    if to is None:
        raise _not_wanted()
    return to


def _not_wanted() -> Conflict:
    return Conflict("no_receipt_wanted", "Nobody asks for a receipt of this mail, or it was answered.")


def _receipt(actor: Actor, found: Content, to: str) -> ReadReceipt:
    """From the address that it was written to, else the account's first."""
    named = [person.email.lower() for person in (*found.headers.to, *found.headers.cc)]
    row = sql.row(
        f"SELECT id FROM mail_identity WHERE account_id = %s AND email IN ({sql.marks(named)}) ORDER BY id LIMIT 1",
        [found.ref.account_id, *named],
    )
    draft = DraftContent(account_id=found.ref.account_id, identity_id=None if row is None else row[0])
    reader, unique, about = drafts.sender_for(actor, draft), f"{new_id():x}", found.headers
    mail = f"Your mail {about.subject!r}" if about.subject else "Your mail"
    return ReadReceipt(
        reader=Address(reader.name, reader.email),
        to=to,
        message_id=f"{unique}.read@{reader.email.rpartition('@')[2]}",
        date=clock.now(),
        subject=f"Read: {about.subject}" if about.subject else "Read",
        text=f"{mail} to {reader.email} was shown to a person.\n\n"
        "That says neither that it was understood nor that it was agreed to.",
        agent=f"{reader.email.rpartition('@')[2]}; Posthouse",
        about_message_id=about.message_id,
    )


def _written(receipt: ReadReceipt) -> bytes:
    try:
        return build_receipt(receipt, boundary=f"{new_id():x}")
    except ValueError as error:
        raise Invalid("invalid_recipient", f"The address {receipt.to} cannot be written to.") from error


@db.action
def _send(actor: Actor, email_id: int, prepared: blobs.Prepared, receipt: ReadReceipt, to: str) -> None:
    """Where the mail was sent from here, its line says at once that it was read."""
    if receipt.about_message_id:
        fates.note_read(receipt.about_message_id, receipt.reader.email.lower())
    _settle(actor, email_id)
    blobs.insert([prepared])
    outgoing_mail = Outgoing(
        blob_id=prepared.id, mail_from="", targets=[Target(address=to)], is_smtputf8=not to.isascii()
    )
    sending.enqueue(outgoing_mail)
    record(actor, Act.RECEIPT_SENT, kind="email", object_id=email_id)


def _settle(actor: Actor, email_id: int) -> None:
    """Once: of two at the same time the second finds it answered."""
    ref = access.email_for(actor, email_id, need=Right.WRITE)
    placing.hold(ref.account_id)
    if access.email_for(actor, email_id, need=Right.WRITE).flags & flag.MDN_SENT:
        raise _not_wanted()
    actions.flag_emails(actor, [email_id], set_bits=flag.MDN_SENT)
