"""MTA-STS policies of the domains we send to: fetched over HTTPS, kept until they are over (RFC 8461).

They are kept in the database, since forgetting one at a restart would open the door that it closes. A domain whose
policy cannot be fetched keeps the one that is known; without one, its mail goes as to any other domain (§5.1).
"""

from __future__ import annotations

import ssl
import time

import structlog

from posthouse.base import clock, db, net, net_http
from posthouse.base.errors import Failure
from posthouse.base.net_http import FetchFailed, Limits
from posthouse.delivery import setup
from posthouse.delivery.models import StsPolicy
from posthouse.wire.smtp import mta_sts
from posthouse.wire.smtp.mta_sts import BadPolicy, Found, Mode, Policy

log = structlog.get_logger(__name__)

FETCH = Limits(max_bytes=mta_sts.MAX_BYTES, timeout=30.0, max_redirects=0)
"""§3.3: redirects are not followed, and a minute is the longest to wait."""
TRY_AGAIN_SECONDS = 300.0
MAX_FAILED = 1_000

_failed: dict[tuple[str, str], tuple[float, str]] = {}
"""Policies that could not be had, when, and why (RFC 8460 §4.3.2.2): one that is broken is not asked for with every
e-mail (RFC 8461 §3.3)."""


async def policy_of(domain: str) -> Found:
    """What a domain says of its servers. Never raises for what others do."""
    try:
        name = domain.encode("idna").decode("ascii").lower()
        kept = await db.reading(known, name)
        number = await _published(name)
    except (Failure, UnicodeError):
        return Found()
    old = None if kept is None else kept[1]
    if number is None or (kept is not None and kept[0] == number):
        return Found(old)
    if failure := _failure_of(name, number):
        return Found(old, failure)
    try:
        policy = await _fetched(name)
    except (FetchFailed, BadPolicy) as error:
        failure = _kind_of(error)
        _note_failure(name, number, failure)
        log.info("sts.no_policy", domain=name, failure=failure, reason=getattr(error, "reason", str(error)))
        return Found(old, failure)
    await db.writing(_keep, name, number, policy)
    return Found(policy)


def _kind_of(error: FetchFailed | BadPolicy) -> str:
    """A policy that is there and makes no sense; a page that does not prove whose it is; or none to be had."""
    if isinstance(error, BadPolicy):
        return "sts-policy-invalid"
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "sts-webpki-invalid"
        cause = cause.__cause__
    return "sts-policy-fetch-error"


async def _published(domain: str) -> str | None:
    try:
        return mta_sts.record_id(await net.dns_txt(f"_mta-sts.{domain}", policy=net.policy()))
    except (net.NameMissing, net.DnsFailed):
        return None


async def _fetched(domain: str) -> Policy:
    port = setup.current().sts_port
    host = f"mta-sts.{domain}" if port == 443 else f"mta-sts.{domain}:{port}"
    response = await net_http.request(f"https://{host}/.well-known/mta-sts.txt", limits=FETCH)
    if response.status != 200:
        raise FetchFailed(f"status {response.status}")
    if response.headers.get("content-type", "").partition(";")[0].strip().lower() != "text/plain":
        raise BadPolicy("no plain text")
    return mta_sts.parse_policy(response.body)


def _failure_of(domain: str, number: str) -> str:
    """Why it could not be had a little while ago, or ""."""
    at, failure = _failed.get((domain, number), (-TRY_AGAIN_SECONDS, ""))
    return failure if time.monotonic() - at < TRY_AGAIN_SECONDS else ""


def _note_failure(domain: str, number: str, failure: str) -> None:
    if len(_failed) >= MAX_FAILED:
        _failed.clear()
    _failed[domain, number] = time.monotonic(), failure


def known(domain: str) -> tuple[str, Policy] | None:
    """The number and the policy that are kept of a domain."""
    row = StsPolicy.objects.filter(domain=domain, expires_at__gt=clock.now()).first()
    if row is None:
        return None
    left_seconds = (clock.to_ms(row.expires_at) - clock.now_ms()) // 1000
    return row.number, Policy(mode=Mode(row.mode), max_age_seconds=left_seconds, mx=tuple(row.mx.split()))


@db.action
def _keep(domain: str, number: str, policy: Policy) -> None:
    StsPolicy.objects.filter(expires_at__lt=clock.now()).delete()
    StsPolicy.objects.update_or_create(
        domain=domain,
        defaults={
            "number": number,
            "mode": policy.mode.value,
            "mx": " ".join(policy.mx),
            "expires_at": clock.from_ms(clock.now_ms() + policy.max_age_seconds * 1000),
        },
    )
