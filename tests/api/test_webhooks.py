"""Webhooks, through the door and out of the house: a real server is told, refuses, is gone, and is told again."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast, person
from tests.delivery.outside import until
from tests.hooks_sink import Sink, Told, open_sink
from tests.house import RunningHouse

SCHEMA = json.loads((Path(__file__).parents[2] / "openapi.json").read_text())
ALL = ["email.received", "email.changed", "email.deleted", "message.delivered", "message.bounced"]
DAY_MS = 86_400_000


@pytest.fixture
def sink() -> Iterator[Sink]:
    with open_sink() as opened:
        yield opened


def _hook(client: Client, sink: Sink, events: list[str] = ALL, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = client.ok(
        client.post("/webhooks/", {"url": sink.url, "events": events, **more}), 201
    )
    return made


def _fits(told: Told) -> None:
    """What was told is what the schema's `webhooks` say."""
    shape = SCHEMA["webhooks"][told.json["type"]]["post"]["requestBody"]["content"]["application/json"][
        "schema"
    ]
    jsonschema.Draft202012Validator({**shape, "components": SCHEMA["components"]}).validate(told.json)


def _signatures(told: Told, secret: str) -> bool:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{told.headers['webhook-id']}.{told.headers['webhook-timestamp']}.".encode() + told.body
    wanted = "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    return wanted in told.headers["webhook-signature"].split(" ")


def test_what_happens_to_mail_is_told(alice: Client, sink: Sink, cast: Cast) -> None:
    hook = _hook(alice, sink)
    email_id = str(make.email(cast.alice, subject="Tell me", sender="Zoe <zoe@outside.test>"))
    (told,) = until(lambda: sink.of("email.received"))
    assert _signatures(told, hook["secret"]) and told.headers["content-type"] == "application/json"
    data = told.json["data"]
    assert (data["email_id"], data["subject"]) == (email_id, "Tell me")
    assert data["from"] == [{"name": "Zoe", "email": "zoe@outside.test"}] and not data["is_seen"]
    alice.ok(alice.patch(f"/emails/{email_id}/", {"is_flagged": True}))
    (told,) = until(lambda: sink.of("email.changed"))
    assert told.json["data"]["is_flagged"]
    alice.delete(f"/emails/{email_id}/?permanent=true")
    (told,) = until(lambda: sink.of("email.deleted"))
    assert told.json["data"] == {"account_id": str(cast.alice.account_id), "email_id": email_id}
    assert len({told.headers["webhook-id"] for told in sink.told}) == 3
    for each in sink.told:
        _fits(each)


def test_sending_tells_of_each_recipients_end_and_not_of_receiving(
    alice: Client, sink: Sink, cast: Cast
) -> None:
    _hook(alice, sink)
    sent = alice.ok(alice.post("/send/", {"to": [{"email": cast.bob.email}], "text": "x"}), 202)
    (told,) = until(lambda: sink.of("message.delivered"))
    assert told.json["data"]["submission_id"] == sent["submission_id"]
    assert told.json["data"]["recipient"] == cast.bob.email
    _fits(told)
    alice.patch(f"/emails/{sent['email_id']}/", {"is_flagged": True})
    until(lambda: sink.of("email.changed"))
    assert len(sink.of("message.delivered")) == 1 and sink.of("email.received") == []


def test_only_what_was_chosen_is_told_and_only_to_its_own(
    alice: Client, mallory: Client, sink: Sink, cast: Cast
) -> None:
    _hook(alice, sink, ["email.deleted"])
    with open_sink() as hers:
        _hook(mallory, hers)
        email_id = make.email(cast.alice)
        alice.delete(f"/emails/{email_id}/?permanent=true")
        until(lambda: sink.told)
        make.email(cast.mallory)
        until(lambda: hers.told)
        assert {told.json["data"]["account_id"] for told in hers.told} == {str(cast.mallory.account_id)}
    assert [told.json["type"] for told in sink.told] == ["email.deleted"]


def test_an_organisation_is_told_of_all_its_accounts_but_no_words(
    house: RunningHouse, alice: Client, sink: Sink, cast: Cast
) -> None:
    bob = log_in(house, cast.bob)
    refused = bob.post("/webhooks/", {"url": sink.url, "events": ALL, "scope": "organisation"})
    assert (refused.status, refused.json["code"]) == (403, "permission_denied")
    hook = _hook(alice, sink, scope="organisation")
    make.email(cast.bob, subject="Private matter")
    (told,) = until(lambda: sink.of("email.received"))
    assert told.json["data"]["account_id"] == str(cast.bob.account_id)
    assert b"Private" not in told.body and "from" not in told.json["data"]
    _fits(told)
    assert bob.get(f"/webhooks/{hook['id']}/").status == 404
    assert bob.get("/webhooks/").json["items"] == []
    from posthouse.hooks import reading

    late = person("Late", cast.domain)
    reading.adopt()
    make.email(late)
    while reading.read_account(late.account_id):
        pass
    until(lambda: [t for t in sink.told if t.json["data"]["account_id"] == str(late.account_id)])


