"""Mailboxes, threads and e-mails as lists."""

from __future__ import annotations

from typing import Any

from tests import make
from tests.api.client import Client
from tests.cast import Cast

SEEN, FLAGGED = 1, 2


def _all_pages(client: Client, path: str, **query: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    page = client.ok(client.get(path, **query))
    for _ in range(100):
        items += page["items"]
        if page["next"] is None:
            return items
        page = client.ok(client.get(path, **query, cursor=page["next"]))
    raise AssertionError("the pages do not end")


def test_a_new_account_has_the_usual_mailboxes(alice: Client) -> None:
    listed = alice.ok(alice.get("/mailboxes/"))
    assert [box["role"] for box in listed["items"]] == ["inbox", "drafts", "sent", "archive", "junk", "trash"]
    assert all(box["total_emails"] == 0 and box["parent_id"] is None for box in listed["items"])
    assert int(listed["state"]) > 0


def test_mailboxes_are_made_renamed_and_removed(alice: Client) -> None:
    work = alice.ok(alice.post("/mailboxes/", {"name": "Work"}), 201)
    assert (work["name"], work["role"], work["is_subscribed"]) == ("Work", None, True)
    inner = alice.ok(alice.post("/mailboxes/", {"name": "Q1", "parent_id": work["id"]}), 201)
    assert inner["parent_id"] == work["id"]
    assert alice.post("/mailboxes/", {"name": "work"}).json["code"] == "mailbox_exists"
    assert alice.post("/mailboxes/", {"name": "a/b"}).status == 400
    renamed = alice.ok(alice.patch(f"/mailboxes/{inner['id']}/", {"name": "Q2", "parent_id": None}))
    assert (renamed["name"], renamed["parent_id"]) == ("Q2", None)
    loop = alice.patch(f"/mailboxes/{work['id']}/", {"parent_id": work["id"]})
    assert (loop.status, loop.json["code"]) == (400, "parent_loop")
    assert alice.delete(f"/mailboxes/{work['id']}/").status == 204
    assert alice.delete(f"/mailboxes/{work['id']}/").status == 404


def test_a_mailbox_with_a_role_stays(alice: Client, cast: Cast) -> None:
    inbox = make.mailbox(cast.alice, "inbox")
    answer = alice.delete(f"/mailboxes/{inbox}/")
    assert (answer.status, answer.json["code"]) == (409, "has_role")
    assert alice.patch(f"/mailboxes/{inbox}/", {"name": "Other"}).json["code"] == "has_role"


def test_deleting_a_mailbox_sends_its_mail_to_trash(alice: Client, cast: Cast) -> None:
    email_id = make.email(cast.alice)
    work = alice.ok(alice.post("/mailboxes/", {"name": "Work"}), 201)
    alice.ok(alice.post("/emails/move/", {"ids": [str(email_id)], "to_mailbox": work["id"]}))
    assert alice.delete(f"/mailboxes/{work['id']}/").status == 204
    trash = make.mailbox(cast.alice, "trash")
    assert alice.get(f"/emails/{email_id}/").json["mailbox_ids"] == [str(trash)]


def test_threads_group_answers_and_count(alice: Client, cast: Cast) -> None:
    make.email(cast.alice, subject="Plan", message_id="1@x.test", sender="Zoe <zoe@x.test>", flags=SEEN)
    make.email(
        cast.alice,
        subject="Re: Plan",
        sender="Max <max@x.test>",
        headers="In-Reply-To: <1@x.test>\r\n",
        flags=FLAGGED,
    )
    make.email(cast.alice, subject="Other")
    inbox = make.mailbox(cast.alice, "inbox")
    page = alice.ok(alice.get("/threads/", mailbox=inbox))
    assert [row["subject"] for row in page["items"]] == ["Other", "Plan"]
    plan = page["items"][1]
    assert (plan["email_count"], plan["unread_count"], plan["is_flagged"]) == (2, 1, True)
    assert [person["email"] for person in plan["senders"]] == ["zoe@x.test", "max@x.test"]
    assert plan["mailbox_ids"] == [str(inbox)] and len(plan["email_ids"]) == 2
    unread = alice.ok(alice.get("/threads/", mailbox=inbox, unread="true"))
    assert len(unread["items"]) == 2
    flagged = alice.ok(alice.get("/threads/", flagged="true"))
    assert [row["id"] for row in flagged["items"]] == [plan["id"]]


def test_pages_give_everything_once_in_order(alice: Client, cast: Cast) -> None:
    made = [make.email(cast.alice, subject=f"Number {n}", flags=FLAGGED) for n in range(23)]
    inbox = make.mailbox(cast.alice, "inbox")
    emails = _all_pages(alice, "/emails/", mailbox=inbox, limit=5)
    assert [int(row["id"]) for row in emails] == made[::-1]
    for query in ({"mailbox": inbox}, {"flagged": "true"}, {"q": "number"}):
        threads = _all_pages(alice, "/threads/", limit=4, **query)
        assert [row["email_ids"] for row in threads] == [[str(i)] for i in made[::-1]], query


def test_a_page_does_not_shift_when_mail_arrives(alice: Client, cast: Cast) -> None:
    made = [make.email(cast.alice, subject=f"Number {n}") for n in range(6)]
    inbox = make.mailbox(cast.alice, "inbox")
    first = alice.ok(alice.get("/emails/", mailbox=inbox, limit=3))
    make.email(cast.alice, subject="New")
    second = alice.ok(alice.get("/emails/", mailbox=inbox, limit=3, cursor=first["next"]))
    assert [int(row["id"]) for row in first["items"] + second["items"]] == made[::-1]


def test_cursors_fit_only_their_list(alice: Client, cast: Cast) -> None:
    for _ in range(3):
        make.email(cast.alice)
    inbox = make.mailbox(cast.alice, "inbox")
    cursor = alice.ok(alice.get("/emails/", mailbox=inbox, limit=1))["next"]
    for bad in (cursor[:-2] + "AA", "x", "é", cursor + "A"):
        answer = alice.get("/emails/", mailbox=inbox, cursor=bad)
        assert (answer.status, answer.json["code"]) == (400, "invalid_cursor")
    other = alice.get("/threads/", mailbox=inbox, cursor=cursor)
    assert other.json["code"] == "invalid_cursor"


def test_list_parameters_are_checked(alice: Client, cast: Cast) -> None:
    inbox = make.mailbox(cast.alice, "inbox")
    for query in (
        {},
        {"mailbox": inbox, "flagged": "true"},
        {"mailbox": "x"},
        {"mailbox": inbox, "limit": 0},
        {"mailbox": inbox, "limit": 201},
        {"mailbox": inbox, "unread": "maybe"},
        {"mailbox": inbox, "colour": "red"},
    ):
        answer = alice.get("/threads/", **query)
        assert answer.status == 400, query
        assert answer.json["code"] in ("invalid_parameter", "unknown_field")
    assert alice.get("/emails/").status == 400


def test_search_finds_by_words_people_and_state(alice: Client, cast: Cast) -> None:
    make.email(cast.alice, subject="Annual report", sender="Zoe Zander <zoe@x.test>", text="Figures inside")
    make.email(cast.alice, subject="Lunch", sender="Max <max@y.test>", text="At noon?", flags=SEEN)
    make.email(cast.alice, subject="Zurück aus Köln", sender="Max <max@y.test>", flags=SEEN | FLAGGED)
    make.email(cast.alice, subject="Spam lunch", role="junk")
    make.email(cast.alice, subject="100% sure", sender="Name <x@z.test>", flags=SEEN)

    def subjects(q: str) -> list[str]:
        return sorted(row["subject"] for row in alice.ok(alice.get("/threads/", q=q))["items"])

    assert subjects("annual") == ["Annual report"]
    assert subjects("figures") == ["Annual report"]
    assert subjects("from:max") == ["Lunch", "Zurück aus Köln"]
    assert subjects("from:max -lunch") == ["Zurück aus Köln"]
    assert subjects("köln") == subjects("KÖLN") == ["Zurück aus Köln"]
    assert subjects('"annual report"') == ["Annual report"]
    assert subjects('"report annual"') == []
    assert subjects("is:unread") == ["Annual report"]
    assert subjects("is:starred") == ["Zurück aus Köln"]
    assert subjects("lunch") == ["Lunch"]
    assert subjects("lunch in:junk") == ["Spam lunch"]
    assert subjects("lunch in:anywhere") == ["Lunch", "Spam lunch"]
    assert subjects("subject:100%") == ["100% sure"]
    assert subjects("from:name") == ["100% sure"]
    assert subjects('"email"') == []
    assert subjects("in:nowhere lunch") == []
    assert subjects("before:2020-01-01") == []
    assert len(subjects("after:2020-01-01")) == 4
    inbox = make.mailbox(cast.alice, "inbox")
    assert len(alice.ok(alice.get("/threads/", q="lunch", mailbox=inbox))["items"]) == 1


def test_search_gives_a_thread_once_over_pages(alice: Client, cast: Cast) -> None:
    for n in range(4):
        make.email(
            cast.alice, subject="Plan", message_id=f"{n}@p.test", headers="References: <root@p.test>\r\n"
        )
        make.email(cast.alice, subject=f"Plan {n} apart")
    rows = _all_pages(alice, "/threads/", q="plan", limit=1)
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids)) == 5
