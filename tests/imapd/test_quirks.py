"""What mail programs do that the RFCs do not say, or say otherwise: each as it was seen (mutt and others by their own
programs in tests/conformance)."""

from __future__ import annotations

import re

import pytest

from tests import make
from tests.cast import PASSWORD

SETTINGS = [
    b"SELECT INBOX",
    b"select inbox",
    b"SeLeCt InBoX ",
    b'SELECT "inbox"',
    b'EXAMINE "INBOX"',
    b"SELECT {5+}\r\nINBOX",
]


# --- lines as old clients write them ------------------------------------------------------------


@pytest.mark.parametrize("line", SETTINGS)
def test_verbs_and_inbox_in_any_case_and_a_trailing_space(connect, line):
    connect(select=None).ok(line)


def test_empty_lines_between_commands_are_let_pass(connect):
    client = connect()
    client.send(b"\r\n\r\nx NOOP\r\n\r\n")
    while not (line := client.line()).startswith(b"x "):
        pass
    assert line.startswith(b"x OK ")
    client.ok(b"NOOP")


def test_a_bare_line_feed_ends_a_line(connect):
    client = connect()
    client.send(b"x NOOP\n")
    assert client.line().startswith((b"x OK ", b"x BAD ", b"* BAD "))
    client.ok(b"NOOP")


@pytest.mark.parametrize(
    "line", [b"NOOP ", b"CAPABILITY ", b"UNSELECT ", b"UID FETCH 1:* (FLAGS) ", b"SEARCH ALL "]
)
def test_a_trailing_space_is_let_pass(connect, line):
    assert connect().run(line).is_ok


def test_login_with_literals_and_what_must_be_quoted(connect, cast):
    email = cast.alice.email.encode()
    connect(is_stranger=True).ok(
        b"LOGIN {%d+}\r\n%b {%d+}\r\n%b" % (len(email), email, len(PASSWORD), PASSWORD.encode())
    )
    connect(is_stranger=True).ok(b'login "%b" {%d+}\r\n%b' % (email, len(PASSWORD), PASSWORD.encode()))
    client = connect(is_stranger=True)
    said = client.run(b'LOGIN "%b" "back\\\\slash \\"quote\\""' % email)
    assert said.tagged.startswith(b"NO [AUTHENTICATIONFAILED]"), "understood, and not the password"


@pytest.mark.parametrize("password", ['back\\slash "quoted" word', "Grüße {5} (x) %*", "  spaces around  "])
@pytest.mark.parametrize("how", ["quoted", "literal"])
def test_a_password_of_any_signs(connect, cast, password, how):
    from posthouse.base import db
    from posthouse.identity.actions import hash_password
    from posthouse.identity.models import User

    hashed = hash_password(password)
    db.run(lambda: User.objects.filter(email=cast.alice.email).update(password=hashed), (), {})
    raw = password.encode()
    quoted = b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
    said = quoted if how == "quoted" else b"{%d+}\r\n%b" % (len(raw), raw)
    connect(is_stranger=True).ok(b"LOGIN " + cast.alice.email.encode() + b" " + said)


# --- Apple Mail and iOS -------------------------------------------------------------------------


def test_ios_changedsince_0_and_descending_ranges(connect, cast):
    for _ in range(3):
        make.email(cast.alice)
    client = connect()
    assert len(client.ok(b"UID FETCH 1:* (FLAGS) (CHANGEDSINCE 0)").lines(b" FETCH ")) == 3
    assert len(client.ok(b"FETCH 3:1 (UID)").lines(b" FETCH ")) == 3
    assert client.ok(b"UID SEARCH UID *:1").untagged == [b"* SEARCH 1 2 3"]


