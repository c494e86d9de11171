"""DKIM: what dkimpy signs we verify, what we verify dkimpy verifies, and what proves nothing."""

from __future__ import annotations

import base64
import hashlib
import random
import re
import time
from dataclasses import dataclass
from typing import Any

import dkim as dkimpy
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.wire.auth import dkim
from posthouse.wire.auth.dkim import Dkim
from posthouse.wire.auth.message import Message, canonical_body
from tests.wire.auth.zone import Zone, finish

NOW = 1_790_000_000
MAIL = (
    b"From: Ann <ann@bank.example>\r\nTo: bob@posthouse.test\r\nSubject:  Two   blanks \r\n and a fold\r\n"
    b"Date: Fri, 27 Nov 2026 10:00:00 +0000\r\nX-Trace: one\r\nX-Trace: two\r\n\r\n"
    b"Hello  Bob,\r\n\r\nthis is \t it. \r\n\r\n\r\n"
)


@dataclass(frozen=True)
class Signer:
    """A key, its PEM for dkimpy, and the record that publishes it."""

    key: RSAPrivateKey | Ed25519PrivateKey
    record: str
    algorithm: str

    @property
    def pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL
            if isinstance(self.key, RSAPrivateKey)
            else serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.key, RSAPrivateKey):
            return self.key.sign(data, PKCS1v15(), hashes.SHA256())
        return self.key.sign(hashlib.sha256(data).digest())


def rsa(bits: int = 2048) -> Signer:
    key = generate_private_key(65537, bits)
    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return Signer(key, f"v=DKIM1; k=rsa; p={base64.b64encode(der).decode()}", "rsa-sha256")


def ed25519() -> Signer:
    key = Ed25519PrivateKey.generate()
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return Signer(key, f"v=DKIM1; k=ed25519; p={base64.b64encode(raw).decode()}", "ed25519-sha256")


RSA, ED = rsa(), ed25519()


def by_hand(content: bytes, signer: Signer = RSA, *, canon: str = "relaxed/relaxed", **tags: str) -> bytes:
    """The message with a signature made here, tag by tag, so that each can be wrong; `b` gives another signature."""
    header_canon, _, body_canon = canon.partition("/")
    body = b"".join(canonical_body(content, content.index(b"\r\n\r\n") + 4, body_canon))
    length = int(tags["l"]) if tags.get("l", "").isdigit() else len(body)
    values = {
        "v": "1", "a": signer.algorithm, "c": canon, "d": "bank.example", "s": "key",
        "h": "from:to:subject", "bh": base64.b64encode(hashlib.sha256(body[:length]).digest()).decode(),
    }  # fmt: skip
    values |= tags
    values.setdefault("b", "")
    text = "; ".join(f"{tag}={value}" for tag, value in values.items() if value or tag == "b")
    field = f"DKIM-Signature: {text}\r\n".encode()
    message = Message(field + content)
    own = message.named(b"dkim-signature")[0]
    from posthouse.wire.auth.message import signed_header

    names = tuple(name.strip().lower().encode() for name in values["h"].split(":"))
    value = signer.sign(signed_header(message, names, own, header_canon=header_canon))
    return field.replace(b"b=\r\n", b"b=" + base64.b64encode(value) + b"\r\n") + content


def zone(record: str = RSA.record) -> Zone:
    return Zone({("key._domainkey.bank.example", "TXT"): [record]})


def verify(content: bytes, dns: Zone | None = None, *, now: int = NOW) -> list[Dkim]:
    message = Message(content)
    ask = dns or zone()
    return [finish(dkim.verify(ask, message, field, now=now)) for field in dkim.signatures(message)]


def results(content: bytes, dns: Zone | None = None, **given: Any) -> list[str]:
    return [found.result for found in verify(content, dns, **given)]


def dkimpy_says(content: bytes, record: str = RSA.record) -> bool:
    try:
        return bool(dkimpy.verify(content, dnsfunc=lambda *_, **__: record.encode()))
    except dkimpy.DKIMException:
        return False


CANONS = [a + b"/" + b for a in (b"simple", b"relaxed") for b in (b"simple", b"relaxed")]


@pytest.mark.parametrize("canon", CANONS)
def test_what_dkimpy_signs_is_verified_until_it_is_touched(canon: bytes) -> None:
    header = dkimpy.sign(
        MAIL, b"key", b"bank.example", RSA.pem, canonicalize=tuple(canon.split(b"/")),
        include_headers=[b"from", b"to", b"subject", b"x-trace", b"x-trace", b"x-trace", b"x-none"],
    )  # fmt: skip

    assert results(header + MAIL, now=int(time.time())) == ["pass"]
    for was, became in [
        (b"Hello", b"Hallo"), (b"Two", b"Three"), (b"X-Trace: one", b"X-Trace: 1"),
        (b"From:", b"X-None: x\r\nFrom:"), (b"it.", b"it.\r\n\r\nAnd more"),
    ]:  # fmt: skip
        assert results(header + MAIL.replace(was, became, 1), now=int(time.time())) == ["fail"], was


