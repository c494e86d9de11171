"""OBJECTID, SAVEDATE, PREVIEW, PARTIAL and INPROGRESS over a socket."""

import datetime as dt
import re
import time

import pytest

from posthouse.base import clock
from tests import make
from tests.imapd.client import Client


def item(name: bytes, line: bytes) -> bytes:
    found = re.search(rb"%b (\([^)]*\)|NIL|\"[^\"]*\")" % name, line)
    assert found is not None, line
    return found[1]


# --- OBJECTID (RFC 8474) ------------------------------------------------------------------------


@pytest.mark.rfc("8474")
def test_a_mailbox_has_one_id_under_every_name(connect):
    client = connect()
    made = re.search(rb"\[MAILBOXID (\(F\d+\))\]", client.ok(b"CREATE Work").tagged)[1]
    assert client.ok(b"STATUS Work (MAILBOXID MESSAGES)").untagged == [
        b'* STATUS "Work" (MAILBOXID %b MESSAGES 0)' % made
    ]
    client.ok(b"RENAME Work Play")
    assert b"[MAILBOXID %b]" % made in b"\n".join(client.ok(b"SELECT Play").untagged)
    told = client.ok(b'LIST "" Play RETURN (STATUS (MAILBOXID))').untagged
    assert told[-1] == b'* STATUS "Play" (MAILBOXID %b)' % made
    client.ok(b"DELETE Play")
    assert made not in client.ok(b"CREATE Play").tagged


@pytest.mark.rfc("8474")
def test_an_email_has_one_id_wherever_it_lies(connect):
    client = connect()
    client.append(make.message())
    client.append(make.message())
    first, second = (item(b"EMAILID", line) for line in client.ok(b"FETCH 1:2 (EMAILID)").untagged)
    assert first != second
    client.ok(b"COPY 1 Archive")
    client.ok(b"COPY 1 Archive")  # lies there already: a second e-mail, of the same id
    client.ok(b"COPY 1 Sent")
    client.ok(b"MOVE 1 Trash")
    for mailbox, count in ((b"Archive", 2), (b"Sent", 1), (b"Trash", 1)):
        client.ok(b"SELECT " + mailbox)
        lines = client.ok(b"UID FETCH 1:* (EMAILID)").untagged
        assert [item(b"EMAILID", line) for line in lines] == [first] * count
        value = first.strip(b"()")
        assert client.ok(b"SEARCH RETURN (COUNT) EMAILID " + value).untagged[0].endswith(b"COUNT %d" % count)
        assert client.ok(b"SEARCH EMAILID " + second.strip(b"()")).untagged == [b"* SEARCH"]
    client.ok(b"SELECT Archive")
    client.ok(b"COPY 2 Archive")  # a copy of the copy
    assert item(b"EMAILID", client.ok(b"FETCH 3 (EMAILID)").untagged[0]) == first


@pytest.mark.rfc("8474")
def test_answers_are_of_one_thread(connect):
    client = connect()
    client.append(b"Message-ID: <a@x>\r\nSubject: Plan\r\n\r\none")
    client.append(b"Message-ID: <b@x>\r\nSubject: Other\r\n\r\ntwo")
    client.append(b"Message-ID: <c@x>\r\nIn-Reply-To: <a@x>\r\nSubject: Re: Plan\r\n\r\nthree")
    ids = [item(b"THREADID", line) for line in client.ok(b"FETCH 1:3 (THREADID)").untagged]
    assert ids[0] == ids[2] != ids[1]
    assert client.ok(b"SEARCH THREADID " + ids[0].strip(b"()")).untagged == [b"* SEARCH 1 3"]
    for nothing in (b"T1", b"T", b"x", b"M%b" % ids[0].strip(b"()T"), b"T" + b"9" * 40):
        assert client.ok(b"SEARCH THREADID " + nothing).untagged == [b"* SEARCH"]


def test_items_of_rows_go_with_all_others(connect):
    client = connect()
    client.append(b"Subject: Hello\r\n\r\nWords.")
    line = client.ok(
        b"FETCH 1 (UID FLAGS EMAILID THREADID PREVIEW SAVEDATE ENVELOPE BODY.PEEK[TEXT])"
    ).untagged[0]
    assert re.match(
        rb'\* 1 FETCH \(UID 1 FLAGS \(\) EMAILID \(M\d+\) THREADID \(T\d+\) PREVIEW "Words."'
        rb' SAVEDATE ".{26}" ENVELOPE \(.*BODY\[TEXT\] \{6\}\r\nWords.\)\Z',
        line,
        re.S,
    ), line


# --- SAVEDATE (RFC 8514) ------------------------------------------------------------------------


