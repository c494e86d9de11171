"""Something of each kind that belongs to somebody, by ids as the paths name them."""

from __future__ import annotations

from tests import make
from tests.api.client import Client
from tests.api.walked import NOTICE_RULE, RULE
from tests.authenticator import Authenticator
from tests.bridge.people import held_mail
from tests.cast import Cast, Person, user_id
from tests.delivery.outside import send
from tests.push_service import Browser


def _suppression(cast: Cast, alice: Client) -> str:
    from posthouse.audit.who import By
    from posthouse.delivery.suppression import lists

    fields = lists.way_out(cast.alice.account_id, "news", "x@outside.test").decode()
    lists.leave(fields.partition("?t=")[2].partition(">")[0], By(via="http"))
    return str(alice.get("/lists/suppressions/").json["items"][0]["id"])


def _list(alice: Client) -> tuple[str, str]:
    """A list of hers, and somebody on it."""
    made = alice.ok(alice.post("/lists/", {"name": "inn", "title": "The inn"}), 201)["id"]
    alice.ok(alice.post(f"/lists/{made}/members/", {"people": "x@outside.test", "consent": "asked"}))
    return made, alice.get(f"/lists/{made}/members/").json["items"][0]["id"]


def _suppressed(sent: str) -> str:
    """An address of which another server said that there is nobody."""
    from posthouse.base import db, sql
    from posthouse.delivery.suppression import suppressed

    db.action(suppressed.note_bounce)(int(sent), "gone@outside.test", "550 5.1.1 no such user")
    return str(sql.rows("SELECT max(id) FROM delivery_suppressedaddress")[0][0])


def preview_of(alice: Client, message_id: str) -> str:
    """Of a link of a message."""
    from posthouse.conversations import previews
    from posthouse.conversations.previews import Page

    found = previews.wanted(int(message_id))
    assert found is not None
    page = Page("pages.test", "A page", "", "", "http://localhost:9/x.png")
    previews.show(int(message_id), found[0], {"http://localhost:9/": page})
    return str(alice.get(f"/messages/{message_id}/").json["previews"][0]["id"])


def _chat(alice: Client) -> dict[str, str]:
    """A channel that is open to all of alice's organisation, and what is in it."""
    channel = alice.post(
        "/conversations/", {"kind": "channel", "name": "x", "visibility": "organisation"}
    ).json
    path = f"/conversations/{channel['id']}/messages/"
    file = alice.request("POST", "/conversations/files/?filename=x", body=b"x").json
    message = alice.post(path, {"text": "hello", "file_ids": [file["id"]], "needs_ack": True}).json
    answer = alice.post(f"/messages/{message['id']}/reply/", {"text": "x"}).json
    later = alice.post(path, {"text": "x", "hold_seconds": 60}).json
    asked = alice.post(
        f"/conversations/{channel['id']}/outside/", {"address": "zoe@outside.invalid", "name": "Zoe"}
    ).json
    alice.ok(alice.post(f"/messages/{message['id']}/report/", {"reason": "spam"}), 204)
    alice.ok(alice.post(f"/messages/{message['id']}/remind/", {"remind_at": "2030-01-01T00:00:00Z"}))
    return {
        "conversation": channel["id"],
        "message": message["id"],
        "file": file["id"],
        "preview": preview_of(alice, message["id"]),
        "chat_thread": answer["thread_id"],
        "scheduled": later["id"],
        "outsider": asked["id"],
        "held": held_mail(asked["id"]),
        "export": alice.post(f"/conversations/{channel['id']}/export/").json["id"],
        "report": alice.get("/conversations/reports/").json["items"][0]["id"],
    }


def _note(alice: Client, thread: str) -> dict[str, str]:
    note = alice.ok(alice.post(f"/threads/{thread}/notes/", {"text": "x"}), 201)
    return {"notes": note["conversation_id"], "note": note["id"]}


def _upload(alice: Client, path: str) -> str:
    """Of ten bytes that have not come."""
    begun = alice.request("POST", path, headers={"Tus-Resumable": "1.0.0", "Upload-Length": "10"})
    return str(alice.ok(begun, 201)["id"])


