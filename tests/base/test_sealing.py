from __future__ import annotations

import pytest

from posthouse.base.sealing import Unsealable, seal, unseal

pytestmark = pytest.mark.usefixtures("house")


def test_what_is_sealed_is_read_for_its_purpose_only() -> None:
    text = seal(b"a secret", purpose="one")
    assert b"a secret" not in text.encode() and text != seal(b"a secret", purpose="one")
    assert unseal(text, purpose="one") == b"a secret"
    for wrong, purpose in (
        (text, "two"),
        (text[:-4] + "AAAA", "one"),
        ("", "one"),
        ("é", "one"),
        ("A" * 80, "one"),
    ):
        with pytest.raises(Unsealable):
            unseal(wrong, purpose=purpose)


def test_a_new_key_still_reads_what_the_old_one_sealed() -> None:
    from django.test import override_settings

    old = seal(b"x", purpose="p")
    from django.conf import settings

    before = settings.SECRET_KEY
    with override_settings(SECRET_KEY="n" * 40, SECRET_KEY_FALLBACKS=[before]):
        assert unseal(old, purpose="p") == b"x"
    with override_settings(SECRET_KEY="n" * 40, SECRET_KEY_FALLBACKS=[]), pytest.raises(Unsealable):
        unseal(old, purpose="p")
