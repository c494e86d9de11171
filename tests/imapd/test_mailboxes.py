"""LIST, LSUB, STATUS, CREATE, DELETE, RENAME, SUBSCRIBE, SELECT over a socket."""

import re

import pytest

from tests import make

USUAL = [b'"INBOX"', b'"Drafts"', b'"Sent"', b'"Archive"', b'"Junk"', b'"Trash"']


def names(lines: list[bytes]) -> list[bytes]:
    return [line.partition(b' "/" ')[2] for line in lines if line.startswith((b"* LIST", b"* LSUB"))]


@pytest.fixture
def client(connect):
    return connect(select=None)


@pytest.mark.rfc("6154", "9051 §6.3.9")
def test_the_usual_mailboxes_with_their_uses(client):
    lines = client.ok(b'LIST "" "*"').untagged
    assert names(lines) == USUAL
    assert b'* LIST (\\HasNoChildren \\Sent) "/" "Sent"' in lines


@pytest.mark.rfc("9051 §6.3.9", "2342")
def test_the_root(client):
    assert client.ok(b'LIST "" ""').untagged == [b'* LIST (\\Noselect) "/" ""']
    assert client.ok(b"NAMESPACE").untagged == [b'* NAMESPACE (("" "/")) NIL NIL']


@pytest.mark.rfc("9051 §6.3.4")
def test_create_makes_the_levels_above(client):
    client.ok(b"CREATE Work/2026/Q1")
    assert b'* LIST (\\HasChildren) "/" "Work"' in client.ok(b'LIST "" Work').untagged
    assert names(client.ok(b'LIST "" Work/%').untagged) == [b'"Work/2026"']
    assert set(names(client.ok(b'LIST "" Work/*').untagged)) == {b'"Work/2026"', b'"Work/2026/Q1"'}
    assert names(client.ok(b"LIST Work/ %/%").untagged) == [b'"Work/2026/Q1"']
    assert client.run(b"CREATE Work").tagged.startswith(b"NO [ALREADYEXISTS] ")
    assert client.run(b"CREATE inbox").tagged.startswith(b"NO [ALREADYEXISTS] ")
    client.ok(b"CREATE Other/")
    client.ok(b"STATUS Other (MESSAGES)")


@pytest.mark.rfc("9051 §9")
def test_inbox_in_any_case(client):
    client.ok(b"CREATE iNBoX/Sub")
    assert names(client.ok(b'LIST "" inbox/*').untagged) == [b'"INBOX/Sub"']
    for name in (b"inbox", b"Inbox", b"INBOX"):
        client.ok(b"SELECT " + name)
    client.ok(b"SELECT inBOX/Sub")
    assert client.run(b"SELECT INBOX/sUB").tagged.startswith(b"NO [NONEXISTENT] ")


@pytest.mark.rfc("3501 §5.1.3")
def test_names_of_every_script_and_sign(client):
    for wire in (b'"Entw&APw-rfe"', b'"R&-D"', b'"a \\"b\\" (c) *%{1}"', b"{3+}\r\na b"):
        client.ok(b"CREATE " + wire)
        client.ok(b"SELECT " + wire)
    assert set(names(client.ok(b'LIST "" *').untagged)) >= {
        b'"Entw&APw-rfe"', b'"R&-D"', b'"a \\"b\\" (c) *%{1}"', b'"a b"',
    }  # fmt: skip
    client.ok('SELECT "Entwürfe"'.encode())
    client.ok(b'SELECT "R&D"')
    for bad in (b'""', b'"a//b"', b'"&AAA-x"', b'"/a"'):
        assert not client.run(b"CREATE " + bad).is_ok, bad


@pytest.mark.rfc("9051 §6.3.4")
def test_delete(client):
    client.ok(b"CREATE A/B")
    client.append(make.message(), to=b"A/B")
    assert client.run(b"DELETE A").tagged.startswith(b"NO [HASCHILDREN] ")
    assert client.run(b"DELETE INBOX").tagged.startswith(b"NO [CANNOT] ")
    assert client.run(b"DELETE Nowhere").tagged.startswith(b"NO [NONEXISTENT] ")
    client.ok(b"DELETE A/B")
    client.ok(b"DELETE A")
    assert names(client.ok(b'LIST "" *').untagged) == USUAL
    assert b"MESSAGES 0" in client.ok(b"STATUS Trash (MESSAGES)").untagged[0]


