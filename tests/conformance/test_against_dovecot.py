"""The same commands to Dovecot and to Posthouse on equal mailboxes; the parsed answers are the same.

A seed makes the messages and more than two thousand commands. Where the two differ and both may, `EXPLAINED` says why;
what is not in it is a fault of ours.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.conformance.imap_values import fetched, values
from tests.conformance.odd_messages import WORDS, message
from tests.imapd.client import Answer, Client
from tests.peers.dovecot import dovecot
from tests.programs import need

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse

pytestmark = pytest.mark.conformance
SEED, MESSAGES, COMMANDS = 20261127, 60, 2_200
MAILBOXES = ["INBOX", "Archive", "Junk", "Work", "Work/2026", "Work/2026/May", "a b"]
FLAGS = ["\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft", "work", "$label1"]
_EXPUNGE = re.compile(rb"\* (\d+) EXPUNGE\Z")


class Pair:
    """The two servers, what is selected in both, and how many messages are there."""

    def __init__(self, theirs: Client, ours: Client) -> None:
        self.theirs, self.ours = theirs, ours
        self.exists = 0

    def run(self, line: bytes) -> tuple[Answer, Answer]:
        return self.theirs.run(line), self.ours.run(line)

    def look(self) -> tuple[Any, Any]:
        """The state of the selected mailbox: every UID with its flags."""
        for client in (self.theirs, self.ours):
            client.ok(b"NOOP")
        found = [_normal(answer) for answer in self.run(b"UID FETCH 1:* (FLAGS)")]
        self.exists = len(found[1]["FETCH"])
        return found[0], found[1]


@pytest.fixture
def pair(house: RunningHouse, cast: Cast) -> Iterator[Pair]:
    need("dovecot")
    with dovecot() as peer:
        theirs, ours = Client(peer.imap_port), Client(house.ports["imap"])
        theirs.log_in(peer.user, peer.password)
        ours.log_in(cast.alice.email, cast.alice.password)
        for name in MAILBOXES[1:]:
            for client in (theirs, ours):
                client.run(f'CREATE "{name}"'.encode())
        pair = Pair(theirs, ours)
        yield pair
        theirs.close()
        ours.close()


# --- answers as values -----------------------------------------------------------------------------


def _normal(answer: Answer) -> dict[str, Any]:
    """What an answer says, without what servers are free in: order of lines, texts, codes, \\Recent."""
    found: dict[str, Any] = {"tagged": answer.tagged.split()[0], "FETCH": {}, "LIST": {}, "STATUS": {}}
    for line in answer.untagged:
        word = line.split(b" ", 3)
        if len(word) > 2 and word[2] == b"FETCH":
            number, items = fetched(line)
            found["FETCH"].setdefault(number, {}).update(
                {key.upper(): _item(key.upper(), value) for key, value in items.items()}
            )
        elif word[1] in (b"SEARCH", b"SORT"):
            numbers = [int(number) for number in word[2:] and line.split()[2:]]
            found[word[1].decode()] = sorted(numbers) if word[1] == b"SEARCH" else numbers
        elif word[1] == b"THREAD":
            found["THREAD"] = line.strip()
        elif word[1] == b"ESEARCH":
            found["ESEARCH"] = re.sub(rb'\(TAG "[^"]*"\)', b"", line)
        elif word[1] == b"LIST":
            _, _, flags, _, name = values(line)
            found["LIST"][name] = {flag.lower() for flag in flags} - _FREE_ATTRIBUTES
        elif word[1] == b"STATUS":
            _, _, name, items = values(line)
            found["STATUS"][name] = dict(zip(items[::2], items[1::2], strict=True))
    return found


_FREE_ATTRIBUTES = {b"\\unmarked", b"\\marked", b"\\noinferiors", b"\\archive", b"\\junk"}
"""Only we give a use to Archive and Junk."""


def _item(key: bytes, value: Any) -> Any:
    if key == b"FLAGS":
        return frozenset(flag.lower() for flag in value) - {b"\\recent"}
    if key == b"INTERNALDATE":
        return datetime.strptime(value.decode().strip(), "%d-%b-%Y %H:%M:%S %z").timestamp()
    if key in (b"BODY", b"BODYSTRUCTURE"):
        return _folded(value)
    if key.startswith(b"BODY[") and value is None:
        return b""  # a part that is not there: NIL, or no bytes
    return value


def _folded(value: Any) -> Any:
    """Types, parameters' names and encodings are the same in any case."""
    if isinstance(value, list):
        return [_folded(one) for one in value]
    return value.lower() if isinstance(value, bytes) else value


