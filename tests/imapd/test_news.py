"""What one session is told of what another does: in the right order, at the right time, and never lost."""

import random
import re
import socket
import time

import pytest

from tests import make


@pytest.mark.rfc("2177")
def test_idle_tells_a_delivery_at_once(connect, cast):
    client = connect()
    tag = client.idle()
    make.email(cast.alice)
    assert client.line() == b"* 1 EXISTS"
    make.email(cast.alice)
    assert client.line() == b"* 2 EXISTS"
    client.send(b"DONE\r\n")
    assert client.finish(tag).is_ok


@pytest.mark.rfc("2177", "9051 §7.5")
def test_idle_tells_flags_and_expunges_of_others(connect):
    client, other = connect(), connect()
    for _ in range(3):
        other.append(make.message())
    client.ok(b"NOOP")
    client.idle()
    other.ok(b"STORE 2 +FLAGS (\\Flagged)")
    assert client.line() == b"* 2 FETCH (UID 2 FLAGS (\\Flagged))"
    other.ok(b"UID STORE 1,3 +FLAGS.SILENT (\\Deleted)")
    assert {client.line(), client.line()} == {
        b"* 1 FETCH (UID 1 FLAGS (\\Deleted))",
        b"* 3 FETCH (UID 3 FLAGS (\\Deleted))",
    }
    other.ok(b"EXPUNGE")
    assert [client.line(), client.line()] == [b"* 3 EXPUNGE", b"* 1 EXPUNGE"]


def test_idle_hears_the_browser(connect, cast):
    from posthouse.mail import actions
    from posthouse.mail import flags as flag

    client = connect()
    email_id = make.email(cast.alice)
    client.ok(b"NOOP")
    client.idle()
    actions.flag_emails(cast.alice.actor, [email_id], set_bits=flag.SEEN)
    assert client.line() == b"* 1 FETCH (UID 1 FLAGS (\\Seen))"
    actions.trash_emails(cast.alice.actor, [email_id])
    assert client.line() == b"* 1 EXPUNGE"


def test_idle_without_a_mailbox_hears_nothing_and_ends(connect):
    client = connect(select=None)
    tag = client.idle()
    client.send(b"done\r\n")
    assert client.finish(tag).untagged == []


def test_done_and_the_next_commands_in_one_packet(connect):
    client = connect()
    tag = client.idle()
    client.send(b"DONE\r\nx1 NOOP\r\nx2 SELECT INBOX\r\n")
    assert client.finish(tag).is_ok
    assert client.finish(b"x1").is_ok
    assert client.finish(b"x2").is_ok


def test_idle_and_done_in_one_packet(connect):
    client = connect()
    client.send(b"a IDLE\r\nDONE\r\nb NOOP\r\n")
    assert client.line().startswith(b"+ ")
    assert client.finish(b"a").is_ok
    assert client.finish(b"b").is_ok


@pytest.mark.rfc("2177")
def test_something_else_than_done_is_bad_and_ends_idle(connect):
    client = connect()
    tag = client.idle()
    client.send(b"b NOOP\r\n")
    assert client.finish(tag).tagged.startswith(b"BAD ")
    client.ok(b"NOOP")


@pytest.mark.rfc("9051 §3")
def test_pipelined_commands_are_done_in_order(connect):
    client = connect()
    for _ in range(3):
        client.append(make.message())
    client.send(
        b"a STORE 1 +FLAGS.SILENT (\\Deleted)\r\nb EXPUNGE\r\nc UID SEARCH ALL\r\nd STORE 1 +FLAGS (\\Seen)\r\n"
        b"e FETCH 1 FLAGS\r\n"
    )
    assert client.finish(b"a").untagged == []
    assert client.finish(b"b").untagged == [b"* 1 EXPUNGE"]
    assert client.finish(b"c").untagged == [b"* SEARCH 2 3"]
    assert client.finish(b"d").untagged == [b"* 1 FETCH (FLAGS (\\Seen))"]
    assert client.finish(b"e").untagged == [b"* 1 FETCH (FLAGS (\\Seen))"]


