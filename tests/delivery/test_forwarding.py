"""Mail that goes on by itself: confirmed by its target, with a sender of ours, and never in circles."""

from __future__ import annotations

import email
import smtplib
import ssl
from collections.abc import Iterator
from typing import Any

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast, Person, person, user_id
from tests.delivery.outside import bytes_of, inbox, outside, smtp, until
from tests.delivery.test_vacation import deliver, idle
from tests.delivery.transport.peer import Peer
from tests.house import RunningHouse
from tests.identity.factors import moving_clock
from tests.letters import Letters

TARGET = "alice@away.test"


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def away(house: RunningHouse) -> Iterator[Peer]:
    """Where mail goes on to."""
    with outside(house, "away.test") as peer:
        yield peer


def propose(client: Client, address: str = TARGET, **fields: Any) -> Any:
    return client.ok(client.post("/forwards/", {"address": address, **fields}), 201)


def forward(client: Client, peer: Peer, address: str = TARGET, **fields: Any) -> str:
    """A confirmed one; the peer is empty afterwards."""
    asked = propose(client, address, **fields)
    path = f"/forwards/{asked['forward']['id']}/"
    client.ok(client.post(f"{path}confirm/", {"flow": asked["flow"], "code": Letters(peer).code()}))
    idle()
    peer.messages.clear()
    peer.commands.clear()
    return path


def mail(person: Person) -> list[Any]:
    """What came in, but for the letter that tells of the forward."""
    return [one for one in inbox(person) if one["Subject"] != "Your mail is forwarded"]


def envelope(peer: Peer) -> tuple[str, list[str]]:
    """Sender and recipients of the last transaction."""
    said = [line.decode().strip() for line in peer.commands if line[:4] in (b"MAIL", b"RCPT")]
    last = max(i for i, line in enumerate(said) if line.startswith("MAIL"))
    found = [line.partition("<")[2].partition(">")[0] for line in said[last:]]
    return found[0], found[1:]


def test_nothing_goes_on_before_the_target_says_so(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer
) -> None:
    asked = propose(alice)
    letters = Letters(away)
    letter = letters.next()
    assert letter["To"] == TARGET and cast.alice.email in letter.get_payload(decode=True).decode()
    deliver(house, cast.alice, subject="early")
    idle()
    assert len(away.messages) == 1
    path = f"/forwards/{asked['forward']['id']}/confirm/"
    wrong = alice.post(path, {"flow": asked["flow"], "code": "0000-0000"})
    assert (wrong.status, wrong.json["code"]) == (400, "wrong_code")
    code = letter.get_payload(decode=True).decode().partition("The code is  ")[2][:9]
    assert alice.ok(alice.post(path, {"flow": asked["flow"], "code": code}))["is_confirmed"]
    assert alice.post(path, {"flow": asked["flow"], "code": code}).json["code"] == "wrong_code", "once"
    until(lambda: [one for one in inbox(cast.alice) if one["Subject"] == "Your mail is forwarded"])
    deliver(house, cast.alice, subject="late")
    idle()
    assert [email.message_from_bytes(raw)["Subject"] for raw in away.messages[1:]] == ["late"]


def test_another_person_cannot_confirm_it(house: RunningHouse, cast: Cast, alice: Client, away: Peer) -> None:
    asked = propose(alice)
    code = Letters(away).code()
    bob = log_in(house, cast.bob)
    own = propose(bob, "bob@away.test")
    for client, one in ((bob, asked), (bob, own)):
        path = f"/forwards/{one['forward']['id']}/confirm/"
        assert client.post(path, {"flow": asked["flow"], "code": code}).status in (400, 404)
    assert not alice.get("/forwards/").json["items"][0]["is_confirmed"]


def test_a_session_that_was_left_open_cannot_forward(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer
) -> None:
    path = forward(alice, away)
    who = {"email": cast.alice.email, "password": cast.alice.password}
    pair = alice.ok(alice.post("/auth/token/", who))
    with moving_clock() as move:
        move(601)
        fresh = alice.ok(alice.post("/auth/token/refresh/", {"refresh": pair["refresh"]}))
        alice.headers["Authorization"] = f"Bearer {fresh['access']}"
        for answer in (
            alice.post("/forwards/", {"address": "thief@away.test"}),
            alice.patch(path, {"keeps_copy": False}),
        ):
            assert (answer.status, answer.json["code"]) == (403, "step_up_required")
        alice.ok(alice.patch(path, {"is_enabled": False}))
        assert alice.patch(path, {"is_enabled": True}).json["code"] == "step_up_required"


