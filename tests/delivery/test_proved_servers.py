"""What goes to a server and what does not, by what its domain publishes and what it shows; and what the sender is told.

Every way a certificate can be wrong against every way a domain can speak of it: through the queue, to a real server
with real TLS. What must not be sent is not, and the delivery line says why.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509

from tests import make
from tests.api.client import log_in
from tests.base.fake_dns import SERVFAIL, FakeDns, fake_dns
from tests.cast import Cast
from tests.delivery.outside import lines, outside, send, smtp, until
from tests.delivery.test_vacation import idle
from tests.delivery.transport.authority import DAY, Authority
from tests.delivery.transport.peer import Peer
from tests.delivery.transport.test_security import record
from tests.delivery.world import (
    DOMAIN,
    MX,
    POLICY,
    Site,
    dane_demanded,
    forget_policies,
    known_to,
    mx_port,
    proofs,
    routed,
)
from tests.house import RunningHouse

ZOE = f"zoe@{DOMAIN}"
OTHER_KEY = "The server's certificate is not the one its domain publishes (DANE)"
HANDSHAKE = "The TLS handshake with the server failed"
NO_TLS = "The server offers no TLS, which its domain or this route demands"
DUMB = f"The DNS gave no answer about the certificate of {MX}"
DEMANDED = (
    f"DANE is demanded here for {DOMAIN}, and no record that DNSSEC proves names the certificate of {MX}"
)
NOT_NAMED = f"The domain's MTA-STS policy does not name the server {MX}"


@dataclass(frozen=True, slots=True)
class Server:
    """What a server shows, and the certificates that were made for it."""

    context: ssl.SSLContext | None
    shown: x509.Certificate


class World(NamedTuple):
    house: RunningHouse
    cast: Cast
    dns: FakeDns
    site: Site
    authority: Authority
    stranger: Authority


@pytest.fixture
def world(house: RunningHouse, cast: Cast, tmp_path: Path) -> Iterator[World]:
    for name in ("authority", "stranger"):
        (tmp_path / name).mkdir()
    authority, stranger = Authority(tmp_path / "authority"), Authority(tmp_path / "stranger")
    with fake_dns() as dns:
        dns.zone[DOMAIN, "MX"] = [f"10 {MX}."]
        dns.zone[MX, "A"] = ["127.0.0.1"]
        dns.zone[f"mta-sts.{DOMAIN}", "A"] = ["127.0.0.1"]
        with known_to(house, dns, authority) as site:
            yield World(house, cast, dns, site, authority, stranger)


def right(world: World) -> Server:
    return Server(*world.authority.server(MX))


def expired(world: World) -> Server:
    return Server(*world.authority.server(MX, ends=-DAY))


def wrong_name(world: World) -> Server:
    return Server(*world.authority.server("another.test"))


def of_a_stranger(world: World) -> Server:
    return Server(*world.stranger.server(MX))


def self_signed(world: World) -> Server:
    return Server(*world.authority.alone(MX))


def no_tls(world: World) -> Server:
    return Server(None, world.authority.server(MX)[1])


ALL = (right, expired, wrong_name, of_a_stranger, self_signed, no_tls)
Make = Callable[[World], Server]


def fate(world: World, server: Server, *, tlsa: list[str] | None = None) -> tuple[str, str]:
    """The proof with which it was delivered, or the words on the delivery line and that nothing was said."""
    with outside(world.house, tls=server.context) as peer, mx_port(peer.port):
        if tlsa is not None:
            world.dns.secure.add(DOMAIN)
            world.dns.zone[f"_{peer.port}._tcp.{MX}", "TLSA"] = tlsa
        return told(world, peer)


def told(world: World, peer: Peer) -> tuple[str, str]:
    sent = send(world.cast.alice, ZOE)
    state, _, words = until(
        lambda: (line := lines(sent.submission_id)[ZOE])[0] not in ("queued", "sending") and line
    )
    if state == "delivered":
        assert len(peer.messages) == 1
        return "delivered", proofs(sent.submission_id)[0]
    assert state == "retrying", (state, words)
    assert not peer.messages and not any(line[:4] in (b"MAIL", b"RCPT", b"DATA") for line in peer.commands)
    _take_back(sent.submission_id)
    code, _, why = words.partition(" 4.7.5 ")
    assert code == "451", words
    return "waits", why


def _take_back(submission_id: int) -> None:
    """So that it is not tried again in what comes next."""
    from posthouse.base import db, sql

    def end() -> int:
        return sql.run(
            "UPDATE delivery_recipient SET state = 'cancelled', due_at = NULL"
            " WHERE submission_id = %s AND state = 'retrying'",
            [submission_id],
        )

    until(lambda: db.run(end, (), {}) or lines(submission_id)[ZOE][0] in ("delivered", "failed"))


@pytest.mark.parametrize("make", ALL)
def test_the_servers_own_key_is_published(world: World, make: Make) -> None:
    """DANE-EE binds the key; who signed it, for whom and until when does not count (RFC 7671 §5.1)."""
    server = make(world)
    expected = ("waits", NO_TLS) if server.context is None else ("delivered", "dane")
    assert fate(world, server, tlsa=[record(3, 1, 1, server.shown)]) == expected


@pytest.mark.parametrize("make", ALL)
def test_another_key_is_published(world: World, make: Make) -> None:
    server = make(world)
    why = NO_TLS if server.context is None else OTHER_KEY
    assert fate(world, server, tlsa=[record(3, 1, 1, right(world).shown)]) == ("waits", why)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (right, ("delivered", "dane")),
        (expired, ("waits", OTHER_KEY)),
        (wrong_name, ("waits", OTHER_KEY)),
        (of_a_stranger, ("waits", OTHER_KEY)),
        (self_signed, ("waits", OTHER_KEY)),
        (no_tls, ("waits", NO_TLS)),
    ],
)
def test_the_authoritys_key_is_published(world: World, make: Make, expected: tuple[str, str]) -> None:
    assert fate(world, make(world), tlsa=[record(2, 1, 1, world.authority.certificate)]) == expected


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize("text", [r"\# 2 0301", r"\# 3 030101", r"\# 5 030101abcd", "7 1 1 " + "ab" * 32])
def test_a_record_of_no_use_demands_tls_alone(world: World, make: Make, text: str) -> None:
    server = make(world)
    expected = ("waits", NO_TLS) if server.context is None else ("delivered", "")
    assert fate(world, server, tlsa=[text]) == expected


def test_a_record_of_use_counts_beside_one_of_none(world: World) -> None:
    server = self_signed(world)
    assert fate(world, server, tlsa=[r"\# 3 030101", record(3, 1, 1, server.shown)]) == ("delivered", "dane")


@pytest.mark.parametrize("broken", ["tlsa", MX])
def test_what_the_resolver_finds_bogus_waits(world: World, broken: str) -> None:
    """A resolver that validates answers SERVFAIL."""
    server = right(world)
    with outside(world.house, tls=server.context) as peer, mx_port(peer.port):
        world.dns.secure.add(DOMAIN)
        world.dns.broken[f"_{peer.port}._tcp.{MX}" if broken == "tlsa" else broken] = SERVFAIL
        assert told(world, peer) == ("waits", DUMB)


@pytest.mark.parametrize("make", ALL)
def test_a_domain_that_publishes_nothing_gets_its_mail_anyhow(world: World, make: Make) -> None:
    assert fate(world, make(world)) == ("delivered", "")
    assert fate(world, make(world), tlsa=[]) == ("delivered", "")


def test_records_at_the_end_of_an_alias_come_first(world: World) -> None:
    """RFC 7672 §2.1.3: the name behind a proved alias, then the server's own; it is the one that counts."""
    end = "host.sts.test"
    dns, server = world.dns, Server(*world.authority.server(end))
    del dns.zone[MX, "A"]
    dns.zone[MX, "CNAME"] = [f"{end}."]
    dns.zone[end, "A"] = ["127.0.0.1"]
    dns.secure.add(DOMAIN)
    by_authority, another = record(2, 1, 1, world.authority.certificate), record(3, 1, 1, right(world).shown)
    with outside(world.house, tls=server.context) as peer, mx_port(peer.port):
        dns.zone[f"_{peer.port}._tcp.{MX}", "TLSA"] = [another]
        dns.zone[f"_{peer.port}._tcp.{end}", "TLSA"] = [by_authority]
        assert told(world, peer) == ("delivered", "dane")
    with outside(world.house, tls=server.context) as peer, mx_port(peer.port):
        dns.zone[f"_{peer.port}._tcp.{MX}", "TLSA"] = [another]
        assert told(world, peer) == ("waits", OTHER_KEY), "nothing at the end: the server's own name counts"


