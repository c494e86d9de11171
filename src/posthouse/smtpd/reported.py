"""What the checks of a sender found, and what of it the owners of the authors' domains want to be told (DMARC, rua)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from posthouse.wire.auth.arc import Arc
from posthouse.wire.auth.dkim import Dkim
from posthouse.wire.auth.dmarc import Dmarc, Published
from posthouse.wire.auth.dmarc_report import AuthResult, Observed, Row
from posthouse.wire.auth.spf import Spf

MAX_SIGNATURES_TOLD = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`dmarc` begins with one judgement for each of `published`; `is_helo`: SPF is of the name given in HELO."""

    spf: Spf
    dkim: list[Dkim]
    arc: Arc
    dmarc: list[Dmarc]
    published: list[Published | None]
    is_helo: bool


def observed(
    found: Found, ip: str, *, disposition: str, forwarder: str, is_report: bool
) -> Iterator[tuple[str, Observed]]:
    """For each author's domain that asks for reports, the domain of its record, and what is to be told.

    A report whose author is proved is not told about: two servers would go on for ever reporting each other's reports.
    """
    for published, judged in zip(found.published, found.dmarc, strict=False):
        if published is None or published.record is None or not published.record.reports_to:
            continue
        if (is_report and judged.result == "pass") or not _is_plain(published.policy_domain):
            continue
        asked = judged.policy if judged.result == "fail" else "none"
        reason = "" if asked == disposition else "trusted_forwarder" if forwarder else "local_policy"
        row = Row(
            source=_plain(ip),
            count=0,
            disposition=disposition,
            dkim="pass" if "dkim" in judged.proved_by else "fail",
            spf="pass" if "spf" in judged.proved_by else "fail",
            header_from=_kept(judged.domain),
        )
        yield published.policy_domain, Observed(row=row, results=_results(found), reason=reason)


def _results(found: Found) -> tuple[AuthResult, ...]:
    """The signatures that hold first."""
    signatures = sorted(found.dkim, key=lambda one: one.result != "pass")[:MAX_SIGNATURES_TOLD]
    results = [
        AuthResult(method="dkim", domain=_kept(one.domain), result=one.result, detail=_kept(one.selector))
        for one in signatures
        if one.domain
    ]
    scope = "helo" if found.is_helo else "mfrom"
    results.append(
        AuthResult(method="spf", domain=_kept(found.spf.domain), result=found.spf.result, detail=scope)
    )
    return tuple(results)


def _plain(ip: str) -> str:
    address = ip_address(ip)
    return str(getattr(address, "ipv4_mapped", None) or address)


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _kept(text: str) -> str:
    """What strangers write may hold anything; a row holds letters."""
    cut = text[:253]
    return cut if _is_plain(cut) else "".join(one if _is_plain(one) else "?" for one in cut)
