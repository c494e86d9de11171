"""TLS for the listeners: the operator's certificate, or a self-signed one made on first start."""

from __future__ import annotations

import ssl
from pathlib import Path


def server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """TLS 1.2 and newer. No session tickets: Microsoft's senders fail on them (mox 22c8911)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_TICKET
    context.num_tickets = 0
    context.load_cert_chain(certificate, key)
    return context


def self_signed(folder: Path, hostname: str) -> tuple[Path, Path]:
    """Paths of a certificate and its key in the folder, made when they are not there yet."""
    certificate, key = folder / "tls-certificate.pem", folder / "tls-key.pem"
    if not certificate.exists() or not key.exists():
        from posthouse.base.certificates import make_self_signed  # large, and wanted once

        make_self_signed(certificate, key, hostname)
    return certificate, key
