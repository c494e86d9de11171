"""Clients that use a server hard while it is killed under them, and write down what it told them.

Each runs in a thread until `stop` is set: connect, work, and when the connection breaks begin again. A step
is written down as certain only when its answer was read.
"""

from __future__ import annotations

import functools
import imaplib
import itertools
import smtplib
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from tests.conformance.ledger import FILED, GONE, INBOX, Ledger

BROKEN = (OSError, EOFError, smtplib.SMTPServerDisconnected, imaplib.IMAP4.abort)
RETRY_SECONDS = 0.02
TIMEOUT_SECONDS = 20.0


class Refused(Exception):
    """The server answered, and not with what it must answer."""


@dataclass(slots=True, kw_only=True)
class Crowd:
    """The doors of one server, its people, and the clients' common memory."""

    mx_port: int
    imap_port: int
    password: str
    people: Sequence[str]
    submission_port: int | None = None
    lmtp: bool = False
    ledger: Ledger = field(default_factory=Ledger)
    refusals: list[str] = field(default_factory=list)
    submitted: set[tuple[str, str]] = field(default_factory=set)
    stop: threading.Event = field(default_factory=threading.Event)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _threads: list[threading.Thread] = field(default_factory=list)

    def begin(self, *, deliverers: int = 4, filers: int = 2, submitters: int = 1) -> None:
        jobs: list[Callable[[], None]] = [self._deliver] * deliverers + [self._submit] * submitters
        for number in range(filers):
            jobs.append(functools.partial(self._file, self.people[number % len(self.people)]))
        for job in jobs:
            thread = threading.Thread(target=self._keep_at, args=(job,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def end(self) -> None:
        self.stop.set()
        for thread in self._threads:
            thread.join(TIMEOUT_SECONDS * 2)
            assert not thread.is_alive()

    def _keep_at(self, job: Callable[[], None]) -> None:
        while not self.stop.is_set():
            try:
                job()
            except BROKEN:
                self.stop.wait(RETRY_SECONDS)
            except (Refused, smtplib.SMTPException, imaplib.IMAP4.error) as refusal:
                self.refusals.append(repr(refusal))
                self.stop.wait(RETRY_SECONDS)

    def _new_id(self) -> str:
        return f"{next(self._numbers)}@crowd.test"

    def _deliver(self) -> None:
        """Mail from outside, every third for two people at once."""
        door = smtplib.LMTP if self.lmtp else smtplib.SMTP
        with door("127.0.0.1", self.mx_port, timeout=TIMEOUT_SECONDS) as server:
            server.ehlo_or_helo_if_needed()
            for turn in itertools.count():
                if self.stop.is_set():
                    return
                to = self.people if turn % 3 == 0 else [self.people[turn % len(self.people)]]
                self._deliver_one(server, to)

    def _deliver_one(self, server: smtplib.SMTP, to: Sequence[str]) -> None:
        id_ = self._new_id()
        server.mail("writer@outside.test")
        for person in to:
            if (answer := server.rcpt(person))[0] != 250:
                raise Refused(f"RCPT: {answer}")
        records = [self.ledger.put(person, id_, {INBOX, GONE}) for person in to]
        code, text = server.data(letter(id_, to[0]))
        if code != 250:
            for record in records:
                record.places = {GONE}
            raise Refused(f"DATA: {code} {text!r}")
        for record in records:
            record.places = {INBOX}
        self.ledger.count("delivered")

    def _submit(self) -> None:
        """Mail to the outside from a person who is logged in."""
        assert self.submission_port
        person = self.people[0]
        with smtplib.SMTP("127.0.0.1", self.submission_port, timeout=TIMEOUT_SECONDS) as server:
            server.login(person, self.password)
            while not self.stop.is_set():
                id_ = self._new_id()
                to = [f"friend{id_}", "other@outside.test"]
                refused = server.sendmail(person, to, letter(id_, to[0], sender=person))
                if refused:
                    raise Refused(str(refused))
                self.submitted |= {(f"<{id_}>", recipient) for recipient in to}
                self.ledger.count("submitted")

    def _file(self, person: str) -> None:
        """Append, flag, and then move or expunge, one e-mail after the other."""
        box = imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=TIMEOUT_SECONDS)
        try:
            box.login(person, self.password)
            box.create(FILED)
            _ok(box.select(INBOX), "SELECT")
            while not self.stop.is_set():
                self._file_one(box, person)
        finally:
            with suppress(OSError):
                box.shutdown()

    def _file_one(self, box: imaplib.IMAP4, person: str) -> None:
        id_ = self._new_id()
        record = self.ledger.put(person, id_, {INBOX, GONE})
        status, answer = box.append(INBOX, "", "", letter(id_, person))
        _ok((status, answer), "APPEND")
        uid = answer[0].split(b"APPENDUID", 1)[1].split()[1].rstrip(b"]").decode()
        record.places, record.uid = {INBOX}, int(uid)
        self.ledger.count("appended")
        if int(uid) % 4 == 0:
            return
        record.flagged = None
        _ok(box.uid("STORE", uid, "+FLAGS", r"(\Flagged)"), "STORE")
        record.flagged = True
        self.ledger.count("flagged")
        if int(uid) % 4 == 1:
            record.places = {INBOX, FILED}
            _ok(box.uid("MOVE", uid, FILED), "MOVE")
            record.places = {FILED}
            self.ledger.count("moved")
        elif int(uid) % 4 == 2:
            _ok(box.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"), "STORE")
            record.places = {INBOX, GONE}
            _ok(box.uid("EXPUNGE", uid), "EXPUNGE")
            record.places = {GONE}
            self.ledger.count("expunged")


def _ok(answer: tuple[str, Sequence[object]], what: str) -> None:
    if answer[0] != "OK":
        raise Refused(f"{what}: {answer}")


def body(id_: str) -> bytes:
    """What an e-mail with this id says; every tenth is too large for a small blob."""
    line = f"{id_} says that this line is one of many that say so.\r\n"
    size_bytes = 90_000 if int(id_.partition("@")[0]) % 10 == 0 else 3000
    return (line * (size_bytes // len(line))).encode()


def letter(id_: str, to: str, *, sender: str = "writer@outside.test") -> bytes:
    """An e-mail whose Message-ID, subject and every line carry the id."""
    head = f"From: {sender}\r\nTo: {to}\r\nSubject: letter {id_}\r\nMessage-ID: <{id_}>\r\n"
    return (head + "Date: Sat, 21 Nov 2026 07:00:00 +0000\r\n\r\n").encode() + body(id_)
