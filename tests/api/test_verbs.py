"""Filing many e-mails at once."""

from __future__ import annotations

from typing import Any

from tests import make
from tests.api.client import Client
from tests.cast import Cast


def _where(client: Client, email_id: int) -> set[str]:
    return set(client.get(f"/emails/{email_id}/").json["mailbox_ids"])


def _thread(client: Client, email_id: int) -> str:
    found: str = client.get(f"/emails/{email_id}/").json["thread_id"]
    return found


def test_update_sets_and_clears(alice: Client, cast: Cast) -> None:
    ids = [str(make.email(cast.alice)) for _ in range(3)]
    body: dict[str, Any] = {"ids": ids, "is_seen": True, "is_flagged": True, "add_keywords": ["todo"]}
    done = alice.ok(alice.post("/emails/update/", body))
    assert done["updated"] == 3
    alice.ok(
        alice.post("/emails/update/", {"ids": ids[:1], "is_flagged": False, "remove_keywords": ["Todo"]})
    )
    first, second = (alice.get(f"/emails/{i}/").json for i in ids[:2])
    assert (first["is_seen"], first["is_flagged"], first["keywords"]) == (True, False, [])
    assert (second["is_flagged"], second["keywords"]) == (True, ["todo"])
    inbox = next(box for box in alice.get("/mailboxes/").json["items"] if box["role"] == "inbox")
    assert (inbox["total_emails"], inbox["unread_emails"]) == (3, 0)


def test_move_label_and_trash(alice: Client, cast: Cast) -> None:
    inbox, archive, trash = (str(make.mailbox(cast.alice, role)) for role in ("inbox", "archive", "trash"))
    work = alice.post("/mailboxes/", {"name": "Work"}).json["id"]
    email_id = make.email(cast.alice)
    ids = [str(email_id)]
    alice.ok(alice.post("/emails/label/", {"ids": ids, "add": [work]}))
    assert _where(alice, email_id) == {inbox, work}
    alice.ok(alice.post("/emails/move/", {"ids": ids, "from_mailbox": inbox, "to_mailbox": archive}))
    assert _where(alice, email_id) == {archive, work}
    alice.ok(alice.post("/emails/label/", {"ids": ids, "remove": [work, archive]}))
    assert _where(alice, email_id) == {archive}
    alice.ok(alice.post("/emails/trash/", {"ids": ids}))
    assert _where(alice, email_id) == {trash}
    alice.ok(alice.post("/emails/move/", {"ids": ids, "to_mailbox": inbox}))
    assert _where(alice, email_id) == {inbox}


def test_threads_can_be_meant_in_one_mailbox(alice: Client, cast: Cast) -> None:
    inbox, archive, sent = (make.mailbox(cast.alice, role) for role in ("inbox", "archive", "sent"))
    asked = make.email(cast.alice, subject="Q", message_id="q@x.test")
    answered = make.email(cast.alice, subject="Re: Q", headers="In-Reply-To: <q@x.test>\r\n", role="sent")
    thread = _thread(alice, asked)
    body = {"thread_ids": [thread], "from_mailbox": str(inbox), "to_mailbox": str(archive)}
    assert alice.ok(alice.post("/emails/move/", body))["updated"] == 1
    assert (_where(alice, asked), _where(alice, answered)) == ({str(archive)}, {str(sent)})
    nothing = alice.ok(alice.post("/emails/move/", body))
    assert nothing["updated"] == 0 and int(nothing["state"]) > 1
    alice.ok(alice.post("/emails/destroy/", {"thread_ids": [thread]}))
    assert alice.get(f"/threads/{thread}/").status == 404


def test_all_or_nothing(alice: Client, mallory: Client, cast: Cast) -> None:
    mine, hers = make.email(cast.alice), make.email(cast.mallory)
    for verb, more in (("trash", {}), ("destroy", {}), ("update", {"is_seen": True}), ("label", {})):
        answer = alice.post(f"/emails/{verb}/", {"ids": [str(mine), str(hers)], **more})
        assert answer.status == 404, verb
    row = alice.get(f"/emails/{mine}/").json
    assert not row["is_seen"] and row["mailbox_ids"] == [str(make.mailbox(cast.alice, "inbox"))]
    theirs = make.mailbox(cast.mallory, "inbox")
    assert alice.post("/emails/move/", {"ids": [str(mine)], "to_mailbox": str(theirs)}).status == 404
    assert mallory.get(f"/emails/{hers}/").status == 200


def test_bodies_of_verbs_are_checked(alice: Client, cast: Cast) -> None:
    inbox = str(make.mailbox(cast.alice, "inbox"))
    both = alice.post("/emails/trash/", {"ids": ["1"], "thread_ids": ["1"]})
    assert both.json["code"] == "ids_or_thread_ids"
    assert alice.post("/emails/trash/", {}).json["code"] == "ids_or_thread_ids"
    assert alice.post("/emails/trash/", {"ids": [1]}).json["errors"][0]["pointer"] == "/ids/0"
    assert alice.post("/emails/trash/", {"ids": ["1"] * 1001}).status == 400
    assert alice.post("/emails/move/", {"ids": ["1"]}).json["errors"][0]["pointer"] == "/to_mailbox"
    assert alice.post("/emails/move/", {"ids": ["99"], "to_mailbox": inbox}).status == 404
    assert alice.ok(alice.post("/emails/trash/", {"ids": []}))["updated"] == 0
