"""TLS for the listeners: the operator's certificate, or a self-signed one made on first start."""

from __future__ import annotations

import ssl
from pathlib import Path

from posthouse.wire import channel_binding

_END_OF_FIRST = "-----END CERTIFICATE-----"


class ServerContext(ssl.SSLContext):
    """`end_point` is what clients bind to with tls-server-end-point; None where the certificate has none."""

    end_point: bytes | None = None


def server_context(certificate: Path, key: Path) -> ServerContext:
    """TLS 1.2 and newer. No session tickets: Microsoft's senders fail on them (mox 22c8911)."""
    context = ServerContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_TICKET
    context.num_tickets = 0
    context.load_cert_chain(certificate, key)
    context.end_point = _end_point(certificate.read_text("ascii", "replace"))
    return context


def _end_point(pem: str) -> bytes | None:
    """Of the first certificate, which is the server's own; those that signed it may follow."""
    start, end = pem.find("-----BEGIN CERTIFICATE-----"), pem.find(_END_OF_FIRST)
    if not 0 <= start < end:
        return None
    return channel_binding.end_point(ssl.PEM_cert_to_DER_cert(pem[start : end + len(_END_OF_FIRST)]))


def self_signed(folder: Path, hostname: str) -> tuple[Path, Path]:
    """Paths of a certificate and its key in the folder, made when they are not there yet."""
    certificate, key = folder / "tls-certificate.pem", folder / "tls-key.pem"
    if not certificate.exists() or not key.exists():
        from posthouse.base.certificates import make_self_signed  # large, and wanted once

        make_self_signed(certificate, key, hostname)
    return certificate, key
