"""Sessions of every kind on one mailbox, while mail comes and goes by all doors: what each was told is the truth."""

from __future__ import annotations

import random
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests import make

if TYPE_CHECKING:
    from tests.cast import Person
    from tests.imapd.client import Answer, Client

ROUNDS, STEPS, OTHERS = 10, 40, 20
_ROW = re.compile(rb"\* (\d+) (UID)?FETCH \((.*)\)\Z")


def _numbers(text: bytes) -> set[int]:
    spans = [[int(end) for end in span.split(b":")] for span in text.split(b",")]
    return {number for span in spans for number in range(span[0], span[-1] + 1)}


class Replica:
    """A client that remembers what it is told, and nothing else. `None` is a message whose UID it has not heard."""

    def __init__(self, client: Client, kind: str) -> None:
        self.client, self.kind = client, kind
        self.uids: list[int | None] = []
        self.flags: dict[int, frozenset[bytes]] = {}
        self.modseqs: dict[int, int] = {}
        self.uidvalidity = self.highest = 0
        enabled = {"condstore": b"CONDSTORE", "qresync": b"QRESYNC", "uidonly": b"UIDONLY CONDSTORE"}.get(
            kind
        )
        if enabled:
            client.ok(b"ENABLE " + enabled)
        if kind == "notify":
            client.ok(
                b"NOTIFY SET (selected (MessageNew (UID FLAGS) MessageExpunge FlagChange))"
                b" (personal (MessageNew MessageExpunge))"
            )
        self.run(b"SELECT INBOX")
        self.learn()

    # --- what it hears --------------------------------------------------------------------------

    def run(self, line: bytes) -> Answer:
        answer = self.client.run(line)
        for told in [*answer.untagged, answer.tagged]:
            self._take(told)
        return answer

    def _take(self, line: bytes) -> None:
        if found := re.search(rb"\[HIGHESTMODSEQ (\d+)\]", line):
            assert int(found[1]) >= self.highest, "a number went back"
            self.highest = int(found[1])
        if found := re.search(rb"\[UIDVALIDITY (\d+)\]", line):
            self.uidvalidity = int(found[1])
        if found := re.fullmatch(rb"\* (\d+) EXISTS", line):
            count = int(found[1])
            assert count >= len(self.uids)
            self.uids += [None] * (count - len(self.uids))
        elif found := re.fullmatch(rb"\* (\d+) EXPUNGE", line):
            assert self.kind not in ("qresync", "uidonly")
            self._forget(self.uids.pop(int(found[1]) - 1))
        elif found := re.fullmatch(rb"\* VANISHED (\(EARLIER\) )?([\d:,]+)", line):
            assert self.kind in ("qresync", "uidonly")
            for uid in sorted(_numbers(found[2])):
                self._vanish(uid, is_earlier=found[1] is not None)
        elif found := _ROW.fullmatch(line):
            self._row(int(found[1]), found[3], is_uid=found[2] is not None)

    def _forget(self, uid: int | None) -> None:
        if uid is not None:
            del self.flags[uid]
            self.modseqs.pop(uid, None)

    def _vanish(self, uid: int, *, is_earlier: bool) -> None:
        if uid in self.uids:
            self.uids.remove(uid)
            self._forget(uid)
        elif None in self.uids and not is_earlier:  # gone before its UID was asked for
            self.uids.remove(None)
        else:
            assert is_earlier, f"{uid} was never here"

    def _row(self, number: int, items: bytes, *, is_uid: bool) -> None:
        assert is_uid == (self.kind == "uidonly")
        found = re.search(rb"UID (\d+)", items)
        uid = number if is_uid else int(found[1]) if found else self.uids[number - 1]
        if is_uid and uid not in self.uids:
            self.uids.remove(None)  # which one, its place among the others says: UIDs grow
            known = sorted([uid, *(other for other in self.uids if other is not None)])
            self.uids = [*known, *[None] * self.uids.count(None)]
        elif not is_uid:
            assert self.uids[number - 1] in (None, uid), "a number means something else"
            self.uids[number - 1] = uid
        assert uid is not None
        if flags := re.search(rb"FLAGS \(([^)]*)\)", items):
            self.flags[uid] = frozenset(flags[1].split())
        if modseq := re.search(rb"MODSEQ \((\d+)\)", items):
            assert int(modseq[1]) >= self.modseqs.get(uid, 0), "a number went back"
            self.modseqs[uid] = int(modseq[1])

    # --- what it does ---------------------------------------------------------------------------

    def learn(self) -> None:
        """Ask for all behind the last that is surely in its place; of some behind it flags may have been told."""
        if None in self.uids:
            before = 0 if self.kind == "uidonly" else self.uids.index(None)
            last = (before and self.uids[before - 1]) or 0
            self.run(b"UID FETCH %d:* (FLAGS)" % (last + 1))

    def come_back(self) -> None:
        """Close the mailbox, and ask for what was missed meanwhile; only what has a UID can be remembered."""
        self.client.ok(b"UNSELECT")
        self.uids = [uid for uid in self.uids if uid is not None]
        answer = self.client.ok(b"SELECT INBOX (QRESYNC (%d %d))" % (self.uidvalidity, self.highest))
        vanished = [line for line in answer.untagged if b"VANISHED" in line]
        rows = [line for line in answer.untagged if _ROW.fullmatch(line)]
        for line in vanished:
            self._take(line)
        count = next(int(line.split()[1]) for line in answer.untagged if line.endswith(b" EXISTS"))
        assert count >= len(self.uids)
        self.uids += [None] * (count - len(self.uids))
        for line in [*rows, *(line for line in answer.untagged if line.startswith(b"* OK ["))]:
            self._take(line)

    def state(self) -> list[tuple[int | None, frozenset[bytes] | None]]:
        return [(uid, self.flags.get(uid) if uid is not None else None) for uid in self.uids]


