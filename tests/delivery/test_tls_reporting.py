"""How TLS went with the servers of a domain is told to the domain, where it asks for it (RFC 8460)."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable, Iterator

import pytest

from posthouse.wire.smtp.tls_report import TlsReport
from tests.base.fake_dns import SERVFAIL
from tests.delivery.outside import bytes_of, outside, until
from tests.delivery.test_proved_servers import (
    Server,
    World,
    expired,
    fate,
    no_tls,
    of_a_stranger,
    right,
    says,
    self_signed,
    told,
    world,
    wrong_name,
)
from tests.delivery.test_reporting import DAY, nothing_waits, reporting, run
from tests.delivery.transport.peer import Peer
from tests.delivery.transport.test_security import record
from tests.delivery.world import DOMAIN, MX, known_to, mx_port
from tests.identity.factors import moving_clock

__all__ = ["world"]

THERE = "reports.test"
Count = tuple[str, str, str, int]


@pytest.fixture
def asking(world: World) -> Iterator[Peer]:
    """The domain wants reports at another, which takes them; and we send some."""
    world.dns.zone[f"_smtp._tls.{DOMAIN}", "TXT"] = [
        f'"v=TLSRPTv1; rua=mailto:tls@{THERE},https://{THERE}/v1"'
    ]
    with reporting(world.house, f"postmaster@{world.cast.domain}"), outside(world.house, THERE) as peer:
        yield peer
    forget()


def forget() -> None:
    from posthouse.base import db, sql

    db.run(sql.run, ("DELETE FROM delivery_seen WHERE domain = %s", [DOMAIN]), {})


def counted() -> list[Count]:
    """Policy, failure, server and how often."""
    import json

    from posthouse.base import sql

    rows = sql.rows("SELECT content, times FROM delivery_seen WHERE kind = 'tls' AND domain = %s", [DOMAIN])
    return sorted((*json.loads(content), times) for content, times in rows)


def reported(world: World, peer: Peer) -> tuple[TlsReport, bytes]:
    """The one report that comes when the day is over, as our own door reads it."""
    from posthouse.delivery.domains import domain_reports
    from posthouse.mail import storing
    from posthouse.smtpd.checked import looks_like_report_of_domain
    from posthouse.wire.auth.judgement import UNCHECKED

    with moving_clock() as move:
        move(2 * DAY)
        run(world.house)
        run(world.house)
        until(lambda: peer.messages)
    assert nothing_waits(DOMAIN)
    (raw,) = [bytes_of(one) for one in peer.messages]
    assert looks_like_report_of_domain(raw)
    found = domain_reports.read(raw, storing.prepare(raw), UNCHECKED)
    assert found is not None
    (report,) = found.tls
    return report, raw


@pytest.mark.parametrize(
    ("make", "failure"),
    [
        (right, ""),
        (expired, "certificate-expired"),
        (wrong_name, "certificate-host-mismatch"),
        (of_a_stranger, "certificate-not-trusted"),
        (self_signed, "certificate-not-trusted"),
        (no_tls, "starttls-not-supported"),
    ],
)
def test_a_policy_in_testing_mode_is_told_of_what_would_fail(
    world: World, asking: Peer, make: Callable[[World], object], failure: str
) -> None:
    says(world, "testing")
    assert fate(world, make(world))[0] == "delivered"  # type: ignore[arg-type]
    until(counted)
    assert counted() == [("sts", failure, MX if failure else "", 1)]
    report, raw = reported(world, asking)
    assert (report.reporter, report.domain) == ("Posthouse & Sons", DOMAIN)
    assert (report.successes, report.failures) == ((0, 1) if failure else (1, 0))
    assert [(one.kind, one.server, one.policy) for one in report.failing] == (
        [(failure, MX, "sts")] if failure else []
    )
    assert report.end - report.begin == DAY - 1
    mail = email.message_from_bytes(raw, policy=email.policy.SMTP)
    assert (mail["To"], mail["TLS-Report-Domain"]) == (f"tls@{THERE}", DOMAIN)
    assert mail["TLS-Report-Submitter"] == world.cast.domain
    assert (mail.get_content_type(), mail.get_param("report-type")) == ("multipart/report", "tlsrpt")
    (_, packed) = mail.iter_parts()  # type: ignore[attr-defined]
    assert packed.get_content_type() == "application/tlsrpt+gzip"
    assert packed.get_filename() == f"{world.cast.domain}!{DOMAIN}!{report.begin}!{report.end}.json.gz"


def test_a_server_that_the_policy_does_not_name(world: World, asking: Peer) -> None:
    says(world, "testing", mx="*.elsewhere.test")
    assert fate(world, right(world))[0] == "delivered"
    until(counted)
    assert counted() == [("sts", "validation-failure", MX, 1)]


@pytest.mark.parametrize(("make", "failure"), [(expired, ""), (no_tls, "starttls-not-supported")])
def test_without_a_policy(world: World, asking: Peer, make: Callable[[World], object], failure: str) -> None:
    assert fate(world, make(world))[0] == "delivered"  # type: ignore[arg-type]
    until(counted)
    assert counted() == [("no-policy-found", failure, MX if failure else "", 1)]


def test_what_waits_is_told_too(world: World, asking: Peer) -> None:
    """By DANE, and by a policy that is enforced."""
    server = right(world)
    says(world, "enforce")
    assert fate(world, server, tlsa=[record(3, 1, 1, expired(world).shown)])[0] == "waits"
    assert fate(world, expired(world))[0] == "waits"
    assert fate(world, server) == ("delivered", "mta-sts")
    until(lambda: len(counted()) == 3)
    assert [one[:3] for one in counted()] == [
        ("sts", "", ""),
        ("sts", "certificate-expired", MX),
        ("tlsa", "validation-failure", MX),
    ]
    report, raw = reported(world, asking)
    assert report.successes == 1 and report.failures >= 2
    assert b"TLS-Report-Domain" in raw


def hidden(world: World) -> None:
    world.site.status = 404


def nonsense(world: World) -> None:
    world.site.text = "nonsense"


def of_another_kind(world: World) -> None:
    world.site.kind = "text/html"


@pytest.mark.parametrize(
    ("spoil", "failure"),
    [
        (hidden, "sts-policy-fetch-error"),
        (nonsense, "sts-policy-invalid"),
        (of_another_kind, "sts-policy-invalid"),
    ],
)
def test_a_policy_that_cannot_be_had_is_told_by_its_kind(
    world: World, asking: Peer, spoil: Callable[[World], None], failure: str
) -> None:
    """RFC 8460 §4.3.2.2; each session that went without it counts, and goes on as if there were none."""
    says(world, "enforce")
    spoil(world)
    for _ in range(2):
        assert fate(world, right(world))[0] == "delivered"
    until(lambda: sum(one[3] for one in counted()) == 4)
    assert counted() == [("no-policy-found", "", "", 2), ("sts", failure, "", 2)]
    assert world.site.asked == 1
    report, _ = reported(world, asking)
    assert (report.successes, report.failures) == (2, 2)
    assert [(one.kind, one.server, one.count, one.policy) for one in report.failing] == [
        (failure, "", 2, "sts")
    ]


@pytest.mark.parametrize("make", [expired, wrong_name, of_a_stranger, self_signed])
def test_a_page_that_does_not_prove_whose_it_is(
    world: World, asking: Peer, make: Callable[[World], Server]
) -> None:
    with known_to(world.house, world.dns, world.authority, page=make(world).context) as site:
        says(world._replace(site=site), "enforce")
        assert fate(world, right(world))[0] == "delivered"
        until(lambda: len(counted()) == 2)
        assert counted()[1] == ("sts", "sts-webpki-invalid", "", 1)


def test_a_policy_that_is_known_holds_and_is_told_of(world: World, asking: Peer) -> None:
    says(world, "enforce")
    assert fate(world, right(world)) == ("delivered", "mta-sts")
    world.site.status = 500
    world.dns.zone[f"_mta-sts.{DOMAIN}", "TXT"] = ['"v=STSv1; id=2;"']
    assert fate(world, right(world)) == ("delivered", "mta-sts")
    until(lambda: len(counted()) == 2)
    assert counted() == [("sts", "", "", 2), ("sts", "sts-policy-fetch-error", "", 1)]


def test_records_of_which_none_is_of_use(world: World, asking: Peer) -> None:
    """RFC 8460 §4.3.2.1; TLS is demanded all the same, and the mail goes."""
    assert fate(world, right(world), tlsa=["\\# 2 0301"])[0] == "delivered"
    until(counted)
    assert counted() == [("tlsa", "tlsa-invalid", MX, 1)]


def test_a_dns_that_will_not_say_what_the_server_must_show(world: World, asking: Peer) -> None:
    with outside(world.house, tls=right(world).context) as peer, mx_port(peer.port):
        world.dns.secure.add(DOMAIN)
        world.dns.broken[f"_{peer.port}._tcp.{MX}"] = SERVFAIL
        assert told(world, peer)[0] == "waits"
    until(counted)
    assert counted()[0][:3] == ("tlsa", "dnssec-invalid", MX)


def test_the_report_itself_goes_whatever_tls_does(world: World, asking: Peer) -> None:
    """RFC 8460 §3: it would else be kept from telling what is wrong; and it is not counted."""
    says(world, "enforce")
    world.dns.zone[f"_smtp._tls.{DOMAIN}", "TXT"] = [f'"v=TLSRPTv1; rua=mailto:tls@{DOMAIN}"']
    assert fate(world, expired(world))[0] == "waits"
    until(counted)
    with outside(world.house, tls=expired(world).context) as own, mx_port(own.port):
        reported(world, own)
    assert not asking.messages


def test_who_does_not_ask_is_told_nothing(world: World, asking: Peer) -> None:
    from posthouse.base import sql

    del world.dns.zone[f"_smtp._tls.{DOMAIN}", "TXT"]
    assert fate(world, no_tls(world))[0] == "delivered"
    until(counted)
    before = sql.row("SELECT count(*) FROM delivery_submission")
    with moving_clock() as move:
        move(2 * DAY)
        run(world.house)
    assert nothing_waits(DOMAIN)
    assert sql.row("SELECT count(*) FROM delivery_submission") == before


def test_off_by_default(world: World) -> None:
    import time

    says(world, "testing")
    assert fate(world, no_tls(world)) == ("delivered", "")
    time.sleep(3)  # longer than it is gathered for
    assert counted() == []
