"""The paths that the requirements name (G9-G13): the same mail under those names."""

from __future__ import annotations

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.house import RunningHouse

LISTS = {"inbox": "inbox", "delete": "trash", "spam": "junk", "sent": "sent"}
NAMED = [
    ("GET", "/mail/get/v1/inbox/"), ("GET", "/mail/get/v1/star/"), ("GET", "/mail/get/v1/delete/"),
    ("GET", "/mail/get/v1/spam/"), ("GET", "/mail/get/v1/sent/"), ("GET", "/mail/get/v1/mail/1/"),
    ("POST", "/mail/create/v1/"), ("PATCH", "/mail/update/v1/star/"), ("PATCH", "/mail/update/v1/read/"),
    ("GET", "/mail/search/v1/?q=x"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "role"), LISTS.items())
def test_each_list_shows_its_mailbox(alice: Client, cast: Cast, name: str, role: str) -> None:
    email_id = make.email(cast.alice, role=role, subject=f"In {role}")
    page = alice.ok(alice.get(f"/mail/get/v1/{name}/"))
    assert [item["id"] for item in page["items"]] == [str(email_id)]
    assert page == alice.ok(alice.get("/emails/", role=role))


def test_stars_and_reading(alice: Client, cast: Cast) -> None:
    ids = [str(make.email(cast.alice)) for _ in range(2)]
    assert alice.ok(alice.get("/mail/get/v1/star/"))["items"] == []
    done = alice.ok(alice.patch("/mail/update/v1/star/", {"ids": ids, "star": True}))
    assert done["updated"] == 2
    assert {item["id"] for item in alice.get("/mail/get/v1/star/").json["items"]} == set(ids)
    alice.ok(alice.patch("/mail/update/v1/star/", {"ids": ids[:1], "star": False}))
    assert [item["id"] for item in alice.get("/mail/get/v1/star/").json["items"]] == ids[1:]
    alice.ok(alice.patch("/mail/update/v1/read/", {"ids": ids[:1], "read": True}))
    assert [alice.get(f"/mail/get/v1/mail/{i}/").json["is_seen"] for i in ids] == [True, False]
    refused = alice.patch("/mail/update/v1/read/", {"ids": ids})
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (400, "/read")


def test_create_sends_to_people_named_in_any_way(house: RunningHouse, alice: Client, cast: Cast) -> None:
    body = {
        "to": f"Bob B <{cast.bob.email}>",
        "cc": [{"name": "Me", "email": cast.alice.email}],
        "subject": "Named",
        "body": "plain words",
    }
    sent = alice.ok(alice.post("/mail/create/v1/", body, Idempotency_Key="n1"), 202)
    own = alice.ok(alice.get(f"/mail/get/v1/mail/{sent['email_id']}/"))
    assert own["to"] == [{"name": "Bob B", "email": cast.bob.email}] and own["cc"][0]["name"] == "Me"
    assert own["text"].strip() == "plain words"
    again = alice.post("/mail/create/v1/", body, Idempotency_Key="n1")
    assert again.json == sent and again.headers["idempotency-replayed"] == "true"
    bad = alice.post("/mail/create/v1/", {"to": ["nobody at all"], "body": "x"})
    assert (bad.status, bad.json["errors"][0]["pointer"]) == (400, "/to/0")
    bob = log_in(house, cast.bob)
    assert alice.ok(alice.get("/mail/search/v1/", q="Named"))["items"]
    assert bob.patch("/mail/update/v1/star/", {"ids": [own["id"]], "star": True}).status == 404


@pytest.mark.parametrize(("method", "path"), NAMED)
def test_nobody_is_told_to_log_in(anyone: Client, method: str, path: str) -> None:
    answer = anyone.send(method, path, {})
    assert (answer.status, answer.json["code"]) == (401, "not_authenticated")


def test_mallory_finds_nothing_of_alices(alice: Client, mallory: Client, cast: Cast) -> None:
    email_id = make.email(cast.alice, subject="Secret plan")
    alice.patch("/mail/update/v1/star/", {"ids": [str(email_id)], "star": True})
    for path in ("get/v1/inbox/", "get/v1/star/", "search/v1/?q=Secret"):
        assert mallory.ok(mallory.get(f"/mail/{path}"))["items"] == []


def test_the_documentation_is_there_under_its_name(anyone: Client) -> None:
    page = anyone.get("/__docs__/v1/")
    assert page.status == 200 and page.headers["content-type"].startswith("text/html")
