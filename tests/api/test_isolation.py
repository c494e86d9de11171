"""Mallory tries every door with alice's ids: each answer is the one for what does not exist, byte for byte."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests import make
from tests.api.client import Answer, Client, log_in
from tests.authenticator import Authenticator
from tests.bridge.people import held_mail
from tests.cast import Cast, Person, user_id
from tests.delivery.outside import send
from tests.house import RunningHouse
from tests.push_service import Browser

NOWHERE = "58769341962780000"
"""An id that nothing has."""


RULE = {
    "name": "x",
    "conditions": [{"field": "subject", "op": "is", "value": "x"}],
    "actions": [{"do": "star"}],
}


NOTICE_RULE = {"source": "person", "value": "boss@outside.test", "level": "urgent"}


def _suppression(cast: Cast, alice: Client) -> str:
    from posthouse.audit.who import By
    from posthouse.delivery import lists

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
    from posthouse.delivery.mailing import suppressed

    db.action(suppressed.note_bounce)(int(sent), "gone@outside.test", "550 5.1.1 no such user")
    return str(sql.rows("SELECT max(id) FROM delivery_suppressedaddress")[0][0])


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
        "chat_thread": answer["thread_id"],
        "scheduled": later["id"],
        "outsider": asked["id"],
        "held": held_mail(asked["id"]),
        "report": alice.get("/conversations/reports/").json["items"][0]["id"],
    }


def _hers(alice: Client, cast: Cast) -> dict[str, str]:
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


REQUESTS: list[tuple[str, str, Any]] = [
    ("GET", "/mailboxes/?account={account}", None),
    ("POST", "/mailboxes/", {"name": "x", "account_id": "{account}"}),
    ("POST", "/mailboxes/", {"name": "x", "parent_id": "{mailbox}"}),
    ("GET", "/mailboxes/{mailbox}/", None),
    ("PATCH", "/mailboxes/{mailbox}/", {"name": "x"}),
    ("PATCH", "/mailboxes/{mailbox}/", {}),
    ("DELETE", "/mailboxes/{mailbox}/", None),
    ("GET", "/threads/?mailbox={mailbox}", None),
    ("GET", "/threads/?mailbox={mailbox}&q=hello", None),
    ("GET", "/threads/?flagged=true&account={account}", None),
    ("GET", "/threads/?q=x&account={account}", None),
    ("GET", "/threads/{thread}/", None),
    ("GET", "/emails/?mailbox={mailbox}", None),
    ("GET", "/emails/?mailbox={mailbox}&q=hello", None),
    ("GET", "/emails/?q=hello&account={account}", None),
    ("GET", "/emails/{email}/", None),
    ("PATCH", "/emails/{email}/", {"is_seen": True}),
    ("PATCH", "/emails/{email}/", {"keywords": []}),
    ("DELETE", "/emails/{email}/", None),
    ("DELETE", "/emails/{email}/?permanent=true", None),
    ("GET", "/emails/{email}/raw/", None),
    ("GET", "/emails/{email}/html/", None),
    ("GET", "/emails/{email}/attachments/1/", None),
    ("GET", "/emails/{email}/unsubscribe/", None),
    ("POST", "/emails/{email}/unsubscribe/", None),
    ("POST", "/emails/{email}/receipt/", {"answer": "send"}),
    ("POST", "/emails/{email}/receipt/", {"answer": "decline"}),
    ("POST", "/emails/update/", {"ids": ["{email}"], "is_seen": True}),
    ("POST", "/emails/update/", {"thread_ids": ["{thread}"], "is_seen": True}),
    ("POST", "/emails/move/", {"ids": ["{email}"], "to_mailbox": "{mailbox}"}),
    ("POST", "/emails/move/", {"ids": [], "to_mailbox": "{mailbox}"}),
    ("POST", "/emails/label/", {"ids": ["{email}"], "add": ["{mailbox}"]}),
    ("POST", "/emails/label/", {"ids": [], "add": ["{mailbox}"]}),
    ("POST", "/emails/trash/", {"ids": ["{email}"]}),
    ("POST", "/emails/trash/", {"thread_ids": ["{thread}"], "from_mailbox": "{mailbox}"}),
    ("POST", "/emails/destroy/", {"ids": ["{email}"]}),
    ("POST", "/emails/destroy/", {"thread_ids": ["{thread}"]}),
    ("POST", "/drafts/", {"account_id": "{account}"}),
    ("POST", "/drafts/", {"identity_id": "{identity}"}),
    ("PUT", "/drafts/{draft}/", {"subject": "x"}),
    ("POST", "/drafts/{draft}/send/", {}),
    ("POST", "/send/", {"account_id": "{account}", "to": [{"email": "x@outside.test"}]}),
    ("POST", "/send/", {"identity_id": "{identity}", "to": [{"email": "x@outside.test"}]}),
    ("PATCH", "/identities/{identity}/", {"name": "x"}),
    ("GET", "/submissions/{submission}/", None),
    ("GET", "/submissions/?account={account}", None),
    ("POST", "/submissions/{submission}/cancel/", None),
    ("POST", "/sending/stops/{stop}/release/", None),
    ("POST", "/sending/stops/{stop}/discard/", None),
    ("GET", "/changes/?since=1&account={account}", None),
    ("GET", "/mailboxes/{mailbox}/retention/?days=30", None),
    ("GET", "/lists/suppressions/?account={account}", None),
    ("DELETE", "/lists/suppressions/{suppression}/", None),
    ("GET", "/lists/?account={account}", None),
    ("POST", "/lists/", {"name": "x", "title": "x", "account_id": "{account}"}),
    ("GET", "/lists/{list}/", None),
    ("PATCH", "/lists/{list}/", {"title": "x"}),
    ("PATCH", "/lists/{list}/", {}),
    ("DELETE", "/lists/{list}/", None),
    ("GET", "/lists/{list}/members/", None),
    ("POST", "/lists/{list}/members/", {"people": "y@outside.test", "consent": "x"}),
    ("DELETE", "/lists/{list}/members/{list_member}/", None),
    ("POST", "/lists/{list}/send/", {"subject": "x", "html": "x"}),
    ("GET", "/lists/{list}/sendings/", None),
    ("DELETE", "/sending/suppressions/{suppressed}/", None),
    ("GET", "/vacation/?account={account}", None),
    ("PATCH", "/vacation/?account={account}", {"text": "x"}),
    ("GET", "/forwards/?account={account}", None),
    ("POST", "/forwards/", {"address": "x@outside.test", "account_id": "{account}"}),
    ("PATCH", "/forwards/{forward}/", {"is_enabled": False}),
    ("PATCH", "/forwards/{forward}/", {}),
    ("DELETE", "/forwards/{forward}/", None),
    ("POST", "/forwards/{forward}/code/", None),
    ("POST", "/forwards/{forward}/confirm/", {"flow": "x", "code": "1234-5678"}),
    ("GET", "/signatures/?account={account}", None),
    ("POST", "/signatures/", {"name": "x", "html": "x", "account_id": "{account}"}),
    ("POST", "/signatures/", {"name": "x", "html": "x", "identity_ids": ["{identity}"]}),
    ("GET", "/signatures/{signature}/", None),
    ("PATCH", "/signatures/{signature}/", {"name": "x"}),
    ("PATCH", "/signatures/{signature}/", {}),
    ("DELETE", "/signatures/{signature}/", None),
    ("GET", "/templates/?account={account}", None),
    ("POST", "/templates/", {"name": "x", "html": "x", "account_id": "{account}"}),
    ("GET", "/templates/{template}/", None),
    ("PATCH", "/templates/{template}/", {"name": "x"}),
    ("PATCH", "/templates/{template}/", {}),
    ("DELETE", "/templates/{template}/", None),
    ("GET", "/templates/{our_template}/", None),
    ("PATCH", "/templates/{our_template}/", {"name": "x"}),
    ("DELETE", "/templates/{our_template}/", None),
    ("POST", "/rules/", {**RULE, "actions": [{"do": "answer", "template_id": "{template}"}]}),
    ("POST", "/rules/", {**RULE, "actions": [{"do": "forward", "forward_id": "{forward}"}]}),
    ("GET", "/rules/?account={account}", None),
    ("POST", "/rules/", {**RULE, "account_id": "{account}"}),
    ("POST", "/rules/", {**RULE, "actions": [{"do": "file", "mailbox_id": "{mailbox}"}]}),
    ("GET", "/rules/{rule}/", None),
    ("PATCH", "/rules/{rule}/", {"is_enabled": False}),
    ("PATCH", "/rules/{rule}/", {}),
    ("DELETE", "/rules/{rule}/", None),
    ("POST", "/rules/preview/", {"rule_id": "{rule}"}),
    ("POST", "/rules/preview/", {"account_id": "{account}", "conditions": RULE["conditions"]}),
    ("POST", "/rules/{rule}/apply/", None),
    ("GET", "/rules/runs/{run}/", None),
    ("POST", "/rules/runs/{run}/undo/", None),
    ("GET", "/junk/?account={account}", None),
    ("PATCH", "/junk/", {"account_id": "{account}", "threshold": 9}),
    ("POST", "/junk/forget/", {"account_id": "{account}"}),
    ("GET", "/junk/senders/?account={account}", None),
    ("POST", "/junk/senders/", {"account_id": "{account}", "value": "x.test", "list": "allow"}),
    ("DELETE", "/junk/senders/{entry}/", None),
    ("GET", "/webhooks/{webhook}/", None),
    ("PATCH", "/webhooks/{webhook}/", {"is_enabled": False}),
    ("DELETE", "/webhooks/{webhook}/", None),
    ("POST", "/webhooks/{webhook}/rotate/", {}),
    ("POST", "/webhooks/{webhook}/test/", None),
    ("GET", "/webhooks/{webhook}/deliveries/", None),
    ("GET", "/webhooks/{webhook}/deliveries/{delivery}/", None),
    ("POST", "/webhooks/{webhook}/deliveries/{delivery}/replay/", None),
    ("GET", "/notifications/{notification}/", None),
    ("PATCH", "/notifications/{notification}/", {"is_read": True}),
    ("DELETE", "/notifications/{notification}/", None),
    ("DELETE", "/notifications/rules/{notice_rule}/", None),
    ("DELETE", "/notifications/devices/{device}/", None),
    ("POST", "/notifications/devices/{device}/test/", None),
    ("DELETE", "/security/push-devices/{device}/", None),
    ("POST", "/conversations/", {"kind": "direct", "user_ids": ["{user}"]}),
    ("POST", "/conversations/", {"kind": "group", "user_ids": ["{user}"]}),
    ("POST", "/conversations/blocks/", {"user_id": "{user}"}),
    ("DELETE", "/conversations/blocks/{user}/", None),
    ("GET", "/conversations/scheduled/{scheduled}/", None),
    ("PATCH", "/conversations/scheduled/{scheduled}/", {"send_at": "2030-01-01T00:00:00Z"}),
    ("DELETE", "/conversations/scheduled/{scheduled}/", None),
    ("PATCH", "/conversations/reports/{report}/", {"state": "removed"}),
    ("GET", "/conversations/{conversation}/", None),
    ("PATCH", "/conversations/{conversation}/", {"name": "y"}),
    ("PATCH", "/conversations/{conversation}/", {}),
    ("DELETE", "/conversations/{conversation}/", None),
    ("GET", "/conversations/{conversation}/messages/", None),
    ("GET", "/conversations/{conversation}/messages/?thread={chat_thread}", None),
    ("POST", "/conversations/{conversation}/messages/", {"text": "x"}),
    ("POST", "/conversations/{conversation}/messages/", {"text": "x", "hold_seconds": 60}),
    ("POST", "/conversations/{conversation}/messages/", {"text": "@[Bob](user:{user})"}),
    ("GET", "/conversations/{conversation}/participants/", None),
    ("POST", "/conversations/{conversation}/participants/", {"user_ids": ["{user}"]}),
    ("PATCH", "/conversations/{conversation}/participants/{user}/", {"role": "admin"}),
    ("DELETE", "/conversations/{conversation}/participants/{user}/", None),
    ("POST", "/conversations/{conversation}/join/", None),
    ("POST", "/conversations/{conversation}/leave/", None),
    ("POST", "/conversations/{conversation}/archive/", None),
    ("DELETE", "/conversations/{conversation}/archive/", None),
    ("PATCH", "/conversations/{conversation}/me/", {"is_favourite": True}),
    ("POST", "/conversations/{conversation}/read/", {"number": 1}),
    ("POST", "/conversations/{conversation}/unread/", {"number": 1}),
    ("PUT", "/conversations/{conversation}/draft/", {"content": {"text": "x"}}),
    ("GET", "/conversations/{conversation}/pins/", None),
    ("POST", "/conversations/{conversation}/hold/", None),
    ("DELETE", "/conversations/{conversation}/hold/", None),
    ("GET", "/conversations/{conversation}/changes/?since=0", None),
    ("GET", "/conversations/{conversation}/threads/", None),
    ("GET", "/conversations/{conversation}/threads/{chat_thread}/", None),
    ("PATCH", "/conversations/{conversation}/threads/{chat_thread}/", {"title": "x"}),
    ("POST", "/conversations/{conversation}/threads/{chat_thread}/follow/", {"is_following": True}),
    ("GET", "/conversations/{conversation}/outside/", None),
    ("POST", "/conversations/{conversation}/outside/", {"address": "x@evil.test", "name": "x"}),
    ("PATCH", "/conversations/{conversation}/outside/{outsider}/", {"state": "paused"}),
    ("DELETE", "/conversations/{conversation}/outside/{outsider}/", None),
    ("POST", "/conversations/{conversation}/outside/{outsider}/renew/", None),
    ("GET", "/conversations/{conversation}/outside/held/", None),
    ("DELETE", "/conversations/{conversation}/outside/held/{held}/", None),
    ("POST", "/conversations/{conversation}/outside/held/{held}/release/", None),
    ("GET", "/messages/?conversation={conversation}", None),
    ("POST", "/messages/", {"conversation_id": "{conversation}", "text": "x"}),
    ("GET", "/messages/{message}/", None),
    ("PATCH", "/messages/{message}/", {"text": "x"}),
    ("DELETE", "/messages/{message}/", None),
    ("DELETE", "/messages/{message}/?for=me", None),
    ("POST", "/messages/{message}/reply/", {"text": "x"}),
    ("POST", "/messages/{message}/reply/", {"text": "x", "in_thread": False, "hold_seconds": 60}),
    ("POST", "/messages/{message}/forward/", {"conversation_id": "{conversation}"}),
    ("POST", "/messages/{message}/react/", {"emoji": "\N{THUMBS UP SIGN}"}),
    ("POST", "/messages/{message}/pin/", None),
    ("DELETE", "/messages/{message}/pin/", None),
    ("POST", "/messages/{message}/star/", None),
    ("DELETE", "/messages/{message}/star/", None),
    ("POST", "/messages/{message}/acknowledge/", None),
    ("DELETE", "/messages/{message}/acknowledge/", None),
    ("GET", "/messages/{message}/revisions/", None),
    ("GET", "/messages/{message}/readers/", None),
    ("POST", "/messages/{message}/report/", {"reason": "spam"}),
    ("POST", "/messages/{message}/remind/", {"remind_at": "2030-01-01T00:00:00Z"}),
    ("DELETE", "/messages/{message}/remind/", None),
    ("GET", "/messages/{message}/files/", None),
    ("GET", "/messages/{message}/files/{file}/", None),
    ("GET", "/emails/?role=inbox&account={account}", None),
    ("GET", "/emails/?flagged=true&account={account}", None),
    ("GET", "/mail/get/v1/inbox/?account={account}", None),
    ("GET", "/mail/get/v1/star/?account={account}", None),
    ("GET", "/mail/get/v1/mail/{email}/", None),
    ("PATCH", "/mail/update/v1/star/", {"ids": ["{email}"], "star": True}),
    ("PATCH", "/mail/update/v1/read/", {"ids": ["{email}"], "read": True}),
    ("GET", "/mail/search/v1/?q=hello&account={account}", None),
    ("GET", "/mail/search/v1/?q=hello&mailbox={mailbox}", None),
    ("GET", "/roles/{role}/", None),
    ("PATCH", "/roles/{role}/", {"name": "x"}),
    ("DELETE", "/roles/{role}/", None),
    ("GET", "/users/{user}/", None),
    ("PATCH", "/users/{user}/", {"name": "x"}),
    ("DELETE", "/users/{user}/", None),
    ("POST", "/users/{user}/restore/", None),
    ("GET", "/users/{user}/avatar/", None),
    ("POST", "/users/{user}/avatar/", None),
    ("DELETE", "/users/{user}/avatar/", None),
    ("GET", "/users/{user}/addresses/", None),
    ("POST", "/users/{user}/addresses/", {"email": "x@x.test"}),
    ("DELETE", "/users/{user}/addresses/{address}/", None),
    ("POST", "/users/{user}/addresses/{address}/primary/", None),
    ("DELETE", "/accounts/{account}/", None),
    ("GET", "/accounts/{account}/grants/", None),
    ("POST", "/accounts/{account}/grants/", {"user_id": "{user}", "right": "read"}),
    ("DELETE", "/accounts/{account}/grants/{grant}/", None),
    ("DELETE", "/invitations/{invitation}/", None),
    ("GET", "/domains/{domain}/", None),
    ("PATCH", "/domains/{domain}/", {"catch_all": None}),
    ("DELETE", "/domains/{domain}/", None),
    ("POST", "/domains/{domain}/prove/", None),
    ("POST", "/domains/{domain}/keys/", None),
    ("POST", "/domains/{domain}/check/", None),
    ("GET", "/domains/{domain}/reports/", None),
    ("GET", "/domains/{domain}/keys/schedule/", None),
    ("PATCH", "/domains/{domain}/keys/schedule/", {"every_days": 180}),
    ("GET", "/groups/{group}/", None),
    ("PATCH", "/groups/{group}/", {"name": "x"}),
    ("DELETE", "/groups/{group}/", None),
    ("GET", "/groups/{group}/members/", None),
    ("PUT", "/groups/{group}/members/{user}/", {}),
    ("DELETE", "/groups/{group}/members/{user}/", None),
    ("PUT", "/groups/{group}/groups/{child}/", None),
    ("DELETE", "/groups/{group}/groups/{child}/", None),
    ("PATCH", "/security/passkeys/{passkey}/name/", {"name": "x"}),
    ("DELETE", "/security/passkeys/{passkey}/", None),
    ("DELETE", "/security/sessions/{session}/", None),
    ("DELETE", "/security/app-passwords/{app_password}/", None),
    ("DELETE", "/security/tokens/{token}/", None),
    ("DELETE", "/security/trusted-browsers/{token}/", None),
    ("DELETE", "/security/mail-clients/{token}/", None),
    ("DELETE", "/security/nothing/{token}/", None),
    ("DELETE", "/security/applications/{token}/", None),
    ("DELETE", "/oauth/clients/{client}/", None),
    ("DELETE", "/identity-providers/{provider}/", None),
]


def _filled(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, str):
        return value.format(**ids)
    if isinstance(value, dict):
        return {name: _filled(part, ids) for name, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, ids) for part in value]
    return value


def _ask(client: Client, method: str, path: str, body: Any, ids: dict[str, str]) -> Answer:
    return client.send(method, path.format(**ids), _filled(body, ids), {"X-Request-Id": "same"})


def _telling(answer: Answer) -> dict[str, str]:
    """The headers but those of the moment."""
    moment = ("date", "x-request-id", "ratelimit")
    return {name: value for name, value in answer.headers.items() if name not in moment}


def test_what_is_not_yours_is_not_there(alice: Client, mallory: Client, cast: Cast) -> None:
    hers = _hers(alice, cast)
    nothing = dict.fromkeys(hers, NOWHERE)
    before = alice.get("/changes/", since=alice.get("/mailboxes/").json["state"]).body
    for method, path, body in REQUESTS:
        refused, missing = (_ask(mallory, method, path, body, ids) for ids in (hers, nothing))
        assert refused.status == 404, (method, path, body, refused.body)
        assert refused.body == missing.body, (method, path, body)
        assert _telling(refused) == _telling(missing), (method, path)
    after = alice.get("/changes/", since=alice.get("/mailboxes/").json["state"]).body
    assert before == after
    alice.post(f"/submissions/{hers['submission']}/cancel/")


def test_the_walk_knows_every_path() -> None:
    """A new path with an id in it must be walked too."""
    from posthouse.config import urls

    walked = {path.partition("?")[0].replace("{", "<").replace("}", ">") for _, path, _ in REQUESTS}
    names = {
        f"{word}_id": word
        for word in (
            "email",
            "thread",
            "mailbox",
            "identity",
            "submission",
            "role",
            "user",
            "group",
            "child",
            "domain",
            "address",
            "account",
            "grant",
            "invitation",
            "delivery",
            "passkey",
            "client",
            "provider",
            "rule",
            "run",
            "forward",
            "template",
            "signature",
            "suppression",
            "suppressed",
            "list",
            "list_member",
            "entry",
            "stop",
            "device",
            "notification",
            "conversation",
            "message",
            "file",
            "scheduled",
            "report",
            "outsider",
            "held",
        )
    }
    names |= {"endpoint_id": "webhook"}  # fmt: skip
    for base, pattern in [("/", p) for p in urls.api] + [("/mail/", p) for p in urls.named]:
        route = f"{base}{pattern.pattern}".replace("<id:endpoint_id>", "<webhook>")
        if route.startswith("/notifications/rules/"):
            route = route.replace("<id:rule_id>", "<notice_rule>")
        if "<" not in route or "problems/" in route:
            continue
        for name, word in names.items():
            route = route.replace(f"<id:{name}>", "<draft>" if "drafts" in route else f"<{word}>")
        route = route.replace("<str:kind>/<id:item_id>", "sessions/<session>")
        if route.startswith("/conversations/"):
            route = route.replace("<thread>", "<chat_thread>")
        assert route.replace("<str:number>", "1") in walked, route


EVERYBODY = (
    "/health/", "/problems/", "/openapi.json", "/redoc/", "/docs/", "/auth/", "/me/", "/limits/", "/permissions/",
    "/organisation/", "/audit/", "/webhooks/events/", "/invitations/accept/", "/invitations/look/", "/accounts/",
    "/groups/", "/users/", "/security/", "/oauth/", "/notifications/",
)  # fmt: skip
"""Open to who may do nothing else: what is one's own, and lists of which they then see nothing."""


