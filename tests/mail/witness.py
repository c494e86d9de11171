"""Those who watch an account and must never be told wrong: a client of the log, and an IMAP session per mailbox.

`Witness.check` is called after every change: what it pieced together from the changes equals a fresh look, and the
store's own promises hold (counters, used bytes, UIDs, modseqs, nothing homeless).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson

from posthouse.base.errors import Missing
from tests.cast import Person


def _plain(rows: Any) -> Any:
    return orjson.loads(orjson.dumps(rows))


@dataclass
class Snapshot:
    state: int = 0
    mailboxes: dict[str, Any] = field(default_factory=dict)
    emails: dict[str, Any] = field(default_factory=dict)
    threads: dict[str, Any] = field(default_factory=dict)


def fresh(account_id: int) -> Snapshot:
    """Everything of an account as one reads it for the first time."""
    from posthouse.base import sql
    from posthouse.mail import queries

    ids = sql.rows("SELECT id, thread_id FROM mail_email WHERE account_id = %s", [account_id])
    rows = _plain(
        {
            "mailboxes": queries.mailboxes(account_id),
            "emails": queries.emails([row[0] for row in ids]),
            "threads": queries.threads(account_id, [row[1] for row in ids]),
        }
    )
    return Snapshot(
        state=queries.state(account_id),
        **{kind: {row["id"]: _sorted_boxes(row) for row in found} for kind, found in rows.items()},
    )


def _sorted_boxes(row: Any) -> Any:
    if "mailbox_ids" in row:
        row["mailbox_ids"] = sorted(row["mailbox_ids"])
    return row


def caught_up(old: Snapshot, account_id: int, *, limit: int = 500) -> Snapshot:
    """The snapshot brought up to date by the log alone."""
    from posthouse.mail import changes

    new = Snapshot(old.state, dict(old.mailboxes), dict(old.emails), dict(old.threads))
    for _ in range(1000):
        said = changes.since(account_id, new.state, limit=limit)
        news = _plain(said.as_json())
        for kind in ("mailboxes", "emails", "threads"):
            kept = getattr(new, kind)
            kept.update({row["id"]: _sorted_boxes(row) for row in news[kind]["changed"]})
            for gone in news[kind]["destroyed"]:
                kept.pop(gone, None)
        assert said.state > new.state or not said.has_more
        new.state = said.state
        if not said.has_more:
            return new
    raise AssertionError("the log has no end")


@dataclass
class Session:
    """An IMAP session that has a mailbox selected."""

    uidnext: int
    modseq: int
    flags: dict[int, Any]

    @classmethod
    def select(cls, mailbox_id: int) -> Session:
        from posthouse.mail import by_uid, standing

        view = by_uid.view(mailbox_id)
        with standing.standing(mailbox_id) as kept:
            assert kept.rows_at(range(len(kept.uids))) == by_uid.flags_of(mailbox_id)
            assert (kept.uidvalidity, kept.uidnext, kept.modseq) == (
                view.uidvalidity,
                view.uidnext,
                view.modseq,
            )
        flags = {row.uid: row for row in by_uid.flags_of(mailbox_id)}
        assert list(flags) == list(view.uids)
        assert [row.email_id for row in flags.values()] == list(view.email_ids)
        assert all(row.modseq <= view.modseq for row in flags.values()), "above HIGHESTMODSEQ"
        return cls(view.uidnext, view.modseq, flags)

    def catch_up(self, mailbox_id: int, account_id: int) -> None:
        """By the log; and what is kept of the mailbox in memory must follow as well."""
        from posthouse.mail import by_uid, standing

        news = by_uid.view_changes(
            mailbox_id, account_id=account_id, uidnext=self.uidnext, modseq=self.modseq
        )
        for uid in news.vanished:
            self.flags.pop(uid, None)
        self.flags.update({row.uid: row for row in news.changed if row.uid in self.flags})
        new_uids = [uid for uid, _ in news.new]
        assert all(self.uidnext <= uid < news.uidnext for uid in new_uids)
        self.flags.update({row.uid: row for row in by_uid.flags_of(mailbox_id, new_uids)})
        self.uidnext, self.modseq = news.uidnext, news.modseq
        with standing.standing(mailbox_id) as kept:
            assert kept.modseq >= news.modseq


class Witness:
    def __init__(self, person: Person) -> None:
        self.person = person
        self.account_id = person.account_id
        self.snapshot = fresh(self.account_id)
        self.first = self.snapshot
        self.sessions = {int(i): Session.select(int(i)) for i in self.snapshot.mailboxes}
        self.uids: dict[tuple[int, int], int] = {}
        self.stamps = self._stamps()

    def _stamps(self) -> dict[tuple[str, int], tuple[int, Any]]:
        """Modseq and content of every row."""
        from posthouse.base import sql

        found: dict[tuple[str, int], tuple[int, Any]] = {}
        for i, modseq, *rest in sql.rows(
            "SELECT id, modseq, thread_id, flags, keywords FROM mail_email WHERE account_id = %s",
            [self.account_id],
        ):
            found["email", i] = (modseq, rest)
        for i, modseq, *rest in sql.rows(
            "SELECT id, modseq, parent_id, name, uidnext, total_emails, unread_emails, is_subscribed"
            " FROM mail_mailbox WHERE account_id = %s",
            [self.account_id],
        ):
            found["mailbox", i] = (modseq, rest)
        return found

    def check(self) -> None:
        """Compare everything; called after each change."""
        self._check_log()
        self._check_sessions()
        self._check_stamps()
        check_promises(self.account_id)

    def check_from_the_start(self) -> None:
        """A client that slept through all of it, fetching in small pieces."""
        assert caught_up(self.first, self.account_id, limit=5) == fresh(self.account_id)

    def _check_log(self) -> None:
        self.before = self.snapshot.state
        self.snapshot = caught_up(self.snapshot, self.account_id)
        assert self.snapshot == fresh(self.account_id)

    def _check_sessions(self) -> None:
        for mailbox_id in {*map(int, self.snapshot.mailboxes), *self.sessions}:
            session = self.sessions.get(mailbox_id)
            try:
                now = Session.select(mailbox_id)
            except Missing:
                assert str(mailbox_id) not in self.snapshot.mailboxes
                del self.sessions[mailbox_id]
                continue
            if session is not None:
                known_uids, known_next = set(session.flags), session.uidnext
                session.catch_up(mailbox_id, self.account_id)
                assert session == now
                assert all(uid >= known_next for uid in set(now.flags) - known_uids)
            self.sessions[mailbox_id] = now
            for uid, row in now.flags.items():
                assert uid < now.uidnext
                assert self.uids.setdefault((mailbox_id, uid), row.email_id) == row.email_id, "a UID twice"

    def _check_stamps(self) -> None:
        """A row that is new or different has a number that no reader has seen yet."""
        stamps = self._stamps()
        for key, (modseq, content) in stamps.items():
            old_modseq, old_content = self.stamps.get(key, (0, None))
            assert modseq >= old_modseq
            if content != old_content:
                assert modseq > self.before
            assert modseq <= self.snapshot.state
        self.stamps = stamps


def check_promises(account_id: int) -> None:
    """What holds after every transaction."""
    from posthouse.base import sql
    from posthouse.mail import mailboxes

    assert mailboxes.recount(account_id) == []
    used, quota_free = sql.row(
        "SELECT used_bytes, (SELECT coalesce(sum(size_bytes), 0) FROM mail_email WHERE account_id = a.id)"
        " FROM mail_account a WHERE id = %s",
        [account_id],
    ) or (None, None)
    assert used == quota_free
    for fault, query in {
        "an e-mail without a mailbox": "SELECT id FROM mail_email e WHERE account_id = %s AND NOT EXISTS"
        " (SELECT 1 FROM mail_placement p WHERE p.email_id = e.id)",
        "a placement that differs from its e-mail": "SELECT p.uid FROM mail_placement p"
        " LEFT JOIN mail_email e ON e.id = p.email_id LEFT JOIN mail_mailbox m ON m.id = p.mailbox_id"
        " WHERE p.account_id = %s AND ((e.thread_id, e.received_at, e.account_id, m.account_id)"
        " <> (p.thread_id, p.received_at, p.account_id, p.account_id) OR e.id IS NULL OR m.id IS NULL)",
        "an e-mail without parts": "SELECT id FROM mail_email e WHERE account_id = %s AND NOT EXISTS"
        " (SELECT 1 FROM mail_emailpart p WHERE p.email_id = e.id)",
        "an e-mail without content": "SELECT id FROM mail_email e WHERE account_id = %s AND NOT EXISTS"
        " (SELECT 1 FROM base_blob b WHERE b.id = e.blob_id)",
    }.items():
        assert sql.rows(query, [account_id]) == [], fault