def test_an_alias_that_leads_out_of_what_is_proved_keeps_its_own_records(world: World) -> None:
    dns = world.dns
    del dns.zone[MX, "A"]
    dns.zone[MX, "CNAME"] = ["host.unproved.test."]
    dns.zone["host.unproved.test", "A"] = ["127.0.0.1"]
    assert fate(world, right(world), tlsa=[record(3, 1, 1, expired(world).shown)]) == ("waits", OTHER_KEY)


def says(world: World, mode: str, *, number: int = 1, mx: str = MX, age: int = 600) -> None:
    world.site.text = POLICY.format(mode=mode, mx=mx, age=age)
    world.dns.zone[f"_mta-sts.{DOMAIN}", "TXT"] = [f'"v=STSv1; id={number};"']


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (right, ("delivered", "mta-sts")),
        (expired, ("waits", HANDSHAKE)),
        (wrong_name, ("waits", HANDSHAKE)),
        (of_a_stranger, ("waits", HANDSHAKE)),
        (self_signed, ("waits", HANDSHAKE)),
        (no_tls, ("waits", NO_TLS)),
    ],
)
def test_a_policy_is_enforced(world: World, make: Make, expected: tuple[str, str]) -> None:
    says(world, "enforce")
    assert fate(world, make(world)) == expected