def test_who_has_no_permission_may_do_nothing(house: RunningHouse, alice: Client, cast: Cast) -> None:
    from posthouse.config import urls

    hers = _hers(alice, cast)
    nothing = alice.post("/roles/", {"name": "Nothing", "permissions": []}).json
    alice.ok(alice.patch(f"/users/{user_id(cast.bob)}/", {"role": nothing["id"]}))
    bob = log_in(house, cast.bob)
    hers |= {"user": user_id(cast.alice), "grant": NOWHERE}
    for method, path, body in REQUESTS:
        answer = _ask(bob, method, path, body, hers)
        assert answer.status in (403, 404), (method, path, answer.body)
        own = (
            "/roles/",
            "/users/",
            "/groups/",
            "/accounts/",
            "/invitations/",
            "/security/",
            "/oauth/",
            "/identity-providers/",
            "/notifications/",
        )
        is_mail = not path.startswith(own)
        if is_mail:
            assert answer.json["code"] == "permission_denied", (method, path, answer.body)
    open_to_all = {}
    for base, pattern in [("/", p) for p in urls.api] + [("/mail/", p) for p in urls.named]:
        path = f"{base}{pattern.pattern}"
        if "<" not in path and not path.startswith(EVERYBODY):
            statuses = [bob.send(method, path, {}, {}).status for method in ("GET", "POST", "PATCH")]
            if not set(statuses) <= {400, 403, 405}:
                open_to_all[path] = statuses
    assert open_to_all == {}
    alice.post(f"/submissions/{hers['submission']}/cancel/")


