"""The log: a client that applies what changed equals one that fetches everything."""

from __future__ import annotations

import random
from typing import Any

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.house import RunningHouse

KINDS = ("mailboxes", "emails", "threads")


class Mirror:
    """What a client keeps, brought up to date by changes alone."""

    def __init__(self, state: str) -> None:
        self.state = state
        self.rows: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}

    def apply(self, changes: dict[str, Any]) -> None:
        assert changes["since"] == self.state
        for kind in KINDS:
            for row in changes[kind]["changed"]:
                self.rows[kind][row["id"]] = row
            for gone in changes[kind]["destroyed"]:
                self.rows[kind].pop(gone, None)
        self.state = changes["state"]

    def catch_up(self, client: Client, limit: int) -> None:
        for _ in range(500):
            changes = client.ok(client.get("/changes/", since=self.state, limit=limit))
            self.apply(changes)
            if not changes["has_more"]:
                return
        raise AssertionError("the log does not end")


def fresh(client: Client) -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
    for box in client.get("/mailboxes/").json["items"]:
        rows["mailboxes"][box["id"]] = box
        for row in client.get("/emails/", mailbox=box["id"], limit=200).json["items"]:
            rows["emails"][row["id"]] = row
    threads = {row["thread_id"] for row in rows["emails"].values()}
    listed: dict[str, Any] = {}
    for box in rows["mailboxes"]:
        for row in client.get("/threads/", mailbox=box, limit=200).json["items"]:
            del row["placed_at"]  # belongs to the list, not to the thread
            listed.setdefault(row["id"], row)
    assert set(listed) == threads
    hidden = {box["id"] for box in rows["mailboxes"].values() if box["role"] in ("trash", "junk")}
    rows["threads"] = {i: row for i, row in listed.items() if not hidden.intersection(row["mailbox_ids"])}
    return rows


def _comparable(rows: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    emails = {i: row | {"mailbox_ids": sorted(row["mailbox_ids"])} for i, row in rows["emails"].items()}
    return {**rows, "emails": emails}


def _act(rng: random.Random, client: Client, cast: Cast, subjects: list[str]) -> None:
    boxes = client.get("/mailboxes/").json["items"]
    box = rng.choice(boxes)
    emails = client.get("/emails/", mailbox=box["id"], limit=200).json["items"]
    some = [row["id"] for row in rng.sample(emails, min(len(emails), rng.randint(1, 3)))]
    verb = rng.choice(
        ["store", "store", "update", "move", "label", "trash", "destroy", "box", "drop", "draft"]
    )
    if verb == "store":
        head = f"References: <{rng.choice('abcd')}@refs.test>\r\n"
        make.email(cast.alice, subject=rng.choice(subjects), headers=head, flags=rng.choice([0, 1, 2]))
    elif verb == "update" and some:
        client.ok(
            client.post(
                "/emails/update/", {"ids": some, "is_seen": rng.random() < 0.5, "add_keywords": ["x"]}
            )
        )
    elif verb == "move" and some:
        body = {"ids": some, "to_mailbox": rng.choice(boxes)["id"]}
        client.ok(
            client.post("/emails/move/", body | ({"from_mailbox": box["id"]} if rng.random() < 0.5 else {}))
        )
    elif verb == "label" and some:
        add, remove = rng.choice(boxes)["id"], rng.choice(boxes)["id"]
        client.ok(client.post("/emails/label/", {"ids": some, "add": [add], "remove": [remove]}))
    elif verb in ("trash", "destroy") and some:
        client.ok(client.post(f"/emails/{verb}/", {"ids": some}))
    elif verb == "box":
        client.post("/mailboxes/", {"name": rng.choice(["One", "Two", "Three"])})
    elif verb == "drop" and not box["role"]:
        client.delete(f"/mailboxes/{box['id']}/")
    elif verb == "draft":
        client.ok(client.post("/drafts/", {"subject": rng.choice(subjects), "text": "x"}), 201)


def test_old_state_and_changes_give_the_fresh_state(house: RunningHouse, alice: Client, cast: Cast) -> None:
    rng = random.Random(20261121)
    mirror = Mirror(alice.get("/mailboxes/").json["state"])
    mirror.rows["mailboxes"] = fresh(alice)["mailboxes"]
    for step in range(120):
        _act(rng, alice, cast, ["Plan", "Re: Plan", "Other"])
        if step % 6 == 5:
            mirror.catch_up(alice, rng.choice([1, 3, 500]))
            want, have = _comparable(fresh(alice)), _comparable(mirror.rows)
            assert have["mailboxes"] == want["mailboxes"], step
            assert have["emails"] == want["emails"], step
            assert {i: have["threads"].get(i) for i in want["threads"]} == want["threads"], step
            assert set(have["threads"]) == {row["thread_id"] for row in want["emails"].values()}, step


def test_nothing_new_is_an_empty_answer(alice: Client, cast: Cast) -> None:
    state = alice.get("/mailboxes/").json["state"]
    changes = alice.ok(alice.get("/changes/", since=state))
    assert (changes["since"], changes["state"], changes["has_more"]) == (state, state, False)
    assert all(not changes[kind]["changed"] and not changes[kind]["destroyed"] for kind in KINDS)
    assert changes["submissions"] == {"changed": []} and changes["account_id"] == str(cast.alice.account_id)


def test_a_cursor_from_nowhere_is_gone(alice: Client) -> None:
    for since in ("999999999999", "0" * 25):
        answer = alice.get("/changes/", since=since)
        assert answer.status in (400, 410)
    answer = alice.get("/changes/", since="999999999999")
    assert (answer.status, answer.json["code"]) == (410, "cannot_calculate_changes")
    assert alice.get("/changes/").status == 400


def test_one_action_on_very_many_is_still_told(alice: Client, cast: Cast) -> None:
    ids = [str(make.email(cast.alice, subject=f"n{n}")) for n in range(520)]
    state = alice.get("/mailboxes/").json["state"]
    alice.ok(alice.post("/emails/update/", {"ids": ids, "is_seen": True}))
    changes = alice.ok(alice.get("/changes/", since=state, limit=100))
    assert len(changes["emails"]["changed"]) == 520 and not changes["has_more"]


def test_submissions_are_in_the_log(house: RunningHouse, alice: Client, cast: Cast) -> None:
    state = alice.get("/mailboxes/").json["state"]
    body = {"to": [{"email": cast.bob.email}], "text": "x", "hold_seconds": 30}
    sent = alice.ok(alice.post("/send/", body), 202)
    changes = alice.ok(alice.get("/changes/", since=state))
    assert [row["id"] for row in changes["submissions"]["changed"]] == [sent["submission_id"]]
    alice.ok(alice.post(f"/submissions/{sent['submission_id']}/cancel/"))
    later = alice.ok(alice.get("/changes/", since=changes["state"]))
    assert later["submissions"]["changed"][0]["state"] == "cancelled"


def test_the_log_is_ones_own(house: RunningHouse, alice: Client, mallory: Client, cast: Cast) -> None:
    theirs = alice.get("/changes/", account=cast.mallory.account_id, since="1")
    nobody = alice.get("/changes/", account="12345", since="1")
    assert theirs.status == nobody.status == 404
    assert log_in(house, cast.bob).get("/changes/", account=cast.alice.account_id, since="1").status == 404
