"""mbsync keeps a maildir and a Posthouse account the same, both ways: UIDs, flags, new mail, deletions, moves."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import make
from tests.imapd.client import Client
from tests.programs import need

if TYPE_CHECKING:
    from tests.cast import Cast, Person
    from tests.house import RunningHouse

pytestmark = pytest.mark.conformance
COUNT = 300


class Mirror:
    """A maildir and mbsync's configuration for one person."""

    def __init__(self, folder: Path, house: RunningHouse, person: Person) -> None:
        self.mail = folder / "mail"
        self.mail.mkdir()
        self.config = folder / "mbsyncrc"
        self.config.write_text(
            f"""\
IMAPAccount posthouse
Host 127.0.0.1
Port {house.ports["imap"]}
User {person.email}
Pass "{person.password}"
SSLType None
AuthMechs LOGIN

IMAPStore far
Account posthouse

MaildirStore near
Path {self.mail}/
Inbox {self.mail}/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
SyncState *
"""
        )

    def sync(self) -> None:
        done = subprocess.run(
            ["mbsync", "-c", str(self.config), "-a"], capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def files(self, mailbox: str) -> list[Path]:
        return [path for part in ("cur", "new") for path in sorted((self.mail / mailbox / part).glob("*"))]

    def flags(self, mailbox: str) -> list[str]:
        return sorted(path.name.partition(":2,")[2] for path in self.files(mailbox))


@pytest.fixture
def mirror(tmp_path: Path, house: RunningHouse, cast: Cast) -> Mirror:
    need("mbsync")
    return Mirror(tmp_path, house, cast.alice)


def _count(client: Client, mailbox: bytes) -> int:
    found = re.search(rb"MESSAGES (\d+)", client.ok(b"STATUS " + mailbox + b" (MESSAGES)").untagged[0])
    assert found is not None
    return int(found[1])


def test_both_sides_come_to_the_same(mirror: Mirror, client: Client, cast: Cast) -> None:
    for number in range(COUNT):
        make.email(cast.alice, make.message(subject=f"Letter {number}"))
    mirror.sync()
    assert len(mirror.files("INBOX")) == COUNT

    # Flags and deletions on the server come down.
    client.ok(b"NOOP")
    client.ok(b"STORE 1:10 +FLAGS.SILENT (\\Seen \\Flagged)")
    client.ok(b"UID STORE 11:20 +FLAGS.SILENT (\\Deleted)")
    client.ok(b"EXPUNGE")
    client.ok(b"UID MOVE 21:25 Archive")
    mirror.sync()
    assert mirror.flags("INBOX").count("FS") == 10
    assert len(mirror.files("INBOX")) == COUNT - 15
    assert len(mirror.files("Archive")) == 5

    # New mail, flags and deletions in the maildir go up.
    (mirror.mail / "Drafts" / "new" / "1.local").write_bytes(make.message(subject="Written at home"))
    unread = [path for path in mirror.files("INBOX") if path.name.endswith(":2,") or ":2," not in path.name]
    for path in unread[:7]:
        path.rename(path.parent.parent / "cur" / (path.name.partition(":2,")[0] + ":2,RS"))
    unread[8].unlink()
    mirror.sync()
    client.ok(b"NOOP")
    assert len(client.ok(b"UID SEARCH ANSWERED SEEN").untagged[0].split()) - 2 == 7
    assert _count(client, b"INBOX") == COUNT - 16
    assert _count(client, b"Drafts") == 1

    # Mailboxes made on either side are made on the other.
    client.ok('CREATE "Büro/2026"'.encode())
    client.append(make.message(), to=b'"B&APw-ro/2026"')
    (mirror.mail / "Local" / "new").mkdir(parents=True)
    (mirror.mail / "Local" / "cur").mkdir()
    (mirror.mail / "Local" / "tmp").mkdir()
    (mirror.mail / "Local" / "new" / "2.local").write_bytes(make.message())
    mirror.sync()
    mirror.sync()
    assert _count(client, b"Local") == 1
    assert any(path.name.startswith("B") for path in mirror.mail.iterdir())

    # Once they are the same, nothing more is done.
    before = {path: path.stat().st_mtime_ns for path in mirror.mail.rglob("*") if path.is_file()}
    mirror.sync()
    after = {path for path in mirror.mail.rglob("*") if path.is_file()}
    assert {path for path in after if path.parent.name in ("cur", "new")} == {
        path for path in before if path.parent.name in ("cur", "new")
    }


def test_bytes_survive_the_way_up_and_down(mirror: Mirror, client: Client) -> None:
    raw = make.message(text="Grüße, ohne Ende " * 2000 + "\r\n.\r\nFrom here\r\n")
    mirror.sync()
    (mirror.mail / "INBOX" / "new" / "1.local").write_bytes(raw.replace(b"\r\n", b"\n"))
    mirror.sync()
    client.ok(b"NOOP")
    fetched = client.ok(b"FETCH 1 BODY.PEEK[]").untagged[0]
    assert raw.partition(b"\r\n\r\n")[2] in fetched
