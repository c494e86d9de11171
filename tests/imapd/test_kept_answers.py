"""What is kept ready or in memory answers as the messages do, before and after the mailbox changes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests import make
from tests.cast import Cast
from tests.imapd.client import Client

Connect = Callable[..., Client]
MANY = 220
"""More than a search reads row by row."""
HEADER = (
    b"Received: from here\r\n\tby there\r\nFrom: Zoe <zoe@outside.test>\r\nto: alice@posthouse.test\r\n"
    b"SUBJECT : in two\r\n lines\r\nX-Odd: 1\r\nReferences: <a@x.test>\r\n <b@x.test>\r\nsubject: again\r\n"
)


def _fields(client: Client, names: bytes, *, number: int = 1) -> bytes:
    (line,) = client.ok(b"FETCH %d BODY.PEEK[HEADER.FIELDS (%b)]" % (number, names)).untagged
    found = re.fullmatch(rb"\* \d+ FETCH \(BODY\[HEADER\.FIELDS \([^)]*\)\] \{(\d+)\}\r\n(.*)\)", line, re.S)
    assert found and int(found[1]) == len(found[2])
    return found[2]


def _numbers(line: bytes) -> list[int]:
    return [int(number) for number in re.findall(rb"\d+", line)]


def test_header_fields_are_the_same_ready_and_from_the_message(connect: Connect, cast: Cast) -> None:
    """X-Odd is not among those kept ready, so asking for it as well asks the message."""
    make.email(cast.alice, HEADER + b"\r\nSubject: not this\r\n")
    client = connect()
    wanted = HEADER[HEADER.index(b"SUBJECT") : HEADER.index(b"X-Odd")] + b"subject: again\r\n"
    assert _fields(client, b"Subject Priority") == wanted + b"\r\n"
    assert _fields(client, b"Subject X-Odd") == wanted.replace(b"subject:", b"X-Odd: 1\r\nsubject:") + b"\r\n"
    assert _fields(client, b"References") == b"References: <a@x.test>\r\n <b@x.test>\r\n\r\n"
    assert _fields(client, b"Bcc") == b"\r\n"


def test_long_fields_and_old_e_mails_are_read_from_the_message(connect: Connect, cast: Cast) -> None:
    from posthouse.base import sql
    from posthouse.base.db import action

    long = b"References: " + b"\r\n ".join(b"<%0200d@x.test>" % number for number in range(30)) + b"\r\n"
    make.email(cast.alice, b"From: a@x.test\r\n" + long + b"\r\nlong\r\n")
    old = make.email(cast.alice, HEADER + b"\r\nold\r\n")
    make.email(cast.alice, HEADER + b"\r\nnew\r\n")

    @action
    def as_before_the_column() -> None:
        sql.run("UPDATE mail_emailpart SET fields = NULL WHERE email_id = %s", [old])

    as_before_the_column()
    client = connect()
    assert _fields(client, b"References") == long + b"\r\n"
    assert _fields(client, b"From To", number=2) == _fields(client, b"From To", number=3)
    both = client.ok(b"FETCH 1:3 (UID FLAGS BODY.PEEK[HEADER.FIELDS (From)])").untagged
    assert [line.count(b"From: ") for line in both] == [1, 1, 1]
    assert len(client.ok(b"THREAD REFERENCES UTF-8 ALL").lines(b"THREAD")) == 1


def test_many_neighbours_are_as_each_alone(connect: Connect, cast: Cast) -> None:
    """With gaps between them, with one that is gone in another's eyes, and with one whose fields are not ready."""
    long = b"References: " + b"\r\n ".join(b"<%0200d@x.test>" % number for number in range(30)) + b"\r\n"
    for number in range(330):
        make.email(cast.alice, subject=f"Letter {number}")
    client = connect()
    client.ok(b"STORE 3,7:20,100 +FLAGS.SILENT (\\Deleted)")
    client.ok(b"EXPUNGE")
    for items in (b"(UID ENVELOPE RFC822.SIZE)", b"(BODY.PEEK[HEADER.FIELDS (Subject To)] BODYSTRUCTURE)"):
        whole = client.ok(b"FETCH 1:* " + items).untagged
        assert whole == [
            line
            for low in range(1, 315, 50)
            for line in client.ok(b"FETCH %d:%d %b" % (low, min(low + 49, 314), items)).untagged
        ]
        assert len(whole) == 314
    other = connect()
    other.ok(b"STORE 5 +FLAGS.SILENT (\\Deleted)")
    other.ok(b"EXPUNGE")
    make.email(cast.alice, b"Subject: long\r\n" + long + b"\r\nx\r\n")
    assert len(other.ok(b"FETCH 1:* (BODY.PEEK[HEADER.FIELDS (Subject References)])").untagged) >= 313
    left = client.ok(b"FETCH 1:314 (UID ENVELOPE)")
    uids = [int(re.findall(rb"UID (\d+)", line)[0]) for line in left.untagged if b" FETCH (UID" in line]
    assert len(uids) == 313 and uids == sorted(uids)
    client.ok(b"NOOP")
    assert len(client.ok(b"FETCH 1:* (BODY.PEEK[HEADER.FIELDS (Subject References)])").untagged) == 314