@pytest.mark.rfc("9051 §7.5", "9051 §2.3.1.2")
def test_no_expunge_comes_with_commands_that_count_by_number(connect):
    client, other = connect(), connect()
    for _ in range(3):
        other.append(make.message())
    client.ok(b"NOOP")
    other.ok(b"STORE 1 +FLAGS.SILENT (\\Deleted)")
    other.ok(b"EXPUNGE")
    for line in (b"FETCH 1:3 FLAGS", b"SEARCH ALL", b"STORE 2 +FLAGS (\\Seen)"):
        answer = client.ok(line)
        assert answer.lines(b"EXPUNGE") == [], line
    gone = client.ok(b"FETCH 1:3 (UID)")
    assert gone.untagged == [b"* 2 FETCH (UID 2)", b"* 3 FETCH (UID 3)"]
    assert gone.tagged.startswith(b"OK [EXPUNGEISSUED] ")
    assert client.ok(b"UID FETCH 2 FLAGS").untagged[-1] == b"* 1 EXPUNGE"
    assert client.ok(b"FETCH 1:2 (UID)").untagged == [b"* 1 FETCH (UID 2)", b"* 2 FETCH (UID 3)"]


@pytest.mark.rfc("9051 §7.5")
def test_new_mail_is_told_with_any_command(connect):
    client, other = connect(), connect()
    other.append(make.message())
    assert client.ok(b"SEARCH ALL").untagged[-1] == b"* 1 EXISTS"


def test_ones_own_silent_change_is_not_told_back(connect):
    client = connect()
    client.append(make.message())
    assert client.ok(b"STORE 1 +FLAGS.SILENT (\\Seen)").untagged == []
    assert client.ok(b"NOOP").untagged == []


def test_a_change_of_another_is_told_even_with_a_silent_one_of_ones_own(connect):
    client, other = connect(), connect()
    client.append(make.message())
    other.ok(b"NOOP")
    other.ok(b"STORE 1 +FLAGS (\\Flagged)")
    told = client.ok(b"STORE 1 +FLAGS.SILENT (\\Seen)").untagged + client.ok(b"NOOP").untagged
    assert any(b"\\Flagged" in line for line in told)


def test_an_append_to_another_mailbox_hides_nothing_of_this_one(connect):
    client, other = connect(), connect()
    client.append(make.message())
    client.ok(b"CREATE Aside")
    client.ok(b"NOOP")
    for _ in range(2):
        assert client.append(make.message(), to=b"Aside").untagged == []
    other.ok(b"NOOP")
    other.ok(b"STORE 1 +FLAGS.SILENT (\\Flagged)")
    assert client.append(make.message(), to=b"Aside").untagged == [b"* 1 FETCH (UID 1 FLAGS (\\Flagged))"]
    other.ok(b"STORE 1 +FLAGS.SILENT (\\Answered)")
    assert client.append(make.message()).untagged == [
        b"* 2 EXISTS",
        b"* 1 FETCH (UID 1 FLAGS (\\Flagged \\Answered))",
    ]


@pytest.mark.rfc("7162 §3.1.2")
def test_a_copy_tells_nothing_of_what_was_copied(connect):
    client, other = connect(), connect()
    for _ in range(2):
        client.append(make.message())
    client.ok(b"CREATE Aside")
    client.ok(b"NOOP")
    assert client.ok(b"COPY 1 Aside").untagged == []
    assert client.ok(b"STORE 2 +FLAGS.SILENT (\\Seen)").untagged == []
    other.ok(b"NOOP")
    other.ok(b"STORE 2 +FLAGS.SILENT (\\Flagged)")
    (line,) = client.ok(b"COPY 2 Aside").untagged
    assert line == b"* 2 FETCH (UID 2 FLAGS (\\Seen \\Flagged))"
    other.ok(b"CREATE Elsewhere")
    other.ok(b"ENABLE CONDSTORE")
    other.ok(b"NOOP")
    before = other.ok(b"STATUS INBOX (HIGHESTMODSEQ)").lines(b"HIGHESTMODSEQ")
    assert other.ok(b"COPY 1 Elsewhere").untagged == []
    assert other.ok(b"NOOP").untagged == []
    assert other.ok(b"STATUS INBOX (HIGHESTMODSEQ)").lines(b"HIGHESTMODSEQ") == before