def test_the_bytes_go_on_untouched_with_a_sender_of_ours(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer
) -> None:
    forward(alice, away)
    raw = make.message(to=cast.alice.email, text="Grüße\r\n.dots\r\n", headers="DKIM-Signature: v=1; x\r\n")
    with smtp(house) as client:
        client.sendmail("zoe@outside.test", [cast.alice.email], raw, ["BODY=8BITMIME"])
    idle()
    gone = bytes_of(away.messages[0])
    assert gone.endswith(raw), "not a byte of what came is changed"
    head = gone[: -len(raw)].decode()
    trace, _, marks = head.partition("\r\n")
    assert trace.startswith("Posthouse-Trace: ")
    assert marks.startswith(f"Delivered-To: {cast.alice.email}\r\nX-Loop: {cast.alice.email}\r\nReceived: ")
    assert "Return-Path" not in head
    sender, recipients = envelope(away)
    assert recipients == [TARGET]
    assert sender.startswith("SRS0=") and sender.endswith(f"=outside.test=zoe@{cast.domain}")
    (kept,) = mail(cast.alice)
    assert kept["Subject"] == "Hello"


def test_a_bounce_finds_its_way_to_the_sender(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer
) -> None:
    forward(alice, away)
    deliver(house, cast.alice, sender="Zoe@outside.test")
    idle()
    sender, _ = envelope(away)
    with outside(house, "outside.test") as world, smtp(house) as client:
        bounce = make.message(sender="MAILER-DAEMON@away.test", to=sender, subject="Undelivered")
        client.sendmail("", [sender], bounce)
        idle()
        assert envelope(world) == ("", ["Zoe@outside.test"])
        assert bytes_of(world.messages[0]).endswith(bounce)
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail("spam@evil.test", [sender], bounce)
        assert refused.value.smtp_code == 550, "no relay for others"
        for forged in (sender.replace("Zoe", "Yan"), f"SRS0=AAAAAAAA=AA=a.test=b@{cast.domain}"):
            client.rset()
            client.mail("")
            assert client.rcpt(forged)[0] == 550, forged
    with moving_clock() as move:
        move(15 * 86_400)
        with smtp(house) as client:
            client.mail("")
            assert client.rcpt(sender)[0] == 550, "it has ended"


def test_a_bounce_and_a_person_here_in_one_transaction(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer
) -> None:
    forward(alice, away)
    deliver(house, cast.alice)
    idle()
    sender, _ = envelope(away)
    with outside(house, "outside.test") as world, smtp(house) as client:
        client.sendmail("", [sender, cast.bob.email], make.message(subject="Undelivered"))
        idle()
        assert envelope(world) == ("", ["zoe@outside.test"])
    assert [one["Subject"] for one in inbox(cast.bob)] == ["Undelivered"]


def test_bounces_that_are_forwarded_keep_the_null_sender(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer
) -> None:
    forward(alice, away)
    deliver(house, cast.alice, sender="", subject="Undelivered")
    idle()
    assert envelope(away)[0] == ""


def test_what_another_forwarder_rewrote_is_rewritten_once_more(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer
) -> None:
    forward(alice, away)
    theirs = "SRS0=abcd=Q7=origin.test=ann@first.test"
    deliver(house, cast.alice, sender=theirs)
    idle()
    sender, _ = envelope(away)
    assert sender.startswith("SRS1=") and "=first.test==abcd=Q7=origin.test=ann" in sender
    with outside(house, "first.test") as first, smtp(house) as client:
        client.sendmail("", [sender], make.message())
        idle()
        assert envelope(first) == ("", [theirs])


def test_without_a_copy_it_goes_to_trash_once_it_went_on(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer
) -> None:
    path = forward(alice, away, keeps_copy=False)
    deliver(house, cast.alice, subject="gone on")
    idle()
    assert mail(cast.alice) == []
    (row,) = alice.get("/emails/", mailbox=make.mailbox(cast.alice, "trash")).json["items"]
    assert row["subject"] == "gone on" and row["is_seen"]
    (line,) = alice.get(f"/emails/{row['id']}/").json["delivery"]
    assert line["recipient"] == TARGET and line["state"] == "delivered" and line["is_forward"]
    alice.ok(alice.patch(path, {"is_enabled": False}))
    deliver(house, cast.alice, subject="stays")
    idle()
    assert [one["Subject"] for one in mail(cast.alice)] == ["stays"]
    alice.ok(alice.delete(path), 204)
    assert alice.get("/forwards/").json["items"] == []
    from posthouse.mail.mailboxes import recount

    assert recount(cast.alice.account_id) == []


