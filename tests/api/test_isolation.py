"""Mallory tries every door with alice's ids: each answer is the one for what does not exist, byte for byte."""

from __future__ import annotations

from typing import Any

import pytest

from tests import make
from tests.api.client import Answer, Client
from tests.authenticator import Authenticator
from tests.cast import Cast

NOWHERE = "58769341962780000"
"""An id that nothing has."""


def _hers(alice: Client, cast: Cast) -> dict[str, str]:
    email_id = make.email(cast.alice)
    email = alice.get(f"/emails/{email_id}/").json
    draft = alice.post("/drafts/", {"text": "x", "to": [{"email": cast.bob.email}]}).json
    sent = alice.post("/send/", {"to": [{"email": cast.bob.email}], "text": "x", "hold_seconds": 60}).json
    hook = alice.post("/webhooks/", {"url": "http://127.0.0.1:49009/", "events": ["email.deleted"]}).json
    key = Authenticator()
    asked = alice.post("/security/passkeys/options/").json
    made = {"challenge": asked["challenge"], "credential": key.create(asked["options"]), "name": "x"}
    alice.ok(alice.post("/security/passkeys/", made), 201)
    both = {"name": "x", "scopes": ["imap", "smtp"]}
    reader = {"name": "x", "scopes": ["mail:read"], "expires_in_days": 1}
    security = alice.get("/security/").json
    outside = {"name": "x", "issuer": "https://id.example.org", "client_id": "x", "client_secret": "x"}
    notes = {"name": "x", "redirect_uris": ["https://a.example/"], "scopes": ["openid"]}
    return {
        "provider": alice.post("/identity-providers/", outside).json["id"],
        "client": alice.post("/oauth/clients/", notes).json["id"],
        "passkey": security["passkeys"][0]["id"],
        "session": security["sessions"][0]["id"],
        "app_password": alice.post("/security/app-passwords/", both).json["id"],
        "token": alice.post("/security/tokens/", reader).json["id"],
        "email": str(email_id),
        "thread": email["thread_id"],
        "draft": draft["id"],
        "submission": sent["submission_id"],
        "mailbox": str(make.mailbox(cast.alice, "inbox")),
        "account": str(cast.alice.account_id),
        "webhook": hook["id"],
        "delivery": alice.post(f"/webhooks/{hook['id']}/test/").json["id"],
        "identity": alice.get("/me/").json["identities"][0]["id"],
    }


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
    ("GET", "/emails/{email}/", None),
    ("PATCH", "/emails/{email}/", {"is_seen": True}),
    ("PATCH", "/emails/{email}/", {"keywords": []}),
    ("DELETE", "/emails/{email}/", None),
    ("DELETE", "/emails/{email}/?permanent=true", None),
    ("GET", "/emails/{email}/raw/", None),
    ("GET", "/emails/{email}/html/", None),
    ("GET", "/emails/{email}/attachments/1/", None),
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
    ("GET", "/changes/?since=1&account={account}", None),
    ("GET", "/webhooks/{webhook}/", None),
    ("PATCH", "/webhooks/{webhook}/", {"is_enabled": False}),
    ("DELETE", "/webhooks/{webhook}/", None),
    ("POST", "/webhooks/{webhook}/rotate/", {}),
    ("POST", "/webhooks/{webhook}/test/", None),
    ("GET", "/webhooks/{webhook}/deliveries/", None),
    ("GET", "/webhooks/{webhook}/deliveries/{delivery}/", None),
    ("POST", "/webhooks/{webhook}/deliveries/{delivery}/replay/", None),
    ("GET", "/emails/?role=inbox&account={account}", None),
    ("GET", "/emails/?flagged=true&account={account}", None),
    ("GET", "/mail/get/v1/inbox/?account={account}", None),
    ("GET", "/mail/get/v1/star/?account={account}", None),
    ("GET", "/mail/get/v1/mail/{email}/", None),
    ("PATCH", "/mail/update/v1/star/", {"ids": ["{email}"], "star": True}),
    ("PATCH", "/mail/update/v1/read/", {"ids": ["{email}"], "read": True}),
    ("GET", "/mail/search/v1/?q=hello&account={account}", None),
    ("GET", "/mail/search/v1/?q=hello&mailbox={mailbox}", None),
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


def test_what_is_not_yours_is_not_there(alice: Client, mallory: Client, cast: Cast) -> None:
    hers = _hers(alice, cast)
    nothing = dict.fromkeys(hers, NOWHERE)
    before = alice.get("/changes/", since=alice.get("/mailboxes/").json["state"]).body
    for method, path, body in REQUESTS:
        refused, missing = (_ask(mallory, method, path, body, ids) for ids in (hers, nothing))
        assert refused.status == 404, (method, path, body, refused.body)
        assert refused.body == missing.body, (method, path, body)
        kept = ("content-type", "cache-control", "content-security-policy", "content-length")
        assert [refused.headers.get(n) for n in kept] == [missing.headers.get(n) for n in kept], (
            method,
            path,
        )
    after = alice.get("/changes/", since=alice.get("/mailboxes/").json["state"]).body
    assert before == after
    alice.post(f"/submissions/{hers['submission']}/cancel/")


def test_the_walk_knows_every_path() -> None:
    """A new path with an id in it must be walked too."""
    from posthouse.config import urls

    walked = {path.partition("?")[0].replace("{", "<").replace("}", ">") for _, path, _ in REQUESTS}
    names = {"email_id": "email", "thread_id": "thread", "mailbox_id": "mailbox", "identity_id": "identity",
             "submission_id": "submission", "endpoint_id": "webhook", "delivery_id": "delivery",
             "passkey_id": "passkey", "client_id": "client", "provider_id": "provider"}  # fmt: skip
    for base, pattern in [("/", p) for p in urls.api] + [("/mail/", p) for p in urls.named]:
        route = f"{base}{pattern.pattern}"
        if "<" not in route or "problems/" in route:
            continue
        for name, word in names.items():
            route = route.replace(f"<id:{name}>", "<draft>" if "drafts" in route else f"<{word}>")
        route = route.replace("<str:kind>/<id:item_id>", "sessions/<session>")
        assert route.replace("<str:number>", "1") in walked, route


@pytest.mark.parametrize(
    "path", ["/emails/x/", "/emails/99999999999999999999/", "/nothing/", "/emails/1/nothing/"]
)
def test_what_is_no_path_is_a_problem(alice: Client, path: str) -> None:
    answer = alice.get(path)
    assert (answer.status, answer.json["code"]) == (404, "not_found")
    assert answer.headers["content-type"] == "application/problem+json"
