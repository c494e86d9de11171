"""Programs and libraries people read mail with: mutt, imapclient, and Thunderbird's sequence of commands."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from imapclient import IMAPClient

from tests import make
from tests.imapd.client import Client
from tests.programs import need

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.house import RunningHouse

pytestmark = pytest.mark.conformance


def _say_the_password(house: RunningHouse, cast: Cast) -> None:
    """Debian's mutt takes SCRAM where it is offered; the cast has its keys from its first log-in on."""
    client = Client(house.ports["imap"])
    client.log_in(cast.alice.email, cast.alice.password)
    client.close()


def test_mutt_saves_a_letter_and_deletes_it(tmp_path: Path, house: RunningHouse, cast: Cast) -> None:
    """Opens INBOX, copies the first letter to a file, deletes it, and leaves."""
    need("mutt")
    make.email(cast.alice, make.message(subject="For mutt", text="Words for mutt.\r\n"))
    make.email(cast.alice, make.message(subject="Stays"))
    _say_the_password(house, cast)
    saved = tmp_path / "saved"
    config = tmp_path / "muttrc"
    config.write_text(
        f"""\
set imap_user = "{cast.alice.email}"
set imap_pass = "{cast.alice.password}"
set ssl_starttls = no
set ssl_force_tls = no
set folder = "imap://127.0.0.1:{house.ports["imap"]}/"
set spoolfile = "imap://127.0.0.1:{house.ports["imap"]}/INBOX"
set delete = yes
set confirmappend = no
set confirmcreate = no
set header_cache = ""
set record = ""
set move = no
set quit = yes
push "<first-entry><copy-message><kill-line>{saved}<enter><delete-message><sync-mailbox><quit>"
"""
    )
    done = subprocess.run(
        ["script", "-qec", f"mutt -n -F {config}", "/dev/null"],
        capture_output=True,
        timeout=30,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "TERM": "xterm", "HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Words for mutt." in saved.read_text()
    client = IMAPClient("127.0.0.1", house.ports["imap"], ssl=False)
    client.login(cast.alice.email, cast.alice.password)
    client.select_folder("INBOX")
    assert client.search() == [2]
    client.logout()


def test_mutt_comes_back_by_qresync(tmp_path: Path, house: RunningHouse, cast: Cast) -> None:
    """With its cache of headers: it knows what came and what vanished meanwhile, and can delete all that is there."""
    need("mutt")
    for number in range(4):
        make.email(cast.alice, make.message(subject=f"Letter {number}", text=f"Words of {number}.\r\n"))
    (tmp_path / "cache").mkdir()

    def run(keys: str) -> None:
        config = tmp_path / "muttrc"
        config.write_text(
            f"""\
set imap_user = "{cast.alice.email}"
set imap_pass = "{cast.alice.password}"
set ssl_starttls = no
set ssl_force_tls = no
set folder = "imap://127.0.0.1:{house.ports["imap"]}/"
set spoolfile = "imap://127.0.0.1:{house.ports["imap"]}/INBOX"
set imap_qresync = yes
set header_cache = "{tmp_path}/cache"
set delete = yes
set confirmappend = no
set record = ""
set move = no
set quit = yes
push "{keys}"
"""
        )
        done = subprocess.run(
            ["script", "-qec", f"mutt -n -d 2 -F {config}", "/dev/null"],
            capture_output=True,
            timeout=30,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "TERM": "xterm", "HOME": str(tmp_path)},
        )
        assert done.returncode == 0, done.stdout[-2000:]

    client = Client(house.ports["imap"])
    client.log_in(cast.alice.email, cast.alice.password)  # makes the keys by which mutt logs in, by SCRAM
    run("<quit>")
    client.ok(b"SELECT INBOX")
    client.ok(b"UID STORE 2 +FLAGS.SILENT (\\Deleted)")
    client.ok(b"UID EXPUNGE 2")
    client.ok(b"UID STORE 3 +FLAGS (\\Flagged)")
    make.email(cast.alice, make.message(subject="New", text="New words.\r\n"))
    run("<delete-pattern>~A<enter><sync-mailbox><quit>")
    said = (tmp_path / ".muttdebug0").read_text(errors="replace")
    assert re.search(r"UID FETCH 1:4 \(FLAGS\) \(CHANGEDSINCE \d+ VANISHED\)", said)
    assert "* VANISHED (EARLIER) 2" in said
    assert client.ok(b"SELECT INBOX").lines(b"EXISTS") == [b"* 0 EXISTS"]
    client.close()


