"""The spam filter through the doors: mail by SMTP, learning by REST and IMAP, reasons by REST."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast, Person
from tests.delivery.test_rules import add, box, deliver, only, subjects, until
from tests.house import RunningHouse
from tests.imapd.client import Client as Imap
from tests.smtpd.checking_door import MAIL, door, hand_in, published

PILLS = "Dear friend, cheap pills without prescription, order today and save money.\r\n"
PLANS = "The agenda for Thursday is attached, please bring the drawings of the bridge.\r\n"
SPAMMER = "Bulk Offers <bulk@offers.example>"


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@pytest.fixture
def bob(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.bob)


@pytest.fixture
def imap(house: RunningHouse, cast: Cast) -> Any:
    client = Imap(house.ports["imap"])
    client.log_in(cast.alice.email, cast.alice.password)
    yield client
    client.close()


def settled(person: Person) -> None:
    """The background reader is overtaken, not waited for: both may read the same log."""
    from posthouse.delivery.junk import lessons, standing

    place = None
    for _ in range(1000):
        place = lessons.step(person.account_id, place)
        if place is None:
            standing.forget()
            return
    raise AssertionError("it does not come to an end")


def move(client: Client, email_id: str | int, mailbox_id: int) -> None:
    client.ok(client.post("/emails/move/", {"ids": [str(email_id)], "to_mailbox": str(mailbox_id)}))


def learnt(client: Client, name: str = "learnt") -> tuple[int, int]:
    """Wanted and junk."""
    found = client.ok(client.get("/junk/"))[name]
    return found["wanted"], found["junk"]


def teach(person: Person, *, ham: int = 60, spam: int = 60) -> None:
    """As much as the filter wants before it decides by words."""
    for number in range(spam):
        make.email(person, role="junk", subject=f"Save {number}", sender=SPAMMER, text=PILLS)
    for number in range(ham):
        make.email(person, flags=1, subject=f"Bridge {number}", text=PLANS)
    settled(person)


def newest(client: Client, mailbox_id: int) -> Any:
    return client.get("/emails/", mailbox=mailbox_id, limit=1).json["items"][0]


def junk_of(person: Person) -> int:
    return make.mailbox(person, "junk")


# --- learning -------------------------------------------------------------------------------------


def test_moving_into_junk_and_out_of_it_is_learnt_once(cast: Cast, alice: Client) -> None:
    email_id = make.email(cast.alice, text=PILLS)
    inbox, junk = make.mailbox(cast.alice, "inbox"), junk_of(cast.alice)
    settled(cast.alice)
    assert learnt(alice) == (0, 0)

    move(alice, email_id, junk)
    settled(cast.alice)
    settled(cast.alice)
    assert learnt(alice) == (0, 1)
    assert tokens_of(cast.alice, "prescription") == (0, 1)
    move(alice, email_id, inbox)
    settled(cast.alice)
    assert learnt(alice) == (1, 0)
    assert tokens_of(cast.alice, "prescription") == (1, 0)
    move(alice, email_id, junk)
    settled(cast.alice)
    assert learnt(alice) == (0, 1)
    assert tokens_of(cast.alice, "prescription") == (0, 1)
    assert learnt(alice, "learnt_by_all") == (0, 1)


def tokens_of(person: Person, word: str) -> tuple[int, int]:
    """Wanted and junk e-mails of an account with a word."""
    from zlib import crc32

    from posthouse.base import sql

    found = sql.row(
        "SELECT t.ham, t.spam FROM filters_token t JOIN filters_learner l ON l.id = t.learner_id"
        " WHERE l.account_id = %s AND t.token = %s",
        [person.account_id, crc32(word.encode())],
    )
    return (0, 0) if found is None else (found[0], found[1])


@pytest.mark.parametrize(
    ("commands", "counts"),
    [
        ([b"MOVE 1 Junk"], (0, 1)),
        ([b"COPY 1 Junk", b"STORE 1 +FLAGS (\\Deleted)", b"EXPUNGE"], (0, 1)),
        ([b"STORE 1 +FLAGS ($Junk)"], (0, 1)),
        ([b"STORE 1 +FLAGS ($Junk)", b"STORE 1 -FLAGS ($Junk)", b"STORE 1 +FLAGS ($NotJunk)"], (1, 0)),
        ([b"STORE 1 +FLAGS (\\Seen)"], (1, 0)),
        ([b"STORE 1 +FLAGS (\\Answered)"], (1, 0)),
        ([b"MOVE 1 Trash"], (0, 0)),
        ([b"STORE 1 +FLAGS (\\Seen)", b"MOVE 1 Trash"], (0, 0)),
        ([], (0, 0)),
    ],
)
def test_what_mail_programs_do_is_learnt(
    cast: Cast, alice: Client, imap: Imap, commands: list[bytes], counts: tuple[int, int]
) -> None:
    make.email(cast.alice, text=PILLS)
    imap.ok(b"SELECT INBOX")
    for command in commands:
        imap.ok(command)
    settled(cast.alice)
    assert learnt(alice) == counts


def test_appended_to_junk_is_learnt(cast: Cast, alice: Client, imap: Imap) -> None:
    raw = make.message(text=PILLS)
    imap.ok(b"APPEND Junk {%d+}\r\n" % len(raw) + raw)
    settled(cast.alice)
    assert learnt(alice) == (0, 1)


def test_what_is_deleted_for_good_keeps_its_count(cast: Cast, alice: Client, imap: Imap) -> None:
    make.email(cast.alice, role="junk", text=PILLS)
    settled(cast.alice)
    imap.ok(b"SELECT Junk")
    imap.ok(b"STORE 1 +FLAGS (\\Deleted)")
    imap.ok(b"EXPUNGE")
    settled(cast.alice)
    assert learnt(alice) == (0, 1)
    assert tokens_of(cast.alice, "prescription") == (0, 1)


def test_the_reader_beside_the_doors_learns_by_itself(cast: Cast, alice: Client) -> None:
    """Without anybody's waiting for it."""
    email_id = make.email(cast.alice, text=PILLS)
    move(alice, email_id, junk_of(cast.alice))
    until(lambda: learnt(alice) == (0, 1), seconds=20)