@pytest.mark.parametrize(
    "path", ["/emails/x/", "/emails/99999999999999999999/", "/nothing/", "/emails/1/nothing/"]
)
def test_what_is_no_path_is_a_problem(alice: Client, path: str) -> None:
    answer = alice.get(path)
    assert (answer.status, answer.json["code"]) == (404, "not_found")
    assert answer.headers["content-type"] == "application/problem+json"


MIXED: list[tuple[str, str, Any]] = [
    ("POST", "/drafts/", {"reply_to_email_id": "{email}"}),
    ("POST", "/drafts/", {"forward_of_email_id": "{email}"}),
    ("POST", "/drafts/", {"attachments": [{"blob_id": "u.{upload}"}]}),
    ("POST", "/drafts/", {"attachments": [{"blob_id": "p.{email}.1"}]}),
    ("PUT", "/drafts/{own_draft}/", {"reply_to_email_id": "{email}"}),
    ("PUT", "/drafts/{own_draft}/", {"forward_of_email_id": "{email}"}),
    ("PUT", "/drafts/{own_draft}/", {"attachments": [{"blob_id": "u.{upload}"}]}),
    ("PUT", "/drafts/{own_draft}/", {"identity_id": "{identity}"}),
    ("POST", "/send/", {"to": [{"email": "{own}"}], "reply_to_email_id": "{email}"}),
    ("POST", "/send/", {"to": [{"email": "{own}"}], "forward_of_email_id": "{email}"}),
    ("POST", "/send/", {"to": [{"email": "{own}"}], "attachments": [{"blob_id": "u.{upload}"}]}),
    ("POST", "/mail/create/v1/", {"to": ["{own}"], "attachments": [{"blob_id": "u.{upload}"}]}),
    ("POST", "/emails/bulk/", {"verb": "update", "ids": ["{own_email}", "{email}"], "is_seen": True}),
    ("POST", "/emails/bulk/", {"verb": "label", "ids": ["{own_email}"], "add": ["{mailbox}"]}),
    ("POST", "/emails/bulk/", {"verb": "move", "ids": ["{own_email}"], "to_mailbox": "{mailbox}"}),
    ("POST", "/emails/update/", {"ids": ["{own_email}", "{email}"], "is_seen": True}),
    ("POST", "/emails/move/", {"ids": ["{own_email}"], "to_mailbox": "{mailbox}"}),
    ("POST", "/emails/label/", {"ids": ["{own_email}"], "add": ["{mailbox}"]}),
    ("POST", "/emails/label/", {"ids": ["{own_email}"], "remove": ["{mailbox}"]}),
    ("POST", "/emails/trash/", {"ids": ["{own_email}"], "from_mailbox": "{mailbox}"}),
    ("PATCH", "/mailboxes/{own_mailbox}/", {"parent_id": "{mailbox}"}),
    ("POST", "/accounts/{own_account}/grants/", {"user_id": "{user}", "right": "read"}),
    ("POST", "/accounts/{own_account}/grants/", {"group_id": "{group}", "right": "read"}),
    ("PUT", "/groups/{own_group}/members/{user}/", {}),
    ("DELETE", "/groups/{own_group}/members/{user}/", None),
    ("PUT", "/groups/{own_group}/groups/{group}/", None),
    ("PUT", "/groups/{group}/groups/{own_group}/", None),
    ("DELETE", "/users/{own_user}/addresses/{address}/", None),
    ("POST", "/users/{own_user}/addresses/{address}/primary/", None),
    ("PATCH", "/users/{own_user}/", {"role": "{role}"}),
    ("POST", "/invitations/", {"email": "x@outside.test", "role": "{role}"}),
    ("POST", "/users/", {"email": "new@{own_name}", "name": "x", "role": "{role}"}),
    ("GET", "/users/?group={group}", None),
    ("GET", "/users/?role={role}", None),
    ("POST", "/users/search/", {"q": "a", "group": "{group}"}),
    ("GET", "/audit/?actor={user}", None),
    ("DELETE", "/accounts/{own_account}/grants/{grant}/", None),
    ("DELETE", "/lists/{own_list}/members/{list_member}/", None),
    ("POST", "/lists/{own_list}/send/", {"subject": "x", "html": "x", "identity_id": "{identity}"}),
    ("GET", "/webhooks/{own_webhook}/deliveries/{delivery}/", None),
    ("POST", "/webhooks/{own_webhook}/deliveries/{delivery}/replay/", None),
]
"""What is one's own joined to what is not."""