@pytest.mark.rfc("7162 §3.1.3")
def test_a_store_that_changes_nothing_leaves_the_log_where_it_is(connect):
    client, other = connect(), connect()
    for _ in range(3):
        client.append(make.message())
    client.ok(b"STORE 1:2 +FLAGS (\\Flagged)")

    def highest() -> list[bytes]:
        return other.ok(b"STATUS INBOX (HIGHESTMODSEQ)").lines(b"HIGHESTMODSEQ")

    before = highest()
    assert client.ok(b"STORE 1:2 +FLAGS (\\Flagged)").untagged == [
        b"* 1 FETCH (FLAGS (\\Flagged))",
        b"* 2 FETCH (FLAGS (\\Flagged))",
    ]
    assert highest() == before
    client.ok(b"STORE 1:3 +FLAGS (\\Flagged)")
    assert highest() != before


def test_a_mailbox_deleted_by_another_ends_the_session_with_words(connect):
    client, other = connect(select=None), connect()
    other.ok(b"CREATE Doomed")
    client.ok(b"SELECT Doomed")
    client.idle()
    other.ok(b"DELETE Doomed")
    assert client.wait_closed() == [b"* BYE The selected mailbox was deleted."]


def test_a_mailbox_deleted_by_oneself_is_only_closed(connect):
    client = connect()
    client.ok(b"CREATE Doomed")
    client.ok(b"SELECT Doomed")
    assert b"[CLOSED]" in client.ok(b"DELETE Doomed").untagged[0]
    client.ok(b"SELECT INBOX")


def test_hanging_up_in_the_midst_of_things_leaves_the_server_well(connect):
    client = connect()
    client.append(make.message(text="x" * 500_000))
    for line in (b"a FETCH 1 BODY[]\r\n" * 20, b"a IDLE\r\n", b"a APPEND INBOX {500000+}\r\nxyz"):
        dying = connect()
        dying._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        dying.send(line)
        dying.close()
    assert client.ok(b"NOOP")


def test_a_client_that_does_not_read_is_waited_for(connect):
    client = connect()
    for _ in range(10):
        client.append(make.message(text="x" * 900_000))
    tag = client.start(b"FETCH 1:* BODY.PEEK[]")
    time.sleep(0.3)
    assert len(client.finish(tag).untagged) == 10


class Replica:
    """What a client knows of a mailbox from what it was told, as RFC 9051 §7.5 defines."""

    def __init__(self, client) -> None:
        self.client = client
        self.uids: list[int | None] = []
        self.flags: dict[int, frozenset[bytes]] = {}
        self.take(client.ok(b"SELECT INBOX").untagged)
        self.learn()

    def take(self, lines: list[bytes]) -> None:
        for line in lines:
            if found := re.fullmatch(rb"\* (\d+) EXISTS", line):
                count = int(found[1])
                assert count >= len(self.uids)
                self.uids += [None] * (count - len(self.uids))
            elif found := re.fullmatch(rb"\* (\d+) EXPUNGE", line):
                del self.uids[int(found[1]) - 1]
            elif found := re.match(rb"\* (\d+) FETCH \(", line):
                self._fetched(int(found[1]), line)

    def _fetched(self, number: int, line: bytes) -> None:
        uid, flags = re.search(rb"UID (\d+)", line), re.search(rb"FLAGS \(([^)]*)\)", line)
        if uid:
            assert self.uids[number - 1] in (None, int(uid[1]))
            self.uids[number - 1] = int(uid[1])
        if flags and self.uids[number - 1] is not None:
            self.flags[self.uids[number - 1]] = frozenset(flags[1].split())

    def learn(self) -> None:
        """Ask for the UIDs of messages that are only known to exist."""
        if None in self.uids:
            self.take(self.client.ok(b"FETCH %d:* (UID FLAGS)" % (self.uids.index(None) + 1)).untagged)

    def state(self) -> list[tuple[int | None, frozenset[bytes]]]:
        return [(uid, self.flags.get(uid, frozenset())) for uid in self.uids]


