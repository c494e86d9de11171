"""What is to be published in the DNS for a domain of ours, as facts: nobody is asked anything."""

from __future__ import annotations

from typing import Any

from posthouse.identity import directory
from posthouse.identity.models import Domain, DomainKey

Row = dict[str, Any]


def of(name: str) -> list[Row]:
    host = directory.hostname()
    return [
        _record("MX", name, f"10 {host}.", "Mail for the domain comes here."),
        txt(name, "v=spf1 mx -all", "Only this server sends mail of the domain (SPF)."),
        txt(
            f"_dmarc.{name}",
            f"v=DMARC1; p=quarantine; rua=mailto:postmaster@{name}",
            "What others do with mail that only pretends to be of the domain (DMARC).",
        ),
        _record("SRV", f"_imaps._tcp.{name}", f"0 1 993 {host}.", "Mail programs find IMAP (RFC 6186)."),
        _record(
            "SRV", f"_submissions._tcp.{name}", f"0 1 465 {host}.", "Mail programs find sending (RFC 8314)."
        ),
    ]


def _record(kind: str, name: str, value: str, why: str) -> Row:
    return {"type": kind, "name": name, "value": value, "why": why}


def txt(name: str, value: str, why: str) -> Row:
    return _record("TXT", name, value, why)


def of_keys(domain: Domain) -> list[Row]:
    """Of the keys that its mail is signed with, the newest first."""
    newest: set[str] = set()
    found = []
    for key in DomainKey.objects.filter(domain=domain).order_by("-id"):
        why = (
            "The key before. Leave it in place until the new one has been there for some days."
            if key.kind in newest
            else "Others see by it that mail of the domain is from here, and unchanged (DKIM)."
        )
        newest.add(key.kind)
        found.append(txt(f"{key.selector}._domainkey.{domain.name}", key.record, why))
    return found
