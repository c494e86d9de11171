"""CONDSTORE and QRESYNC: what a client that was away is told when it comes back (RFC 7162)."""

import re

import pytest

from posthouse.base import clock
from tests import make


def modseq_of(lines: list[bytes]) -> int:
    found = re.search(rb"HIGHESTMODSEQ (\d+)", b"\n".join(lines))
    assert found is not None, lines
    return int(found[1])


def validity_of(lines: list[bytes]) -> int:
    return int(re.search(rb"UIDVALIDITY (\d+)", b"\n".join(lines))[1])


@pytest.fixture
def filled(connect):
    """A client with QRESYNC in an INBOX of five, and what SELECT told it."""
    client = connect(select=None)
    assert client.ok(b"ENABLE QRESYNC").untagged == [b"* ENABLED QRESYNC"]
    for _ in range(5):
        client.append(make.message())
    lines = client.ok(b"SELECT INBOX").untagged
    return client, validity_of(lines), modseq_of(lines)


def back(connect, argument: bytes, *, mailbox: bytes = b"INBOX") -> list[bytes]:
    """Come back: what SELECT says of what was missed."""
    client = connect(select=None)
    client.ok(b"ENABLE QRESYNC")
    lines = client.ok(b"SELECT %b (QRESYNC (%b))" % (mailbox, argument)).untagged
    return [line for line in lines if b"VANISHED" in line or b"FETCH" in line]


@pytest.mark.rfc("7162 §3.2.3")
def test_enabling_brings_condstore_and_tells_where_an_open_mailbox_stands(connect):
    client = connect()
    client.append(make.message())
    lines = client.ok(b"ENABLE QRESYNC").untagged
    assert modseq_of(lines[:1]) > 1
    assert b"MODSEQ (" in client.ok(b"STORE 1 +FLAGS.SILENT (\\Seen)").untagged[0]


@pytest.mark.rfc("7162 §3.2.3")
def test_it_must_be_enabled_first(connect):
    client = connect()
    assert client.run(b"SELECT INBOX (QRESYNC (1 1))").tagged.startswith(b"BAD ")
    assert client.run(b"UID FETCH 1:* (FLAGS) (CHANGEDSINCE 1 VANISHED)").tagged.startswith(b"BAD ")
    client.ok(b"NOOP")


@pytest.mark.parametrize(
    "argument",
    [b"", b"(1)", b"(1 2", b"(0 x)", b"(1 2 1:*)", b"(1 2 $)", b"(1 2 (1:3))", b"(1 2 1:3 (1 *))"],
)
@pytest.mark.rfc("7162 §3.2.5")
def test_bad_arguments(filled, argument):
    client, _, _ = filled
    assert client.run(b"SELECT INBOX (QRESYNC %b)" % argument).tagged.startswith(b"BAD ")


@pytest.mark.rfc("7162 §3.2.5")
def test_who_missed_nothing_is_told_nothing(filled, connect):
    _, validity, modseq = filled
    assert back(connect, b"%d %d" % (validity, modseq)) == []


@pytest.mark.rfc("7162 §3.2.5")
def test_what_changed_and_what_vanished(filled, connect):
    client, validity, modseq = filled
    client.ok(b"UID STORE 2,4 +FLAGS.SILENT (\\Deleted)")
    client.ok(b"EXPUNGE")
    client.ok(b"UID STORE 3 +FLAGS.SILENT (\\Flagged)")
    client.append(make.message())
    told = back(connect, b"%d %d" % (validity, modseq))
    assert told[0] == b"* VANISHED (EARLIER) 2,4"
    assert re.fullmatch(rb"\* 2 FETCH \(UID 3 FLAGS \(\\Flagged\) MODSEQ \(\d+\)\)", told[1])
    assert re.fullmatch(rb"\* 4 FETCH \(UID 6 FLAGS \(\) MODSEQ \(\d+\)\)", told[2])
    assert len(told) == 3


