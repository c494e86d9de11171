"""What TLS a server must show before it gets the mail: DANE first, else MTA-STS, else what it offers (RFC 7672, 8461).

A domain that publishes TLSA records under DNSSEC, or a policy, is believed: its mail waits rather than going in clear
or to a stranger. DANE comes first because it is proved down from the root (RFC 8461 §2). Servers that the operator
named are his business, unless he demands DANE of them (RFC 7672 §6).
"""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_address
from typing import NamedTuple

from posthouse.base import net
from posthouse.base.net import DnsFailed, NetPolicy
from posthouse.delivery.transport.outcome import SessionFailed, permanent, temporary
from posthouse.delivery.transport.routes import Hop, Tls, in_ascii
from posthouse.wire.smtp.mta_sts import Mode, Policy
from posthouse.wire.smtp.tlsa import Tlsa

DNSSEC_INVALID, TLSA_INVALID, DANE_REQUIRED = "dnssec-invalid", "tlsa-invalid", "dane-required"
DANE_FAILURES = frozenset({DNSSEC_INVALID, TLSA_INVALID, DANE_REQUIRED})
"""RFC 8460 §4.3.2.1."""
UNREADABLE = Tlsa(0, 0, 0, b"")
"""Of no use, as those are of which the data are of the wrong length (RFC 7672 §2.1.1)."""


async def is_proved(domain: str, policy: NetPolicy) -> bool:
    """Whether DNSSEC proves which servers take a domain's mail; without that, their records prove nothing."""
    try:
        return (await net.dns_proved(domain, "MX", policy=policy)).is_secure
    except DnsFailed:
        return False


class Demands(NamedTuple):
    """What is known of a domain. `is_proved`: DNSSEC says which servers take its mail; `is_by_dane`: the operator wants
    it sent to with DANE alone, whatever the domain asks for; `sts`: its policy."""

    is_proved: bool
    is_by_dane: bool = False
    sts: Policy | None = None


async def demanded(hop: Hop, demands: Demands, *, domain: str, policy: NetPolicy) -> Hop:
    """The hop with the TLS that its domain, or the operator, demands.

    Raises SessionFailed where the policy does not name it, the DNS will not say what it must show, or DANE is demanded
    and nothing that is proved and of use names its certificate.
    """
    sts, is_proved = demands.sts, demands.is_proved
    if demands.is_by_dane:
        return await _by_dane(hop, domain=domain, is_proved=is_proved, policy=policy)
    if is_proved and (found := await _as_published(hop, domain, policy)):
        return found
    if sts is not None and (sts.mode is Mode.ENFORCE or hop.is_trial):
        if not sts.takes(hop.host):
            words = f"The domain's MTA-STS policy does not name the server {hop.host}"
            raise SessionFailed(temporary("4.7.5", words), host=hop.host, tls_failure="validation-failure")
        return replace(hop, tls=Tls.VERIFIED, proof="mta-sts")
    return hop


async def _as_published(hop: Hop, domain: str, policy: NetPolicy) -> Hop | None:
    """The hop with what its TLSA records say; None where there are none."""
    base, records = await _tlsa(hop, policy)
    if not records:
        return None
    usable = tuple(one for one in records if one.is_usable)
    names = (base, in_ascii(domain))  # RFC 7672 §3.2.2
    return replace(hop, tls=Tls.DANE, tlsa=usable, names=names, proof="dane" if usable else "", policy="tlsa")


async def _by_dane(hop: Hop, *, domain: str, is_proved: bool, policy: NetPolicy) -> Hop:
    """Who takes the mail by the operator's word shows the records of its own name; where TLS is from the first byte,
    none are asked for."""
    if (is_proved or hop.is_configured) and hop.tls is not Tls.IMPLICIT and not _is_address(hop.host):
        found = await _as_published(hop, hop.host if hop.is_configured else domain, policy)
        if found is not None and found.tlsa:
            return found
    words = f"DANE is demanded here for {domain}, and no record that DNSSEC proves names the certificate of {hop.host}"
    raise SessionFailed(temporary("4.7.5", words), host=hop.host, tls_failure=DANE_REQUIRED)


