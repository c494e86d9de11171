"""DMARC: the walk up the tree, alignment, and what is asked of mail that fails."""

from __future__ import annotations

import pytest

from posthouse.wire.auth import dmarc
from posthouse.wire.auth.dmarc import Dmarc, Published
from posthouse.wire.auth.dns import NoAnswer
from tests.wire.auth.zone import Zone, finish

REJECT = "v=DMARC1; p=reject"


def zone(**records: str) -> Zone:
    """`bank_example="…"` publishes at _dmarc.bank.example."""
    return Zone({(f"_dmarc.{name.replace('_', '.')}", "TXT"): [text] for name, text in records.items()})


def judge(
    dns: Zone, domain: str, *, spf: tuple[str, str] = ("", "none"), dkim: tuple[tuple[str, str], ...] = ()
) -> Dmarc:
    found = finish(dmarc.published(dns, domain))
    return finish(dmarc.evaluate(dns, found, spf=[spf], dkim=dkim))


def published(dns: Zone, domain: str) -> Published:
    return finish(dmarc.published(dns, domain))


@pytest.mark.parametrize(
    ("domain", "record", "policy"),
    [
        ("bank.example", REJECT, "reject"),
        ("mail.bank.example", REJECT, "reject"),
        ("mail.bank.example", "v=DMARC1; p=reject; sp=none", "none"),
        ("bank.example", "v=DMARC1; p=reject; sp=none", "reject"),
        ("mail.bank.example", "v=DMARC1;p=none;sp=quarantine;", "quarantine"),
        ("gone.bank.example", "v=DMARC1; p=none; np=reject", "reject"),
        ("mail.bank.example", "v=DMARC1; p=none; np=reject", "none"),
        ("bank.example", "v=DMARC1; p=reject; t=y", "quarantine"),
        ("bank.example", "v=DMARC1; p=quarantine; t=y", "none"),
        ("bank.example", "v=DMARC1; p=reject; pct=0", "reject"),
        ("bank.example", "V=DMARC1; p=reject", None),
        ("bank.example", "v=DMARC2; p=reject", None),
        ("bank.example", "p=reject; v=DMARC1", None),
        ("bank.example", "v=DMARC1; p=nonsense", None),
        ("bank.example", "v=DMARC1; p=nonsense; rua=mailto:a@bank.example", "none"),
        ("bank.example", "v=DMARC1; rua=mailto:a@bank.example", "none"),
        ("bank.example", "v = DMARC1 ; p = Reject ; x", "reject"),
    ],
)
def test_what_is_asked(domain: str, record: str, policy: str | None) -> None:
    dns = zone(bank_example=record)
    dns.records["mail.bank.example", "A"] = ["192.0.2.1"]

    found = published(dns, domain)

    assert (found.policy if found.record else None) == policy
    assert judge(dns, domain).result == ("none" if policy is None else "fail")


def test_two_records_are_none() -> None:
    dns = Zone({("_dmarc.bank.example", "TXT"): [REJECT, "v=DMARC1; p=none"]})

    assert published(dns, "bank.example").record is None


@pytest.mark.parametrize(
    ("records", "domain", "organisation"),
    [
        ({}, "a.b.example", "a.b.example"),
        ({"b_example": REJECT}, "a.b.example", "b.example"),
        ({"a_b_example": REJECT}, "a.b.example", "a.b.example"),
        ({"a_b_example": REJECT, "b_example": REJECT}, "x.a.b.example", "b.example"),
        ({"a_b_example": REJECT + "; psd=n", "b_example": REJECT}, "x.a.b.example", "a.b.example"),
        ({"example": REJECT + "; psd=y"}, "x.a.example", "a.example"),
        ({"example": REJECT + "; psd=y", "a_example": REJECT}, "x.a.example", "a.example"),
        ({"example": REJECT + "; psd=y"}, "example", "example"),
    ],
)
def test_the_organisation_is_found_by_walking_up(
    records: dict[str, str], domain: str, organisation: str
) -> None:
    assert published(zone(**records), domain).organisation == organisation


def test_a_registry_speaks_for_names_that_do_not_exist() -> None:
    dns = zone(example="v=DMARC1; p=none; np=reject; psd=y")
    dns.records["real.example", "MX"] = ["10 mx.real.example."]

    assert published(dns, "unreal.example").policy == "reject"
    assert published(dns, "real.example").policy == "none"


def test_a_name_of_many_labels_costs_eight_questions() -> None:
    dns = zone(example=REJECT)

    assert published(dns, ".".join("abcdefghijklmnopqrstuvwxyz") + ".example").organisation == "example"
    assert len(dns.asked) == 8
    assert dns.asked[1][0] == "_dmarc.u.v.w.x.y.z.example"


@pytest.mark.parametrize(
    ("proved", "record", "result"),
    [
        ("bank.example", REJECT, "pass"),
        ("BANK.example.", REJECT, "pass"),
        ("mail.bank.example", REJECT, "pass"),
        ("mail.bank.example", REJECT + "; adkim=s; aspf=s", "fail"),
        ("bank.example", REJECT + "; adkim=s; aspf=s", "pass"),
        ("notbank.example", REJECT, "fail"),
        ("example", REJECT, "fail"),
        ("bank.example.evil.test", REJECT, "fail"),
    ],
)
def test_alignment(proved: str, record: str, result: str) -> None:
    dns = zone(bank_example=record)

    assert judge(dns, "bank.example", spf=(proved, "pass")).result == result
    assert judge(dns, "bank.example", dkim=(("evil.test", "pass"), (proved, "pass"))).result == result
    assert judge(dns, "bank.example", spf=(proved, "fail"), dkim=((proved, "fail"),)).result == "fail"


def test_a_name_below_that_belongs_to_another_is_not_aligned() -> None:
    """`psd=n` makes a name below an organisation of its own."""
    dns = zone(bank_example=REJECT, shop_bank_example=REJECT + "; psd=n")

    assert judge(dns, "bank.example", spf=("shop.bank.example", "pass")).result == "fail"
    assert judge(dns, "shop.bank.example", spf=("bank.example", "pass")).result == "fail"


def test_what_might_have_proved_it_is_no_failure() -> None:
    dns = zone(bank_example=REJECT)

    assert judge(dns, "bank.example", spf=("bank.example", "temperror")).result == "temperror"
    assert judge(dns, "bank.example", dkim=(("evil.test", "temperror"),)).result == "fail"
    assert (
        judge(dns, "bank.example", spf=("bank.example", "temperror"), dkim=(("bank.example", "pass"),)).result
        == "pass"
    )
    dns.dead.add("_dmarc.bank.example")
    with pytest.raises(NoAnswer):
        published(dns, "bank.example")
