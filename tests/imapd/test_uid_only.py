"""UIDONLY: a client that never hears of message numbers (RFC 9586)."""

import re

import pytest

from tests import make


@pytest.fixture
def client(connect):
    """In an INBOX whose UIDs are 2, 3 and 4."""
    opened = connect()
    for _ in range(4):
        opened.append(make.message())
    opened.ok(b"STORE 1 +FLAGS.SILENT (\\Deleted)")
    opened.ok(b"EXPUNGE")
    assert opened.ok(b"ENABLE UIDONLY").untagged == [b"* ENABLED UIDONLY"]
    return opened


@pytest.mark.parametrize(
    "line",
    [
        b"FETCH 1 (FLAGS)",
        b"FETCH 99 (FLAGS)",
        b"STORE 1 +FLAGS (\\Seen)",
        b"COPY 1 Archive",
        b"MOVE 1 Archive",
        b"SEARCH ALL",
        b"UID SEARCH 1",
        b"UID SEARCH NOT (OR SEEN 1:*)",
    ],
)
@pytest.mark.rfc("9586")
def test_message_numbers_are_refused(client, line):
    assert client.run(line).tagged.startswith(b"BAD [UIDREQUIRED] ")
    client.ok(b"NOOP")


@pytest.mark.rfc("9586")
def test_pairs_with_numbers_are_refused(client):
    client.ok(b"ENABLE QRESYNC")
    assert client.run(b"SELECT INBOX (QRESYNC (1 1 1:4 (1 2)))").tagged.startswith(b"BAD [UIDREQUIRED] ")
    client.ok(b"SELECT INBOX (QRESYNC (1 1 1:4))")


@pytest.mark.rfc("9586")
def test_answers_name_the_uid(client):
    assert client.ok(b"UID FETCH 2:3 (FLAGS)").untagged == [
        b"* 2 UIDFETCH (FLAGS ())",
        b"* 3 UIDFETCH (FLAGS ())",
    ]
    assert (
        client.ok(b"UID FETCH 4 (UID RFC822.SIZE)")
        .untagged[0]
        .startswith(b"* 4 UIDFETCH (UID 4 RFC822.SIZE ")
    )
    assert client.ok(b"UID FETCH 4 (BODY[TEXT])").untagged[0].startswith(b"* 4 UIDFETCH (BODY[TEXT] {")
    assert client.ok(b"UID STORE 3 +FLAGS (\\Flagged)").untagged == [b"* 3 UIDFETCH (FLAGS (\\Flagged))"]
    assert client.ok(b"UID SEARCH FLAGGED").untagged == [b"* SEARCH 3"]
    assert client.ok(b"UID SEARCH UID 3:*").untagged == [b"* SEARCH 3 4"]
    client.ok(b"UID SEARCH RETURN (SAVE) FLAGGED")
    assert client.ok(b"UID FETCH $ (FLAGS)").untagged == [b"* 3 UIDFETCH (FLAGS (\\Flagged))"]


def test_what_others_do(client, connect):
    other = connect()
    client.idle()
    other.ok(b"UID STORE 3 +FLAGS.SILENT (\\Deleted)")
    assert client.line() == b"* 3 UIDFETCH (FLAGS (\\Deleted))"
    other.ok(b"EXPUNGE")
    assert client.line() == b"* VANISHED 3"
    other.append(make.message())
    assert client.line() == b"* 3 EXISTS"


@pytest.mark.rfc("9586")
def test_with_condstore(client):
    client.ok(b"ENABLE CONDSTORE")
    line = client.ok(b"UID STORE 2 +FLAGS.SILENT (\\Seen)").untagged[0]
    found = re.fullmatch(rb"\* 2 UIDFETCH \(MODSEQ \((\d+)\)\)", line)
    assert found is not None, line
    lines = client.ok(b"UID FETCH 1:* (FLAGS) (CHANGEDSINCE %d)" % (int(found[1]) - 1)).untagged
    assert lines == [b"* 2 UIDFETCH (FLAGS (\\Seen) MODSEQ (%b))" % found[1]]


@pytest.mark.rfc("9586")
def test_move_and_expunge_tell_what_vanished(client):
    assert client.ok(b"UID MOVE 2 Archive").untagged[-1] == b"* VANISHED 2"
    client.ok(b"UID STORE 3:4 +FLAGS.SILENT (\\Deleted)")
    assert client.ok(b"UID EXPUNGE 4").untagged == [b"* VANISHED 4"]
    assert client.ok(b"EXPUNGE").untagged == [b"* VANISHED 3"]


def test_notify(client, connect, cast):
    client.ok(b"NOTIFY SET (selected (MessageNew (FLAGS) MessageExpunge FlagChange))")
    make.email(cast.alice)
    assert client.line() == b"* 4 EXISTS"
    assert client.line() == b"* 5 UIDFETCH (FLAGS ())"
