"""Sealing: dkimpy and our own check hold the chains that we add to for whole."""

from __future__ import annotations

import time

import dkim as dkimpy
import pytest

from posthouse.wire.auth.arc import MAX_SETS
from posthouse.wire.auth.arc_seal import arc_seal
from posthouse.wire.auth.dkim_sign import ED25519, SigningKey, new_private, sign
from tests.wire.auth.test_arc import DNS, chain, verify
from tests.wire.auth.test_dkim import MAIL, RSA
from tests.wire.auth.zone import Zone

OURS = SigningKey(domain="posthouse.test", selector="s1", private=RSA.key)
NOW = int(time.time())
RESULTS = "mail.posthouse.test; spf=pass smtp.mailfrom=ann@bank.example; dmarc=pass header.from=bank.example"
RECORDS = DNS | {(OURS.name, "TXT"): [OURS.record]}


def seal(content: bytes, *, chain: str) -> bytes:
    return arc_seal(content, OURS, results=RESULTS, chain=chain, now=NOW)


def dkimpy_says(content: bytes) -> tuple[bytes, str]:
    def look_up(name: bytes, timeout: int = 5) -> bytes:
        (text,) = RECORDS[name.decode().rstrip("."), "TXT"]
        return text.encode()

    result, _, why = dkimpy.arc_verify(content, dnsfunc=look_up)
    return result, why


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_chain_that_we_go_on_with_is_whole(count: int) -> None:
    content = seal(chain(count), chain="pass" if count else "none")

    assert dkimpy_says(content)[0] == b"pass", dkimpy_says(content)
    found = verify(content, Zone(RECORDS))
    assert (found.result, found.problem) == ("pass", "")
    assert found.sealers[-1] == "posthouse.test"
    assert found.seen[-1].of("dmarc")[0].get("header.from") == "bank.example"


def test_our_own_chain_goes_on_too() -> None:
    content = MAIL
    for number in range(4):
        content = seal(content, chain="pass" if number else "none")
    assert dkimpy_says(content)[0] == b"pass"
    assert verify(content, Zone(RECORDS)).sealers == ("posthouse.test",) * 4


@pytest.mark.parametrize(
    ("was", "became"), [(b"Hello", b"Hallo"), (b"From: Ann", b"From: Ben"), (b"dmarc=pass", b"dmarc=fail")]
)
def test_a_seal_holds_what_it_seals(was: bytes, became: bytes) -> None:
    content = seal(MAIL, chain="none")
    assert was in content
    assert dkimpy_says(content.replace(was, became))[0] == b"fail"
    assert verify(content.replace(was, became), Zone(RECORDS)).result == "fail"


def test_a_signature_beneath_the_seal_may_not_be_taken_out() -> None:
    content = seal(sign(MAIL, [OURS], now=NOW), chain="none")
    assert dkimpy_says(content)[0] == b"pass"
    head, _, rest = content.partition(b"DKIM-Signature:")
    without = head + rest.partition(b"\r\nFrom:")[2].join([b"From:", b""])
    assert b"DKIM-Signature" not in without and dkimpy_says(without)[0] == b"fail"


def test_ed25519_seals_for_those_who_know_it() -> None:
    key = SigningKey(domain="posthouse.test", selector="e1", private=new_private(ED25519))
    content = arc_seal(MAIL, key, results=RESULTS, chain="none", now=NOW)
    assert verify(content, Zone({(key.name, "TXT"): [key.record]})).result == "pass"


@pytest.mark.parametrize("said", ["fail", "temperror", "none"])
def test_a_chain_that_is_not_whole_is_left_as_it_is(said: str) -> None:
    before = chain(1)
    assert arc_seal(before, OURS, results=RESULTS, chain=said, now=NOW) == before


def test_a_chain_with_gaps_and_one_that_is_full_are_left_as_they_are() -> None:
    gaps = chain(2).replace(b"ARC-Seal: i=1", b"ARC-Seal: i=3")
    assert seal(gaps, chain="pass") == gaps
    full = MAIL
    for number in range(MAX_SETS):
        full = seal(full, chain="pass" if number else "none")
    assert verify(full, Zone(RECORDS)).result == "pass"
    assert seal(full, chain="pass") == full


def test_results_cannot_break_out_of_their_field() -> None:
    content = arc_seal(MAIL, OURS, results="mail.test; spf=pass\r\nBcc: eve@bad.test", chain="none", now=NOW)
    assert b"\r\nBcc:" not in content
    assert dkimpy_says(content)[0] == b"pass"
