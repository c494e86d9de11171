import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posthouse.wire.imap import commands as cmd
from posthouse.wire.imap import fetch, search
from posthouse.wire.imap.errors import BadCharset, Malformed
from posthouse.wire.imap.fetch import Binary, Item, Section
from posthouse.wire.imap.framing import Framed
from posthouse.wire.imap.parser import parse
from posthouse.wire.imap.resync import Resync
from posthouse.wire.imap.sequence import STAR, SequenceSet
from tests.wire.imap.feeding import events, framed


def command(line: bytes) -> cmd.Command:
    request = parse(framed(b"a1 " + line + b"\r\n"))
    assert request.tag == b"a1"
    return request.command


def one(number: int) -> SequenceSet:
    return SequenceSet(((number, number),))


@pytest.mark.parametrize(
    "verb", ["CAPABILITY", "noop", "Logout", "STARTTLS", "NAMESPACE", "CHECK", "CLOSE", "IDLE"]
)
def test_commands_that_are_only_a_name(verb):
    assert command(verb.encode()) == cmd.Simple(verb.upper())
    assert command(verb.encode() + b" ") == cmd.Simple(verb.upper())
    with pytest.raises(Malformed):
        command(verb.encode() + b" x")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"LOGIN alice secret", cmd.Login(username="alice", password="secret")),
        (b'LOGIN "alice" "se\\"c\\\\ret"', cmd.Login(username="alice", password='se"c\\ret')),
        (b"LOGIN {5+}\r\nalice {4+}\r\na\r\nb", cmd.Login(username="alice", password="a\r\nb")),
        ('LOGIN alice "ü"'.encode(), cmd.Login(username="alice", password="ü")),
        (b'LOGIN alice ""', cmd.Login(username="alice", password="")),
        (b"LOGIN alice a]b", cmd.Login(username="alice", password="a]b")),
        (b"AUTHENTICATE plain", cmd.Authenticate(mechanism="PLAIN", initial=None)),
        (b"AUTHENTICATE PLAIN AGEAYg==", cmd.Authenticate(mechanism="PLAIN", initial=b"AGEAYg==")),
        (b"AUTHENTICATE LOGIN =", cmd.Authenticate(mechanism="LOGIN", initial=b"")),
        (b"ENABLE CONDSTORE utf8=accept", cmd.Enable(("CONDSTORE", "UTF8=ACCEPT"))),
        (b"ID NIL", cmd.Id({})),
        (b"ID ()", cmd.Id({})),
        (b'ID ("name" "x" "Version" NIL)', cmd.Id({"name": "x", "version": ""})),
        (b"SELECT inbox", cmd.Select(mailbox="INBOX", is_read_only=False)),
        (b"EXAMINE InBox/Work", cmd.Select(mailbox="INBOX/Work", is_read_only=True)),
        (b"SELECT inboxes", cmd.Select(mailbox="inboxes", is_read_only=False)),
        (
            b'SELECT "Entw&APw-rfe" (CONDSTORE)',
            cmd.Select(mailbox="Entwürfe", is_read_only=False, parameters=frozenset({"CONDSTORE"})),
        ),
        (b"CREATE Work/", cmd.Create(mailbox="Work")),
        (b"CREATE Old (USE (\\Archive))", cmd.Create(mailbox="Old", uses=("\\Archive",))),
        (b"DELETE {4+}\r\nWork", cmd.Delete("Work")),
        (b"RENAME a b/c/", cmd.Rename(mailbox="a", to="b/c")),
        (b"SUBSCRIBE a", cmd.Subscribe(mailbox="a", is_subscribed=True)),
        (b"UNSUBSCRIBE a", cmd.Subscribe(mailbox="a", is_subscribed=False)),
        (b'LIST "" *', cmd.List(reference="", patterns=("*",))),
        (b'LIST "" ""', cmd.List(reference="", patterns=("",))),
        (b'LSUB "" "%"', cmd.List(reference="", patterns=("%",), is_lsub=True)),
        (
            b'LIST (SUBSCRIBED) "" ("INBOX" "a/%") RETURN (CHILDREN STATUS (MESSAGES UNSEEN) SPECIAL-USE)',
            cmd.List(
                reference="",
                patterns=("INBOX", "a/%"),
                selections=frozenset({"SUBSCRIBED"}),
                returns=frozenset({"CHILDREN", "SPECIAL-USE"}),
                status=("MESSAGES", "UNSEEN"),
                is_extended=True,
            ),
        ),
        (b'LIST "" "*" RETURN ()', cmd.List(reference="", patterns=("*",), is_extended=True)),
        (b"STATUS a (messages UIDNEXT)", cmd.Status(mailbox="a", items=("MESSAGES", "UIDNEXT"))),
        (b"EXPUNGE", cmd.Expunge(None)),
        (b"UID EXPUNGE 3:*", cmd.Expunge(SequenceSet(((3, STAR),)))),
        (b"COPY 1 b", cmd.Copy(set=one(1), mailbox="b", is_move=False, is_uid=False)),
        (b"UID MOVE 1 b", cmd.Copy(set=one(1), mailbox="b", is_move=True, is_uid=True)),
        (
            b"APPEND b {3+}\r\na\r\n",
            cmd.Append(mailbox="b", messages=(cmd.NewMessage(message=b"a\r\n"),)),
        ),
        (
            b'APPEND b (\\Seen $Label1) " 7-Feb-2026 10:00:00 +0130" {1+}\r\na',
            cmd.Append(
                mailbox="b",
                messages=(
                    cmd.NewMessage(flags=("\\Seen", "$Label1"), received_at_ms=1770453000000, message=b"a"),
                ),
            ),
        ),
    ],
)
def test_commands_become_types(line, expected):
    assert command(line) == expected


