"""No byte of a note is in a mail that leaves, nor at any door of mail, nor with anybody who may not read that mail.

Colleagues write notes of random canaries in whatever way notes are written; then everything is done that sends or shows
mail, and all that came of it is searched.
"""

from __future__ import annotations

import base64
import email
import email.policy
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import make
from tests.api.client import Client, log_in
from tests.bridge import desk
from tests.cast import Cast, Person, person, user_id
from tests.conversations.rooms import me
from tests.delivery.outside import bytes_of, smtp, until
from tests.delivery.test_forwarding import forward
from tests.delivery.test_vacation import idle
from tests.delivery.transport.peer import Peer
from tests.hooks_sink import Sink, open_sink
from tests.house import RunningHouse
from tests.imapd.client import Client as Imap

EXAMPLES, MOST_ACTS = 4, 8
SIGN = "\N{HATCHING CHICK}"
HOOKED = ["email.received", "email.changed", "email.deleted", "message.delivered", "message.bounced"]
SUBJECT, FIRST = "Rooms in May", "rooms@outside.test"
_numbers = itertools.count(1)


class Talk:
    """Notes of alice and bob on a thread, each with a canary of its own."""

    def __init__(self, alice: Client, bob: Client, thread: str) -> None:
        self.alice, self.bob, self.thread = alice, bob, thread
        self.canaries = [SIGN]
        self.first = desk.note(alice, thread, self.canary())

    def canary(self) -> str:
        self.canaries.append(f"canary{next(_numbers):05}chirp")
        return self.canaries[-1]

    def text(self) -> None:
        desk.note(
            self.bob,
            self.thread,
            f"Look: **{self.canary()}** `{self.canary()}` https://{self.canary()}.test/",
        )

    def file(self) -> None:
        name = f"/conversations/files/?filename={self.canary()}.txt"
        made = self.bob.ok(self.bob.request("POST", name, body=self.canary().encode()), 201)
        desk.note(self.bob, self.thread, "", file_ids=[made["id"]])

    def edit(self) -> None:
        self.alice.ok(self.alice.patch(f"/messages/{self.first['id']}/", {"text": self.canary()}))

    def reaction(self) -> None:
        self.bob.ok(self.bob.post(f"/messages/{self.first['id']}/react/", {"emoji": SIGN}))

    def mention(self) -> None:
        desk.note(
            self.alice,
            self.thread,
            f"@[x](user:{me(self.bob)}) @channel {self.canary()}",
            importance="urgent",
        )

    def answer(self) -> None:
        path = f"/messages/{self.first['id']}/reply/"
        made = self.bob.ok(self.bob.post(path, {"text": self.canary()}), 201)
        titled = f"/conversations/{made['conversation_id']}/threads/{made['thread_id']}/"
        self.bob.ok(self.bob.patch(titled, {"title": self.canary()}))

    def quote(self) -> None:
        desk.note(self.bob, self.thread, self.canary(), reply_to=self.first["id"])

    def later(self) -> None:
        path = f"/threads/{self.thread}/notes/"
        self.bob.ok(self.bob.post(path, {"text": self.canary(), "send_at": "2030-01-01T00:00:00Z"}), 202)

    def draft(self) -> None:
        path = f"/conversations/{self.first['conversation_id']}/draft/"
        answer = self.bob.send("PUT", path, {"content": {"text": self.canary()}})
        assert answer.status == 204, answer.body

    def pin(self) -> None:
        made = desk.note(self.bob, self.thread, self.canary(), needs_ack=True)
        assert self.alice.post(f"/messages/{made['id']}/pin/").status in (200, 204)

    def delete(self) -> None:
        made = desk.note(self.bob, self.thread, self.canary())
        self.bob.ok(self.bob.delete(f"/messages/{made['id']}/"), 204)

    def assign(self) -> None:
        self.bob.ok(desk.assign(self.bob, self.thread, assignee_id=me(self.bob), status="done"))


ACTS: list[Callable[[Talk], None]] = [
    Talk.text, Talk.file, Talk.edit, Talk.reaction, Talk.mention, Talk.answer, Talk.quote, Talk.later, Talk.draft,
    Talk.pin, Talk.delete, Talk.assign,
]  # fmt: skip


