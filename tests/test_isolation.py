"""Strangers at the stream, at IMAP and at SMTP: what is not theirs is answered as what is not there, byte for byte.

The same walk through the REST API is tests/api/test_isolation.py. At SMTP one thing tells by its nature whether an
address is there: RCPT, since mail for nobody is refused (RFC 5321 §3.3). Everything else must not.
"""

from __future__ import annotations

import json
import smtplib
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests import make
from tests.api.client import Client, log_in
from tests.cast import Cast, Person, guest, user_id
from tests.house import RunningHouse
from tests.identity.factors import moving_clock
from tests.imapd.client import Client as Imap

SECONDS = 10
NOWHERE = "58769341962780000"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def shared(house: RunningHouse, cast: Cast) -> str:
    """The address of a shared account of alice's organisation, which alice alone may use."""
    alice = log_in(house, cast.alice)
    email = f"desk@{cast.domain}"
    made = alice.ok(alice.post("/accounts/", {"name": "Desk", "email": email}), 201)
    grant = {"user_id": user_id(cast.alice), "right": "admin"}
    alice.ok(alice.post(f"/accounts/{made['id']}/grants/", grant), 201)
    return email


def strangers(cast: Cast) -> list[Person]:
    """Of another organisation, a guest of alice's own, and a colleague with whom nothing is shared."""
    return [cast.mallory, guest(cast), cast.bob]


# --- the stream ---------------------------------------------------------------------------------


def stream(house: RunningHouse, stack: ExitStack, *protocols: str) -> ClientConnection:
    url = house.http.replace("http", "ws") + "/api/v1/stream/"
    named: Any = list(protocols)
    return stack.enter_context(connect(url, subprotocols=named, open_timeout=SECONDS))


def ticket(client: Client) -> str:
    return f"ticket.{client.ok(client.post('/auth/ticket/'))['ticket']}"


def test_a_stream_tells_nothing_of_anothers_account(
    house: RunningHouse, cast: Cast, shared: str, stack: ExitStack
) -> None:
    hers = str(cast.alice.account_id)
    for who in strangers(cast):
        socket = stream(house, stack, "posthouse.v1", ticket(log_in(house, who)))
        assert json.loads(socket.recv(timeout=SECONDS))["type"] == "hello"
        for more in ({}, {"since": "1"}, {"since": "99999999999999"}, {"since": "x"}):
            said = []
            for account in (hers, NOWHERE):
                socket.send(json.dumps({"type": "subscribe", "account": account, **more}))
                said.append(str(socket.recv(timeout=SECONDS)).replace(account, "X"))
            assert said[0] == said[1] == '{"type":"error","code":"not_found","account":"X"}', (who, more)
        make.email(cast.alice, subject="Not for them")
        socket.send('{"type":"ping"}')
        assert json.loads(socket.recv(timeout=SECONDS)) == {"type": "pong"}, "and nothing came before"


def test_nobody_has_no_stream(house: RunningHouse, cast: Cast, stack: ExitStack) -> None:
    """Without a ticket, with one made up, used, or too old: one answer."""
    alice = log_in(house, cast.alice)
    used, old = ticket(alice), ticket(alice)
    stream(house, stack, "posthouse.v1", used).recv(timeout=SECONDS)
    ends = []
    for given in ([], ["ticket."], ["ticket.made-up"], [used]):
        ends.append(end_of(stream(house, stack, "posthouse.v1", *given)))
    with moving_clock() as move:
        move(29)
        late = ticket(alice)
        move(2)
        ends.append(end_of(stream(house, stack, "posthouse.v1", old)))
        assert json.loads(stream(house, stack, "posthouse.v1", late).recv(timeout=SECONDS))["type"] == "hello"
    assert set(ends) == {(4401, "ticket")}


def end_of(socket: ClientConnection) -> tuple[int | None, str | None]:
    with pytest.raises(ConnectionClosed):
        socket.recv(timeout=SECONDS)
    return socket.protocol.close_code, socket.protocol.close_reason