def test_read_twice_or_from_the_beginning_it_counts_once(cast: Cast, alice: Client) -> None:
    from posthouse.base import db, sql

    teach(cast.alice, ham=12, spam=12)

    @db.action
    def lose_the_place() -> None:
        sql.run(
            "UPDATE filters_learner SET modseq = 0, email_id = 0 WHERE account_id = %s",
            [cast.alice.account_id],
        )

    before = learnt(alice), tokens_of(cast.alice, "prescription")
    lose_the_place()
    settled(cast.alice)
    assert (learnt(alice), tokens_of(cast.alice, "prescription")) == before == ((12, 12), (0, 12))


# --- judging --------------------------------------------------------------------------------------


def test_what_was_learnt_files_the_next(house: RunningHouse, cast: Cast, alice: Client) -> None:
    teach(cast.alice)
    deliver(house, cast.alice, subject="Save 999", sender=SPAMMER, text=PILLS)
    deliver(house, cast.alice, subject="Bridge 999", text=PLANS)
    email = alice.get(f"/emails/{newest(alice, junk_of(cast.alice))['id']}/").json
    assert email["subject"] == "Save 999"
    assert email["spam"]["verdict"] == "junk" and email["spam"]["score"] >= 5
    signal = next(one for one in email["spam"]["signals"] if one["name"] == "learnt")
    assert signal["weight"] > 4 and signal["words"].startswith("Its words are those of junk here")
    wanted = newest(alice, make.mailbox(cast.alice, "inbox"))
    spam = alice.get(f"/emails/{wanted['id']}/").json["spam"]
    assert wanted["subject"] == "Bridge 999" and spam["verdict"] == "inbox" and spam["score"] < 0


