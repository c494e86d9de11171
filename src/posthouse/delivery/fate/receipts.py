"""Telling a sender outside that mail has arrived, who asked for it (NOTIFY=SUCCESS, RFC 3461 §4.1, RFC 3464).

Only one whose address is proved is told, or whose server the operator trusts: anybody can write another's address into
an envelope, and what he is then told of he never sent. The notification has the null sender, so none answers another.

It is queued after the mail is stored: a crash between the two loses the receipt, never the mail.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from posthouse.base import blobs, clock
from posthouse.base.ids import new_id
from posthouse.base.lane_calls import Bulk
from posthouse.base.remote_calls import offer
from posthouse.delivery import actions
from posthouse.delivery.actions import Outgoing, Target
from posthouse.wire.mime import Address
from posthouse.wire.mime.digest import digest
from posthouse.wire.mime.dsn import Notification, RecipientStatus, build_dsn
from posthouse.wire.mime.tls_required import waives_tls
from posthouse.wire.smtp.envelope import Envelope, Notify

HEAD_BYTES = 64 * 1024


class Receipt(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A notification whose content is durable, and whom it goes to, as its mail came (RFC 8689 §5, §6)."""

    blob: blobs.Prepared
    to: str
    requires_tls: bool = False
    ignores_tls: bool = False


def prepare(envelope: Envelope, raw: bytes, *, hostname: str) -> Receipt | None:
    """None where nobody asked. `raw` is the beginning of what was stored: its header goes back."""
    asked = [one for one in envelope.recipients if Notify.SUCCESS in one.notify]
    if envelope.mail_from is None or not asked:
        return None
    to, about, unique = str(envelope.mail_from), digest(raw), f"{new_id():x}"
    names = [str(one.address) for one in asked]
    notification = Notification(
        from_=Address("Mail delivery", f"postmaster@{hostname}"),
        to=to,
        message_id=f"{unique}.receipt@{hostname}",
        date=clock.now(),
        subject=f"Delivered: {about.subject}" if about.subject else "Delivered",
        text="\n".join(["Your mail was delivered to:", "", *(f"  {name}" for name in names)]),
        reporting_mta=hostname,
        recipients=tuple(
            RecipientStatus(
                recipient=str(one.address),
                action="delivered",
                status="2.0.0",
                original_recipient=(one.orcpt or "").partition(";")[2] or None,
            )
            for one in asked
        ),
        original=raw,
        original_message_id=about.message_id,
        envelope_id=envelope.envid,
    )
    return Receipt(
        blob=blobs.prepare(build_dsn(notification, boundary=f"=_{unique}")),
        to=to,
        requires_tls=envelope.requires_tls,
        ignores_tls=not envelope.requires_tls and waives_tls(raw),
    )


def _send_many(receipts: Sequence[Receipt]) -> list[None]:
    blobs.insert([receipt.blob for receipt in receipts])
    for receipt in receipts:
        actions.enqueue(
            Outgoing(
                blob_id=receipt.blob.id,
                mail_from="",
                targets=[Target(address=receipt.to)],
                is_smtputf8=not receipt.to.isascii(),
                requires_tls=receipt.requires_tls,
                ignores_tls=receipt.ignores_tls,
            )
        )
    return [None] * len(receipts)


send = Bulk(_send_many)
offer("delivery.receipt", send, item=Receipt, result=None)