# --- IMAP ---------------------------------------------------------------------------------------

NAMED = [
    "SELECT {box}",
    "SELECT {box} (CONDSTORE)",
    "EXAMINE {box}",
    "STATUS {box} (MESSAGES UIDNEXT UIDVALIDITY UNSEEN)",
    'LIST "" {box}',
    'LIST "" ({box} Nothing) RETURN (STATUS (MESSAGES))',
    'LIST (SUBSCRIBED) "" {box}',
    'LIST (SPECIAL-USE) "" {box}',
    'LIST {box} "*"',
    'LSUB "" {box}',
    "CREATE {box}",
    "CREATE {inside}",
    "DELETE {box}",
    "RENAME {box} Mine",
    "RENAME {box} {inside}",
    "RENAME Own {inside}",
    "SUBSCRIBE {box}",
    "UNSUBSCRIBE {box}",
    "APPEND {box} {{3+}}\r\nabc",
    "COPY 1 {box}",
    "UID COPY 1:* {box}",
    "MOVE 1 {box}",
    "GETACL {box}",
    "MYRIGHTS {box}",
    "LISTRIGHTS {box} alice",
    "SETACL {box} mallory lrs",
    "DELETEACL {box} alice",
    "GETQUOTA {box}",
    "GETQUOTAROOT {box}",
    "SETQUOTA {box} (STORAGE 10)",
    'GETMETADATA {box} "/shared/comment"',
    'SETMETADATA {box} ("/private/comment" "mine")',
    "REPLACE 1 {box} {{3+}}\r\nabc",
    "ESEARCH IN (mailboxes {box}) ALL",
    "NOTIFY SET (mailboxes {box} (MessageNew))",
]
NAMELESS = {
    "ENABLE", "ID", "COMPRESS", "LOGIN", "AUTHENTICATE", "EXPUNGE", "STORE", "SEARCH", "SORT", "THREAD", "FETCH",
}  # fmt: skip
"""Commands that name no mailbox: they are about oneself, or about the one that is open."""


def boxes(email: str) -> list[tuple[str, str]]:
    """Where an account of others would be: its place, a mailbox in it, and one that it has not."""
    places = [f"Other Users/{email}", f"Shared/{email}"]
    return [
        (f'"{box}"', f'"{place}/New"')
        for place in places
        for box in (place, f"{place}/INBOX", f"{place}/Sent")
    ]


@pytest.mark.parametrize("is_known", [True, False])
def test_imap_tells_nothing_of_anothers_mailboxes(
    house: RunningHouse, cast: Cast, shared: str, stack: ExitStack, is_known: bool
) -> None:
    from posthouse.imapd.server import ImapServer
    from posthouse.imapd.settings import Settings

    settings = Settings(hostname="mail.posthouse.test", allow_plain_login=True, bad_commands=10**6)
    port = stack.enter_context(house.one_more_door(lambda: ImapServer(settings)))
    nobody = f"nobody@{cast.domain}"
    hers = Imap(port)
    stack.callback(hers.close)
    hers.log_in(cast.alice.email, cast.alice.password)
    hers.ok(f'SELECT "Shared/{shared}/INBOX"'.encode())  # that is its name, for who may use it
    for who in strangers(cast) if is_known else [None]:
        client = Imap(port)
        stack.callback(client.close)
        if who is not None:
            make.email(who)
            client.log_in(who.email, who.password)
            client.ok(b"CREATE Own")
        for theirs in (cast.alice.email, shared):
            for command in NAMED:
                if who is None and "+}}" in command:
                    continue  # the connection ends at a stranger's literal, whatever it is for
                for there, nowhere in zip(boxes(theirs), boxes(nobody), strict=True):
                    answers = []
                    for (box, inside), email in ((there, theirs), (nowhere, nobody)):
                        if who is not None:
                            client.ok(b"SELECT INBOX")
                        answers.append(told(client, command.format(box=box, inside=inside), email))
                    assert answers[0] == answers[1], (who, command, there)
        if who is not None:
            for line in (b'LIST "" "*"', b'LIST "" "%"', b'LSUB "" "*"', b"NAMESPACE"):
                shown = b"\n".join(client.ok(line).untagged)
                assert cast.alice.email.encode() not in shown and shared.encode() not in shown, (who, line)


