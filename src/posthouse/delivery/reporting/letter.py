"""A report as a mail: the null sender, so that nothing answers it, and words that say what it is (RFC 8460 §5.3)."""

from __future__ import annotations

import gzip
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import format_datetime

from posthouse.base import clock
from posthouse.delivery.setup import Reporter
from posthouse.wire.mime import Address
from posthouse.wire.mime.build import (
    Attachment,
    address_field,
    attachment_entity,
    id_field,
    message_bytes,
    multipart,
    text_entity,
    text_field,
)

TLSRPT = "tlsrpt"
HEADERS = (("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`report_type` is that of multipart/report; without one the parts are simply mixed, as DMARC wants them."""

    domain: str
    subject: str
    file_name: str
    content: bytes
    content_type: str
    report_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def written(report: Report, reporter: Reporter, addresses: Sequence[str]) -> bytes:
    packed = gzip.compress(report.content, mtime=0)
    lines = [
        f"Date: {format_datetime(clock.now())}",
        address_field("From", [Address(reporter.organisation, reporter.address)]),
        address_field("To", [Address("", address) for address in addresses]),
        text_field("Subject", report.subject),
        id_field("Message-ID", [f"{secrets.token_hex(16)}@{reporter.domain}"]),
        *[text_field(name, value) for name, value in (*report.headers, *HEADERS)],
        "MIME-Version: 1.0",
    ]
    parts = [
        text_entity(
            f"A report about {report.domain} by {reporter.organisation}, as its DNS asks for.", "plain"
        ),
        attachment_entity(
            Attachment(content=packed, filename=report.file_name, content_type=report.content_type)
        ),
    ]
    boundary = secrets.token_hex(12)
    if report.report_type:
        kind = f'; report-type="{report.report_type}"'
        return message_bytes(lines, multipart("report", parts, boundary, extra=kind))
    return message_bytes(lines, multipart("mixed", parts, boundary))