def test_iphones_find_special_uses_in_a_plain_list(connect):
    client = connect(select=None)
    for verb in (b"LIST", b"LSUB"):
        uses = re.findall(
            rb"\\(Sent|Trash|Drafts|Junk|Archive)\b", b"\n".join(client.ok(verb + b' "" "*"').untagged)
        )
        assert set(uses) == {b"Sent", b"Trash", b"Drafts", b"Junk", b"Archive"}, verb


def test_a_plain_search_is_answered_in_the_old_way(connect, cast):
    """ESEARCH broke iPhones that had not asked for it."""
    make.email(cast.alice)
    client = connect()
    assert client.ok(b"UID SEARCH 1:* NOT DELETED").untagged == [b"* SEARCH 1"]
    assert client.ok(b"UID SEARCH UID 1:*").untagged == [b"* SEARCH 1"]


def test_ios_says_id_with_nil_and_namespace_and_the_root(connect):
    client = connect(select=None)
    client.ok(b'ID ("name" "iPhone Mail" "version" "22F76" "os" "iOS" "os-version" "18.5 (22F76)")')
    client.ok(b'ID ("vendor" NIL)')
    assert client.ok(b"NAMESPACE").untagged[0].startswith(b'* NAMESPACE (("" "/"))')
    assert client.ok(b'LIST "" ""').untagged == [b'* LIST (\\Noselect) "/" ""']


# --- Outlook ------------------------------------------------------------------------------------


def test_outlook_wants_the_tag_of_esearch_quoted(connect, cast):
    make.email(cast.alice)
    client = connect()
    tag = client.start(b"UID SEARCH RETURN (ALL) ALL")
    assert client.finish(tag).untagged == [b'* ESEARCH (TAG "%b") UID ALL 1' % tag]


def test_outlook_asks_for_xlist_only_where_it_is_offered(connect):
    client = connect(select=None)
    assert b"XLIST" not in client.ok(b"CAPABILITY").untagged[0]
    assert client.run(b'XLIST "" "*"').tagged.startswith(b"BAD ")
    client.ok(b'LIST "" "*"')


def test_outlook_expunges_its_own_only(connect, cast):
    for _ in range(2):
        make.email(cast.alice)
    other, client = connect(), connect()
    other.ok(b"UID STORE 1 +FLAGS (\\Deleted)")
    client.ok(b"UID STORE 2 +FLAGS.SILENT (\\Deleted)")
    client.ok(b"UID EXPUNGE 2")
    assert client.ok(b"UID SEARCH ALL").untagged[-1] == b"* SEARCH 1"


def test_nothing_leans_on_recent(connect, cast):
    make.email(cast.alice)
    client = connect(select=None)
    said = client.ok(b"SELECT INBOX")
    assert b"* 0 RECENT" in said.untagged and not any(b"\\Recent" in line for line in said.untagged)
    assert b"RECENT 0" in client.ok(b"STATUS INBOX (MESSAGES RECENT)").untagged[0]


# --- Thunderbird, K-9, FairEmail, mutt ----------------------------------------------------------


def test_thunderbird_sets_any_keyword_and_makes_folders_with_a_last_slash(connect, cast):
    make.email(cast.alice)
    client = connect(select=None)
    assert any(rb"\*)]" in line for line in client.ok(b"SELECT INBOX").lines(b"PERMANENTFLAGS"))
    for label in (b"$label1", b"$Forwarded", b"$MDNSent", b"NonJunk"):
        client.ok(b"UID STORE 1 +FLAGS (%b)" % label)
    client.ok(b'CREATE "Projects/"')
    client.ok(b'CREATE "Projects/Blue & Green"')
    assert b'"Projects/Blue &- Green"' in b"".join(client.ok(b'LIST "" "Projects/*"').untagged)
    assert b"Projects" in b"".join(client.ok(b'LSUB "" "*"').untagged), "made and subscribed in one"


def test_inbox_as_a_prefix_in_any_case(connect):
    client = connect(select=None)
    client.ok(b"CREATE Inbox/Receipts")
    client.ok(b"SELECT inbox/Receipts")
    assert client.run(b"CREATE INBOX/Receipts").tagged.startswith(b"NO [ALREADYEXISTS]")