@pytest.mark.parametrize("make", ALL)
def test_a_policy_that_is_tried_changes_nothing(world: World, make: Make) -> None:
    says(world, "testing")
    assert fate(world, make(world)) == ("delivered", "")


def test_a_policy_that_names_another_server(world: World) -> None:
    says(world, "enforce", mx="*.elsewhere.test")
    assert fate(world, right(world)) == ("waits", NOT_NAMED)
    says(world, "testing", number=2, mx="*.elsewhere.test")
    assert fate(world, right(world)) == ("delivered", "")


def test_a_policy_behind_a_redirect_is_none(world: World) -> None:
    says(world, "enforce")
    world.site.status = 302
    assert fate(world, no_tls(world)) == ("delivered", "")
    assert world.site.asked == 1, "where it leads is not asked"


@pytest.mark.parametrize("make", [expired, wrong_name, of_a_stranger, self_signed])
def test_a_page_whose_own_certificate_does_not_hold_tells_nothing(
    house: RunningHouse, cast: Cast, world: World, make: Make
) -> None:
    """Else whoever stands in the way could write the policy (RFC 8461 §3.3)."""
    with known_to(house, world.dns, world.authority, page=make(world).context) as site:
        there = world._replace(site=site)
        says(there, "enforce", mx="mx.attacker.test")
        assert fate(there, no_tls(there)) == ("delivered", "")
        assert site.asked == 0


def test_a_policy_that_is_known_holds_while_its_page_is_gone_and_ends_with_its_time(world: World) -> None:
    says(world, "enforce")
    assert fate(world, right(world)) == ("delivered", "mta-sts")
    world.site.status = 500
    world.dns.zone[f"_mta-sts.{DOMAIN}", "TXT"] = ['"v=STSv1; id=2;"']
    assert fate(world, no_tls(world)) == ("waits", NO_TLS)
    world.site.status = 200
    says(world, "enforce", number=3, age=0)
    fate(world, right(world))
    del world.dns.zone[f"_mta-sts.{DOMAIN}", "TXT"]
    assert fate(world, no_tls(world)) == ("delivered", ""), "it was for no longer"


def test_dane_is_asked_before_the_policy(world: World) -> None:
    says(world, "enforce", mx="*.elsewhere.test")
    server = self_signed(world)
    assert fate(world, server, tlsa=[record(3, 1, 1, server.shown)]) == ("delivered", "dane")
    assert fate(world, right(world), tlsa=[record(3, 1, 1, server.shown)]) == ("waits", OTHER_KEY)
    forget_policies()