def test_a_name_used_again_has_another_uidvalidity(client):
    seen = set()
    for _ in range(3):
        client.ok(b"CREATE Again")
        seen.add(client.ok(b"STATUS Again (UIDVALIDITY)").untagged[0])
        client.ok(b"DELETE Again")
    assert len(seen) == 3


@pytest.mark.rfc("9051 §6.3.6")
def test_rename_takes_along_what_is_inside(client):
    client.ok(b"CREATE A/B/C")
    client.append(make.message(), to=b"A/B")
    before = client.ok(b"STATUS A/B (UIDVALIDITY UIDNEXT MESSAGES)").untagged[0]
    client.ok(b"RENAME A X/Y")
    after = client.ok(b"STATUS X/Y/B (UIDVALIDITY UIDNEXT MESSAGES)").untagged[0]
    assert after.partition(b"(")[2] == before.partition(b"(")[2]
    client.ok(b"STATUS X/Y/B/C (MESSAGES)")
    assert client.run(b"STATUS A (MESSAGES)").tagged.startswith(b"NO [NONEXISTENT] ")
    assert client.run(b"RENAME X/Y X/Y/Z").tagged.startswith(b"NO [CANNOT] ")
    assert client.run(b"RENAME X/Y Sent").tagged.startswith(b"NO [ALREADYEXISTS] ")
    assert client.run(b"RENAME Sent Gone").tagged.startswith(b"NO [CANNOT] ")


@pytest.mark.rfc("9051 §6.3.6")
def test_renaming_inbox_moves_its_messages_out(client):
    client.append(make.message())
    client.ok(b"RENAME INBOX Old")
    assert b"MESSAGES 0" in client.ok(b"STATUS INBOX (MESSAGES)").untagged[0]
    assert b"MESSAGES 1" in client.ok(b"STATUS Old (MESSAGES)").untagged[0]


@pytest.mark.rfc("9051 §6.3.8", "9051 §6.3.9")
def test_subscriptions(client):
    client.ok(b"CREATE A/B")
    client.ok(b"UNSUBSCRIBE A")
    client.ok(b"UNSUBSCRIBE Sent")
    client.ok(b"UNSUBSCRIBE Nowhere")
    assert client.run(b"SUBSCRIBE Nowhere").tagged.startswith(b"NO [NONEXISTENT] ")
    listed = client.ok(b'LSUB "" *').untagged
    assert b'"Sent"' not in names(listed) and b'"A/B"' in names(listed)
    assert b'* LSUB (\\Noselect) "/" "A"' in client.ok(b'LSUB "" %').untagged
    assert b'* LSUB (\\Drafts) "/" "Drafts"' in listed
    chosen = client.ok(b'LIST (SUBSCRIBED) "" *').untagged
    assert b'* LIST (\\HasNoChildren \\Subscribed) "/" "A/B"' in chosen and b'"Sent"' not in names(chosen)
    deep = client.ok(b'LIST (SUBSCRIBED RECURSIVEMATCH) "" %').untagged
    assert b'* LIST (\\HasChildren) "/" "A" ("CHILDINFO" ("SUBSCRIBED"))' in deep
    assert b"\\Subscribed" not in client.ok(b'LIST "" Sent RETURN (SUBSCRIBED)').untagged[0]
    assert client.ok(b'LIST (SUBSCRIBED REMOTE RECURSIVEMATCH) "" %').untagged == deep
    for alone in (b"RECURSIVEMATCH", b"REMOTE RECURSIVEMATCH"):
        assert client.run(b'LIST (%b) "" %%' % alone).tagged.startswith(b"BAD ")