def test_what_comes_round_goes_on_no_more(house: RunningHouse, cast: Cast, alice: Client, away: Peer) -> None:
    forward(alice, away)
    deliver(house, cast.alice)
    idle()
    came_round = bytes_of(away.messages.pop())
    hops = "".join(
        f"Received: from a{n}.test by b{n}.test; Fri, 27 Nov 2026 10:00:00 +0000\r\n" for n in range(26)
    )
    for raw in (
        came_round,
        make.message(to=cast.alice.email, headers=f"Delivered-To: {cast.alice.email.upper()}\r\n"),
        make.message(to=cast.alice.email, headers=hops),
    ):
        with smtp(house) as client:
            client.sendmail("zoe@outside.test", [cast.alice.email], raw)
    idle()
    assert away.messages == [] and len(mail(cast.alice)) == 4


def test_two_who_forward_to_each_other_keep_one_copy_each(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer
) -> None:
    bob = log_in(house, cast.bob)
    for client, target in ((alice, cast.bob), (bob, cast.alice)):
        asked = propose(client, target.email)
        (letter,) = until(lambda t=target: [one for one in inbox(t) if "A code" in one["Subject"]])  # type: ignore[misc]
        code = letter.get_content().partition("The code is  ")[2][:9]
        path = f"/forwards/{asked['forward']['id']}/confirm/"
        client.ok(client.post(path, {"flow": asked["flow"], "code": code}))
    deliver(house, cast.alice, subject="ping")
    idle()
    for who in (cast.alice, cast.bob):
        count = [one["Subject"] for one in inbox(who)].count("ping")
        assert count == 1, "nobody gets back what they sent on"


@pytest.mark.parametrize("message_id", ["ring@outside.test", None])
def test_people_who_forward_to_a_group_that_they_are_in_do_not_multiply_it(
    house: RunningHouse, cast: Cast, alice: Client, message_id: str | None
) -> None:
    """Each sends it on once: five of them, 25 copies; in every order that they can stand in it would be 325."""
    from posthouse.base import clock, db, sql
    from posthouse.delivery.automatic import kept
    from posthouse.delivery.models import Forward

    people = [cast.alice, cast.bob, *(person(name, cast.domain) for name in ("Carol", "Dave", "Erin"))]
    address = f"ring@{cast.domain}"
    group = alice.ok(
        alice.post("/groups/", {"name": "Ring", "address": address, "posting": "everybody"}), 201
    )
    for one in people:
        alice.ok(alice.send("PUT", f"/groups/{group['id']}/members/{user_id(one)}/", {}), 204)
        given = {"account_id": one.account_id, "address": address, "keeps_copy": True, "is_enabled": True}
        db.action(lambda g=given: Forward.objects.create(confirmed_at=clock.now(), **g))()
    kept.forget()
    raw = make.message(to=cast.alice.email, subject="ring", message_id=message_id or "x@y.test")
    if message_id is None:
        raw = raw.replace(b"Message-ID: <x@y.test>\r\n", b"")
    with smtp(house) as client:
        client.sendmail("zoe@outside.test", [cast.alice.email], raw)
    idle()
    found = sql.row(
        f"SELECT count(*) FROM delivery_submission WHERE is_forward AND account_id IN ({sql.marks(people)})",
        [one.account_id for one in people],
    )
    assert found is not None
    if message_id is None:
        assert found[0] == 1, "what cannot be known again is sent on once"
    else:
        assert len(people) <= found[0] <= 2 * len(people), "at once, two may not see each other"
    assert {one["Subject"] for one in mail(cast.bob)} >= {"ring"}


def test_junk_and_what_a_rule_deletes_stay(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer
) -> None:
    from tests.smtpd.checking_door import door, published

    forward(alice, away)
    rule = {
        "name": "x",
        "conditions": [{"field": "subject", "op": "is", "value": "offer"}],
        "actions": [{"do": "trash"}],
    }
    alice.ok(alice.post("/rules/", rule), 201)
    deliver(house, cast.alice, subject="offer")
    with published() as dns, door(house, dns) as port, smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        raw = make.message(sender="ann@bank.example", to=cast.alice.email)
        client.sendmail("x@evil.example", [cast.alice.email], raw)
    idle()
    assert away.messages == [] and mail(cast.alice) == []


