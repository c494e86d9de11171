"""Shared accounts: each right opens what it says at every door, and nothing more."""

from __future__ import annotations

import json
import smtplib
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from websockets.sync.client import connect

from tests import make
from tests.api.client import Client, log_in
from tests.cast import PASSWORD, Cast, Person, person, user_id
from tests.house import RunningHouse
from tests.imapd.client import Client as Imap

READ, DRAFT, WRITE, ADMIN = 1, 2, 3, 4
RIGHTS = {"read": READ, "draft": DRAFT, "write": WRITE, "admin": ADMIN}

VERBS: list[tuple[int, str, str, Any]] = [
    (READ, "GET", "/mailboxes/?account={account}", None),
    (READ, "GET", "/mailboxes/{inbox}/", None),
    (READ, "GET", "/mail/get/v1/inbox/?account={account}", None),
    (READ, "GET", "/mail/get/v1/star/?account={account}", None),
    (READ, "GET", "/mail/get/v1/mail/{email}/", None),
    (READ, "GET", "/mail/search/v1/?q=hello&account={account}", None),
    (READ, "GET", "/emails/?q=hello&account={account}", None),
    (READ, "GET", "/emails/?role=inbox&account={account}", None),
    (READ, "GET", "/emails/?flagged=true&account={account}", None),
    (READ, "GET", "/threads/?mailbox={inbox}", None),
    (READ, "GET", "/threads/?mailbox={inbox}&q=hello", None),
    (READ, "GET", "/threads/?flagged=true&account={account}", None),
    (READ, "GET", "/threads/{thread}/", None),
    (READ, "GET", "/emails/?mailbox={inbox}", None),
    (READ, "GET", "/emails/{email}/", None),
    (READ, "GET", "/emails/{email}/raw/", None),
    (READ, "GET", "/emails/{email}/html/", None),
    (READ, "GET", "/changes/?since=1&account={account}", None),
    (READ, "GET", "/submissions/?account={account}", None),
    (DRAFT, "POST", "/drafts/", {"account_id": "{account}", "subject": "x"}),
    (DRAFT, "PUT", "/drafts/{draft}/", {"account_id": "{account}", "subject": "y"}),
    (DRAFT, "DELETE", "/emails/{draft}/", None),
    (DRAFT, "POST", "/emails/destroy/", {"ids": ["{draft}"]}),
    (WRITE, "PATCH", "/mail/update/v1/star/", {"ids": ["{email}"], "star": True}),
    (WRITE, "PATCH", "/mail/update/v1/read/", {"ids": ["{email}"], "read": True}),
    (WRITE, "PATCH", "/emails/{email}/", {"is_seen": True}),
    (WRITE, "PATCH", "/emails/{draft}/", {"is_flagged": True}),
    (WRITE, "DELETE", "/emails/{email}/", None),
    (WRITE, "DELETE", "/emails/{email}/?permanent=true", None),
    (WRITE, "POST", "/emails/update/", {"ids": ["{email}"], "is_seen": True}),
    (WRITE, "POST", "/emails/update/", {"thread_ids": ["{thread}"], "is_flagged": True}),
    (WRITE, "POST", "/emails/move/", {"ids": ["{email}"], "to_mailbox": "{archive}"}),
    (WRITE, "POST", "/emails/move/", {"ids": ["{email}"], "to_mailbox": "{drafts}"}),
    (WRITE, "POST", "/emails/label/", {"ids": ["{email}"], "add": ["{archive}"]}),
    (WRITE, "POST", "/emails/trash/", {"ids": ["{email}"]}),
    (WRITE, "POST", "/emails/trash/", {"ids": ["{draft}", "{email}"]}),
    (WRITE, "POST", "/emails/destroy/", {"ids": ["{email}"]}),
    (WRITE, "POST", "/mailboxes/", {"name": "{fresh}", "account_id": "{account}"}),
    (WRITE, "PATCH", "/mailboxes/{box}/", {"name": "{fresh}"}),
    (WRITE, "DELETE", "/mailboxes/{box}/", None),
    (WRITE, "POST", "/send/", {"account_id": "{account}", "to": [{"email": "{bob}"}], "text": "x"}),
    (WRITE, "POST", "/drafts/{draft}/send/", {}),
    (WRITE, "POST", "/submissions/{submission}/cancel/", None),
    (ADMIN, "PATCH", "/identities/{identity}/", {"name": "{fresh}"}),
    (ADMIN, "GET", "/accounts/{account}/grants/", None),
    (ADMIN, "POST", "/accounts/{account}/grants/", {"user_id": "{zoe}", "right": "read"}),
    (ADMIN, "DELETE", "/accounts/{account}/grants/{grant}/", None),
]