def _at(client: Client, number: int) -> dt.datetime:
    told = item(b"SAVEDATE", client.ok(b"FETCH %d (SAVEDATE)" % number).untagged[0]).decode()
    return dt.datetime.strptime(told, '"%d-%b-%Y %H:%M:%S %z"')


@pytest.mark.rfc("8514")
def test_when_it_was_put_there_and_not_when_it_came(connect):
    client = connect()
    client.ok(b'APPEND INBOX "07-Feb-2020 10:00:00 +0000" {1+}\r\nx')
    now = clock.now()
    assert abs(_at(client, 1) - now) < dt.timedelta(seconds=60)
    later = clock.now_ms() / 1000 + 3 * 86_400
    clock.set_source(lambda: later)
    try:
        client.ok(b"COPY 1 Archive")
        client.ok(b"MOVE 1 Trash")
    finally:
        clock.set_source(None)
    for mailbox in (b"Archive", b"Trash"):
        client.ok(b"SELECT " + mailbox)
        assert abs(_at(client, 1).timestamp() - later) < 60
        day = (now + dt.timedelta(days=2)).strftime("%d-%b-%Y").encode()
        assert client.ok(b"SEARCH SAVEDSINCE " + day).untagged == [b"* SEARCH 1"]
        assert client.ok(b"SEARCH SAVEDBEFORE " + day).untagged == [b"* SEARCH"]
        day = clock.from_ms(round(later * 1000)).strftime("%d-%b-%Y").encode()
        assert client.ok(b"SEARCH SAVEDON " + day).untagged == [b"* SEARCH 1"]
        assert client.ok(b"SEARCH NOT SAVEDON " + day).untagged == [b"* SEARCH"]
    assert client.ok(b"SEARCH SAVEDATESUPPORTED").untagged == [b"* SEARCH 1"]
    assert client.ok(b"SEARCH BEFORE 8-Feb-2020").untagged == [b"* SEARCH 1"]


# --- PREVIEW (RFC 8970) -------------------------------------------------------------------------


@pytest.mark.rfc("8970")
def test_preview(connect):
    client = connect()
    client.append(b"Subject: x\r\n\r\nHello there,\r\n\r\n  what is up?\r\n")
    client.append("Content-Type: text/plain; charset=utf-8\r\n\r\nGrüße".encode())
    client.append(b"Subject: nothing\r\n\r\n")
    client.append(b"Subject: long\r\n\r\n" + b"word " * 500)
    lines = client.ok(b"FETCH 1:3 (PREVIEW)").untagged
    assert lines == [
        b'* 1 FETCH (PREVIEW "Hello there, what is up?")',
        "* 2 FETCH (PREVIEW {7}\r\nGrüße)".encode(),
        b'* 3 FETCH (PREVIEW "")',
    ]
    assert client.ok(b"FETCH 1:3 (PREVIEW (LAZY))").untagged == lines
    assert client.ok(b"FETCH 1 PREVIEW").untagged == lines[:1]
    assert client.ok(b"UID FETCH 1 (preview (lazy) FLAGS)").untagged[0].endswith(b"FLAGS ())")
    assert len(item(b"PREVIEW", client.ok(b"FETCH 4 PREVIEW").untagged[0])) <= 202
    assert client.run(b"FETCH 1 (PREVIEW (EAGER))").tagged.startswith(b"BAD ")
    assert client.ok(b"FETCH 1 PREVIEW (CHANGEDSINCE 1)").untagged[0].startswith(lines[0][:-1])


# --- PARTIAL (RFC 9394) -------------------------------------------------------------------------


@pytest.fixture
def ten(connect):
    """An INBOX with the UIDs 1 to 3 and 5 to 10."""
    client = connect()
    for _ in range(10):
        client.append(make.message())
    client.ok(b"STORE 4 +FLAGS.SILENT (\\Deleted)")
    client.ok(b"EXPUNGE")
    return client


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (b"1:3", b"1:3 1:3"),
        (b"3:5", b"3:5 3,5:6"),
        (b"5:3", b"5:3 3,5:6"),
        (b"-1:-2", b"-1:-2 9:10"),
        (b"-8:-7", b"-8:-7 2:3"),
        (b"8:20", b"8:20 9:10"),
        (b"20:30", b"20:30 NIL"),
        (b"-9:-90", b"-9:-90 1"),
        (b"-10:-11", b"-10:-11 NIL"),
    ],
)
@pytest.mark.rfc("9394")
def test_a_part_of_what_was_found(ten, part, told):
    assert (
        ten.ok(b"UID SEARCH RETURN (PARTIAL %b) ALL" % part).untagged[0].endswith(b"UID PARTIAL (%b)" % told)
    )
    uids = [
        int(line.split()[4].rstrip(b")"))
        for line in ten.ok(b"UID FETCH 1:* (UID) (PARTIAL %b)" % part).untagged
    ]
    spans = [tuple(map(int, span.split(b":"))) for span in told.split()[1].split(b",") if span != b"NIL"]
    assert uids == [uid for span in spans for uid in range(span[0], span[-1] + 1)]