def _random_step(replica: Replica, chance: random.Random, person) -> None:
    client, many = replica.client, len(replica.uids)
    number = chance.randint(1, many) if many else 0
    what = chance.choice(
        ["append", "deliver", "flag", "silent", "delete", "expunge", "move", "noop", "fetch"]
    )
    if what == "append":
        replica.take(client.append(make.message()).untagged)
    elif what == "deliver":
        make.email(person)
    elif what == "expunge":
        replica.take(client.ok(b"EXPUNGE").untagged)
    elif what == "noop" or not number:
        replica.take(client.ok(b"NOOP").untagged)
    else:
        flag = chance.choice([b"\\Seen", b"\\Flagged", b"work"])
        line = {
            "flag": b"STORE %d %bFLAGS (%b)" % (number, chance.choice([b"+", b"-"]), flag),
            "silent": b"STORE %d +FLAGS (%b)" % (number, flag),
            "delete": b"STORE %d +FLAGS (\\Deleted)" % number,
            "move": b"MOVE %d Archive" % number,
            "fetch": b"FETCH 1:%d FLAGS" % number,
        }[what]
        replica.take(client.run(line).untagged)
    replica.learn()


@pytest.mark.rfc("9051 §7.5", "9051 §2.3.1.2")
@pytest.mark.parametrize("seed", range(4))
def test_what_sessions_were_told_equals_the_truth(connect, cast, seed):
    chance = random.Random(seed)
    replicas = [Replica(connect(select=None)) for _ in range(3)]
    for _ in range(120):
        _random_step(chance.choice(replicas), chance, cast.alice)
    for replica in replicas:
        replica.take(replica.client.ok(b"NOOP").untagged)
        replica.learn()
    fresh = Replica(connect(select=None))
    assert [replica.state() for replica in replicas] == [fresh.state()] * 3


def test_what_was_looked_at_before_is_never_shown_as_it_was_before(connect, cast):
    """Answers are made from memory while nothing changed; another door's change is seen by the next FETCH."""
    from posthouse.mail import actions
    from posthouse.mail import flags as flag

    client, other = connect(), connect()
    ids = [make.email(cast.alice) for _ in range(20)]
    client.ok(b"NOOP")
    other.ok(b"NOOP")
    chance = random.Random(7)
    seen = dict.fromkeys(ids, 0)
    for turn in range(120):
        email_id = chance.choice(ids)
        seen[email_id] ^= flag.SEEN
        if chance.random() < 0.5:
            bits = {"set_bits": flag.SEEN} if seen[email_id] else {"clear_bits": flag.SEEN}
            actions.flag_emails(cast.alice.actor, [email_id], **bits)
        else:
            sign = b"+" if seen[email_id] else b"-"
            other.ok(b"STORE %d %bFLAGS.SILENT (\\Seen)" % (ids.index(email_id) + 1, sign))
        reader = chance.choice([client, other])
        for _ in range(chance.choice([1, 2])):
            answer = reader.ok(b"FETCH 1:* (UID FLAGS ENVELOPE)")
            shown = [b"\\Seen" in line for line in answer.lines(b" ENVELOPE ")]
            assert shown == [bool(seen[email_id]) for email_id in ids], f"turn {turn}"


def test_a_message_that_is_gone_is_not_shown_from_memory(connect, cast):
    from posthouse.mail import actions

    client = connect()
    ids = [make.email(cast.alice) for _ in range(3)]
    client.ok(b"NOOP")
    for _ in range(2):
        assert len(client.ok(b"FETCH 1:* (UID FLAGS ENVELOPE)").lines(b" ENVELOPE ")) == 3
    actions.trash_emails(cast.alice.actor, ids[1:2])
    answer = client.run(b"FETCH 1:* (UID FLAGS ENVELOPE)")
    assert [line.split()[4] for line in answer.lines(b" ENVELOPE ")] == [b"1", b"3"]
    assert b"EXPUNGEISSUED" in answer.tagged