class Shared:
    """bob's account, and a person for each right on it."""

    def __init__(self, house: RunningHouse, cast: Cast) -> None:
        self.house, self.cast, self.count = house, cast, 0
        self.people = {word: person(word.title(), cast.domain) for word in [*RIGHTS, "none"]}
        self.zoe = person("Zoe", cast.domain)
        self.bob = log_in(house, cast.bob)
        self.account = str(cast.bob.account_id)
        for word in RIGHTS:
            self.give(word, user_id=user_id(self.people[word]))
        self.clients = {word: log_in(house, who) for word, who in self.people.items()}
        self.clients |= {"owner": self.bob, "mallory": log_in(house, cast.mallory)}
        self.rights = {**RIGHTS, "owner": ADMIN, "none": 0, "mallory": 0}

    def give(self, right: str, **whom: str) -> Any:
        path = f"/accounts/{self.account}/grants/"
        return self.bob.ok(self.bob.post(path, {**whom, "right": right}), 201)

    def objects(self) -> dict[str, str]:
        """Fresh ones of bob's, so that a verb finds what it is for whoever tried before."""
        from posthouse.base import limits

        limits.limiter.reset()
        self.count += 1
        bob, owner = self.bob, self.cast.bob
        email = str(make.email(owner))
        draft = bob.ok(bob.post("/drafts/", {"to": [{"email": self.cast.alice.email}], "text": "x"}), 201)
        send = {"to": [{"email": self.cast.alice.email}], "text": "x", "hold_seconds": 60}
        return {
            "account": self.account,
            "inbox": str(make.mailbox(owner, "inbox")),
            "archive": str(make.mailbox(owner, "archive")),
            "drafts": str(make.mailbox(owner, "drafts")),
            "box": bob.post("/mailboxes/", {"name": f"box {self.count}"}).json["id"],
            "email": email,
            "thread": bob.get(f"/emails/{email}/").json["thread_id"],
            "draft": draft["id"],
            "submission": bob.ok(bob.post("/send/", send), 202)["submission_id"],
            "identity": bob.get("/me/").json["identities"][0]["id"],
            "grant": self.give("read", user_id=user_id(self.zoe))["id"],
            "zoe": user_id(self.zoe),
            "bob": owner.email,
            "fresh": f"fresh {self.count}",
        }


def filled(value: Any, ids: dict[str, str]) -> Any:
    return json.loads(_named(json.dumps(value), ids))


