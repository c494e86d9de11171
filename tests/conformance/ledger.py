"""What clients were told, and whether the store agrees with it afterwards.

Every e-mail that a client put in has one record: where it may be and whether it may be flagged, given the
answers the client got. An answer that never came (the server died) leaves both outcomes open, `OK` one.
"""

from __future__ import annotations

import imaplib
import random
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

INBOX, FILED, GONE = "INBOX", "Filed", ""


@dataclass(slots=True, kw_only=True)
class Record:
    """`places` are the mailboxes it may lie in (GONE: in none); `flagged` is None when both are possible."""

    places: set[str]
    flagged: bool | None = False
    uid: int | None = None

    @property
    def is_certain(self) -> bool:
        return len(self.places) == 1 and GONE not in self.places


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    mailbox: str
    uid: int
    flagged: bool


class Ledger:
    """Records by person and id; safe to use from several threads."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, str], Record] = {}
        self._guard = threading.Lock()
        self.counts: Counter[str] = Counter()

    def put(self, person: str, id_: str, places: set[str], *, uid: int | None = None) -> Record:
        record = Record(places=places, uid=uid)
        with self._guard:
            self._records[person, id_] = record
        return record

    def count(self, what: str) -> None:
        with self._guard:
            self.counts[what] += 1

    def faults(self, person: str, found: dict[str, list[Found]]) -> list[str]:
        """Everything about this person's mail that contradicts what clients were told."""
        faults = [f"{id_} is there and nobody sent it" for id_ in found if (person, id_) not in self._records]
        for (owner, id_), record in self._records.items():
            if owner == person:
                faults += [f"{id_}: {fault}" for fault in _contradictions(record, found.get(id_, []))]
        return faults


def _contradictions(record: Record, found: list[Found]) -> Iterable[str]:
    if len(found) > 1:
        yield f"there {len(found)} times: {found}"
        return
    place = found[0].mailbox if found else GONE
    if place not in record.places:
        yield f"lies in {place or 'nothing'}, may lie in {sorted(record.places)}"
    if not found:
        return
    if record.flagged is not None and found[0].flagged != record.flagged:
        yield f"flagged is {found[0].flagged}, must be {record.flagged}"
    if record.uid is not None and place == INBOX and found[0].uid != record.uid:
        yield f"has UID {found[0].uid}, was told {record.uid}"


@dataclass(slots=True, kw_only=True)
class Seen:
    """What IMAP shows of one person: e-mails by id, UIDVALIDITY of each mailbox, the bytes of a sample."""

    emails: dict[str, list[Found]] = field(default_factory=lambda: defaultdict(list))
    validity: dict[str, str] = field(default_factory=dict)
    whole: dict[str, bytes] = field(default_factory=dict)


def look(port: int, user: str, password: str, *, sample: int = 30) -> Seen:
    """Read the list of every mailbox, and a sample of the e-mails in each whole."""
    seen = Seen()
    box = imaplib.IMAP4("127.0.0.1", port, timeout=60)
    box.login(user, password)
    _, lines = box.list()
    names = {line.decode().rsplit(' "/" ', 1)[-1].strip('"') for line in lines if isinstance(line, bytes)}
    for name in sorted(names):
        status, _ = box.select(f'"{name}"', readonly=True)
        assert status == "OK", name
        seen.validity[name] = (box.response("UIDVALIDITY")[1][0] or b"").decode()
        _, answer = box.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
        read = _read(seen, name, answer)
        for id_, uid in random.sample(read, min(sample, len(read))):
            _, whole = box.uid("FETCH", str(uid), "BODY.PEEK[]")
            seen.whole[id_] = next(item[1] for item in whole if isinstance(item, tuple))
    box.logout()
    return seen


def _read(seen: Seen, mailbox: str, answer: Iterable[object]) -> list[tuple[str, int]]:
    read: list[tuple[str, int]] = []
    last_uid = 0
    for item in answer:
        if not isinstance(item, tuple):
            continue
        facts, header = item[0].decode(), item[1].decode()
        uid, id_ = re.search(r"UID (\d+)", facts), re.search(r"<([^>]+)>", header)
        assert uid and id_, item
        assert int(uid[1]) > last_uid, f"UIDs of {mailbox} do not ascend"
        last_uid = int(uid[1])
        seen.emails[id_[1]].append(Found(mailbox=mailbox, uid=last_uid, flagged="\\Flagged" in facts))
        read.append((id_[1], last_uid))
    return read
