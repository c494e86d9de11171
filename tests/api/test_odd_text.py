"""Text that one database keeps and another refuses gets the same answer on both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from tests import make
from tests.api.client import Client
from tests.conversations.rooms import group, me, say
from tests.uploads.tus import Door

ODD = ["\x00", "a\x00b", "\ud800", "\uffff", "\U0010ffff", "'\"\\%_", "x" * 3000]


def requests(client: Client, text: str) -> dict[str, Any]:
    person = client.person
    assert person is not None
    query = text.encode("utf-8", "surrogatepass")
    inbox, email_id = make.mailbox(person, "inbox"), make.email(person)
    return {
        "words": client.get("/threads/", q=query),
        "a sender": client.get("/threads/", q=b'from:"' + query + b'"'),
        "a place": client.get("/threads/", q=b'in:"' + query + b'"'),
        "mailbox": client.get("/threads/", mailbox=query),
        "cursor": client.get("/threads/", mailbox=inbox, cursor=query),
        "account": client.get("/threads/", q="hello", account=query),
        "addresses": client.get("/addresses/", q=query),
        "part": client.get(f"/emails/{email_id}/attachments/{quote(query)}/"),
        "changes": client.get("/changes/", since=query),
        "new mailbox": client.post("/mailboxes/", {"name": text}),
        "preferences": client.patch("/me/", {"preferences": {"theme": text, text: 1}}),
        "name": client.patch("/me/", {"name": text}),
        "keywords": client.post("/emails/update/", {"ids": [str(email_id)], "add_keywords": [text]}),
        "log in": client.post("/auth/token/", {"email": text, "password": text}),
        "refresh": client.post("/auth/token/refresh/", {"refresh": text}),
        "file": client.request("POST", f"/blobs/?filename={quote(query)}", body=b"content"),
        "draft": client.post(
            "/drafts/", {"to": [{"name": text, "email": text}], "subject": text, "text": text, "html": text}
        ),
        "send": client.post(
            "/send/", {"to": [{"name": text, "email": person.email}], "subject": text, "text": text}
        ),
    }


def requests_of_conversations(client: Client, text: str) -> dict[str, Any]:
    query = text.encode("utf-8", "surrogatepass")
    room = group(client)
    here, message = f"/conversations/{room}", say(client, room)
    there = f"/messages/{message['id']}"
    channel = {"kind": "channel", "visibility": "organisation", "topic": text}
    return {
        "message": client.post(f"{here}/messages/", {"text": text}),
        "client id": client.post(f"{here}/messages/", {"text": "x", "client_id": text}),
        "held message": client.post(f"{here}/messages/", {"text": text, "hold_seconds": 60}),
        "edit": client.patch(f"{there}/", {"text": text}),
        "reply": client.post(f"{there}/reply/", {"text": text}),
        "reaction": client.post(f"{there}/react/", {"emoji": text}),
        "report": client.post(f"{there}/report/", {"reason": "spam", "note": text}),
        "name": client.patch(f"{here}/", {"name": text, "topic": text}),
        "folder": client.patch(f"{here}/me/", {"folder": text}),
        "other folder": client.patch("/conversations/folders/", {"folder": text, "name": text}),
        "chat draft": client.send("PUT", f"{here}/draft/", {"content": {"text": text}}),
        "new channel": client.post("/conversations/", {**channel, "name": text}),
        "open channels": client.get("/conversations/", open="true", q=query),
        "managed": client.get("/conversations/managed/", q=query),
        "chat file": client.request(
            "POST", f"/conversations/files/?filename={quote(query)}", body=b"content"
        ),
        "search of messages": client.get("/messages/", q=query),
        "search of all": client.get("/search/", q=query),
        "notification": client.post("/notifications/", {"title": text, "body": text, "to": "me"}),
        "asked in": client.post(f"{here}/outside/", {"address": "zoe@outside.test", "name": text}),
        "asked in at": client.post(f"{here}/outside/", {"address": text, "name": "Zoe"}),
    }


def requests_of_rooms(client: Client, text: str) -> dict[str, Any]:
    person = client.person
    assert person is not None
    query = text.encode("utf-8", "surrogatepass")
    email_id = make.email(person)
    thread = client.get(f"/emails/{email_id}/").json["thread_id"]
    rule = {
        "conditions": [{"field": "subject", "op": "contains", "value": text}],
        "actions": [{"do": "star"}],
    }
    hook = {"url": "https://example.com/", "events": ["email.received"], "description": text}
    uploaded = text.encode("utf-8", "replace").decode()
    return {
        "note": client.post(f"/threads/{thread}/notes/", {"text": text}),
        "note for": client.post(f"/threads/{thread}/notes/", {"text": f"@[{text}](user:{me(client)})"}),
        "upload": Door("/conversations/uploads/").try_begin(client, 10, uploaded, uploaded),
        "mail upload": Door("/blobs/uploads/").try_begin(client, 10, uploaded, uploaded),
        "empty upload": Door("/blobs/uploads/").try_begin(client, 0, uploaded, uploaded),
        "rule": client.post("/rules/", {"name": text, **rule}),
        "rule's preview": client.post("/rules/preview/", rule),
        "sender": client.post("/junk/senders/", {"value": text, "list": "block"}),
        "webhook": client.post("/webhooks/", hook),
        "vacation": client.patch("/vacation/", {"subject": text, "text": text}),
        "forward": client.post("/forwards/", {"address": text}),
        "template": client.post("/templates/", {"name": text, "subject": text, "text": text}),
        "signature": client.post("/signatures/", {"name": text, "html": text}),
        "list": client.post("/lists/", {"name": text}),
        "group": client.post("/groups/", {"name": text, "about": text}),
        "profile": client.patch("/users/me/", {"name": text, "about": text}),
        "status": client.patch("/users/me/", {"status_text": text}),
        "people": client.post("/users/search/", {"q": text}),
        "audit": client.get("/audit/", q=query),
        "queue": client.get("/queue/", q=query),
        "refusals": client.get("/refusals/", q=query),
    }


ALL = [requests, requests_of_conversations, requests_of_rooms]


@pytest.mark.parametrize("ask", ALL)
@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_text_is_refused_or_kept_and_never_a_fault_of_ours(
    alice: Client, text: str, ask: Callable[[Client, str], dict[str, Any]]
) -> None:
    answers = ask(alice, text)
    assert [name for name, one in answers.items() if one.status in (404, 405) and name != "part"] == []
    assert {name: a.status for name, a in answers.items() if a.status >= 500} == {}
