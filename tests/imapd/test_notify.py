"""NOTIFY: what a client is told of its mailboxes without asking, and what it is not (RFC 5465)."""

import re
import time

import pytest

from tests import make

MESSAGES = b"MessageNew MessageExpunge"


def status(name: bytes, line: bytes) -> dict[bytes, int]:
    found = re.fullmatch(rb'\* STATUS "%b" \((.*)\)' % re.escape(name), line)
    assert found is not None, line
    words = found[1].split()
    return dict(zip(words[::2], map(int, words[1::2]), strict=True))


def quiet(client) -> list[bytes]:
    """What was told until now, and nothing else: what is in flight has half a second to come."""
    time.sleep(0.5)
    return client.ok(b"CAPABILITY").untagged[:-1]


@pytest.mark.parametrize(
    "line",
    [
        b"NOTIFY",
        b"NOTIFY bogus",
        b"NOTIFY NONE x",
        b"NOTIFY SET",
        b"NOTIFY SET STATUS",
        b"NOTIFY SET STATUS ()",
        b"NOTIFY SET (somewhere (MessageNew MessageExpunge))",
        b"NOTIFY SET (personal MessageNew)",
        b"NOTIFY SET (personal (MessageNew MessageExpunge) )",
        b"NOTIFY SET (personal ())",
        b"NOTIFY SET (personal (MessageNew))",
        b"NOTIFY SET (personal (MessageExpunge))",
        b"NOTIFY SET (selected (FlagChange))",
        b"NOTIFY SET (selected (MailboxName))",
        b"NOTIFY SET (selected (MailboxMetadataChange))",
        b"NOTIFY SET (selected NONE) (selected-delayed NONE)",
        b"NOTIFY SET (mailboxes () (MailboxName))",
        b"NOTIFY SET (personal (MessageNew (UID) MessageExpunge))",
    ],
)
@pytest.mark.rfc("5465 §3.1")
def test_what_makes_no_sense_is_bad(connect, line):
    assert connect().run(line).tagged.startswith(b"BAD ")


@pytest.mark.rfc("5465 §3.1")
def test_an_event_that_is_not_told_is_refused_with_those_that_are(connect):
    client = connect()
    for event in (b"AnnotationChange", b"NoSuchThing"):
        answer = client.run(b"NOTIFY SET (personal (MessageNew MessageExpunge %b))" % event)
        assert answer.tagged.startswith(
            b"NO [BADEVENT (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange"
            b" MailboxMetadataChange ServerMetadataChange)] "
        )


@pytest.mark.rfc("5465 §5.2")
def test_the_selected_mailbox_is_told_at_once(connect, cast):
    client, other = connect(), connect()
    client.ok(b"NOTIFY SET (selected (MessageNew MessageExpunge FlagChange))")
    make.email(cast.alice)
    assert client.line() == b"* 1 EXISTS"
    other.ok(b"NOOP")
    other.ok(b"STORE 1 +FLAGS (\\Deleted)")
    assert client.line() == b"* 1 FETCH (UID 1 FLAGS (\\Deleted))"
    other.ok(b"EXPUNGE")
    assert client.line() == b"* 1 EXPUNGE"


@pytest.mark.rfc("5465 §5.2")
def test_new_messages_come_with_what_was_asked_for_and_stay_unread(connect, cast):
    client = connect()
    client.ok(b"NOTIFY SET (selected (MessageNew (UID FLAGS BODY[HEADER.FIELDS (SUBJECT)]) MessageExpunge))")
    make.email(cast.alice, subject="Look")
    assert client.line() == b"* 1 EXISTS"
    line = client.line()
    assert line.startswith(b"* 1 FETCH (UID 1 FLAGS () BODY[HEADER.FIELDS (SUBJECT)] {")
    assert b"Subject: Look" in line
    assert client.ok(b"FETCH 1 (FLAGS)").untagged == [b"* 1 FETCH (FLAGS ())"]


def test_without_flagchange_flags_are_not_told(connect, cast):
    client, other = connect(), connect()
    client.ok(b"NOTIFY SET (selected (MessageNew MessageExpunge))")
    make.email(cast.alice)
    assert client.line() == b"* 1 EXISTS"
    other.ok(b"NOOP")
    other.ok(b"STORE 1 +FLAGS (\\Flagged)")
    assert quiet(client) == []
    assert client.ok(b"NOOP").untagged == []