class World:
    """Where things go: a mail server outside, a webhook, and people who may not read alice's mail."""

    def __init__(self, house: RunningHouse, cast: Cast, peer: Peer, sink: Sink) -> None:
        self.house, self.cast, self.peer, self.sink = house, cast, peer, sink
        self.alice, self.bob = log_in(house, cast.alice), log_in(house, cast.bob)
        self.others = [log_in(house, person("Carol", cast.domain)), log_in(house, cast.mallory)]
        desk.share(self.alice, cast.bob, "write")
        forward(self.alice, peer, "away@outside.test", keeps_copy=True)
        self.alice.ok(self.alice.patch("/vacation/", {"is_enabled": True, "text": "Away"}))
        for client in (self.alice, self.bob):
            client.ok(client.post("/webhooks/", {"url": sink.url, "events": HOOKED}), 201)
        self.before = self.alice.ok(self.alice.get("/mailboxes/"))["state"]
        self.told: list[bytes] = []

    # --- everything that sends or shows mail --------------------------------------------------------

    def write(self, thread: str) -> None:
        """Answer, forward, send, leave a draft: as alice and as bob for her."""
        original = self.alice.ok(self.alice.get(f"/threads/{thread}/"))["emails"][0]
        account = {"account_id": str(self.cast.alice.account_id)}
        to = {"to": [{"email": "zoe@outside.test"}]}
        quoting = {"text": "Yes.", "subject": f"Re: {SUBJECT}", "reply_to_email_id": original["id"]}
        passing = {"text": "See below.", "subject": f"Fwd: {SUBJECT}", "forward_of_email_id": original["id"]}
        for client in (self.alice, self.bob):
            for body in (quoting, passing):
                self.keep(client.post("/send/", {**account, **to, **body}), 202)
        draft = self.keep(self.bob.post("/drafts/", {**account, **to, **quoting}), 201)
        self.keep(self.alice.get(f"/emails/{draft.json['id']}/"))

    def arrive(self) -> None:
        """An answer from outside: forwarded, answered while she is away, told by webhooks and the bell."""
        headers = f"In-Reply-To: <{FIRST}>\r\nReferences: <{FIRST}>\r\n"
        raw = make.message(
            subject=f"Re: {SUBJECT}", to=self.cast.alice.email, headers=headers, text="And?\r\n"
        )
        with smtp(self.house) as client:
            client.sendmail("zoe@outside.test", [self.cast.alice.email], raw)

    def show(self, thread: str) -> None:
        """REST of mail, also to who has the right: a note is no mail to them either."""
        account = str(self.cast.alice.account_id)
        for client in (self.alice, self.bob):
            shown = self.keep(client.get(f"/threads/{thread}/")).json
            for one in shown["emails"]:
                for path in ("", "raw/", "html/"):
                    answer = client.get(f"/emails/{one['id']}/{path}")
                    self.told.append(answer.body + repr(answer.headers).encode())
            for path in (
                f"/changes/?since={self.before}&account={account}",
                f"/threads/?q={SUBJECT.split()[0]}&account={account}",
                f"/submissions/?account={account}",
                "/assignments/?view=mine",
                f"/assignments/?view=open&account={account}",
                "/notifications/",
                "/conversations/",
                "/conversations/unread/",
                "/messages/",
                "/threads/unread/",
            ):
                self.keep(client.get(path))

    def find(self, words: list[str]) -> list[Any]:
        """What a search for the canaries gives: in mail of those who may read it, anywhere of others."""
        account, found = str(self.cast.alice.account_id), []
        for word in words:
            for client in (self.alice, self.bob):
                for path in ("/emails/", "/threads/"):
                    found += client.ok(client.get(path, q=word, account=account))["items"]
            for client in self.others:
                for path in ("/emails/", "/threads/", "/messages/"):
                    found += client.ok(client.get(path, q=word))["items"]
        return found

    def strangers(self, talk: Talk) -> None:
        room = talk.first["conversation_id"]
        for client in self.others:
            for path in (
                f"/threads/{talk.thread}/",
                f"/threads/{talk.thread}/notes/",
                f"/conversations/{room}/messages/",
                f"/conversations/{room}/changes/?since=0",
                f"/messages/{talk.first['id']}/",
                f"/messages/{talk.first['id']}/files/",
            ):
                answer = client.get(path)
                assert answer.status == 404, path
                self.told.append(answer.body)
            for path in (
                "/notifications/",
                "/conversations/",
                "/conversations/changes/?since=0",
                "/messages/",
            ):
                self.keep(client.get(path))

    def fetch(self, one: Person, words: list[str], mailboxes: tuple[bytes, ...]) -> None:
        """Everything that IMAP says of a mailbox; SEARCH finds no canary."""
        imap = Imap(self.house.ports["imaps"], tls=True)
        try:
            imap.log_in(one.email, one.password)
            for mailbox in mailboxes:
                imap.ok(b'SELECT "' + mailbox + b'"')
                whole = imap.ok(
                    b"FETCH 1:* (FLAGS ENVELOPE BODYSTRUCTURE RFC822.SIZE PREVIEW THREADID BODY.PEEK[])"
                )
                thread = imap.ok(b"UID THREAD REFERENCES UTF-8 ALL")
                self.told += [b"\r\n".join([*whole.untagged, *thread.untagged])]
                for word in words:
                    found = imap.ok(f'UID SEARCH TEXT "{word}"'.encode()).lines(b"SEARCH")
                    assert [line for line in found if any(part.isdigit() for part in line.split())] == []
        finally:
            imap.close()

    def keep(self, answer: Any, status: int = 200) -> Any:
        assert answer.status == status, answer.body
        self.told.append(answer.body + repr(answer.headers).encode())
        return answer

    def left(self) -> list[bytes]:
        """All that anybody was shown or sent, mails also with their parts decoded."""
        idle()
        return [
            *self.told,
            *(told.body for told in self.sink.told),
            *itertools.chain.from_iterable(decoded(bytes_of(raw)) for raw in self.peer.messages),
        ]


