"""Why a mail did not arrive, of what servers say."""

from __future__ import annotations

import pytest

from posthouse.delivery.reasons import REASONS, reason_of, said


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("550 5.1.1 <z@t.test>: Recipient address rejected: User unknown", "no_such_address"),
        ("550 5.0.0 No such user here", "no_such_address"),
        ("550 no mailbox: user unknown", "no_such_address"),
        ("550 5.1.2 The domain does not exist", "no_such_domain"),
        ("556 5.1.10 The domain takes no mail", "no_such_domain"),
        ("452 4.2.2 The mailbox is full", "mailbox_full"),
        ("554 5.0.0 user is over quota", "mailbox_full"),
        ("552 5.3.4 The message is larger than the 10 bytes the server takes", "too_large"),
        ("554 5.7.1 Service unavailable; client host blocked using zen.spamhaus.org", "taken_for_spam"),
        ("550 5.7.26 unauthenticated mail from d.test is not accepted due to the domain's DMARC policy",
         "not_authenticated"),
        ("451 4.7.5 The certificate does not hold", "not_secure"),
        ("451 4.7.5 DANE is demanded here for t.test, and no record names the certificate", "demanded_here"),
        ("451 4.4.1 Connection timed out", "not_reached"),
        ("450 4.2.0 greylisted, try again later", "asked_to_wait"),
        ("421 4.7.0 slow down", "asked_to_wait"),
        ("550 5.7.1 not wanted", "refused"),
        ("553 5.6.7 The server cannot take addresses that are not ASCII", "odd_address"),
        ("554 transaction failed", "other"),
        ("", "other"),
    ],
)  # fmt: skip
def test_reason(said: str, reason: str) -> None:
    assert reason_of(said) == reason
    assert reason in REASONS


def test_the_enhanced_code_is_told_once() -> None:
    assert said("451 4.7.1", "4.7.1 come back later") == "451 4.7.1 come back later"
    assert said("250", "4.7.1 what") == "250 4.7.1 what"
    assert said("", "nobody") == "nobody"
    assert said("5.1.1", "") == "5.1.1"