@pytest.mark.rfc("7162 §3.2.5")
def test_only_of_what_the_client_knows(filled, connect):
    client, validity, modseq = filled
    client.ok(b"UID STORE 1,5 +FLAGS.SILENT (\\Deleted)")
    client.ok(b"EXPUNGE")
    client.ok(b"UID STORE 2:4 +FLAGS.SILENT (\\Seen)")
    told = back(connect, b"%d %d 3:9" % (validity, modseq))
    assert told[0] == b"* VANISHED (EARLIER) 5"
    assert [line.split()[1:5] for line in told[1:]] == [
        [b"2", b"FETCH", b"(UID", b"3"],
        [b"3", b"FETCH", b"(UID", b"4"],
    ]


@pytest.mark.rfc("7162 §3.2.5")
def test_another_uidvalidity_is_a_plain_select(filled, connect):
    client, validity, modseq = filled
    client.ok(b"STORE 1 +FLAGS (\\Seen)")
    assert back(connect, b"%d %d" % (validity - 1, modseq)) == []


def test_what_was_moved_away_has_vanished(filled, connect):
    client, validity, modseq = filled
    answer = client.ok(b"UID MOVE 2:3 Archive")
    assert b"[COPYUID " in answer.untagged[0]
    assert answer.untagged[1] == b"* VANISHED 2:3"
    assert answer.tagged.startswith(b"OK [HIGHESTMODSEQ %d] " % (modseq + 1))
    assert back(connect, b"%d %d" % (validity, modseq)) == [b"* VANISHED (EARLIER) 2:3"]


@pytest.mark.rfc("7162 §3.2.10")
def test_vanished_stands_for_expunge_once_enabled(filled, connect):
    client, _, _ = filled
    other = connect()
    client.idle()
    other.ok(b"STORE 1:2,4 +FLAGS.SILENT (\\Deleted)")
    lines = [client.line() for _ in range(3)]
    assert all(re.search(rb"UID \d .*MODSEQ \(\d+\)", line) for line in lines)
    assert other.ok(b"EXPUNGE").untagged == [b"* 4 EXPUNGE", b"* 2 EXPUNGE", b"* 1 EXPUNGE"]
    assert client.line() == b"* VANISHED 1:2,4"


@pytest.mark.rfc("7162 §3.2.10")
def test_vanished_waits_as_expunge_does(filled, connect):
    client, _, _ = filled
    other = connect()
    other.ok(b"STORE 1 +FLAGS.SILENT (\\Deleted)")
    other.ok(b"EXPUNGE")
    for line in (b"FETCH 1:3 (UID)", b"SEARCH ALL", b"STORE 2 +FLAGS (\\Seen)"):
        assert client.ok(line).lines(b"VANISHED") == []
    assert client.ok(b"NOOP").untagged[-1] == b"* VANISHED 1"


@pytest.mark.rfc("7162 §3.2.7")
def test_expunge_tells_how_far_the_mailbox_has_come(filled, connect):
    client, validity, _ = filled
    assert client.ok(b"STORE 1 +FLAGS.SILENT (\\Deleted)")
    answer = client.ok(b"EXPUNGE")
    assert answer.untagged == [b"* VANISHED 1"]
    modseq = modseq_of([answer.tagged])
    assert back(connect, b"%d %d" % (validity, modseq)) == []
    client.ok(b"UID STORE 2 +FLAGS.SILENT (\\Deleted)")
    modseq = modseq_of([client.ok(b"UID EXPUNGE 2").tagged])
    assert back(connect, b"%d %d" % (validity, modseq)) == []
    client.ok(b"UID STORE 3 +FLAGS.SILENT (\\Deleted)")
    modseq = modseq_of([client.ok(b"CLOSE").tagged])
    assert back(connect, b"%d %d" % (validity, modseq)) == []