def hers_of(alice: Client, cast: Cast) -> dict[str, str]:
    email_id = make.email(cast.alice)
    email = alice.get(f"/emails/{email_id}/").json
    draft = alice.post("/drafts/", {"text": "x", "to": [{"email": cast.bob.email}]}).json
    sent = alice.post("/send/", {"to": [{"email": cast.bob.email}], "text": "x", "hold_seconds": 60}).json
    hook = alice.post("/webhooks/", {"url": "http://127.0.0.1:49009/", "events": ["email.deleted"]}).json
    role = alice.post("/roles/", {"name": "Desk", "permissions": []}).json
    key = Authenticator()
    asked = alice.post("/security/passkeys/options/").json
    made = {"challenge": asked["challenge"], "credential": key.create(asked["options"]), "name": "x"}
    alice.ok(alice.post("/security/passkeys/", made), 201)
    both = {"name": "x", "scopes": ["imap", "smtp"]}
    reader = {"name": "x", "scopes": ["mail:read"], "expires_in_days": 1}
    security = alice.get("/security/").json
    outside = {"name": "x", "issuer": "https://id.example.org", "client_id": "x", "client_secret": "x"}
    mailing_list, list_member = _list(alice)
    notes = {"name": "x", "redirect_uris": ["https://a.example/"], "scopes": ["openid"]}
    return {
        "provider": alice.post("/identity-providers/", outside).json["id"],
        "client": alice.post("/oauth/clients/", notes).json["id"],
        **_chat(alice),
        "upload_of_chat": _upload(alice, "/conversations/uploads/"),
        "upload_of_mail": _upload(alice, "/blobs/uploads/"),
        "passkey": security["passkeys"][0]["id"],
        "session": security["sessions"][0]["id"],
        "app_password": alice.post("/security/app-passwords/", both).json["id"],
        "token": alice.post("/security/tokens/", reader).json["id"],
        "email": str(email_id),
        "role": role["id"],
        "user": user_id(cast.bob),
        "group": alice.post("/groups/", {"name": "Coachmen"}).json["id"],
        "grant": alice.post(
            f"/accounts/{cast.alice.account_id}/grants/", {"user_id": user_id(cast.bob), "right": "read"}
        ).json["id"],
        "invitation": alice.post("/invitations/", {"email": "x@outside.test"}).json["id"],
        "child": alice.post("/groups/", {"name": "Grooms"}).json["id"],
        "domain": alice.get("/domains/").json["items"][0]["id"],
        "address": alice.get(f"/users/{user_id(cast.bob)}/addresses/").json["items"][0]["id"],
        "thread": email["thread_id"],
        **_note(alice, email["thread_id"]),
        "draft": draft["id"],
        "submission": sent["submission_id"],
        "mailbox": str(make.mailbox(cast.alice, "inbox")),
        "account": str(cast.alice.account_id),
        "webhook": hook["id"],
        "forward": alice.post("/forwards/", {"address": "x@outside.test"}).json["forward"]["id"],
        "suppression": _suppression(cast, alice),
        "list": mailing_list,
        "list_member": list_member,
        "suppressed": _suppressed(sent["submission_id"]),
        "signature": alice.post("/signatures/", {"name": "x", "html": "x"}).json["id"],
        "template": alice.post("/templates/", {"name": "x", "html": "x"}).json["id"],
        "our_template": alice.post("/templates/", {"name": "x", "html": "x", "is_shared": True}).json["id"],
        "stop": _stop_of(cast.bob, alice),
        "rule": (rule := alice.post("/rules/", RULE).json)["id"],
        "run": alice.post(f"/rules/{rule['id']}/apply/").json["id"],
        "entry": alice.post("/junk/senders/", {"value": "offers.example", "list": "block"}).json["id"],
        "delivery": alice.post(f"/webhooks/{hook['id']}/test/").json["id"],
        "identity": alice.get("/me/").json["identities"][0]["id"],
        "notification": alice.post("/notifications/", {"title": "x"}).json["notification"]["id"],
        "notice_rule": alice.post("/notifications/rules/", NOTICE_RULE).json["id"],
        "device": alice.ok(
            alice.post("/notifications/devices/", Browser("https://127.0.0.1:49008/1").json), 201
        )["id"],
    }


def _stop_of(person: Person, admin: Client) -> str:
    """Of somebody who has written to a crowd all at once."""
    send(person, *(f"p{n}@nowhere.invalid" for n in range(101)))
    return str(admin.get("/sending/stops/").json["items"][0]["id"])


def own_of(mallory: Client, cast: Cast) -> dict[str, str]:
    hook = mallory.post("/webhooks/", {"url": "http://127.0.0.1:49009/", "events": ["email.deleted"]}).json
    return {
        "own": cast.mallory.email,
        "own_name": cast.mallory.email.partition("@")[2],
        "own_email": str(make.email(cast.mallory)),
        "own_mailbox": mallory.post("/mailboxes/", {"name": "Own"}).json["id"],
        "own_account": str(cast.mallory.account_id),
        "own_group": mallory.post("/groups/", {"name": "Own"}).json["id"],
        "own_domain": mallory.get("/domains/").json["items"][0]["id"],
        "own_user": user_id(cast.mallory),
        "own_webhook": hook["id"],
        "own_list": _list(mallory)[0],
    }
