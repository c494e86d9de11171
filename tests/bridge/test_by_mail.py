"""Somebody outside takes part in a conversation by plain mail."""

from __future__ import annotations

import smtplib

import pytest

from tests.api.client import Client
from tests.bridge.people import ZOE, address_in, answer, got, invite, text_of
from tests.cast import Cast
from tests.conversations.rooms import group, refusal, reply, say, texts
from tests.delivery.outside import bytes_of, outside, smtp, until
from tests.delivery.transport.peer import Peer
from tests.house import RunningHouse
from tests.identity.factors import Move

FILE = (
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHere it is\r\n"
    b"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=plan.pdf\r\n\r\n"
    b"%PDF-1.4 x\r\n--b--\r\n"
)


def outsider(client: Client, room: str) -> dict[str, object]:
    found: list[dict[str, object]] = client.ok(client.get(f"/conversations/{room}/outside/"))["items"]
    return found[0]


def test_a_message_goes_out_and_the_answer_comes_in(
    house: RunningHouse, alice: Client, bob: Client, world: Peer
) -> None:
    room = group(alice, bob)
    say(alice, room, "Before")
    invite(alice, room)
    say(bob, room, "Lunch at **noon**?")
    (mail,) = got(world, 1)
    assert str(mail["From"].addresses[0].display_name).startswith("Bob (via ")
    assert "Lunch at **noon**?" in text_of(mail) and "Before" not in text_of(mail)
    assert "<strong>noon</strong>" in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "Auto-Submitted" not in mail and mail["List-Id"] and mail["List-Unsubscribe-Post"]
    answer(house, mail, "Yes, at noon.")
    assert texts(alice, room) == ["Before", "Lunch at **noon**?", "Yes, at noon."]
    last = alice.get(f"/conversations/{room}/messages/").json["items"][-1]
    assert last["author"] == {"id": None, "name": "Zoe", "email": ZOE}
    assert outsider(alice, room)["state"] == "active"
    say(alice, room, "Good")
    again = got(world, 2)[1]
    assert "Good" in text_of(again) and again["In-Reply-To"] == mail["Message-ID"]
    assert again["Subject"] == f"Re: {mail['Subject']}"


def test_an_answer_finds_its_thread(house: RunningHouse, alice: Client, bob: Client, world: Peer) -> None:
    room = group(alice, bob)
    invite(alice, room)
    root = say(alice, room, "Plans?")
    inside = reply(bob, root, "In a thread")
    main, threaded = sorted(got(world, 2), key=lambda mail: "In-Reply-To" in mail)  # they race for the door
    assert threaded["In-Reply-To"] == main["Message-ID"] and threaded["Subject"] != main["Subject"]
    answer(house, threaded, "Into the thread")
    answer(house, main, "Into the room")
    assert texts(alice, room, thread=inside["thread_id"]) == ["Plans?", "In a thread", "Into the thread"]
    assert texts(alice, room) == ["Plans?", "Into the room"]


def test_who_comes_later_is_told_no_word_of_what_was_said_before(
    house: RunningHouse, alice: Client, bob: Client, world: Peer
) -> None:
    """Where newcomers are not shown it: a thread from before has none of its words in the subject."""
    room = group(alice, bob, history="joined", name="Desk")
    root = say(alice, room, "A secret plan")
    title = reply(alice, root, "The secret answer")["thread_id"]
    alice.ok(alice.patch(f"/conversations/{room}/threads/{title}/", {"title": "Secret title"}))
    invite(alice, room)
    reply(bob, root, "Since then")
    (mail,) = got(world, 1)
    assert "Since then" in text_of(mail) and str(mail["Subject"]) == "Desk"
    assert "secret" not in bytes(mail).decode().lower()


