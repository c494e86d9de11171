"""Sealed secrets: opened by the keys there are, for the purpose they were sealed for, and by nothing else."""

from __future__ import annotations

import pytest

from posthouse.base.errors import Unavailable
from posthouse.base.sealing import Unsealable, seal, unseal

pytestmark = pytest.mark.usefixtures("house")
SECRET = b"whsec_hush"


def test_what_was_sealed_opens_and_does_not_show() -> None:
    sealed = seal(SECRET, purpose="test")
    assert "hush" not in sealed and sealed != seal(SECRET, purpose="test")
    assert unseal(sealed, purpose="test") == SECRET


def test_nothing_else_opens_it() -> None:
    sealed = seal(SECRET, purpose="test")
    head, last = sealed[:-6], sealed[-6:]
    changed = head + ("AAAAAA" if last != "AAAAAA" else "BBBBBB")
    for text, purpose in (
        (sealed, "other"),
        (changed, "test"),
        (sealed[:-4] + "AAAA", "test"),
        ("", "test"),
        ("é", "test"),
        ("s1.é.é", "test"),
        ("A" * 80, "test"),
        ("s1.00000000.AAAA", "test"),
        (sealed.replace("s1.", "s2."), "test"),
        (".".join([*sealed.split(".")[:2], "AAAA"]), "test"),
        ("x", "test"),
    ):
        with pytest.raises(Unsealable) as refused:
            unseal(text, purpose=purpose)
        assert refused.value.code == "secret_unreadable" and "hush" not in str(refused.value)
    assert issubclass(Unsealable, Unavailable)


def test_an_old_key_opens_as_long_as_it_is_listed() -> None:
    from django.test import override_settings

    with override_settings(SECRET_KEY="the key of last year, long enough"):
        sealed = seal(SECRET, purpose="test")
    with pytest.raises(Unavailable):
        unseal(sealed, purpose="test")
    with override_settings(SECRET_KEY_FALLBACKS=["the key of last year, long enough"]):
        assert unseal(sealed, purpose="test") == SECRET
        assert seal(SECRET, purpose="test").split(".")[1] != sealed.split(".")[1]