@pytest.mark.rfc("5258", "5819")
def test_list_extended(client):
    client.append(make.message())
    lines = client.ok(b'LIST "" (INBOX "Tr%") RETURN (SPECIAL-USE STATUS (MESSAGES UNSEEN UIDNEXT))').untagged
    assert lines == [
        b'* LIST (\\HasNoChildren) "/" "INBOX"',
        b'* STATUS "INBOX" (MESSAGES 1 UNSEEN 1 UIDNEXT 2)',
        b'* LIST (\\HasNoChildren \\Trash) "/" "Trash"',
        b'* STATUS "Trash" (MESSAGES 0 UNSEEN 0 UIDNEXT 1)',
    ]
    assert set(names(client.ok(b'LIST (SPECIAL-USE) "" *').untagged)) == set(USUAL[1:])


@pytest.mark.rfc("9051 §6.3.11")
def test_status(client):
    raw = make.message()
    client.append(raw)
    client.append(raw, flags=b"\\Seen \\Deleted")
    line = client.ok(b"STATUS inbox (MESSAGES RECENT UNSEEN DELETED SIZE UIDNEXT)").untagged[0]
    assert line == b'* STATUS "INBOX" (MESSAGES 2 RECENT 0 UNSEEN 1 DELETED 1 SIZE %d UIDNEXT 3)' % (
        2 * len(raw)
    )
    assert client.run(b"STATUS Nowhere (MESSAGES)").tagged.startswith(b"NO [NONEXISTENT] ")


@pytest.mark.rfc("9051 §6.3.2", "9051 §6.3.3", "7162 §3.1.2")
def test_select_tells_what_a_client_needs(client):
    client.append(make.message())
    answer = client.ok(b"SELECT INBOX")
    text = b"\n".join(answer.untagged)
    assert b"* FLAGS (" in text and b"\\*)] " in text and b"* 1 EXISTS" in text and b"* 0 RECENT" in text
    assert re.search(rb"\[UIDVALIDITY \d+\]", text) and b"[UIDNEXT 2]" in text
    assert int(re.search(rb"\[HIGHESTMODSEQ (\d+)\]", text)[1]) >= 1
    assert answer.tagged.startswith(b"OK [READ-WRITE] ")
    assert all(re.search(rb"\] \S", line) for line in answer.untagged if line.startswith(b"* OK ["))


@pytest.mark.rfc("9051 §6.3.2")
def test_a_failed_select_leaves_nothing_selected(client):
    client.ok(b"SELECT INBOX")
    answer = client.run(b"SELECT Nowhere")
    assert answer.tagged.startswith(b"NO [NONEXISTENT] ") and b"[CLOSED]" in answer.untagged[0]
    assert client.run(b"FETCH 1 FLAGS").tagged.startswith(b"BAD ")


def test_another_organisation_sees_nothing_of_it(connect, cast):
    alice = connect(select=None)
    alice.ok(b"CREATE Secret")
    alice.append(make.message(), to=b"Secret")
    mallory = connect(cast.mallory, select=None)
    assert names(mallory.ok(b'LIST "" *').untagged) == USUAL
    for line in (b"SELECT %b", b"STATUS %b (MESSAGES)", b"DELETE %b", b"RENAME %b x", b"SUBSCRIBE %b"):
        theirs, nowhere = mallory.run(line % b"Secret"), mallory.run(line % b"Nowhere")
        assert theirs == nowhere and not theirs.is_ok


def test_what_is_subscribed_below_is_found_in_one_walk():
    """Two thousand mailboxes, ten levels deep: looking below each of them would look four million times."""
    import random

    from posthouse.imapd.folders import Folders
    from posthouse.mail.by_uid import MailboxRow

    chance, rows = random.Random(3), []
    depths: list[int] = []
    for number in range(2_000):
        near = [one for one in range(max(0, number - 30), number) if depths[one] < 9]
        parent = chance.choice([None, *near])
        depths.append(0 if parent is None else depths[parent] + 1)
        rows.append(
            MailboxRow(
                number, 1, parent, f"n{number}", "", 1, 1, 0, 0, 1, is_subscribed=chance.random() < 0.1
            )
        )
    folders = Folders(rows)
    below = {
        path
        for path in folders.by_path
        for name in folders.by_path
        if name.startswith(path + "/") and folders.by_path[name].is_subscribed
    }
    assert len(below) > 100 and folders.above_subscribed == below
