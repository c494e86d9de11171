"""A mail said in a conversation."""

from __future__ import annotations

from tests import make
from tests.api.client import Client
from tests.bridge.people import held_mail, invite
from tests.cast import Cast
from tests.conversations.rooms import group, refusal


def test_a_mail_is_said_with_its_beginning_and_a_link(alice: Client, bob: Client, cast: Cast) -> None:
    room = group(alice, bob)
    text = "Come @channel and see [this](https://evil.test) <b>now</b>\r\n"
    made = make.email(
        cast.alice, subject="A *bold* plan", text=text, sender="Zoe _Outside_ <zoe@outside.test>"
    )
    path = f"/conversations/{room}/mail/"
    body = {"email_id": str(made), "text": "What do *we* say?", "client_id": "a1"}
    message = alice.ok(alice.post(path, body), 201)
    shown = bob.ok(bob.get(f"/messages/{message['id']}/"))
    html = shown["html"]
    assert "<p>What do <em>we</em> say?</p>" in html and "<blockquote>" in html
    assert "<strong>A *bold* plan</strong>" in html and "Zoe _Outside_: Come @channel" in html
    assert shown["mentions"] == [] and html.count("<a ") == 1 and "<b>" not in html
    thread = alice.ok(alice.get(f"/emails/{made}/"))["thread_id"]
    assert f'href="{alice.http}/mail/inbox/{thread}"' in html
    assert alice.post(path, body).status == 200, "sent again it is the same message"
    assert bob.get(f"/threads/{thread}/").status == 404, "the link opens for who may read it"


def test_nobody_says_a_mail_that_is_not_theirs(alice: Client, bob: Client, cast: Cast) -> None:
    room = group(alice, bob)
    made = make.email(cast.alice, subject="Mine", text="x\r\n")
    assert bob.post(f"/conversations/{room}/mail/", {"email_id": str(made)}).status == 404
    asked = {"name": "x", "scopes": ["chat:write"], "expires_in_days": 1}
    token = alice.ok(alice.post("/security/tokens/", asked), 201)["token"]
    program = Client(alice.http, headers={"Authorization": f"Bearer {token}"})
    answer = program.post(f"/conversations/{room}/mail/", {"email_id": str(made)})
    assert refusal(answer) == (403, "insufficient_scope")


def test_held_mail_is_counted_and_told_to_those_who_decide(alice: Client, bob: Client) -> None:
    room = group(alice, bob)
    zoe = invite(alice, room)["id"]
    assert alice.ok(alice.get("/conversations/held/"))["items"] == []
    since = alice.get("/conversations/unread/").json["state"]
    others = bob.get("/conversations/unread/").json["state"]
    held_mail(zoe)

    def told(client: Client, since: str) -> list[str]:
        news = client.ok(client.get("/conversations/changes/", since=since))
        return [place["conversation_id"] for place in news["conversations"]]

    assert told(alice, since) == [room] and told(bob, others) == []
    assert alice.ok(alice.get("/conversations/held/"))["items"] == [{"conversation_id": room, "count": 1}]
    assert bob.ok(bob.get("/conversations/held/"))["items"] == []
    (mail,) = alice.ok(alice.get(f"/conversations/{room}/outside/held/"))["items"]
    since = alice.get("/conversations/unread/").json["state"]
    alice.ok(alice.delete(f"/conversations/{room}/outside/held/{mail['id']}/"), 204)
    assert told(alice, since) == [room]
    assert alice.ok(alice.get("/conversations/held/"))["items"] == []
