"""New mail is told as people chose, and what is read anywhere is taken back everywhere."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast, Person, user_id
from tests.house import RunningHouse
from tests.imapd.client import Client as Imap
from tests.push_service import until


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def bob(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.bob)


def arrive(house: RunningHouse, to: Person, **fields: Any) -> None:
    """By the door that strangers use."""
    raw = make.message(to=to.email, **fields)
    with smtplib.SMTP("127.0.0.1", house.ports["mx"], timeout=10) as smtp:
        smtp.sendmail("zoe@outside.test", [to.email], raw)


def told(client: Client, **query: Any) -> list[dict[str, Any]]:
    return list(client.ok(client.get("/notifications/", **query))["items"])


def why(client: Client, title: str = "") -> dict[str, Any]:
    """The newest decision (about something of that title), once there is one."""

    def found() -> list[dict[str, Any]]:
        items = client.ok(client.get("/notifications/decisions/"))["items"]
        return [one for one in items if title in one["title"]]

    return until(found)[0]


def codes(decision: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in decision["reasons"]]


def test_new_mail_is_told_with_what_it_is_of(
    house: RunningHouse, cast: Cast, alice: Client, bob: Client
) -> None:
    arrive(house, cast.alice, subject="The plan", text="As promised.\r\n")
    (one,) = until(lambda: told(alice))
    assert (one["kind"], one["title"], one["is_read"]) == ("mail", "Zoe Outside", False)
    assert one["body"] == "The plan — As promised."
    email = alice.ok(alice.get(f"/emails/{one['about']['id']}/"))
    assert (email["subject"], email["thread_id"]) == ("The plan", one["about"]["in"])
    assert codes(why(alice)) == ["mail_inbox"]
    assert told(bob) == [], "nobody else hears of it"
    assert alice.get("/notifications/").json["unread"] == 1


def test_reading_it_by_imap_takes_it_back(house: RunningHouse, cast: Cast, alice: Client) -> None:
    arrive(house, cast.alice)
    until(lambda: told(alice, unread="true"))
    imap = Imap(house.ports["imap"])
    imap.log_in(cast.alice.email, cast.alice.password)
    imap.ok(b"SELECT INBOX")
    imap.ok(b"STORE 1 +FLAGS.SILENT (\\Seen)")
    until(lambda: not told(alice, unread="true"))
    (one,) = told(alice)
    assert one["is_read"] and one["read_at"]
    assert alice.get("/notifications/").json["unread"] == 0
    imap.close()


@pytest.mark.parametrize("act", ["read", "trash", "destroy", "junk"])
def test_so_does_reading_and_putting_away_elsewhere(
    house: RunningHouse, cast: Cast, alice: Client, act: str
) -> None:
    arrive(house, cast.alice)
    (one,) = until(lambda: told(alice, unread="true"))
    ids = {"ids": [one["about"]["id"]]}
    if act == "read":
        alice.ok(alice.post("/emails/update/", {**ids, "is_seen": True}))
    elif act == "junk":
        alice.ok(alice.post("/emails/move/", {**ids, "to_mailbox": str(make.mailbox(cast.alice, "junk"))}))
    else:
        alice.ok(alice.post(f"/emails/{act}/", ids))
    until(lambda: not told(alice, unread="true"))


def test_what_is_not_new_to_anybody_is_told_to_nobody(house: RunningHouse, cast: Cast, alice: Client) -> None:
    """Old mail that is imported, what one reads already, what lies in Sent and Junk, one's own."""
    from posthouse.mail import flags, storing

    old = storing.prepare(make.message(to=cast.alice.email), received_at_ms=1_700_000_000_000)
    storing.store(storing.Storing(arrival=old, account_id=cast.alice.account_id))
    make.email(cast.alice, flags=flags.SEEN)
    make.email(cast.alice, role="sent")
    make.email(cast.alice, role="junk")
    make.email(cast.alice, sender=cast.alice.email)
    arrive(house, cast.alice, sender="last@outside.test")
    until(lambda: told(alice))
    assert [one["title"] for one in told(alice)] == ["last@outside.test"]
    assert len(alice.get("/notifications/decisions/").json["items"]) == 1


def test_lists_are_quiet_and_the_log_says_why(house: RunningHouse, cast: Cast, alice: Client) -> None:
    arrive(house, cast.alice, headers="List-Id: <news.outside.test>\r\n")
    decision = why(alice)
    assert (decision["is_told"], codes(decision)) == (False, ["mail_inbox", "automatic"])
    assert told(alice) == []
    same = alice.get("/notifications/decisions/", about=decision["about"]["id"]).json["items"]
    assert same == [decision]