@pytest.mark.rfc("7162 §3.2.8")
def test_close_keeps_its_number_to_itself_when_something_is_untold(filled, connect):
    client, _, _ = filled
    client.ok(b"UID STORE 3 +FLAGS.SILENT (\\Deleted)")
    connect().ok(b"STORE 1 +FLAGS (\\Flagged)")
    assert b"HIGHESTMODSEQ" not in client.ok(b"CLOSE").tagged


@pytest.mark.rfc("7162 §3.2.7")
def test_without_qresync_expunge_says_no_number(connect):
    client = connect()
    client.append(make.message(), flags=b"\\Deleted")
    assert b"HIGHESTMODSEQ" not in client.ok(b"EXPUNGE").tagged


@pytest.mark.rfc("7162 §3.2.6")
def test_fetch_tells_what_vanished_of_what_was_asked(filled):
    client, _, modseq = filled
    client.ok(b"UID STORE 2,5 +FLAGS.SILENT (\\Deleted)")
    client.ok(b"EXPUNGE")
    client.ok(b"UID STORE 1 +FLAGS.SILENT (\\Seen)")
    lines = client.ok(b"UID FETCH 1:* (FLAGS) (CHANGEDSINCE %d VANISHED)" % modseq).untagged
    assert lines[0] == b"* VANISHED (EARLIER) 2,5"
    assert re.fullmatch(rb"\* 1 FETCH \(UID 1 FLAGS \(\\Seen\) MODSEQ \(\d+\)\)", lines[1])
    lines = client.ok(b"UID FETCH 3:4 (FLAGS) (CHANGEDSINCE %d VANISHED)" % modseq).untagged
    assert lines == []
    for bad in (
        b"UID FETCH 1:* (FLAGS) (VANISHED)",
        b"FETCH 1 (FLAGS) (CHANGEDSINCE 1 VANISHED)",
    ):
        assert client.run(bad).tagged.startswith(b"BAD ")


def _forget_what_vanished() -> None:
    from posthouse.ops.sweeping import DAY_MS, VANISHED_DAYS, sweep

    later = clock.now_ms() / 1000 + (VANISHED_DAYS + 1) * DAY_MS / 1000
    clock.set_source(lambda: later)
    try:
        sweep()
    finally:
        clock.set_source(None)


def test_beyond_the_end_of_the_log_everything_that_is_not_there_is_told(filled, connect):
    client, validity, modseq = filled
    client.ok(b"UID STORE 2,5 +FLAGS.SILENT (\\Deleted)")
    client.ok(b"EXPUNGE")
    client.append(make.message())
    client.append(make.message(), flags=b"\\Deleted")
    client.ok(b"EXPUNGE")
    _forget_what_vanished()
    told = back(connect, b"%d %d" % (validity, modseq))
    assert told[0] == b"* VANISHED (EARLIER) 2,5,7"
    assert [line.split()[4] for line in told[1:]] == [b"6"]
    assert back(connect, b"%d %d 1:3" % (validity, modseq)) == [b"* VANISHED (EARLIER) 2"]
    # Pairs that still fit say that nothing vanished below them.
    assert back(connect, b"%d %d 1:5 (1,3 1,3)" % (validity, modseq)) == [b"* VANISHED (EARLIER) 2,5"]
    client.ok(b"NOOP")
    lines = client.ok(b"UID FETCH 1:3 (FLAGS) (CHANGEDSINCE %d VANISHED)" % modseq).untagged
    assert lines == [b"* VANISHED (EARLIER) 2"]


