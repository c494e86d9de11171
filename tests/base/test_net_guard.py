"""Addresses strangers may not send us to, in every spelling."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.base.net import NetPolicy, Refused, guard, host_or_address, is_special, parse_nets

NOBODY = NetPolicy()


@pytest.mark.parametrize(
    "ip",
    """
    0.0.0.0 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1
    172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1
    198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1
    239.255.255.255 240.0.0.1 255.255.255.255
    :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.1.2.3 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1
    64:ff9b:1::7f00:1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:10::1 2001:20::1 2001:db8::1
    2002:7f00:1:: 2002:a00:1::
    3fff::1 5f00::1 fc00::1 fd12::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 4000::1
    """.split(),  # noqa: SIM905  # reads better so
)
def test_special_ranges_are_refused(ip: str) -> None:
    with pytest.raises(Refused):
        guard(ip, policy=NOBODY)


@pytest.mark.parametrize(
    "ip", ["1.1.1.1", "9.255.255.255", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "64:ff9b::101:101"]
)
def test_public_addresses_pass(ip: str) -> None:
    assert str(guard(ip, policy=NOBODY)) == ip


def test_a_mapped_address_is_judged_and_dialled_as_ipv4() -> None:
    assert str(guard("::ffff:1.1.1.1", policy=NOBODY)) == "1.1.1.1"


def test_the_operator_may_allow_a_range_and_nothing_beside_it() -> None:
    policy = NetPolicy(allow_nets=parse_nets("127.0.0.2/32, fd00::/8"))
    assert str(guard("127.0.0.2", policy=policy)) == "127.0.0.2"
    assert str(guard("::ffff:127.0.0.2", policy=policy)) == "127.0.0.2"
    assert str(guard("fd00::1", policy=policy)) == "fd00::1"
    for other in ("127.0.0.1", "fe80::1"):
        with pytest.raises(Refused):
            guard(other, policy=policy)


@pytest.mark.parametrize(
    "host",
    [
        *("127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.0.0.01", "1.2.3.4.5"),
        *(
            "256.1.1.1",
            "a.test.1",
            "a.0x",
            "",
            " ",
            "a b",
            "-a.test",
            "a..test",
            "a/b",
            "a@b",
            "a:b",
            "a\x00b",
        ),
        *("[::1", "x" * 64 + ".test", "a." * 130 + "test", "127.0.0.1 ", "127.0.0.1\n", "localhost:80"),
    ],
)
def test_names_that_hide_an_address_or_are_none_are_refused(host: str) -> None:
    with pytest.raises(Refused):
        guard(str(host_or_address(host)), policy=NOBODY)


@pytest.mark.parametrize(
    ("host", "read"),
    [
        ("Mail.Example.TEST.", "mail.example.test"),
        ("bücher.test", "xn--bcher-kva.test"),
        ("[::ffff:7f00:1]", "127.0.0.1"),
        ("１２７.0.0.1", "127.0.0.1"),
        ("127。0。0。1", "127.0.0.1"),
        ("a_b.test", "a_b.test"),
    ],
)
def test_hosts_are_read_as_other_programs_do(host: str, read: str) -> None:
    assert str(host_or_address(host)) == read


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=200)
def test_an_embedded_address_is_never_judged_milder_than_itself(number: int) -> None:
    plain = ip_address(number)
    for form in (f"::ffff:{plain}", str(ip_address((0x0064FF9B << 96) | number))):
        assert is_special(ip_address(form)) == is_special(plain)


@given(st.text(max_size=30))
@settings(max_examples=200)
def test_any_text_is_a_host_an_address_or_refused(text: str) -> None:
    try:
        host_or_address(text)
    except Refused:
        pass
