"""The form of every answer: parts of items, order, unknown parameters, tags, and results for each of many."""

from __future__ import annotations

import json
from pathlib import Path

from tests import make
from tests.api.client import Client
from tests.cast import Cast

OPENAPI = json.loads((Path(__file__).parents[2] / "openapi.json").read_text())


def test_no_operation_passes_over_a_parameter_it_does_not_know(alice: Client) -> None:
    for path, operations in OPENAPI["paths"].items():
        for method in operations:
            url = path.replace("{number}", "1")
            for name in (
                "email_id",
                "thread_id",
                "mailbox_id",
                "identity_id",
                "submission_id",
                "endpoint_id",
                "delivery_id",
                "passkey_id",
                "client_id",
                "provider_id",
                "item_id",
            ):
                url = url.replace(f"{{{name}}}", "1")
            url = url.replace("{kind}", "sessions")
            if path.startswith(("/oauth/", "/.well-known/")):
                continue  # OAuth's own rule: what is unknown is passed over
            if "{" in url or path.endswith("images/"):
                continue
            answer = alice.send(method.upper(), f"{url}?nonsense=1", {})
            assert (answer.status, answer.json["code"]) == (400, "unknown_field"), (method, path)


def test_fields_choose_the_parts_of_items(alice: Client, cast: Cast) -> None:
    email_id = str(make.email(cast.alice, subject="Parts"))
    inbox = make.mailbox(cast.alice, "inbox")
    (item,) = alice.ok(alice.get("/emails/", mailbox=inbox, fields="subject,is_seen"))["items"]
    assert item == {"id": email_id, "subject": "Parts", "is_seen": False}
    (thread,) = alice.ok(alice.get("/threads/", mailbox=inbox, fields="subject"))["items"]
    assert set(thread) == {"id", "subject"}
    assert set(alice.ok(alice.get(f"/emails/{email_id}/", fields="text"))) == {"id", "text"}
    assert set(alice.ok(alice.get("/mailboxes/", fields="name"))["items"][0]) == {"id", "name"}
    wrong = alice.get("/emails/", mailbox=inbox, fields="subject,colour")
    assert (wrong.status, wrong.json["code"]) == (400, "invalid_parameter")


def test_e_mails_can_be_read_from_either_end(alice: Client, cast: Cast) -> None:
    ids = [str(make.email(cast.alice, subject=f"No {n}")) for n in range(5)]
    page = alice.ok(alice.get("/emails/", role="inbox", sort="received_at", limit=3))
    rest = alice.ok(alice.get("/emails/", role="inbox", sort="received_at", limit=3, cursor=page["next"]))
    assert [item["id"] for item in page["items"] + rest["items"]] == ids and rest["next"] is None
    newest = alice.ok(alice.get("/emails/", role="inbox"))
    assert [item["id"] for item in newest["items"]] == ids[::-1]
    crossed = alice.get("/emails/", role="inbox", cursor=page["next"])
    assert (crossed.status, crossed.json["code"]) == (400, "invalid_cursor")
    assert alice.get("/emails/", role="inbox", flagged="true").json["code"] == "invalid_parameter"
    names = [box["name"] for box in alice.ok(alice.get("/mailboxes/", sort="name"))["items"]]
    assert names == sorted(names)


def _again(client: Client, path: str, etag: str) -> int:
    return client.request("GET", path, headers={"If-None-Match": etag}).status


def test_what_has_not_changed_is_not_sent_again(alice: Client, cast: Cast) -> None:
    email_id = make.email(cast.alice)
    thread_id = alice.get(f"/emails/{email_id}/").json["thread_id"]
    paths = ["/emails/?role=inbox", f"/emails/{email_id}/", f"/threads/{thread_id}/", "/mailboxes/",
             "/mail/get/v1/inbox/", "/submissions/", "/me/",
             f"/threads/?mailbox={make.mailbox(cast.alice, 'inbox')}"]  # fmt: skip
    tags = {path: alice.get(path).headers["etag"] for path in paths}
    for path, etag in tags.items():
        answer = alice.request("GET", path, headers={"If-None-Match": f'"other", {etag}'})
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", etag), path
    alice.ok(alice.patch(f"/emails/{email_id}/", {"is_flagged": True}))
    assert {path: _again(alice, path, etag) for path, etag in tags.items()} == dict.fromkeys(paths, 200)


def test_nobodys_tag_fits_anothers_list(alice: Client, mallory: Client) -> None:
    """Two accounts may be at the same number, and these paths name none."""
    for path in ("/emails/?role=inbox", "/mailboxes/", "/mail/get/v1/star/", "/submissions/"):
        tags = [client.get(path).headers["etag"] for client in (alice, mallory)]
        assert tags[0] != tags[1]
        assert _again(mallory, path, tags[0]) == 200


