"""Who did what: every door writes it down, and nobody unwrites it."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import smtplib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast, Person
from tests.database import is_postgresql
from tests.delivery.outside import smtp
from tests.house import RunningHouse

HOUR_MS = 3_600_000


def acts(client: Client, **query: Any) -> list[str]:
    return [line["act"] for line in lines(client, **query)]


def lines(client: Client, **query: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.ok(client.get("/audit/", **query))["items"]
    return items


def written(person: Person, **fields: Any) -> list[dict[str, Any]]:
    """Without a token, which would have expired when the clock was moved."""
    from posthouse.audit.queries import Filter, page
    from posthouse.base.api.rendering import dumps

    found: list[dict[str, Any]] = json.loads(
        dumps(page(person.actor, Filter(**fields), below=None, limit=99).items)
    )
    return found


def organisation_of(person: Person) -> int:
    return int(person.actor.organisation_id)


def submission(house: RunningHouse) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", house.ports["submission"], timeout=10)


@pytest.fixture
def later() -> Iterator[Callable[[int], None]]:
    """Moves the clock forward until the test ends."""
    from posthouse.base import clock

    def move(ms: int) -> None:
        now_ms = clock.now_ms() + ms
        clock.set_source(lambda: now_ms / 1000)

    yield move
    clock.set_source(None)


# --- what is written ----------------------------------------------------------------------------


def test_a_login_at_every_door_is_written(
    house: RunningHouse, cast: Cast, alice: Client, connect: Any
) -> None:
    with submission(house) as client:
        client.login(cast.alice.email, cast.alice.password)
    mail_client = connect(is_stranger=True)
    mail_client.ok(b'ID ("name" "Thunderbird" "version" "140.0")')
    mail_client.log_in(cast.alice.email, cast.alice.password)
    found = lines(alice, act="login.ok", mine=True)
    assert [line["via"] for line in found] == ["imap", "smtp", "http"]
    assert {line["ip"] for line in found} == {"127.0.0.1"}
    assert found[0]["client"] == "Thunderbird 140.0"
    assert {line["actor_email"] for line in found} == {cast.alice.email}


def test_a_failed_login_is_written_with_the_address_only_if_it_is_ours(
    house: RunningHouse, cast: Cast, alice: Client, connect: Any
) -> None:
    from posthouse.base import sql

    secret = f"my-password-{cast.domain}"
    for email in (cast.bob.email, f"{secret}@{cast.domain}", secret):
        Client(house.http).post("/auth/token/", {"email": email, "password": "wrong wrong"})
        assert not connect(is_stranger=True).run(f'LOGIN "{email}" wrong'.encode()).is_ok
        with submission(house) as client, pytest.raises(smtplib.SMTPAuthenticationError):
            client.login(email, "wrong")
    found = lines(alice, act="login.failed")
    assert sorted(line["via"] for line in found) == ["http", "imap", "smtp"]
    assert all(line["facts"] == {"email": cast.bob.email} for line in found)
    assert all((line["actor_id"], line["outcome"]) == (None, "refused") for line in found)
    strangers = sql.rows("SELECT act FROM audit_entry WHERE organisation_id = 0 AND act = 'login.failed'")
    assert strangers, "the house's own chain has those that were nobody's"
    for table, columns in (("audit_entry", "facts || actor_email || client"), ("audit_fold", "line")):
        assert not sql.rows(f"SELECT 1 FROM {table} WHERE {columns} LIKE %s", [f"%{secret}%"])


def test_what_a_mail_client_repeats_is_one_line_an_hour(
    cast: Cast, connect: Any, later: Callable[[int], None]
) -> None:
    from posthouse.audit.actions import close_folds
    from posthouse.base import clock

    later(HOUR_MS - clock.now_ms() % HOUR_MS)  # the beginning of an hour
    for _ in range(4):
        connect(select=None)
    assert [line["facts"] for line in written(cast.alice, via="imap")] == [{}]
    later(HOUR_MS)
    close_folds()
    close_folds()
    again, first = written(cast.alice, via="imap")
    assert (first["act"], first["facts"]) == ("login.ok", {})
    assert (again["act"], again["facts"]["again"]) == ("login.ok", 3)
    assert again["facts"]["first_at"] <= again["facts"]["last_at"] < again["at"]
    connect(select=None)
    assert len(written(cast.alice, via="imap")) == 3


def test_acts_on_mail_are_written_whichever_door_they_came_by(
    house: RunningHouse, cast: Cast, alice: Client, connect: Any
) -> None:
    email_id = make.email(cast.alice)
    alice.ok(alice.post("/emails/destroy/", {"ids": [str(email_id)]}))
    made = alice.ok(alice.post("/mailboxes/", {"name": "Very private name"}), 201)
    alice.ok(alice.patch(f"/mailboxes/{made['id']}/", {"name": "Other private name"}))
    alice.delete(f"/mailboxes/{made['id']}/")
    identity = alice.get("/me/").json["identities"][0]["id"]
    alice.ok(alice.patch(f"/identities/{identity}/", {"name": "Private Alice"}))
    alice.ok(alice.patch("/me/", {"name": "Private Alice"}))
    sent = alice.ok(
        alice.post(
            "/send/",
            {"to": [{"email": "zoe@out.test"}], "subject": "Private", "text": "Private", "hold_seconds": 60},
        ),
        202,
    )
    alice.ok(alice.post(f"/submissions/{sent['submission_id']}/cancel/"))
    assert list(reversed(acts(alice, via="http", mine=True)))[1:] == [
        "email.destroyed", "mailbox.created", "mailbox.changed", "mailbox.deleted", "identity.changed",
        "profile.changed", "message.submitted", "message.cancelled",
    ]  # fmt: skip
    assert lines(alice, act="email.destroyed")[0]["object_id"] == str(email_id)
    assert acts(alice, object_kind="mailbox", object=made["id"]) == [
        "mailbox.deleted",
        "mailbox.changed",
        "mailbox.created",
    ]
    make.email(cast.alice)
    client = connect()
    client.ok(b"STORE 1 +FLAGS (\\Deleted)")
    client.ok(b"EXPUNGE")
    client.ok(b"CREATE Box")
    client.ok(b"RENAME Box Chest")
    client.ok(b"DELETE Chest")
    assert list(reversed(acts(alice, via="imap")))[1:] == [
        "email.expunged",
        "mailbox.created",
        "mailbox.changed",
        "mailbox.deleted",
    ]
    with submission(house) as session:
        session.login(cast.alice.email, cast.alice.password)
        raw = make.message(sender=cast.alice.email, to=cast.bob.email, subject="Private")
        session.sendmail(cast.alice.email, [cast.bob.email, "zoe@out.test"], raw)
    written = lines(alice, via="smtp")[0]
    assert (written["act"], written["facts"]) == ("message.submitted", {"delivered_here": 1, "queued": 1})
    assert b"rivate" not in alice.get("/audit/", limit=200).body.replace(b"private_", b"")


def test_mail_from_the_world_writes_nothing(house: RunningHouse, cast: Cast, alice: Client) -> None:
    before = acts(alice)
    with smtp(house) as client:
        client.sendmail("zoe@out.test", [cast.alice.email, cast.bob.email], make.message())
    assert acts(alice) == before


def test_an_act_that_failed_left_no_line(cast: Cast, alice: Client, mallory: Client) -> None:
    hers = make.email(cast.alice)
    before = acts(mallory)
    assert mallory.post("/emails/destroy/", {"ids": [str(hers)]}).status == 404
    assert mallory.delete(f"/mailboxes/{make.mailbox(cast.alice, 'inbox')}/").status == 404
    assert acts(mallory) == before and "email.destroyed" not in acts(alice)


def test_a_session_that_ends_is_written(house: RunningHouse, cast: Cast, alice: Client) -> None:
    browser = Client(house.http)
    headers = {"X-Posthouse-Client": "web"}
    opened = browser.send(
        "POST", "/auth/session/", {"email": cast.alice.email, "password": cast.alice.password}, headers
    )
    cookie = opened.cookie("posthouse_session")
    for _ in range(2):
        browser.send("DELETE", "/auth/session/", None, headers | {"Cookie": cookie})
    assert acts(alice, act="session.") == ["session.closed"]
    pair = browser.post("/auth/token/", {"email": cast.alice.email, "password": cast.alice.password}).json
    for _ in range(2):
        browser.post("/auth/token/refresh/", {"refresh": pair["refresh"]})
    assert acts(alice, act="session.") == ["session.revoked", "session.closed"]


def test_making_people_and_domains_is_written(alice: Client, cast: Cast) -> None:
    found = lines(alice, via="cli")
    assert [line["act"] for line in found] == ["user.added", "user.added", "domain.added"]
    assert found[0]["facts"] == {"email": cast.bob.email, "role": "member"}


def test_what_is_done_with_people_is_written(alice: Client, cast: Cast) -> None:
    bob = cast.bob.actor.user_id
    role = alice.ok(alice.post("/roles/", {"name": "Desk", "permissions": ["mail.read"]}), 201)["id"]
    alice.ok(alice.patch(f"/users/{bob}/", {"role": role}))
    group = alice.ok(alice.post("/groups/", {"name": "Grooms"}), 201)["id"]
    assert alice.send("PUT", f"/groups/{group}/members/{bob}/", {}).status < 300
    grants = f"/accounts/{cast.alice.account_id}/grants/"
    granted = alice.ok(alice.post(grants, {"user_id": str(bob), "right": "read"}), 201)["id"]
    alice.delete(f"{grants}{granted}/")
    alice.ok(alice.post("/invitations/", {"email": "x@outside.test", "role": "guest"}), 201)
    made = alice.ok(
        alice.post(
            "/users/", {"email": f"dora@{cast.domain}", "name": "Dora", "password": cast.bob.password}
        ),
        201,
    )
    alice.delete(f"/users/{made['id']}/")
    written_down = [line["act"] for line in lines(alice, via="http", mine=True)]
    assert list(reversed(written_down))[1:] == [
        "role.created", "user.changed", "group.created", "member.put", "grant.given", "grant.revoked",
        "invitation.made", "user.added", "user.deleted",
    ]  # fmt: skip
    (changed,) = lines(alice, act="user.changed")
    assert changed["facts"] == {"fields": ["role"], "role": role}
    assert changed["subject_id"] == str(bob)


# --- who may read it ----------------------------------------------------------------------------


def test_members_see_their_own_and_admins_their_organisation(
    house: RunningHouse, cast: Cast, alice: Client, mallory: Client
) -> None:
    bob = log_in(house, cast.bob)
    alice.patch("/me/", {"name": "Alice"})
    his = lines(bob)
    assert {line["act"] for line in his} == {"login.ok", "user.added"}
    assert {line["subject_id"] for line in his} == {str(cast.bob.actor.user_id)}
    assert {line["actor_email"] for line in lines(alice)} >= {cast.alice.email, cast.bob.email}
    assert lines(bob, actor=cast.alice.actor.user_id) == []
    assert cast.bob.email not in {line["actor_email"] for line in lines(alice, mine=True)}


@pytest.mark.parametrize("role", ["member", "owner"])
def test_mallory_sees_nothing_of_it(
    house: RunningHouse, cast: Cast, alice: Client, role: str, anyone: Client
) -> None:
    from tests.cast import new_domain, person

    mallory = log_in(house, person("Mallory", new_domain(), role=role))
    alice_id = cast.alice.actor.user_id
    for path in ("/audit/", "/audit/export/"):
        for query in ({}, {"actor": alice_id}, {"object": alice_id}, {"via": "http"}):
            body = mallory.get(path, **query).body.decode()
            assert cast.domain not in body and str(alice_id) not in body
        assert anyone.get(path).status == 401
    theirs = alice.get("/audit/", limit=1).json["next"]
    refused = mallory.get("/audit/", limit=1, cursor=theirs)
    assert (refused.status, refused.json["code"]) == (400, "invalid_cursor")


def test_filters_and_pages(cast: Cast, alice: Client) -> None:
    for number in range(5):
        alice.patch("/me/", {"name": f"Alice {number}"})
    whole = lines(alice)
    walked, cursor = [], ""
    while cursor is not None:
        page = alice.ok(alice.get("/audit/", limit=2, **({"cursor": cursor} if cursor else {})))
        walked += page["items"]
        cursor = page["next"]
    assert walked == whole
    middle = whole[3]["at"]
    assert {line["sequence"] for line in lines(alice, **{"from": middle})} | {
        line["sequence"] for line in lines(alice, to=middle)
    } == {line["sequence"] for line in whole}
    assert all(line["at"] < middle for line in lines(alice, to=middle))
    assert set(acts(alice, act="profile.")) == {"profile.changed"}
    assert lines(alice, outcome="refused") == [] and lines(alice, ip="192.0.2.1") == []


@pytest.mark.parametrize(
    "query",
    [
        {"from": "yesterday"},
        {"from": "2026-11-21T07:20:00"},
        {"actor": "x"},
        {"nothing": "1"},
        {"cursor": "x"},
    ],
)
def test_filters_that_make_no_sense_are_refused(alice: Client, query: dict[str, str]) -> None:
    assert alice.get("/audit/", **query).status == 400


def test_an_export_is_the_list_and_is_itself_written(house: RunningHouse, cast: Cast, alice: Client) -> None:
    formula = Client(house.http, headers={"User-Agent": '=HYPERLINK("http://evil.test")'})
    formula.post("/auth/token/", {"email": cast.alice.email, "password": cast.alice.password})
    exported = alice.get("/audit/export/")
    assert exported.headers["content-disposition"] == 'attachment; filename="audit.jsonl"'
    rows = [json.loads(line) for line in exported.body.splitlines()]
    assert rows == lines(alice, limit=200) and rows[0]["act"] == "audit.exported"
    table = list(csv.DictReader(io.StringIO(alice.get("/audit/export/", format="csv").body.decode())))
    assert [row["sequence"] for row in table[1:]] == [row["sequence"] for row in rows]
    assert [row["client"] for row in table if "HYPERLINK" in row["client"]] == [
        '\'=HYPERLINK("http://evil.test")'
    ]
    assert alice.get("/audit/export/", format="xml").status == 400


def test_whoever_holds_an_export_can_check_it(cast: Cast, alice: Client) -> None:
    """The recipe of docs/operate/watching.md, by hand."""
    rows = [json.loads(line) for line in alice.get("/audit/export/").body.splitlines()]
    organisation, previous = organisation_of(cast.alice), b"\0" * 32
    for row in reversed(rows):
        at_ms = round(dt.datetime.fromisoformat(row["at"]).timestamp() * 1000)
        ids = (row[name] for name in ("actor_id", "real_actor_id", "subject_id"))
        numbers = [None if text is None else int(text) for text in ids]
        values = [
            organisation, int(row["sequence"]), at_ms, numbers[0] or 0, row["actor_email"] or "", numbers[1],
            numbers[2] or 0, row["via"], row["ip"] or "", row["client"] or "", row["act"], row["object_kind"] or "",
            row["object_id"] or "", row["outcome"], json.dumps(row["facts"], separators=(",", ":"), ensure_ascii=False),
        ]  # fmt: skip
        text = json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode()
        assert hashlib.sha256(previous + text).hexdigest() == row["hash"]
        previous = bytes.fromhex(row["hash"])


# --- nobody unwrites it -------------------------------------------------------------------------


def write(statement: str, *params: Any) -> None:
    from posthouse.base import db, sql

    db.run(sql.run, (statement, params), {})


@pytest.fixture
def unguarded() -> Iterator[None]:
    """What somebody with the database file (or the rights of its owner) does first; set right at the end."""
    from posthouse.base import sql

    if is_postgresql():
        for done in ("DISABLE", "ENABLE"):
            for table in ("audit_entry", "audit_chain"):
                write(f"ALTER TABLE {table} {done} TRIGGER USER")
            if done == "DISABLE":
                yield
        return
    triggers = sql.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%%'")
    assert len(triggers) == 5
    for name, _ in triggers:
        write(f"DROP TRIGGER {name}")
    yield
    for _, statement in triggers:
        write(statement)


def faults(person: Person) -> list[str]:
    from posthouse.audit.queries import chain_faults

    return chain_faults(organisation_of(person))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET act = 'login.ok' WHERE organisation_id = %s AND sequence = 1",
        "DELETE FROM audit_entry WHERE organisation_id = %s AND sequence = 1",
        "DELETE FROM audit_entry WHERE organisation_id = %s",
        "DELETE FROM audit_chain WHERE organisation_id = %s",
        "UPDATE audit_chain SET sequence = 1 WHERE organisation_id = %s",
        (
            "INSERT INTO audit_entry SELECT organisation_id, sequence + 1000, at, actor_id, actor_email, real_actor_id,"
            " subject_id, via, ip, client, act, object_kind, object_id, outcome, facts, previous, hash FROM audit_entry"
            " WHERE organisation_id = %s"
        ),
    ],
)
def test_the_database_refuses_to_change_the_log(cast: Cast, statement: str) -> None:
    from django.db import DatabaseError

    with pytest.raises(DatabaseError, match=r"audit (entr|chain)"):
        write(statement, organisation_of(cast.alice))
    assert faults(cast.alice) == []


@pytest.mark.usefixtures("unguarded")
def test_a_line_changed_behind_our_back_is_found_out(cast: Cast) -> None:
    from posthouse.ops import checking

    organisation = organisation_of(cast.alice)
    change = "UPDATE audit_entry SET ip = %s WHERE organisation_id = %s AND sequence = 2"
    write(change, "192.0.2.66", organisation)
    assert faults(cast.alice) == [f"audit log {organisation}, line 2: was changed"]
    *_, last = checking.run(repair=True)
    assert f"audit log {organisation}, line 2: was changed" in last["result"]["faults"]
    assert last["result"]["left"] >= 1
    write(change, "", organisation)
    assert faults(cast.alice) == []


@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize(("sequence", "fault"), [(2, "line 2: missing"), (3, "line 3: missing")])
def test_a_line_taken_out_is_found_out(cast: Cast, sequence: int, fault: str) -> None:
    from posthouse.base import sql

    organisation = organisation_of(cast.alice)
    where = "WHERE organisation_id = %s AND sequence = %s"
    kept = sql.rows(f"SELECT * FROM audit_entry {where}", [organisation, sequence])
    write(f"DELETE FROM audit_entry {where}", organisation, sequence)
    assert faults(cast.alice) == [f"audit log {organisation}, {fault}"]
    write(f"INSERT INTO audit_entry VALUES ({sql.marks(kept[0])})", *kept[0])
    assert faults(cast.alice) == []


@pytest.mark.usefixtures("unguarded")
def test_an_end_rewritten_with_good_hashes_is_found_out_and_stays_so(cast: Cast) -> None:
    """Who can write the file can compute hashes too; the seal needs the house's key."""
    from posthouse.audit.actions import record
    from posthouse.audit.acts import Act
    from posthouse.base import sql

    organisation = organisation_of(cast.mallory)
    last = sql.rows("SELECT * FROM audit_entry WHERE organisation_id = %s AND sequence = 2", [organisation])[
        0
    ]
    end = sql.rows("SELECT sequence, hash FROM audit_chain WHERE organisation_id = %s", [organisation])[0]
    write("DELETE FROM audit_entry WHERE organisation_id = %s AND sequence = 2", organisation)
    write("UPDATE audit_chain SET sequence = 1, hash = %s WHERE organisation_id = %s", last[-2], organisation)
    seal = f"audit log {organisation}: its seal does not fit, or was made with another SECRET_KEY"
    assert faults(cast.mallory) == [seal]
    record(cast.mallory.actor, Act.PROFILE_CHANGED)
    assert faults(cast.mallory) == [seal]
    write("DELETE FROM audit_entry WHERE organisation_id = %s AND sequence = 2", organisation)
    write(f"INSERT INTO audit_entry VALUES ({sql.marks(last)})", *last)
    write("UPDATE audit_chain SET sequence = %s, hash = %s WHERE organisation_id = %s", *end, organisation)
    assert faults(cast.mallory) == []


def test_a_new_key_asks_for_a_new_seal(cast: Cast) -> None:
    from django.test import override_settings

    from posthouse.audit.actions import seal_anew

    with override_settings(SECRET_KEY="k" * 50):
        assert len(faults(cast.alice)) == 1
        assert seal_anew(organisation_of(cast.alice))
        assert faults(cast.alice) == []
    assert seal_anew(organisation_of(cast.alice)) and faults(cast.alice) == []


def test_letting_the_beginning_go_keeps_the_rest_hanging_on_it(
    cast: Cast, later: Callable[[int], None]
) -> None:
    from posthouse.audit.actions import let_go
    from posthouse.base import clock
    from posthouse.identity.actions import set_profile

    old = len(written(cast.alice))
    later(HOUR_MS)
    set_profile(cast.alice.actor, name="Alice")
    for _ in range(2):
        let_go(clock.now_ms() - 60_000)
        assert [line["act"] for line in written(cast.alice)] == ["audit.pruned", "profile.changed"]
        assert written(cast.alice)[0]["facts"] == {"upto": old, "lines": old}
        assert faults(cast.alice) == []