@pytest.mark.rfc("5465 §6")
def test_delayed_expunges_wait_for_a_command(connect, cast):
    client, other = connect(), connect()
    client.ok(b"NOTIFY SET (selected-delayed (MessageNew MessageExpunge FlagChange))")
    make.email(cast.alice)
    assert client.line() == b"* 1 EXISTS"
    other.ok(b"NOOP")
    other.ok(b"STORE 1 +FLAGS.SILENT (\\Deleted)")
    assert client.line() == b"* 1 FETCH (UID 1 FLAGS (\\Deleted))"
    other.ok(b"EXPUNGE")
    time.sleep(0.3)
    assert client.ok(b"FETCH 1 (UID)").untagged == []
    assert client.ok(b"NOOP").untagged == [b"* 1 EXPUNGE"]
    make.email(cast.alice)
    assert client.line() == b"* 1 EXISTS"
    other.ok(b"NOOP")
    other.ok(b"STORE 1 +FLAGS.SILENT (\\Deleted)")
    client.line()
    client.idle()
    other.ok(b"EXPUNGE")
    assert client.line() == b"* 1 EXPUNGE"


def test_none_is_silent_but_for_what_the_client_does_itself(connect, cast):
    client, other = connect(), connect()
    other.append(make.message(), flags=b"\\Deleted")
    client.ok(b"NOOP")
    client.ok(b"NOTIFY NONE")
    make.email(cast.alice)
    other.ok(b"STORE 1 +FLAGS (\\Flagged)")
    assert client.ok(b"NOOP").untagged == []
    assert client.ok(b"UID FETCH 1 (FLAGS)").lines(b"EXISTS") == []
    assert client.ok(b"EXPUNGE").untagged[0] == b"* 1 EXPUNGE"
    client.ok(b"NOTIFY SET (selected (MessageNew MessageExpunge FlagChange))")
    make.email(cast.alice)
    assert client.line() == b"* 2 EXISTS"


@pytest.mark.rfc("5465 §5.2")
def test_other_mailboxes_are_told_by_their_counters(connect):
    client, other = connect(select=None), connect()
    client.ok(b"NOTIFY SET (personal (MessageNew MessageExpunge FlagChange))")
    other.append(make.message())
    told = status(b"INBOX", client.line())
    assert (told[b"MESSAGES"], told[b"UNSEEN"], told[b"UIDNEXT"]) == (1, 1, 2)
    assert b"HIGHESTMODSEQ" not in told
    other.ok(b"STORE 1 +FLAGS (\\Seen)")
    assert status(b"INBOX", client.line())[b"UNSEEN"] == 0
    client.ok(b"ENABLE CONDSTORE")
    other.ok(b"STORE 1 +FLAGS (\\Deleted)")
    before = status(b"INBOX", client.line())[b"HIGHESTMODSEQ"]
    other.ok(b"EXPUNGE")
    told = status(b"INBOX", client.line())
    assert told[b"MESSAGES"] == 0
    assert told[b"HIGHESTMODSEQ"] > before


@pytest.mark.rfc("5465 §6")
def test_only_the_events_asked_for(connect):
    client, other = connect(select=None), connect()
    client.ok(b"NOTIFY SET (personal (MessageNew MessageExpunge))")
    other.append(make.message())
    client.line()
    other.ok(b"STORE 1 +FLAGS (\\Seen)")
    other.ok(b"CREATE Work")
    other.ok(b"UNSUBSCRIBE Work")
    assert quiet(client) == []


@pytest.mark.rfc("5465 §5.2")
def test_messages_of_the_selected_mailbox_are_not_told_twice(connect):
    client, other = connect(), connect()
    client.ok(b"NOTIFY SET (selected (MessageNew MessageExpunge)) (personal (MessageNew MessageExpunge))")
    other.append(make.message())
    other.append(make.message(), to=b"Archive")
    assert client.line() == b"* 1 EXISTS"
    assert status(b"Archive", client.line())[b"MESSAGES"] == 1
    client.ok(b"UNSELECT")
    other.append(make.message())
    assert status(b"INBOX", client.line())[b"MESSAGES"] == 2


