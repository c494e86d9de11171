"""A certificate authority of the tests' own: certificates for any name, from now or long over."""

from __future__ import annotations

import datetime as dt
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = dt.timedelta(days=1)
PEM = serialization.Encoding.PEM


class Authority:
    """`file` is what to trust. A server's context shows its certificate and the authority's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._made("Test Authority", self._key, is_authority=True)
        self.file = folder / "authority.pem"
        self.file.write_bytes(self.certificate.public_bytes(PEM))

    def server(self, *names: str, ends: dt.timedelta = DAY) -> tuple[ssl.SSLContext, x509.Certificate]:
        """`ends` from now; a negative time makes one that is over."""
        path, made = self.chain(*names, ends=ends)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context, made

    def chain(self, *names: str, ends: dt.timedelta = DAY) -> tuple[Path, x509.Certificate]:
        """A file with a key, its certificate and the authority's, as programs want them."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._made(names[0], key, names=names, ends=ends)
        return self._kept(made, key, self.certificate), made

    def _kept(
        self, made: x509.Certificate, key: ec.EllipticCurvePrivateKey, *above: x509.Certificate
    ) -> Path:
        path = self._folder / f"{made.serial_number:x}.pem"
        secret = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        path.write_bytes(secret + b"".join(one.public_bytes(PEM) for one in (made, *above)))
        return path

    def alone(self, name: str) -> tuple[ssl.SSLContext, x509.Certificate]:
        """A certificate that nobody but its own key has signed."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._made(name, key, names=(name,), is_alone=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._kept(made, key))
        return context, made

    def _made(
        self,
        name: str,
        key: ec.EllipticCurvePrivateKey,
        *,
        names: tuple[str, ...] = (),
        is_authority: bool = False,
        is_alone: bool = False,
        ends: dt.timedelta = DAY,
    ) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        issuer = self._name(name) if is_authority or is_alone else self.certificate.subject
        signer = key if is_alone else self._key
        builder = (
            x509.CertificateBuilder()
            .subject_name(self._name(name))
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 10 * DAY)
            .not_valid_after(now + ends)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        if names:
            alternatives = x509.SubjectAlternativeName([x509.DNSName(one) for one in names])
            builder = builder.add_extension(alternatives, critical=False)
        if is_authority:
            usage = x509.KeyUsage(
                digital_signature=True,
                key_cert_sign=True,
                crl_sign=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            )
            builder = builder.add_extension(usage, critical=True)
        return builder.sign(signer, hashes.SHA256())

    def _name(self, common: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