def test_whoever_forwards_is_told_when_the_target_refuses(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer
) -> None:
    """And nobody else: the sender's mail has arrived."""
    forward(alice, away)
    away.replies["RCPT"] = b"550 5.1.1 nobody"
    with outside(house, "outside.test") as world:
        deliver(house, cast.alice, subject="Plan")
        idle()
        assert world.messages == []
    notice = next(one for one in mail(cast.alice) if one["Subject"] == "Not delivered: Plan")
    text = next(part for part in notice.walk() if part.get_content_type() == "text/plain").get_content()
    assert "forwarded for you" in text and TARGET in text and "5.1.1" in text


def test_all_that_come_at_once_go_on_once(house: RunningHouse, cast: Cast, alice: Client, away: Peer) -> None:
    forward(alice, away)
    for n in range(30):
        deliver(house, cast.alice, subject=str(n), sender=f"z{n}@outside.test")
    idle()
    found = sorted(int(email.message_from_bytes(raw)["Subject"]) for raw in away.messages)
    assert found == list(range(30))


def test_a_job_that_runs_twice_forwards_once(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer
) -> None:
    from posthouse.base import sql
    from posthouse.delivery.automatic import jobs

    forward(alice, away)
    deliver(house, cast.alice)
    idle()
    found = sql.row(
        "SELECT id, blob_id FROM mail_email WHERE account_id = %s AND subject = 'Hello' ORDER BY id DESC LIMIT 1",
        [cast.alice.account_id],
    )
    assert found is not None
    jobs.act(
        email_id=found[0],
        account_id=cast.alice.account_id,
        blob_id=found[1],
        sender="zoe@outside.test",
        is_forged=False,
        is_for_all=True,
        filed_in=None,
    )
    idle()
    assert len(away.messages) == 1


def test_what_makes_no_sense_is_refused(house: RunningHouse, cast: Cast, alice: Client, away: Peer) -> None:
    def code(address: str) -> str:
        return str(alice.post("/forwards/", {"address": address}).json["code"])

    assert code("nobody") == "invalid_address"
    assert code(f"nobody@{cast.domain}") == "invalid_recipient"
    assert code(cast.alice.email) == "own_address"
    propose(alice)
    assert code(TARGET.upper()) == "forward_exists"
    assert code("a@b.test\r\nBcc: x@y.test") == "invalid_address"


def test_who_may_only_write_does_not_say_where_mail_goes(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer
) -> None:
    bob = log_in(house, cast.bob)
    grant = {"user_id": user_id(cast.bob), "right": "write"}
    alice.ok(alice.post(f"/accounts/{cast.alice.account_id}/grants/", grant), 201)
    body = {"address": "bob@away.test", "account_id": str(cast.alice.account_id)}
    assert bob.post("/forwards/", body).json["code"] == "right_lacking"
    assert bob.get("/forwards/", account=cast.alice.account_id).status == 200


def test_a_code_may_be_asked_for_again(house: RunningHouse, cast: Cast, alice: Client, away: Peer) -> None:
    asked = propose(alice)
    letters = Letters(away)
    letters.code()
    path = f"/forwards/{asked['forward']['id']}/"
    again = alice.ok(alice.post(f"{path}code/"), 202)
    alice.ok(alice.post(f"{path}confirm/", {"flow": again["flow"], "code": letters.code()}))
    assert alice.post(f"{path}code/").json["code"] == "forward_confirmed"


def test_what_must_not_go_in_clear_does_not_go_on_in_clear(
    house: RunningHouse, cast: Cast, alice: Client, away: Peer
) -> None:
    from posthouse.base import sql

    forward(alice, away)
    context = ssl.create_default_context(cafile=str(house.data / "tls-certificate.pem"))
    context.check_hostname = False
    with smtp(house) as client:
        client.starttls(context=context)
        for subject, options in (("Secret", ["REQUIRETLS"]), ("Open", [])):
            raw = make.message(to=cast.alice.email, subject=subject)
            client.sendmail("zoe@outside.test", [cast.alice.email], raw, options)
    idle()
    until(lambda: away.messages)
    assert [email.message_from_bytes(raw)["Subject"] for raw in away.messages] == ["Open"]
    assert {one["Subject"] for one in mail(cast.alice)} == {"Secret", "Open"}
    demanded = sql.rows(
        "SELECT s.requires_tls, r.state FROM delivery_submission s JOIN delivery_recipient r"
        " ON r.submission_id = s.id WHERE s.account_id = %s AND r.address = %s AND s.is_forward ORDER BY s.id",
        [cast.alice.account_id, TARGET],
    )
    assert [(bool(row[0]), row[1] == "delivered") for row in demanded] == [(True, False), (False, True)]