def told(client: Imap, command: str, email: str) -> bytes:
    answer = client.run(command.encode())
    return b"\n".join([*answer.untagged, answer.tagged]).replace(email.encode(), b"X")


@pytest.mark.usefixtures("house")
def test_every_command_with_a_name_is_walked() -> None:
    from posthouse.imapd import commands
    from posthouse.wire.smtp import session

    words = {line.replace("UID ", "").split()[0] for line in NAMED}
    same = {
        "EXAMINE": "SELECT",
        "LSUB": "LIST",
        "UNSUBSCRIBE": "SUBSCRIBE",
        "MOVE": "COPY",
        "DELETEACL": "SETACL",
    }
    walked = {same.get(word, word) for word in words}
    kinds = set(commands._NAMES.values())
    assert kinds - NAMELESS - walked == set()
    assert set(session._COMMANDS) == {*SMTP_WALKED, *SMTP_NAMELESS}


# --- SMTP ---------------------------------------------------------------------------------------

SMTP_WALKED = ("MAIL", "RCPT", "VRFY", "DATA", "BDAT")
SMTP_NAMELESS = ("EHLO", "HELO", "LHLO", "STARTTLS", "AUTH", "RSET", "NOOP", "HELP", "QUIT")
"""What names no person; AUTH is tests/identity/test_login_timing.py."""


def say(smtp: smtplib.SMTP, line: str, email: str) -> bytes:
    code, text = smtp.docmd(line)
    smtp.rset()
    return b"%d %b" % (code, text.replace(email.encode(), b"X"))


def test_smtp_tells_nothing_but_where_mail_cannot_go(
    house: RunningHouse, cast: Cast, shared: str, stack: ExitStack
) -> None:
    nobody = f"nobody@{cast.domain}"
    for door in ("mx", "submission"):
        smtp = stack.enter_context(smtplib.SMTP("127.0.0.1", house.ports[door], timeout=SECONDS))
        smtp.ehlo()
        for theirs in (cast.alice.email, shared):
            for line in (
                "VRFY {}",
                "EXPN {}",
                "VRFY <{}>",
                "MAIL FROM:<{}>",
                "MAIL FROM:<{}> SIZE=99999999999",
            ):
                answers = [say(smtp, line.format(email), email) for email in (theirs, nobody)]
                assert answers[0] == answers[1], (door, line)
            if door == "submission":
                answers = [say(smtp, f"RCPT TO:<{email}>", email) for email in (theirs, nobody)]
                assert answers[0] == answers[1] and not answers[0].startswith(b"2"), "nobody may write here"


def test_who_logged_in_sends_as_nobody_else(
    house: RunningHouse, cast: Cast, shared: str, stack: ExitStack
) -> None:
    nobody = f"nobody@{cast.domain}"
    for who in strangers(cast):
        smtp = stack.enter_context(smtplib.SMTP("127.0.0.1", house.ports["submission"], timeout=SECONDS))
        smtp.login(who.email, who.password)
        for theirs in (cast.alice.email, shared):
            for line in ("MAIL FROM:<{}>", "VRFY {}", "EXPN {}"):
                answers = [say(smtp, line.format(email), email) for email in (theirs, nobody)]
                assert answers[0] == answers[1], (who, line)
            answers = [
                sent(smtp, who, author=email).replace(email.encode(), b"X") for email in (theirs, nobody)
            ]
            assert answers[0] == answers[1] and answers[0].startswith(b"550"), who


def sent(smtp: smtplib.SMTP, who: Person, *, author: str) -> bytes:
    """The answer to a message in another's name, from one's own address."""
    smtp.mail(who.email)
    smtp.rcpt(who.email)
    code, text = smtp.data(make.message(sender=author, to=who.email))
    smtp.rset()
    return b"%d %b" % (code, text)