@pytest.mark.parametrize(
    ("line", "mode", "flags", "is_silent"),
    [
        (b"FLAGS (\\Seen)", "replace", ("\\Seen",), False),
        (b"+FLAGS (\\Seen \\Deleted)", "add", ("\\Seen", "\\Deleted"), False),
        (b"-flags.silent $Junk", "remove", ("$Junk",), True),
        (b"FLAGS.SILENT ()", "replace", (), True),
        (b"+FLAGS \\Seen Work", "add", ("\\Seen", "Work"), False),
    ],
)
def test_store(line, mode, flags, is_silent):
    assert command(b"STORE 2 " + line) == cmd.Store(
        set=one(2), mode=mode, flags=flags, is_silent=is_silent, is_uid=False
    )
    assert command(b"UID STORE 2 (UNCHANGEDSINCE 5) " + line) == cmd.Store(
        set=one(2), mode=mode, flags=flags, is_silent=is_silent, is_uid=True, unchanged_since=5
    )


def items(text: bytes) -> tuple[fetch.FetchItem, ...]:
    found = command(b"FETCH 1 " + text)
    assert isinstance(found, cmd.Fetch)
    return found.items


def test_fetch_macros():
    assert items(b"fast") == (Item.FLAGS, Item.INTERNALDATE, Item.SIZE)
    assert items(b"ALL") == (Item.FLAGS, Item.INTERNALDATE, Item.SIZE, Item.ENVELOPE)
    assert items(b"FULL") == (Item.FLAGS, Item.INTERNALDATE, Item.SIZE, Item.ENVELOPE, Item.BODY)
    with pytest.raises(Malformed):
        items(b"(ALL FLAGS)")


def test_fetch_items_keep_their_order_and_come_once():
    assert items(b"(UID FLAGS uid BODYSTRUCTURE)") == (Item.UID, Item.FLAGS, Item.BODYSTRUCTURE)
    assert items(b"RFC822.SIZE") == (Item.SIZE,)


