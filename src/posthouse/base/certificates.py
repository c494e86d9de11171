"""Makes the self-signed certificate of a house that was given none.

Apart from `base/tls.py`, since what it needs takes more memory than a whole door and is wanted once.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAYS = 825


def _names(hostname: str) -> list[x509.GeneralName]:
    """The host's, and all by which it is reached from itself: clients that check compare addresses too."""
    loopback = [x509.IPAddress(ipaddress.ip_address(text)) for text in ("127.0.0.1", "::1")]
    return [*(x509.DNSName(name) for name in dict.fromkeys((hostname, "localhost"))), *loopback]


def make_self_signed(certificate: Path, key: Path, hostname: str) -> None:
    """Write both files, the certificate last."""
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


def _write(path: Path, content: bytes) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(content)