def test_files_go_both_ways(house: RunningHouse, alice: Client, bob: Client, world: Peer) -> None:
    room = group(alice, bob)
    invite(alice, room)
    file = alice.request("POST", "/conversations/files/?filename=map.txt", body=b"a map").json
    say(alice, room, "A map", file_ids=[file["id"]])
    (mail,) = got(world, 1)
    (part,) = mail.iter_attachments()
    assert part.get_filename() == "map.txt" and part.get_content().strip() in ("a map", b"a map")
    answer(house, mail, body=FILE)
    last = alice.get(f"/conversations/{room}/messages/").json["items"][-1]
    assert last["text"] == "Here it is" and last["attachments"][0]["filename"] == "plan.pdf"
    path = f"/messages/{last['id']}/files/{last['attachments'][0]['id']}/"
    assert alice.get(path).body == b"%PDF-1.4 x"


def test_a_mail_that_comes_twice_is_one_message(
    house: RunningHouse, alice: Client, bob: Client, world: Peer
) -> None:
    room = group(alice, bob)
    invite(alice, room)
    say(alice, room, "One?")
    (mail,) = got(world, 1)
    for _ in range(2):
        answer(house, mail, "One", message_id="same@outside.test")
    assert texts(alice, room) == ["One?", "One"]
    assert len(got(world, 1)) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"headers": "Auto-Submitted: auto-replied\r\n"},
        {"headers": "X-Autoreply: yes\r\n"},
        {"headers": "Precedence: bulk\r\n"},
        {"envelope": ""},
        {"envelope": "mailer-daemon@outside.test"},
    ],
)
def test_what_programs_answer_goes_nowhere(
    house: RunningHouse, alice: Client, bob: Client, world: Peer, fields: dict[str, str]
) -> None:
    room = group(alice, bob)
    invite(alice, room)
    say(alice, room, "Hello")
    (mail,) = got(world, 1)
    answer(house, mail, "I am away", **fields)  # type: ignore[arg-type]
    assert texts(alice, room) == ["Hello"] and outsider(alice, room)["dropped"] == 1


def test_our_own_mail_that_comes_back_goes_nowhere(
    house: RunningHouse, alice: Client, bob: Client, world: Peer
) -> None:
    room = group(alice, bob)
    invite(alice, room)
    say(alice, room, "Hello")
    (mail,) = got(world, 1)
    with smtp(house) as client:
        client.sendmail(ZOE, [address_in(mail)], bytes_of(world.messages[0]))
    assert texts(alice, room) == ["Hello"] and outsider(alice, room)["dropped"] == 1


def test_who_writes_with_another_address_is_held(
    house: RunningHouse, alice: Client, bob: Client, world: Peer
) -> None:
    room = group(alice, bob)
    invite(alice, room)
    say(alice, room, "Hello")
    (mail,) = got(world, 1)
    answer(house, mail, "It is me", sender="zoe@home.test")
    answer(house, mail, "Spam", sender="eve@evil.test")
    assert texts(alice, room) == ["Hello"]
    path = f"/conversations/{room}/outside/held/"
    assert refusal(bob.get(path))[0] == 403
    good, bad = alice.ok(alice.get(path))["items"]
    assert (good["sender"], good["text"], good["reason"]) == ("zoe@home.test", "It is me", "other_sender")
    assert alice.post(f"{path}{good['id']}/release/", {}).status == 204
    assert alice.delete(f"{path}{bad['id']}/").status == 204
    assert texts(alice, room) == ["Hello", "It is me"]
    assert alice.ok(alice.get(path))["items"] == []
    assert alice.post(f"{path}{good['id']}/release/", {}).status == 404


def test_an_address_ends_at_once(house: RunningHouse, alice: Client, bob: Client, world: Peer) -> None:
    room = group(alice, bob)
    made = invite(alice, room)
    say(alice, room, "Hello")
    (mail,) = got(world, 1)
    path = f"/conversations/{room}/outside/{made['id']}/"
    assert alice.post(f"{path}renew/", {}).status == 204
    for_guess = address_in(mail).replace("+", "+a", 1)[:-1]
    for dead in (address_in(mail), for_guess):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            answer(house, mail, "Too late", to=dead)
        assert next(iter(refused.value.recipients.values()))[0] == 550
    say(alice, room, "New address")
    fresh = got(world, 2)[1]
    answer(house, fresh, "In time")
    assert texts(alice, room) == ["Hello", "New address", "In time"]
    assert alice.delete(path).status == 204
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        answer(house, fresh, "Gone")
    say(alice, room, "Among us")
    assert outsider(alice, room)["state"] == "left"
    assert len(got(world, 2)) == 2


