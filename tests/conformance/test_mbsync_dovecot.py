"""mbsync between Posthouse and Dovecot: 5,000 e-mails, changed on both sides at once, come to the same on both."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import make
from tests.imapd.client import Client
from tests.peers.dovecot import Dovecot, dovecot
from tests.programs import need

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse

pytestmark = pytest.mark.conformance
HERE, THERE = 3_000, 2_000
AT_ONCE = 250
MAILBOXES = (b"INBOX", b"Archive", b"Work")
SYNC_SECONDS = 60
_FETCHED = re.compile(rb"UID (\d+) .*FLAGS \(([^)]*)\).*letter (\w+)\r\n", re.DOTALL)
State = dict[bytes, dict[str, frozenset[bytes]]]


class Bridge:
    """mbsync's configuration for an account on each server."""

    def __init__(self, folder: Path, house: RunningHouse, cast: Cast, peer: Dovecot) -> None:
        self._config = folder / "mbsyncrc"
        (folder / "state").mkdir()
        ours = _account("ours", house.ports["imap"], cast.alice.email, cast.alice.password)
        theirs = _account("theirs", peer.imap_port, peer.user, peer.password)
        names = " ".join(name.decode() for name in MAILBOXES)
        self._config.write_text(
            f"{ours}{theirs}Channel all\nFar :theirs:\nNear :ours:\nPatterns {names}\n"
            f"Create Both\nExpunge Both\nSyncState {folder}/state/\n"
        )

    def sync(self) -> None:
        command = ["mbsync", "-c", str(self._config), "-a"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SYNC_SECONDS, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def _account(name: str, port: int, user: str, password: str) -> str:
    return (
        f"IMAPAccount {name}\nHost 127.0.0.1\nPort {port}\nUser {user}\n"
        f'Pass "{password}"\nSSLType None\nAuthMechs LOGIN\n\nIMAPStore {name}\nAccount {name}\n\n'
    )


@pytest.fixture
def peer() -> Iterator[Dovecot]:
    need("mbsync")
    need("dovecot")
    with dovecot(fsync="never") as running:
        yield running


@pytest.fixture
def clients(house: RunningHouse, cast: Cast, peer: Dovecot) -> Iterator[tuple[Client, Client]]:
    """One connection to Posthouse, one to Dovecot."""
    ours, theirs = Client(house.ports["imap"]), Client(peer.imap_port)
    ours.log_in(cast.alice.email, cast.alice.password)
    theirs.log_in(peer.user, peer.password)
    yield ours, theirs
    ours.close()
    theirs.close()


def _fill(client: Client, numbers: range, *, side: str) -> None:
    """MULTIAPPEND (RFC 3502), so that neither server syncs its disk for each."""
    for first in range(0, len(numbers), AT_ONCE):
        messages = [
            make.message(subject=f"letter {side}{number}", text=f"Line {number}.\r\n" * (1 + number % 40))
            for number in numbers[first : first + AT_ONCE]
        ]
        parts = b"".join(b" (\\Seen) {%d+}\r\n%b" % (len(raw), raw) for raw in messages)
        client.ok(b"APPEND INBOX" + parts)


def _state(client: Client) -> State:
    """The flags of every letter in each mailbox. \\Recent says nothing."""
    found: State = {}
    for name in MAILBOXES:
        client.ok(b"SELECT " + name)
        letters: dict[str, frozenset[bytes]] = {}
        lines = client.ok(b"UID FETCH 1:* (UID FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])").untagged
        for line in lines:
            if (match := _FETCHED.search(line)) is not None:
                letter = match[3].decode()
                assert letter not in letters, f"{letter} is twice in {name!r}"
                letters[letter] = frozenset(match[2].split()) - {b"\\Recent"}
        found[name] = letters
    return found


def _numbers(client: Client) -> list[bytes]:
    """What grows whenever anything changes."""
    return [
        client.ok(b"STATUS " + name + b" (UIDNEXT HIGHESTMODSEQ)").lines(b"STATUS")[0] for name in MAILBOXES
    ]


def _change(client: Client, first: int) -> None:
    """Of 1,800 letters from this number on: flags, deletions, moves and copies."""

    def some(begin: int, count: int) -> bytes:
        return b"%d:%d" % (first + begin, first + begin + count - 1)

    client.ok(b"SELECT INBOX")
    client.ok(b"STORE %b +FLAGS.SILENT (\\Flagged)" % some(0, 500))
    client.ok(b"STORE %b +FLAGS.SILENT (\\Answered)" % some(300, 400))
    client.ok(b"STORE %b -FLAGS.SILENT (\\Seen)" % some(600, 200))
    client.ok(b"STORE %b +FLAGS.SILENT (\\Deleted)" % some(1000, 300))
    client.ok(b"MOVE %b Archive" % some(1400, 200))
    client.ok(b"EXPUNGE")
    client.ok(b"COPY %b Work" % some(1200, 100))


def _letters(*ranges: range) -> set[str]:
    return {f"a{number}" for numbers in ranges for number in numbers}


def _with(letters: dict[str, frozenset[bytes]], flag: bytes) -> set[str]:
    return {letter for letter, flags in letters.items() if flag in flags}


@pytest.mark.rfc("4315")
def test_five_thousand_come_to_the_same(
    house: RunningHouse, cast: Cast, peer: Dovecot, clients: tuple[Client, Client], tmp_path: Path
) -> None:
    ours, theirs = clients
    bridge = Bridge(tmp_path, house, cast, peer)
    for client in clients:
        for name in MAILBOXES[1:]:
            client.run(b"CREATE " + name)
    _fill(ours, range(HERE), side="a")
    _fill(theirs, range(THERE), side="b")
    bridge.sync()
    state = _state(ours)
    everything = set(state[b"INBOX"])
    assert len(everything) == HERE + THERE
    assert state == _state(theirs)

    # Some letters are flagged here and answered there, or deleted there and moved from here.
    _change(ours, 1)
    _change(theirs, THERE + 501)
    bridge.sync()
    bridge.sync()
    state = _state(ours)
    assert state == _state(theirs)
    deleted = _letters(range(1000, 1300), range(1500, 1800))
    moved = _letters(range(1400, 1600), range(1900, 2100))
    inbox = state[b"INBOX"]
    assert set(inbox) == everything - deleted - moved
    assert set(state[b"Archive"]) == moved
    assert set(state[b"Work"]) == _letters(range(1700, 1800), range(2200, 2300))
    assert _with(inbox, b"\\Flagged") == _letters(range(1000))
    assert _with(inbox, b"\\Answered") == _letters(range(300, 700), range(800, 1000))
    assert set(inbox) - _with(inbox, b"\\Seen") == _letters(range(600, 800))

    # Once they are the same, nothing more is done.
    before = [_numbers(client) for client in clients]
    bridge.sync()
    assert [_numbers(client) for client in clients] == before
