"""SPF: the test suite of RFC 7208 (openspf.org, release 2014.04), pyspf beside ours, and what both leave out."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import spf as pyspf
import yaml

from posthouse.wire.auth.dns import NoAnswer
from posthouse.wire.auth.spf import check_host
from tests.wire.auth.zone import Zone, finish

SUITE = Path(__file__).with_name("rfc7208-tests.yml")


def _cases() -> Iterator[Any]:
    for scenario in yaml.safe_load_all(SUITE.read_text()):
        for name, case in scenario["tests"].items():
            yield pytest.param(scenario["zonedata"], case, id=name)


class SuiteZone(Zone):
    """The zone of a scenario: "TIMEOUT" answers nothing, type SPF stands for TXT where there is no TXT."""

    def __init__(self, data: dict[str, list[Any]]) -> None:
        super().__init__()
        self._late: set[tuple[str, str]] = set()
        for name, entries in data.items():
            low = name.lower()
            has_txt = any(isinstance(entry, dict) and "TXT" in entry for entry in entries)
            for entry in entries:
                if entry == "TIMEOUT":
                    self.dead.add(low)
                    continue
                ((kind, value),) = entry.items()
                if kind == "SPF" and not has_txt:
                    kind = "TXT"
                if value == "TIMEOUT":
                    self._late.add((low, kind))
                elif value != "NONE":
                    self.records.setdefault((low, kind), []).append(_text(kind, value))

    async def __call__(self, name: str, kind: str) -> Any:
        low = name.lower().removesuffix(".")
        if (low, kind) in self.records:
            return self.records[low, kind]
        if (low, kind) in self._late:
            raise NoAnswer
        return await super().__call__(name, kind)


def _text(kind: str, value: Any) -> str:
    if kind == "MX":
        return f"{value[0]} {value[1]}."
    joined = "".join(value) if isinstance(value, list) else str(value)
    return joined.encode("utf-8").decode("latin-1") if kind in ("TXT", "SPF") else joined


@pytest.mark.parametrize(("data", "case"), list(_cases()))
def test_the_suite_of_rfc_7208(data: dict[str, list[Any]], case: dict[str, Any]) -> None:
    found = finish(
        check_host(SuiteZone(data), ip=case["host"], mail_from=case["mailfrom"], helo=case["helo"], now=1)
    )

    wanted = case["result"] if isinstance(case["result"], list) else [case["result"]]
    assert found.result in wanted, found
    words = case.get("explanation")
    if words is not None and found.result == "fail":
        assert found.explanation == ("" if words == "DEFAULT" else words)


TERMS = (
    "a", "a:b.test", "a:b.test/24", "a/8//32", "a:none.test", "a:dead.test", "a:", "a:%{x}.test", "a:b.test//129",
    "mx", "mx:b.test", "mx/16", "mx:none.test", "mx:b.test/33", "ptr", "ptr:b.test", "ip4:192.0.2.0/24",
    "ip4:192.0.2.1", "ip4:192.0.2.300", "ip4:", "ip6:2001:db8::/32", "ip6:::1", "include:b.test",
    "include:c.test", "include:none.test", "include:d.test", "Include:B.test", "exists:%{i}.x.test",
    "exists:%{l}.%{d2}", "exists:%{ir}.%{v}.test", "redirect=b.test", "redirect=none.test", "redirect=d.test",
    "exp=e.test", "unknown=%{s}", "unknown", "all", "ALL",
)  # fmt: skip
NAMES = {
    "192.0.2.1": ["b.test.", "a.test."],
    "198.51.100.7": ["none.test.", "b.test."],
    "2001:db8::7": ["b.test."],
    "203.0.113.1": ["a.test."],
}


def _random_zone(dice: random.Random) -> Zone:
    zone = Zone(
        {
            ("a.test", "A"): ["192.0.2.9"],
            ("b.test", "A"): ["198.51.100.7", "192.0.2.1"],
            ("b.test", "AAAA"): ["2001:db8::7"],
            ("a.test", "MX"): ["10 b.test."],
            ("b.test", "MX"): ["10 a.test.", "20 none.test."],
            ("192.0.2.1.x.test", "A"): ["127.0.0.2"],
            ("e.test", "TXT"): ["%{i} may not"],
        }
    )
    for ip, names in NAMES.items():
        zone.records[ip_address(ip).reverse_pointer, "PTR"] = names
    zone.dead.add("dead.test")
    for name in ("a.test", "b.test", "c.test", "d.test"):
        terms = [
            dice.choice("+-~??") * (dice.random() < 0.5) + dice.choice(TERMS)
            for _ in range(dice.randrange(5))
        ]
        terms = [term.lstrip("+-~?") if "=" in term else term for term in terms]
        if terms.count("unknown=%{s}") > 1:
            terms = []  # pyspf lets unknown ones stand once, RFC 7208 §6 any number of times
        zone.records[name, "TXT"] = [" ".join(["v=spf1", *terms, *["-all"] * dice.randrange(2)])]
    return zone


def test_the_oracle_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    """pyspf on the same thousand zones of made-up records."""
    dice, seen = random.Random(7208), Counter[str]()
    for _ in range(1_000):
        zone = _random_zone(dice)

        def lookup(name: str, kind: str, *_: Any, zone: Zone = zone, **__: Any) -> list[Any]:
            try:
                found = finish(zone(name, kind))
            except NoAnswer:
                raise pyspf.TempError("DNS timeout") from None
            return [((name, kind), _for_pyspf(kind, text)) for text in found]

        monkeypatch.setattr(pyspf, "DNSLookup", lookup)
        for ip in NAMES:
            theirs = pyspf.query(i=ip, s="ann@a.test", h="h.test", strict=1).check()[0]
            ours = finish(check_host(zone, ip=ip, mail_from="ann@a.test", helo="h.test")).result
            assert ours == theirs, (ip, zone.records)
            seen[ours] += 1

    assert set(seen) == {"pass", "fail", "softfail", "neutral", "temperror", "permerror"}


def _for_pyspf(kind: str, text: str) -> Any:
    if kind in ("A", "AAAA"):
        return text if kind == "A" else ip_address(text).packed
    if kind == "TXT":
        return (text.encode("latin-1"),)
    if kind == "PTR":
        return text.removesuffix(".")
    if kind == "MX":
        preference, _, host = text.partition(" ")
        return int(preference), host
    return text


@pytest.mark.parametrize(
    ("ip", "result"),
    [("::ffff:192.0.2.7", "pass"), ("192.0.2.7", "pass"), ("192.0.2.8", "fail"), ("2001:db8::1", "softfail")],
)
def test_addresses_of_both_kinds(ip: str, result: str) -> None:
    """An IPv4 address in IPv6's clothes is the IPv4 address."""
    zone = Zone({("a.test", "TXT"): ["v=spf1 ip4:192.0.2.7 ~ip6:2001:db8::/32 -all"]})

    assert finish(check_host(zone, ip=ip, mail_from="x@a.test", helo="a.test")).result == result


