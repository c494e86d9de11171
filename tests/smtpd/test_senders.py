"""Mail from the world at a door that checks senders: what is proved, what is doubted, what is refused."""

from __future__ import annotations

import asyncio
import email
import email.policy
import time
from collections.abc import Iterator
from email.message import EmailMessage
from ipaddress import ip_network

import pytest

from posthouse.wire.auth.results import Header, read_body
from tests import make
from tests.api.client import log_in
from tests.base.fake_dns import SERVFAIL, SILENCE, FakeDns
from tests.cast import Cast, Person
from tests.house import RunningHouse
from tests.smtpd.checking_door import HOST, MAIL, door, hand_in, published, strings
from tests.wire.auth.test_arc import sealed
from tests.wire.auth.test_dkim import ED, by_hand


@pytest.fixture
def dns() -> Iterator[FakeDns]:
    with published() as server:
        yield server


def filed(person: Person) -> dict[str, list[EmailMessage]]:
    """Roles of mailboxes, and what lies in them, the newest last."""
    from posthouse.base import blobs, sql

    found: dict[str, list[EmailMessage]] = {}
    for role, blob_id in sql.rows(
        "SELECT m.role, e.blob_id FROM mail_placement p JOIN mail_email e ON e.id = p.email_id"
        " JOIN mail_mailbox m ON m.id = p.mailbox_id WHERE e.account_id = %s ORDER BY e.id",
        [person.account_id],
    ):
        parsed = email.message_from_bytes(blobs.read(blob_id), policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        found.setdefault(role, []).append(parsed)
    return found


def told(message: EmailMessage) -> Header:
    """Our own header, which must be the only one in our name and stand before Received."""
    names = [name.lower() for name in message]
    assert names.index("authentication-results") < names.index("received")
    ours = [one for one in map(read_body, message.get_all("authentication-results", [])) if one]
    assert [one.authserv_id for one in ours].count(HOST) == 1
    return ours[0]


def results(message: EmailMessage) -> dict[str, str]:
    return {one.method: one.result for one in told(message).results}


def test_mail_that_is_genuine_is_proved(house: RunningHouse, cast: Cast, dns: FakeDns) -> None:
    with door(house, dns) as port:
        assert hand_in(port, cast.alice, by_hand(MAIL)).startswith(b"250")

    (message,) = filed(cast.alice)["inbox"]
    assert results(message) == {"spf": "pass", "dkim": "pass", "dmarc": "pass"}
    found = told(message)
    assert found.of("spf")[0].get("smtp.mailfrom") == "ann@bank.example"
    assert found.of("dkim")[0].get("header.d") == "bank.example"
    assert found.of("dmarc")[0].get("header.from") == "bank.example"
    assert message["Return-Path"] == "<ann@bank.example>"


FORGED = MAIL.replace(b"ann@bank.example", b"ann@%s")


@pytest.mark.parametrize(
    ("obey", "domain", "answer", "role"),
    [
        ("junk", "bank.example", b"250", "junk"),
        ("junk", "soft.example", b"250", "junk"),
        ("junk", "watch.example", b"250", "inbox"),
        ("junk", "silent.example", b"250", "inbox"),
        ("enforce", "bank.example", b"550 5.7.26", "junk"),
        ("enforce", "mail.bank.example", b"550 5.7.26", "junk"),
        ("enforce", "soft.example", b"250", "junk"),
        ("enforce", "watch.example", b"250", "inbox"),
        ("off", "bank.example", b"250", "inbox"),
    ],
)
def test_a_forged_sender(
    house: RunningHouse, cast: Cast, dns: FakeDns, obey: str, domain: str, answer: bytes, role: str
) -> None:
    """SPF proves the envelope's domain, which is not the one that the reader sees."""
    from posthouse.smtpd.senders import Obey

    with door(house, dns, obey=Obey(obey)) as port:
        said = hand_in(port, cast.alice, FORGED % domain.encode(), sender="eve@evil.example")

    assert said.startswith(answer), said
    found = filed(cast.alice)
    assert list(found) == [role], "what is refused can be found"
    wanted = "none" if domain == "silent.example" else "fail"
    assert results(found[role][0]) == {"spf": "pass", "dkim": "none", "dmarc": wanted}


def test_two_authors_do_not_hide_a_forged_one(house: RunningHouse, cast: Cast, dns: FakeDns) -> None:
    both = MAIL.replace(b"Ann <ann@bank.example>", b"eve@evil.example, ann@bank.example")
    twice = b"From: eve@evil.example\r\n" + MAIL
    with door(house, dns) as port:
        for content in (both, twice):
            hand_in(port, cast.alice, content, sender="eve@evil.example")

    assert [results(message)["dmarc"] for message in filed(cast.alice)["junk"]] == ["fail", "fail"]


def test_a_forged_sender_files_nothing(house: RunningHouse, cast: Cast, dns: FakeDns) -> None:
    """A rule that files the bank's mail is for the bank's mail."""
    alice = log_in(house, cast.alice)
    bank = alice.ok(alice.post("/mailboxes/", {"name": "Bank"}), 201)["id"]
    rule = {
        "name": "Bank",
        "conditions": [{"field": "from", "op": "contains", "value": "bank.example"}],
        "actions": [{"do": "file", "mailbox_id": bank}, {"do": "star"}],
    }
    alice.ok(alice.post("/rules/", rule), 201)
    with door(house, dns) as port:
        hand_in(port, cast.alice, MAIL, sender="eve@evil.example")
        hand_in(port, cast.alice, by_hand(MAIL))
    (forged,) = filed(cast.alice)["junk"]
    assert results(forged)["dmarc"] == "fail"
    (genuine,) = alice.get("/emails/", mailbox=bank).json["items"]
    assert genuine["is_flagged"] is True
    in_junk = alice.get("/emails/", mailbox=make.mailbox(cast.alice, "junk")).json["items"]
    assert [row["is_flagged"] for row in in_junk] == [False]


def test_mail_without_an_author_is_no_fault_of_the_dns(house: RunningHouse, cast: Cast, dns: FakeDns) -> None:
    with door(house, dns) as port:
        assert hand_in(port, cast.alice, b"Subject: none\r\n\r\nx\r\n").startswith(b"250")

    assert results(filed(cast.alice)["inbox"][0])["dmarc"] == "permerror"


def test_results_in_our_name_do_not_come_in(house: RunningHouse, cast: Cast, dns: FakeDns) -> None:
    lie = b"Authentication-Results: (x) mail.posthouse.test; dmarc=pass header.from=bank.example\r\n"
    other = b"Authentication-Results: other.test; dmarc=pass\r\n"
    with door(house, dns) as port:
        hand_in(port, cast.alice, lie + other + FORGED % b"soft.example", sender="eve@evil.example")
    with door(house, dns, trusted_peers=None) as port:
        hand_in(port, cast.bob, lie + other + MAIL)

    (message,) = filed(cast.alice)["junk"]
    assert results(message)["dmarc"] == "fail"
    assert [str(field).partition(";")[0] for field in message.get_all("authentication-results")] == [
        HOST,
        "other.test",
    ]
    (message,) = filed(cast.bob)["inbox"]
    assert message.get_all("authentication-results") == ["other.test; dmarc=pass"]


def test_whom_we_trust_costs_no_question(house: RunningHouse, cast: Cast, dns: FakeDns) -> None:
    """Loopback and private networks by default: a test, a demo and a server without DNS wait for nothing."""
    for trusted in (None, (ip_network("127.0.0.0/8"),)):
        with door(house, dns, trusted_peers=trusted) as port:
            assert hand_in(port, cast.alice, sender="eve@evil.example").startswith(b"250")

    assert dns.asked == {}
    assert ["authentication-results" in message for message in filed(cast.alice)["inbox"]] == [False, False]


@pytest.mark.parametrize(
    ("ip", "trusted", "is_checked"),
    [
        ("::ffff:10.1.2.3", "10.0.0.0/8", False),
        ("::ffff:8.8.8.8", "10.0.0.0/8", True),
        ("::ffff:10.1.2.3", None, False),
        ("2606:4700::1", None, True),
        ("fe80::1%eth0", None, False),
        ("", None, False),
    ],
)
def test_who_is_trusted_however_the_socket_writes_it(ip: str, trusted: str | None, is_checked: bool) -> None:
    from posthouse.base.net_guard import NetPolicy
    from posthouse.smtpd.senders import Senders
    from posthouse.wire.smtp.envelope import Envelope, Peer, Service

    async def check() -> bool:
        policy = NetPolicy(dns_server=("127.0.0.1", 9))
        nets = None if trusted is None else (ip_network(trusted),)
        senders = Senders(hostname=HOST, policy=policy, trusted_peers=nets, seconds=0.1)
        peer = Peer(ip=ip, port=1, service=Service.MX, helo="h.test")
        return bool((await senders.check(Envelope(mail_from=None, recipients=()), MAIL, peer)).header)

    assert asyncio.run(check()) is is_checked


@pytest.mark.parametrize("fault", [SERVFAIL, SILENCE])
def test_a_dead_dns_delays_a_little_and_refuses_nothing(
    house: RunningHouse, cast: Cast, dns: FakeDns, fault: str
) -> None:
    from posthouse.smtpd.senders import Obey

    for name in ("bank.example", "_dmarc.bank.example", "key._domainkey.bank.example"):
        dns.broken[name] = fault
    with door(house, dns, obey=Obey.ENFORCE, seconds=0.5) as port:
        begun = time.monotonic()
        assert hand_in(port, cast.alice, by_hand(MAIL)).startswith(b"250")
        assert time.monotonic() - begun < 3
        dns.broken.pop("_dmarc.bank.example")

    with door(house, dns, obey=Obey.ENFORCE, seconds=0.5) as port:
        assert hand_in(port, cast.alice, by_hand(MAIL)).startswith(b"250")

    for message in filed(cast.alice)["inbox"]:
        assert results(message) == {"spf": "temperror", "dkim": "temperror", "dmarc": "temperror"}


def test_a_crowd_asks_once(house: RunningHouse, cast: Cast, dns: FakeDns) -> None:
    """Nobody asks again what is being asked, or what was answered within its time (none here has any but absence)."""
    from concurrent.futures import ThreadPoolExecutor

    with door(house, dns) as port, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: hand_in(port, cast.alice, by_hand(MAIL)), range(8)))
        hand_in(port, cast.alice, by_hand(MAIL))

    assert len(filed(cast.alice)["inbox"]) == 9
    assert dns.asked["_dmarc.example", "TXT"] == 1
    assert dns.asked["bank.example", "TXT"] <= 9