def test_a_refusal_is_tried_again_later_and_later(alice: Client, sink: Sink, cast: Cast) -> None:
    from posthouse.base import clock, sql
    from posthouse.hooks import outbox

    sink.status, sink.body = 500, b"Traceback: " + b"x" * 5_000
    hook = _hook(alice, sink)
    delivery = alice.ok(alice.post(f"/webhooks/{hook['id']}/test/"), 202)
    path = f"/webhooks/{hook['id']}/deliveries/{delivery['id']}/"
    until(lambda: alice.get(path).json["attempts"] == 1)
    first = alice.get(path).json
    assert first["state"] == "pending" and first["next_attempt_at"]
    (attempt,) = first["tries"]
    assert attempt["status"] == 500 and len(attempt["answer"]) == 1_000
    until(lambda: alice.get(path).json["attempts"] == 2, seconds=20)
    assert len({told.headers["webhook-id"] for told in sink.told}) == 1, "the same message"
    states = []
    for wait_s in outbox.SCHEDULE_S[1:]:
        due = sql.row("SELECT next_at FROM hooks_message WHERE id = %s", [delivery["id"]])
        assert due and wait_s * 1000 <= due[0] - clock.now_ms() <= wait_s * 1100 + 100
        outcome = outbox.Outcome(at_ms=clock.now_ms(), duration_ms=1, status=503)
        states.append(outbox.settle(int(delivery["id"]), outcome, jitter=0.5))
    assert states == ["pending"] * 7 + ["failed"]
    assert len(alice.get(path).json["tries"]) == 10

    sink.status = 204
    alice.ok(alice.post(f"{path}replay/"), 202)
    until(lambda: alice.get(path).json["state"] == "delivered")
    again = alice.post(f"{path}replay/")
    assert again.status == 202, "what was delivered can be told once more"


def test_an_answer_can_ask_for_more_time(alice: Client, sink: Sink) -> None:
    from posthouse.base import clock, sql

    sink.status, sink.headers = 429, {"Retry-After": "600"}
    hook = _hook(alice, sink)
    delivery = alice.ok(alice.post(f"/webhooks/{hook['id']}/test/"), 202)
    until(lambda: sink.told)
    path = f"/webhooks/{hook['id']}/deliveries/{delivery['id']}/"
    until(lambda: alice.get(path).json["attempts"] == 1)
    due = sql.row("SELECT next_at FROM hooks_message WHERE id = %s", [delivery["id"]])
    assert due and due[0] - clock.now_ms() > 590_000


def test_gone_switches_off_and_its_owner_is_told(alice: Client, sink: Sink, cast: Cast) -> None:
    sink.status = 410
    hook = _hook(alice, sink)
    alice.post(f"/webhooks/{hook['id']}/test/")
    until(lambda: not alice.get(f"/webhooks/{hook['id']}/").json["is_enabled"])
    assert alice.get(f"/webhooks/{hook['id']}/").json["disabled_reason"] == "gone"
    (notice,) = until(lambda: alice.get("/emails/", role="inbox").json["items"])
    assert notice["subject"] == "A webhook was switched off"
    told = len(sink.told)
    make.email(cast.alice)
    off = alice.post(f"/webhooks/{hook['id']}/test/")
    assert (off.status, off.json["code"]) == (409, "webhook_disabled")
    assert len(sink.told) == told
    sink.status = 204
    again = alice.ok(alice.patch(f"/webhooks/{hook['id']}/", {"is_enabled": True}))
    assert again["is_enabled"] and again["disabled_reason"] is None
    alice.ok(alice.post(f"/webhooks/{hook['id']}/test/"), 202)
    until(lambda: len(sink.told) > told)


def test_days_of_failing_switch_off(alice: Client, sink: Sink) -> None:
    from posthouse.base import clock
    from posthouse.hooks import outbox

    sink.status = 500
    hook = _hook(alice, sink)
    delivery = alice.ok(alice.post(f"/webhooks/{hook['id']}/test/"), 202)
    until(lambda: alice.get(f"/webhooks/{hook['id']}/").json["failing_since"])
    late_ms = clock.now_ms() + 5 * DAY_MS + 1_000
    clock.set_source(lambda: late_ms / 1000)
    try:
        outbox.settle(
            int(delivery["id"]), outbox.Outcome(at_ms=late_ms, duration_ms=1, error="x"), jitter=0.0
        )
    finally:
        clock.set_source(None)
    off = alice.get(f"/webhooks/{hook['id']}/").json
    assert (off["is_enabled"], off["disabled_reason"]) == (False, "failing")


