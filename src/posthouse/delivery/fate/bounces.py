"""Telling a sender what became of mail: that it did not arrive, or that it did, where that was asked for (RFC 3464,
RFC 3461 §6).

`prepare` builds it before the lane is entered, `store` files it inside the action that wrote the outcome, so that the
sender is told exactly once. The sender of what we queue is one of us, since nobody else may submit; a bounce for a
vanished or outside address is dropped rather than sent to somebody who may never have written (backscatter). Of mail
that is forwarded the account's owner is told, who chose the address and has the mail. What the world's senders are told
of what came in is in `receipts`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from posthouse.base import blobs, clock, sql
from posthouse.base.errors import Failure, Missing
from posthouse.base.ids import new_id
from posthouse.delivery import setup
from posthouse.delivery.queueing.queue import DELIVERED, PERMANENT, Parcel, Result
from posthouse.delivery.receiving import accepting
from posthouse.mail import storing
from posthouse.mail.storing import Quota, Storing
from posthouse.wire.mime import Address
from posthouse.wire.mime.digest import digest
from posthouse.wire.mime.dsn import Action, Notification, RecipientStatus, build_dsn


def prepare(parcel: Parcel, results: Sequence[Result]) -> storing.Arrival | None:
    """The notification of what has ended, its content durable; None when nobody is to be told."""
    told = [result for result in results if _is_told(result)]
    if not told:
        return None
    has_failed = any(result.outcome != DELIVERED for result in told)
    return notification(
        parcel,
        title="Not delivered" if has_failed else "Delivered",
        text_of=lambda subject: _for_a_person(told, subject, is_forward=parcel.is_forward),
        recipients=[_status(result) for result in told],
        # RFC 3461 §4.3, RFC 8689 §5
        returns_body=has_failed and not parcel.returns_headers_only and not parcel.requires_tls,
    )


def notification(
    parcel: Parcel,
    *,
    title: str,
    text_of: Callable[[str], str],
    recipients: Sequence[RecipientStatus],
    returns_body: bool = False,
) -> storing.Arrival | None:
    """A notice to whoever sent it, durable; None where that is nobody. `text_of` gets the mail's subject."""
    reader = _owner_of(parcel.account_id) if parcel.is_forward else parcel.mail_from
    if not reader:
        return None
    hostname, unique = setup.current().hostname, f"{new_id():x}"
    original = _original(parcel)
    about = digest(original)
    raw = build_dsn(
        Notification(
            from_=Address("Mail delivery", f"postmaster@{hostname}"),
            to=reader,
            message_id=f"{unique}.bounce@{hostname}",
            date=clock.now(),
            subject=f"{title}: {about.subject}" if about.subject else title,
            text=text_of(about.subject),
            reporting_mta=hostname,
            recipients=tuple(recipients),
            original=original,
            original_message_id=about.message_id,
            envelope_id=parcel.envelope_id or None,
            arrival_date=clock.from_ms(parcel.created_at_ms),
            returns_body=returns_body,
        ),
        boundary=f"=_{unique}",
    )
    return storing.prepare(b"Return-Path: <>\r\n" + raw)


def are_told(results: Sequence[Result]) -> bool:
    """Whether anything of it is to be told to the sender."""
    return any(_is_told(result) for result in results)


def _is_told(result: Result) -> bool:
    """Failures unless the sender wants no word of them, deliveries where he asks for it and nobody behind us will tell
    (RFC 3461 §4.1, §5.2.2)."""
    asked = result.due.notify.split(",") if result.due.notify else ["FAILURE"]
    if result.outcome == DELIVERED:
        return "SUCCESS" in asked and not result.tells
    return "FAILURE" in asked and (result.outcome == PERMANENT or result.retry_at_ms is None)


def _owner_of(account_id: int | None) -> str:
    found = sql.row(
        "SELECT u.email FROM mail_account a JOIN identity_user u ON u.id = a.owner_id WHERE a.id = %s",
        [account_id or 0],
    )
    return str(found[0]) if found else ""


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
    if parcel.is_forward:
        accounts: accepting.Accounts = {} if parcel.account_id is None else {parcel.account_id: Quota.NONE}
    else:
        try:
            accounts = accepting.local_accounts([parcel.mail_from])
        except Missing:
            return
    storing.store_together(
        [Storing(arrival=notice, account_id=account_id, quota=Quota.NONE) for account_id in accounts]
    )


def _for_a_person(told: Sequence[Result], subject: str, *, is_forward: bool) -> str:
    mail = f"Your mail {subject!r}" if subject else "Your mail"
    if is_forward:
        mail = (
            f"The mail {subject!r} that is forwarded for you" if subject else "Mail that is forwarded for you"
        )
    failed = [result for result in told if result.outcome != DELIVERED]
    arrived = [result for result in told if result.outcome == DELIVERED]
    lines = [f"{mail} did not reach:", ""] if failed else []
    for result in failed:
        tries = f"after {result.due.attempts} tries" if result.due.attempts > 1 else "at the first try"
        said = f"{result.host} said" if result.is_remote and result.host else "because"
        lines += [
            f"  {result.due.address}",
            f"    given up {tries}; {said}: {result.code} {result.answer}",
            "",
        ]
    whose = "It lies in your mailbox" if is_forward else "Your mail is attached"
    lines += [f"It is not tried again. {whose}."] if failed else []
    lines += ["", f"{mail} was delivered to:", ""] if arrived else []
    for result in arrived:
        where = f"given to {result.host}, which will tell no more" if result.is_remote else "here"
        lines += [f"  {result.due.address}", f"    {where}", ""]
    return "\n".join(lines)


def _status(result: Result) -> RecipientStatus:
    is_here = result.outcome == DELIVERED and not result.is_remote
    action: Action = "failed" if result.outcome != DELIVERED else "delivered" if is_here else "relayed"
    return RecipientStatus(
        recipient=result.due.address,
        action=action,
        status=result.code.partition(" ")[2] or ("5.0.0" if action == "failed" else "2.0.0"),
        original_recipient=result.due.original.partition(";")[2] or None,
        remote_mta=result.host if result.is_remote else None,
        answer=f"{result.code} {result.answer}".strip(),
        last_attempt=clock.now(),
    )