# --- commands --------------------------------------------------------------------------------------


class Maker:
    def __init__(self, random_: random.Random, pair: Pair) -> None:
        self.random, self.pair, self.count = random_, pair, 0

    def set(self) -> str:
        top = max(self.pair.exists, 1)
        pick = self.random.randint
        return self.random.choice(
            [
                str(pick(1, top)),
                f"{pick(1, top)}:{pick(1, top)}",
                "1:*",
                "*",
                f"{pick(1, top)},{pick(1, top)}",
            ]
        )

    def list(self) -> str:
        pattern = self.random.choice(
            ["*", "%", "Work/%", "Work*", "%/%", "w*", "*May", "INBOX", "inbox", "a b", "a%", "x*"]
        )
        reference = self.random.choice(["", "", "", "Work/"])
        return f'LIST "{reference}" "{pattern}"'

    def key(self, depth: int = 0) -> str:
        random_ = self.random
        day = f"{random_.randint(1, 9)}-Nov-2026"
        choices: list[Callable[[], str]] = [
            lambda: random_.choice(
                ["ALL", "SEEN", "UNSEEN", "FLAGGED", "DELETED", "UNDELETED", "DRAFT", "ANSWERED"]
            ),
            lambda: (
                f"{random_.choice(['FROM', 'TO', 'CC', 'SUBJECT'])} {random_.choice(['ann', 'bob', 'x1', *WORDS])}"
            ),
            lambda: f"{random_.choice(['BODY', 'TEXT'])} {random_.choice(WORDS)}",
            lambda: f"HEADER X-Note {random_.choice(WORDS)}",
            lambda: f'HEADER {random_.choice(["Subject", "References", "Content-Type"])} ""',
            lambda: f"{random_.choice(['SINCE', 'BEFORE', 'ON'])} {day}",
            lambda: f"{random_.choice(['LARGER', 'SMALLER'])} {random_.randint(100, 3000)}",
            lambda: f"KEYWORD {random_.choice(['work', '$label1'])}",
            lambda: self.set(),
            lambda: f"UID {self.set()}",
        ]
        if depth < 3:
            choices += [
                lambda: f"NOT {self.key(depth + 1)}",
                lambda: f"OR {self.key(depth + 1)} {self.key(depth + 1)}",
                lambda: f"({self.key(depth + 1)} {self.key(depth + 1)})",
            ]
        return random_.choice(choices)()

    def search(self) -> str:
        returns = self.random.choice(["", "", "RETURN (MIN MAX COUNT) ", "RETURN (ALL) "])
        return f"{self.random.choice(['', 'UID '])}SEARCH {returns}{self.key()}"

    def sort(self) -> str:
        names = ["ARRIVAL", "CC", "DATE", "FROM", "SIZE", "SUBJECT", "TO", "DISPLAYFROM", "DISPLAYTO"]
        criteria = " ".join(
            self.random.choice(["", "REVERSE "]) + name
            for name in self.random.sample(names, self.random.randint(1, 3))
        )
        return f"{self.random.choice(['', 'UID '])}SORT ({criteria}) UTF-8 {self.key()}"

    def thread(self) -> str:
        return f"THREAD {self.random.choice(['REFERENCES', 'ORDEREDSUBJECT'])} UTF-8 {self.key()}"

    def section(self) -> str:
        random_ = self.random
        path = random_.choice(["", "", "", "1", "2", "1.1", "1.2", "2.1", "3"])
        kinds = ["", "HEADER", "TEXT", "HEADER.FIELDS (From Subject)", "HEADER.FIELDS.NOT (From X-Note)"]
        kind = random_.choice(["", "MIME"] if path else kinds)
        partial = random_.choice(["", "", f"<{random_.randint(0, 400)}.{random_.randint(1, 400)}>"])
        return f"BODY.PEEK[{path}{'.' if path and kind else ''}{kind}]{partial}"

    def fetch(self) -> str:
        items = [
            "UID",
            "FLAGS",
            "RFC822.SIZE",
            "INTERNALDATE",
            "ENVELOPE",
            "BODYSTRUCTURE",
            "BODY",
            "RFC822.HEADER",
        ]
        chosen = self.random.sample(items, self.random.randint(0, 3)) + [
            self.section() for _ in range(self.random.randint(0, 2))
        ]
        return f"FETCH {self.set()} ({' '.join(chosen or ['UID'])})"

    def store(self) -> str:
        flags = " ".join(self.random.sample(FLAGS, self.random.randint(0, 3)))
        silent = self.random.choice(["", ".SILENT"])
        return f"STORE {self.set()} {self.random.choice(['', '+', '-'])}FLAGS{silent} ({flags})"

    def status(self) -> str:
        items = self.random.sample(["MESSAGES", "UIDNEXT", "UNSEEN", "SIZE"], self.random.randint(1, 4))
        return f'STATUS "{self.random.choice(MAILBOXES[1:])}" ({" ".join(items)})'

    def copy(self) -> str:
        return f'COPY {self.set()} "{self.random.choice([*MAILBOXES[3:], "Nowhere"])}"'

    def move(self) -> str:
        return f"MOVE {self.random.randint(1, max(self.pair.exists, 1))} Junk"

    def expunge(self) -> str:
        return self.random.choice(["EXPUNGE", f"UID EXPUNGE {self.set()}"])

    def append(self) -> str:
        self.count += 1
        raw = message(self.random, MESSAGES + self.count)
        flags = " ".join(self.random.sample(FLAGS[:3], self.random.randint(0, 2)))
        day = f"{self.random.randint(1, 9):2d}-Nov-2026 {self.random.randint(0, 23):02d}:00:00 +0000"
        return f'APPEND INBOX ({flags}) "{day}" {{{len(raw)}+}}\r\n' + raw.decode()

    def command(self, *, grows: bool) -> str:
        """Nothing is sorted once the mailbox grows: among equals Dovecot puts new ones where they happen to come."""
        weights = {
            "list": 4, "search": 25, "sort": 12, "thread": 6, "fetch": 30, "store": 10, "status": 5, "copy": 3,
            "move": 1, "expunge": 1, "append": 3,
        }  # fmt: skip
        weights |= {"sort": 0, "thread": 0} if grows else {"append": 0, "expunge": 0}
        if grows and self.pair.exists < 20:
            return self.append()
        name = self.random.choices(list(weights), list(weights.values()))[0]
        made: str = getattr(self, name)()
        return made


