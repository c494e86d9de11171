"""Receipts: asked for, and answered when a person says so, once, and by nobody else."""

from __future__ import annotations

import email
from typing import Any

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast, Person, user_id
from tests.delivery.outside import bytes_of, inbox, outside, smtp, until
from tests.delivery.test_vacation import idle
from tests.house import RunningHouse
from tests.imapd.client import Client as Imap

ASKER = "zoe@outside.test"


def wanted_mail(person: Person, asker: str = ASKER, **fields: Any) -> bytes:
    """A mail that came in and whose sender wants to hear that it was read."""
    asks = f"Disposition-Notification-To: {asker}\r\n"
    return f"Return-Path: <{asker}>\r\n".encode() + make.message(
        to=person.email, sender=asker, headers=asks, **{"subject": "Plates", **fields}
    )


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


def arrive(house: RunningHouse, person: Person) -> str:
    raw = make.message(
        to=person.email, sender=ASKER, subject="Plates", headers=f"Disposition-Notification-To: {ASKER}\r\n"
    )
    with smtp(house) as client:
        client.sendmail(ASKER, [person.email], raw)
    (row,) = log_in(house, person).get("/emails/", role="inbox").json["items"]
    return str(row["id"])


def test_who_asks_is_told_when_the_reader_says_so(house: RunningHouse, cast: Cast, alice: Client) -> None:
    with outside(house, "outside.test") as peer:
        found = arrive(house, cast.alice)
        assert alice.get(f"/emails/{found}/").json["receipt_to"] == ASKER
        alice.ok(alice.patch(f"/emails/{found}/", {"is_seen": True}))
        idle()
        assert peer.messages == [], "reading alone tells nobody"
        alice.ok(alice.post(f"/emails/{found}/receipt/", {"answer": "send"}), 204)
        until(lambda: peer.messages)
    told = email.message_from_bytes(bytes_of(peer.messages[0]))
    assert any(line.startswith(b"MAIL FROM:<>") for line in peer.commands)
    assert (told["To"], told["Subject"]) == (ASKER, "Read: Plates")
    assert cast.alice.email in told["From"]
    assert b"Disposition: manual-action/MDN-sent-manually; displayed" in peer.messages[0]
    assert alice.get(f"/emails/{found}/").json["receipt_to"] is None
    imap = Imap(house.ports["imap"])
    imap.log_in(cast.alice.email, cast.alice.password)
    imap.ok(b"SELECT INBOX")
    assert b"$MDNSent" in imap.ok(b"FETCH 1 FLAGS").untagged[0], "mail programs ask no more either"
    imap.close()
    for answer in ("send", "decline"):
        again = alice.post(f"/emails/{found}/receipt/", {"answer": answer})
        assert (again.status, again.json["code"]) == (409, "no_receipt_wanted")
    idle()
    assert len(peer.messages) == 1


def test_who_declines_is_not_asked_again_and_nobody_hears(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    with outside(house, "outside.test") as peer:
        found = arrive(house, cast.alice)
        alice.ok(alice.post(f"/emails/{found}/receipt/", {"answer": "decline"}), 204)
        idle()
        assert peer.messages == []
    assert alice.get(f"/emails/{found}/").json["receipt_to"] is None


@pytest.mark.parametrize(
    "headers",
    ["", "Disposition-Notification-To: zoe@outside.test\r\nList-Id: <x.test>\r\n"],
)
def test_nobody_is_told_who_did_not_ask_or_asks_by_a_list(
    house: RunningHouse, cast: Cast, alice: Client, headers: str
) -> None:
    raw = b"Return-Path: <zoe@outside.test>\r\n" + make.message(to=cast.alice.email, headers=headers)
    found = make.email(cast.alice, raw)
    assert alice.get(f"/emails/{found}/").json["receipt_to"] is None
    assert alice.post(f"/emails/{found}/receipt/", {"answer": "send"}).json["code"] == "no_receipt_wanted"


def test_who_may_only_read_answers_nothing(house: RunningHouse, cast: Cast, alice: Client) -> None:
    found = make.email(cast.alice, wanted_mail(cast.alice))
    grants = f"/accounts/{cast.alice.account_id}/grants/"
    alice.ok(alice.post(grants, {"user_id": user_id(cast.bob), "right": "read"}), 201)
    bob = log_in(house, cast.bob)
    for answer in ("send", "decline"):
        assert bob.post(f"/emails/{found}/receipt/", {"answer": answer}).status == 403
    assert alice.get(f"/emails/{found}/").json["receipt_to"] == ASKER


def test_a_composer_asks_for_both(house: RunningHouse, cast: Cast, alice: Client) -> None:
    body = {"to": [{"email": ASKER}], "text": "x", "asks_read": True, "asks_delivery": True}
    with outside(house, "outside.test", extensions=["8BITMIME", "DSN"]) as peer:
        alice.ok(alice.post("/send/", body), 202)
        until(lambda: peer.messages)
        plain = {"to": [{"email": ASKER}], "text": "x"}
        alice.ok(alice.post("/send/", plain), 202)
        until(lambda: len(peer.messages) == 2)
    asked = email.message_from_bytes(bytes_of(peer.messages[0]))
    assert asked["Disposition-Notification-To"] == cast.alice.email
    rcpt = [line for line in peer.commands if line.startswith(b"RCPT")]
    assert b"NOTIFY=SUCCESS,FAILURE,DELAY" in rcpt[0] and b"NOTIFY" not in rcpt[1]
    assert email.message_from_bytes(bytes_of(peer.messages[1]))["Disposition-Notification-To"] is None


def test_that_it_arrived_here_is_told(house: RunningHouse, cast: Cast, alice: Client) -> None:
    body = {"to": [{"email": cast.bob.email}], "subject": "Hay", "text": "x", "asks_delivery": True}
    alice.ok(alice.post("/send/", body), 202)
    (notice,) = until(lambda: inbox(cast.alice))
    assert notice["Subject"] == "Delivered: Hay"


def test_a_draft_remembers_what_it_asks(alice: Client) -> None:
    made = alice.ok(alice.post("/drafts/", {"text": "x", "asks_read": True}), 201)
    draft = alice.get(f"/emails/{made['id']}/").json["draft"]
    assert (draft["asks_read"], draft["asks_delivery"]) == (True, False)
    again = alice.ok(alice.send("PUT", f"/drafts/{made['id']}/", {"text": "x", "asks_delivery": True}))
    draft = alice.get(f"/emails/{again['id']}/").json["draft"]
    assert (draft["asks_read"], draft["asks_delivery"]) == (False, True)


def test_between_colleagues_the_line_says_that_it_was_read(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    body = {"to": [{"email": cast.bob.email}], "subject": "Hay", "text": "x", "asks_read": True}
    sent = alice.ok(alice.post("/send/", body), 202)["submission_id"]
    until(lambda: inbox(cast.bob))
    bob = log_in(house, cast.bob)
    (row,) = bob.get("/emails/", role="inbox").json["items"]
    assert bob.get(f"/emails/{row['id']}/").json["receipt_to"] == cast.alice.email
    bob.ok(bob.post(f"/emails/{row['id']}/receipt/", {"answer": "send"}), 204)
    (receipt,) = until(lambda: inbox(cast.alice))
    assert receipt["Subject"] == "Read: Hay"
    (line,) = alice.get(f"/submissions/{sent}/").json["recipients"]
    assert line["read_at"]
