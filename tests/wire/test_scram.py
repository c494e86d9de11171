from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scramp import ScramClient
from scramp.core import ScramException

from posthouse.wire.scram import MECHANISMS, PLUS, BadScram, Exchange, Keys, keys, prepared

SALT = base64.b64decode("W22ZaJ0SNY7soEsUEjb6gQ==")
NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
FIRST = b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
FINAL = b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
BOUND = {"tls-server-end-point": b"\x01" * 32}


def exchange(mechanism: str = "SCRAM-SHA-256", *, offers_plus: bool = False) -> Exchange:
    return Exchange(mechanism, bindings=BOUND, offers_plus=offers_plus)


@pytest.mark.rfc("7677")
def test_the_example_of_rfc_7677_section_3() -> None:
    server, kept = exchange(), keys("pencil", SALT, 4096)
    assert server.read_first(FIRST) == "user"
    challenge = server.challenge(SALT, 4096, nonce=NONCE)
    assert challenge == b"r=rOprNGfwEbeRWgbNEkqO" + NONCE.encode() + b",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    proof = server.read_final(FINAL)
    assert proof.fits(kept) and not proof.fits(keys("Pencil", SALT, 4096))
    assert proof.answer(kept) == b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


def converse(mechanism: str, password: str, kept: Keys, bound: bytes = BOUND["tls-server-end-point"]) -> bool:
    """Scramp as the client; whether the proof fits. It raises ScramException when our signature is wrong."""
    binding = ("tls-server-end-point", bound) if mechanism == PLUS else None
    client = ScramClient([mechanism], "a,b=c@d.test", password, channel_binding=binding)
    server = exchange(mechanism)
    assert server.read_first(client.get_client_first().encode()) == "a,b=c@d.test"
    client.set_server_first(server.challenge(SALT, 4096, nonce="abc").decode())
    proof = server.read_final(client.get_client_final().encode())
    if proof.fits(kept):
        client.set_server_final(proof.answer(kept).decode())
    return proof.fits(kept)


@pytest.mark.rfc("5802", "7677")
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_another_implementation_agrees(mechanism: str) -> None:
    for password in ("pencil", "I\u00adX", "Ⅸ", "\u00aa straße ☃"):
        assert converse(mechanism, password, keys(password, SALT, 4096))
        assert not converse(mechanism, password + "x", keys(password, SALT, 4096))
    with pytest.raises(ScramException):
        converse(mechanism, "pencil", keys("pencil", SALT, 4096)._replace(server=b"\0" * 32))


def test_a_proof_for_another_channel_is_none() -> None:
    with pytest.raises(BadScram, match="bound to something else"):
        converse(PLUS, "pencil", keys("pencil", SALT, 4096), bound=b"\x02" * 32)


def test_a_client_that_thinks_plus_is_not_offered_is_warned() -> None:
    assert exchange().read_first(b"y,,n=user,r=abc") == "user"
    with pytest.raises(BadScram, match="somebody hid it"):
        exchange(offers_plus=True).read_first(b"y,,n=user,r=abc")


@pytest.mark.parametrize(
    ("mechanism", "first"),
    [
        ("SCRAM-SHA-256", b"p=tls-server-end-point,,n=user,r=abc"),
        (PLUS, b"n,,n=user,r=abc"),
        (PLUS, b"y,,n=user,r=abc"),
        (PLUS, b"p=tls-exporter,,n=user,r=abc"),
        ("SCRAM-SHA-256", b"n,a=other,n=user,r=abc"),
        ("SCRAM-SHA-256", b"n,other,n=user,r=abc"),
        ("SCRAM-SHA-256", b"n,,m=must,n=user,r=abc"),
        ("SCRAM-SHA-256", b"n,,r=abc,n=user"),
        ("SCRAM-SHA-256", b"n,,n=us=er,r=abc"),
        ("SCRAM-SHA-256", b"n,,n=,r=abc"),
        ("SCRAM-SHA-256", b"n,,n=user,r="),
        ("SCRAM-SHA-256", b"n,,n=user"),
        ("SCRAM-SHA-256", b"x,,n=user,r=abc"),
        ("SCRAM-SHA-256", b"n,,n=\xff,r=abc"),
        ("SCRAM-SHA-256", b"n,,n=a\0b,r=abc"),
        ("SCRAM-SHA-256", b"n,,n=user,r=" + b"a" * 5000),
        ("SCRAM-SHA-256", b""),
    ],
)
def test_a_wrong_first_message(mechanism: str, first: bytes) -> None:
    with pytest.raises(BadScram):
        exchange(mechanism).read_first(first)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"c=biws", b"c=eSws"),
        (b"k0,p", b"k1,p"),
        (b"r=rOprNGfwEbeRWgbNEkqO%", b"r=%"),
        (b",p=dHzb", b",p=!!!!"),
        (b",p=dHzb", b",p="),
        (b",p=", b",q="),
    ],
)
def test_a_wrong_final_message(before: bytes, after: bytes) -> None:
    server = exchange()
    server.read_first(FIRST)
    server.challenge(SALT, 4096, nonce=NONCE)
    with pytest.raises(BadScram):
        server.read_final(FINAL.replace(before, after))


def test_extensions_are_let_pass_and_covered() -> None:
    server = exchange()
    assert server.read_first(FIRST + b",x=later") == "user"
    server.challenge(SALT, 4096, nonce=NONCE)
    proof = server.read_final(FINAL.replace(b",p=", b",x=also,p="))
    assert (
        proof.covered.startswith(b"n=user,r=rOprNGfwEbeRWgbNEkqO,x=later,r=") and b",x=also" in proof.covered
    )


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_no_bytes_break_it(first: bytes, final: bytes) -> None:
    server = exchange()
    try:
        server.read_first(first)
        server.challenge(SALT, 4096, nonce=NONCE)
        server.read_final(final)
    except BadScram:
        pass


def test_saslprep_as_rfc_4013_section_3() -> None:
    assert [prepared(text) for text in ("I\u00adX", "user", "USER", "\u00aa", "\u2168")] == [
        "IX", "user", "USER", "a", "IX",
    ]  # fmt: skip
    for text in ("\u0007", "\u0627\u0031", "", "\u00ad", "a\u2028b", "\U000e0041"):
        with pytest.raises(ValueError, match=r"SASLprep|directions"):
            prepared(text)