def test_a_forwarder_whom_the_operator_trusts_is_believed(
    house: RunningHouse, cast: Cast, dns: FakeDns
) -> None:
    """A list broke the signature and comes from elsewhere, but sealed that it saw it whole."""
    from posthouse.smtpd.senders import Obey

    through_list = sealed(MAIL.replace(b"Subject: ", b"Subject: [list] "), "list.example")
    with door(house, dns, obey=Obey.ENFORCE) as port:
        assert hand_in(port, cast.alice, through_list, sender="list@evil.example").startswith(b"550 5.7.26")
    with door(house, dns, obey=Obey.ENFORCE, arc_trusted=["List.example"]) as port:
        assert hand_in(port, cast.alice, through_list, sender="list@evil.example").startswith(b"250")
        lied = through_list.replace(b"[list]", b"[lies]")
        assert hand_in(port, cast.alice, lied, sender="list@evil.example").startswith(b"550 5.7.26")

    (message,) = filed(cast.alice)["inbox"]
    assert results(message) == {"spf": "pass", "dkim": "none", "dmarc": "fail", "arc": "pass"}
    assert told(message).of("dmarc")[0].get("policy.dmarc") == "none"
    assert "list.example" in told(message).of("dmarc")[0].reason


def test_a_bounce_is_judged_by_the_name_of_its_server(house: RunningHouse, cast: Cast, dns: FakeDns) -> None:
    dns.zone["mx.bank.example", "TXT"] = [strings("v=spf1 ip4:127.0.0.1 -all")]
    with door(house, dns) as port:
        hand_in(port, cast.alice, MAIL, sender="")

    found = told(filed(cast.alice)["inbox"][0])
    assert found.of("spf")[0].get("smtp.helo") == "mx.bank.example"
    assert [found.of(name)[0].result for name in ("spf", "dmarc")] == ["pass", "pass"]