def _named(text: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        text = text.replace("{" + name + "}", value)
    return text


def test_every_verb_asks_for_its_right(house: RunningHouse, cast: Cast) -> None:
    shared, faults = Shared(house, cast), []
    for need, method, path, body in VERBS:
        for word, client in shared.clients.items():
            ids = shared.objects()
            answer = client.send(method, _named(path, ids), filled(body, ids))
            right = shared.rights[word]
            wanted = "2" if right >= need else "403" if right else "404"
            if not str(answer.status).startswith(wanted):
                faults.append((word, method, path, answer.status, answer.body[:120]))
    assert faults == []


def test_of_many_those_that_one_does_not_see_are_not_there(house: RunningHouse, cast: Cast) -> None:
    shared = Shared(house, cast)
    for word, client in shared.clients.items():
        ids, right = shared.objects(), shared.rights[word]
        answer = client.post("/emails/bulk/", {"verb": "trash", "ids": [ids["email"]]})
        wanted = (207, 200) if right >= WRITE else (403, None) if right else (207, 404)
        result = answer.json["results"][0]["status"] if answer.status == 207 else None
        assert (answer.status, result) == wanted, word


@pytest.fixture
def shared(house: RunningHouse, cast: Cast) -> Shared:
    return Shared(house, cast)


def test_one_finds_what_one_was_granted(shared: Shared) -> None:
    for word, client in shared.clients.items():
        me = client.get("/me/").json
        found = {account["id"]: (account["is_own"], account["right"]) for account in me["accounts"]}
        assert me["accounts"][0]["is_own"]
        wanted = (word == "owner", "admin" if word == "owner" else word) if shared.rights[word] else None
        assert found.get(shared.account) == wanted, word
        may_write_as = {identity["account_id"] for identity in me["identities"]}
        assert (shared.account in may_write_as) == (shared.rights[word] >= DRAFT), word


def test_grants_are_the_owners_to_give(shared: Shared, alice: Client, cast: Cast) -> None:
    """Not even an owner of the organisation reads somebody's mail unasked."""
    path = f"/accounts/{shared.account}/grants/"
    for answer in (alice.get(path), alice.post(path, {"user_id": user_id(cast.alice), "right": "read"})):
        assert answer.status == 404
    bob = shared.bob
    assert bob.post(path, {"user_id": user_id(cast.bob), "right": "read"}).json["code"] == "owner"
    assert bob.post(path, {"right": "read"}).json["code"] == "user_or_group"
    assert bob.post(path, {"user_id": user_id(cast.mallory), "right": "read"}).status == 404
    assert bob.post(path, {"user_id": user_id(cast.alice), "right": "all"}).status == 400
    assert bob.delete(f"{path}1/").status == 404
    mine = shared.give("read", user_id=user_id(shared.people["write"]))
    assert (
        shared.clients["write"].send("PATCH", f"/emails/{make.email(cast.bob)}/", {"is_seen": True}).status
        == 403
    )
    assert len([grant for grant in bob.get(path).json["items"] if grant["user_id"] == mine["user_id"]]) == 1
    assert shared.clients["write"].delete(f"{path}{mine['id']}/").status == 204, "one may give up one's own"
    assert shared.clients["write"].get(f"/mailboxes/?account={shared.account}").status == 404


def test_a_group_is_granted_with_all_that_lie_in_it(shared: Shared, alice: Client, cast: Cast) -> None:
    outer, inner = (alice.post("/groups/", {"name": name}).json["id"] for name in ("Outer", "Inner"))
    none = shared.clients["none"]
    who = user_id(shared.people["none"])
    shared.give("write", group_id=outer)
    path = f"/mailboxes/?account={shared.account}"
    assert none.get(path).status == 404
    alice.send("PUT", f"/groups/{inner}/members/{who}/", {})
    assert none.get(path).status == 404
    alice.send("PUT", f"/groups/{outer}/groups/{inner}/")
    assert none.get(path).status == 200
    shared.give("read", user_id=who)
    email = make.email(cast.bob)
    assert none.patch(f"/emails/{email}/", {"is_seen": True}).status == 200, "the highest right counts"
    alice.delete(f"/groups/{inner}/members/{who}/")
    assert none.patch(f"/emails/{email}/", {"is_seen": True}).status == 403


# --- shared accounts ----------------------------------------------------------------------------


def test_a_shared_account_is_nobodys_own(house: RunningHouse, alice: Client, bob: Client, cast: Cast) -> None:
    address = f"support@{cast.domain}"
    body = {"name": "Support", "email": address}
    assert bob.post("/accounts/", body).status == 403
    made = alice.ok(alice.post("/accounts/", body), 201)
    assert (made["kind"], made["right"], made["is_own"]) == ("shared", "admin", False)
    assert alice.post("/accounts/", body).json["code"] == "address_exists"
    assert "Support" not in [one["name"] for one in alice.get("/users/").json["items"]]
    assert alice.post("/auth/token/", {"email": address, "password": ""}).status in (400, 401)
    with smtplib.SMTP("127.0.0.1", house.ports["mx"]) as smtp:
        smtp.sendmail("zoe@outside.test", [address], make.message(subject="Help"))
    inbox = alice.get("/mailboxes/", account=made["id"]).json["items"][0]["id"]
    assert [one["subject"] for one in alice.get("/emails/", mailbox=inbox).json["items"]] == ["Help"]
    grants = f"/accounts/{made['id']}/grants/"
    alice.ok(alice.post(grants, {"user_id": user_id(cast.bob), "right": "write"}), 201)
    identity = next(one for one in bob.get("/me/").json["identities"] if one["email"] == address)
    send = {
        "account_id": made["id"],
        "identity_id": identity["id"],
        "to": [{"email": cast.alice.email}],
        "text": "x",
    }
    assert bob.post("/send/", send).status == 202
    assert bob.delete(f"/accounts/{made['id']}/").status == 403
    assert alice.delete(f"/accounts/{cast.alice.account_id}/").json["code"] == "not_shared"
    assert alice.delete(f"/accounts/{made['id']}/").status == 204
    assert bob.get("/mailboxes/", account=made["id"]).status == 404
    with smtplib.SMTP("127.0.0.1", house.ports["mx"]) as smtp, pytest.raises(smtplib.SMTPRecipientsRefused):
        smtp.sendmail("zoe@outside.test", [address], make.message())


# --- SMTP ---------------------------------------------------------------------------------------


def test_sending_as_the_account_by_smtp_takes_write(shared: Shared, cast: Cast) -> None:
    for word, who in shared.people.items():
        with smtplib.SMTP("127.0.0.1", shared.house.ports["submission"]) as smtp:
            smtp.login(who.email, PASSWORD)
            raw = make.message(sender=cast.bob.email)
            if shared.rights[word] >= WRITE:
                assert smtp.sendmail(cast.bob.email, [cast.alice.email], raw) == {}
            else:
                with pytest.raises(smtplib.SMTPSenderRefused):
                    smtp.sendmail(cast.bob.email, [cast.alice.email], raw)


def test_a_right_lost_is_lost_on_an_open_line(shared: Shared, cast: Cast) -> None:
    with smtplib.SMTP("127.0.0.1", shared.house.ports["submission"]) as smtp:
        smtp.login(shared.people["write"].email, PASSWORD)
        shared.give("read", user_id=user_id(shared.people["write"]))
        with pytest.raises(smtplib.SMTPDataError) as refused:
            smtp.sendmail(cast.bob.email, [cast.alice.email], make.message(sender=cast.bob.email))
        assert refused.value.smtp_code == 550


# --- IMAP ---------------------------------------------------------------------------------------


def imap(shared: Shared, who: Person) -> Imap:
    client = Imap(shared.house.ports["imap"])
    client.log_in(who.email, who.password)
    return client


def test_lent_mailboxes_show_in_a_namespace_of_their_own(shared: Shared, alice: Client, cast: Cast) -> None:
    alice.ok(alice.post("/accounts/", {"name": "Desk", "email": f"desk@{cast.domain}"}), 201)
    place = f"Other Users/{cast.bob.email}".encode()
    with closing(imap(shared, shared.people["read"])) as client:
        (names,) = client.ok(b"NAMESPACE").lines(b"NAMESPACE")
        assert names == b'* NAMESPACE (("" "/")) (("Other Users/" "/")) NIL'
        listed = client.ok(b'LIST "" "*"').lines(b"LIST")
        inside = [line for line in listed if place + b"/" in line]
        assert any(line.endswith(place + b'/INBOX"') for line in inside)
        assert not any(b"\\Sent" in line or b"\\Drafts" in line for line in inside)
        top = client.ok(b'LIST "" %').lines(b"LIST")
        assert b'* LIST (\\Noselect \\HasChildren) "/" "Other Users"' in top
        assert len(client.ok(b'LIST "" "Other Users/%"').lines(b"LIST")) == 1
        status = client.ok(b'STATUS "' + place + b'/INBOX" (MESSAGES)')
        assert status.lines(b"MESSAGES")
    with closing(imap(shared, cast.alice)) as client:
        assert client.ok(b"NAMESPACE").untagged == [b'* NAMESPACE (("" "/")) NIL (("Shared/" "/"))']
    with closing(imap(shared, shared.people["none"])) as client:
        assert client.ok(b"NAMESPACE").untagged == [b'* NAMESPACE (("" "/")) NIL NIL']
        there = client.run(b'SELECT "' + place + b'/INBOX"')
        nowhere = client.run(b'SELECT "Other Users/nobody@' + cast.domain.encode() + b'/INBOX"')
        assert there.tagged == nowhere.tagged
        assert there.tagged.startswith(b"NO")


@pytest.mark.parametrize("word", ["read", "draft", "write", "admin", "none"])
def test_imap_holds_to_the_right(shared: Shared, cast: Cast, word: str) -> None:
    right = shared.rights[word]
    make.email(cast.bob, subject="Lent")
    prefix = f"Other Users/{cast.bob.email}/".encode()

    def at(name: bytes) -> bytes:
        return b'"' + prefix + name + b'"'

    with closing(imap(shared, shared.people[word])) as client:

        def done(line: bytes, need: int) -> None:
            assert client.run(line).is_ok == (right >= need), (word, line)

        def appended(name: bytes, need: int, flags: bytes = b"") -> None:
            raw = make.message()
            done(b"APPEND " + at(name) + flags + b" {%d+}\r\n" % len(raw) + raw, need)

        selected = client.run(b"SELECT " + at(b"INBOX"))
        assert selected.is_ok == (right >= READ)
        if right:
            assert (b"READ-WRITE" in selected.tagged) == (right >= WRITE)
            assert b"Lent" in client.ok(b"FETCH 1 BODY[]").untagged[0]
            flags = client.ok(b"FETCH 1 FLAGS").untagged[0]
            assert (b"\\Seen" in flags) == (right >= WRITE), "reading marks only for who may mark"
            assert client.ok(b"SEARCH SUBJECT lent").untagged == [b"* SEARCH 1"]
            done(b"STORE 1 +FLAGS (\\Flagged)", WRITE)
            done(b"COPY 1 " + at(b"Archive"), WRITE)
            done(b"COPY 1 " + at(b"Drafts"), WRITE)
            done(b"MOVE 1 " + at(b"Trash"), WRITE)
            done(b"EXPUNGE", WRITE)
            client.ok(b"UNSELECT")
        appended(b"INBOX", WRITE)
        appended(b"Drafts", DRAFT, b" (\\Draft)")
        if right >= DRAFT:
            assert b"READ-WRITE" in client.ok(b"SELECT " + at(b"Drafts")).tagged
            client.ok(b"STORE 1 +FLAGS (\\Deleted)")
            client.ok(b"EXPUNGE")
            client.ok(b"UNSELECT")
        done(b"CREATE " + at(b"New"), WRITE)
        done(b"RENAME " + at(b"New") + b" " + at(b"Newer"), WRITE)
        done(b"DELETE " + at(b"Newer"), WRITE)
        assert not client.run(b"RENAME " + at(b"Archive") + b" Mine").is_ok
        assert not client.run(b'CREATE "Other Users/nobody/Box"').is_ok
    bobs = [box["name"] for box in shared.bob.get("/mailboxes/").json["items"]]
    assert "New" not in bobs and "Newer" not in bobs


def test_a_lent_mailbox_has_news_and_ends_with_the_grant(shared: Shared, cast: Cast) -> None:
    grant = shared.give("read", user_id=user_id(shared.people["none"]))
    with closing(imap(shared, shared.people["none"])) as client:
        client.ok(f'SELECT "Other Users/{cast.bob.email}/INBOX"'.encode())
        client.idle()
        make.email(cast.bob)
        assert client.line() == b"* 1 EXISTS"
        shared.bob.ok(shared.bob.delete(f"/accounts/{shared.account}/grants/{grant['id']}/"), 204)
        assert client.wait_closed() == [b"* BYE You may not use this any more."]


def test_who_is_switched_off_is_put_out_of_imap(shared: Shared, alice: Client) -> None:
    who = shared.people["none"]
    with closing(imap(shared, who)) as client:
        client.ok(b"SELECT INBOX")
        client.idle()
        alice.ok(alice.patch(f"/users/{user_id(who)}/", {"is_active": False}))
        assert client.wait_closed() == [b"* BYE This log-in was taken back."]


# --- the stream ---------------------------------------------------------------------------------


def test_the_stream_follows_what_one_may_read_and_no_longer(shared: Shared, cast: Cast) -> None:
    reader = shared.clients["read"]
    url = shared.house.http.replace("http", "ws") + "/api/v1/stream/"
    ticket = reader.post("/auth/ticket/").json["ticket"]
    with connect(url, subprotocols=["posthouse.v1", f"ticket.{ticket}"]) as socket:  # type: ignore[list-item]
        hear = _hearing(socket)
        socket.send(json.dumps({"type": "subscribe", "account": shared.account}))
        time.sleep(0.2)
        make.email(cast.bob, subject="Seen by both")
        assert [row["subject"] for row in hear("changes")["emails"]["changed"]] == ["Seen by both"]
        grants = shared.bob.get(f"/accounts/{shared.account}/grants/").json["items"]
        mine = next(one["id"] for one in grants if one["user_id"] == user_id(shared.people["read"]))
        shared.bob.delete(f"/accounts/{shared.account}/grants/{mine}/")
        make.email(cast.bob, subject="Seen by one")
        assert hear("error") == {"type": "error", "code": "not_found", "account": shared.account}
        socket.send(json.dumps({"type": "subscribe", "account": shared.account}))
        assert hear("error")["code"] == "not_found"


def _hearing(socket: Any) -> Callable[[str], Any]:
    def hear(kind: str) -> Any:
        for _ in range(20):
            message = json.loads(socket.recv(timeout=10))
            assert "Seen by one" not in json.dumps(message)
            if message["type"] == kind:
                return message
        raise AssertionError(kind)

    return hear


# --- using mail at all --------------------------------------------------------------------------


@pytest.mark.parametrize("lacking", ["mail.read", "mail.write", "mail.send"])
def test_a_role_may_leave_out_mail(
    house: RunningHouse, alice: Client, bob: Client, cast: Cast, lacking: str
) -> None:
    """Each permission closes its verbs at every door, on one's own account too."""
    held = {"mail.read", "mail.write", "mail.send", "users.read"} - {lacking}
    role = alice.ok(alice.post("/roles/", {"name": lacking, "permissions": sorted(held)}), 201)
    email, inbox = make.email(cast.bob), make.mailbox(cast.bob, "inbox")
    alice.ok(alice.patch(f"/users/{user_id(cast.bob)}/", {"role": role["id"]}))

    def refused(answer: Any, permission: str) -> bool:
        return bool(answer.status == 403 and permission in answer.json["detail"])

    may_write = lacking == "mail.send"
    to = [{"email": cast.alice.email}]
    assert refused(bob.get(f"/emails/?mailbox={inbox}"), lacking) == (lacking == "mail.read")
    assert refused(bob.patch(f"/emails/{email}/", {"is_seen": True}), lacking) != may_write
    assert refused(bob.post("/drafts/", {"text": "x"}), lacking) != may_write
    assert refused(bob.post("/send/", {"to": to, "text": "x"}), lacking) == (lacking == "mail.send")
    with closing(Imap(house.ports["imap"])) as client:
        entered = client.run(f'LOGIN {cast.bob.email} "{PASSWORD}"'.encode())
        assert entered.is_ok == (lacking != "mail.read")
        if entered.is_ok:
            writable = b"READ-WRITE" in client.ok(b"SELECT INBOX").tagged
            assert writable == client.run(b"STORE 1 +FLAGS (\\Seen)").is_ok == (lacking != "mail.write")
    with smtplib.SMTP("127.0.0.1", house.ports["submission"]) as smtp:
        smtp.login(cast.bob.email, PASSWORD)
        sent = smtp.mail(cast.bob.email)[0] == 250
        assert sent == (lacking != "mail.send")
