"""Rules through the doors: written by REST, asked of mail that comes by SMTP, seen by IMAP and REST."""

from __future__ import annotations

import smtplib
import time
from typing import Any

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast, Person
from tests.house import RunningHouse
from tests.imapd.client import Client as Imap

FROM_ZOE = {"field": "from", "op": "contains", "value": "zoe"}


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def bob(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.bob)


def deliver(house: RunningHouse, person: Person, **fields: Any) -> None:
    raw = make.message(**{"to": person.email, **fields})
    with smtplib.SMTP("127.0.0.1", house.ports["mx"], timeout=10) as smtp:
        smtp.sendmail("zoe@outside.test", [person.email], raw)


def add(client: Client, *actions: dict[str, Any], **fields: Any) -> Any:
    body = {"name": "Zoe's", "conditions": [FROM_ZOE], "actions": list(actions), **fields}
    return client.ok(client.post("/rules/", body), 201)


def box(client: Client, name: str) -> str:
    return str(client.ok(client.post("/mailboxes/", {"name": name}), 201)["id"])


def subjects(client: Client, mailbox: str | int) -> list[str]:
    return [row["subject"] for row in client.get("/emails/", mailbox=mailbox).json["items"]]


def only(client: Client, mailbox: str | int) -> Any:
    (row,) = client.get("/emails/", mailbox=mailbox).json["items"]
    return client.get(f"/emails/{row['id']}/").json


def until(wanted: Any, *, seconds: float = 10) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := wanted()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)
    return found


# --- at the door --------------------------------------------------------------------------------