@pytest.mark.parametrize(
    ("text", "section"),
    [
        (b"BODY[]", Section(sets_seen=True, label=b"BODY[]")),
        (b"BODY.PEEK[]<0.100>", Section(partial=(0, 100), sets_seen=False, label=b"BODY[]")),
        (b"body[header]", Section(kind="HEADER", sets_seen=True, label=b"BODY[HEADER]")),
        (b"BODY.PEEK[TEXT]", Section(kind="TEXT", sets_seen=False, label=b"BODY[TEXT]")),
        (b"BODY[1.2.MIME]", Section(path=(1, 2), kind="MIME", sets_seen=True, label=b"BODY[1.2.MIME]")),
        (b"BODY[1]", Section(path=(1,), sets_seen=True, label=b"BODY[1]")),
        (
            b'BODY.PEEK[HEADER.FIELDS (Date "From" {2+}\r\nTo)]',
            Section(
                kind="HEADER.FIELDS",
                fields=(b"Date", b"From", b"To"),
                sets_seen=False,
                label=b"BODY[HEADER.FIELDS (Date From To)]",
            ),
        ),
        (
            b"BODY[3.HEADER.FIELDS.NOT (Received)]",
            Section(
                path=(3,),
                kind="HEADER.FIELDS.NOT",
                fields=(b"Received",),
                sets_seen=True,
                label=b"BODY[3.HEADER.FIELDS.NOT (Received)]",
            ),
        ),
        (b"RFC822", Section(sets_seen=True, label=b"RFC822")),
        (b"RFC822.HEADER", Section(kind="HEADER", sets_seen=False, label=b"RFC822.HEADER")),
        (b"RFC822.TEXT", Section(kind="TEXT", sets_seen=True, label=b"RFC822.TEXT")),
        (b"BINARY.PEEK[1]", Binary(path=(1,), sets_seen=False, is_size=False, label=b"BINARY[1]")),
        (b"BINARY.SIZE[1.2]", Binary(path=(1, 2), sets_seen=False, is_size=True, label=b"BINARY.SIZE[1.2]")),
    ],
)
def test_fetch_sections(text, section):
    assert items(text) == (section,)
    assert items(b"(" + text + b" FLAGS)") == (section, Item.FLAGS)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"(",
        b"()",
        b"(FLAGS",
        b"FLAGS)",
        b"BODY[",
        b"BODY[0]",
        b"BODY[MIME]",
        b"BODY[1.]",
        b"BODY[1.X]",
        b"BODY[HEADER.FIELDS]",
        b"BODY[HEADER.FIELDS ()]",
        b"BODY[]<5>",
        b"BODY[]<0.0>",
        b"BODY[]<-1.5>",
        b"FLAGZ",
        b"BODY[HEADER.FIELDS (a]",
        b"BODY[4294967296]",
        b"FLAGS UID",
        b"BODY[" + b"1." * 200 + b"1]",
    ],
)
def test_bad_fetch_items_are_refused(text):
    with pytest.raises(Malformed):
        items(text)


def test_changedsince_zero_is_tolerated_since_ios_sends_it():
    found = command(b"UID FETCH 1:* FLAGS (CHANGEDSINCE 0)")
    assert isinstance(found, cmd.Fetch) and found.changed_since == 0


def key(text: bytes) -> search.Key:
    found = command(b"SEARCH " + text)
    assert isinstance(found, search.Search)
    return found.key