def _is_address(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def watched(hops: Sequence[Hop], *, domain: str, sts: Policy | None) -> list[Hop]:
    """Hops that are counted, for reports to the domain. A policy in testing mode has each server asked for what it
    would have to show, and if it does not, once more as if there were none (RFC 8461 §5)."""
    kind = "no-policy-found" if sts is None or sts.mode is Mode.NONE else "sts"
    name = in_ascii(domain).lower()
    counted = [replace(hop, domain=name, policy=kind) for hop in hops]
    if sts is None or sts.mode is not Mode.TESTING:
        return counted
    return [
        one
        for hop, plain in zip(counted, hops, strict=True)
        for one in (replace(hop, is_trial=True), replace(plain, is_again=True))
    ]


def misses(hop: Hop) -> str:
    """What a domain gets told though the session went well: records of which none is of use (RFC 8460 §4.3.2.1)."""
    return TLSA_INVALID if hop.tls is Tls.DANE and not hop.tlsa else ""


def required(hop: Hop, *, is_proved: bool) -> Hop:
    """The hop for mail that may go to nobody but a server that proves who it is (RFC 8689 §4.2.1).

    `is_proved`: DNSSEC says that the server takes the domain's mail. Raises SessionFailed where neither that nor
    MTA-STS nor the operator does.
    """
    if hop.tls in (Tls.VERIFIED, Tls.IMPLICIT) or (hop.tls is Tls.DANE and hop.tlsa):
        return hop
    if hop.is_configured or is_proved:
        return replace(hop, tls=Tls.VERIFIED, tlsa=(), proof="certificate")
    words = f"The sender demands proved TLS (REQUIRETLS), and nothing proves that {hop.host} takes this domain's mail"
    raise SessionFailed(permanent("5.7.10", words), host=hop.host)


async def _tlsa(hop: Hop, policy: NetPolicy) -> tuple[str, list[Tlsa]]:
    """Records that DNSSEC proves, and the name they are for. They are not asked for where the address is unproved: many
    such DNS servers answer questions about TLSA with a failure (RFC 7672 §2.2.2)."""
    try:
        for name in await _bases(hop, policy):
            found = await net.dns_in_part(f"_{hop.port}._tcp.{name}", "TLSA", policy=policy)
            if found.is_secure and (found.records or found.unreadable):
                return name, [*map(_record, found.records), *[UNREADABLE] * found.unreadable]
    except DnsFailed as error:  # somebody may be keeping the records from us (RFC 7672 §2.1.2)
        words = f"The DNS gave no answer about the certificate of {hop.host}"
        raise SessionFailed(temporary("4.7.5", words), host=hop.host, tls_failure=DNSSEC_INVALID) from error
    return hop.host, []


async def _bases(hop: Hop, policy: NetPolicy) -> list[str]:
    """Names to look for records at: where a proved alias leads, then the server's own (RFC 7672 §2.1.3, §2.2.2)."""
    found = [await net.dns_proved(hop.host, kind, policy=policy) for kind in ("A", "AAAA")]
    there = [one for one in found if one.records]
    if proved := [one.name for one in there if one.is_secure]:
        return list(dict.fromkeys([*proved, hop.host]))
    if any(one.name.lower() != hop.host.lower() for one in there):
        alias = await net.dns_proved(hop.host, "CNAME", policy=policy)
        return [hop.host] if alias.is_secure and alias.records else []
    return []


def _record(text: str) -> Tlsa:
    usage, selector, matching, data = text.split(None, 3)
    return Tlsa(int(usage), int(selector), int(matching), bytes.fromhex(data))


def is_vouched_for(session: ssl.SSLObject, hop: Hop) -> bool:
    """Whether what a server showed is what its TLSA records say; records of kinds we cannot use vouch for anybody, and
    demand TLS all the same (RFC 7672 §2.2)."""
    if not hop.tlsa:
        return True
    from posthouse.wire.smtp import dane  # reads certificates: large, and wanted by those who send alone

    return dane.is_vouched_for(
        _chain(session), hop.tlsa, names=hop.names or [hop.host], at=dt.datetime.now(dt.UTC)
    )


def _chain(session: ssl.SSLObject) -> list[bytes]:
    """DER, as it was sent. Public since Python 3.13, there before."""
    if hasattr(session, "get_unverified_chain"):
        return list(session.get_unverified_chain())
    inner = session._sslobj  # type: ignore[attr-defined]
    return [bytes(one.public_bytes(_ENCODING_DER)) for one in inner.get_unverified_chain() or ()]


_ENCODING_DER = 2  # CPython's Modules/_ssl.h, PY_SSL_ENCODING_DER
