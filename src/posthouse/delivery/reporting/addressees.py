"""Whom a domain's reports are for. An address elsewhere gets them only where its domain says so in the DNS, or anybody
could have reports sent to a victim (RFC 7489 §7.1)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from posthouse.wire.auth import dmarc
from posthouse.wire.auth.dmarc_record import read_record
from posthouse.wire.auth.dns import Ask, is_name
from posthouse.wire.smtp.report_addresses import ReportAddress, read_uri

MOST_ADDRESSES = 5


def of_uris(uris: Sequence[str]) -> list[ReportAddress]:
    """Each once; of what is no address that a mail can be written to, nothing."""
    found = [one for one in map(read_uri, uris) if one is not None]
    return list({one.address: one for one in found}.values())[:MOST_ADDRESSES]


async def of_dmarc(ask: Ask, uris: Sequence[str], *, domain: str) -> list[ReportAddress]:
    """Those of `domain`'s record that want its reports. Raises NoAnswer."""
    own = (await dmarc.published(ask, domain)).organisation
    wanted: dict[str, ReportAddress] = {}
    for one in of_uris(uris):
        is_own = one.domain == domain or (await dmarc.published(ask, one.domain)).organisation == own
        for target in [one] if is_own else await _agreed(ask, one, domain=domain):
            wanted.setdefault(target.address, target)
    return list(wanted.values())[:MOST_ADDRESSES]


async def _agreed(ask: Ask, one: ReportAddress, *, domain: str) -> list[ReportAddress]:
    """The record of agreement may name other addresses of the same host instead."""
    name = f"{domain}._report._dmarc.{one.domain}"
    if not is_name(name):
        return []
    texts = await ask(name, "TXT")
    agreed = [text for text in texts if text.partition(";")[0].replace(" ", "") == "v=DMARC1"]
    if len(agreed) != 1:
        return []
    instead = of_uris(_uris(agreed[0]))
    same = [other for other in instead if other.domain == one.domain]
    if instead:
        return [dataclasses.replace(other, max_bytes=other.max_bytes or one.max_bytes) for other in same]
    return [one]


def _uris(text: str) -> Sequence[str]:
    """`p=none` is added, since a record of agreement has no policy."""
    record = read_record(text.rstrip("; ") + "; p=none")
    return () if record is None else record.reports_to