def decoded(raw: bytes) -> Iterator[bytes]:
    """A mail as it is, and what its reader sees of it."""
    yield raw
    read = email.message_from_bytes(raw, policy=email.policy.default)
    for part in read.walk():
        yield repr(part.items()).encode()
        if not part.is_multipart():
            yield part.get_payload(decode=True) or b""


def leaked(canaries: list[str], told: list[bytes]) -> list[str]:
    """The canaries that are in it: as they are, escaped as JSON has them, or in base64 at any place."""
    found = []
    for canary in canaries:
        raw = canary.encode()
        forms = [raw, canary.encode("unicode_escape"), canary.encode("utf-16-be")]
        if len(raw) > 12:  # of fewer bytes base64 leaves too little that stays the same
            forms += [base64.b64encode(b"\0" * shift + raw)[4 * bool(shift) : -4] for shift in range(3)]
        if any(form in one for form in forms for one in told):
            found.append(canary)
    return found


@pytest.fixture
def world(house: RunningHouse, cast: Cast) -> Iterator[World]:
    from tests.delivery.outside import outside

    with outside(house, "outside.test") as peer, open_sink() as sink:
        yield World(house, cast, peer, sink)


@given(acts=st.lists(st.sampled_from(ACTS), min_size=3, max_size=MOST_ACTS))
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_canary_sings_outside(world: World, acts: list[Callable[[Talk], None]]) -> None:
    thread = desk.thread(world.alice, subject=SUBJECT, message_id=f"{next(_numbers)}.{FIRST}")
    talk = Talk(world.alice, world.bob, thread)
    for act in acts:
        act(talk)
    world.write(thread)
    world.arrive()
    world.show(thread)
    world.strangers(talk)
    words = [one for one in talk.canaries if one != SIGN]
    world.fetch(world.cast.alice, words, (b"INBOX", b"Sent", b"Drafts"))
    assert world.find(words) == []
    until(lambda: len(world.peer.messages) >= 4)
    assert leaked(talk.canaries, world.left()) == []
    assert kept_elsewhere(talk.canaries) == []


def kept_elsewhere(canaries: list[str]) -> list[str]:
    """Tables outside the two rooms that notes are kept in, and what they hold of it; blobs are those of their files.

    On PostgreSQL the index of what is said lies among the tables; it is asked by who may read the conversation alone.
    """
    from django.db import connection

    from posthouse.base import sql

    found = []
    for table in connection.introspection.table_names():
        if table.startswith(("conversations_", "bridge_", "search_messages_")) or table == "base_blob":
            continue
        told = [repr(row).encode() for row in sql.binary_rows(f'SELECT * FROM "{table}"')]
        found += [f"{table}: {canary}" for canary in leaked(canaries, told)]
    return found


def test_the_search_for_canaries_finds_them() -> None:
    """In a plain body, in an encoded one, in a header, in JSON."""
    for raw in (
        make.message(text="a canary00001chirp\r\n"),
        make.message(subject="canary00001chirp"),
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(b"xy canary00001chirp z"),
        b"Subject: =?utf-8?q?canary=30=300=301chirp?=\r\n\r\n",
    ):
        assert leaked(["canary00001chirp"], list(decoded(raw))) == ["canary00001chirp"]
    assert leaked([SIGN], [b'{"emoji":"\\U0001f423"}']) == [SIGN]
    assert leaked([SIGN], ['"\N{HATCHING CHICK}"'.encode()]) == [SIGN]
    assert leaked(["canary00001chirp"], [b"canary00002chirp"]) == []


def test_who_had_the_right_and_lost_it_is_told_nothing_more(world: World) -> None:
    """Also of what is said to their group, and their device is pushed nothing of it."""
    thread = desk.thread(world.alice)
    talk = Talk(world.alice, world.bob, thread)
    talk.mention()
    grants = world.alice.ok(world.alice.get(f"/accounts/{world.cast.alice.account_id}/grants/"))["items"]
    desk.unshare(world.alice, next(one["id"] for one in grants if one["user_id"] == user_id(world.cast.bob)))
    later = talk.canary()
    desk.note(world.alice, thread, f"@channel {later}")
    idle()
    for path in ("/notifications/", "/conversations/changes/?since=0", "/messages/", "/conversations/"):
        assert leaked(talk.canaries, [world.keep(world.bob.get(path)).body]) == []