def test_secrets_rotate_with_two_valid_and_are_sealed(alice: Client, sink: Sink) -> None:
    from posthouse.base import sql

    hook = _hook(alice, sink)
    assert hook["secret"].startswith("whsec_") and "secret" not in alice.get(f"/webhooks/{hook['id']}/").json
    stored = sql.row("SELECT secret FROM hooks_endpoint WHERE id = %s", [hook["id"]])
    assert stored and stored[0].startswith("s1.") and hook["secret"][6:] not in stored[0]
    fresh = alice.ok(alice.post(f"/webhooks/{hook['id']}/rotate/", {"keep_hours": 1}))
    alice.post(f"/webhooks/{hook['id']}/test/")
    (told,) = until(lambda: sink.told)
    assert _signatures(told, hook["secret"]) and _signatures(told, fresh["secret"])
    last = alice.ok(alice.post(f"/webhooks/{hook['id']}/rotate/", {"keep_hours": 0}))
    alice.post(f"/webhooks/{hook['id']}/test/")
    told = until(lambda: sink.told[1:])[0]
    assert _signatures(told, last["secret"]) and not _signatures(told, fresh["secret"])


@pytest.mark.parametrize(
    "url",
    ["http://example.org/", "https://10.0.0.1/", "https://[::1]/", "https://2130706433/", "ftp://example.org/",
     "https://user:pw@example.org/", "https://example.org:25/", "https://169.254.169.254/latest/", "x", "https://"],
)  # fmt: skip
def test_no_place_inside_may_be_named(alice: Client, url: str) -> None:
    refused = alice.post("/webhooks/", {"url": url, "events": ALL})
    assert (refused.status, refused.json["code"]) == (400, "invalid_url"), refused.body
    assert refused.json["errors"][0]["pointer"] == "/url"


def test_a_redirect_is_not_followed(alice: Client, sink: Sink) -> None:
    with open_sink() as inner:
        sink.status, sink.headers = 302, {"Location": inner.url}
        hook = _hook(alice, sink)
        delivery = alice.ok(alice.post(f"/webhooks/{hook['id']}/test/"), 202)
        path = f"/webhooks/{hook['id']}/deliveries/{delivery['id']}/"
        until(lambda: alice.get(path).json["attempts"] == 1)
        assert inner.told == [] and alice.get(path).json["tries"][0]["status"] == 302


def test_the_log_is_paged_and_filtered(alice: Client, sink: Sink) -> None:
    hook = _hook(alice, sink)
    ids = [alice.ok(alice.post(f"/webhooks/{hook['id']}/test/"), 202)["id"] for _ in range(3)]
    path = f"/webhooks/{hook['id']}/deliveries/"
    until(lambda: len(alice.get(path, state="delivered").json["items"]) == 3)
    page = alice.ok(alice.get(path, limit=2))
    rest = alice.ok(alice.get(path, limit=2, cursor=page["next"]))
    assert [item["id"] for item in page["items"] + rest["items"]] == ids[::-1] and rest["next"] is None
    assert alice.get(path, state="failed").json["items"] == []
    assert alice.get(f"{path}{ids[0]}/").json["body"]["type"] == "webhook.test"
    alice.delete(f"/webhooks/{hook['id']}/")
    assert alice.get(path).status == 404


def test_the_choices_are_listed_and_others_refused(alice: Client, sink: Sink) -> None:
    kinds = [item["type"] for item in alice.ok(alice.get("/webhooks/events/"))["items"]]
    assert kinds == ALL
    assert alice.post("/webhooks/", {"url": sink.url, "events": ["email.read"]}).status == 400
    assert alice.post("/webhooks/", {"url": sink.url, "events": []}).json["code"] == "min_length"


def test_too_much_at_once_is_told_honestly(alice: Client, sink: Sink, cast: Cast) -> None:
    """A cursor that the log does not reach back to."""
    from posthouse.base import db, sql
    from posthouse.hooks import reading

    _hook(alice, sink)
    account = cast.alice.account_id
    db.run(sql.run, ("UPDATE mail_account SET horizon = modseq WHERE id = %s", [account]), {})
    db.run(sql.run, ("UPDATE hooks_cursor SET modseq = 1 WHERE account_id = %s", [account]), {})
    reading.read_account(account)
    (told,) = until(lambda: sink.of("account.resync"))
    _fits(told)
    assert told.json["data"]["account_id"] == str(account)


def test_a_slow_endpoint_keeps_no_other_waiting(
    alice: Client, mallory: Client, sink: Sink, cast: Cast
) -> None:
    sink.delay_s = 1.5
    _hook(alice, sink, ["email.received"])
    for _ in range(12):
        make.email(cast.alice)
    until(lambda: sink.told)
    with open_sink() as quick:
        _hook(mallory, quick)
        make.email(cast.mallory)
        until(lambda: quick.told, seconds=4)
        assert len(sink.told) < 12
    until(lambda: len(sink.told) == 12, seconds=20)
    assert len({told.headers["webhook-id"] for told in sink.told}) == 12


def test_who_was_switched_off_hears_no_more(alice: Client, sink: Sink, cast: Cast) -> None:
    from posthouse.base import db, sql

    _hook(alice, sink)
    off = "UPDATE identity_user SET is_active = %s WHERE email = %s"
    db.run(sql.run, (off, [False, cast.alice.email]), {})
    make.email(cast.alice)
    from posthouse.hooks import queries

    assert queries.hearers(cast.alice.account_id) == []
    assert sink.told == []