def test_fetches_of_old_clients(connect, cast):
    raw = make.message(to=cast.alice.email)
    make.email(cast.alice, raw)
    client = connect()
    for item in (
        b"RFC822.HEADER",
        b"RFC822.TEXT",
        b"RFC822.SIZE",
        b"rfc822.header",
        b"BODY",
        b"FAST",
        b"ALL",
        b"FULL",
    ):
        assert client.ok(b"FETCH 1 " + item).lines(b"* 1 FETCH (")
    assert not client.ok(b"FETCH 1 RFC822.HEADER").lines(b"\\Seen")
    assert client.run(b"FETCH 1 RFC822.PEEK").tagged.startswith(b"BAD ")
    assert client.ok(b"FETCH 1 (FLAGS BODY.PEEK[HEADER.FIELDS (From)])").lines(b"zoe@outside.test")
    assert client.ok(b"FETCH 1 RFC822").lines(b"* 1 FETCH (")
    assert client.ok(b"FETCH 1 FLAGS").lines(b"\\Seen")


def test_numbers_fit_32_bits_and_modseq_is_never_0(connect):
    """Horde takes HIGHESTMODSEQ 0 for none and reads all again each 35 seconds."""
    said = b"\n".join(connect(select=None).ok(b"SELECT INBOX").untagged)
    validity, uidnext = (
        int(re.search(name + rb" (\d+)\]", said)[1]) for name in (b"UIDVALIDITY", b"UIDNEXT")
    )
    assert 0 < validity < 2**32 and 0 < uidnext < 2**32
    assert int(re.search(rb"HIGHESTMODSEQ (\d+)\]", said)[1]) >= 1


def test_a_move_into_the_mailbox_it_is_in_and_of_nothing(connect, cast):
    """Thunderbird tries for ever when it is told that something exists already."""
    make.email(cast.alice)
    client = connect()
    client.ok(b"UID MOVE 77 Trash")
    client.ok(b"UID COPY 1 Trash")
    client.ok(b"UID COPY 1 Trash")
    client.ok(b"UID MOVE 1 Trash")
    assert client.ok(b"UID SEARCH ALL").untagged[-1].rstrip() == b"* SEARCH"


# --- what breaks many ---------------------------------------------------------------------------


def test_every_answer_has_words_and_no_status_ends_in_a_space(connect):
    client = connect(select=None)
    said = [*client.ok(b"STATUS INBOX (MESSAGES UIDNEXT)").untagged, *client.ok(b"SELECT INBOX").untagged]
    for line in said:
        assert not line.endswith((b" ", b" )")), line
        if b"[" in line and line.startswith(b"* OK"):
            assert re.search(rb"\] \S", line), line
    assert client.run(b"STATUS INBOX ()").tagged.startswith(b"BAD ")


def test_body_and_envelope_hold_no_raw_utf8(connect, cast):
    raw = make.message(to=cast.alice.email, subject="Grüße roh").replace(
        b"text/plain;", 'text/plain; name="ü.txt";'.encode()
    )
    make.email(cast.alice, raw)
    client = connect()
    for line in client.ok(b"FETCH 1 (ENVELOPE BODYSTRUCTURE BODY)").lines(b" FETCH "):
        without_literals = re.sub(rb"\{\d+\}\r\n.*?(?=[ )])", b"", line, flags=re.S)
        assert without_literals.isascii(), line


def test_the_charset_of_a_search(connect):
    client = connect()
    client.ok(b"SEARCH CHARSET UTF-8 SUBJECT {3+}\r\n\xe2\x98\x83")
    client.ok(b"SEARCH CHARSET US-ASCII SUBJECT x")
    assert client.run(b"SEARCH CHARSET KOI8-R SUBJECT x").tagged.startswith(b"NO [BADCHARSET (")