def test_fields_that_set_seen_do_so(connect: Connect, cast: Cast) -> None:
    make.email(cast.alice, HEADER + b"\r\nx\r\n")
    client = connect()
    (line,) = client.ok(b"FETCH 1 (BODY[HEADER.FIELDS (From)])").untagged
    assert line.endswith(b"From: Zoe <zoe@outside.test>\r\n\r\n FLAGS (\\Seen))")
    assert client.ok(b"FETCH 1 FLAGS").untagged == [b"* 1 FETCH (FLAGS (\\Seen))"]
    (line,) = client.ok(b"FETCH 1 (BODY[HEADER.FIELDS (From)])").untagged
    assert line.endswith(b"\r\n\r\n)")


def test_searches_and_orders_follow_a_large_mailbox(connect: Connect, cast: Cast) -> None:
    """Before anything, after one came, after some went, and after one came again: as on a fresh look."""
    for number in range(MANY):
        make.email(
            cast.alice, subject=f"Part {number % 7}", sender=f"Writer {number % 5} <w{number % 5}@x.test>"
        )
    client = connect()

    def answers(box: Client) -> list[list[int]]:
        return [
            _numbers(box.ok(line).untagged[0])
            for line in (
                b"SEARCH FROM w3@x.test",
                b'SEARCH FROM "WRITER 4 <"',
                b"SEARCH SUBJECT part",
                b"SORT (SUBJECT) UTF-8 ALL",
                b"SORT (REVERSE FROM DATE) UTF-8 ALL",
                b"THREAD REFERENCES UTF-8 ALL",
                b"THREAD ORDEREDSUBJECT UTF-8 ALL",
                b"SEARCH ALL",
            )
        ]

    first = answers(client)
    assert len(first[0]) == MANY // 5 and len(first[3]) == len(first[5]) == MANY
    assert answers(client) == first
    make.email(cast.alice, subject="A part", sender="Late <w3@x.test>")
    client.ok(b"NOOP")
    second = answers(client)
    assert second[0] == [*first[0], MANY + 1] and second[3][0] == MANY + 1
    client.ok(b"STORE 1:3,%d +FLAGS.SILENT (\\Deleted)" % MANY)
    client.ok(b"EXPUNGE")
    make.email(cast.alice, subject="B part", sender="Last <w4@x.test>")
    client.ok(b"NOOP")
    third = answers(client)
    assert third != second and len(third[7]) == MANY - 2
    assert third[:2] == [
        [n for n in range(1, MANY - 1) if sender in _sender(client, n)] for sender in (b"<w3@", b"Writer 4")
    ]
    assert sorted(third[5]) == third[7]


def _sender(client: Client, number: int) -> bytes:
    return _fields(client, b"From X-Odd", number=number)


def test_a_recipient_beyond_those_listed_is_found_in_a_large_mailbox(connect: Connect, cast: Cast) -> None:
    for _ in range(MANY):
        make.email(cast.alice)
    people = ", ".join(f"p{number}@x.test" for number in range(40)).encode()
    make.email(cast.alice, b"From: a@x.test\r\nTo: " + people + b"\r\nSubject: to many\r\n\r\nx\r\n")
    client = connect()
    assert client.ok(b"SEARCH TO p39@x.test").untagged == [b"* SEARCH %d" % (MANY + 1)]
    assert client.ok(b"SEARCH TO p3@x.test").untagged == [b"* SEARCH %d" % (MANY + 1)]
    assert client.ok(b"SEARCH TO p77@x.test").untagged == [b"* SEARCH"]