@pytest.mark.parametrize("demanded", [DOMAIN, "*"])
def test_where_the_operator_demands_dane_nothing_else_is_enough(world: World, demanded: str) -> None:
    """RFC 7672 §6; a policy with a certificate that holds would be enough for the domain itself."""
    says(world, "enforce")
    server = right(world)
    with dane_demanded(demanded):
        assert fate(world, server) == ("waits", DEMANDED), "no record"
        assert fate(world, server, tlsa=["3 9 1 " + "ab" * 32]) == ("waits", DEMANDED), "none of use"
        assert fate(world, server, tlsa=[record(3, 1, 1, expired(world).shown)]) == ("waits", OTHER_KEY)
        assert fate(world, server, tlsa=[record(3, 1, 1, server.shown)]) == ("delivered", "dane")
        world.dns.secure.discard(DOMAIN)
        with outside(world.house, tls=server.context) as peer, mx_port(peer.port):
            world.dns.zone[f"_{peer.port}._tcp.{MX}", "TLSA"] = [record(3, 1, 1, server.shown)]
            assert told(world, peer) == ("waits", DEMANDED), "records that nothing proves"
    assert fate(world, server) == ("delivered", "mta-sts"), "and nothing is demanded any more"


def test_a_demand_for_one_domain_is_no_demand_for_another(world: World) -> None:
    with dane_demanded("bank.test", f"sub.{DOMAIN}"):
        assert fate(world, no_tls(world)) == ("delivered", "")


def test_the_line_says_that_the_house_demands_it(world: World) -> None:
    alice = log_in(world.house, world.cast.alice)
    with dane_demanded(DOMAIN), outside(world.house, tls=right(world).context) as peer, mx_port(peer.port):
        sent = send(world.cast.alice, ZOE)
        until(lambda: lines(sent.submission_id)[ZOE][0] == "retrying")
        (line,) = alice.ok(alice.get(f"/submissions/{sent.submission_id}/"))["recipients"]
        assert (line["state"], line["reason"]) == ("retrying", "demanded_here")
        assert line["answer"] == f"451 4.7.5 {DEMANDED}"
        _take_back(sent.submission_id)


@pytest.mark.parametrize("is_proved", [True, False])
def test_a_server_that_the_operator_named_shows_the_records_of_its_name(
    world: World, is_proved: bool
) -> None:
    server = self_signed(world)
    with (
        outside(world.house, tls=server.context) as peer,
        dane_demanded(DOMAIN),
        routed(DOMAIN, MX, peer.port),
    ):
        world.dns.zone[f"_{peer.port}._tcp.{MX}", "TLSA"] = [record(3, 1, 1, server.shown)]
        if is_proved:
            world.dns.secure.add(DOMAIN)
        assert told(world, peer) == (("delivered", "dane") if is_proved else ("waits", DEMANDED))


def test_a_server_that_is_an_address_cannot_show_any(world: World) -> None:
    server = right(world)
    with (
        outside(world.house, tls=server.context) as peer,
        dane_demanded("*"),
        routed(DOMAIN, "127.0.0.1", peer.port),
    ):
        state, words = told(world, peer)
        assert (state, words.rpartition(" ")[2]) == ("waits", "127.0.0.1")


@pytest.mark.parametrize(
    ("header", "options", "is_sent"),
    [("TLS-Required: No", [], True), ("", [], False), ("TLS-Required: No", ["REQUIRETLS"], False)],
)
def test_who_would_have_it_arrive_rather_than_safe_says_so(
    world: World, header: str, options: list[str], is_sent: bool
) -> None:
    """RFC 8689 §5; the demand for TLS outweighs the word that waives it."""
    says(world, "enforce")
    context = ssl.create_default_context(cafile=str(world.house.data / "tls-certificate.pem"))
    context.check_hostname = False
    raw = make.message(sender=world.cast.alice.email, to=ZOE)
    raw = raw.replace(b"Subject:", f"{header}\r\nSubject:".encode(), 1) if header else raw
    with outside(world.house) as peer, mx_port(peer.port):
        with smtp(world.house, "submission") as client:
            client.starttls(context=context)
            client.login(world.cast.alice.email, world.cast.alice.password)
            client.sendmail(world.cast.alice.email, [ZOE], raw, options)
        (found,) = sql_rows(world.cast.alice.account_id)
        until(lambda: lines(found)[ZOE][0] not in ("queued", "sending"))
        assert bool(peer.messages) is is_sent
        if is_sent:
            assert b"TLS-Required: No\r\n" in peer.messages[0]
        else:
            _take_back(found)


