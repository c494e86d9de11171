"""What a TLS channel is bound by with tls-server-end-point (RFC 5929 §4.1): the hash of our certificate.

The hash is that of the certificate's own signature, SHA-256 in place of MD5 and SHA-1. A signature of no one hash
(Ed25519, PSS with parameters we do not read) leaves the binding undefined, and nothing is offered then.
"""

from __future__ import annotations

import hashlib

END_POINT = "tls-server-end-point"
UNIQUE = "tls-unique"

_HASHES = {
    "1.2.840.113549.1.1.4": "sha256",  # md5WithRSAEncryption
    "1.2.840.113549.1.1.5": "sha256",  # sha1WithRSAEncryption
    "1.2.840.113549.1.1.11": "sha256",
    "1.2.840.113549.1.1.12": "sha384",
    "1.2.840.113549.1.1.13": "sha512",
    "1.2.840.113549.1.1.14": "sha224",
    "1.2.840.10045.4.1": "sha256",  # ecdsa-with-SHA1
    "1.2.840.10045.4.3.1": "sha224",
    "1.2.840.10045.4.3.2": "sha256",
    "1.2.840.10045.4.3.3": "sha384",
    "1.2.840.10045.4.3.4": "sha512",
}
_SEQUENCE, _OBJECT_ID = 0x30, 0x06


def end_point(certificate: bytes) -> bytes | None:
    """Of a certificate in DER; None where RFC 5929 leaves it undefined."""
    try:
        name = _HASHES.get(_signature_algorithm(certificate))
    except (IndexError, ValueError):
        return None
    return None if name is None else hashlib.new(name, certificate).digest()


def _signature_algorithm(certificate: bytes) -> str:
    """RFC 5280 §4.1: SEQUENCE { tbsCertificate, signatureAlgorithm SEQUENCE { algorithm, ... }, ... }."""
    start, _ = _content(certificate, 0, _SEQUENCE)
    _, after_tbs = _content(certificate, start, _SEQUENCE)
    algorithm, _ = _content(certificate, after_tbs, _SEQUENCE)
    start, end = _content(certificate, algorithm, _OBJECT_ID)
    return _object_id(certificate[start:end])


def _content(der: bytes, at: int, tag: int) -> tuple[int, int]:
    """Where the value at a place begins and ends."""
    if der[at] != tag:
        raise ValueError("another tag")
    length, at = der[at + 1], at + 2
    if length >= 0x80:
        count = length & 0x7F
        length, at = int.from_bytes(der[at : at + count], "big"), at + count
    return at, at + length


def _object_id(encoded: bytes) -> str:
    numbers, value = [encoded[0] // 40, encoded[0] % 40], 0
    for byte in encoded[1:]:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(value)
            value = 0
    return ".".join(map(str, numbers))
