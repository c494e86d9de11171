"""Aggregate reports as receivers write them."""

from __future__ import annotations


def record(
    source: str = "192.0.2.1",
    count: object = 3,
    *,
    dkim: str = "pass",
    spf: str = "fail",
    disposition: str = "none",
) -> str:
    return (
        f"<record><row><source_ip>{source}</source_ip><count>{count}</count><policy_evaluated>"
        f"<disposition>{disposition}</disposition><dkim>{dkim}</dkim><spf>{spf}</spf></policy_evaluated></row>"
        "<identifiers><header_from>Posthouse.test</header_from></identifiers><auth_results>"
        "<dkim><domain>other.test</domain><result>fail</result></dkim>"
        f"<dkim><domain>posthouse.test</domain><selector>s</selector><result>{dkim}</result></dkim>"
        f"<spf><domain>bounce.test</domain><result>{spf}</result></spf></auth_results></record>"
    )


def report(
    *records: str,
    domain: str = "posthouse.test",
    number: str = "r-1",
    extra: str = "",
    end: int = 1_800_000_000,
) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{extra}<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0">'
        "<version>1.0</version><report_metadata><org_name>There Mail</org_name><email>noreply@there.test</email>"
        f"<report_id>{number}</report_id><date_range><begin>{end - 86_400}</begin><end>{end}</end></date_range>"
        f"</report_metadata><policy_published><domain>{domain}</domain><adkim>r</adkim><p>quarantine</p>"
        f"<sp>none</sp></policy_published>{''.join(records)}</feedback>"
    ).encode()
