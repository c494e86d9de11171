"""Telling a sender that mail did not arrive: a delivery status notification (RFC 3464, RFC 3461 §6).

Call inside the action that marked the recipients failed, so that the sender is told exactly once. The sender
of what we queue is one of us, since nobody else may submit; a bounce for a vanished or outside address is dropped
rather than sent to somebody who may never have written (backscatter).
"""

from __future__ import annotations

from collections.abc import Sequence

from posthouse.base import blobs, clock
from posthouse.base.errors import Missing
from posthouse.base.ids import new_id
from posthouse.delivery import accepting, setup
from posthouse.delivery.queue import Parcel, Result
from posthouse.mail import storing
from posthouse.wire.mime.dsn import FailedRecipient, Report, build_dsn


def prepare(parcel: Parcel, failed: Sequence[Result]) -> storing.Arrival | None:
    """Build the notification outside the lane; None when nobody is to be told."""
    told = [result for result in failed if result.due.notify != "NEVER"]
    if not parcel.mail_from or not told:
        return None
    now = clock.now()
    hostname = setup.current().hostname
    unique = f"{new_id():x}"
    raw = build_dsn(
        Report(
            reporting_mta=hostname,
            sender=f"Mail delivery <postmaster@{hostname}>",
            to=parcel.mail_from,
            message_id=f"{unique}.bounce@{hostname}",
            boundary=f"=_{unique}",
            sent_at=now,
            arrived_at=clock.from_ms(parcel.created_at_ms),
            envelope_id=parcel.envelope_id,
            original=blobs.read(parcel.blob_id),
            headers_only=parcel.returns_headers_only,
            recipients=[_failed(result) for result in told],
        )
    )
    return storing.prepare(b"Return-Path: <>\r\n" + raw)


def _failed(result: Result) -> FailedRecipient:
    return FailedRecipient(
        address=result.due.address,
        original=result.due.original,
        status=result.code.partition(" ")[2] or "5.0.0",
        remote_mta=result.host,
        diagnostic=f"{result.code} {result.answer}".strip(),
        is_remote=result.is_remote,
        last_attempt_at=clock.now(),
    )


def store(parcel: Parcel, notice: storing.Arrival) -> None:
    """File the notification in the sender's inbox, in the running transaction."""
    try:
        accounts = accepting.local_accounts([parcel.mail_from])
    except Missing:
        return
    storing.store_together(accepting.storings(notice, accounts))