@pytest.mark.rfc("5465 §6")
def test_which_mailboxes(connect):
    other = connect()
    for name in (b"A", b"A/B", b"A/B/C", b"Z"):
        other.ok(b"CREATE " + name)
    other.ok(b"UNSUBSCRIBE Z")
    wanted = {
        b"inboxes": {b"INBOX"},
        b"personal": {b"INBOX", b"A", b"A/B", b"A/B/C", b"Z"},
        b"subscribed": {b"INBOX", b"A", b"A/B", b"A/B/C"},
        b"mailboxes A/B": {b"A/B"},
        b"mailboxes (A Nowhere)": {b"A"},
        b"subtree A": {b"A", b"A/B", b"A/B/C"},
        b"subtree-one A": {b"A", b"A/B"},
        b"mailboxes A NONE) (personal": {b"INBOX", b"A/B", b"A/B/C", b"Z"},
    }
    clients = []
    for where in wanted:
        clients.append(connect(select=None))
        clients[-1].ok(b"NOTIFY SET (%b (MessageNew MessageExpunge))" % where)
    for name in (b"INBOX", b"A", b"A/B", b"A/B/C", b"Z"):
        other.append(make.message(), to=name)
    time.sleep(0.5)
    for client, (where, names) in zip(clients, wanted.items(), strict=True):
        told = {line.split()[2].strip(b'"') for line in quiet(client)}
        assert told == names, where


@pytest.mark.rfc("5465 §5.4")
def test_names_come_and_go(connect):
    client, other = connect(select=None), connect(select=None)
    client.ok(b"NOTIFY SET (personal (MailboxName))")
    other.ok(b"CREATE Work")
    assert client.line() == b'* LIST (\\HasNoChildren \\Subscribed) "/" "Work"'
    other.ok(b"RENAME Work Play")
    assert client.line() == b'* LIST (\\HasNoChildren \\Subscribed) "/" "Play" ("OLDNAME" ("Work"))'
    other.ok(b"DELETE Play")
    assert client.line() == b'* LIST (\\NonExistent) "/" "Play"'


@pytest.mark.rfc("5465 §5.4")
def test_what_lies_below_a_renamed_mailbox_is_renamed_too(connect):
    client, other = connect(select=None), connect(select=None)
    other.ok(b"CREATE A/B")
    client.ok(b"NOTIFY SET (personal (MailboxName))")
    other.ok(b"RENAME A Z")
    assert {client.line(), client.line()} == {
        b'* LIST (\\HasChildren \\Subscribed) "/" "Z" ("OLDNAME" ("A"))',
        b'* LIST (\\HasNoChildren \\Subscribed) "/" "Z/B" ("OLDNAME" ("A/B"))',
    }


@pytest.mark.rfc("5465 §5.5")
def test_subscriptions(connect):
    client, other = connect(select=None), connect(select=None)
    client.ok(b"NOTIFY SET (subscribed (SubscriptionChange))")
    other.ok(b"UNSUBSCRIBE Sent")
    assert client.line() == b'* LIST (\\HasNoChildren \\Sent) "/" "Sent"'
    other.ok(b"SUBSCRIBE Sent")
    assert client.line() == b'* LIST (\\HasNoChildren \\Subscribed \\Sent) "/" "Sent"'


@pytest.mark.rfc("5465 §5.6")
def test_notes_of_mailboxes(connect):
    """Names of entries without values; also of what goes, and of a mailbox that was renamed; not of others'."""
    client, other = connect(), connect(select=None)
    other.ok(b'SETMETADATA INBOX (/shared/comment "before")')
    client.ok(b"NOTIFY SET (mailboxes INBOX (MailboxMetadataChange)) (subtree Work (MailboxMetadataChange))")
    other.ok(b'SETMETADATA INBOX (/shared/comment "new" /private/vendor/x "1")')
    assert client.line() == b'* METADATA "INBOX" /private/vendor/x /shared/comment'
    other.ok(b"SETMETADATA INBOX (/private/vendor/x NIL)")
    assert client.line() == b'* METADATA "INBOX" /private/vendor/x'
    other.ok(b'SETMETADATA Archive (/shared/comment "unwanted")')
    other.ok(b'SETMETADATA "" (/shared/comment "unwanted")')
    other.ok(b"CREATE Work")
    other.ok(b'SETMETADATA Work (/private/comment "wanted")')
    assert client.line() == b'* METADATA "Work" /private/comment'
    other.ok(b"DELETE Work")
    other.append(make.message())
    assert quiet(client) == []


@pytest.mark.rfc("5465 §5.6")
def test_notes_of_a_mailbox_of_others(connect, cast):
    """Shared ones are told to who may read it; private ones, and those of who may not, are nobody else's."""
    from posthouse.mail import sharing

    sharing.grant(cast.alice.actor, cast.alice.account_id, right="read", user_id=cast.bob.actor.user_id)
    there = b"Other Users/%b/INBOX" % cast.alice.email.encode()
    bob, mallory, alice = connect(cast.bob, select=None), connect(cast.mallory), connect(select=None)
    bob.ok(b'NOTIFY SET (mailboxes "%b" (MailboxMetadataChange))' % there)
    mallory.ok(b"NOTIFY SET (personal (MailboxMetadataChange ServerMetadataChange))")
    alice.ok(b'SETMETADATA INBOX (/private/comment "hers" /shared/comment "all")')
    assert bob.line() == b'* METADATA "%b" /shared/comment' % there
    alice.ok(b'SETMETADATA INBOX (/private/comment "hers alone")')
    alice.ok(b'SETMETADATA "" (/shared/comment "Ours")')
    assert quiet(bob) == [] and quiet(mallory) == []
    sharing.grant(cast.alice.actor, cast.alice.account_id, right="write", user_id=cast.bob.actor.user_id)
    assert quiet(bob) == []