SEEN, ANSWERED = search.Flag("\\Seen"), search.Flag("\\Answered")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"ALL", search.All()),
        (b"UNSEEN", search.Not(SEEN)),
        (b"SEEN ANSWERED", search.And((SEEN, ANSWERED))),
        (b"(SEEN ANSWERED)", search.And((SEEN, ANSWERED))),
        (b"OR SEEN NOT ANSWERED", search.Or(SEEN, search.Not(ANSWERED))),
        (
            b"OR (SEEN ANSWERED) (OR SEEN SEEN)",
            search.Or(search.And((SEEN, ANSWERED)), search.Or(SEEN, SEEN)),
        ),
        (b"1:3,5", search.Numbers(SequenceSet(((1, 3), (5, 5))), False)),
        (b"UID 7:*", search.Numbers(SequenceSet(((7, STAR),)), True)),
        (b'FROM "Alice"', search.Header("from", "Alice")),
        (b"HEADER Message-ID <a@b>", search.Header("message-id", "<a@b>")),
        (b'HEADER X-Spam ""', search.Header("x-spam", "")),
        (b"TEXT {5+}\r\nhello", search.Text("hello", True)),
        (b"BODY x", search.Text("x", False)),
        (b"KEYWORD $Label1", search.Flag("$Label1")),
        (b"UNKEYWORD Work", search.Not(search.Flag("Work"))),
        (b"SINCE 1-Feb-2026", search.Date("since", dt.date(2026, 2, 1), False)),
        (b'SENTBEFORE "01-feb-2026"', search.Date("before", dt.date(2026, 2, 1), True)),
        (b"ON 31-Dec-1999", search.Date("on", dt.date(1999, 12, 31), False)),
        (b"LARGER 100", search.Size(True, 100)),
        (b"SMALLER 100", search.Size(False, 100)),
        (b"OLDER 60", search.Within(True, 60)),
        (b"MODSEQ 5", search.Modseq(5)),
        (b'MODSEQ "/flags/\\\\Draft" all 5', search.Modseq(5)),
        (b"RECENT", search.NOTHING),
        (b"OLD", search.All()),
        (b"CHARSET utf-8 SUBJECT {3+}\r\n\xe2\x82\xac", search.Header("subject", "€")),
        (b"SUBJECT {3+}\r\n\xe2\x82\xac", search.Header("subject", "€")),
        (b"CHARSET US-ASCII SEEN", SEEN),
    ],
)
def test_search_keys(text, expected):
    assert key(text) == expected


def test_search_return_options():
    assert command(b"SEARCH ALL").returns is None
    assert command(b"SEARCH RETURN () ALL").returns == {"ALL"}
    assert command(b"UID SEARCH RETURN (MIN COUNT) ALL").returns == {"MIN", "COUNT"}
    assert command(b"UID SEARCH RETURN (save) $").key == search.Numbers(SequenceSet((), True), False)


@pytest.mark.parametrize("name", [b"ISO-8859-1", b"UTF-7", b'"x y"'])
def test_other_charsets_are_refused_as_such(name):
    with pytest.raises(BadCharset) as error:
        command(b"SEARCH CHARSET " + name + b" ALL")
    assert error.value.tag == b"a1"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"NOT",
        b"OR SEEN",
        b"(",
        b"()",
        b"(SEEN",
        b"SEEN)",
        b"FROM",
        b"SINCE 31-Feb-2026",
        b"SINCE yesterday",
        b"LARGER x",
        b"RETURN (WHAT) ALL",
        b"CHARSET",
        b"SEENFROM x",
        b"HEADER x",
        b"CHARSET US-ASCII TEXT {1+}\r\n\xff",
    ],
)
def test_bad_searches_are_refused(text):
    with pytest.raises(Malformed):
        key(text)


@pytest.mark.parametrize(
    "deep", [b"(" * 5000 + b"SEEN" + b")" * 5000, b"NOT " * 9000 + b"SEEN", b"OR " * 9000]
)
def test_deep_searches_are_refused(deep):
    with pytest.raises(Malformed):
        key(deep)