def test_one_click_leaves(house: RunningHouse, alice: Client, bob: Client, world: Peer) -> None:
    room = group(alice, bob)
    invite(alice, room)
    say(alice, room, "Hello")
    (mail,) = got(world, 1)
    url = mail["List-Unsubscribe"].strip("<>")
    path = url[url.index("/api/v1/") + len("/api/v1") :]
    stranger = Client(alice.http)
    assert b"Leave it" in stranger.get(path).body and outsider(alice, room)["state"] == "invited"
    for _ in range(2):
        assert stranger.request("POST", path, body=b"List-Unsubscribe=One-Click").status == 200
    assert outsider(alice, room)["state"] == "left"
    assert stranger.get(path[:-4] + "aaaa").status == 403
    say(alice, room, "Among us")
    assert len(got(world, 1)) == 1


def test_who_is_paused_gets_nothing_and_may_write(
    house: RunningHouse, alice: Client, bob: Client, world: Peer
) -> None:
    room = group(alice, bob)
    made = invite(alice, room)
    say(alice, room, "Hello")
    (mail,) = got(world, 1)
    path = f"/conversations/{room}/outside/{made['id']}/"
    alice.ok(alice.patch(path, {"state": "paused"}))
    say(alice, room, "While paused")
    answer(house, mail, "Still here")
    assert texts(alice, room) == ["Hello", "While paused", "Still here"] and len(world.messages) == 1
    alice.ok(alice.patch(path, {"state": "active"}))
    assert "While paused" in text_of(got(world, 2)[1])


def test_mail_that_comes_back_pauses(house: RunningHouse, alice: Client, bob: Client) -> None:
    from posthouse.bridge import jobs

    with outside(house, "gone.test", replies={"RCPT": b"550 5.1.1 nobody"}):
        room = group(alice, bob)
        invite(alice, room, "zoe@gone.test")
        for text in ("One", "Two"):
            say(alice, room, text)

        def is_paused() -> bool:
            jobs.look()
            return outsider(alice, room)["state"] == "paused"

        until(is_paused)
    assert outsider(alice, room)["reason"] == "bounced"
    events = [
        item["event"] for item in alice.get(f"/conversations/{room}/messages/").json["items"] if item["event"]
    ]
    assert events[-1]["type"] == "outsider_bounced"


def test_who_may_ask_people_in(alice: Client, bob: Client, mallory: Client, cast: Cast) -> None:
    room = group(alice, bob, inviting="admins")
    path = f"/conversations/{room}/outside/"
    body = {"address": ZOE, "name": "Zoe"}
    assert refusal(bob.post(path, body)) == (403, "conversation_right_lacking")
    assert mallory.post(path, body).status == 404 and mallory.get(path).status == 404
    invite(alice, room)
    assert refusal(alice.post(path, body)) == (409, "outsider_exists")
    assert refusal(alice.post(path, {"address": cast.bob.email, "name": "B"})) == (400, "address_is_here")
    assert refusal(alice.post(path, {"address": "no", "name": "B"})) == (400, "invalid_address")


def test_a_digest_is_one_mail(
    house: RunningHouse, alice: Client, bob: Client, world: Peer, move: Move
) -> None:
    room = group(alice, bob)
    invite(alice, room, mode="hourly")
    say(alice, room, "First")
    say(bob, room, "Second")
    assert not world.messages
    move(7200)
    say(alice, room, "Third")
    (mail,) = got(world, 1)
    text = text_of(mail)
    assert text.index("First") < text.index("Second") and mail["Auto-Submitted"] == "auto-generated"
