"""What people did with their e-mails, read from the log, for whoever learns of it (delivery/junk/reading.py)."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from posthouse.base import sql
from posthouse.mail import flags as flag
from posthouse.mail.models import Mailbox

KEPT_OUT = frozenset({Mailbox.Role.TRASH.value, Mailbox.Role.DRAFTS.value, Mailbox.Role.SENT.value})
_HANDLED = flag.SEEN | flag.ANSWERED | flag.FORWARDED | flag.FLAGGED


class Handled(NamedTuple):
    """An e-mail as it is now. `came_judged`: the spam filter saw it arrive, so where it lay first is no person's doing.

    `put_by_hand` names the roles of mailboxes that somebody put it into ("" for those without one); a program that
    appended it there counts as somebody.
    """

    email_id: int
    modseq: int
    flags: int
    roles: frozenset[str]
    put_by_hand: frozenset[str]
    came_judged: bool

    @property
    def is_marked_junk(self) -> bool:
        return bool(self.flags & flag.JUNK) and not self.flags & flag.NOTJUNK

    @property
    def is_marked_wanted(self) -> bool:
        return bool(self.flags & flag.NOTJUNK)

    @property
    def is_in_junk(self) -> bool:
        return Mailbox.Role.JUNK.value in self.roles

    @property
    def is_put_into_junk(self) -> bool:
        return Mailbox.Role.JUNK.value in self.put_by_hand

    @property
    def is_kept(self) -> bool:
        """Whether it lies where people keep what came to them."""
        return bool(self.roles - KEPT_OUT - {Mailbox.Role.JUNK.value})

    @property
    def is_cared_for(self) -> bool:
        """Read, answered, starred, or put somewhere."""
        kept = self.put_by_hand - KEPT_OUT - {Mailbox.Role.JUNK.value}
        return bool(self.flags & _HANDLED) or (bool(kept) and self.came_judged)


def state_of(account_id: int) -> tuple[int, int] | None:
    """An account's place in its log, and its organisation."""
    found = sql.row("SELECT modseq, organisation_id FROM mail_account WHERE id = %s", [account_id])
    return None if found is None else (int(found[0]), int(found[1]))


def accounts_of(organisation_id: int) -> list[int]:
    return [
        row[0]
        for row in sql.rows("SELECT id FROM mail_account WHERE organisation_id = %s", [organisation_id])
    ]


def states() -> dict[int, int]:
    """Every account's place in its log."""
    return dict(sql.rows("SELECT id, modseq FROM mail_account"))


def since(account_id: int, modseq: int, email_id: int, *, limit: int) -> list[Handled]:
    """The next e-mails that changed behind a place in the log, in its order; one that changed again comes again."""
    log = changed(account_id, modseq, email_id, limit=limit)
    ids = {id_ for _, id_ in log}
    known, places = _known(ids), _places(ids)
    found = []
    for at, id_ in log:
        if id_ not in known:  # gone meanwhile
            continue
        flags, came_judged = known[id_]
        lying = places.get(id_, [])
        by_hand = {role for role, placed_at in lying if placed_at is not None or not came_judged}
        found.append(
            Handled(
                email_id=id_,
                modseq=at,
                flags=flags,
                roles=frozenset(role for role, _ in lying),
                put_by_hand=frozenset(by_hand),
                came_judged=came_judged,
            )
        )
    return found


_CHANGED = (
    ("SELECT c.modseq, c.id FROM mail_email c", "c.id"),
    ("SELECT c.modseq, c.email_id FROM mail_placement c", "c.email_id"),
    ("SELECT c.modseq, c.email_id FROM mail_expunged c JOIN mail_email e ON e.id = c.email_id", "c.email_id"),
)
"""What tells that an e-mail changed (mail/changes.py), with its number in the log."""


def changed(account_id: int, modseq: int, email_id: int, *, limit: int) -> list[tuple[int, int]]:
    """Number and e-mail, ascending, each pair once: the first of each kind hold the first of all."""
    found: set[tuple[int, int]] = set()
    for select, id_ in _CHANGED:
        found.update(
            sql.rows(
                f"{select} WHERE c.account_id = %s AND (c.modseq, {id_}) > (%s, %s)"
                f" ORDER BY c.modseq, {id_} LIMIT %s",
                [account_id, modseq, email_id, limit],
            )
        )
    return sorted(found)[:limit]


def _known(email_ids: Collection[int]) -> dict[int, tuple[int, bool]]:
    """Flags, and whether the spam filter saw it arrive."""
    found: dict[int, tuple[int, bool]] = {}
    for chunk in sql.chunks(email_ids):
        for id_, flags, came_judged in sql.rows(
            "SELECT e.id, e.flags, p.spam IS NOT NULL FROM mail_email e LEFT JOIN mail_emailpart p"
            f" ON p.email_id = e.id WHERE e.id IN ({sql.marks(chunk)})",
            chunk,
        ):
            found[id_] = (flags, bool(came_judged))
    return found


def _places(email_ids: Collection[int]) -> dict[int, list[tuple[str, int | None]]]:
    found: dict[int, list[tuple[str, int | None]]] = {}
    for chunk in sql.chunks(email_ids):
        for email_id, role, placed_at in sql.rows(
            "SELECT p.email_id, b.role, p.placed_at FROM mail_placement p JOIN mail_mailbox b ON b.id = p.mailbox_id"
            f" WHERE p.email_id IN ({sql.marks(chunk)})",
            chunk,
        ):
            found.setdefault(email_id, []).append((role, placed_at))
    return found


def gone_since(account_id: int, modseq: int, *, limit: int) -> list[int]:
    return [
        row[0]
        for row in sql.rows(
            "SELECT object_id FROM mail_tombstone WHERE account_id = %s AND modseq > %s AND kind = 'email'"
            " ORDER BY modseq LIMIT %s",
            [account_id, modseq, limit],
        )
    ]


def place_behind(account_id: int, *, newest: int) -> tuple[int, int]:
    """The place in the log behind which the newest so many e-mails lie."""
    found = sql.row(
        "SELECT modseq, id FROM mail_email WHERE account_id = %s ORDER BY modseq DESC, id DESC LIMIT 1 OFFSET %s",
        [account_id, newest],
    )
    return (0, 0) if found is None else (int(found[0]), int(found[1]))
