"""What ENABLE IMAP4rev2 changes (RFC 9051, Appendix E), and that nothing changes without it."""

import pytest

from tests import make

DECOMPOSED = "Entwu\u0308rfe"
COMPOSED = "Entw\u00fcrfe"


@pytest.fixture
def client(connect):
    opened = connect(select=None)
    assert opened.ok(b"ENABLE imap4rev2 X-NONE").untagged == [b"* ENABLED IMAP4rev2"]
    return opened


@pytest.mark.rfc("9051 §6.3.1")
def test_it_is_offered_beside_rev1(connect):
    for client in (connect(is_stranger=True), connect(select=None)):
        words = client.ok(b"CAPABILITY").untagged[0].split()
        assert {b"IMAP4rev1", b"IMAP4rev2"} <= set(words)


@pytest.mark.rfc("9051 §6.3.2")
def test_select_tells_the_mailbox_and_nothing_of_recent(client):
    lines = client.ok(b"SELECT inbox").untagged
    assert b'* LIST (\\HasNoChildren) "/" "INBOX"' in lines
    assert not [line for line in lines if b"RECENT" in line or b"UNSEEN" in line]


def test_without_it_select_is_as_ever(connect):
    lines = connect(select=None).ok(b"SELECT INBOX").untagged
    assert b"* 0 RECENT" in lines
    assert not [line for line in lines if line.startswith(b"* LIST")]


@pytest.mark.rfc("9051 §6.4.4")
def test_every_search_is_answered_by_esearch(client):
    client.ok(b"SELECT INBOX")
    for _ in range(3):
        client.append(make.message())
    assert client.ok(b"SEARCH ALL").untagged == [b'* ESEARCH (TAG "t7") ALL 1:3']
    assert client.ok(b"UID SEARCH 2").untagged == [b'* ESEARCH (TAG "t8") UID ALL 2']
    assert client.ok(b"UID SEARCH SEEN").untagged == [b'* ESEARCH (TAG "t9") UID']
    assert client.ok(b"SEARCH RETURN (COUNT) ALL").untagged == [b'* ESEARCH (TAG "t10") COUNT 3']


def test_names_are_utf8_both_ways(client, connect):
    other = connect(select=None)
    for name in ("Entwürfe", "R&D", "a&AOk-b", "日本語/部"):
        quoted = f'"{name}"'.encode()
        client.ok(b"CREATE " + quoted)
        client.ok(b"SELECT " + quoted)
        assert quoted in client.ok(b'LIST "" ' + quoted).untagged[-1]
        assert client.ok(b"STATUS " + quoted + b" (MESSAGES)").untagged == [
            b"* STATUS " + quoted + b" (MESSAGES 0)"
        ]
    told = b"\n".join(other.ok(b'LIST "" *').untagged)
    for wire in (b'"Entw&APw-rfe"', b'"R&-D"', b'"a&-AOk-b"', b'"&ZeVnLIqe-/&kOg-"'):
        assert wire in told


@pytest.mark.rfc("9051 §6.3.9")
def test_a_name_made_normal_is_told(client, connect):
    lines = client.ok(f'CREATE "{DECOMPOSED}"'.encode()).untagged
    assert lines == [f'* LIST (\\HasNoChildren) "/" "{COMPOSED}" ("OLDNAME" ("{DECOMPOSED}"))'.encode()]
    client.ok(f'SELECT "{COMPOSED}"'.encode())
    assert client.ok(b"CREATE Plain").untagged == []
    assert client.ok(b"CREATE Other/").untagged == []
    plain = connect(select=None)
    plain.ok(f'SELECT "{DECOMPOSED}"'.encode())
    assert plain.ok(f'CREATE "{DECOMPOSED} 2"'.encode()).untagged == []


@pytest.mark.rfc("9051 §6.3.11")
def test_status_of_deleted(client):
    client.append(make.message(), flags=b"\\Deleted")
    client.append(make.message())
    assert client.ok(b"STATUS INBOX (DELETED MESSAGES)").untagged == [
        b'* STATUS "INBOX" (DELETED 1 MESSAGES 2)'
    ]


@pytest.mark.rfc("9051 §7.1")
def test_closed_comes_before_the_next_mailbox(client):
    client.ok(b"SELECT INBOX")
    assert client.ok(b"SELECT Sent").untagged[0].startswith(b"* OK [CLOSED] ")