@pytest.mark.rfc("5465 §5.7")
def test_notes_of_the_server(connect, cast):
    bob, alice = connect(cast.bob, select=None), connect(select=None)
    bob.ok(b"NOTIFY SET (personal (ServerMetadataChange))")
    alice.ok(b'SETMETADATA "" (/shared/comment "Ours" /private/comment "hers")')
    assert bob.line() == b'* METADATA "" /shared/comment'
    told = bob.ok(b'SETMETADATA "" (/private/vendor/x "his")').untagged
    assert told + quiet(bob) == [b'* METADATA "" /private/vendor/x']
    bob.ok(b'SETMETADATA INBOX (/private/comment "unwanted")')
    bob.ok(b"NOTIFY NONE")
    alice.ok(b'SETMETADATA "" (/shared/comment NIL)')
    assert quiet(bob) == []


def test_status_first(connect):
    client, other = connect(), connect()
    other.append(make.message(), to=b"Sent")
    lines = client.ok(
        b"NOTIFY SET STATUS (selected (MessageNew MessageExpunge)) (mailboxes Junk NONE)"
        b" (personal (MessageNew MessageExpunge))"
    ).untagged
    told = {line.split()[2] for line in lines if line.startswith(b"* STATUS")}
    assert told == {b'"Drafts"', b'"Sent"', b'"Archive"', b'"Trash"'}
    assert status(b"Sent", next(line for line in lines if b"Sent" in line))[b"MESSAGES"] == 1


@pytest.mark.rfc("5465 §3.1")
def test_set_again_forgets_what_was_set_before(connect):
    client, other = connect(select=None), connect()
    client.ok(b"NOTIFY SET (personal (MessageNew MessageExpunge))")
    client.ok(b"NOTIFY SET (mailboxes Sent (MessageNew MessageExpunge))")
    other.append(make.message())
    other.append(make.message(), to=b"Sent")
    assert status(b"Sent", client.line())[b"MESSAGES"] == 1
    client.ok(b"NOTIFY NONE")
    other.append(make.message(), to=b"Sent")
    assert quiet(client) == []


@pytest.mark.rfc("5465 §5.8")
def test_too_much_at_once_ends_it_with_words(connect, cast):
    from posthouse.imapd.notifying import MAX_NEW_SHOWN
    from posthouse.mail import uid_verbs

    client, other = connect(), connect(select=None)
    other.append(make.message(), to=b"Archive")
    actor, archive = cast.alice.actor, make.mailbox(cast.alice, "archive")
    count = 1
    while count <= MAX_NEW_SHOWN:  # each copy onto itself doubles what lies there
        uid_verbs.copy(actor, archive, range(1, count + 1), to=archive)
        count *= 2
    client.ok(b"NOTIFY SET (selected (MessageNew (UID FLAGS) MessageExpunge FlagChange))")
    uid_verbs.copy(actor, archive, range(1, count + 1), to=make.mailbox(cast.alice, "inbox"))
    assert client.line() == b"* %d EXISTS" % count
    assert client.line().startswith(b"* OK [NOTIFICATIONOVERFLOW] ")
    other.append(make.message())
    assert quiet(client) == []


def test_nobody_hears_of_others(connect, cast):
    client = connect(cast.mallory, select=None)
    client.ok(
        b"NOTIFY SET STATUS (personal (MessageNew MessageExpunge MailboxName SubscriptionChange))"
        b' (subtree ("Other Users" Shared) (MessageNew MessageExpunge MailboxName))'
    )
    other = connect(select=None)
    other.append(make.message())
    other.ok(b"CREATE Secret")
    assert quiet(client) == []


def test_many_connections_are_told_by_one_look(connect, cast):
    clients = [connect(select=None) for _ in range(12)]
    for client in clients:
        client.ok(b"NOTIFY SET (inboxes (MessageNew MessageExpunge))")
    for count in range(1, 4):
        make.email(cast.alice)
        for client in clients:
            assert status(b"INBOX", client.line())[b"MESSAGES"] == count
