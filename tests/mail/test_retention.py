"""How long e-mails are kept: Trash and Junk for 30 days, others as their mailbox says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.house import RunningHouse
from tests.identity.factors import Move, moving_clock

DAY = 86_400


@pytest.fixture
def move() -> Iterator[Move]:
    with moving_clock() as moving:
        yield moving


def after(days: float, house: RunningHouse, cast: Cast, move: Move) -> Client:
    """The job runs some days from now; gives alice, logged in then."""
    from posthouse.ops.expiring import expire

    move(days * DAY)
    expire()
    return log_in(house, cast.alice)


def held(client: Client, mailbox: str | int) -> list[str]:
    return sorted(row["subject"] for row in client.get("/emails/", mailbox=mailbox).json["items"])


def test_trash_and_junk_end_after_30_days_counted_from_when_mail_came_there(
    house: RunningHouse, cast: Cast, move: Move
) -> None:
    from posthouse.mail.actions import trash_emails

    trash, junk, inbox = (make.mailbox(cast.alice, role) for role in ("trash", "junk", "inbox"))
    make.email(cast.alice, role="junk", subject="spam")
    make.email(cast.alice, role="trash", subject="old")
    later = make.email(cast.alice, subject="later")
    make.email(cast.alice, subject="stays")
    move(20 * DAY)
    trash_emails(cast.alice.actor, [later])
    alice = after(11, house, cast, move)
    assert (held(alice, trash), held(alice, junk), held(alice, inbox)) == (["later"], [], ["stays"])
    alice = after(20, house, cast, move)
    assert held(alice, trash) == []
    assert alice.get(f"/emails/{later}/").status == 404, "it is gone for good"
    lines = alice.get("/audit/", act="mail.expired").json["items"]
    assert [line["facts"]["emails"] for line in lines] == [1, 1, 1]
    from posthouse.mail.mailboxes import recount

    assert recount(cast.alice.account_id) == []


def test_other_mailboxes_keep_as_they_are_told_and_empty_into_trash(
    house: RunningHouse, cast: Cast, move: Move
) -> None:
    alice = log_in(house, cast.alice)
    box, label = (alice.ok(alice.post("/mailboxes/", {"name": n}), 201)["id"] for n in ("News", "Label"))
    first, second = make.email(cast.alice, subject="a"), make.email(cast.alice, subject="b")
    alice.ok(alice.post("/emails/move/", {"ids": [str(first), str(second)], "to_mailbox": box}))
    alice.ok(alice.post("/emails/label/", {"ids": [str(second)], "add": [label], "remove": []}))
    assert alice.get(f"/mailboxes/{box}/").json["retention_days"] is None
    asked = alice.get(f"/mailboxes/{box}/retention/", days=7).json
    assert asked == {"days": 7, "emails": 0}
    assert alice.patch(f"/mailboxes/{box}/", {"retention_days": 0}).status == 400
    assert alice.ok(alice.patch(f"/mailboxes/{box}/", {"retention_days": 7}))["retention_days"] == 7
    alice = after(8, house, cast, move)
    assert (held(alice, box), held(alice, label)) == ([], ["b"])
    assert held(alice, make.mailbox(cast.alice, "trash")) == ["a"]
    alice.ok(alice.patch(f"/mailboxes/{label}/", {"retention_days": 7}))
    alice.ok(alice.patch(f"/mailboxes/{label}/", {"retention_days": None}))
    alice = after(40, house, cast, move)
    assert held(alice, label) == ["b"]


def test_a_preview_counts_what_would_go(house: RunningHouse, cast: Cast, move: Move) -> None:
    for n in range(3):
        make.email(cast.alice, role="trash", subject=str(n))
    move(5 * DAY)
    alice = log_in(house, cast.alice)
    path = f"/mailboxes/{make.mailbox(cast.alice, 'trash')}/retention/"
    assert alice.get(path, days=4).json["emails"] == 3
    assert alice.get(path, days=6).json["emails"] == 0
    assert alice.get(path).json == {"days": 30, "emails": 0}
    assert alice.get(path, days=0).status == 400
    assert log_in(house, cast.mallory).get(path, days=4).status == 404


def test_large_mailboxes_go_in_steps(house: RunningHouse, cast: Cast, move: Move) -> None:
    from posthouse.base import sql

    for n in range(1_050):
        make.email(cast.alice, role="junk", subject=str(n))
    after(31, house, cast, move)
    left = sql.rows("SELECT count(*) FROM mail_email WHERE account_id = %s", [cast.alice.account_id])
    assert left == [(0,)]