def test_a_sender_who_waives_tls_does_not_waive_what_the_operator_demands(world: World) -> None:
    raw = make.message(sender=world.cast.alice.email, to=ZOE)
    raw = raw.replace(b"Subject:", b"TLS-Required: No\r\nSubject:", 1)
    with outside(world.house) as peer, mx_port(peer.port), dane_demanded(DOMAIN):
        with smtp(world.house, "submission", login=world.cast.alice) as client:
            client.sendmail(world.cast.alice.email, [ZOE], raw)
        (found,) = sql_rows(world.cast.alice.account_id)
        until(lambda: lines(found)[ZOE][0] not in ("queued", "sending"))
        assert lines(found)[ZOE][2] == f"451 4.7.5 {DEMANDED}"
        assert not peer.messages
        _take_back(found)


def sql_rows(account_id: int) -> list[int]:
    from posthouse.base import sql

    return [
        row[0]
        for row in sql.rows("SELECT max(id) FROM delivery_submission WHERE account_id = %s", [account_id])
    ]


# --- what comes of a mail is as safe as the mail (RFC 8689 §5, §6) -----------------------------------


def answered(world: World, name: str) -> str:
    alice = log_in(world.house, world.cast.alice)
    alice.ok(alice.patch("/vacation/", {"is_enabled": name == "vacation", "text": "Away"}))
    if name != "bounce":
        return world.cast.alice.email
    from posthouse.delivery.automatic import returning

    return returning.sender_for(ZOE, world.cast.domain)


def bring(world: World, name: str, *, options: tuple[str, ...] = (), header: str = "") -> None:
    """One to which the house answers by itself: by a vacation, a receipt, or by passing on a bounce."""
    to = answered(world, name)
    context = ssl.create_default_context(cafile=str(world.house.data / "tls-certificate.pem"))
    context.check_hostname = False
    raw = make.message(sender=ZOE, to=to)
    raw = raw.replace(b"Subject:", f"{header}\r\nSubject:".encode(), 1) if header else raw
    with smtp(world.house) as client:
        client.starttls(context=context)
        wishes = ["NOTIFY=SUCCESS"] if name == "receipt" else []
        client.sendmail("" if name == "bounce" else ZOE, [to], raw, list(options), wishes)
    idle()


@pytest.mark.parametrize("name", ["vacation", "receipt", "bounce"])
def test_what_comes_of_mail_that_demands_tls_demands_it_too(world: World, name: str) -> None:
    with outside(world.house) as peer, mx_port(peer.port):
        bring(world, name, options=("REQUIRETLS",))
        assert not peer.messages, "in clear"
        forget_answers(world.cast)
        bring(world, name)
        assert len(peer.messages) == 1, "what demands nothing goes in clear"


@pytest.mark.parametrize("name", ["vacation", "receipt", "bounce"])
def test_and_goes_to_whom_is_proved_and_promises_the_same(world: World, name: str) -> None:
    says(world, "enforce")
    promising = ["8BITMIME", "STARTTLS", "REQUIRETLS"]
    with outside(world.house, tls=right(world).context, extensions=promising) as peer, mx_port(peer.port):
        bring(world, name, options=("REQUIRETLS",))
        (said,) = [line for line in peer.commands if line.startswith(b"MAIL")]
        assert said.endswith(b" REQUIRETLS\r\n") and len(peer.messages) == 1


@pytest.mark.parametrize("name", ["vacation", "receipt", "bounce"])
def test_what_comes_of_mail_that_waives_tls_waives_it_too(world: World, name: str) -> None:
    says(world, "enforce")
    with outside(world.house) as peer, mx_port(peer.port):
        bring(world, name)
        assert not peer.messages, "the policy holds for what says nothing"
        take_back_all()
        forget_answers(world.cast)
        bring(world, name, header="TLS-Required: No")
        assert len(peer.messages) == 1
        assert (b"TLS-Required: No\r\n" in peer.messages[0]) or name == "receipt"


def forget_answers(cast: Cast) -> None:
    """So that the same sender is answered again."""
    from posthouse.base import db
    from posthouse.delivery.models import Answered

    db.action(lambda: Answered.objects.filter(account_id=cast.alice.account_id).delete())()


def take_back_all() -> None:
    from posthouse.base import db, sql

    end = "UPDATE delivery_recipient SET state = 'cancelled', due_at = NULL WHERE state = 'retrying' AND domain = %s"
    db.run(sql.run, (end, [DOMAIN]), {})