def test_a_large_mail_is_checked_too(house: RunningHouse, cast: Cast, dns: FakeDns) -> None:
    dns.zone["key._domainkey.bank.example", "TXT"] = [strings(ED.record)]
    large = MAIL + b"line  of text \r\n" * 200_000
    with door(house, dns) as port:
        hand_in(port, cast.alice, by_hand(large, ED))

    assert results(filed(cast.alice)["inbox"][0])["dkim"] == "pass"


def test_the_log_says_what_was_found(house: RunningHouse, cast: Cast, dns: FakeDns) -> None:
    from structlog.contextvars import merge_contextvars
    from structlog.testing import capture_logs

    from posthouse.smtpd.senders import Obey

    with door(house, dns, obey=Obey.ENFORCE) as port, capture_logs(processors=[merge_contextvars]) as lines:
        hand_in(port, cast.alice, sender="eve@evil.example")
        hand_in(port, cast.alice, by_hand(MAIL))

    found = [line for line in lines if line["event"] == "smtp.message"]
    assert [
        (line["code"], line["spf"], line["dkim"], line["dmarc"], line["from_domain"]) for line in found
    ] == [
        (550, "pass", "none", "fail", "bank.example"),
        (250, "pass", "pass", "pass", "bank.example"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        MAIL.replace(b"\r\n\r\n", b"\r\nX: " + b"x" * 300_000 + b"\r\n\r\n", 1),
        b"From: a@a.test, b@b.test, c@c.test, ann@bank.example, e@e.test, f@f.test\r\n\r\nx\r\n",
        b"From: a@evil.example\r\nnot a field\r\n" + MAIL,
    ],
    ids=["a header without end", "a crowd of authors", "a line that is no field"],
)
def test_no_odd_header_hides_an_author(house: RunningHouse, cast: Cast, dns: FakeDns, content: bytes) -> None:
    with door(house, dns) as port:
        assert hand_in(port, cast.alice, content, sender="eve@evil.example").startswith(b"250")

    assert list(filed(cast.alice)) == ["junk"]


def test_a_fault_of_ours_keeps_no_mail_out(
    house: RunningHouse, cast: Cast, dns: FakeDns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What broke is "temperror", the rest goes on, and the log says so."""
    from structlog.testing import capture_logs

    from posthouse.base.net_dns import Answers

    class BrokenAnswers(Answers):
        async def __call__(self, name: str, kind: str) -> tuple[str, ...]:
            if name.startswith("key."):
                raise LookupError("a fault")
            return await super().__call__(name, kind)

    monkeypatch.setattr("posthouse.smtpd.senders.Answers", BrokenAnswers)
    with door(house, dns) as port, capture_logs() as lines:
        assert hand_in(port, cast.alice, by_hand(MAIL)).startswith(b"250")

    assert results(filed(cast.alice)["inbox"][0]) == {"spf": "pass", "dkim": "temperror", "dmarc": "pass"}
    assert [line["event"] for line in lines if line["log_level"] == "error"] == ["smtp.check_broke"]
