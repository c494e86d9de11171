"""E-mails moved from one account to another: whole or not at all, by who may write on both sides."""

from __future__ import annotations

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast, Person, user_id
from tests.house import RunningHouse
from tests.imapd.test_between_accounts import counters_are_right, set_quota, used_bytes


@pytest.fixture
def bob(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.bob)


def grant(owner: Client, account: Person, to: Person, right: str) -> None:
    body = {"user_id": user_id(to), "right": right}
    owner.ok(owner.post(f"/accounts/{account.account_id}/grants/", body), 201)


def inside(client: Client, mailbox_id: int) -> list[str]:
    items = client.ok(client.get(f"/emails/?mailbox={mailbox_id}"))["items"]
    return sorted(item["subject"] for item in items)


def move(client: Client, ids: list[int], to: int, **more: object) -> tuple[int, str]:
    answer = client.post("/emails/move/", {"ids": [str(i) for i in ids], "to_mailbox": str(to), **more})
    return answer.status, answer.json.get("code", "")


def test_moved_into_a_shared_account_and_back(alice: Client, bob: Client, cast: Cast) -> None:
    grant(bob, cast.bob, cast.alice, "write")
    mine, his = make.mailbox(cast.alice, "inbox"), make.mailbox(cast.bob, "archive")
    raw = make.message(subject="For both", message_id="for-both@x.test")
    first = make.email(cast.alice, raw)
    answer = make.email(cast.alice, subject="Re: For both", headers="In-Reply-To: <for-both@x.test>\r\n")
    stays = make.email(cast.alice, subject="Stays")
    alice.ok(alice.patch(f"/emails/{first}/", {"is_seen": True, "is_flagged": True}))
    before, state = used_bytes(cast.alice.account_id), alice.get("/me/").json["accounts"][0]["state"]
    moved = alice.ok(alice.post("/emails/move/", {"ids": [str(first), str(answer)], "to_mailbox": str(his)}))
    assert moved["updated"] == 2 and int(moved["state"]) > int(state)
    assert inside(alice, mine) == ["Stays"] and alice.get(f"/emails/{first}/").status == 404
    assert inside(bob, his) == ["For both", "Re: For both"]
    rows = {row["subject"]: row for row in bob.get(f"/emails/?mailbox={his}").json["items"]}
    assert (rows["For both"]["is_seen"], rows["For both"]["is_flagged"]) == (True, True)
    assert rows["For both"]["thread_id"] == rows["Re: For both"]["thread_id"]
    assert bob.get(f"/emails/{rows['For both']['id']}/raw/").body == raw
    assert used_bytes(cast.alice.account_id) < before
    changes = alice.ok(alice.get(f"/changes/?since={state}"))
    assert set(changes["emails"]["destroyed"]) == {str(first), str(answer)}
    assert counters_are_right(cast.alice.account_id, cast.bob.account_id)

    back = [int(row["id"]) for row in rows.values()]
    assert move(alice, [*back, stays], mine) == (200, "")
    assert inside(alice, mine) == ["For both", "Re: For both", "Stays"] and inside(bob, his) == []
    assert counters_are_right(cast.alice.account_id, cast.bob.account_id)


def test_what_has_other_labels_stays_in_them(alice: Client, bob: Client, cast: Cast) -> None:
    grant(bob, cast.bob, cast.alice, "write")
    mine, his = make.mailbox(cast.alice, "inbox"), make.mailbox(cast.bob, "inbox")
    email_id, elsewhere = make.email(cast.alice, subject="Two labels"), make.email(cast.alice, role="archive")
    work = alice.post("/mailboxes/", {"name": "Work"}).json["id"]
    alice.ok(alice.post("/emails/label/", {"ids": [str(email_id)], "add": [work]}))
    assert move(alice, [email_id, elsewhere], his, from_mailbox=str(mine)) == (200, "")
    assert alice.get(f"/emails/{email_id}/").json["mailbox_ids"] == [work]
    assert alice.get(f"/emails/{elsewhere}/").status == 200
    assert inside(bob, his) == ["Two labels"]
    assert move(alice, [email_id], his) == (200, "")
    assert alice.get(f"/emails/{email_id}/").status == 404
    assert inside(bob, his) == ["Two labels", "Two labels"]
    assert counters_are_right(cast.alice.account_id, cast.bob.account_id)


@pytest.mark.parametrize(("right", "into", "out"), [("read", 403, 403), ("draft", 403, 403), ("", 404, 404)])
def test_it_takes_the_right_to_write_on_both_sides(
    alice: Client, bob: Client, cast: Cast, right: str, into: int, out: int
) -> None:
    if right:
        grant(bob, cast.bob, cast.alice, right)
    mine, his = make.mailbox(cast.alice, "inbox"), make.mailbox(cast.bob, "inbox")
    hers, theirs = make.email(cast.alice, subject="Hers"), make.email(cast.bob, subject="His")
    assert move(alice, [hers], his)[0] == into
    assert move(alice, [theirs], mine)[0] == out
    assert move(alice, [hers, theirs], mine)[0] == out
    assert (inside(alice, mine), inside(bob, his)) == (["Hers"], ["His"])
    if right == "draft":
        assert move(alice, [hers], make.mailbox(cast.bob, "drafts"))[0] == 200


def test_a_full_account_takes_none_of_them(alice: Client, bob: Client, cast: Cast) -> None:
    grant(bob, cast.bob, cast.alice, "write")
    mine, his = make.mailbox(cast.alice, "inbox"), make.mailbox(cast.bob, "inbox")
    ids = [make.email(cast.alice, subject=f"Letter {number}") for number in range(3)]
    set_quota(cast.bob.account_id, used_bytes(cast.alice.account_id) - 1)
    assert move(alice, ids, his) == (507, "over_quota")
    assert len(inside(alice, mine)) == 3 and inside(bob, his) == []
    assert counters_are_right(cast.alice.account_id, cast.bob.account_id)


def test_many_with_a_result_for_each(alice: Client, bob: Client, cast: Cast) -> None:
    grant(bob, cast.bob, cast.alice, "write")
    his, foreign = make.mailbox(cast.bob, "inbox"), make.email(cast.mallory)
    email_id = make.email(cast.alice, subject="Over there")
    body = {"verb": "move", "ids": [str(email_id), str(foreign)], "to_mailbox": str(his)}
    results = alice.ok(alice.post("/emails/bulk/", body), 207)["results"]
    assert [one["status"] for one in results] == [200, 404]
    assert inside(bob, his) == ["Over there"]
    body["to_mailbox"] = str(make.mailbox(cast.mallory, "inbox"))
    assert alice.post("/emails/bulk/", body | {"ids": [str(make.email(cast.alice))]}).status == 404