def test_a_large_mailbox_finds_what_small_parts_of_it_do(connect: Connect, cast: Cast) -> None:
    """Names with all that JSON writes in its own way, and what stands in the JSON alone."""
    senders = [
        '"Quote \\" and \\\\ slash" <q@x.test>', "plain@x.test", "Name <name@x.test>",
        "=?utf-8?q?Stra=C3=9Fe?= <s@x.test>",
        '"Tab\tinside" <t@x.test>', "=?utf-8?q?=E2=84=AAelvin?= <k@x.test>", "", "Two Words <two.words@email.test>",
    ]  # fmt: skip
    for number in range(MANY):
        make.email(cast.alice, sender=senders[number % len(senders)])
    client = connect()
    needles = (
        "x.test", "two words", "words <", " <q", "name", "email", "mail", "e", '\\" and', "\\\\ s", "strasse", "u0009",
        "kelvin", ":", "}", "[", ",", "q@", "name <name", "TAB", "no such",
    )  # fmt: skip
    for needle in needles:
        whole = _numbers(client.ok(f'SEARCH FROM "{needle}"'.encode()).untagged[0])
        parts = [
            number
            for low in range(1, MANY, 100)
            for number in _numbers(client.ok(f'SEARCH {low}:{low + 99} FROM "{needle}"'.encode()).untagged[0])
        ]
        assert whole == parts, needle


def test_a_large_mailbox_finds_by_the_date_field_what_small_parts_do(connect: Connect, cast: Cast) -> None:
    for number in range(MANY):
        date = b"" if number % 9 == 0 else b"Date: Sat, %d Nov 2025 23:30:00 +0100\r\n" % (1 + number % 28)
        make.email(cast.alice, date + b"Subject: x\r\n\r\nx\r\n")
    client = connect()
    for asked in (
        "SENTON 7-Nov-2025",
        "SENTBEFORE 3-Nov-2025",
        "SENTSINCE 20-Nov-2025",
        "NOT SENTSINCE 2-Nov-2025",
    ):
        whole = _numbers(client.ok(f"SEARCH {asked}".encode()).untagged[0])
        assert 0 < len(whole) < MANY
        assert whole == [
            number
            for low in range(1, MANY, 100)
            for number in _numbers(client.ok(f"SEARCH {low}:{low + 99} {asked}".encode()).untagged[0])
        ], asked


def test_few_of_many_are_in_the_order_of_all(connect: Connect, cast: Cast) -> None:
    """Whether the columns of the mailbox are in memory or not."""
    for number in range(MANY):
        make.email(cast.alice, subject=f"Re: Part {number % 7}", sender=f"W {number % 5} <w@x.test>")
    client = connect()
    for criteria in (b"SUBJECT", b"REVERSE DISPLAYFROM SUBJECT", b"DATE"):
        before = _numbers(client.ok(b"SORT (%b) UTF-8 30:70" % criteria).untagged[0])
        whole = _numbers(client.ok(b"SORT (%b) UTF-8 ALL" % criteria).untagged[0])
        after = _numbers(client.ok(b"SORT (%b) UTF-8 30:71" % criteria).untagged[0])
        assert before == [number for number in whole if 30 <= number <= 70]
        assert after == [number for number in whole if 30 <= number <= 71]
    few = client.ok(b"THREAD REFERENCES UTF-8 5,12,13").untagged
    assert few == [b"* THREAD ((5)(12))(13)"]


