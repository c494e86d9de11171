"""Sending, taking back, and seeing what happened."""

from __future__ import annotations

import time
from typing import Any

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.house import RunningHouse


def _inbox(client: Client, cast_person: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get("/emails/", mailbox=make.mailbox(cast_person, "inbox")).json[
        "items"
    ]
    return items


def _until(check: Any, seconds: float = 10) -> Any:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if found := check():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


def test_a_message_reaches_a_colleague(house: RunningHouse, alice: Client, cast: Cast) -> None:
    bob = log_in(house, cast.bob)
    body = {"to": [{"name": "Bob", "email": cast.bob.email}], "subject": "Hi Bob", "html": "<p>Hello</p>"}
    sent = alice.ok(alice.post("/send/", body), 202)
    assert sent["undo_until"] is None
    (received,) = _until(lambda: _inbox(bob, cast.bob))
    assert (received["subject"], received["from"][0]["email"]) == ("Hi Bob", cast.alice.email)
    own = alice.ok(alice.get(f"/emails/{sent['email_id']}/"))
    assert own["mailbox_ids"] == [str(make.mailbox(cast.alice, "sent"))] and own["is_seen"]
    done = _until(
        lambda: (s := alice.get(f"/submissions/{sent['submission_id']}/").json)["state"] == "done" and s
    )
    assert done["recipients"][0]["state"] == "delivered"
    assert alice.get(f"/emails/{sent['email_id']}/").json["delivery"][0]["recipient"] == cast.bob.email
    assert alice.get("/addresses/", q="bob").json["items"][0] == {"name": "Bob", "email": cast.bob.email}


def test_bcc_is_kept_for_the_sender_and_hidden_from_the_others(
    house: RunningHouse, alice: Client, cast: Cast
) -> None:
    bob = log_in(house, cast.bob)
    body = {"bcc": [{"name": "", "email": cast.bob.email}], "subject": "Quiet", "text": "x"}
    sent = alice.ok(alice.post("/send/", body), 202)
    (received,) = _until(lambda: _inbox(bob, cast.bob))
    assert b"bcc" not in bob.get(f"/emails/{received['id']}/raw/").body.lower()
    assert alice.get(f"/emails/{sent['email_id']}/").json["bcc"][0]["email"] == cast.bob.email


def test_sending_a_draft_takes_its_files_and_marks_the_question_answered(
    house: RunningHouse, alice: Client, cast: Cast
) -> None:
    bob = log_in(house, cast.bob)
    asked = make.email(cast.alice, subject="Q", message_id="ask@x.test")
    blob = alice.request("POST", "/blobs/?filename=a.txt", body=b"file").json
    piece = {name: blob[name] for name in ("blob_id", "filename", "content_type")}
    draft = alice.post(
        "/drafts/",
        {"to": [{"email": cast.bob.email}], "subject": "Re: Q", "html": "<p>A</p>", "attachments": [piece],
         "reply_to_email_id": str(asked)},
    ).json  # fmt: skip
    sent = alice.ok(alice.post(f"/drafts/{draft['id']}/send/", {}), 202)
    assert alice.get(f"/emails/{draft['id']}/").status == 404
    assert alice.get(f"/emails/{asked}/").json["is_answered"]
    assert alice.get(f"/emails/{sent['email_id']}/").json["thread_id"] == draft["thread_id"]
    (received,) = _until(lambda: _inbox(bob, cast.bob))
    full = bob.get(f"/emails/{received['id']}/").json
    assert bob.get(full["attachments"][0]["url"]).body == b"file"
    assert full["in_reply_to"] == ["ask@x.test"]
    assert b"X-Posthouse-Draft" not in bob.get(f"/emails/{received['id']}/raw/").body


def test_a_held_message_can_be_taken_back_once(house: RunningHouse, alice: Client, cast: Cast) -> None:
    bob = log_in(house, cast.bob)
    body = {"to": [{"email": cast.bob.email}], "subject": "Oops", "text": "x", "hold_seconds": 30}
    sent = alice.ok(alice.post("/send/", body), 202)
    assert sent["undo_until"] is not None
    (active,) = alice.get("/submissions/", state="active").json["items"]
    assert (active["id"], active["state"], active["recipients"][0]["state"]) == (
        sent["submission_id"],
        "held",
        "held",
    )
    taken = alice.ok(alice.post(f"/submissions/{sent['submission_id']}/cancel/"))
    draft = alice.get(f"/emails/{taken['email_id']}/").json
    assert draft["is_draft"] and draft["mailbox_ids"] == [str(make.mailbox(cast.alice, "drafts"))]
    assert draft["draft"]["to"][0]["email"] == cast.bob.email
    again = alice.post(f"/submissions/{sent['submission_id']}/cancel/")
    assert (again.status, again.json["code"]) == (409, "already_sent")
    assert alice.get("/submissions/").json["items"] == []
    assert _inbox(bob, cast.bob) == []


def test_a_repeated_request_sends_once(house: RunningHouse, alice: Client, cast: Cast) -> None:
    bob = log_in(house, cast.bob)
    body = {"to": [{"email": cast.bob.email}], "subject": "Once", "text": "x"}
    first = alice.post("/send/", body, Idempotency_Key="k1")
    second = alice.post("/send/", body, Idempotency_Key="k1")
    assert first.status == second.status == 202 and first.json == second.json
    assert "idempotency-replayed" not in first.headers and second.headers["idempotency-replayed"] == "true"
    later = alice.post("/send/", body | {"hold_seconds": 5}, Idempotency_Key="k1")
    assert later.json == first.json, "a client that lost the answer need not hold it again"
    other = alice.post("/send/", body | {"subject": "Twice"}, Idempotency_Key="k1")
    assert (other.status, other.json["code"]) == (422, "idempotency_key_reused")
    _until(lambda: _inbox(bob, cast.bob))
    time.sleep(0.2)
    assert len(_inbox(bob, cast.bob)) == 1
    draft = alice.post("/drafts/", {"to": [{"email": cast.bob.email}], "text": "d"}).json
    one = alice.post(f"/drafts/{draft['id']}/send/", {}, Idempotency_Key="k2")
    two = alice.post(f"/drafts/{draft['id']}/send/", {}, Idempotency_Key="k2")
    assert one.status == two.status == 202 and one.json == two.json


def test_a_key_is_good_for_a_day(house: RunningHouse, alice: Client, cast: Cast) -> None:
    body = {"to": [{"email": cast.bob.email}], "subject": "Daily", "text": "x"}
    first = alice.post("/send/", body, Idempotency_Key="day")
    from posthouse.base import clock

    try:
        clock.set_source(lambda: time.time() + 23 * 3600)
        again = log_in(house, cast.alice)
        assert again.post("/send/", body, Idempotency_Key="day").json == first.json
        clock.set_source(lambda: time.time() + 25 * 3600)
        again = log_in(house, cast.alice)
        later = again.post("/send/", body, Idempotency_Key="day")
        assert later.status == 202 and later.json["email_id"] != first.json["email_id"]
    finally:
        clock.set_source(None)


def test_twins_under_one_key_send_once(house: RunningHouse, alice: Client, cast: Cast) -> None:
    from concurrent.futures import ThreadPoolExecutor

    body = {"to": [{"email": cast.bob.email}], "subject": "Twins", "text": "x"}
    clients = [Client(alice.http, headers=dict(alice.headers)) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda c: c.post("/send/", body, Idempotency_Key="twins"), clients))
    assert {answer.status for answer in answers} <= {202, 409}
    sent = {answer.json["email_id"] for answer in answers if answer.status == 202}
    assert len(sent) == 1
    assert all(a.json["code"] == "idempotency_in_progress" for a in answers if a.status == 409)


