"""The arguments of MAIL and RCPT (RFC 5321 §4.1.1.2, §4.1.1.3): read whole, or refused by a reply."""

from __future__ import annotations

from dataclasses import dataclass

from posthouse.wire.smtp import reply as say
from posthouse.wire.smtp.address import BadAddress, Mailbox, read_path
from posthouse.wire.smtp.envelope import Recipient
from posthouse.wire.smtp.parameters import (
    BadParameter,
    MailParameters,
    read_mail_parameters,
    read_rcpt_parameters,
)
from posthouse.wire.smtp.reply import Reply


@dataclass(frozen=True, slots=True)
class Mail:
    sender: Mailbox | None
    parameters: MailParameters


def read_mail(text: str) -> Mail | Reply:
    """Read what follows `MAIL `. A blank before the address is let pass: Outlook sends it."""
    if text[:5].upper() != "FROM:":
        return say.BAD_MAIL
    try:
        sender, tail = read_path(text[5:].lstrip(" "))
        parameters = read_mail_parameters(tail)
    except BadAddress as error:
        return Reply(501, "5.1.7", f"Bad sender: {error}")
    except BadParameter as bad:
        return bad.reply
    if sender is not None and not sender.domain:
        return Reply(501, "5.1.7", "Bad sender: the domain is missing")
    if sender is not None and sender.needs_smtputf8 and not parameters.smtputf8:
        return say.NEEDS_SMTPUTF8
    return Mail(sender, parameters)


def read_rcpt(text: str, *, home_domain: str, smtputf8: bool) -> Recipient | Reply:
    """Read what follows `RCPT `. `<postmaster>` is given `home_domain` (RFC 5321 §4.5.1)."""
    if text[:3].upper() != "TO:":
        return say.BAD_RCPT
    try:
        address, tail = read_path(text[3:].lstrip(" "))
        parameters = read_rcpt_parameters(tail)
    except BadAddress as error:
        return Reply(501, "5.1.3", f"Bad recipient: {error}")
    except BadParameter as bad:
        return bad.reply
    if address is None:
        return Reply(501, "5.1.3", "Bad recipient: empty")
    if address.needs_smtputf8 and not smtputf8:
        return say.NEEDS_SMTPUTF8
    if not address.domain:
        address = Mailbox(address.local, home_domain)
    return Recipient(address, parameters.notify, parameters.orcpt)
