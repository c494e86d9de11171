"""DANE for SMTP: which certificates a server's TLSA records vouch for (RFC 7672, RFC 6698, RFC 7671).

Only usages 2 (DANE-TA) and 3 (DANE-EE) speak to mail servers (RFC 7672 §3.1.3): the public authorities that 0 and 1
lean on are nobody's word here. Whoever asks must have the records by DNSSEC; nothing here can know.
"""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterable, Sequence

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from posthouse.wire.smtp.tlsa import END_ENTITY, MATCHING, TRUST_ANCHOR, WHOLE, Tlsa


def is_vouched_for(
    chain: Sequence[bytes], records: Iterable[Tlsa], *, names: Sequence[str], at: dt.datetime
) -> bool:
    """Whether what a server showed (DER, its own certificate first) is what its usable records say.

    Usage 3 binds the server's key by itself: neither names nor dates count (RFC 7671 §5.1). Usage 2 names who signed:
    the chain must lead there, be in date, and the certificate be for one of `names` (RFC 7672 §3.2.3).
    """
    try:
        shown = [x509.load_der_x509_certificate(der) for der in chain]
        if not shown:
            return False
        leaf, above = shown[0], shown[1:]
        for record in records:
            if not record.is_usable:
                continue
            if record.usage == END_ENTITY and _names(record, leaf):
                return True
            if record.usage == TRUST_ANCHOR:
                anchors = [one for one in shown if _names(record, one)]
                if any(_leads_to(anchor, leaf, above, names, at) for anchor in anchors):
                    return True
    except (ValueError, TypeError, UnsupportedAlgorithm):  # a key or a certificate that nobody can read
        return False
    return False


def _names(record: Tlsa, certificate: x509.Certificate) -> bool:
    """Whether a record's data are this certificate's, or its key's."""
    if record.selector == WHOLE:
        data = certificate.public_bytes(Encoding.DER)
    else:
        data = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hmac.compare_digest(MATCHING[record.matching](data), record.data)


def _leads_to(
    anchor: x509.Certificate,
    leaf: x509.Certificate,
    above: list[x509.Certificate],
    names: Sequence[str],
    at: dt.datetime,
) -> bool:
    builder = PolicyBuilder().store(Store([anchor])).time(at)
    for name in names:
        try:
            builder.build_server_verifier(x509.DNSName(name)).verify(leaf, above)
        except VerificationError:
            continue
        return True
    return False