def test_mail_is_filed_labelled_and_flagged_where_it_comes_in(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    work, bills, inbox = box(alice, "Work"), box(alice, "Bills"), make.mailbox(cast.alice, "inbox")
    deliver(house, cast.alice, subject="before")
    add(alice, {"do": "label", "mailbox_id": bills}, {"do": "star"}, name="Label")
    filing = add(alice, {"do": "file", "mailbox_id": work}, {"do": "read"}, name="File")
    deliver(house, cast.alice, subject="after")
    deliver(house, cast.alice, subject="other", sender="yan@outside.test")
    assert subjects(alice, inbox) == ["other", "before"]
    email = only(alice, work)
    assert email["subject"] == "after" and email["is_seen"] and email["is_flagged"]
    assert set(email["mailbox_ids"]) == {work, bills}
    assert email["filed_by"] == {"rule_id": filing["id"], "name": "File"}
    other = alice.get("/emails/", mailbox=inbox).json["items"][0]
    assert alice.get(f"/emails/{other['id']}/").json["filed_by"] is None
    with_imap = Imap(house.ports["imap"])
    with_imap.log_in(cast.alice.email, cast.alice.password)
    for name in (b"Work", b"Bills"):
        with_imap.ok(b"SELECT " + name)
        text = repr(with_imap.ok(b"FETCH 1 (UID FLAGS)"))
        assert "Seen" in text and "Flagged" in text, text
    with_imap.close()
    boxes = {m["id"]: m for m in alice.get("/mailboxes/").json["items"]}
    assert [(boxes[b]["total_emails"], boxes[b]["unread_emails"]) for b in (work, bills)] == [(1, 0), (1, 0)]
    from posthouse.mail.mailboxes import recount

    assert recount(cast.alice.account_id) == []


def test_trash_takes_no_label_along(house: RunningHouse, cast: Cast, alice: Client) -> None:
    bills = box(alice, "Bills")
    add(alice, {"do": "label", "mailbox_id": bills}, {"do": "trash"})
    deliver(house, cast.alice, subject="away")
    assert subjects(alice, make.mailbox(cast.alice, "trash")) == ["away"]
    assert subjects(alice, bills) == []


def test_each_account_has_its_own_rules(house: RunningHouse, cast: Cast, alice: Client, bob: Client) -> None:
    work = box(alice, "Work")
    add(alice, {"do": "file", "mailbox_id": work})
    raw = make.message(to=f"{cast.alice.email}, {cast.bob.email}", subject="both")
    with smtplib.SMTP("127.0.0.1", house.ports["mx"], timeout=10) as smtp:
        smtp.sendmail("zoe@outside.test", [cast.alice.email, cast.bob.email], raw)
    assert subjects(alice, work) == ["both"]
    assert subjects(bob, make.mailbox(cast.bob, "inbox")) == ["both"]


def test_mail_of_colleagues_is_asked_too(house: RunningHouse, cast: Cast, alice: Client, bob: Client) -> None:
    """By submission, and by the API through the queue."""
    work = box(alice, "Work")
    condition = {"field": "from", "op": "is", "value": cast.bob.email}
    add(alice, {"do": "file", "mailbox_id": work}, conditions=[condition])
    raw = make.message(sender=cast.bob.email, to=cast.alice.email, subject="submitted")
    with smtplib.SMTP("127.0.0.1", house.ports["submission"], timeout=10) as smtp:
        smtp.login(cast.bob.email, cast.bob.password)
        smtp.sendmail(cast.bob.email, [cast.alice.email], raw)
    assert subjects(alice, work) == ["submitted"]
    bob.ok(bob.post("/send/", {"to": [{"email": cast.alice.email}], "subject": "sent", "text": "x"}), 202)
    until(lambda: subjects(alice, work) == ["sent", "submitted"])


def test_text_headers_and_oneself_alone_are_read_at_the_door(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    conditions = [
        {"field": "body", "op": "contains", "value": "GOOD morning"},
        {"field": "header", "header": "X-Kind", "op": "matches", "value": "a*z"},
        {"field": "alone", "op": "exists"},
    ]
    work = box(alice, "Work")
    add(alice, {"do": "file", "mailbox_id": work}, conditions=conditions)
    deliver(house, cast.alice, subject="yes", headers="X-Kind: abcz\r\n")
    deliver(house, cast.alice, subject="no", headers="X-Kind: abc\r\n")
    deliver(house, cast.alice, subject="two", headers="X-Kind: az\r\nCc: x@outside.test\r\n")
    assert subjects(alice, work) == ["yes"]


def test_off_changed_deleted_and_stopped_rules_hold_for_the_next_mail(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    work, other = box(alice, "Work"), box(alice, "Other")
    rule = add(alice, {"do": "file", "mailbox_id": work})
    path = f"/rules/{rule['id']}/"
    deliver(house, cast.alice, subject="1")
    alice.ok(alice.patch(path, {"is_enabled": False}))
    deliver(house, cast.alice, subject="2")
    alice.ok(alice.patch(path, {"is_enabled": True, "actions": [{"do": "file", "mailbox_id": other}]}))
    deliver(house, cast.alice, subject="3")
    stopping = add(alice, {"do": "stop"}, position=1)
    deliver(house, cast.alice, subject="4")
    alice.ok(alice.patch(f"/rules/{stopping['id']}/", {"position": 2}))
    deliver(house, cast.alice, subject="5")
    alice.ok(alice.delete(path), 204)
    deliver(house, cast.alice, subject="6")
    assert subjects(alice, work) == ["1"]
    assert subjects(alice, other) == ["5", "3"]
    assert subjects(alice, make.mailbox(cast.alice, "inbox")) == ["6", "4", "2"]


def test_a_rule_whose_mailbox_is_gone_is_broken_and_passed_over(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    work = box(alice, "Work")
    rule = add(alice, {"do": "file", "mailbox_id": work}, {"do": "stop"})
    add(alice, {"do": "star"}, name="Star")
    deliver(house, cast.alice, subject="1")
    alice.ok(alice.delete(f"/mailboxes/{work}/"), 204)
    deliver(house, cast.alice, subject="2")
    inbox = make.mailbox(cast.alice, "inbox")
    assert subjects(alice, inbox) == ["2"], "whatever a door still remembers, mail is not refused"
    assert alice.get(f"/rules/{rule['id']}/").json["is_broken"]
    from posthouse.filters import kept

    kept.forget()
    deliver(house, cast.alice, subject="3")
    assert alice.get("/emails/", mailbox=inbox).json["items"][0]["is_flagged"]
    assert alice.post(f"/rules/{rule['id']}/apply/").json["code"] == "rule_broken"
    mended = {"actions": [{"do": "read"}]}
    assert not alice.ok(alice.patch(f"/rules/{rule['id']}/", mended))["is_broken"]


def test_without_rules_no_question_is_asked_for_each_mail(house: RunningHouse, cast: Cast) -> None:
    from posthouse.filters import kept

    kept.lookup([cast.bob.account_id])
    assert kept.known([cast.bob.account_id, cast.mallory.account_id]) == {}


# --- writing them -------------------------------------------------------------------------------


def test_rules_keep_an_order_that_one_moves_them_in(alice: Client) -> None:
    ids = [add(alice, {"do": "star"}, name=str(n))["id"] for n in range(4)]
    alice.ok(alice.patch(f"/rules/{ids[3]}/", {"position": 1}))
    alice.ok(alice.patch(f"/rules/{ids[0]}/", {"position": 100}))
    alice.ok(alice.delete(f"/rules/{ids[1]}/"), 204)
    rules = alice.get("/rules/").json["items"]
    assert [(rule["name"], rule["position"]) for rule in rules] == [("3", 1), ("2", 2), ("0", 3)]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"actions": [{"do": "file"}]}, "/actions/0/mailbox_id"),
        ({"actions": [{"do": "trash"}, {"do": "trash"}]}, "/actions"),
        ({"conditions": [{"field": "size", "op": "is", "value": "x"}]}, "/conditions/0/op"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(alice: Client, change: Any, pointer: str) -> None:
    body = {"name": "x", "conditions": [FROM_ZOE], "actions": [{"do": "star"}], **change}
    answer = alice.post("/rules/", body)
    (error,) = answer.json["errors"]
    assert (answer.status, answer.json["code"], error["pointer"]) == (400, "bad_rule", pointer)


@pytest.mark.parametrize("part", ["conditions", "actions"])
def test_a_rule_looks_for_something_and_does_something(alice: Client, part: str) -> None:
    rule = {"name": "x", "conditions": [FROM_ZOE], "actions": [{"do": "star"}]}
    answer = alice.post("/rules/", {**rule, part: []})
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (400, f"/{part}")


def test_unknown_fields_are_refused_at_any_depth(alice: Client) -> None:
    body = {"name": "x", "conditions": [{**FROM_ZOE, "regex": True}], "actions": [{"do": "star"}]}
    answer = alice.post("/rules/", body)
    assert answer.status == 400 and answer.json["errors"][0]["code"] == "unknown_field", answer.json


def test_a_rule_files_within_its_account(cast: Cast, alice: Client, bob: Client) -> None:
    theirs = make.mailbox(cast.bob, "inbox")
    body = {
        "name": "x",
        "conditions": [FROM_ZOE],
        "actions": [{"do": "file", "mailbox_id": str(theirs)}],
    }
    assert alice.post("/rules/", body).status == 404
    made = bob.ok(bob.post("/rules/", body), 201)["id"]
    assert alice.get(f"/rules/{made}/").status == 404


def test_there_are_200_rules_at_most(alice: Client, cast: Cast) -> None:
    from posthouse.base import limits
    from posthouse.delivery.rules.actions import create_rule
    from posthouse.filters.language import Action, Condition, Content, Field, Kind, Op

    content = Content(
        is_any=False,
        conditions=(Condition(field=Field.SUBJECT, op=Op.IS, value="x"),),
        actions=(Action(kind=Kind.STAR),),
    )
    for n in range(200):
        create_rule(
            cast.alice.actor, account_id=None, name=str(n), content=content, is_enabled=True, position=None
        )
    limits.limiter.reset()
    body = {"name": "x", "conditions": [FROM_ZOE], "actions": [{"do": "star"}]}
    assert alice.post("/rules/", body).json["code"] == "too_many_rules"


def test_who_may_only_read_an_account_sees_its_rules_and_changes_none(
    house: RunningHouse, cast: Cast, alice: Client, bob: Client
) -> None:
    from tests.cast import user_id

    rule = add(alice, {"do": "star"})
    grant = {"user_id": user_id(cast.bob), "right": "read"}
    alice.ok(alice.post(f"/accounts/{cast.alice.account_id}/grants/", grant), 201)
    assert bob.get("/rules/", account=cast.alice.account_id).json["items"][0]["id"] == rule["id"]
    assert bob.post("/rules/preview/", {"rule_id": rule["id"]}).status == 200
    assert bob.patch(f"/rules/{rule['id']}/", {"name": "y"}).json["code"] == "right_lacking"
    assert bob.post(f"/rules/{rule['id']}/apply/").json["code"] == "right_lacking"


# --- old mail -----------------------------------------------------------------------------------


def test_a_preview_says_which_and_why_and_changes_nothing(cast: Cast, alice: Client) -> None:
    hit = make.email(cast.alice, subject="Rechnung 1")
    make.email(cast.alice, subject="Rechnung 2", sender="yan@outside.test")
    make.email(cast.alice, subject="Rechnung 3", role="sent")
    conditions = [FROM_ZOE, {"field": "subject", "op": "starts", "value": "rechnung"}]
    found = alice.ok(alice.post("/rules/preview/", {"conditions": conditions}))
    assert (found["looked_at"], found["matched"]) == (2, 1)
    (item,) = found["items"]
    assert item["email_id"] == str(hit) and item["conditions"] == [0, 1]
    assert item["reason"] == "From contains “zoe”; Subject starts with “rechnung”"
    assert alice.get(f"/emails/{hit}/").json["filed_by"] is None
    either = alice.ok(alice.post("/rules/preview/", {"conditions": conditions, "match": "any"}))
    assert [item["conditions"] for item in either["items"]] == [[1], [0, 1]]


def test_what_a_preview_says_is_what_the_door_does(house: RunningHouse, cast: Cast, alice: Client) -> None:
    """Every condition there is, asked of the same e-mails here and at the door."""
    from tests.filters.test_engine import CASES

    mails = [
        {
            "subject": "Rechnung Nr. 42 today",
            "headers": "X-Loop: a\r\nList-Id: <coach.lists.outside.test>\r\n",
        },
        {"subject": "x", "text": "pay the straße\r\n", "headers": "Cc: carol@elsewhere.test\r\n"},
    ]
    boxes = {}
    for number, (condition, _) in enumerate(CASES[:20]):
        boxes[number] = box(alice, f"Box {number}")
        add(alice, {"do": "label", "mailbox_id": boxes[number]}, conditions=[condition])
    for mail in mails:
        deliver(house, cast.alice, **mail)
    for number, (condition, _) in enumerate(CASES[:20]):
        told = alice.ok(alice.post("/rules/preview/", {"conditions": [condition]}))
        assert [item["subject"] for item in told["items"]] == subjects(alice, boxes[number]), condition


def run_of(client: Client, answer: Any) -> Any:
    run = client.ok(answer, 202)
    ended = ("done", "undone")
    return until(
        lambda: (now := client.get(f"/rules/runs/{run['id']}/").json)["state"] in ended and now, seconds=30
    )


def test_applied_to_old_mail_and_put_back(cast: Cast, alice: Client) -> None:
    work, other = box(alice, "Work"), box(alice, "Other")
    inbox, archive = make.mailbox(cast.alice, "inbox"), make.mailbox(cast.alice, "archive")
    ids = [make.email(cast.alice, subject=str(n)) for n in range(450)]
    make.email(cast.alice, subject="archived", role="archive")
    make.email(cast.alice, subject="trash", role="trash")
    make.email(cast.alice, subject="else", sender="yan@outside.test")
    alice.ok(alice.post("/emails/label/", {"ids": [str(ids[0])], "add": [other], "remove": []}))
    alice.ok(alice.post("/emails/update/", {"ids": [str(ids[1])], "is_seen": True}))
    rule = add(alice, {"do": "file", "mailbox_id": work}, {"do": "read"})
    run = run_of(alice, alice.post(f"/rules/{rule['id']}/apply/"))
    assert (run["changed"], run["can_undo"], run["state"]) == (451, True, "done")
    assert alice.get(f"/mailboxes/{work}/").json["total_emails"] == 451
    assert subjects(alice, inbox) == ["else"] and subjects(alice, archive) == []
    assert subjects(alice, make.mailbox(cast.alice, "trash")) == ["trash"]
    first = alice.get(f"/emails/{ids[0]}/").json
    assert set(first["mailbox_ids"]) == {work, other} and first["is_seen"]
    assert first["filed_by"]["rule_id"] == rule["id"]

    alice.ok(alice.post("/emails/move/", {"ids": [str(ids[2])], "to_mailbox": other, "from_mailbox": work}))
    undone = run_of(alice, alice.post(f"/rules/runs/{run['id']}/undo/"))
    assert (undone["state"], undone["put_back"]) == ("undone", 450)
    boxes = {m["id"]: m for m in alice.get("/mailboxes/").json["items"]}
    counts = {b: (boxes[b]["total_emails"], boxes[b]["unread_emails"]) for b in (work, other, str(inbox))}
    assert counts == {work: (0, 0), other: (2, 1), str(inbox): (450, 449)}, (
        "one was read, one was moved since"
    )
    assert subjects(alice, archive) == ["archived"]
    assert alice.get(f"/emails/{ids[0]}/").json["filed_by"] is None
    assert alice.post(f"/rules/runs/{run['id']}/undo/").json["code"] == "nothing_to_undo"
    from posthouse.mail.mailboxes import recount

    assert recount(cast.alice.account_id) == []


def test_applied_twice_changes_nothing_more(cast: Cast, alice: Client) -> None:
    make.email(cast.alice)
    rule = add(alice, {"do": "star"})
    assert run_of(alice, alice.post(f"/rules/{rule['id']}/apply/"))["changed"] == 1
    again = run_of(alice, alice.post(f"/rules/{rule['id']}/apply/"))
    assert (again["changed"], again["can_undo"]) == (0, False)
    assert alice.get(f"/rules/{rule['id']}/").json["last_run"]["id"] == again["id"]


def test_a_rule_that_is_deleted_can_still_be_undone(cast: Cast, alice: Client) -> None:
    work = box(alice, "Work")
    email_id = make.email(cast.alice)
    rule = add(alice, {"do": "file", "mailbox_id": work})
    run = run_of(alice, alice.post(f"/rules/{rule['id']}/apply/"))
    alice.ok(alice.delete(f"/rules/{rule['id']}/"), 204)
    assert alice.get(f"/emails/{email_id}/").json["filed_by"] == {"rule_id": rule["id"], "name": None}
    assert run_of(alice, alice.post(f"/rules/runs/{run['id']}/undo/"))["put_back"] == 1
    assert alice.get(f"/emails/{email_id}/").json["mailbox_ids"] == [str(make.mailbox(cast.alice, "inbox"))]


def test_undoing_where_the_old_place_is_gone_leaves_mail_where_it_is(cast: Cast, alice: Client) -> None:
    """Nothing may end up in no mailbox at all."""
    work = box(alice, "Work")
    email_id = make.email(cast.alice)
    rule = add(alice, {"do": "trash"})
    alice.ok(alice.post("/emails/move/", {"ids": [str(email_id)], "to_mailbox": work}))
    run = run_of(alice, alice.post(f"/rules/{rule['id']}/apply/"))
    alice.ok(alice.delete(f"/mailboxes/{work}/"), 204)
    undone = run_of(alice, alice.post(f"/rules/runs/{run['id']}/undo/"))
    assert undone["put_back"] == 0
    assert alice.get(f"/emails/{email_id}/").json["mailbox_ids"] == [str(make.mailbox(cast.alice, "trash"))]


def test_a_step_that_two_workers_take_is_done_once(cast: Cast, alice: Client) -> None:
    """As when a job's lease has passed while it still runs: whoever is second finds the run moved on."""
    from posthouse.base import db, sql
    from posthouse.delivery.rules import jobs
    from posthouse.filters import runs
    from posthouse.mail import refiling

    make.email(cast.alice)
    rule = add(alice, {"do": "star"})
    run_id = int(run_of(alice, alice.post(f"/rules/{rule['id']}/apply/"))["id"])
    db.run(
        sql.run,
        (f"UPDATE filters_run SET state = 'running', mailbox_id = 0, uid = 0 WHERE id = {run_id}",),
        {},
    )
    going = runs.going(run_id, "running")
    assert going is not None
    step = refiling.step(cast.alice.account_id, mailbox_id=0, uid=0, limit=10)
    assert step is not None
    for _ in range(2):
        jobs._apply(going, step, step.email_ids)
    run = alice.get(f"/rules/runs/{run_id}/").json
    assert (run["looked_at"], run["changed"]) == (2, 1), "one by the first run, one by the two of them"
    jobs.apply(run_id)
    jobs.apply(run_id)
    assert alice.get(f"/rules/runs/{run_id}/").json["state"] == "done"
