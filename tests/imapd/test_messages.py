"""APPEND, FETCH, STORE, COPY, MOVE, EXPUNGE, SEARCH over a socket."""

import re

import pytest

from tests import make

RAW = (
    b"From: Alice <alice@example.test>\r\nTo: bob@example.test\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
    b"Date: Sat, 21 Nov 2026 08:00:00 +0000\r\nMessage-ID: <one@example.test>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="xx"\r\n\r\npreamble\r\n--xx\r\nContent-Type: text/plain\r\n\r\n'
    b"Hello body.\r\n--xx\r\nContent-Type: application/octet-stream; name=a.bin\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\nAAECAw==\r\n--xx--\r\n"
)
ODD = b"X: \xff\xfe\x80\r\n\r\nbare\nline\rends\x01 \xe9 and no end"


def literal(line: bytes) -> bytes:
    """The one literal of a response."""
    found = re.search(rb"\{(\d+)\}\r\n", line)
    assert found is not None, line
    return line[found.end() : found.end() + int(found[1])]


@pytest.mark.rfc("9051 §6.3.12", "9051 §6.4.5")
def test_bytes_come_out_as_they_went_in(connect):
    client = connect()
    for number, raw in enumerate((RAW, ODD, b"x", b"\r\n", make.message(text="ü" * 200_000)), 1):
        client.append(raw)
        assert literal(client.ok(b"FETCH %d BODY.PEEK[]" % number).untagged[0]) == raw
        assert literal(client.ok(b"FETCH %d RFC822" % number).untagged[0]) == raw


def test_looking_again_shows_the_same_and_the_flags_of_now(connect):
    client = connect()
    client.append(RAW)
    client.append(ODD)
    for items in (b"(UID ENVELOPE BODYSTRUCTURE)", b"(UID FLAGS ENVELOPE BODYSTRUCTURE)", b"(UID BODY)"):
        first = client.ok(b"FETCH 1:2 " + items).untagged
        assert client.ok(b"FETCH 1:2 " + items).untagged == first
        assert b"".join(first).count(b"FETCH (UID") == 2
    client.ok(b"STORE 2 +FLAGS.SILENT (\\Flagged)")
    line = client.ok(b"FETCH 2 (UID FLAGS ENVELOPE BODYSTRUCTURE)").untagged[0]
    assert b"\\Flagged" in line
    assert b"ENVELOPE (" in line


@pytest.mark.rfc("9051 §6.3.12", "4315")
def test_append_tells_the_uid_and_keeps_flags_and_date(connect):
    client = connect()
    validity = re.search(rb"UIDVALIDITY (\d+)", b"".join(client.ok(b"SELECT INBOX").untagged))[1]
    answer = client.ok(
        b'APPEND INBOX (\\Seen $Label1 \\Deleted) " 7-Feb-2020 10:00:00 +0130" {%d+}\r\n' % len(RAW) + RAW
    )
    assert answer.untagged[0] == b"* 1 EXISTS"
    assert answer.tagged.startswith(b"OK [APPENDUID %b 1] " % validity)
    line = client.ok(b"FETCH 1 (FLAGS INTERNALDATE RFC822.SIZE UID)").untagged[0]
    assert b"FLAGS (\\Seen \\Deleted $label1)" in line
    assert b'INTERNALDATE " 7-Feb-2020 08:30:00 +0000"' in line
    assert b"RFC822.SIZE %d" % len(RAW) in line and b"UID 1" in line


@pytest.mark.rfc("9051 §6.3.12")
def test_append_to_nowhere_says_trycreate(connect):
    client = connect()
    assert client.run(b"APPEND Nowhere {1+}\r\nx").tagged.startswith(b"NO [TRYCREATE] ")
    assert client.run(b"COPY 1:* Nowhere").tagged.startswith((b"NO [TRYCREATE] ", b"BAD "))


