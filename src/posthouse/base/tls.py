"""TLS for the listeners: the operator's certificate, or a self-signed one made on first start."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAYS = 825


def server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """TLS 1.2 and newer. No session tickets: Microsoft's senders fail on them (mox 22c8911)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_TICKET
    context.num_tickets = 0
    context.load_cert_chain(certificate, key)
    return context


def _names(hostname: str) -> list[x509.GeneralName]:
    """The host's, and all by which it is reached from itself: clients that check compare addresses too."""
    loopback = [x509.IPAddress(ipaddress.ip_address(text)) for text in ("127.0.0.1", "::1")]
    return [*(x509.DNSName(name) for name in dict.fromkeys((hostname, "localhost"))), *loopback]


def self_signed(folder: Path, hostname: str) -> tuple[Path, Path]:
    """Paths of a certificate and its key in the folder, made when they are not there yet."""
    certificate, key = folder / "tls-certificate.pem", folder / "tls-key.pem"
    if certificate.exists() and key.exists():
        return certificate, key
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hostname)])
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName(_names(hostname)), critical=False)
        .sign(private, hashes.SHA256())
    )
    _write(key, private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ))  # fmt: skip
    _write(certificate, built.public_bytes(serialization.Encoding.PEM))
    return certificate, key


def _write(path: Path, content: bytes) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(content)
