"""What it costs to know who an e-mail is from: one check beside dkimpy and pyspf, and all of them at the door.

The DNS is a local one whose answers last, as those of senders who write often do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import dkim as dkimpy
import spf as pyspf

from benchmarks.messages import SMALL_BYTES, Letter, letters
from benchmarks.report import Work, rounds
from benchmarks.smtp import Case, deliver_once
from benchmarks.systems import DOMAIN, PEOPLE, POSTFIX, POSTHOUSE, NotTrue, System, ours
from posthouse.wire.auth import dkim, spf
from posthouse.wire.auth.message import Message
from tests.base.fake_dns import FakeDns, fake_dns
from tests.peers import PeerUnavailable, dovecot, postfix, posthouse, rspamd
from tests.peers.process import own_folder
from tests.wire.auth.test_dkim import NOW, RSA, by_hand
from tests.wire.auth.zone import Zone, finish

CHECKED, UNCHECKED, DKIMPY, PYSPF = "posthouse, all checks", POSTHOUSE, "dkimpy", "pyspf"
RSPAMD = "postfix+rspamd+dovecot"
TTL_SECONDS = 3600
SPF = "v=spf1 include:_spf.bench.test ip4:192.0.2.0/24 mx -all"
INCLUDED = "v=spf1 ip4:198.51.100.0/24 ip4:203.0.113.0/24 ip4:127.0.0.1 ~all"
DMARC = "v=DMARC1; p=reject; rua=mailto:reports@bench.test"
AT_ONCE = 200
CASE = Case(
    connections=10,
    size_bytes=SMALL_BYTES,
    letters=3000,
    goal="1 × Postfix→Dovecot without a check, 2 × with Rspamd",
)


def measure(systems: Sequence[System], *, quick: bool) -> list[Work]:
    return [*_checks(quick=quick), *_door(systems, quick=quick)]


def _checks(*, quick: bool) -> list[Work]:
    """Each alone, with the answers of the DNS at hand."""
    (letter,) = letters(1, size_bytes=SMALL_BYTES, series="trust")
    signed = by_hand(letter.content, d="bench.test")
    zone = Zone(
        {
            ("key._domainkey.bench.test", "TXT"): [RSA.record],
            ("bench.test", "TXT"): [SPF],
            ("_spf.bench.test", "TXT"): [INCLUDED],
        }
    )

    def verify() -> bool:
        message = Message(signed)
        return finish(dkim.verify(zone, message, dkim.signatures(message)[0], now=NOW)).result == "pass"

    def look_up(name: str, kind: str, *_: object, **__: object) -> list[object]:
        return [((name, kind), (text.encode(),)) for text in finish(zone(name, kind))]

    pyspf.DNSLookup = look_up
    who = {"ip": "127.0.0.1", "mail_from": "writer@bench.test", "helo": "mx.bench.test"}
    verifying = Work(name="DKIM: verify 4 KB, RSA 2048", unit="ms", better="less", goal="0.5 ms")
    asking = Work(name="SPF: one include", unit="ms", better="less")
    by_name: dict[str, tuple[Work, Callable[[], bool]]] = {
        "ours: DKIM": (verifying, verify),
        DKIMPY: (
            verifying,
            lambda: bool(dkimpy.verify(signed, dnsfunc=lambda *_, **__: RSA.record.encode())),
        ),
        "ours: SPF": (asking, lambda: finish(spf.check_host(zone, **who)).result == "pass"),
        PYSPF: (
            asking,
            lambda: pyspf.query(i="127.0.0.1", s=who["mail_from"], h=who["helo"]).check()[0] == "pass",
        ),
    }

    def once(name: str, _number: int) -> None:
        work, check = by_name[name]
        begun = time.perf_counter()
        for _ in range(AT_ONCE):
            if not check():
                raise NotTrue(f"{name} does not verify")
        work.add(
            POSTHOUSE if name.startswith("ours") else name, (time.perf_counter() - begun) / AT_ONCE * 1000
        )

    rounds(2 if quick else 5, list(by_name), once, title="one check")
    return [verifying, asking]


def _door(systems: Sequence[System], *, quick: bool) -> list[Work]:
    """Signed 4 KB e-mails over 10 connections: all checks and the junk filter; neither; Postfix, also with Rspamd."""
    checked = Work(name=CASE.name, unit="/s", better="more", goal=CASE.goal, note="delivered and visible")
    with ExitStack() as stack:
        dns = stack.enter_context(_dns())
        system = stack.enter_context(_checking(dns))
        by_name = {CHECKED: system} | {one.name: one for one in systems if one.name in (UNCHECKED, POSTFIX)}
        try:
            by_name[RSPAMD] = stack.enter_context(_postfix_with_rspamd(dns))
        except PeerUnavailable as reason:
            print(f"{RSPAMD} is left out: {reason}")

        def once(name: str, _number: int) -> None:
            visible, _ = deliver_once(by_name[name], CASE, people=PEOPLE, quick=quick, prepare=_signed)
            checked.add(name, visible)

        rounds(2 if quick else 5, list(by_name), once, title=CASE.name)
        for name in (CHECKED, RSPAMD):
            if name in by_name:
                _insist_on_proof(by_name[name])
    return [checked]


@contextmanager
def _dns() -> Iterator[FakeDns]:
    with fake_dns(ttl=TTL_SECONDS) as dns:
        for name, text in (
            ("bench.test", SPF),
            ("_spf.bench.test", INCLUDED),
            ("_dmarc.bench.test", DMARC),
            ("key._domainkey.bench.test", RSA.record),
        ):
            dns.zone[name, "TXT"] = [" ".join(f'"{text[at : at + 250]}"' for at in range(0, len(text), 250))]
        yield dns


@contextmanager
def _checking(dns: FakeDns) -> Iterator[System]:
    env = {
        "POSTHOUSE_DNS": "{}:{}".format(*dns.address),
        "POSTHOUSE_TRUSTED_PEERS": "none",
        "POSTHOUSE_PEER_RATES": "off",
        "POSTHOUSE_DMARC": "enforce",
    }
    with (
        own_folder("posthouse") as folder,
        posthouse(folder, domain=DOMAIN, people=PEOPLE, env=env) as server,
    ):
        yield ours(server, name=CHECKED)


@contextmanager
def _postfix_with_rspamd(dns: FakeDns) -> Iterator[System]:
    """Rspamd makes the same checks and those of its rules that need nobody else."""
    with (
        dovecot() as store,
        rspamd(dns=dns.address) as scanner,
        postfix(lmtp_port=store.lmtp_port, domain=DOMAIN, settings=scanner.settings) as front,
    ):
        yield System(
            name=RSPAMD,
            smtp_port=front.smtp_port,
            lmtp=False,
            imap_port=store.imap_port,
            password=store.password,
            processes=[front.process, store.process, scanner.process],
            adds_fields=True,
        )


def _signed(letter: Letter) -> Letter:
    content = by_hand(letter.content, d="bench.test")
    return replace(letter, content=content, wire=content.replace(b"\r\n.", b"\r\n..") + b".\r\n")


def _insist_on_proof(system: System) -> None:
    """What was measured were checks that proved something."""
    box = system.imap()
    box.select()
    uid = box.message_ids(1)[-1][0]
    text = box.whole(uid).partition(b"\r\n\r\n")[0]
    box.close()
    if not all(word in text for word in (b"spf=pass", b"dkim=pass", b"dmarc=pass")):
        raise NotTrue("the e-mails were not proved")