def _own(mallory: Client, cast: Cast) -> dict[str, str]:
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


def _draft(client: Client) -> str:
    """A new one each time, since each writing gives it another id."""
    return str(client.ok(client.post("/drafts/", {"text": "x"}), 201)["id"])


def _lasting(answer: Answer) -> bytes:
    """Without ids, times, states, signatures and the name that each new e-mail has."""
    return re.sub(
        rb"[0-9]{15,}|[0-9-]{10}T[0-9:.]+Z|[0-9a-f]{32}|sig=[^\"]+|\"state\":\"[0-9]+", b"", answer.body
    )


def test_what_is_not_yours_is_joined_to_nothing(alice: Client, mallory: Client, cast: Cast) -> None:
    hers = _hers(alice, cast)
    upload = alice.ok(alice.send("POST", "/blobs/", "x", {"Content-Type": "text/plain"}), 201)
    hers["upload"] = upload["blob_id"].removeprefix("u.")
    own = _own(mallory, cast)
    nothing = dict.fromkeys(hers, NOWHERE)
    for method, path, body in MIXED:
        refused, missing = (
            _ask(mallory, method, path, body, ids | own | {"own_draft": _draft(mallory)})
            for ids in (hers, nothing)
        )
        assert refused.status == missing.status, (method, path, body, refused.body, missing.body)
        assert _lasting(refused) == _lasting(missing), (method, path, body)
        assert _telling(refused).keys() == _telling(missing).keys(), (method, path, body)
        assert not [name for name in _telling(refused) if "query" in name or "queries" in name]
        assert refused.status in (200, 201, 202, 207, 400, 404), (method, path, body, refused.body)
        assert cast.alice.email.encode() not in refused.body and cast.bob.email.encode() not in refused.body
    alice.post(f"/submissions/{hers['submission']}/cancel/")
