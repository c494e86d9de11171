"""Sending on what came in: the body untouched, so that its signature holds, with a sender of ours (SRS).

What went on bears our mark (Delivered-To, X-Loop), by which it is known when it comes round. What bears a mark already
goes back to nobody whose mark it is, and on to an address once, whichever ways it came: else people who forward to a
group that they are in would send each other as many copies as there are orders to stand in.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from posthouse.base import blobs, sql
from posthouse.delivery import actions
from posthouse.delivery.actions import Outgoing, Target
from posthouse.delivery.automatic import returning
from posthouse.delivery.models import Forward
from posthouse.delivery.rules.incoming import Incoming
from posthouse.delivery.transport import form_of, under
from posthouse.mail import flags as flag
from posthouse.mail import refiling, roles
from posthouse.mail.models import Mailbox
from posthouse.mail.refiling import Refiling


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarding:
    """Where an e-mail goes on to, its content durable. `is_kept`: it stays where it lies, else it goes to Trash."""

    targets: tuple[str, ...]
    mail_from: str
    content: blobs.Prepared
    is_8bit: bool
    ignores_tls: bool
    is_kept: bool


def of(mail: Incoming, *, chosen: Collection[int], is_for_all: bool) -> Forwarding | None:
    """To those chosen by a rule and, with `is_for_all`, to those who get all mail; None where it goes nowhere."""
    confirmed = Forward.objects.filter(account_id=mail.account_id, confirmed_at__isnull=False).order_by("id")
    of_all = [row for row in confirmed if is_for_all and row.is_enabled]
    targets = [row for row in confirmed if row in of_all or row.id in chosen]
    if not targets or mail.is_going_round:
        return None
    had = mail.been | _who_had(mail) if mail.been else frozenset()
    targets = [row for row in targets if row.address.lower() not in had]
    if not targets:
        return None
    address = _address_of(mail.account_id)
    raw = _marked(mail.raw, address)
    return Forwarding(
        targets=tuple(row.address for row in targets),
        mail_from=returning.sender_for(mail.sender, address.rpartition("@")[2]) if mail.sender else "",
        content=blobs.prepare(raw),
        is_8bit=form_of(raw).is_8bit,
        ignores_tls=mail.waives_tls,
        is_kept=not of_all or any(row.keeps_copy for row in of_all),
    )


def _who_had(mail: Incoming) -> frozenset[str]:
    """Whom the account has sent another copy of it to."""
    return frozenset(
        row[0].lower()
        for row in sql.rows(
            "SELECT r.address FROM mail_email e JOIN mail_email o ON o.thread_id = e.thread_id"
            " AND o.account_id = e.account_id AND o.message_id = e.message_id AND o.id <> e.id"
            " JOIN delivery_submission s ON s.email_id = o.id AND s.is_forward"
            " JOIN delivery_recipient r ON r.submission_id = s.id WHERE e.id = %s AND e.account_id = %s",
            [mail.email_id, mail.account_id],
        )
    )


def _mark(address: str) -> bytes:
    return f"Delivered-To: {address}\r\nX-Loop: {address}\r\n".encode()


def header_as_kept(content: bytes) -> bytes:
    """The header of what goes on as it was at its arrival, but for who sent it: without our mark."""
    end = content.find(b"\r\n\r\n")
    header = content[:] if end < 0 else content[: end + 4]
    _, _, rest = header.partition(b"\r\n")
    return b"Return-Path: <>\r\n" + rest.partition(b"\r\n")[2]


def _address_of(account_id: int) -> str:
    found = sql.row(
        "SELECT u.email FROM mail_account a JOIN identity_user u ON u.id = a.owner_id WHERE a.id = %s",
        [account_id],
    )
    assert found is not None
    return str(found[0])


def _marked(raw: bytes, address: str) -> bytes:
    """With our mark in place of Return-Path, which is written where mail stays (RFC 5321 §4.4). Raises Unavailable."""
    start = raw.find(b"\r\n") + 2 if raw[:12].lower() == b"return-path:" else 0
    return under(_mark(address), raw, start)


def queue(mail: Incoming, one: Forwarding) -> None:
    """Call inside an action."""
    blobs.insert([one.content])
    outgoing = Outgoing(
        blob_id=one.content.id,
        mail_from=one.mail_from,
        targets=[Target(address=address) for address in one.targets],
        is_smtputf8=not all(address.isascii() for address in (one.mail_from, *one.targets)),
        is_8bit=one.is_8bit,
        is_forward=True,
        account_id=mail.account_id,
        requires_tls=mail.requires_tls,
        ignores_tls=one.ignores_tls,
    )
    actions.enqueue(outgoing, email_id=mail.email_id)
    if not one.is_kept:
        _put_away(mail)


def _put_away(mail: Incoming) -> None:
    to_trash = Refiling(
        email_id=mail.email_id,
        to=(roles.mailbox_of(mail.account_id, Mailbox.Role.TRASH),),
        out_of=refiling.mailboxes_of(mail.account_id),
        set_bits=flag.SEEN,
        filed_by=refiling.filed_by(mail.email_id),
    )
    refiling.refile(mail.account_id, [to_trash])