@pytest.mark.parametrize("signer", [RSA, ED], ids=["rsa", "ed25519"])
def test_what_we_verify_others_verify(signer: Signer) -> None:
    signed = by_hand(MAIL, signer)

    assert results(signed, zone(signer.record)) == ["pass"]
    if signer is RSA:
        assert dkimpy_says(signed)


def test_the_example_of_rfc_8463() -> None:
    """RFC 8463 Appendix A: one message, an Ed25519 and an RSA signature."""
    content = RFC8463.replace("\n", "\r\n").encode()
    dns = Zone(
        {
            ("brisbane._domainkey.football.example.com", "TXT"): [
                "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
            ],
            ("test._domainkey.football.example.com", "TXT"): [
                (
                    "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3id"
                    "Y6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqM"
                    "KrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"
                )
            ],
        }
    )

    assert [(found.algorithm, found.result) for found in verify(content, dns)] == [
        ("ed25519-sha256", "pass"),
        ("rsa-sha256", "pass"),
    ]


RFC8463 = """\
DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
 date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
"""


@pytest.mark.parametrize(
    ("tags", "result"),
    [
        ({"v": "2"}, "neutral"),
        ({"a": "rsa-sha1"}, "policy"),
        ({"a": "rot13"}, "policy"),
        ({"h": "to:subject"}, "permerror"),
        ({"d": "bank..example"}, "neutral"),
        ({"i": "ann@other.example"}, "neutral"),
        ({"i": "ann@mail.bank.example"}, "pass"),
        ({"q": "dns/other"}, "neutral"),
        ({"c": "nonsense/simple"}, "neutral"),
        ({"bh": ""}, "neutral"),
        ({"b": "%%%"}, "neutral"),
        ({"l": "5"}, "policy"),
        ({"l": "99999"}, "fail"),
        ({"l": "-1"}, "neutral"),
        ({"t": "10", "x": "9"}, "neutral"),
        ({"t": "10", "x": str(NOW - 3600)}, "policy"),
        ({"t": "10", "x": str(NOW + 3600)}, "pass"),
        ({"v": "1; v=1"}, "neutral"),
        ({"s": "other"}, "permerror"),
        ({"h": ":".join(["from"] * 600)}, "policy"),
    ],
)
def test_signatures_that_prove_nothing(tags: dict[str, str], result: str) -> None:
    assert results(by_hand(MAIL, **tags)) == [result]


@pytest.mark.parametrize(
    ("record", "result"),
    [
        (RSA.record, "pass"),
        (RSA.record.replace("v=DKIM1; ", ""), "pass"),
        (RSA.record.replace("k=rsa; ", "k=rsa; v=DKIM1; ").replace("v=DKIM1; ", "", 1), "permerror"),
        (RSA.record.replace("v=DKIM1", "v=DKIM2"), "permerror"),
        (RSA.record.replace("k=rsa", "k=rsa; h=sha1"), "permerror"),
        (RSA.record.replace("k=rsa", "k=rsa; h=sha1:sha256; s=email; t=s"), "pass"),
        (RSA.record.replace("k=rsa", "k=rsa; s=tlsrpt"), "permerror"),
        ("v=DKIM1; p=", "permerror"),
        ("v=DKIM1; p=AAAA", "permerror"),
        ("nothing", "permerror"),
        pytest.param(ED.record, "permerror", id="ed25519"),
        (rsa(1024).record, "fail"),
    ],
)
def test_keys(record: str, result: str) -> None:
    assert results(by_hand(MAIL), zone(record)) == [result]


def test_small_keys_prove_nothing() -> None:
    """RFC 8301 §3.2. The key is one of 768 bits, which today's libraries will not make any more."""
    small = (
        "v=DKIM1; p=MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhAPFF4n2Vjs4nYyF6M+HhNh0twtnlSx+QGNreH5"
        "D0yjUWi01htU6F2uca5Lr5CHLfnKv6N4n0VYwuU245gs9lsk+qgMS7+eE1Akc9LvN5mVbA3N9dcVufwP/5eqNPVe+M/wIDAQAB"
    )
    assert results(by_hand(MAIL), zone(small)) == ["policy"]


def test_a_key_in_test_mode_blames_nobody() -> None:
    record = RSA.record.replace("k=rsa", "k=rsa; t=y")

    assert results(by_hand(MAIL), zone(record)) == ["pass"]
    assert results(by_hand(MAIL).replace(b"Hello", b"Hallo"), zone(record)) == ["neutral"]


def test_a_strict_key_signs_for_its_own_domain_only() -> None:
    record = RSA.record.replace("k=rsa", "k=rsa; t=s")

    assert results(by_hand(MAIL, i="ann@mail.bank.example"), zone(record)) == ["permerror"]