def test_what_a_stranger_publishes_does_not_make_us_ask_without_end() -> None:
    records = {
        (f"{n}.test", "TXT"): [f"v=spf1 include:{n * 2}.test include:{n * 2 + 1}.test"] for n in range(1, 600)
    }
    zone = Zone(records)

    found = finish(check_host(zone, ip="192.0.2.1", mail_from="x@1.test", helo="h.test"))

    assert found.result == "permerror"
    assert len(zone.asked) <= 11


def test_a_dead_dns_is_temporary() -> None:
    zone = Zone({("a.test", "TXT"): ["v=spf1 a:dead.test -all"]})
    zone.dead |= {"dead.test", "b.test"}

    for sender in ("x@a.test", "x@b.test"):
        assert finish(check_host(zone, ip="192.0.2.1", mail_from=sender, helo="h.test")).result == "temperror"


def test_macros_that_grow_without_end_take_no_time() -> None:
    spec = "exists:" + "%{l}." * 3_000 + "a.test"
    zone = Zone({("a.test", "TXT"): [f"v=spf1 {spec} -all"]})
    begun = time.process_time()

    found = finish(check_host(zone, ip="192.0.2.1", mail_from="a.b.c.d.e.f.g.h.i.j@a.test", helo="h.test"))

    assert found.result == "fail"
    assert all(len(name) <= 253 for name, _ in zone.asked)
    assert time.process_time() - begun < 0.5