@pytest.mark.rfc("9394")
def test_parts_by_number_with_the_rest_and_saved(ten):
    assert (
        ten.ok(b"SEARCH RETURN (PARTIAL 4:5 COUNT MIN) ALL")
        .untagged[0]
        .endswith(b"MIN 1 COUNT 9 PARTIAL (4:5 4:5)")
    )
    for returned, saved in (
        (b"PARTIAL 4:5", b"5 6"),
        (b"PARTIAL 4:5 MAX", b"5 6 10"),
        (b"PARTIAL -1:-2 MIN", b"1 9 10"),
        (b"MIN PARTIAL 4:5 MAX", b"1 5 6 10"),
        (b"PARTIAL 4:5 COUNT", b"1 2 3 5 6 7 8 9 10"),
        (b"PARTIAL 4:5 COUNT MAX", b"1 2 3 5 6 7 8 9 10"),
        (b"PARTIAL 40:50", b""),
    ):
        ten.ok(b"UID SEARCH RETURN (SAVE %b) ALL" % returned)
        assert ten.ok(b"UID SEARCH UID $").untagged == [(b"* SEARCH " + saved).rstrip()]


@pytest.mark.rfc("9394")
def test_a_part_of_what_changed(ten):
    modseq = int(re.search(rb"HIGHESTMODSEQ (\d+)", b"".join(ten.ok(b"SELECT INBOX").untagged))[1])
    ten.ok(b"UID STORE 2,5,9 +FLAGS.SILENT (\\Seen)")
    lines = ten.ok(b"UID FETCH 1:* (FLAGS) (PARTIAL -1:-2 CHANGEDSINCE %d)" % modseq).untagged
    assert [line.split()[4] for line in lines] == [b"5", b"9"]


@pytest.mark.parametrize(
    "line",
    [
        b"FETCH 1:* (FLAGS) (PARTIAL 1:2)",
        b"UID FETCH 1:* (FLAGS) (PARTIAL 1:-2)",
        b"UID FETCH 1:* (FLAGS) (PARTIAL 0:2)",
        b"UID FETCH 1:* (FLAGS) (PARTIAL 1:2 PARTIAL 3:4)",
        b"SEARCH RETURN (PARTIAL 1:2 ALL) ALL",
        b"SEARCH RETURN (PARTIAL 1:2 PARTIAL 3:4) ALL",
        b"SEARCH RETURN (PARTIAL) ALL",
        b"SEARCH RETURN (PARTIAL 1:99999999999) ALL",
    ],
)
@pytest.mark.rfc("9394")
def test_parts_that_make_no_sense(ten, line):
    assert ten.run(line).tagged.startswith(b"BAD ")


# --- INPROGRESS (RFC 9585) ----------------------------------------------------------------------


@pytest.mark.rfc("9585")
def test_a_long_search_says_how_far_it_is(door, cast):
    _, port = door(progress_after_seconds=0.02, progress_every_seconds=0.02)
    client = Client(port)
    client.log_in(cast.alice.email, cast.alice.password)
    client.ok(b"SELECT INBOX")
    for number in range(6):
        client.append(make.message(text=f"{number} " + "lorem ipsum\r\n" * 200_000))
    tag = client.start(b"SEARCH BODY nowhere")
    answer = client.finish(tag)
    client.close()
    told = [line for line in answer.untagged if b"INPROGRESS" in line]
    assert answer.is_ok and told
    for line in told:
        found = re.fullmatch(rb'\* OK \[INPROGRESS \("%b" (\d+|NIL) (\d+|NIL)\)\] .+' % tag, line)
        assert found is not None, line
    assert any(re.search(rb'" \d 6\)', line) for line in told)
    assert answer.untagged[-1] == b"* SEARCH"


@pytest.mark.rfc("9585")
def test_what_is_quick_says_nothing(connect):
    client = connect()
    client.append(make.message())
    started = time.monotonic()
    lines = client.ok(b"SEARCH ALL").untagged + client.ok(b"COPY 1 Archive").untagged
    assert time.monotonic() - started > 0.9 or not [line for line in lines if b"INPROGRESS" in line]
