"""Bounces, receipts and complaints in the shapes that servers give them, written after the RFCs and their habits.

Each is a template: `{to}` the address it is about, `{original}` the mail it brings back, `{envid}` an envelope id.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

TRACE = "ph1-" + "a2" * 19 + "b"


@dataclass(frozen=True)
class Shape:
    """`action` is None for what must not be taken for a report."""

    name: str
    text: str
    action: str | None
    status: str = ""
    said: str = ""
    is_null_sender: bool = True

    def render(
        self, *, to: str, original: str, envid: str = TRACE, sender: str = "ann@posthouse.test"
    ) -> bytes:
        header = original.partition("\n\n")[0] + "\n"
        text = self.text
        for name, value in {
            "to": to, "original": original, "header": header, "envid": envid, "sender": sender,
            "base64": base64.encodebytes(original.encode()).decode(),
            "message_id": (re.findall(r"(?mi)^message-id: *<([^>]+)>", original) or [""])[0],
        }.items():  # fmt: skip
            text = text.replace("{" + name + "}", value)
        return text.replace("\r\n", "\n").replace("\n", "\r\n").encode()


def original(
    *, to: str = "zoe@there.test", trace: str = TRACE, message_id: str = "one@posthouse.test"
) -> str:
    return (
        f"Posthouse-Trace: {trace}\nFrom: Ann <ann@posthouse.test>\nTo: {to}\nSubject: Spring\n"
        f"Message-ID: <{message_id}>\n\nIt is here.\n"
    )


_HEAD = "From: Mail Delivery System <MAILER-DAEMON@there.test>\nTo: {sender}\nMIME-Version: 1.0\n"
_REPORT = (
    _HEAD + 'Content-Type: multipart/report; report-type=delivery-status;\n boundary="=_b"\n\n--=_b\n'
    "Content-Type: text/plain\n\nThis is the mail system.\n\n--=_b\n"
)

POSTFIX = Shape(
    "postfix",
    _REPORT + "Content-Description: Delivery report\nContent-Type: message/delivery-status\n\n"
    "Reporting-MTA: dns; mx.there.test\nX-Postfix-Queue-ID: 4F2\nX-Postfix-Sender: rfc822; {sender}\n"
    "Arrival-Date: Sat, 28 Nov 2026 01:00:00 +0000 (UTC)\n\n"
    "Final-Recipient: rfc822; {to}\nOriginal-Recipient: rfc822;{to}\nAction: failed\nStatus: 5.1.1\n"
    "Remote-MTA: dns; box.there.test\nDiagnostic-Code: smtp; 550 5.1.1 <{to}>: Recipient address\n"
    "    rejected: User unknown\n\n--=_b\nContent-Type: message/rfc822\n\n{original}\n--=_b--\n",
    "failed", "5.1.1", "User unknown",
)  # fmt: skip
ENVELOPE_ONLY = Shape(
    "sendmail, by the envelope's id alone",
    _REPORT + "Content-Type: message/delivery-status\n\nOriginal-Envelope-Id: {envid}\n"
    "Reporting-MTA: dns; mx.there.test\n\n"
    "Original-Recipient: rfc822;{to}\nFinal-Recipient: RFC822; elsewhere@far.test\nAction: failed\n"
    "Status: 5.2.2 (mailbox full)\nDiagnostic-Code: SMTP; 552 5.2.2 Quota exceeded\n\n--=_b--\n",
    "failed", "5.2.2", "Quota exceeded",
)  # fmt: skip
DELAYED = Shape(
    "a warning",
    _REPORT + "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.there.test\n\n"
    "Final-Recipient: rfc822; {to}\nAction: delayed\nStatus: 4.4.1\nWill-Retry-Until: Mon, 30 Nov 2026 01:00:00 +0000\n"
    "Diagnostic-Code: smtp; 451 4.4.1 Connection timed out\n\n--=_b\nContent-Type: text/rfc822-headers\n\n"
    "{header}\n--=_b--\n",
    "delayed", "4.4.1", "timed out",
)  # fmt: skip
DELIVERED = Shape(
    "delivered, as was asked",
    _REPORT + "Content-Type: message/delivery-status\n\nOriginal-Envelope-Id: {envid}\nReporting-MTA: "
    "dns;mx.there.test\n\n"
    "Final-Recipient: rfc822;{to}\nAction: delivered (to mailbox)\nStatus: 2.1.5\n\n--=_b--\n",
    "delivered", "2.1.5",
)  # fmt: skip
EXCHANGE = Shape(
    "exchange",
    "From: postmaster@there.test\nTo: {sender}\nMIME-Version: 1.0\n"
    'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\nContent-Language: en-GB\n\n--x\n'
    'Content-Type: multipart/alternative; differences=Content-Type; boundary="y"\n\n--y\n'
    "Content-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: quoted-printable\n\n"
    "Your message to {to} couldn't be delivered.\n\n--y\nContent-Type: text/html\n\n<p>Your message</p>\n\n"
    "--y--\n\n--x\n"
    "Content-Type: message/delivery-status\n\nReporting-MTA: dns;AM0PR01.there.test\nReceived-From-MTA: "
    "dns;mail.posthouse.test\n"
    "Arrival-Date: Sat, 28 Nov 2026 01:00:00 +0000\n\nFinal-Recipient: rfc822;{to}\nAction: FAILED\nStatus: 5.1.10\n"
    "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found\nX-Display-Name: Zoe\n\n--x\n"
    "Content-Type: message/rfc822\n\n{original}\n--x--\n",
    "failed", "5.1.10", "RecipientNotFound",
)  # fmt: skip
GLOBAL = Shape(
    "RFC 6533",
    _HEAD + 'Content-Type: multipart/report; report-type=global-delivery-status; boundary="=_b"\n\n--=_b\n'
    "Content-Type: text/plain; charset=utf-8\n\nNö.\n\n--=_b\nContent-Type: message/global-delivery-status\n\n"
    "Reporting-MTA: dns; mx.there.test\n\nFinal-Recipient: utf-8; {to}\nAction: failed\nStatus: 5.1.1\n"
    "Diagnostic-Code: smtp; 550 keine Mailbox für dich\n\n--=_b\nContent-Type: message/global-headers\n\n"
    "{header}\n--=_b--\n",
    "failed", "5.1.1", "keine Mailbox",
)  # fmt: skip
NESTED = Shape(
    "a report in a report's wrapping",
    "From: postmaster@relay.test\nTo: {sender}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=o\n\n--o\n"
    "Content-Type: text/plain\n\nForwarded by the gateway.\n\n--o\nContent-Type: message/rfc822\n\n"
    + POSTFIX.text + "\n--o--\n",
    "failed", "5.1.1", "User unknown",
)  # fmt: skip
NO_ACTION = Shape(
    "a report that forgot the action",
    _REPORT + "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.there.test\n\n"
    "Final-Recipient: rfc822; <{to}>\nStatus: 5.7.1\nDiagnostic-Code: smtp; 550 5.7.1 listed at a blocklist\n\n--=_b\n"
    "Content-Type: message/rfc822\n\n{original}\n--=_b--\n",
    "failed", "5.7.1", "blocklist",
)  # fmt: skip
ENCODED = Shape(
    "a copy in base64",
    _REPORT + "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.there.test\n\n"
    "Final-Recipient: rfc822; {to}\nAction: failed\nStatus: 5.0.0\n\n--=_b\n"
    "Content-Type: text/rfc822-headers\nContent-Transfer-Encoding: base64\n\n{base64}\n--=_b--\n",
    "failed", "5.0.0",
)  # fmt: skip
EXIM = Shape(
    "exim",
    "X-Failed-Recipients: {to}\nAuto-Submitted: auto-replied\nFrom: Mail Delivery System <Mailer-Daemon@there.test>\n"
    "To: {sender}\nSubject: Mail delivery failed: returning message to sender\n\n"
    "This message was created automatically by mail delivery software.\n\n"
    "A message that you sent could not be delivered to one or more of its\n"
    "recipients. This is a permanent error. The following address(es) failed:\n\n  {to}\n"
    "    host box.there.test [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<{to}>:\n"
    "    550 5.1.1 no mailbox here by that name\n\n"
    "------ This is a copy of the message, including all the headers. ------\n\n{original}",
    "failed", "5.1.1", "no mailbox here",
)  # fmt: skip
EXIM_WARNING = Shape(
    "exim's warning",
    "Auto-Submitted: auto-replied\nFrom: Mail Delivery System <Mailer-Daemon@there.test>\nTo: {sender}\n"
    "Subject: Warning: message 1abc delayed 24 hours\n\n"
    "A message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 "
    "hours on the "
    "queue on mx.there.test.\n\nThe message identifier is: 1abc\nThe subject of the message is: Spring\n\n"
    "The address to which the message has not yet been delivered is:\n\n  {to}\n    host box.there.test [192.0.2.1]\n"
    "    Delay reason: Connection timed out\n\nNo action is required on your part. Delivery attempts will "
    "continue for\n"
    "some time, and this warning may be repeated at intervals if the message\nremains undelivered. Eventually the mail "
    "delivery software will give up,\nand when that happens, the message will be returned to you.\n\n"
    "------ This is a copy of the message, including all the headers. ------\n\n{original}",
    "delayed",
)  # fmt: skip
QMAIL = Shape(
    "qmail",
    "From: MAILER-DAEMON@there.test\nTo: {sender}\nSubject: failure notice\n\n"
    "Hi. This is the qmail-send program at there.test.\nI'm afraid I wasn't able to deliver your message to "
    "the following "
    "addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<{to}>:\n"
    "192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 unknown user\nGiving up on 192.0.2.1.\n\n"
    "--- Below this line is a copy of the message.\n\nReturn-Path: <{sender}>\n{original}",
    "failed", "5.1.1", "does not like recipient",
)  # fmt: skip
OLD_EXCHANGE = Shape(
    "exchange of old",
    "From: System Administrator <postmaster@there.test>\nTo: {sender}\nSubject: Undeliverable: Spring\n"
    "MIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\n"
    "Your message\n\n  To:      Zoe\n  Subject: Spring\n\ndid not reach the following recipient(s):\n\n"
    "{to} on Sat, 28 Nov 2026 01:00:00 +0000\n    The recipient name is not recognized\n"
    "        MSEXCH:IMS:There:MAIL 0 (000C05A6) Unknown Recipient\n\n--x\nContent-Type: message/rfc822\n\n"
    "{original}\n--x--\n",
    "failed", "", "not recognized",
)  # fmt: skip
GMAIL = Shape(
    "gmail of old",
    "From: Mail Delivery Subsystem <mailer-daemon@googlemail.test>\nTo: {sender}\nX-Failed-Recipients: {to}\n"
    "Subject: Delivery Status Notification (Failure)\nContent-Type: text/plain; charset=ISO-8859-1\n\n"
    "Delivery to the following recipient failed permanently:\n\n     {to}\n\nTechnical details of permanent failure:\n"
    "Google tried to deliver your message, but it was rejected by the server for the recipient domain there.test\n"
    "by mx.there.test. [192.0.2.1].\n\nThe error that the other server returned was:\n550 5.1.1 The account "
    "does not exist\n\n"
    "----- Original message -----\n\n{original}",
    "failed", "5.1.1", "Technical details",
)  # fmt: skip
HTML_ONLY = Shape(
    "html alone",
    "From: <postmaster@there.test>\nTo: {sender}\nSubject: Undeliverable: Spring\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n\n"
    "<html><body><p>Delivery has failed to these recipients:</p><p>{to}<br>mailbox is full 552 "
    "5.2.2</p></body></html>\n"
    "--x\nContent-Type: message/rfc822\n\n{original}\n--x--\n",
    "failed", "5.2.2", "mailbox is full",
)  # fmt: skip
COMPLAINT = Shape(
    "complaint",
    "From: <fbl@there.test>\nTo: abuse@posthouse.test\nSubject: complaint\nMIME-Version: 1.0\n"
    "Content-Type: multipart/report; report-type=feedback-report; boundary=x\n\n--x\nContent-Type: text/plain\n\n"
    "This is an abuse report.\n\n--x\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n"
    "User-Agent: SomeGenerator/1.0\nVersion: 1\nOriginal-Mail-From: <{sender}>\nOriginal-Rcpt-To: <{to}>\n"
    "Reported-Domain: posthouse.test\nSource-IP: 192.0.2.9\n\n--x\nContent-Type: message/rfc822\n\n{original}\n--x--\n",
    "complained", "", "abuse", is_null_sender=False,
)  # fmt: skip
NOT_SPAM = Shape(
    "a complaint taken back", COMPLAINT.text.replace("Feedback-Type: abuse", "Feedback-Type: not-spam"), None
)
RECEIPT = Shape(
    "read",
    "From: Zoe <{to}>\nTo: {sender}\nSubject: Read: Spring\nMIME-Version: 1.0\n"
    "Content-Type: multipart/report; report-type=disposition-notification; boundary=x\n\n--x\n"
    "Content-Type: text/plain\n\nYour message was displayed.\n\n--x\nContent-Type: message/disposition-notification\n\n"
    "Reporting-UA: zoe.there.test; Some Program\nFinal-Recipient: rfc822;{to}\nOriginal-Message-ID: <{message_id}>\n"
    "Disposition: manual-action/MDN-sent-manually; displayed\n\n--x\nContent-Type: text/rfc822-headers\n\n"
    "{header}\n--x--\n",
    "read", is_null_sender=False,
)  # fmt: skip
DELETED = Shape("deleted unread", RECEIPT.text.replace("; displayed", "; deleted"), None)
AWAY = Shape(
    "an answer that somebody is away",
    "From: Zoe <{to}>\nTo: {sender}\nSubject: Away\nAuto-Submitted: auto-replied\n\n"
    "I am away until Monday. Your mail is not forwarded to bob@there.test.\n\n----- Original message -----\n{original}",
    None,
)
FORWARDED = Shape(
    "a person sends a mail of ours back as a file",
    "From: Zoe <{to}>\nTo: {sender}\nSubject: The delivery failed, it was a permanent error\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nThe delivery failed: 550 "
    "5.1.1\n\n--x\n"
    "Content-Type: message/rfc822\n\n{original}\n--x--\n",
    None, is_null_sender=False,
)  # fmt: skip

SHAPES = (
    POSTFIX, ENVELOPE_ONLY, DELAYED, DELIVERED, EXCHANGE, GLOBAL, NESTED, NO_ACTION, ENCODED, EXIM, EXIM_WARNING, QMAIL,
    OLD_EXCHANGE, GMAIL, HTML_ONLY, COMPLAINT, NOT_SPAM, RECEIPT, DELETED, AWAY, FORWARDED,
)  # fmt: skip