def test_of_many_those_that_changed(connect: Connect, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """In pieces as in one, and what another has taken out meanwhile is said to be gone."""
    from posthouse.imapd import rendering

    monkeypatch.setattr(rendering, "ROWS_AT_ONCE", 10)
    for _ in range(40):
        make.email(cast.alice)
    client = connect()
    since = _numbers(client.ok(b"STATUS INBOX (HIGHESTMODSEQ)").untagged[0])[-1]
    client.ok(b"STORE 3,17,18,40 +FLAGS.SILENT (work)")
    asked = b"FETCH 1:* (UID FLAGS) (CHANGEDSINCE %d)" % since
    answer = client.ok(asked)
    assert [_numbers(line)[0] for line in answer.untagged] == [3, 17, 18, 40]
    assert [line.count(b"work") for line in answer.untagged] == [1, 1, 1, 1]
    assert b"EXPUNGEISSUED" not in answer.tagged
    assert client.ok(b"FETCH 1:* (FLAGS) (CHANGEDSINCE 99999999)").untagged == []
    other = connect()
    other.ok(b"STORE 5,18 +FLAGS.SILENT (\\Deleted)")
    other.ok(b"EXPUNGE")
    answer = client.ok(asked)
    assert [_numbers(line)[0] for line in answer.untagged][:3] == [3, 17, 40]
    assert b"EXPUNGEISSUED" in answer.tagged


def test_threads_go_by_the_row_or_by_the_message(connect: Connect, cast: Cast) -> None:
    from posthouse.base import sql
    from posthouse.base.db import action

    def letter(name: str, more: str) -> int:
        return make.email(
            cast.alice, f"Message-ID: <{name}@x.test>\r\nSubject: {name}\r\n{more}\r\nx\r\n".encode()
        )

    long = "\r\n ".join(f"<{number}@x.test>" for number in range(30))
    ids = [
        letter("a", ""),
        letter("b", "In-Reply-To: <a@x.test> <c@x.test>\r\n"),
        letter("c", "References: <a@x.test>\r\n <b@x.test>\r\nIn-Reply-To: <z@x.test>\r\n"),
        letter("d", f"References: <a@x.test>\r\n {long}\r\n"),
        letter("e", "References: <7@x.test>\r\n"),
        letter("f", ""),
    ]
    stored = {
        row[0]: row[1]
        for row in sql.rows(
            "SELECT id, parents FROM mail_email WHERE account_id = %s", [cast.alice.account_id]
        )
    }
    assert [stored[email_id] for email_id in ids] == [
        "", "a@x.test", "a@x.test b@x.test", None, "7@x.test", "",
    ]  # fmt: skip
    threads = connect().ok(b"THREAD REFERENCES UTF-8 ALL").untagged
    assert threads == [b"* THREAD (1 (2 3)(4)(5))(6)"]

    @action
    def as_before_the_column() -> None:
        sql.run(f"UPDATE mail_email SET parents = NULL WHERE id IN ({sql.marks(ids)})", ids)

    as_before_the_column()
    from posthouse.imapd import sorting
    from posthouse.mail import columns

    columns.forget()
    sorting.forget()
    assert connect().ok(b"THREAD REFERENCES UTF-8 ALL").untagged == threads


def test_a_store_of_many_tells_what_a_fetch_tells(connect: Connect, cast: Cast) -> None:
    for number in range(30):
        make.email(cast.alice, flags=number % 2)
    client = connect()
    client.ok(b"STORE 1:10 +FLAGS.SILENT (work \\Flagged)")
    client.ok(b"STORE 5:15 +FLAGS.SILENT (\\Deleted)")
    for command, unseen in (
        (b"+FLAGS (\\Seen play)", 0),
        (b"-FLAGS (\\Seen work \\Deleted)", 30),
        (b"FLAGS (\\Seen \\Deleted)", 0),
        (b"FLAGS (home)", 30),
    ):
        told = client.ok(b"STORE 1:* " + command).untagged
        assert told == client.ok(b"FETCH 1:* FLAGS").untagged
        assert b"(UNSEEN %d)" % unseen in client.ok(b"STATUS INBOX (UNSEEN)").untagged[0]
        assert connect().ok(b"FETCH 1:* FLAGS").untagged == told


WHOLE = b"(UID FLAGS ENVELOPE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (Subject From)])"


def test_a_whole_mailbox_reads_as_each_of_its_messages(connect: Connect, cast: Cast) -> None:
    """Also with gaps, and where header fields are too long to be ready."""
    from posthouse.imapd import rendering

    for number in range(rendering.KEPT_AT_ONCE + 40):
        make.email(cast.alice, subject=f"Letter {number}", text="x" * (number % 50))
    client = connect()

    def check() -> None:
        whole = client.ok(b"FETCH 1:* " + WHOLE).untagged
        each = [client.ok(b"FETCH %d %b" % (at, WHOLE)).untagged[0] for at in range(1, len(whole) + 1)]
        assert whole == each

    check()
    client.ok(b"STORE 20,30:32 +FLAGS.SILENT (\\Deleted)")
    client.ok(b"EXPUNGE")
    check()
    client.append(b'Subject: \xff\xfe\r\nFrom: "a\xe9" <x@y.test>\r\n\r\nbody\r\n')
    check()
    client.append(b"Subject: " + b"long " * 2000 + b"\r\n\r\nbody\r\n")
    check()
