"""RFC 8291 by its own example, RFC 8292 by somebody else's reading, and what is no subscription."""

from __future__ import annotations

import os

import jwt
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from posthouse.wire import webpush
from tests.push_service import Browser, b64, unb64

# RFC 8291 Appendix A
PLAIN = b"When I grow up, I want to be a watermelon"
AS_PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
UA_PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
UA_PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
MESSAGE = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK"
    "6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def _private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(unb64(text), "big"), ec.SECP256R1())


def test_the_rfcs_own_example() -> None:
    to = webpush.subscription(UA_PUBLIC, SECRET)
    body = webpush.encrypt(PLAIN, to, own=_private(AS_PRIVATE), salt=unb64(SALT), pads=False)
    assert b64(body) == MESSAGE


def test_the_browser_of_the_example_reads_it() -> None:
    browser = Browser("https://push.test/1", key=_private(UA_PRIVATE), secret=unb64(SECRET))
    assert b64(browser.point) == UA_PUBLIC
    assert browser.read(unb64(MESSAGE)) == PLAIN


@given(st.binary(max_size=webpush.MAX_PLAIN_BYTES).filter(lambda plain: not plain.endswith(b"\x00")))
def test_whatever_is_sealed_is_read_and_its_length_tells_little(plain: bytes) -> None:
    browser = Browser("https://push.test/1")
    keys = browser.json["keys"]
    to = webpush.subscription(keys["p256dh"], keys["auth"])
    own = ec.generate_private_key(ec.SECP256R1())
    body = webpush.encrypt(plain, to, own=own, salt=os.urandom(16))
    assert browser.read(body) == plain
    assert len(body) <= webpush.RECORD_BYTES
    is_step = (len(body) - 86 - 16) % webpush.PADDED_TO == 0
    assert is_step or len(body) == webpush.RECORD_BYTES


def test_nobody_else_reads_it() -> None:
    browser, other = Browser("https://push.test/1"), Browser("https://push.test/2")
    keys = browser.json["keys"]
    own = ec.generate_private_key(ec.SECP256R1())
    body = webpush.encrypt(
        b"x", webpush.subscription(keys["p256dh"], keys["auth"]), own=own, salt=os.urandom(16)
    )
    with pytest.raises(InvalidTag):
        other.read(body)


def test_what_is_too_long_for_one_record_is_refused() -> None:
    keys = Browser("https://push.test/1").json["keys"]
    to = webpush.subscription(keys["p256dh"], keys["auth"])
    with pytest.raises(ValueError, match="too long"):
        webpush.encrypt(
            b"x" * (webpush.MAX_PLAIN_BYTES + 1),
            to,
            own=ec.generate_private_key(ec.SECP256R1()),
            salt=os.urandom(16),
        )


@pytest.mark.parametrize(
    ("public", "secret"),
    [
        ("", SECRET),
        (UA_PUBLIC, ""),
        (UA_PUBLIC, SECRET + "AAAA"),
        (UA_PUBLIC[:-4], SECRET),
        (b64(b"\x04" + b"\x01" * 64), SECRET),
        (b64(b"\x00" * 65), SECRET),
        ("é" * 87, SECRET),
        ("!" * 87, SECRET),
    ],
)
def test_what_is_no_subscription(public: str, secret: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        webpush.subscription(public, secret)


def test_who_sent_it() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    text = webpush.authorization(
        "https://push.test:8443/send/x?y", key, subject="mailto:postmaster@a.test", now_s=1000, seconds=60
    )
    scheme, token, public = text.replace(",", "").split(" ")
    assert scheme == "vapid"
    assert public == f"k={b64(webpush.point_of(key.public_key()))}"
    options = {"verify_exp": False}
    found = jwt.decode(
        token.removeprefix("t="),
        key.public_key(),
        algorithms=["ES256"],
        audience="https://push.test:8443",
        options=options,
    )
    assert found == {"aud": "https://push.test:8443", "exp": 1060, "sub": "mailto:postmaster@a.test"}


@pytest.mark.parametrize("seconds", [0, 24 * 3600 + 1])
def test_a_signature_lives_a_day_at_most(seconds: int) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(ValueError, match="24 hours"):
        webpush.authorization("https://push.test/", key, subject="mailto:x@a.test", now_s=0, seconds=seconds)


@given(st.text())
def test_a_topic_is_what_push_services_take(tag: str) -> None:
    topic = webpush.topic_of(tag.encode("utf-8", "replace").decode())
    assert len(topic) == 32
    assert set(topic) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