def test_a_write_can_insist_on_what_was_read(alice: Client, cast: Cast) -> None:
    email_id = make.email(cast.alice)
    path = f"/emails/{email_id}/"
    etag = alice.get(path).headers["etag"]
    make.email(cast.alice)  # other mail does not make it another e-mail
    changed = alice.send("PATCH", path, {"is_seen": True}, {"If-Match": etag})
    assert changed.status == 200 and changed.headers["etag"] != etag
    late = alice.send("PATCH", path, {"is_seen": False}, {"If-Match": etag})
    assert (late.status, late.json["code"]) == (412, "precondition_failed")
    assert alice.get(path).json["is_seen"]
    assert alice.send("DELETE", path, None, {"If-Match": etag}).status == 412
    assert alice.send("DELETE", path, None, {"If-Match": changed.headers["etag"]}).status == 204
    assert alice.send("PATCH", path, {}, {"If-Match": "*"}).status == 200


def test_where_an_email_lies_is_part_of_what_was_read(alice: Client, cast: Cast) -> None:
    from posthouse.mail import actions

    email_id, archive = make.email(cast.alice), make.mailbox(cast.alice, "archive")
    path = f"/emails/{email_id}/"
    tags = [alice.get(path).headers["etag"]]
    for add, remove in (([archive], []), ([], [archive])):
        actions.label_emails(cast.alice.actor, [email_id], add=add, remove=remove)
        tags.append(alice.get(path).headers["etag"])
        assert alice.send("PATCH", path, {"is_seen": True}, {"If-Match": tags[-2]}).status == 412
    assert len(set(tags)) == 3
    assert alice.send("PATCH", path, {"is_seen": True}, {"If-Match": tags[-1]}).status == 200


def test_mailboxes_drafts_and_oneself_can_be_insisted_on(alice: Client, cast: Cast) -> None:
    box = alice.ok(alice.post("/mailboxes/", {"name": "Plans"}), 201)
    path = f"/mailboxes/{box['id']}/"
    etag = alice.get(path).headers["etag"]
    assert alice.send("PATCH", path, {"name": "Old plans"}, {"If-Match": etag}).status == 200
    assert alice.send("PATCH", path, {"name": "x"}, {"If-Match": etag}).status == 412
    assert alice.send("DELETE", path, None, {"If-Match": etag}).status == 412
    me = alice.get("/me/").headers["etag"]
    assert alice.send("PATCH", "/me/", {"name": "Alice B"}, {"If-Match": me}).status == 200
    assert alice.send("PATCH", "/me/", {"name": "Alice C"}, {"If-Match": me}).status == 412
    draft = alice.ok(alice.post("/drafts/", {"subject": "d"}), 201)
    etag = alice.get(f"/emails/{draft['id']}/").headers["etag"]
    alice.patch(f"/emails/{draft['id']}/", {"is_flagged": True})
    refused = alice.send("PUT", f"/drafts/{draft['id']}/", {"subject": "e"}, {"If-Match": etag})
    assert refused.status == 412


def test_many_at_once_have_a_result_each(alice: Client, mallory: Client, cast: Cast) -> None:
    mine = [str(make.email(cast.alice)) for _ in range(2)]
    hers = str(make.email(cast.mallory))
    ids = [mine[0], hers, mine[1], "42"]
    done = alice.ok(alice.post("/emails/bulk/", {"verb": "update", "ids": ids, "is_seen": True}), 207)
    assert [(r["status"], r["code"]) for r in done["results"]] == [
        (200, None), (404, "not_found"), (200, None), (404, "not_found")]  # fmt: skip
    assert done["updated"] == 2 and [r["id"] for r in done["results"]] == ids
    none = alice.ok(alice.post("/emails/bulk/", {"verb": "trash", "ids": ids, "atomic": True}), 207)
    assert [r["status"] for r in none["results"]] == [424, 404, 424, 404] and none["updated"] == 0
    trash = str(make.mailbox(cast.alice, "trash"))
    assert alice.get(f"/emails/{mine[0]}/").json["mailbox_ids"] != [trash]
    body = {"verb": "move", "ids": mine, "to_mailbox": trash}
    assert alice.ok(alice.post("/emails/bulk/", body), 207)["updated"] == 2
    assert alice.get(f"/emails/{mine[0]}/").json["mailbox_ids"] == [trash]
    alice.ok(alice.post("/emails/bulk/", {"verb": "destroy", "ids": mine}), 207)
    assert alice.get(f"/emails/{mine[1]}/").status == 404
    assert not mallory.get(f"/emails/{hers}/").json["is_seen"]


def test_a_bulk_that_makes_no_sense_is_refused(alice: Client, cast: Cast) -> None:
    ids = [str(make.email(cast.alice))]
    wrong = alice.post("/emails/bulk/", {"verb": "trash", "ids": ids, "is_seen": True})
    assert (wrong.status, wrong.json["code"], wrong.json["errors"][0]["pointer"]) == (
        400, "unknown_field", "/is_seen")  # fmt: skip
    assert alice.post("/emails/bulk/", {"verb": "move", "ids": ids}).json["code"] == "required"
    assert alice.post("/emails/bulk/", {"verb": "move", "ids": ids, "to_mailbox": "1"}).status == 404
    assert alice.post("/emails/bulk/", {"verb": "fly", "ids": ids}).status == 400
    assert alice.post("/emails/bulk/", {"verb": "trash", "ids": ["1"] * 501}).json["code"] == "max_length"
