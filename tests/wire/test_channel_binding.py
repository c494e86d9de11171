"""The hash of a certificate, with the `cryptography` package as the judge."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from posthouse.wire.channel_binding import end_point


def certificate(key: object, algorithm: object) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.posthouse.test")])
    begun = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(begun)
        .not_valid_after(begun + dt.timedelta(days=9))
        .sign(key, algorithm)
    )
    return built.public_bytes(serialization.Encoding.DER)


@pytest.mark.rfc("5929")
@pytest.mark.parametrize(
    ("algorithm", "name"),
    [(hashes.SHA256(), "sha256"), (hashes.SHA384(), "sha384"), (hashes.SHA512(), "sha512")],
)
def test_the_hash_is_that_of_the_signature(algorithm: object, name: str) -> None:
    for key in (rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1())):
        der = certificate(key, algorithm)
        assert end_point(der) == hashlib.new(name, der).digest()


def test_undefined_where_the_signature_has_no_one_hash() -> None:
    assert end_point(certificate(ed25519.Ed25519PrivateKey.generate(), None)) is None


@pytest.mark.parametrize(
    "der", [b"", b"\x30", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\x02\x01\x00", b"\x30\x00"]
)
def test_no_certificate(der: bytes) -> None:
    assert end_point(der) is None
