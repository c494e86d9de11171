"""Trace headers: Received and Return-Path (RFC 5321 §4.4), and counting them to notice loops (§6.3)."""

from __future__ import annotations

import re
from datetime import datetime

from posthouse.wire.smtp.address import BadAddress, read_domain
from posthouse.wire.smtp.envelope import Envelope, Peer

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NOT_IN_COMMENT = re.compile(r"[^\w.:\[\]-]", re.ASCII)


def received_header(peer: Peer, envelope: Envelope, *, hostname: str, id: str, at: datetime) -> bytes:
    """The header we put before a message, with its line end.

    `at` must be aware. FOR is given only for a single recipient, so that one does not learn of another. What
    a person submits does not tell where they sat: `id` leads to our log, which is accountable enough.
    """
    origin = "" if peer.login is not None else f"{_origin(peer)} "
    lines = [f"Received: {origin}by {hostname}"]
    tls = f" ({peer.tls.version} {peer.tls.cipher})" if peer.tls is not None else ""
    lines.append(f" with {peer.protocol(smtputf8=envelope.smtputf8)}{tls}")
    only = f" for <{envelope.recipients[0].address}>" if len(envelope.recipients) == 1 else ""
    lines.append(f" id {id}{only};")
    lines.append(f" {format_date(at)}")
    return ("\r\n".join(lines) + "\r\n").encode("utf-8")


def return_path_header(envelope: Envelope) -> bytes:
    """For final delivery only; it must be the first header (RFC 5321 §4.4)."""
    sender = "" if envelope.mail_from is None else str(envelope.mail_from)
    return f"Return-Path: <{sender}>\r\n".encode()


def count_received(content: bytes) -> int:
    """How many Received headers stand in the header section."""
    end = content.find(b"\r\n\r\n")
    header = content[: end if end >= 0 else len(content)].lower()
    return header.count(b"\r\nreceived:") + header.startswith(b"received:")


def format_date(at: datetime) -> str:
    """RFC 5322 §3.3 date-time, always in English."""
    offset = at.utcoffset()
    if offset is None:
        raise ValueError("a date without a zone says nothing")
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    hours, minutes = divmod(abs(minutes), 60)
    return (
        f"{_DAYS[at.weekday()]}, {at.day:02d} {_MONTHS[at.month - 1]} {at.year:04d}"
        f" {at.hour:02d}:{at.minute:02d}:{at.second:02d} {sign}{hours:02d}{minutes:02d}"
    )


def _origin(peer: Peer) -> str:
    """A peer without an address came over a socket of this machine."""
    if not peer.ip:
        return f"from {_NOT_IN_COMMENT.sub('?', peer.helo)} (localhost [127.0.0.1])"
    literal = f"[IPv6:{peer.ip}]" if ":" in peer.ip else f"[{peer.ip}]"
    try:
        return f"from {read_domain(peer.helo)} ({literal})"
    except BadAddress:
        claimed = _NOT_IN_COMMENT.sub("?", peer.helo)
        return f"from {literal} (helo {claimed})"
