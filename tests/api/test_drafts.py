"""Uploads and drafts."""

from __future__ import annotations

from typing import Any

from tests import make
from tests.api.client import Client
from tests.cast import Cast


def _upload(client: Client, content: bytes, name: str, kind: str = "text/plain") -> dict[str, Any]:
    answer = client.request("POST", f"/blobs/?filename={name}", body=content, headers={"Content-Type": kind})
    found: dict[str, Any] = client.ok(answer, 201)
    return found


def _piece(blob: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {name: blob[name] for name in ("blob_id", "filename", "content_type")} | more


def test_a_file_goes_up_and_into_a_draft(alice: Client, anyone: Client) -> None:
    blob = _upload(alice, b"hello", "notes%20%C3%A9.txt")
    assert (blob["filename"], blob["content_type"], blob["size_bytes"]) == ("notes é.txt", "text/plain", 5)
    email = alice.ok(alice.post("/drafts/", {"subject": "With file", "attachments": [_piece(blob)]}), 201)
    assert email["is_draft"] and email["is_seen"] and email["has_attachment"]
    (attachment,) = email["attachments"]
    assert anyone.get(attachment["url"]).body == b"hello"
    assert attachment["filename"] == "notes é.txt"


def test_large_files_are_refused_kindly(alice: Client) -> None:
    limits = alice.ok(alice.get("/limits/"))
    body = b"x" * (limits["max_attachment_bytes"] + 1)
    answer = alice.request("POST", "/blobs/?filename=big", body=body)
    assert (answer.status, answer.json["code"]) == (413, "too_large")
    assert answer.json["limit_bytes"] == limits["max_attachment_bytes"]


def test_a_draft_comes_back_as_it_was(alice: Client, cast: Cast) -> None:
    picture = _upload(alice, b"\x89PNG\r\n\x1a\n....", "dot.png", "image/png")
    content = {
        "to": [{"name": "Zoë, Chief", "email": "zoe@x.test"}, {"name": "", "email": "unfinished"}],
        "cc": [{"name": "", "email": "max@x.test"}],
        "bcc": [{"name": "Boss", "email": "boss@x.test"}],
        "subject": "Grüße  and\tspaces",
        "html": '<p>Hi <b>you</b> <img src="cid:dot1"></p>',
        "attachments": [_piece(picture, disposition="inline", content_id="dot1")],
    }
    email = alice.ok(alice.post("/drafts/", content), 201)
    draft = email["draft"]
    assert draft["to"] == content["to"]
    assert (draft["cc"], draft["bcc"]) == (content["cc"], content["bcc"])
    assert draft["subject"] == "Grüße and spaces"
    assert draft["html"] == content["html"] and draft["text"] is None
    (piece,) = draft["attachments"]
    assert (piece["disposition"], piece["content_id"], piece["filename"]) == ("inline", "dot1", "dot.png")
    assert email["text"].strip().startswith("Hi you")
    assert email["mailbox_ids"] == [str(make.mailbox(cast.alice, "drafts"))]
    assert email["from"] == [{"name": "Alice", "email": cast.alice.email}]
    row = alice.get("/threads/", mailbox=make.mailbox(cast.alice, "drafts")).json["items"][0]
    assert row["has_draft"] and row["recipients"][0]["email"] == "zoe@x.test"


def test_saving_over_a_draft_gives_a_new_id_and_keeps_thread_and_files(alice: Client) -> None:
    blob = _upload(alice, b"kept", "a.txt")
    first = alice.post("/drafts/", {"subject": "One", "html": "<p>1</p>", "attachments": [_piece(blob)]}).json
    again = {"subject": "Two", "html": "<p>2</p>", "attachments": first["draft"]["attachments"]}
    second = alice.ok(alice.send("PUT", f"/drafts/{first['id']}/", again))
    assert second["id"] != first["id"] and second["thread_id"] == first["thread_id"]
    assert second["message_id"] == first["message_id"]
    assert alice.get(f"/emails/{first['id']}/").status == 404
    assert alice.send("PUT", f"/drafts/{first['id']}/", again).status == 404
    assert alice.get(second["attachments"][0]["url"]).body == b"kept"
    third = alice.ok(alice.send("PUT", f"/drafts/{second['id']}/", {"subject": "Three"}))
    assert third["attachments"] == [] and third["has_html"] is False
    drafts = next(box for box in alice.get("/mailboxes/").json["items"] if box["role"] == "drafts")
    assert drafts["total_emails"] == 1
    assert alice.delete(f"/emails/{third['id']}/?permanent=true").status == 204


def test_an_answer_joins_its_thread(alice: Client, cast: Cast) -> None:
    asked = make.email(
        cast.alice, subject="Question", message_id="q1@x.test", headers="References: <q0@x.test>\r\n"
    )
    thread_id = alice.get(f"/emails/{asked}/").json["thread_id"]
    body = {"subject": "Something else", "reply_to_email_id": str(asked), "text": "Yes"}
    email = alice.ok(alice.post("/drafts/", body), 201)
    assert email["thread_id"] == thread_id
    assert (email["in_reply_to"], email["references"]) == (["q1@x.test"], ["q0@x.test", "q1@x.test"])
    assert email["draft"]["reply_to_email_id"] == str(asked)
    assert (email["draft"]["text"].strip(), email["draft"]["html"]) == ("Yes", None)
    row = alice.get("/threads/", mailbox=make.mailbox(cast.alice, "inbox")).json["items"][0]
    assert row["has_draft"] and row["email_count"] == 2


def test_a_forward_takes_parts_along_without_sending_them_up(alice: Client, cast: Cast) -> None:
    blob = _upload(alice, b"the file", "f.txt")
    source = alice.post("/drafts/", {"subject": "S", "attachments": [_piece(blob)]}).json
    piece = _piece(source["attachments"][0])
    forward = alice.ok(
        alice.post(
            "/drafts/", {"subject": "Fwd", "attachments": [piece], "forward_of_email_id": source["id"]}
        ),
        201,
    )
    assert alice.get(forward["attachments"][0]["url"]).body == b"the file"
    assert forward["draft"]["forward_of_email_id"] == source["id"]


def test_html_of_a_draft_is_cleaned(alice: Client) -> None:
    html = '<p onclick="x()">a</p><script>alert(1)</script><img src="https://x.test/a.png">'
    email = alice.ok(alice.post("/drafts/", {"html": html}), 201)
    assert email["draft"]["html"].startswith("<p>a</p>") and "script" not in email["draft"]["html"]


def test_nobody_takes_another_persons_bytes(alice: Client, mallory: Client, cast: Cast) -> None:
    blob = _upload(alice, b"secret", "s.txt")
    email = alice.post("/drafts/", {"attachments": [_piece(blob)]}).json
    mail = make.email(cast.alice, subject="Private")
    for blob_id in (blob["blob_id"], email["attachments"][0]["blob_id"], f"p.{mail}.1", "u.12345"):
        piece = {"blob_id": blob_id, "filename": "x", "content_type": "text/plain"}
        assert mallory.post("/drafts/", {"attachments": [piece]}).status == 404, blob_id
    for bad in ("x", "u.", "p.1", "u.1.2", "p.99999999999999999999.1", "../etc"):
        piece = {"blob_id": bad, "filename": "x", "content_type": "text/plain"}
        assert mallory.post("/drafts/", {"attachments": [piece]}).status in (400, 404), bad
    theirs = mallory.ok(mallory.post("/drafts/", {"reply_to_email_id": str(mail), "text": "x"}), 201)
    assert (
        theirs["in_reply_to"] == [] and theirs["thread_id"] != alice.get(f"/emails/{mail}/").json["thread_id"]
    )
    assert mallory.send("PUT", f"/drafts/{email['id']}/", {"subject": "mine now"}).status == 404
    assert mallory.post("/drafts/", {"identity_id": email["draft"]["identity_id"] or "1"}).status == 404


def test_only_drafts_are_saved_over(alice: Client, cast: Cast) -> None:
    received = make.email(cast.alice)
    answer = alice.send("PUT", f"/drafts/{received}/", {"subject": "changed"})
    assert (answer.status, answer.json["code"]) == (400, "not_a_draft")


def test_headers_cannot_be_smuggled_in(alice: Client) -> None:
    email = alice.ok(
        alice.post(
            "/drafts/",
            {
                "subject": "a\r\nBcc: evil@x.test",
                "to": [{"name": "b\r\nX-Evil: 1", "email": "ok@x.test"}],
                "attachments": [],
            },
        ),
        201,
    )
    raw = alice.get(f"/emails/{email['id']}/raw/").body
    assert b"\r\nBcc:" not in raw and b"\r\nX-Evil" not in raw
    assert email["subject"] == "a Bcc: evil@x.test"


def test_drafts_of_other_programs_open_in_the_composer(alice: Client, cast: Cast) -> None:
    raw = make.message(to="Zoe <zoe@x.test>", subject="From IMAP", text="plain body\r\n")
    draft = alice.get(f"/emails/{make.email(cast.alice, raw, role='drafts', flags=8)}/").json["draft"]
    assert (draft["subject"], draft["html"], draft["text"].strip()) == ("From IMAP", None, "plain body")
    forged = make.message(headers="X-Posthouse-Draft: e30=junk\r\n")
    assert alice.get(f"/emails/{make.email(cast.alice, forged, flags=8)}/").status == 200


def test_completion_knows_colleagues_only_of_ones_own_house(
    alice: Client, mallory: Client, cast: Cast
) -> None:
    items = alice.ok(alice.get("/addresses/", q="bob"))["items"]
    assert items == [{"name": "Bob", "email": cast.bob.email}]
    assert mallory.ok(mallory.get("/addresses/", q="bob"))["items"] == []
    assert alice.ok(alice.get("/addresses/", q="%"))["items"] == []
