"""Where reports go: URIs of `rua` (RFC 7489 §6.2, RFC 8460 §3)."""

from __future__ import annotations

import pytest

from posthouse.wire.auth.dmarc_record import read_record
from posthouse.wire.smtp.report_addresses import ReportAddress, read_uri, tls_uris


@pytest.mark.parametrize(
    ("uri", "address", "max_bytes"),
    [
        ("mailto:a@b.test", "a@b.test", None),
        (" MAILTO:Ann@B.test!10m ", "Ann@b.test", 10 * 1024 * 1024),
        ("mailto:a@b.test!50", "a@b.test", 50),
        ("mailto:a%21b@b.test!1K", "a!b@b.test", 1024),
        ("mailto:a@b.test?subject=x", "a@b.test", None),
    ],
)
def test_an_address(uri: str, address: str, max_bytes: int | None) -> None:
    assert read_uri(uri) == ReportAddress(address=address, max_bytes=max_bytes)


@pytest.mark.parametrize(
    "uri",
    [
        "", "a@b.test", "https://b.test/", "mailto:", "mailto:a", "mailto:a@[192.0.2.1]", "mailto:a@b.test, c@d.test",
        "mailto:a%0d%0aBcc:x@b.test", 'mailto:"a b"@b.test', "mailto:a@b.test!10x", "mailto:\xe4@b.test",
    ],
)  # fmt: skip
def test_what_is_none(uri: str) -> None:
    assert read_uri(uri) is None


def test_the_uris_of_a_record() -> None:
    record = read_record(
        "v=DMARC1; p=none; RUA = mailto:Ann@b.test!1k , https://b.test/ ; rua=mailto:no@b.test"
    )
    assert record is not None and record.reports_to == ("mailto:Ann@b.test!1k", "https://b.test/")
    assert tls_uris("v=TLSRPTv1; rua=mailto:a@b.test,https://b.test/") == (
        "mailto:a@b.test",
        "https://b.test/",
    )
    assert tls_uris("v=TLSRPTv1;") == ()
    assert tls_uris("v=spf1 -all") is None
