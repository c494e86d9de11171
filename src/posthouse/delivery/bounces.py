"""Telling a sender that mail did not arrive: a delivery status notification (RFC 3464, RFC 3461 §6).

`prepare` builds it before the lane is entered, `store` files it inside the action that marked the recipients
failed, so that the sender is told exactly once. The sender of what we queue is one of us, since nobody else may
submit; a bounce for a vanished or outside address is dropped rather than sent to somebody who may never have
written (backscatter).
"""

from __future__ import annotations

from collections.abc import Sequence

from posthouse.base import blobs, clock
from posthouse.base.errors import Failure, Missing
from posthouse.base.ids import new_id
from posthouse.delivery import accepting, setup
from posthouse.delivery.queue import Parcel, Result
from posthouse.mail import storing
from posthouse.mail.storing import Quota, Storing
from posthouse.wire.mime import Address
from posthouse.wire.mime.digest import digest
from posthouse.wire.mime.dsn import Notification, RecipientStatus, build_dsn


def prepare(parcel: Parcel, failed: Sequence[Result]) -> storing.Arrival | None:
    """The notification, its content durable; None when nobody is to be told."""
    told = [result for result in failed if _wants_to_know(result.due.notify)]
    if not parcel.mail_from or not told:
        return None
    hostname, unique = setup.current().hostname, f"{new_id():x}"
    original = _original(parcel)
    about = digest(original)
    notification = Notification(
        from_=Address("Mail delivery", f"postmaster@{hostname}"),
        to=parcel.mail_from,
        message_id=f"{unique}.bounce@{hostname}",
        date=clock.now(),
        subject=f"Not delivered: {about.subject}" if about.subject else "Not delivered",
        text=_for_a_person(told, about.subject),
        reporting_mta=hostname,
        recipients=tuple(_status(result) for result in told),
        original=original,
        original_message_id=about.message_id,
        envelope_id=parcel.envelope_id or None,
        arrival_date=clock.from_ms(parcel.created_at_ms),
        returns_body=not parcel.returns_headers_only and not parcel.requires_tls,
    )
    raw = build_dsn(notification, boundary=f"=_{unique}")
    return storing.prepare(b"Return-Path: <>\r\n" + raw)


def _wants_to_know(notify: str) -> bool:
    """RFC 3461 §4.1: without a word on it failures are told."""
    return not notify or "FAILURE" in notify.split(",")


def _original(parcel: Parcel) -> bytes:
    """Content that is lost is one more reason to tell the sender, not one to keep still."""
    try:
        return blobs.read(parcel.blob_id)
    except Failure:
        return b""


def store(parcel: Parcel, notice: storing.Arrival) -> None:
    """File the notification in the sender's inbox, in the running transaction.

    Also in a full one: a refusal would undo the settling, and the mail would be tried for ever.
    """
    try:
        accounts = accepting.local_accounts([parcel.mail_from])
    except Missing:
        return
    storing.store_together(
        [Storing(arrival=notice, account_id=account_id, quota=Quota.NONE) for account_id in accounts]
    )


def _for_a_person(told: Sequence[Result], subject: str) -> str:
    lines = [f"Your mail {subject!r} did not reach:" if subject else "Your mail did not reach:", ""]
    for result in told:
        tries = f"after {result.due.attempts} tries" if result.due.attempts > 1 else "at the first try"
        said = f"{result.host} said" if result.is_remote and result.host else "because"
        lines += [
            f"  {result.due.address}",
            f"    given up {tries}; {said}: {result.code} {result.answer}",
            "",
        ]
    return "\n".join([*lines, "It is not tried again. Your mail is attached."])


def _status(result: Result) -> RecipientStatus:
    return RecipientStatus(
        recipient=result.due.address,
        action="failed",
        status=result.code.partition(" ")[2] or "5.0.0",
        original_recipient=result.due.original.partition(";")[2] or None,
        remote_mta=result.host if result.is_remote else None,
        answer=f"{result.code} {result.answer}".strip(),
        last_attempt=clock.now(),
    )
