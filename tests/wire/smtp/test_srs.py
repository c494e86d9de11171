"""Rewritten senders: bounces come back, and nobody relays by them."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from posthouse.wire.smtp.address import MAX_LOCAL_OCTETS, Mailbox, read_mailbox
from posthouse.wire.smtp.srs import VALID_DAYS, is_srs, returned, rewritten

KEY, OTHER = b"k" * 32, b"o" * 32
DAY = 20_785
ANN = Mailbox("ann", "a.test")


def _rewritten(sender: Mailbox, *, domain: str = "ours.test", key: bytes = KEY, day: int = DAY) -> Mailbox:
    made = rewritten(sender, domain=domain, key=key, day=day)
    assert made is not None
    return made


def test_a_bounce_finds_its_way_back() -> None:
    made = _rewritten(ANN)
    assert (
        made.domain == "ours.test" and made.local.startswith("SRS0=") and made.local.endswith("=a.test=ann")
    )
    assert is_srs(made) and returned(made, key=KEY, day=DAY + 3) == ANN


def test_a_second_forwarder_sends_it_to_the_first() -> None:
    first = _rewritten(ANN, domain="one.test", key=OTHER)
    second = _rewritten(first)
    assert second.local.startswith("SRS1=") and "=one.test==" in second.local
    third = _rewritten(second, domain="three.test", key=OTHER)
    assert third.local.count("one.test") == 1 and "ours.test" not in third.local, "it does not grow"
    for one, key in ((second, KEY), (third, OTHER)):
        back = returned(one, key=key, day=DAY)
        assert back == first
    assert returned(first, key=OTHER, day=DAY) == ANN


def test_it_ends() -> None:
    made = _rewritten(ANN)
    assert returned(made, key=KEY, day=DAY + VALID_DAYS) == ANN
    assert returned(made, key=KEY, day=DAY + VALID_DAYS + 1) is None
    assert returned(made, key=KEY, day=DAY - 1) is None, "from tomorrow"


@pytest.mark.parametrize("at", [5, 8, 12])
def test_nobody_else_makes_one(at: int) -> None:
    made = _rewritten(ANN)
    changed = made.local[:at] + ("A" if made.local[at] != "A" else "B") + made.local[at + 1 :]
    assert returned(Mailbox(changed, made.domain), key=KEY, day=DAY) is None
    assert returned(made, key=OTHER, day=DAY) is None
    victim = made.local.replace("a.test=ann", "victim.test=ann")
    assert returned(Mailbox(victim, made.domain), key=KEY, day=DAY) is None


def test_letter_case_may_be_lost_on_the_way() -> None:
    made = _rewritten(Mailbox("Ann", "a.test"))
    back = returned(Mailbox(made.local.lower(), made.domain), key=KEY, day=DAY)
    assert back == ANN


def test_what_is_too_long_is_not_rewritten() -> None:
    assert (
        rewritten(Mailbox("x" * (MAX_LOCAL_OCTETS - 10), "a.test"), domain="b.test", key=KEY, day=DAY) is None
    )


def test_other_addresses_are_none_of_ours() -> None:
    for text in (
        "ann@a.test",
        "srs0@a.test",
        "SRS0=@a.test",
        "SRS0=AAAAAAAA=A1=x.test=y@a.test",
        "SRS1=AAAA=b@a.test",
    ):
        assert returned(read_mailbox(text), key=KEY, day=DAY) is None


LOCALS = st.text(st.sampled_from('abcXYZ09.=+-_ "\\@%é'), min_size=1, max_size=60)


@given(local=LOCALS, day=st.integers(0, 60_000))
def test_any_local_part_comes_back(local: str, day: int) -> None:
    sender = read_mailbox(str(Mailbox(local, "a.test")))
    assume(not is_srs(sender))
    made = _rewritten(sender, day=day)
    over_the_wire = read_mailbox(str(made))
    assert returned(over_the_wire, key=KEY, day=day) == sender


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    returned(Mailbox(f"SRS0={text}", "a.test"), key=KEY, day=DAY)
    returned(Mailbox(f"SRS1={text}", "a.test"), key=KEY, day=DAY)