def test_bad_recipients_are_named(alice: Client, cast: Cast) -> None:
    body = {
        "to": [{"email": "ok@outside.test"}, {"email": "no address"}],
        "cc": [{"email": f"nobody@{cast.domain}"}],
        "text": "x",
    }
    answer = alice.post("/send/", body)
    assert (answer.status, answer.json["code"]) == (400, "invalid_recipient")
    assert [error["pointer"] for error in answer.json["errors"]] == ["/to/1", "/cc/0"]
    assert alice.post("/send/", {"text": "x"}).json["code"] == "no_recipients"
    assert alice.post("/send/", body | {"hold_seconds": 61}).json["errors"][0]["pointer"] == "/hold_seconds"
    received = make.email(cast.alice)
    assert alice.post(f"/drafts/{received}/send/", {}).json["code"] == "not_a_draft"


def test_submissions_of_others_do_not_exist(alice: Client, mallory: Client, cast: Cast) -> None:
    body = {"to": [{"email": cast.bob.email}], "text": "x", "hold_seconds": 30}
    sent = alice.ok(alice.post("/send/", body), 202)
    assert mallory.get(f"/submissions/{sent['submission_id']}/").status == 404
    assert mallory.post(f"/submissions/{sent['submission_id']}/cancel/").status == 404
    alice.ok(alice.post(f"/submissions/{sent['submission_id']}/cancel/"))