def test_before_enough_was_learnt_words_alone_file_nothing(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    teach(cast.alice, ham=20, spam=20)
    deliver(house, cast.alice, subject="Save 999", sender=SPAMMER, text=PILLS)
    assert subjects(alice, junk_of(cast.alice)).count("Save 999") == 0
    assert not alice.ok(alice.get("/junk/"))["may_decide"]


def test_what_one_learns_helps_the_others_and_their_own_mail_weighs_more(
    house: RunningHouse, cast: Cast, alice: Client, bob: Client
) -> None:
    teach(cast.alice)
    deliver(house, cast.bob, subject="Save 1000", sender=SPAMMER, text=PILLS)
    assert subjects(bob, junk_of(cast.bob)) == ["Save 1000"]
    for number in range(80):  # bob deals in them
        make.email(cast.bob, flags=1, subject=f"Order {number}", sender=SPAMMER, text=PILLS)
    settled(cast.bob)
    deliver(house, cast.bob, subject="Order 1000", sender=SPAMMER, text=PILLS)
    deliver(house, cast.alice, subject="Save 1001", sender=SPAMMER, text=PILLS)
    assert "Order 1000" in subjects(bob, make.mailbox(cast.bob, "inbox"))
    assert "Save 1001" in subjects(alice, junk_of(cast.alice))


def test_another_organisation_learns_nothing_of_it(house: RunningHouse, cast: Cast) -> None:
    teach(cast.alice)
    mallory = log_in(house, cast.mallory)
    deliver(house, cast.mallory, subject="Save 1000", sender=SPAMMER, text=PILLS)
    assert subjects(mallory, make.mailbox(cast.mallory, "inbox")) == ["Save 1000"]
    assert learnt(mallory, "learnt_by_all") == (0, 0)


def test_what_the_filter_filed_itself_teaches_nothing_until_somebody_says_so(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    teach(cast.alice)
    deliver(house, cast.alice, subject="Save 999", sender=SPAMMER, text=PILLS)
    settled(cast.alice)
    assert learnt(alice) == (60, 60)
    row = newest(alice, junk_of(cast.alice))
    inbox = make.mailbox(cast.alice, "inbox")
    move(alice, row["id"], inbox)
    settled(cast.alice)
    assert learnt(alice) == (61, 60)


def test_who_was_written_to_is_let_in(house: RunningHouse, cast: Cast, alice: Client) -> None:
    teach(cast.alice)
    sent = {"to": [{"email": "bulk@offers.example"}], "subject": "Hello", "text": "How are you?"}
    alice.ok(alice.post("/send/", sent), 202)
    deliver(house, cast.alice, subject="Save 999", sender=SPAMMER, text=PILLS)
    assert "Save 999" in subjects(alice, make.mailbox(cast.alice, "inbox"))


def test_a_domain_that_looks_like_ones_own_is_told(house: RunningHouse, cast: Cast, alice: Client) -> None:
    alice.ok(
        alice.post("/send/", {"to": [{"email": "ann@goodbank.example"}], "subject": "x", "text": "y"}), 202
    )
    from posthouse.delivery.junk import standing

    standing.forget()
    standing._known.clear()
    deliver(house, cast.alice, subject="Account", sender="Ann <ann@go0dbank.example>")
    items = alice.get("/emails/", mailbox=make.mailbox(cast.alice, "inbox")).json["items"]
    (row,) = [one for one in items if one["subject"] == "Account"]  # a bounce may lie beside it
    (signal,) = alice.get(f"/emails/{row['id']}/").json["spam"]["signals"]
    assert signal["name"] == "lookalike"
    assert signal["words"] == "go0dbank.example looks like goodbank.example, which you know, and is not."


# --- choices --------------------------------------------------------------------------------------


def test_switched_off_nothing_is_filed_or_told(house: RunningHouse, cast: Cast, alice: Client) -> None:
    teach(cast.alice)
    assert not alice.ok(alice.patch("/junk/", {"is_enabled": False}))["is_enabled"]
    deliver(house, cast.alice, subject="Save 999", sender=SPAMMER, text=PILLS)
    inbox = newest(alice, make.mailbox(cast.alice, "inbox"))
    assert inbox["subject"] == "Save 999"
    assert alice.get(f"/emails/{inbox['id']}/").json["spam"] is None


def test_the_threshold_is_ones_own_or_the_organisations(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    bob = log_in(house, cast.bob)
    alice.ok(alice.patch("/junk/organisation/", {"threshold": 2.5}))
    assert bob.ok(bob.get("/junk/"))["threshold"] == 2.5
    assert bob.ok(bob.patch("/junk/", {"threshold": 12}))["threshold"] == 12
    attached = b'application/octet-stream; name="a.exe"'
    raw = make.message(subject="program").replace(b"text/plain; charset=utf-8", attached)
    with smtplib.SMTP("127.0.0.1", house.ports["mx"], timeout=10) as smtp:
        smtp.sendmail("zoe@outside.test", [cast.alice.email, cast.bob.email], raw)
    assert subjects(alice, junk_of(cast.alice)) == ["program"]
    assert subjects(bob, make.mailbox(cast.bob, "inbox")) == ["program"]
    assert bob.ok(bob.patch("/junk/", {"threshold": None}))["threshold"] == 2.5


def test_lists_decide_and_ones_own_before_the_organisations(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    bob = log_in(house, cast.bob)

    def put(client: Client, path: str, value: str, list_: str) -> Any:
        return client.ok(client.post(path, {"value": value, "list": list_}), 201)

    put(alice, "/junk/organisation/senders/", "@Offers.Example", "block")
    own = put(bob, "/junk/senders/", "bulk@offers.example", "allow")
    for number, person in enumerate((cast.alice, cast.bob)):
        deliver(house, person, subject=f"offer {number}", sender=SPAMMER)
        deliver(house, person, subject=f"other {number}", sender="x@sub.offers.example")
    assert sorted(subjects(alice, junk_of(cast.alice))) == ["offer 0", "other 0"]
    assert subjects(bob, make.mailbox(cast.bob, "inbox")) == ["offer 1"]
    assert subjects(bob, junk_of(cast.bob)) == ["other 1"]
    why = only(bob, make.mailbox(cast.bob, "inbox"))["spam"]["signals"][0]
    assert why["words"] == "bulk@offers.example is allowed by your list."
    bob.ok(bob.delete(f"/junk/senders/{own['id']}/"), 204)
    deliver(house, cast.bob, subject="again", sender=SPAMMER)
    assert "again" in subjects(bob, junk_of(cast.bob))


@pytest.mark.parametrize("value", ["", "a b@c.test", "nodots", "@", "x@", "<a@b.test>", "a@b.test, c@d.test"])
def test_what_is_no_sender_is_not_listed(alice: Client, value: str) -> None:
    assert alice.post("/junk/senders/", {"value": value, "list": "block"}).status == 400


def test_who_is_allowed_may_not_be_forged(house: RunningHouse, cast: Cast, alice: Client) -> None:
    alice.ok(alice.post("/junk/senders/", {"value": "bank.example", "list": "allow"}), 201)
    with published() as dns, door(house, dns) as port:
        assert hand_in(port, cast.alice, MAIL, sender="eve@evil.example").startswith(b"250")
    email = only(alice, junk_of(cast.alice))
    assert {"allowed", "dmarc_wish"} <= {one["name"] for one in email["spam"]["signals"]}


def test_mail_may_be_refused_at_a_high_score(house: RunningHouse, cast: Cast, alice: Client) -> None:
    alice.ok(alice.patch("/junk/organisation/", {"refuse_at": 50}))
    alice.ok(alice.post("/junk/senders/", {"value": "offers.example", "list": "block"}), 201)
    raw = make.message(sender=SPAMMER, subject="refused")
    with smtplib.SMTP("127.0.0.1", house.ports["mx"], timeout=10) as smtp:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            smtp.sendmail("bulk@offers.example", [cast.alice.email], raw)
        assert (refused.value.smtp_code, refused.value.smtp_error[:5]) == (550, b"5.7.1")
        smtp.sendmail("bulk@offers.example", [cast.alice.email, cast.bob.email], raw)  # bob would have it
    assert subjects(alice, junk_of(cast.alice)) == ["refused", "refused"], "what was refused can be found"


def test_forgetting_ones_own_leaves_the_others_what_they_know(cast: Cast, alice: Client) -> None:
    from posthouse.base import sql
    from posthouse.delivery.junk import jobs

    teach(cast.alice, ham=5, spam=5)
    alice.ok(alice.post("/junk/forget/", {}))
    settled(cast.alice)
    assert (learnt(alice), learnt(alice, "learnt_by_all")) == ((0, 0), (5, 5))
    junk = newest(alice, junk_of(cast.alice))
    inbox = make.mailbox(cast.alice, "inbox")
    move(alice, junk["id"], inbox)
    settled(cast.alice)
    assert (learnt(alice), learnt(alice, "learnt_by_all")) == ((1, 0), (6, 4))
    alice.ok(alice.post("/junk/organisation/forget/"))
    assert (learnt(alice), learnt(alice, "learnt_by_all")) == ((1, 0), (0, 0))
    jobs.tidy()
    assert (
        sql.row("SELECT 1 FROM filters_learner WHERE account_id IS NULL AND organisation_id IS NULL") is None
    )


def test_what_is_known_is_bounded(cast: Cast, alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from posthouse.base import sql
    from posthouse.delivery.junk import jobs
    from posthouse.filters.spam import learning

    make.email(cast.alice, flags=1, text="A hippopotamus, seen once in fortnights.\r\n")
    teach(cast.alice, ham=12, spam=12)
    counted = (
        "SELECT count(*), coalesce(sum(CASE WHEN ham + spam = 1 THEN 1 ELSE 0 END), 0) FROM filters_token"
        " WHERE learner_id = (SELECT id FROM filters_learner WHERE account_id = %s)"
    )
    total, once = sql.row(counted, [cast.alice.account_id]) or (0, 0)
    assert total > once > 0
    monkeypatch.setattr(learning, "MAX_OWN_TOKENS", total - 1)
    monkeypatch.setattr(learning, "PRUNE_TO", (total - once) / (total - 1))
    jobs.tidy()
    assert sql.row(counted, [cast.alice.account_id]) == (total - once, 0), "what was seen once goes"
    assert tokens_of(cast.alice, "prescription") == (0, 12)


# --- rules ----------------------------------------------------------------------------------------


def test_rules_ask_for_the_verdict_and_the_score(house: RunningHouse, cast: Cast, alice: Client) -> None:
    alice.ok(alice.post("/junk/senders/", {"value": "offers.example", "list": "block"}), 201)
    seen = box(alice, "Seen")
    add(
        alice, {"do": "read"}, name="all", conditions=[{"field": "from", "op": "contains", "value": "offers"}]
    )
    deliver(house, cast.alice, subject="one", sender=SPAMMER)
    assert not only(alice, junk_of(cast.alice))["is_seen"], "rules that do not ask for it leave junk alone"
    add(
        alice,
        {"do": "file", "mailbox_id": seen},
        name="junk",
        conditions=[{"field": "spam", "op": "exists"}, {"field": "score", "op": "over", "score": 20}],
    )
    deliver(house, cast.alice, subject="two", sender=SPAMMER)
    deliver(house, cast.alice, subject="three")
    assert subjects(alice, seen) == ["two"]
    body = {"conditions": [{"field": "score", "op": "over", "score": 20}]}
    shown = alice.ok(alice.post("/rules/preview/", body))
    assert [one["subject"] for one in shown["items"]] == ["two", "one"]
    assert shown["items"][0]["reason"] == "Its junk score is over 20"


@pytest.mark.parametrize(
    "condition",
    [
        {"field": "spam", "op": "over"},
        {"field": "score", "op": "exists"},
        {"field": "score", "op": "over", "score": 1000},
        {"field": "subject", "op": "contains", "value": "x", "score": 1},
    ],
)
def test_senseless_conditions_are_refused(alice: Client, condition: dict[str, Any]) -> None:
    body = {"name": "x", "conditions": [condition], "actions": [{"do": "star"}]}
    assert alice.post("/rules/", body).status == 400


# --- whose they are -------------------------------------------------------------------------------


def test_only_who_runs_the_organisation_chooses_for_it(
    house: RunningHouse, cast: Cast, alice: Client
) -> None:
    bob, mallory = log_in(house, cast.bob), log_in(house, cast.mallory)
    entry = alice.ok(alice.post("/junk/organisation/senders/", {"value": "x.test", "list": "block"}), 201)[
        "id"
    ]
    for method, path in (
        ("GET", "/junk/organisation/"),
        ("PATCH", "/junk/organisation/"),
        ("GET", "/junk/organisation/senders/"),
        ("POST", "/junk/organisation/forget/"),
    ):
        assert bob.send(method, path, {} if method != "GET" else None).status == 403, path
    assert bob.post("/junk/organisation/senders/", {"value": "y.test", "list": "block"}).status == 403
    for stranger in (bob, mallory):
        assert stranger.delete(f"/junk/senders/{entry}/").status == 404
    own = alice.ok(alice.post("/junk/senders/", {"value": "z.test", "list": "allow"}), 201)["id"]
    assert bob.delete(f"/junk/senders/{own}/").status == 404
    assert bob.get("/junk/", account=cast.alice.account_id).status == 404
    assert [one["value"] for one in alice.get("/junk/organisation/senders/").json["items"]] == ["x.test"]