def test_a_vip_breaks_through_quiet_hours_and_others_wait_in_the_list(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    all_day = [
        {"days": list(range(7)), "from": "00:00", "to": "23:59"},
        {"days": [0, 1, 2, 3, 4, 5, 6], "from": "23:59", "to": "00:00"},
    ]
    alice.ok(alice.patch("/notifications/settings/", {"quiet_hours": all_day}))
    rule = {"source": "person", "value": "Boss@Outside.test", "level": "urgent"}
    made = alice.ok(alice.post("/notifications/rules/", rule), 201)
    arrive(house, cast.alice, sender="zoe@outside.test")
    arrive(house, cast.alice, sender="The Boss <boss@outside.test>")
    quiet, loud = why(alice, "zoe@outside.test"), why(alice, "The Boss")
    assert (quiet["level"], quiet["is_pushed"], codes(quiet)) == (
        "list",
        False,
        ["mail_inbox", "quiet_hours"],
    )
    assert (loud["level"], loud["is_pushed"]) == ("urgent", True)
    assert [one["urgency"] for one in told(alice)] == ["urgent", "normal"]
    alice.ok(alice.delete(f"/notifications/rules/{made['id']}/"), 204)
    assert alice.get("/notifications/rules/").json["items"] == []


def test_a_crowd_is_told_as_a_number(house: RunningHouse, cast: Cast, alice: Client) -> None:
    from posthouse.mail import storing

    raw = [make.message(to=cast.alice.email, subject=f"No. {n}") for n in range(20)]
    items = [storing.Storing(arrival=storing.prepare(one), account_id=cast.alice.account_id) for one in raw]
    storing.store_together(items)
    (one,) = until(lambda: told(alice))
    assert (one["title"], one["kind"]) == ("20 new e-mails", "mail")


def test_a_mailbox_with_a_rule_is_told_to_who_may_read_it(
    house: RunningHouse, cast: Cast, alice: Client, bob: Client
) -> None:
    """A colleague with a grant hears of an account by a rule, and no more once the grant is taken back."""
    rule = {"source": "account", "value": str(cast.alice.account_id), "level": "push"}
    bob.ok(bob.post("/notifications/rules/", rule), 201)
    arrive(house, cast.alice, subject="Before")
    why(alice)
    assert told(bob) == []
    grants = f"/accounts/{cast.alice.account_id}/grants/"
    grant = alice.ok(alice.post(grants, {"user_id": user_id(cast.bob), "right": "read"}), 201)
    arrive(house, cast.alice, subject="With a grant")
    (one,) = until(lambda: told(bob))
    assert one["body"].startswith("With a grant")
    alice.ok(alice.delete(f"{grants}{grant['id']}/"), 204)
    arrive(house, cast.alice, subject="After")
    until(lambda: len(told(alice)) == 3)
    assert len(told(bob)) == 1


def test_who_may_not_read_mail_is_not_shown_what_it_says(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    arrive(house, cast.alice)
    (one,) = until(lambda: told(alice))
    token = {"name": "x", "scopes": ["account:read"], "expires_in_days": 1}
    made = alice.ok(alice.post("/security/tokens/", token), 201)["token"]
    program = Client(house.http, headers={"Authorization": f"Bearer {made}"})
    assert told(program) == []
    assert program.get(f"/notifications/{one['id']}/").status == 404
    assert program.get("/notifications/decisions/").json["items"] == []


def test_a_log_read_twice_tells_once(house: RunningHouse, cast: Cast, alice: Client) -> None:
    from posthouse.notifications import arriving

    arrive(house, cast.alice)
    (one,) = until(lambda: told(alice))
    for _ in range(3):
        arriving.step(cast.alice.account_id)
    assert told(alice) == [one]


def test_a_store_put_back_to_an_older_day_goes_on(house: RunningHouse, cast: Cast, alice: Client) -> None:
    from posthouse.base import db, sql
    from posthouse.notifications import arriving

    make.email(cast.alice)
    until(lambda: told(alice))
    ahead = "UPDATE notifications_cursor SET modseq = 900000000 WHERE account_id = %s"
    db.action(lambda: sql.run(ahead, [cast.alice.account_id]))()
    assert arriving.step(cast.alice.account_id) == (None, False)
    make.email(cast.alice, sender="next@outside.test")
    until(lambda: [one for one in told(alice) if one["title"] == "next@outside.test"])
