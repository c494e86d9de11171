"""Text that one database keeps and another refuses gets the same answer on both."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests import make
from tests.api.client import Client

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


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_text_is_refused_or_kept_and_never_a_fault_of_ours(alice: Client, text: str) -> None:
    answers = requests(alice, text)
    assert all(
        answer.status not in (404, 405) for answer in answers.values() if answer is not answers["part"]
    )
    assert {name: a.status for name, a in answers.items() if a.status >= 500} == {}