@pytest.mark.rfc("7162 §3.2.5")
def test_pairs_that_fit_shorten_the_full_answer(connect):
    client = connect(select=None)
    client.ok(b"ENABLE QRESYNC")
    client.ok(b"SELECT INBOX")
    for _ in range(4):
        client.append(make.message())
    client.ok(b"UID STORE 1 +FLAGS.SILENT (\\Deleted)")
    client.ok(b"UID EXPUNGE 1")  # before the client that comes back was here
    lines = client.ok(b"SELECT INBOX").untagged
    validity, modseq = validity_of(lines), modseq_of(lines)
    client.ok(b"UID STORE 4 +FLAGS.SILENT (\\Deleted)")
    client.ok(b"UID EXPUNGE 4")
    _forget_what_vanished()
    assert back(connect, b"%d %d" % (validity, modseq)) == [b"* VANISHED (EARLIER) 1,4"]
    assert back(connect, b"%d %d (1:3 2:4)" % (validity, modseq)) == [b"* VANISHED (EARLIER) 4"]


def test_a_number_from_another_life_is_answered_in_full(filled, connect):
    client, validity, modseq = filled
    client.ok(b"UID STORE 2 +FLAGS.SILENT (\\Deleted)")
    client.ok(b"EXPUNGE")
    told = back(connect, b"%d %d" % (validity, modseq + 1_000))
    assert told[0] == b"* VANISHED (EARLIER) 2"
    assert [line.split()[4] for line in told[1:]] == [b"1", b"3", b"4", b"5"]
    # What has never been here has not vanished, whatever a client says that it knows.
    for known in (b"1:4294967295", b"2,5:4294967294"):
        assert back(connect, b"%d %d %b" % (validity, modseq + 1_000, known))[0] == told[0]
    assert back(connect, b"%d %d 7:900" % (validity, modseq + 1_000)) == []
    far = b"UID FETCH 1:4294967295 (FLAGS) (CHANGEDSINCE %d VANISHED)" % (modseq + 1_000)
    assert client.ok(far).untagged == [told[0]]


@pytest.mark.parametrize(
    "line",
    [
        b"FETCH 1 (MODSEQ)",
        b"UID FETCH 1 (FLAGS) (CHANGEDSINCE 1)",
        b"STATUS INBOX (HIGHESTMODSEQ)",
        b'LIST "" INBOX RETURN (STATUS (HIGHESTMODSEQ))',
        b"SEARCH MODSEQ 1",
        b"STORE 1 (UNCHANGEDSINCE 99999) +FLAGS (\\Draft)",
        b"SELECT INBOX (CONDSTORE)",
        b"ENABLE CONDSTORE",
    ],
)
def test_every_command_that_enables_condstore_does(connect, line):
    client = connect()
    client.append(make.message())
    assert b"MODSEQ" not in client.ok(b"STORE 1 +FLAGS (\\Seen)").untagged[0]
    client.ok(line)
    assert b"MODSEQ (" in client.ok(b"STORE 1 -FLAGS (\\Seen)").untagged[-1]


@pytest.mark.rfc("7162 §3.1.10")
def test_esearch_tells_the_number_of_what_it_returns(connect):
    client = connect()
    for _ in range(4):
        client.append(make.message())
    for uid in (1, 4, 2):
        client.ok(b"UID STORE %d +FLAGS (\\Seen)" % uid)
    modseqs = {
        int(number): int(modseq)
        for number, modseq in re.findall(
            rb"\* (\d) FETCH \(MODSEQ \((\d+)\)", b"\n".join(client.ok(b"FETCH 1:4 (MODSEQ)").untagged)
        )
    }
    for returns, numbers in (
        (b"MIN", [1]),
        (b"MAX", [4]),
        (b"MIN MAX", [1, 4]),
        (b"COUNT", [1, 2, 3, 4]),
        (b"ALL MIN", [1, 2, 3, 4]),
        (b"PARTIAL 3:9", [3, 4]),
    ):
        line = client.ok(b"SEARCH RETURN (%b) MODSEQ 1" % returns).untagged[0]
        assert line.endswith(b" MODSEQ %d" % max(modseqs[number] for number in numbers)), (returns, line)
    assert b"MODSEQ" not in client.ok(b"SEARCH RETURN (COUNT) MODSEQ 99999").untagged[0]
