"""SPF: the test suite of RFC 7208 (openspf.org, release 2014.04), pyspf beside ours, and what both leave out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
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


def test_the_oracle_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    """pyspf on the same zones, where the standard leaves no choice: those cases that have one right result."""
    import spf as pyspf

    differing = []
    for parameter in _cases():
        data, case = parameter.values
        zone = SuiteZone(data)

        def lookup(name: str, kind: str, *_: Any, zone: SuiteZone = zone, **__: Any) -> list[Any]:
            try:
                found = finish(zone(name, kind))
            except NoAnswer:
                raise pyspf.TempError("DNS timeout") from None
            return [((name, kind), _for_pyspf(kind, text)) for text in found]

        monkeypatch.setattr(pyspf, "DNSLookup", lookup)
        theirs = pyspf.query(i=case["host"], s=case["mailfrom"], h=case["helo"], strict=1).check()[0]
        mine = finish(check_host(zone, ip=case["host"], mail_from=case["mailfrom"], helo=case["helo"])).result
        if theirs != mine and not isinstance(case["result"], list):
            differing.append((parameter.id, theirs, mine, case["result"]))

    assert [case for case in differing if case[2] != case[3]] == []


def _for_pyspf(kind: str, text: str) -> Any:
    if kind == "TXT":
        return (text.encode("latin-1"),)
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
