"""Reports about our domains come by mail, and are told to who looks after the domain."""

from __future__ import annotations

import gzip
import json
import time
from email.message import EmailMessage
from typing import Any

import pytest

from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.delivery.outside import inbox, smtp
from tests.house import RunningHouse
from tests.smtpd.checking_door import door, hand_in, published
from tests.wire.auth.dmarc_samples import record, report
from tests.wire.auth.test_dkim import MAIL, by_hand
from tests.wire.mime.test_packed import zipped
from tests.wire.smtp.test_tls_report import REPORT

NOW = int(time.time())


def mail(domain: str, data: bytes, *, subtype: str = "gzip", sender: str = "noreply@there.test") -> bytes:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = f"postmaster@{domain}"
    message["Subject"] = f"Report Domain: {domain} Submitter: there.test Report-ID: <r-1>"
    message["Message-ID"] = f"<{time.monotonic_ns()}@there.test>"
    message.set_content("This is an aggregate report.")
    message.add_attachment(data, maintype="application", subtype=subtype, filename="there.test!x!1!2.xml.gz")
    return message.as_bytes().replace(b"\n", b"\r\n").replace(b"\r\r", b"\r")


def arrive(house: RunningHouse, cast: Cast, raw: bytes) -> None:
    with smtp(house) as client:
        client.sendmail("noreply@there.test", [cast.alice.email], raw)


def seen(house: RunningHouse, cast: Cast) -> dict[str, Any]:
    alice = log_in(house, cast.alice)
    return dict(alice.ok(alice.get(f"/domains/{domain_id(alice)}/reports/")))


def domain_id(client: Client) -> str:
    return str(client.get("/domains/").json["items"][0]["id"])


@pytest.mark.parametrize("form", ["gzip", "zip", "xml"])
def test_who_sends_as_us(house: RunningHouse, cast: Cast, form: str) -> None:
    xml = report(
        record("192.0.2.1", 90), record("198.51.100.7", 10, dkim="fail", disposition="quarantine"),
        domain=cast.domain, end=NOW,
    )  # fmt: skip
    packed = {"gzip": gzip.compress(xml), "zip": zipped(("a.xml", xml)), "xml": xml}[form]
    arrive(house, cast, mail(cast.domain, packed, subtype=form))
    dmarc = seen(house, cast)["dmarc"]
    assert (dmarc["reports"], dmarc["messages"], dmarc["aligned"]) == (1, 100, 90)
    ours, theirs = dmarc["sources"]
    assert (ours["address"], ours["aligned"], ours["signed_by"]) == ("192.0.2.1", 90, "posthouse.test")
    assert (theirs["address"], theirs["aligned"], theirs["kept_away"], theirs["signed_by"]) == (
        "198.51.100.7",
        0,
        10,
        None,
    )
    assert len(inbox(cast.alice)) == 1, "and it lies where it was sent"


def test_a_report_counts_once(house: RunningHouse, cast: Cast) -> None:
    packed = gzip.compress(report(record(), domain=cast.domain, end=NOW))
    for _ in range(2):
        arrive(house, cast, mail(cast.domain, packed))
    assert seen(house, cast)["dmarc"]["messages"] == 3
    arrive(
        house,
        cast,
        mail(cast.domain, gzip.compress(report(record(), domain=cast.domain, number="r-2", end=NOW))),
    )
    assert seen(house, cast)["dmarc"]["messages"] == 6


def test_old_reports_are_not_of_these_days(house: RunningHouse, cast: Cast) -> None:
    arrive(
        house,
        cast,
        mail(cast.domain, gzip.compress(report(record(), domain=cast.domain, end=NOW - 40 * 86_400))),
    )
    assert seen(house, cast)["dmarc"]["reports"] == 0
    alice = log_in(house, cast.alice)
    assert alice.get(f"/domains/{domain_id(alice)}/reports/", days=60).json["dmarc"]["reports"] == 1


def test_tls_reports(house: RunningHouse, cast: Cast) -> None:
    today = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOW))
    policy = {**REPORT["policies"][0], "policy": {"policy-type": "sts", "policy-domain": cast.domain}}
    body = {**REPORT, "date-range": {"start-datetime": today, "end-datetime": today}, "policies": [policy]}
    arrive(house, cast, mail(cast.domain, gzip.compress(json.dumps(body).encode()), subtype="tlsrpt+gzip"))
    tls = seen(house, cast)["tls"]
    assert (tls["reports"], tls["successes"], tls["failures"]) == (1, 5326, 303)
    assert tls["failing"][0] == {
        "kind": "starttls-not-supported", "server": "mx2.posthouse.test", "sessions": 200, "reporters": 1,
    }  # fmt: skip


def test_reports_about_others_are_not_kept(house: RunningHouse, cast: Cast) -> None:
    from posthouse.base import sql

    before = sql.row("SELECT count(*) FROM delivery_domainreport")
    arrive(house, cast, mail(cast.domain, gzip.compress(report(record(), domain="elsewhere.test", end=NOW))))
    arrive(house, cast, mail(cast.domain, b"\x1f\x8bdamaged"))
    arrive(house, cast, mail(cast.domain, gzip.compress(bytes(40_000_000))))
    assert sql.row("SELECT count(*) FROM delivery_domainreport") == before
    assert len(inbox(cast.alice)) == 3


@pytest.mark.parametrize(("signed", "count"), [(True, 1), (False, 0)])
def test_only_a_proved_author_is_believed(house: RunningHouse, cast: Cast, signed: bool, count: int) -> None:
    """bank.example signs its mail in the zone of these tests; anybody could have written the other."""
    raw = mail(
        cast.domain, gzip.compress(report(record(), domain=cast.domain, end=NOW)), sender="r@bank.example"
    )
    assert MAIL
    with published() as dns, door(house, dns) as port:
        content = by_hand(raw) if signed else raw
        assert hand_in(port, cast.alice, content, sender="r@evil.example").startswith(b"250")
    assert seen(house, cast)["dmarc"]["reports"] == count


def test_a_domains_reports_are_for_who_manages_it(house: RunningHouse, cast: Cast) -> None:
    alice = log_in(house, cast.alice)
    path = f"/domains/{domain_id(alice)}/reports/"
    assert log_in(house, cast.bob).get(path).status == 403
    assert log_in(house, cast.mallory).get(path).status == 404
    assert alice.get(path, days=0).status == 400
