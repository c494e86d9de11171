"""offlineimap3 keeps a maildir and a Posthouse account the same, both ways: new mail, flags, deletions, mailboxes."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import make
from tests.imapd.client import Client
from tests.programs import need

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse

pytestmark = pytest.mark.conformance
COUNT = 200
SYNC_SECONDS = 60


class Mirror:
    """A maildir and offlineimap's configuration for one account."""

    def __init__(self, folder: Path, port: int, user: str, password: str) -> None:
        self.mail = folder / "mail"
        self.config = folder / "offlineimaprc"
        self.config.write_text(
            f"""\
[general]
accounts = posthouse
metadata = {folder}/state
ui = basic
fsync = no

[Account posthouse]
localrepository = near
remoterepository = far

[Repository near]
type = Maildir
localfolders = {self.mail}
sep = /

[Repository far]
type = IMAP
remotehost = 127.0.0.1
remoteport = {port}
remoteuser = {user}
remotepass = {password}
ssl = no
starttls = no
auth_mechanisms = LOGIN
maxconnections = 2
"""
        )

    def sync(self) -> None:
        command = ["offlineimap", "-o", "-c", str(self.config)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SYNC_SECONDS, check=False)
        said = done.stdout + done.stderr
        assert done.returncode == 0, said
        assert "ERROR" not in said and "WARNING" not in said, said

    def files(self, mailbox: str) -> list[Path]:
        return [path for part in ("cur", "new") for path in sorted((self.mail / mailbox / part).glob("*"))]

    def flagged(self, mailbox: str, flags: str) -> int:
        return sum(path.name.partition(":2,")[2] == flags for path in self.files(mailbox))


@pytest.fixture
def mirror(tmp_path: Path, house: RunningHouse, cast: Cast) -> Mirror:
    need("offlineimap")
    return Mirror(tmp_path, house.ports["imap"], cast.alice.email, cast.alice.password)


def _found(client: Client, keys: bytes) -> int:
    return len(client.ok(b"UID SEARCH " + keys).untagged[-1].split()) - 2


def _count(client: Client, mailbox: bytes) -> int:
    answer = client.ok(b"STATUS " + mailbox + b" (MESSAGES)").lines(b"STATUS")[0]
    return int(answer.rpartition(b" ")[2].rstrip(b")"))


def test_both_sides_come_to_the_same(mirror: Mirror, client: Client, cast: Cast) -> None:
    for number in range(COUNT):
        make.email(cast.alice, make.message(subject=f"Letter {number}"))
    client.ok(b"NOOP")
    client.ok('CREATE "Büro/2026"'.encode())
    client.append(make.message(subject="At the desk"), to=b'"B&APw-ro/2026"')
    mirror.sync()
    assert len(mirror.files("INBOX")) == COUNT
    assert len(mirror.files("B&APw-ro/2026")) == 1

    # Flags, deletions and moves on the server come down.
    client.ok(b"STORE 1:10 +FLAGS.SILENT (\\Seen \\Flagged)")
    client.ok(b"STORE 11:20 +FLAGS.SILENT (\\Deleted)")
    client.ok(b"EXPUNGE")
    client.ok(b"MOVE 21:25 Archive")
    mirror.sync()
    assert len(mirror.files("INBOX")) == COUNT - 15
    assert len(mirror.files("Archive")) == 5
    assert mirror.flagged("INBOX", "FS") == 10

    # New mail, flags, deletions and a new mailbox in the maildir go up.
    (mirror.mail / "Drafts" / "new" / "1.local").write_bytes(make.message(subject="Written at home"))
    unread = [path for path in mirror.files("INBOX") if not path.name.partition(":2,")[2]]
    for path in unread[:7]:
        path.rename(path.parent.parent / "cur" / (path.name.partition(":2,")[0] + ":2,RS"))
    unread[8].unlink()
    for part in ("new", "cur", "tmp"):
        (mirror.mail / "Local" / part).mkdir(parents=True)
    (mirror.mail / "Local" / "new" / "2.local").write_bytes(make.message())
    mirror.sync()
    client.ok(b"NOOP")
    assert _found(client, b"ANSWERED SEEN") == 7
    assert _count(client, b"INBOX") == COUNT - 16
    assert _count(client, b"Drafts") == 1
    assert _count(client, b"Local") == 1

    # Once they are the same, nothing more is done.
    numbers = client.ok(b"STATUS INBOX (UIDNEXT HIGHESTMODSEQ)").untagged
    files = {name: mirror.files(name) for name in ("INBOX", "Archive", "Drafts", "Local")}
    mirror.sync()
    assert client.ok(b"STATUS INBOX (UIDNEXT HIGHESTMODSEQ)").untagged == numbers
    assert {name: mirror.files(name) for name in files} == files
