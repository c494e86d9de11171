"""Mail that waits: its sender hears it once, in words, and no sooner than the operator says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests import make
from tests.cast import Cast
from tests.delivery.outside import inbox, lines, outside, send, settled, smtp, until
from tests.house import RunningHouse

TEMPORARY = b"451 4.7.1 come back later"


@pytest.fixture
def told_after(house: RunningHouse) -> Iterator[Any]:
    """Say how long a sender is left without a word; eight tries, a second apart."""
    from posthouse.delivery import setup

    before = setup._setup

    def say(seconds: int) -> None:
        setup._setup = replace(before, delay_notice_seconds=seconds, retry_seconds=(1,) * 8)

    yield say
    setup._setup = before


def tried(submission_id: int, address: str, times: int) -> None:
    until(lambda: lines(submission_id)[address][1] >= times)


def test_the_sender_hears_once_that_it_waits(house: RunningHouse, cast: Cast, told_after: Any) -> None:
    told_after(2)
    with outside(house, "slow.test", replies={"RCPT": [TEMPORARY] * 6}):
        sent = send(cast.alice, "zoe@slow.test")
        found = settled(sent.submission_id)
    assert found["zoe@slow.test"][:2] == ("delivered", 7)
    (notice,) = inbox(cast.alice)
    assert notice["Subject"] == "Still on its way: Out we go"
    assert (notice["Return-Path"], notice["Auto-Submitted"]) == ("<>", "auto-replied")
    text, status, original = notice.iter_parts()
    words = text.get_content()
    assert "zoe@slow.test" in words and "their server asks to come back later" in words
    assert "You need do nothing" in words and "come back later" in words
    _, fields = status.get_payload()
    assert (fields["Action"], fields["Status"]) == ("delayed", "4.7.1")
    assert fields["Will-Retry-Until"] and fields["Final-Recipient"] == "rfc822; zoe@slow.test"
    assert original.get_content_type() == "text/rfc822-headers", "the mail itself is in Sent"


def test_each_recipient_is_told_of_once(house: RunningHouse, cast: Cast, told_after: Any) -> None:
    told_after(2)
    replies: dict[str, Any] = {
        "RCPT zoe@slow.test": [TEMPORARY] * 6,
        "RCPT no@slow.test": b"550 5.1.1 nobody",
    }
    with outside(house, "slow.test", replies=replies):
        sent = send(cast.alice, "zoe@slow.test", "yes@slow.test", "no@slow.test")
        settled(sent.submission_id)
    subjects = sorted(str(notice["Subject"]) for notice in inbox(cast.alice))
    assert subjects == ["Not delivered: Out we go", "Still on its way: Out we go"]
    late = next(notice for notice in inbox(cast.alice) if str(notice["Subject"]).startswith("Still"))
    assert "yes@slow.test" not in late.as_string() and "no@slow.test" not in late.as_string()


@pytest.mark.parametrize(("seconds", "tries"), [(0, 4), (3600, 4)])
def test_nobody_hears_of_it_before_its_time(
    house: RunningHouse, cast: Cast, told_after: Any, seconds: int, tries: int
) -> None:
    told_after(seconds)
    with outside(house, "slow.test", replies={"RCPT": [TEMPORARY] * tries}):
        sent = send(cast.alice, "zoe@slow.test")
        settled(sent.submission_id)
    assert inbox(cast.alice) == []


@pytest.mark.parametrize(
    ("notify", "is_told"), [("DELAY", True), ("FAILURE,DELAY", True), ("FAILURE", False), ("NEVER", False)]
)
def test_a_program_that_says_what_it_wants_is_obeyed(
    house: RunningHouse, cast: Cast, told_after: Any, notify: str, is_told: bool
) -> None:
    """RFC 3461 §4.1."""
    from posthouse.base import sql

    told_after(1)
    with outside(house, "slow.test", replies={"RCPT": [TEMPORARY] * 4}):
        with smtp(house, "submission", login=cast.alice) as client:
            client.mail(cast.alice.email)
            client.rcpt("zoe@slow.test", [f"NOTIFY={notify}"])
            assert client.data(make.message(sender=cast.alice.email))[0] == 250
        (found,) = sql.rows(
            "SELECT max(id) FROM delivery_submission WHERE account_id = %s", [cast.alice.account_id]
        )
        settled(found[0])
    assert bool(inbox(cast.alice)) is is_told


def test_what_was_held_by_wish_is_not_late(house: RunningHouse, cast: Cast, told_after: Any) -> None:
    """It might leave when undo ended, and waits from then on."""
    told_after(3)
    with outside(house, "slow.test", replies={"RCPT": [TEMPORARY]}):
        sent = send(cast.alice, "zoe@slow.test", hold_seconds=3)
        tried(sent.submission_id, "zoe@slow.test", 2)
        settled(sent.submission_id)
    assert inbox(cast.alice) == []
