"""SORT, THREAD and what RETURN adds to them, over a socket (RFC 5256, 5957, 5267 §3, 5182)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests import make
from tests.cast import Cast
from tests.imapd.client import Client


def letter(
    subject: str,
    sender: str,
    to: str,
    day: int,
    *,
    cc: str = "",
    more: str = "",
    text: str = "x",
    own: str = "",
) -> bytes:
    cc = f"Cc: {cc}\r\n" if cc else ""
    own = f"Message-ID: <{own}>\r\n" if own else ""
    return (
        f"From: {sender}\r\nTo: {to}\r\n{cc}Subject: {subject}\r\nDate: {day} Nov 2026 08:00:00 +0000\r\n{own}{more}"
        f"\r\n{text}\r\n"
    ).encode()


LETTERS = [
    letter("b", "Zoe <a@x.test>", "Bert <c@x.test>", 3, text="x" * 500),
    letter("Re: A", "Adam <c@x.test>", "b@x.test", 1, cc="q@x.test"),
    letter("a", "b@x.test", "Anna <d@x.test>, a@x.test", 2, cc="p@x.test", text="x" * 90),
    letter("[list] C", "=?utf-8?q?=C3=84nne?= <B@x.test>", "", 2),
]


@pytest.fixture
def client(connect: Callable[[], Client]) -> Client:
    client = connect()
    for place, raw in enumerate(LETTERS):
        client.ok(b'APPEND INBOX "%2d-Nov-2026 10:00:00 +0000" {%d+}\r\n' % (20 - place, len(raw)) + raw)
    return client


def order(client: Client, criteria: bytes, keys: bytes = b"ALL") -> list[int]:
    (line,) = client.ok(b"SORT (" + criteria + b") UTF-8 " + keys).lines(b"* SORT")
    return [int(word) for word in line.split()[2:]]


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        (b"SUBJECT", [2, 3, 1, 4]),
        (b"SUBJECT DATE", [2, 3, 1, 4]),
        (b"SUBJECT REVERSE DATE", [3, 2, 1, 4]),
        (b"REVERSE SUBJECT", [4, 1, 2, 3]),
        (b"ARRIVAL", [4, 3, 2, 1]),
        (b"DATE", [2, 3, 4, 1]),
        (b"REVERSE DATE", [1, 3, 4, 2]),
        (b"SIZE", [4, 2, 3, 1]),
        (b"FROM", [1, 3, 4, 2]),
        (b"TO", [4, 2, 1, 3]),
        (b"CC", [1, 4, 3, 2]),
        (b"DISPLAYFROM", [2, 4, 3, 1]),
        (b"DISPLAYTO", [4, 3, 2, 1]),
        (b"CC SUBJECT", [1, 4, 3, 2]),
    ],
)
@pytest.mark.rfc("5256", "5957")
def test_each_criterion(client: Client, criteria: bytes, expected: list[int]) -> None:
    assert order(client, criteria) == expected


@pytest.mark.rfc("5256")
def test_a_missing_date_is_the_arrival(client: Client) -> None:
    raw = b"From: a@x.test\r\n\r\nno date"
    client.ok(b'APPEND INBOX " 2-Nov-2026 07:00:00 +0000" {%d+}\r\n' % len(raw) + raw)
    assert order(client, b"DATE") == [2, 5, 3, 4, 1]


@pytest.mark.rfc("5256")
def test_only_what_is_searched(client: Client) -> None:
    assert order(client, b"SUBJECT", b"NOT 3 SMALLER 400") == [2, 4]
    assert client.ok(b"SORT (DATE) UTF-8 KEYWORD never").untagged == [b"* SORT"]
    client.ok(b"STORE 2 +FLAGS.SILENT (\\Deleted)")
    client.ok(b"EXPUNGE")
    assert client.ok(b"UID SORT (DATE) UTF-8 ALL").untagged == [b"* SORT 3 4 1"]
    assert client.ok(b"SORT (DATE) UTF-8 ALL").untagged == [b"* SORT 2 3 1"]


@pytest.mark.rfc("5267 §3")
def test_return_tells_as_esearch_in_the_order_asked_for(client: Client) -> None:
    (line,) = client.ok(b"SORT RETURN (MIN MAX COUNT ALL) (DATE) UTF-8 ALL").untagged
    assert re.fullmatch(rb'\* ESEARCH \(TAG "t\d+"\) MIN 2 MAX 1 COUNT 4 ALL 2:4,1', line), line
    (line,) = client.ok(b"UID SORT RETURN () (REVERSE ARRIVAL) UTF-8 ALL").untagged
    assert line.endswith(b" UID ALL 1:4")
    (line,) = client.ok(b"SORT RETURN (COUNT) (DATE) UTF-8 DRAFT").untagged
    assert line.endswith(b") COUNT 0")


@pytest.mark.rfc("5267 §3")
def test_saved_results_are_messages_and_no_order(client: Client) -> None:
    assert client.ok(b"SORT RETURN (SAVE) (DATE) UTF-8 NOT 2").untagged == []
    assert client.ok(b"UID SEARCH $").untagged == [b"* SEARCH 1 3 4"]
    client.ok(b"SORT RETURN (SAVE MIN MAX) (DATE) UTF-8 NOT 2")
    assert client.ok(b"UID SEARCH $").untagged == [b"* SEARCH 1 3"]
    assert order(client, b"DATE", b"$") == [3, 1]


def test_the_number_of_the_last_change_comes_along(client: Client) -> None:
    (line,) = client.ok(b"SORT (DATE) UTF-8 MODSEQ 1").untagged
    assert re.fullmatch(rb"\* SORT 2 3 4 1 \(MODSEQ \d+\)", line)


def test_what_is_refused(client: Client, connect: Callable[..., Client]) -> None:
    assert client.run(b"SORT (DATE) KOI8-R ALL").tagged.startswith(b"NO [BADCHARSET (UTF-8 US-ASCII)] ")
    assert client.run(b"SORT (COLOUR) UTF-8 ALL").tagged.startswith(b"BAD ")
    assert client.run(b"SORT (DATE) UTF-8 9").tagged.startswith((b"OK ", b"BAD "))
    assert connect(select=None).run(b"SORT (DATE) UTF-8 ALL").tagged.startswith(b"BAD ")


def test_capabilities(client: Client) -> None:
    words = client.ok(b"CAPABILITY").untagged[0].split()
    for word in (b"SORT", b"SORT=DISPLAY", b"ESORT", b"THREAD=REFERENCES", b"THREAD=ORDEREDSUBJECT"):
        assert word in words


@pytest.mark.rfc("5256")
def test_threads(connect: Callable[[], Client], cast: Cast) -> None:
    client = connect()
    client.append(letter("One", "a@x.test", "b@x.test", 1, own="1@x"))
    client.append(letter("Two", "a@x.test", "b@x.test", 2, own="2@x"))
    client.append(
        letter("Re: One", "a@x.test", "b@x.test", 3, own="3@x", more="In-Reply-To: <1@x> (his)\r\n")
    )
    client.append(
        letter("Other", "a@x.test", "b@x.test", 4, own="4@x", more="References: <1@x>\r\n\t<3@x>\r\n")
    )
    client.append(letter("Re: one", "a@x.test", "b@x.test", 5, own="5@x", more="References: <1@x>\r\n"))
    client.append(letter("two (fwd)", "a@x.test", "b@x.test", 6))
    assert client.ok(b"THREAD REFERENCES UTF-8 ALL").untagged == [b"* THREAD (1 (3 4)(5))(2 6)"]
    assert client.ok(b"THREAD REFERENCES UTF-8 ALL").untagged == [b"* THREAD (1 (3 4)(5))(2 6)"]
    assert client.ok(b"THREAD ORDEREDSUBJECT UTF-8 ALL").untagged == [b"* THREAD (1 (3)(5))(2 6)(4)"]
    assert client.ok(b"THREAD REFERENCES UTF-8 NOT 1:2").untagged == [b"* THREAD ((3 4)(5))(6)"]
    assert client.ok(b"THREAD REFERENCES UTF-8 DRAFT").untagged == [b"* THREAD"]
    client.ok(b"STORE 2 +FLAGS.SILENT (\\Deleted)")
    client.ok(b"EXPUNGE")
    assert client.ok(b"UID THREAD REFERENCES UTF-8 ALL").untagged == [b"* THREAD (1 (3 4)(5))(6)"]
    assert client.ok(b"THREAD REFERENCES UTF-8 ALL").untagged == [b"* THREAD (1 (2 3)(4))(5)"]


def test_a_sort_of_many_is_one_statement(connect: Callable[..., Client], cast: Cast) -> None:
    """All keys of a large mailbox come in one statement; nothing of it grows with the mailbox but rows."""
    from posthouse.base import sql
    from posthouse.base.timing import tally
    from posthouse.imapd import sorting
    from posthouse.imapd.progress import Progress
    from posthouse.wire.imap import search
    from posthouse.wire.imap.search import Search
    from posthouse.wire.imap.sort import Criterion, Sort

    for number in range(700):
        make.email(cast.alice, subject=f"Letter {number % 7}")
    row = sql.row(
        "SELECT id FROM mail_mailbox WHERE account_id = %s AND role = 'inbox'", [cast.alice.account_id]
    )
    assert row is not None
    command = Sort(
        criteria=tuple(map(Criterion, ("SUBJECT", "FROM", "DATE", "DISPLAYTO", "SIZE"))),
        search=Search(key=search.All(), returns=None, is_uid=True),
    )
    uids = list(range(1, 701))
    sorting.run(command, row[0], uids, lambda _: (), Progress())
    before = tally.queries
    found = sorting.run(command, row[0], uids, lambda _: (), Progress())
    assert len(found.uids) == 700 and found.uids[:2] == [1, 8]
    assert 1 <= tally.queries - before <= 3, "one for the columns, one look at the head of the mailbox"