@pytest.mark.rfc("5530")
def test_append_to_a_full_account_says_overquota(connect, cast):
    from posthouse.mail.models import Account

    client = connect()
    from posthouse.base import db

    db.run(lambda: Account.objects.filter(id=cast.alice.account_id).update(quota_bytes=10), (), {})
    assert client.run(b"APPEND INBOX {%d+}\r\n" % len(RAW) + RAW).tagged.startswith(b"NO [OVERQUOTA] ")


@pytest.mark.rfc("9051 §6.4.5")
@pytest.mark.parametrize(
    ("section", "expected"),
    [
        (b"BODY.PEEK[1]", b"Hello body."),
        (b"BODY.PEEK[1.MIME]", b"Content-Type: text/plain\r\n\r\n"),
        (b"BODY.PEEK[2]", b"AAECAw=="),
        (b"BODY.PEEK[HEADER.FIELDS (subject X-None)]", b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\n"),
        (b"BODY.PEEK[]<0.5>", b"From:"),
        (b"BODY.PEEK[]<5.7>", b" Alice "),
        (b"BODY.PEEK[]<100000.5>", b""),
        (b"BODY.PEEK[1]<6.100>", b"body."),
        (b"RFC822.HEADER", RAW[: RAW.index(b"\r\n\r\n") + 4]),
        (b"BODY.PEEK[HEADER]", RAW[: RAW.index(b"\r\n\r\n") + 4]),
        (b"BODY.PEEK[TEXT]", RAW[RAW.index(b"\r\n\r\n") + 4 :]),
    ],
)
def test_sections(connect, section, expected):
    client = connect()
    client.append(RAW)
    line = client.ok(b"FETCH 1 (" + section + b")").untagged[0]
    assert literal(line) == expected
    assert b"FLAGS" not in line
    assert line.startswith(b"* 1 FETCH (" + section.replace(b".PEEK", b"").partition(b"<")[0].split(b" ")[0])


@pytest.mark.rfc("9051 §6.4.5")
def test_a_part_that_is_not_there_is_nil(connect):
    client = connect()
    client.append(RAW)
    assert client.ok(b"FETCH 1 BODY.PEEK[7]").untagged == [b"* 1 FETCH (BODY[7] NIL)"]


@pytest.mark.rfc("3516")
def test_binary_undoes_the_transfer_encoding(connect):
    client = connect()
    client.append(RAW)
    assert client.ok(b"FETCH 1 BINARY.PEEK[2]").untagged == [b"* 1 FETCH (BINARY[2] ~{4}\r\n\0\1\2\3)"]
    assert client.ok(b"FETCH 1 BINARY.SIZE[2]").untagged == [b"* 1 FETCH (BINARY.SIZE[2] 4)"]
    assert client.ok(b"FETCH 1 BINARY.PEEK[2]<1.2>").untagged == [b"* 1 FETCH (BINARY[2]<1> {2}\r\n\1\2)"]
    assert client.ok(b"FETCH 1 BINARY[1]").untagged[0].endswith(b"Hello body. FLAGS (\\Seen))")


@pytest.mark.rfc("3516")
def test_binary_of_an_encoding_that_is_not_known(connect):
    client = connect()
    client.append(b"Content-Type: text/plain\r\nContent-Transfer-Encoding: x-rot13\r\n\r\nUryyb")
    client.append(RAW)
    for item in (b"BINARY.PEEK[1]", b"BINARY.SIZE[1]", b"BINARY[1]"):
        answer = client.run(b"FETCH 1 " + item)
        assert answer.tagged.startswith(b"NO [UNKNOWN-CTE] ") and not answer.untagged
    assert client.ok(b"FETCH 1 (FLAGS BODY.PEEK[1])").untagged == [
        b"* 1 FETCH (FLAGS () BODY[1] {5}\r\nUryyb)"
    ]
    assert client.ok(b"FETCH 2 BINARY.SIZE[2]").untagged == [b"* 2 FETCH (BINARY.SIZE[2] 4)"]


def test_a_large_message_in_pieces(connect):
    client = connect()
    raw = make.message(text="".join(f"line {number}\r\n" for number in range(20_000)))
    client.append(raw)
    pieces = [
        literal(client.ok(b"UID FETCH 1 BODY.PEEK[]<%d.50000>" % at).untagged[0])
        for at in range(0, len(raw), 50_000)
    ]
    assert b"".join(pieces) == raw


@pytest.mark.rfc("9051 §6.4.5")
def test_fetch_macros_and_structure(connect):
    client = connect()
    client.append(RAW)
    line = client.ok(b"FETCH 1 FULL").untagged[0]
    for word in (b"FLAGS ()", b"INTERNALDATE ", b"RFC822.SIZE ", b"ENVELOPE (", b"BODY (("):
        assert word in line
    assert line.isascii()
    assert b'BODYSTRUCTURE (("text" "plain"' in client.ok(b"FETCH 1 BODYSTRUCTURE").untagged[0]


@pytest.mark.rfc("9051 §6.4.5")
def test_reading_a_body_marks_it_seen_and_says_so(connect):
    client, other = connect(), connect()
    client.append(RAW)
    other.ok(b"NOOP")
    assert client.ok(b"FETCH 1 BODY[TEXT]").untagged[0].endswith(b" FLAGS (\\Seen))")
    assert client.ok(b"FETCH 1 BODY[TEXT]").untagged[0].count(b"FLAGS") == 0
    assert other.ok(b"NOOP").untagged == [b"* 1 FETCH (UID 1 FLAGS (\\Seen))"]


@pytest.mark.rfc("9051 §6.3.3")
def test_reading_read_only_marks_nothing(connect):
    client = connect(select=None)
    client.append(RAW)
    assert client.ok(b"EXAMINE INBOX").tagged.startswith(b"OK [READ-ONLY] ")
    client.ok(b"FETCH 1 BODY[]")
    assert client.ok(b"FETCH 1 FLAGS").untagged == [b"* 1 FETCH (FLAGS ())"]
    for line in (b"STORE 1 FLAGS (\\Seen)", b"EXPUNGE", b"MOVE 1 Trash", b"UID EXPUNGE 1"):
        assert client.run(line).tagged.startswith(b"NO [READ-ONLY] "), line


@pytest.mark.rfc("9051 §6.4.9")
def test_uid_fetch_gives_the_uid_and_ignores_unknown_ones(connect):
    client = connect()
    for _ in range(3):
        client.append(RAW)
    assert client.ok(b"UID FETCH 2 FLAGS").untagged == [b"* 2 FETCH (UID 2 FLAGS ())"]
    assert client.ok(b"UID FETCH 7:9 FLAGS").untagged == []
    assert client.ok(b"UID FETCH 9:3 FLAGS").untagged == [b"* 3 FETCH (UID 3 FLAGS ())"]
    assert client.ok(b"UID FETCH 9:* FLAGS").untagged == [b"* 3 FETCH (UID 3 FLAGS ())"]
    assert client.run(b"FETCH 4 FLAGS").tagged.startswith(b"BAD ")
    assert len(client.ok(b"FETCH 1:3 FLAGS").untagged) == 3


def test_fetch_from_an_empty_mailbox(connect):
    client = connect()
    assert client.ok(b"UID FETCH 1:* FLAGS").untagged == []
    assert client.run(b"FETCH 1:* FLAGS").tagged.startswith(b"BAD ")


def test_many_messages_come_in_order(connect, cast):
    client = connect(select=None)
    for number in range(1203):
        make.email(cast.alice, make.message(text=f"{number}\r\n" + "x" * 3000))
    client.ok(b"SELECT INBOX")
    lines = client.ok(b"FETCH 1:* (UID BODY.PEEK[TEXT])").untagged
    assert [literal(line).split(b"\r\n")[0] for line in lines] == [b"%d" % n for n in range(1203)]
    assert len(client.ok(b"UID FETCH 1,3,5:1200 FLAGS").untagged) == 1198


@pytest.mark.rfc("9051 §6.4.6")
def test_store(connect):
    client = connect()
    client.append(RAW)
    assert client.ok(b"STORE 1 +FLAGS (\\Seen $Work)").untagged == [b"* 1 FETCH (FLAGS (\\Seen $work))"]
    assert client.ok(b"UID STORE 1 -FLAGS \\Seen").untagged == [b"* 1 FETCH (UID 1 FLAGS ($work))"]
    assert client.ok(b"STORE 1 FLAGS.SILENT (\\Flagged)").untagged == []
    assert client.ok(b"FETCH 1 FLAGS").untagged == [b"* 1 FETCH (FLAGS (\\Flagged))"]
    assert client.ok(b"STORE 1 FLAGS ()").untagged == [b"* 1 FETCH (FLAGS ())"]
    assert client.run(b"STORE 1 +FLAGS (\\Frob)").tagged.startswith(b"BAD ")
    assert client.run(b"STORE 2 +FLAGS (\\Seen)").tagged.startswith(b"BAD ")
    assert client.ok(b"UID STORE 2 +FLAGS (\\Seen)").untagged == []


@pytest.mark.rfc("9051 §6.4.6")
def test_keywords_for_which_there_is_no_room_are_refused(connect):
    client = connect()
    client.append(RAW, flags=b"first")
    client.append(RAW)
    full = b" ".join(b"word%d" % number for number in range(63))
    client.ok(b"STORE 1 +FLAGS.SILENT (" + full + b")")
    before = client.ok(b"FETCH 1 FLAGS").untagged
    assert b"(first " in before[0] and b"word62" in before[0]
    for line in (
        b"STORE 1 +FLAGS (another)",
        b"STORE 1:2 +FLAGS.SILENT (another \\Seen)",
        b"STORE 2 FLAGS (" + b"x" * 65 + b")",
        b"STORE 2 FLAGS (one two " + full + b")",
        b"APPEND INBOX (" + b"x" * 65 + b") {3+}\r\nabc",
    ):
        assert client.run(line).tagged.startswith(b"NO [LIMIT] "), line
    assert client.ok(b"FETCH 1:2 FLAGS").untagged == [*before, b"* 2 FETCH (FLAGS ())"]
    client.ok(b"STORE 1 -FLAGS.SILENT (word62)")
    client.ok(b"STORE 1 +FLAGS.SILENT (another $Junk)")
    assert b"another" in client.ok(b"FETCH 1 FLAGS").untagged[0]


def test_the_junk_keywords_of_thunderbird_are_ours(connect):
    client = connect()
    client.append(RAW)
    assert client.ok(b"STORE 1 +FLAGS (Junk)").untagged == [b"* 1 FETCH (FLAGS ($Junk))"]
    assert client.ok(b"SEARCH KEYWORD $Junk").untagged == [b"* SEARCH 1"]


@pytest.mark.rfc("9051 §6.4.3", "9051 §7.5")
def test_expunge_tells_numbers_that_hold_one_after_the_other(connect):
    client = connect()
    for _ in range(5):
        client.append(RAW)
    client.ok(b"STORE 2,4 +FLAGS.SILENT (\\Deleted)")
    shown = [int(line.split()[1]) for line in client.ok(b"EXPUNGE").untagged]
    left = [1, 2, 3, 4, 5]
    for number in shown:
        del left[number - 1]
    assert left == [1, 3, 5]
    assert client.ok(b"UID SEARCH ALL").untagged == [b"* SEARCH 1 3 5"]


@pytest.mark.rfc("4315", "9051 §6.4.9")
def test_uid_expunge_removes_only_what_it_names(connect):
    client = connect()
    for _ in range(3):
        client.append(RAW, flags=b"\\Deleted")
    assert client.ok(b"UID EXPUNGE 2").untagged == [b"* 2 EXPUNGE"]
    assert client.ok(b"UID SEARCH ALL").untagged == [b"* SEARCH 1 3"]


@pytest.mark.rfc("9051 §6.4.1", "9051 §6.4.2")
def test_close_removes_and_unselect_does_not(connect):
    client = connect()
    client.append(RAW, flags=b"\\Deleted")
    assert client.ok(b"UNSELECT").untagged == []
    assert b"* 1 EXISTS" in client.ok(b"SELECT INBOX").untagged
    assert client.ok(b"CLOSE").untagged == []
    assert b"* 0 EXISTS" in client.ok(b"SELECT INBOX").untagged
    assert client.run(b"CHECK").is_ok
    client.ok(b"CLOSE")
    assert client.run(b"CHECK").tagged.startswith(b"BAD ")


@pytest.mark.rfc("9051 §6.4.7", "4315")
def test_copy_tells_copyuid(connect):
    client = connect()
    for _ in range(3):
        client.append(RAW)
    validity = re.search(rb"UIDVALIDITY (\d+)", client.ok(b"STATUS Archive (UIDVALIDITY)").untagged[0])[1]
    assert client.ok(b"COPY 1,3 Archive").tagged.startswith(b"OK [COPYUID %b 1,3 1:2] " % validity)
    assert client.ok(b"UID COPY 2 Archive").tagged.startswith(b"OK [COPYUID %b 2 3] " % validity)
    assert b"MESSAGES 3" in client.ok(b"STATUS Archive (MESSAGES)").untagged[0]
    assert client.ok(b"UID COPY 99 Archive").tagged.startswith(b"OK ")


@pytest.mark.rfc("9051 §6.4.7")
def test_copy_into_the_same_mailbox_makes_a_second_one(connect):
    client = connect()
    client.append(RAW)
    answer = client.ok(b"COPY 1 INBOX")
    assert b"* 2 EXISTS" in answer.untagged and b" 1 2] " in answer.tagged
    client.ok(b"STORE 2 +FLAGS (\\Flagged)")
    assert client.ok(b"FETCH 1 FLAGS").untagged == [b"* 1 FETCH (FLAGS ())"]


@pytest.mark.rfc("6851")
def test_move_tells_copyuid_before_expunge(connect):
    client = connect()
    for _ in range(3):
        client.append(RAW)
    answer = client.ok(b"UID MOVE 1:2 Archive")
    assert b"[COPYUID " in answer.untagged[0] and b" 1:2 1:2] " in answer.untagged[0]
    assert sorted(answer.untagged[1:]) == [b"* 1 EXPUNGE", b"* 2 EXPUNGE"]
    assert client.ok(b"UID SEARCH ALL").untagged == [b"* SEARCH 3"]
    client.ok(b"SELECT Archive")
    assert literal(client.ok(b"FETCH 2 BODY.PEEK[]").untagged[0]) == RAW


SEARCHES = [
    (b"ALL", [1, 2, 3]),
    (b"SEEN", [2]),
    (b"UNSEEN", [1, 3]),
    (b"FLAGGED", [3]),
    (b"DELETED", [3]),
    (b"UNDELETED", [1, 2]),
    (b"KEYWORD work", [2]),
    (b"UNKEYWORD Work", [1, 3]),
    (b"OR SEEN FLAGGED", [2, 3]),
    (b"NOT (OR SEEN FLAGGED)", [1]),
    (b"SEEN FLAGGED", []),
    (b"2:*", [2, 3]),
    (b"UID 1,3", [1, 3]),
    (b"NOT 2", [1, 3]),
    (b"FROM carol", [2]),
    (b'FROM "Carol <ca"', [2]),
    (b"FROM name", []),
    (b"TO dave@x.test", [3]),
    (b"CC erin", [3]),
    (b"BCC frank", [3]),
    (b'SUBJECT "GR\xc3\x9cSSE"', [1]),
    ("SUBJECT {7+}\r\nGrüße".encode(), [1]),
    (b"HEADER Message-ID <two@x.test>", [2]),
    (b"HEADER X-Own value", [3]),
    (b'HEADER X-Own ""', [3]),
    (b"HEADER X-None x", []),
    (b"BODY needle", [2]),
    (b"BODY Subject", []),
    (b"TEXT X-Own", [3]),
    (b"TEXT NEEDLE", [2]),
    (b'BODY "caf\xc3\xa9 au"', [3]),
    (b"LARGER 1000", [2]),
    (b"SMALLER 1000", [1, 3]),
    (b"SINCE 1-Jan-2026", [1]),
    (b"BEFORE 1-Jan-2026", [2, 3]),
    (b"ON 5-May-2020", [2]),
    (b"SENTON 3-Mar-2019", [3]),
    (b"SENTBEFORE 1-Jan-2020", [3]),
    (b"SENTSINCE 1-Jan-2020", [1, 2]),
    (b"YOUNGER 3600", [1]),
    (b"OLDER 3600", [2, 3]),
    (b"RECENT", []),
    (b"OLD", [1, 2, 3]),
    (b"MODSEQ 1", [1, 2, 3]),
]


@pytest.fixture
def library(connect):
    """Three messages that differ in everything one can search for."""
    client = connect()
    client.append(RAW)
    two = (
        b"From: Carol <carol@x.test>\r\nSubject: two\r\nMessage-ID: <two@x.test>\r\n"
        b"Date: Tue, 5 May 2020 08:00:00 +0000\r\nContent-Type: text/html; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + b"PGI+bjxpPmVlZGxlPC9pPjwvYj4g" * 80 + b"\r\n"
    )
    three = (
        b"From: x@x.test\r\nTo: Dave <dave@x.test>\r\nCc: erin@x.test\r\nBcc: frank@x.test\r\nX-Own: a value\r\n"
        b"Date: Sun, 3 Mar 2019 08:00:00 +0000\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n"
        b"caf\xe9 au lait\r\n"
    )
    client.ok(b'APPEND INBOX (\\Seen Work) "05-May-2020 10:00:00 +0000" {%d+}\r\n' % len(two) + two)
    client.ok(
        b'APPEND INBOX (\\Flagged \\Deleted) "03-Mar-2019 10:00:00 +0000" {%d+}\r\n' % len(three) + three
    )
    return client


@pytest.mark.rfc("9051 §6.4.4", "5032")
@pytest.mark.parametrize(("keys", "expected"), SEARCHES, ids=lambda value: repr(value)[:40])
def test_search(library, keys, expected):
    line = library.ok(b"SEARCH CHARSET UTF-8 " + keys).untagged[0]
    assert line.removeprefix(b"* SEARCH").partition(b" (MODSEQ")[0].split() == [b"%d" % n for n in expected]


@pytest.mark.rfc("4731")
def test_search_answers(library):
    client = library
    client.ok(b"UID STORE 1 +FLAGS (\\Deleted)")
    client.ok(b"UID EXPUNGE 1")
    assert client.ok(b"SEARCH ALL").untagged == [b"* SEARCH 1 2"]
    assert client.ok(b"UID SEARCH ALL").untagged == [b"* SEARCH 2 3"]
    assert client.ok(b"SEARCH DRAFT").untagged == [b"* SEARCH"]
    extended = client.ok(b"UID SEARCH RETURN (MIN MAX COUNT ALL) ALL").untagged[0]
    assert re.fullmatch(rb'\* ESEARCH \(TAG "t\d+"\) UID MIN 2 MAX 3 COUNT 2 ALL 2:3', extended)
    assert re.fullmatch(
        rb'\* ESEARCH \(TAG "t\d+"\) COUNT 0', client.ok(b"SEARCH RETURN (MIN COUNT) DRAFT").untagged[0]
    )
    assert client.run(b"SEARCH CHARSET KOI8-R ALL").tagged.startswith(b"NO [BADCHARSET (UTF-8 US-ASCII)] ")


@pytest.mark.rfc("5182")
def test_a_search_result_can_be_saved_and_used(library):
    assert library.ok(b"SEARCH RETURN (SAVE) UNSEEN").untagged == []
    assert library.ok(b"FETCH $ UID").untagged == [b"* 1 FETCH (UID 1)", b"* 3 FETCH (UID 3)"]
    assert library.ok(b"UID SEARCH $ FLAGGED").untagged == [b"* SEARCH 3"]
    library.ok(b"UID SEARCH RETURN (SAVE MIN) ALL")
    assert library.ok(b"UID FETCH $ FLAGS").untagged[0].startswith(b"* 1 FETCH")
    library.ok(b"SELECT INBOX")
    assert library.ok(b"FETCH $ UID").untagged == []


@pytest.mark.rfc("5182")
def test_what_was_saved_outlives_all_but_a_no(connect):
    client = connect()
    for _ in range(3):
        client.append(RAW)
    client.ok(b"SEARCH RETURN (SAVE) ALL")
    client.append(RAW)
    assert client.run(b"SEARCH RETURN (SAVE) NONSENSE").tagged.startswith(b"BAD ")
    assert client.run(b"SEARCH CHARSET KOI8-R ALL").tagged.startswith(b"NO [BADCHARSET ")
    client.ok(b"STORE 2 +FLAGS.SILENT (\\Deleted)")
    client.ok(b"EXPUNGE")
    assert client.ok(b"FETCH $ UID").untagged == [b"* 1 FETCH (UID 1)", b"* 2 FETCH (UID 3)"]
    for line in (b"SEARCH RETURN (SAVE) CHARSET KOI8-R ALL", b"SORT RETURN (SAVE) (DATE) KOI8-R ALL"):
        client.ok(b"SEARCH RETURN (SAVE) ALL")
        assert client.run(line).tagged.startswith(b"NO [BADCHARSET ")
        assert client.ok(b"FETCH $ UID").untagged == []


@pytest.mark.rfc("7162 §3.1.3", "7162 §3.1.4", "7162 §3.1.5", "5161")
def test_condstore(connect):
    client = connect()
    client.append(RAW)
    client.append(RAW)
    line = client.ok(b"FETCH 1:2 (MODSEQ)").untagged
    first = int(re.search(rb"MODSEQ \((\d+)\)", line[0])[1])
    assert len(client.ok(b"UID FETCH 1:* FLAGS (CHANGEDSINCE 0)").untagged) == 2
    answer = client.ok(b"STORE 1 +FLAGS.SILENT (\\Seen)").untagged
    later = int(re.search(rb"\* 1 FETCH \(UID 1 MODSEQ \((\d+)\)\)", answer[0])[1])
    assert later > first
    changed = client.ok(b"UID FETCH 1:* FLAGS (CHANGEDSINCE %d)" % (later - 1)).untagged
    assert len(changed) == 1 and changed[0].startswith(b"* 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (")
    stale = client.ok(b"STORE 1:2 (UNCHANGEDSINCE %d) +FLAGS (\\Flagged)" % (later - 1))
    assert b"[MODIFIED 1]" in stale.tagged
    assert [line.split()[1] for line in stale.untagged] == [b"2"]
    assert b"HIGHESTMODSEQ" in client.ok(b"STATUS INBOX (HIGHESTMODSEQ)").untagged[0]


def test_in_a_large_mailbox_the_same_is_found(library, cast):
    """From 200 messages on the database looks for itself."""
    for _ in range(250):
        make.email(cast.alice)
    library.ok(b"NOOP")
    for keys, expected in SEARCHES:
        line = library.ok(b"SEARCH CHARSET UTF-8 " + keys).untagged[0]
        found = [int(word) for word in line.removeprefix(b"* SEARCH").partition(b" (MODSEQ")[0].split()]
        assert [number for number in found if number <= 3] == expected, keys