def _by_imap(replica: Replica, chance: random.Random) -> None:
    uids = [uid for uid in replica.uids if uid is not None]
    what = chance.choice(
        ["append", "flag", "flag", "silent", "delete", "expunge", "move", "copy", "noop", "fetch", "search"]
    )
    if what == "append":
        replica.run(b"APPEND INBOX {10+}\r\nx: y\r\n\r\nhi")
    elif what == "expunge":
        replica.run(chance.choice([b"EXPUNGE", b"UID EXPUNGE 1:*"]))
    elif what == "noop" or not uids:
        replica.run(b"NOOP")
    else:
        uid = chance.choice(uids)
        flag = chance.choice([b"\\Seen", b"\\Flagged", b"work"])
        numbered = replica.kind in ("plain", "condstore", "qresync") and chance.random() < 0.5
        head, name = (b"", replica.uids.index(uid) + 1) if numbered else (b"UID ", uid)
        line = {
            "flag": b"STORE %d %bFLAGS (%b)" % (name, chance.choice([b"+", b"-", b""]), flag),
            "silent": b"STORE %d +FLAGS (%b)" % (name, flag),
            "delete": b"STORE %d +FLAGS (\\Deleted)" % name,
            "move": b"MOVE %d Archive" % name,
            "copy": b"COPY %d %b" % (name, chance.choice([b"Archive", b"INBOX"])),
            "fetch": b"FETCH %d (FLAGS)" % name,
            "search": b"SEARCH UNSEEN",
        }[what]
        if what == "search" and replica.kind == "uidonly":
            head = b"UID "
        replica.run(head + line)
    replica.learn()


def _others(chance: random.Random, person: Person, steps: int) -> None:
    """What happens meanwhile, in a thread of its own; what somebody else has taken away is left alone."""
    from django.db import connection

    from posthouse.base.errors import Failure

    for _ in range(steps):
        with suppress(Failure):
            _by_other_doors(chance, person)
    connection.close()


def _by_other_doors(chance: random.Random, person: Person) -> None:
    from posthouse.base import sql
    from posthouse.mail import actions, by_uid, uid_verbs
    from posthouse.mail import flags as flag

    inbox, archive = make.mailbox(person, "inbox"), make.mailbox(person, "archive")
    ids = [
        row[0]
        for row in sql.rows("SELECT email_id FROM mail_placement WHERE mailbox_id = %s ORDER BY uid", [inbox])
    ]
    some = chance.sample(ids, min(len(ids), chance.randint(1, 4)))
    what = chance.choice(["deliver", "deliver", "flag", "unflag", "trash", "back"])
    if what == "deliver":
        make.email(person)
    elif what == "back":
        uids = list(by_uid.view(archive).uids)
        if uids:
            uid_verbs.move(person.actor, archive, chance.sample(uids, min(len(uids), 3)), to=inbox)
    elif some and what == "trash":
        actions.trash_emails(person.actor, some)
    elif some:
        bits = {"flag": {"set_bits": flag.FLAGGED}, "unflag": {"clear_bits": flag.FLAGGED | flag.SEEN}}[what]
        actions.flag_emails(person.actor, some, **bits)


@pytest.mark.parametrize("seed", range(4))
def test_everybody_agrees(connect, cast, seed):
    chance, others = random.Random(seed), random.Random(seed + 1_000)
    kinds = ["plain", "condstore", "qresync", "uidonly", "notify"]
    replicas = [Replica(connect(select=None), kind) for kind in kinds]
    with ThreadPoolExecutor(1) as pool:
        for turn in range(ROUNDS):
            meanwhile = pool.submit(_others, others, cast.alice, OTHERS)
            for _ in range(STEPS):
                replica = chance.choice(replicas)
                if replica.kind == "qresync" and chance.random() < 0.3:
                    replica.come_back()
                    replica.learn()
                else:
                    _by_imap(replica, chance)
            meanwhile.result()
            _quiet(replicas, Replica(connect(select=None), "plain"), turn)


def _quiet(replicas: list[Replica], truth: Replica, turn: int) -> None:
    for replica in replicas:
        replica.run(b"NOOP")
        replica.learn()
        assert replica.state() == truth.state(), f"{replica.kind} in round {turn}"
    truth.client.close()
