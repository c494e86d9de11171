"""Search through the API: what is found, in which order, however far the index has come."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast
from tests.database import is_postgresql
from tests.house import RunningHouse

SEEN, FLAGGED, ANSWERED, DRAFT = 1, 2, 4, 8


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


def index_all(account_id: int) -> None:
    """As the indexer does, but now."""
    from posthouse.mail import indexing

    for _ in range(1000):
        if not indexing.step(account_id):
            return
    raise AssertionError("the index never arrives")


def found(client: Client, q: str, **also: Any) -> list[str]:
    return [row["subject"] for row in client.ok(client.get("/threads/", q=q, **also))["items"]]


def found_everywhere(client: Client, account_id: int, q: str) -> list[str]:
    """The same before the index has seen anything, and after it has seen all."""
    from posthouse.search import index

    index.current().forget(account_id)
    fresh = sorted(found(client, q))
    index_all(account_id)
    assert sorted(found(client, q)) == fresh, q
    return fresh


MULTIPART = (
    "From: Zoé Zander <zoe@mail.outside.test>\r\nTo: alice@x.test, Carl <carl@y.test>\r\nCc: dora@z.test\r\n"
    "Bcc: eve@w.test\r\nSubject: Rechnung\r\nMessage-ID: <multi@outside.test>\r\nList-Id: Dev talk <dev.lists.test>\r\n"
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n"
    "<p>The <b>blue</b> whale</p><script>sly()</script>\r\n--b\r\nContent-Type: application/pdf\r\n"
    'Content-Disposition: attachment; filename="Invoice_2026.pdf"\r\n\r\nxx\r\n--b--\r\n'
).encode()


def test_words_are_found_wherever_they_stand(alice: Client, cast: Cast) -> None:
    make.email(cast.alice, MULTIPART)
    make.email(cast.alice, subject="Other", text="Nothing of that\r\n", to="alice@x.test")
    for q, is_found in {
        "blue whale": True, '"blue whale"': True, '"whale blue"': False, "wha": True, "wha ": False, "sly": False,
        "from:zoe": True, "from:ZOÉ": True, "from:outside.test": True, "from:zoe@mail.outside.test": True,
        "from:carl": False, "to:carl": True, "to:dora": True, "cc:dora": True, "cc:carl": False, "bcc:eve": True,
        "to:eve": True, "filename:invoice": True, "filename:pdf": True, "filename:blue": False, "invoice": True,
        "list:dev.lists.test": True, "list:zoe": False, "rfc822msgid:multi@outside.test": True,
        "rfc822msgid:multi": False, "subject:rechnung": True, "subject:blue": False, "has:attachment": True,
        "-has:attachment blue": False, "blue -whale": False, "blue OR nothingness": True, "(blue green) OR red": False,
        "blue is:unread": True, "blue OR is:starred": True, "(green is:unread) OR (whale is:unread)": True,
        "subject:(rechnung OR mahnung)": True, "{from:carl from:zoe} -subject:other": True, "!!!": False,
        "blue , .": True, "larger:100 smaller:1M blue": True, "larger:1M blue": False,
    }.items():  # fmt: skip
        expected = ["Rechnung"] if is_found else []
        assert [s for s in found_everywhere(alice, cast.alice.account_id, q) if s != "Other"] == expected, q


def test_scripts_without_blanks(alice: Client, cast: Cast) -> None:
    make.email(cast.alice, subject="会議の議事録を送ります", text="東京都庁で開催\r\n")
    make.email(cast.alice, subject="ประชุมประจำปี", text="ສະບາຍດີ\r\n")
    for q, number in {
        "議事録": 0,
        "会議": 0,
        "京都庁": 0,
        "都庁で": 0,
        "議": 0,
        "ประชุม": 1,
        "จำปี": 1,
        "ສະບາຍ": 1,
    }.items():
        subject = ["会議の議事録を送ります", "ประชุมประจำปี"][number]
        assert found_everywhere(alice, cast.alice.account_id, q) == [subject], q
    assert found_everywhere(alice, cast.alice.account_id, "議会") == []


def test_states_labels_and_ages(alice: Client, cast: Cast) -> None:
    from posthouse.base import clock
    from posthouse.mail import storing

    label = alice.ok(alice.post("/mailboxes/", {"name": "Old mail"}), 201)["id"]
    alice.ok(alice.post("/mailboxes/", {"name": "Deep", "parent_id": label}), 201)
    new = make.email(cast.alice, subject="New one")
    read = make.email(cast.alice, subject="Read one", flags=SEEN | ANSWERED)
    make.email(cast.alice, subject="Junk one", role="junk")
    old = storing.prepare(make.message(subject="Old one"), received_at_ms=clock.now_ms() - 40 * 86_400_000)
    storing.store(storing.Storing(arrival=old, account_id=cast.alice.account_id, flags=FLAGGED))
    alice.ok(alice.post("/emails/label/", {"ids": [str(read)], "add": [label]}))
    alice.ok(alice.patch(f"/emails/{new}/", {"keywords": ["$important"]}))
    for q, subjects in {
        "one is:unread": ["New one", "Old one"], "is:read": ["Read one"], "is:answered one": ["Read one"],
        "is:starred": ["Old one"], "is:important": ["New one"], "is:muted": [], "one older_than:1m": ["Old one"],
        "one newer_than:1m": ["New one", "Read one"], "one in:junk": ["Junk one"],
        "one in:anywhere": ["Junk one", "New one", "Old one", "Read one"], 'one in:"old mail"': ["Read one"],
        "label:old-mail": ["Read one"], "label:Old-Mail/Deep": [],
        "label:old-mail-deep OR label:old-mail": ["Read one"], "has:userlabels": ["Read one"],
        "one has:nouserlabels": ["New one", "Old one"], "in:nowhere one": [], "one -in:inbox": ["Junk one"],
        "-one": [], "-new one": ["Old one", "Read one"], "-new": ["Old one", "Read one"], "before:2020-01-01": [],
    }.items():  # fmt: skip
        assert found_everywhere(alice, cast.alice.account_id, q) == subjects, q
    inbox = make.mailbox(cast.alice, "inbox")
    assert sorted(found(alice, "one", mailbox=inbox)) == ["New one", "Old one", "Read one"]
    assert found(alice, "one", mailbox=inbox, unread="true") == ["New one", "Old one"]


def test_pages_hold_every_thread_once_newest_first(alice: Client, cast: Cast) -> None:
    """Threads with several e-mails that fit, many of one moment, and the index half way."""
    from posthouse.mail import indexing, storing

    random_ = random.Random(3)
    expected: dict[str, int] = {}
    for number in range(90):
        thread = number % 30
        moment = 1_790_000_000_000 + random_.choice([0, 0, 5_000, number * 1_000])
        subject = f"Plan {thread}"
        raw = make.message(
            subject=subject, message_id=f"{number}@p.test", headers=f"References: <root{thread}@p.test>\r\n"
        )
        arrival = storing.prepare(raw, received_at_ms=moment)
        storing.store(storing.Storing(arrival=arrival, account_id=cast.alice.account_id))
        expected[subject] = max(expected.get(subject, 0), moment)
        if number == 60:
            index_all(cast.alice.account_id)
    indexing.step(cast.alice.account_id)
    for q in ("plan", "plan -nothing is:unread", "is:unread", "plan in:inbox", "-nothing"):
        rows: list[Any] = []
        cursor: dict[str, str] = {}
        while True:
            page = alice.ok(alice.get("/threads/", q=q, limit=7, **cursor))
            rows += page["items"]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert sorted(row["subject"] for row in rows) == sorted(expected), q
        placed = [row["placed_at"] for row in rows]
        assert placed == sorted(placed, reverse=True), q
        emails = alice.ok(alice.get("/emails/", q=q, limit=200))["items"]
        assert len(emails) == 90, q


def test_own_writes_are_found_at_once(alice: Client, cast: Cast) -> None:
    index_all(cast.alice.account_id)
    for number in range(30):
        word = f"unheardof{number}"
        email_id = make.email(cast.alice, subject="Fresh", text=f"{word}\r\n")
        page = alice.ok(alice.get("/emails/", q=word))
        assert [row["id"] for row in page["items"]] == [str(email_id)]
        assert page["search"]["is_complete"] is True
    draft = alice.ok(alice.post("/drafts/", {"text": "unheardofdraft"}), 201)
    assert [row["id"] for row in alice.ok(alice.get("/emails/", q="unheardofdraft"))["items"]] == [
        draft["id"]
    ]


@pytest.mark.skipif(is_postgresql(), reason="it reaches into SQLite's index")
def test_states_are_found_however_far_behind_the_index_is(cast: Cast) -> None:
    """More than is read for a search may wait for the index; what needs no words is complete all the same."""
    from posthouse.mail import indexing, searching
    from posthouse.search import index
    from posthouse.search.index import Batch
    from posthouse.search.language import parse

    account_id = cast.alice.account_id
    make.email(cast.alice, subject="First")
    index_all(account_id)
    before = index.current().progress_of(account_id)
    ids = [make.email(cast.alice) for _ in range(searching.MOST_WAITING + 20)]
    index_all(account_id)
    now = index.current().progress_of(account_id)
    assert before is not None and now is not None
    with index.current()._lock:  # type: ignore[attr-defined] the server's indexer waits so long
        index.current().write(Batch(account_id=account_id, since=now, progress=before, gone=ids))
        waiting = indexing.waiting(account_id, limit=searching.MOST_WAITING)
        assert not waiting.is_all and waiting.email_ids == ids[: -searching.MOST_WAITING - 1 : -1]
        for q, is_complete, count in (
            ("is:unread", True, 221),
            ("good", False, 201),
            ("-nothing", False, 221),
        ):
            found = searching.found_emails(account_id, parse(q), mailbox_id=None, after=None, limit=300)
            assert (found.is_complete, len(found.keys)) == (is_complete, count), q
    index_all(account_id)


def test_what_is_deleted_is_found_no_more_and_leaves_the_index(alice: Client, cast: Cast) -> None:
    from posthouse.search import index

    ids = [make.email(cast.alice, subject=f"Doomed {n}") for n in range(3)]
    index_all(cast.alice.account_id)
    alice.ok(alice.post("/emails/destroy/", {"ids": [str(ids[0])]}))
    assert sorted(found(alice, "doomed")) == ["Doomed 1", "Doomed 2"]
    index_all(cast.alice.account_id)
    assert index.current().email_ids(cast.alice.account_id, after=0, limit=9) == ids[1:]


def test_the_answer_says_what_was_understood_and_where_the_words_stand(alice: Client, cast: Cast) -> None:
    body = "Filler words go on. " * 60 + "Here hides the Kraken, <b>deep</b> below. " + "And on and on. " * 60
    email_id = make.email(cast.alice, subject="The kraken", text=body + "\r\n")
    for _ in range(2):
        page = alice.ok(alice.get("/threads/", q="krak from:zoe before:soon"))
        assert page["items"] == []
        page = alice.ok(alice.get("/threads/", q="krak"))
        assert page["search"] == {
            "understood": [
                {"text": "krak", "kind": "words", "name": "", "value": "krak", "is_negated": False, "only": None}
            ],
            "is_complete": True, "estimate": 1, "is_more": False,
        }  # fmt: skip
        (row,) = page["items"]
        snippet = row["snippet"]
        assert snippet["email_id"] == str(email_id)
        assert snippet["subject"] == [
            {"text": "The ", "is_match": False},
            {"text": "kraken", "is_match": True},
        ]
        index_all(cast.alice.account_id)
    text = "".join(segment["text"] for segment in snippet["text"])
    assert "hides the Kraken, <b>deep</b>" in text and len(text) < 200
    assert [s["text"] for s in snippet["text"] if s["is_match"]] == ["Kraken"]
    parts = alice.ok(alice.get("/threads/", q="-a before:soon"))["search"]["understood"]
    assert [(part["text"], part["kind"], part["is_negated"]) for part in parts] == [
        ("-a", "words", True),
        ("before:soon", "not_understood", False),
    ]
    listed = alice.ok(alice.get("/threads/", mailbox=make.mailbox(cast.alice, "inbox")))
    assert "search" not in listed and "snippet" not in listed["items"][0]


def test_nobody_finds_what_is_another_s(house: RunningHouse, alice: Client, cast: Cast) -> None:
    make.email(cast.alice, subject="Hers", text="secretword\r\n")
    index_all(cast.alice.account_id)
    mallory, bob = log_in(house, cast.mallory), log_in(house, cast.bob)
    index_all(cast.mallory.account_id)
    assert found(alice, "secretword") == ["Hers"]
    for other in (mallory, bob):
        assert found(other, "secretword") == [] == found(other, "secret")
        answers = [other.get("/emails/", q="secretword", account=a) for a in (cast.alice.account_id, 12345)]
        assert answers[0].status == answers[1].status == 404


def test_a_search_with_a_cursor_of_another_is_refused(alice: Client, cast: Cast) -> None:
    for _ in range(3):
        make.email(cast.alice, subject="Same")
    cursor = alice.ok(alice.get("/emails/", q="same", limit=1))["next"]
    assert alice.get("/emails/", q="other", limit=1, cursor=cursor).json["code"] == "invalid_cursor"


HOSTILE = ['"', "NEAR(a b)", "a*", "^a", "a + b", "{subject} : a", "a:b:c", "\u0000x", "'; DROP TABLE words; --", "AND",
           "NOT", "-", "(((((", "\\", "%", "a' & 'b", "subject:*", "😀", "\u202e"]  # fmt: skip


@pytest.mark.parametrize("q", HOSTILE)
def test_signs_of_the_engines_are_only_text(alice: Client, cast: Cast, q: str) -> None:
    make.email(cast.alice, subject="a b")
    index_all(cast.alice.account_id)
    answer = alice.get("/threads/", q=q)
    assert answer.status == (400 if "\0" in q else 200), answer.body


LEAVES = [
    "alpha", "beta", "gam", '"alpha beta"', "from:ann", "subject:beta", "is:unread", "is:starred", "has:attachment",
    "in:inbox", "in:anywhere", "larger:400", "older_than:1d", "日本", "to:alice",
]  # fmt: skip


def random_query(random_: random.Random, depth: int = 0) -> str:
    kind = random_.random()
    if depth == 3 or kind < 0.4:
        return random_.choice(["", "", "-"]) + random_.choice(LEAVES)
    inside = " ".join(random_query(random_, depth + 1) for _ in range(random_.randint(2, 3)))
    return random_.choice(["({})", "{{{}}}", "-({})", "-{{{}}}"]).format(inside)


def test_any_search_finds_the_same_with_and_without_the_index(cast: Cast) -> None:
    """What the index has not reached is judged by the plain meaning of the words: the two must agree."""
    from posthouse.mail import storing
    from posthouse.mail.searching import found_emails
    from posthouse.search import index
    from posthouse.search.language import parse

    random_ = random.Random(9)
    account_id = cast.alice.account_id
    words = ["alpha", "Beta", "gamma", "日本語", "other"]
    for number in range(60):
        raw = make.message(
            subject=" ".join(random_.choices(words, k=2)),
            sender=random_.choice(["Ann <ann@x.test>", "Bob <bob@x.test>"]),
            text=" ".join(random_.choices(words, k=random_.randint(1, 30))) + "\r\n",
        )
        moment = 1_790_000_000_000 + number // 4 * 1000 + random_.choice([0, 10**10])
        storing.store(
            storing.Storing(
                arrival=storing.prepare(raw, received_at_ms=moment),
                account_id=account_id,
                role=random_.choice(["inbox", "inbox", "archive", "trash"]),
                flags=random_.choice([0, SEEN, FLAGGED]),
            )
        )
    queries = [random_query(random_) for _ in range(120)]

    def answers() -> list[list[int]]:
        given = []
        for q in queries:
            found = found_emails(account_id, parse(q), mailbox_id=None, after=None, limit=100)
            assert found.next is None
            given.append([key.email_id for key in found.keys])
        return given

    index.current().forget(account_id)
    before = answers()
    index_all(account_id)
    after = answers()
    for q, one, other in zip(queries, before, after, strict=True):
        assert one == other, q
    assert sum(0 < len(one) < 60 for one in before) > 30
