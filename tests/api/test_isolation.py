"""Mallory tries every door with alice's ids: each answer is the one for what does not exist, byte for byte."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.api.belongings import hers_of, own_of
from tests.api.client import Answer, Client, log_in
from tests.api.walked import MIXED, REQUESTS
from tests.cast import Cast, user_id
from tests.house import RunningHouse

NOWHERE = "58769341962780000"
"""An id that nothing has."""


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
    hers = hers_of(alice, cast)
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
            "preview",
            "file",
            "scheduled",
            "export",
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
        kind = "chat" if route.startswith("/conversations/") else "mail"
        route = route.replace("<id:upload_id>", f"<upload_of_{kind}>")
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

    hers = hers_of(alice, cast)
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


def _draft(client: Client) -> str:
    """A new one each time, since each writing gives it another id."""
    return str(client.ok(client.post("/drafts/", {"text": "x"}), 201)["id"])


def _lasting(answer: Answer) -> bytes:
    """Without ids, times, states, signatures and the name that each new e-mail has."""
    return re.sub(
        rb"[0-9]{15,}|[0-9-]{10}T[0-9:.]+Z|[0-9a-f]{32}|sig=[^\"]+|\"state\":\"[0-9]+", b"", answer.body
    )


def test_what_is_not_yours_is_joined_to_nothing(alice: Client, mallory: Client, cast: Cast) -> None:
    hers = hers_of(alice, cast)
    upload = alice.ok(alice.send("POST", "/blobs/", "x", {"Content-Type": "text/plain"}), 201)
    hers["upload"] = upload["blob_id"].removeprefix("u.")
    own = own_of(mallory, cast)
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