def test_wide_searches_are_refused():
    with pytest.raises(Malformed):
        key(b"SEEN " * 5000)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"a1",
        b"a1 ",
        b" NOOP",
        b"a1 WHAT",
        b"+ NOOP",
        b"a+ NOOP",
        b"a1 LOGIN",
        b"a1 LOGIN x",
        b'a1 LOGIN "x y',
        b"a1 SELECT",
        b"a1 UID",
        b"a1 UID NOOP",
        b"a1 UID LOGIN x y",
        b"a1 FETCH",
        b"a1 FETCH 1",
        b"a1 FETCH 0 FLAGS",
        b"a1 STORE 1 X",
        b"a1 STORE 1 FLAGS",
        b"a1 STATUS a ()",
        b"a1 STATUS a (X)",
        b"a1 LIST",
        b'a1 LIST ""',
        b'a1 LIST "" ()',
        b'a1 LIST (RECURSIVEMATCH) "" *',
        b"a1 APPEND x",
        b"a1 APPEND x y",
        b"a1 ID",
        b"a1 ID (a",
        b"a1 DELETE a\x00b",
        b"a1 DELETE " + b"x" * 2000,
        b"GET / HTTP/1.1",
        b"a1 SELECT a b",
        b"a1 NOOP\rb",
    ],
)
def test_nonsense_is_refused(line):
    with pytest.raises(Malformed):
        parse(Framed((line,)))


def test_the_refusal_carries_the_tag():
    with pytest.raises(Malformed) as error:
        parse(Framed((b"xyz FROB",)))
    assert error.value.tag == b"xyz"


WORDS = [
    b"FETCH",
    b"STORE",
    b"SEARCH",
    b"UID",
    b"LIST",
    b"APPEND",
    b"BODY[",
    b"]",
    b"<0.1>",
    b"(",
    b")",
    b" ",
    b"1:*",
    b"$",
    b'"',
    b"\\",
    b"{3+}\r\n",
    b"HEADER.FIELDS",
    b"NOT",
    b"OR",
    b"RETURN",
    b"\r",
    b"\x00",
    b"\xff",
    b"FLAGS",
    b"NIL",
    b"SELECT",
    b"QRESYNC",
    b"NOTIFY SET",
    b"SELECTED",
    b"MessageNew",
    b"PARTIAL",
    b"PREVIEW",
    b"1",
]


def test_what_a_client_that_comes_back_knows():
    found = command(b"EXAMINE Work (CONDSTORE QRESYNC (7 90 1:9,12 (1,5 1,9)))")
    assert found.parameters == {"CONDSTORE", "QRESYNC"}
    assert found.resync == Resync(
        uidvalidity=7,
        modseq=90,
        known=SequenceSet(((1, 9), (12, 12))),
        numbers=SequenceSet(((1, 1), (5, 5))),
        uids=SequenceSet(((1, 1), (9, 9))),
    )
    assert command(b"SELECT Work (QRESYNC (7 90))").resync == Resync(uidvalidity=7, modseq=90)
    assert command(b"SELECT Work (QRESYNC (7 90 (1 1)))").resync.known is None


def test_what_a_client_wants_to_be_told():
    found = command(
        b"NOTIFY SET STATUS (Selected (MessageNew (UID FLAGS) MessageExpunge)) (Subtree (A inbox/b) NONE)"
        b" (mailboxes &APw- (MailboxName))"
    )
    assert found.with_status
    selected, subtree, mailboxes = found.groups
    assert selected.events == {"MESSAGENEW", "MESSAGEEXPUNGE"}
    assert selected.items == (Item.UID, Item.FLAGS)
    assert (subtree.names, subtree.events) == (("A", "INBOX/b"), frozenset())
    assert (mailboxes.where, mailboxes.names) == ("MAILBOXES", ("ü",))
    assert command(b"NOTIFY NONE").groups == ()


@settings(max_examples=300)
@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_no_words_crash_the_parser(words):
    for event in events(b"a1 " + b"".join(words) + b"\r\n"):
        if isinstance(event, Framed):
            try:
                parse(event)
            except (Malformed, BadCharset):
                continue


@settings(max_examples=200)
@given(st.binary(max_size=60))
def test_no_bytes_crash_the_parser(raw):
    for event in events(b"a1 FETCH 1 " + raw + b"\r\n") + events(raw + b"\r\n"):
        if isinstance(event, Framed):
            try:
                parse(event)
            except (Malformed, BadCharset):
                continue