def test_imapclient(house: RunningHouse, cast: Cast) -> None:
    client = IMAPClient("127.0.0.1", house.ports["imap"], ssl=False)
    client.login(cast.alice.email, cast.alice.password)
    assert client.has_capability("MOVE") and client.namespace().personal == (("", "/"),)
    assert ((b"\\HasNoChildren", b"\\Sent"), b"/", "Sent") in client.list_folders()
    assert client.find_special_folder(b"\\Trash") == "Trash"
    client.create_folder("Büro & Co")
    assert client.folder_exists("Büro & Co")
    assert client.select_folder("INBOX")[b"EXISTS"] == 0
    client.append("INBOX", make.message(subject="Zwölf"), flags=[b"\\Seen", b"work"])
    client.append("INBOX", make.message(subject="Eins"))
    assert client.search(["SUBJECT", "zwölf"], charset="UTF-8") == [1]
    fetched = client.fetch(
        [1, 2], ["ENVELOPE", "FLAGS", "INTERNALDATE", "RFC822.SIZE", "BODYSTRUCTURE", "BODY[]"]
    )
    assert fetched[2][b"ENVELOPE"].from_[0].host == b"outside.test"
    assert set(fetched[1][b"FLAGS"]) == {b"\\Seen", b"work"}
    assert fetched[1][b"BODYSTRUCTURE"][0] == b"text"
    assert client.add_flags([2], [b"\\Flagged"])[2] == (b"\\Seen", b"\\Flagged") or client.get_flags([2])
    client.move([1], "Büro & Co")
    assert client.folder_status("Büro & Co", ["MESSAGES"]) == {b"MESSAGES": 1}
    client.idle()
    make.email(cast.alice)
    assert (2, b"EXISTS") in client.idle_check(timeout=5)
    client.idle_done()
    client.delete_messages([2])
    client.expunge()
    assert client.search() == [3]
    client.rename_folder("Büro & Co", "Amt")
    client.delete_folder("Amt")
    client.logout()


_HEADERS = (
    b"UID fetch 1 (UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (From To Cc Bcc Subject Date Message-ID"
    b" Priority X-Priority References Newsgroups In-Reply-To Content-Type Reply-To Received)])"
)
THUNDERBIRD = [
    b"capability",
    b'ID ("name" "Thunderbird" "version" "140.0")',
    b"namespace",
    b'lsub "" "*"',
    b'list "" "INBOX"',
    b'list (subscribed) "" "*" return (special-use)',
    b'list "" "*" return (special-use subscribed)',
    b'STATUS "Drafts" (UIDNEXT MESSAGES UNSEEN RECENT)',
    b'select "INBOX" (CONDSTORE)',
    b"UID fetch 1:* (FLAGS)",
    _HEADERS,
    b"UID fetch 1 (UID RFC822.SIZE BODY.PEEK[])",
    b"uid store 1 +Flags (\\Seen)",
    b"uid store 1 +FLAGS (NonJunk)",
    b"uid store 1 -FLAGS (Junk NonJunk)",
    b"uid store 1 +FLAGS ($label1)",
    b'create "Archives/2026/"',
    b'subscribe "Archives/2026"',
    b'uid move 1 "Archives/2026"',
    b'select "Archives/2026"',
    b'uid copy 1 "Trash"',
    b"uid store 1 +FLAGS (\\Deleted)",
    b"expunge",
    b"noop",
    b"close",
    b"logout",
]


def test_the_sequence_of_thunderbird(house: RunningHouse, cast: Cast) -> None:
    make.email(cast.alice)
    client = Client(house.ports["imap"])
    client.log_in(cast.alice.email, cast.alice.password)
    for line in THUNDERBIRD:
        client.ok(line)
    client.close()