def test_the_same_answers(pair: Pair) -> None:
    random_ = random.Random(SEED)
    maker = Maker(random_, pair)
    for _ in range(MESSAGES):
        for answer in pair.run(maker.append().encode()):
            assert answer.is_ok
    for answer in pair.run(b"SELECT INBOX"):
        assert answer.is_ok
    differences: list[tuple[str, Any, Any]] = []
    pair.look()
    for step in range(COMMANDS):
        line = maker.command(grows=step > COMMANDS // 2)
        theirs, ours = map(_normal, pair.run(line.encode()))
        _leave_out_parts_of_leaves(pair, theirs, ours)
        verb = line.removeprefix("UID ").split()[0]
        if verb in ("STORE", "EXPUNGE", "MOVE", "COPY", "APPEND"):
            theirs, ours = {"tagged": theirs["tagged"]}, {"tagged": ours["tagged"]}
            theirs["state"], ours["state"] = pair.look()
        if theirs != ours and not any(explains(line, theirs, ours) for explains in EXPLAINED):
            differences.append((line[:200], theirs, ours))
    assert not differences, _report(differences)


def _leave_out_parts_of_leaves(pair: Pair, theirs: dict[str, Any], ours: dict[str, Any]) -> None:
    """BODY[1.1] where part 1 has no parts is not there (RFC 9051 §6.4.5); Dovecot shows part 1 itself."""
    for number, items in ours["FETCH"].items():
        for key in [key for key, value in items.items() if value == b"" and _PATH.match(key)]:
            found = _PATH.match(key)
            assert found is not None
            (line,) = pair.ours.ok(b"FETCH %d BODYSTRUCTURE" % number).lines(b"BODYSTRUCTURE")
            structure = fetched(line)[1][b"BODYSTRUCTURE"]
            if not _is_there(structure, [int(step) for step in found[1].split(b".")]):
                del items[key]
                theirs["FETCH"].get(number, {}).pop(key, None)


_PATH = re.compile(rb"BODY\[([1-9.]*[1-9])[.\]]")


def _is_there(structure: list[Any], path: list[int]) -> bool:
    """Whether a message of this structure has a part of that path."""
    first, *rest = path
    if isinstance(structure[0], list):
        parts = [
            part
            for part in structure
            if isinstance(part, list) and part and isinstance(part[0], (list, bytes))
        ]
        count = next(at for at, part in enumerate([*structure, b""]) if not isinstance(part, list))
        if first > count:
            return False
        part = parts[first - 1]
    elif first != 1:
        return False
    else:
        part = structure
    if not rest:
        return True
    if isinstance(part[0], list):
        return _is_there(part, rest)
    if [word.lower() for word in part[:2]] == [b"message", b"rfc822"]:
        return _is_there(part[8], rest)
    return False


def _report(differences: list[tuple[str, Any, Any]]) -> str:
    shown = []
    for line, theirs, ours in differences[:12]:
        shown.append(f"{line}\n" + "\n".join(_apart(theirs, ours, "")))
    return f"{len(differences)} differences\n" + "\n".join(shown)


def _apart(theirs: Any, ours: Any, where: str) -> list[str]:
    if isinstance(theirs, dict) and isinstance(ours, dict):
        return [
            text
            for key in [*theirs, *(key for key in ours if key not in theirs)]
            if theirs.get(key) != ours.get(key)
            for text in _apart(theirs.get(key), ours.get(key), f"{where} {key!r}")
        ][:4]
    return [f"   {where}\n      dovecot   {theirs!r:.700}\n      posthouse {ours!r:.700}"]


# --- where both are right --------------------------------------------------------------------------


def _shared_flags(line: str, theirs: Any, ours: Any) -> bool:
    """A copy here is the same e-mail in one more mailbox: what is read in one is read in all."""
    if not line.startswith("STATUS"):
        return False
    for found in (theirs, ours):
        for items in found["STATUS"].values():
            items.pop(b"UNSEEN", None)
    return bool(theirs == ours)


def _two_orders_of_one_field(line: str, theirs: Any, ours: Any) -> bool:
    """FROM and DISPLAYFROM together: Dovecot keeps one order for the field, and loses the second criterion."""
    found = re.search(r"SORT \(([^)]*)\)", line)
    names = set(found[1].split()) if found is not None else set()
    if not (names >= {"FROM", "DISPLAYFROM"} or names >= {"TO", "DISPLAYTO"}):
        return False
    return sorted(theirs.get("SORT", [])) == sorted(ours.get("SORT", []))


EXPLAINED: list[Callable[[str, Any, Any], bool]] = [_shared_flags, _two_orders_of_one_field]
