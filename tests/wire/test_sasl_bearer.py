from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthouse.wire.sasl_bearer import BadBearer, Bearer, parse, refusal


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("mechanism", "text", "user"),
    [
        ("OAUTHBEARER", "n,a=a@b.test,\x01host=x\x01port=143\x01auth=Bearer tok\x01\x01", "a@b.test"),
        ("OAUTHBEARER", "n,,\x01auth=Bearer tok\x01\x01", ""),
        ("OAUTHBEARER", "y,a=a=2Cb=3D@c.test,\x01auth=bearer tok\x01\x01", "a,b=@c.test"),
        ("XOAUTH2", "user=a@b.test\x01auth=Bearer tok\x01\x01", "a@b.test"),
        ("XOAUTH2", "user=\x01auth=Bearer tok\x01\x01", ""),
    ],
)
def test_what_clients_say(mechanism: str, text: str, user: str) -> None:
    assert parse(mechanism, b64(text)) == Bearer(user, "tok")


@pytest.mark.parametrize(
    ("mechanism", "text"),
    [
        ("OAUTHBEARER", ""),
        ("OAUTHBEARER", "n,,\x01\x01"),
        ("OAUTHBEARER", "n,,\x01auth=Basic dG9r\x01\x01"),
        ("OAUTHBEARER", "n,,\x01auth=Bearer \x01\x01"),
        ("OAUTHBEARER", "p=tls-unique,,\x01auth=Bearer tok\x01\x01"),
        ("OAUTHBEARER", "n,b=x,\x01auth=Bearer tok\x01\x01"),
        ("OAUTHBEARER", "user=a@b.test\x01auth=Bearer tok\x01\x01"),
        ("XOAUTH2", "a@b.test\x01auth=Bearer tok\x01\x01"),
        ("XOAUTH2", "user=a@b.test\x01auth=Bearer " + "x" * 9_000 + "\x01\x01"),
    ],
)
def test_what_is_none(mechanism: str, text: str) -> None:
    with pytest.raises(BadBearer):
        parse(mechanism, b64(text))


@given(
    st.sampled_from(["OAUTHBEARER", "XOAUTH2"]),
    st.text() | st.binary().map(lambda b: base64.b64encode(b).decode()),
)
def test_nothing_breaks_it(mechanism: str, line: str) -> None:
    try:
        assert parse(mechanism, line).token
    except BadBearer:
        pass


def test_the_token_is_not_in_its_own_picture() -> None:
    assert "tok" not in repr(parse("XOAUTH2", b64("user=a\x01auth=Bearer tok\x01\x01")))


def test_a_refusal_says_why() -> None:
    assert json.loads(base64.b64decode(refusal())) == {"status": "invalid_token", "schemes": "bearer"}
    assert json.loads(base64.b64decode(refusal(scope="mail:send")))["scope"] == "mail:send"