def test_other_records_at_the_name_of_a_key_do_no_harm() -> None:
    dns = Zone({("key._domainkey.bank.example", "TXT"): ["hello", ED.record, RSA.record]})

    assert results(by_hand(MAIL), dns) == ["pass"]


def test_a_dead_dns_is_temporary() -> None:
    dns = zone()
    dns.dead.add("key._domainkey.bank.example")

    assert results(by_hand(MAIL), dns) == ["temperror"]


def test_many_signatures_cost_no_more_than_eight() -> None:
    dns = zone()
    signed = by_hand(MAIL)
    field = signed[: signed.index(b"\r\n") + 2]

    assert results(field * 500 + MAIL, dns) == ["pass"] * 8
    assert len(dns.asked) == 8


def test_many_lengths_cost_no_more_than_four_hashes() -> None:
    fields = b"".join(by_hand(MAIL, l=str(n)).partition(b"\r\n")[0] + b"\r\n" for n in range(1, 9))

    assert {found.problem for found in verify(fields + MAIL)} == {
        "only a part of the body is signed",
        "too many ways to hash the body",
    }


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\r\n", b"\r\n\r\n", b"no colon\r\n\r\nx", b" fold first\r\nFrom: a@b\r\n\r\n",
        b"DKIM-Signature:\r\n\r\n", b"DKIM-Signature: ;;;=;\r\n\r\n", b"DKIM-Signature: \xff\xfe=\x00\r\n\r\n",
        b"A: " + b"x" * 300_000 + b"\r\nDKIM-Signature: v=1\r\n\r\n",
    ],
)  # fmt: skip
def test_nonsense_is_no_proof(content: bytes) -> None:
    assert "pass" not in results(content)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([b"a", b" ", b"\t", b"\r\n", b"Hello", b"."]), max_size=40),
    st.sampled_from(CANONS),
)
def test_bodies_and_fields_become_what_dkimpy_makes_of_them(pieces: list[bytes], canon: bytes) -> None:
    content = MAIL[: MAIL.index(b"\r\n\r\n") + 4] + b"".join(pieces) + b"\r\n"
    body = dkimpy.canonicalization.CanonicalizationPolicy.from_c_value(canon).canonicalize_body(
        content.partition(b"\r\n\r\n")[2]
    )

    ours = b"".join(canonical_body(content, content.index(b"\r\n\r\n") + 4, canon.decode().partition("/")[2]))

    assert re.sub(rb"\A\r\n\Z", b"", ours) == re.sub(rb"\A\r\n\Z", b"", body)


def test_a_body_of_many_blocks_is_hashed_as_one() -> None:
    dice = random.Random(8)
    lines = [bytes(dice.choices(b"abc \t", k=dice.randrange(60))) + b"\r\n" for _ in range(90_000)]
    content = MAIL + b"".join(lines) + b" \t\r\n" * 300_000

    for canon in ("simple", "relaxed"):
        ours = b"".join(canonical_body(content, content.index(b"\r\n\r\n") + 4, canon))
        policy = dkimpy.canonicalization.CanonicalizationPolicy.from_c_value(f"{canon}/{canon}".encode())
        assert ours == policy.canonicalize_body(content.partition(b"\r\n\r\n")[2])


@pytest.mark.parametrize("extra", [b"From: ceo@bank.example\r\n", b"Subject: Pay me\r\n", b"To: all\r\n"])
@pytest.mark.parametrize("is_on_top", [True, False])
def test_a_second_field_that_is_not_signed_makes_it_no_proof(extra: bytes, is_on_top: bool) -> None:
    """RFC 6376 §8.15: the one that is shown may not be the one that was signed."""
    signed = by_hand(MAIL)
    mended = extra + signed if is_on_top else signed.replace(b"\r\n\r\n", b"\r\n" + extra + b"\r\n", 1)
    twice = "from:from:to:to:subject:subject"

    assert results(mended) == (["policy"] if is_on_top else ["fail"])
    assert results(extra + by_hand(MAIL, h=twice)) == ["fail"]
    assert results(by_hand(extra + MAIL, h=twice)) == ["pass"]


def test_a_header_without_end_is_not_verified_but_its_author_is_known() -> None:
    content = MAIL.replace(b"\r\n\r\n", b"\r\nX: " + b"x" * 300_000 + b"\r\n\r\n", 1)
    message = Message(content)

    assert not message.is_readable
    assert message.named(b"from") == [b"From: Ann <ann@bank.example>\r\n"]
    assert results(by_hand(MAIL).replace(MAIL, content)) == []


def test_hard_headers_take_little_time() -> None:
    """Eight signatures over a header of a quarter of a megabyte that is all blanks, and names of 500 fields."""
    names = ":".join(["from", *["x"] * 499])
    field = by_hand(MAIL, h=names).partition(b"\r\n")[0] + b"\r\n"
    content = field * 8 + b"X: " + b" a\t" * 70_000 + b"\r\n" + MAIL
    begun = time.process_time()
    verify(content)
    assert time.process_time() - begun < 0.5
