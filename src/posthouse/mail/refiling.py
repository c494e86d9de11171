"""Filing e-mails that are here already as a rule says, and putting them back.

Call inside an action of a room above that has asked whose they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from posthouse.base import sql
from posthouse.mail import placing
from posthouse.mail.actions import FlagChange, apply_flags
from posthouse.mail.models import Mailbox
from posthouse.mail.placing import Place

OUTGOING = (Mailbox.Role.DRAFTS.value, Mailbox.Role.SENT.value)
"""What lies there has not come in."""


class Refiling(NamedTuple):
    """Put an e-mail into some mailboxes and take it out of others, if it lies in all that it `needs` to."""

    email_id: int
    to: tuple[int, ...] = ()
    out_of: tuple[int, ...] = ()
    set_bits: int = 0
    clear_bits: int = 0
    filed_by: int | None = None
    needs: tuple[int, ...] = ()


class Refiled(msgspec.Struct, frozen=True, kw_only=True):
    """What was different before."""

    email_id: int
    placed: tuple[int, ...]
    displaced: tuple[int, ...]
    set_bits: int
    cleared_bits: int
    filed_by_before: int | None

    def undoing(self) -> Refiling:
        """Back to where it was; one that somebody has moved since stays where they put it."""
        return Refiling(
            email_id=self.email_id,
            to=self.displaced,
            out_of=self.placed,
            set_bits=self.cleared_bits,
            clear_bits=self.set_bits,
            filed_by=self.filed_by_before,
            needs=self.placed,
        )


class _State(NamedTuple):
    bits: int
    filed_by: int | None


def refile(account_id: int, wanted: Sequence[Refiling]) -> list[Refiled]:
    """Those that changed. A mailbox that is gone is passed over; no e-mail is left without one."""
    placing.hold(account_id)
    ids = [one.email_id for one in wanted]
    states, places = _states(account_id, ids), placing.places_of(ids)
    mailboxes = {
        row[0] for row in sql.rows("SELECT id FROM mail_mailbox WHERE account_id = %s", [account_id])
    }
    by_email: dict[int, list[Place]] = {}
    for place in places:
        by_email.setdefault(place.email_id, []).append(place)
    done = [
        changed
        for one in wanted
        if one.email_id in states
        and (changed := _changed(one, states[one.email_id], by_email.get(one.email_id, []), mailboxes))
    ]
    if done:
        _write(account_id, done, by_email, {one.email_id: one.filed_by for one in wanted})
    return done


def _states(account_id: int, ids: Sequence[int]) -> dict[int, _State]:
    found: dict[int, _State] = {}
    for chunk in sql.chunks(ids):
        for email_id, *state in sql.rows(
            "SELECT id, flags, filed_by FROM mail_email WHERE account_id = %s"
            f" AND id IN ({sql.marks(chunk)})",
            [account_id, *chunk],
        ):
            found[email_id] = _State(*state)
    return found


def _changed(one: Refiling, state: _State, places: list[Place], mailboxes: set[int]) -> Refiled | None:
    here = {place.mailbox_id for place in places}
    if not here.issuperset(one.needs):
        return None
    there = mailboxes.intersection(one.to)
    placed = tuple(mailbox_id for mailbox_id in one.to if mailbox_id in there - here)
    displaced = tuple(sorted(here.intersection(one.out_of) - there))
    if (one.to and not there) or not (here - set(displaced)) | set(placed):
        placed = displaced = ()
    bits = (state.bits | one.set_bits) & ~one.clear_bits
    if bits == state.bits and not placed and not displaced:
        return None
    return Refiled(
        email_id=one.email_id,
        placed=placed,
        displaced=displaced,
        set_bits=bits & ~state.bits,
        cleared_bits=state.bits & ~bits,
        filed_by_before=state.filed_by,
    )


def _write(
    account_id: int,
    done: Sequence[Refiled],
    places: dict[int, list[Place]],
    filed_by: dict[int, int | None],
) -> None:
    filing = placing.begin(account_id)
    into: dict[int, list[int]] = {}
    flagged: dict[tuple[int, int], list[int]] = {}
    leaving = []
    for one in done:
        for mailbox_id in one.placed:
            into.setdefault(mailbox_id, []).append(one.email_id)
        leaving += [place for place in places[one.email_id] if place.mailbox_id in one.displaced]
        if one.set_bits or one.cleared_bits:
            flagged.setdefault((one.set_bits, one.cleared_bits), []).append(one.email_id)
    for mailbox_id, ids in sorted(into.items()):
        placing.place(filing, ids, mailbox_id=mailbox_id)
    placing.displace(filing, leaving)
    for (set_bits, clear_bits), ids in flagged.items():
        apply_flags(filing, ids, FlagChange(set_bits=set_bits, clear_bits=clear_bits))
    sql.run_many(
        "UPDATE mail_email SET filed_by = %s WHERE id = %s",
        [(filed_by[one.email_id], one.email_id) for one in done],
    )
    placing.finish(filing)


# --- what may be asked of them --------------------------------------------------------------------


class Row(NamedTuple):
    """The small row, as rules ask it. `sender`, `recipients` and `copied` are JSON."""

    id: int
    thread_id: int
    blob_id: int
    size_bytes: int
    received_at_ms: int
    subject: str
    sender: str
    recipients: str
    copied: str
    has_attachment: bool


def rows_of(email_ids: Sequence[int]) -> list[Row]:
    """In the order asked; those that are gone are left out."""
    found: dict[int, Row] = {}
    for chunk in sql.chunks(email_ids):
        for row in sql.rows(
            "SELECT id, thread_id, blob_id, size_bytes, received_at, subject, sender, recipients, copied,"
            f" has_attachment FROM mail_email WHERE id IN ({sql.marks(chunk)})",
            chunk,
        ):
            found[row[0]] = Row(*row)
    return [found[email_id] for email_id in email_ids if email_id in found]


def newest(account_id: int, *, limit: int) -> list[int]:
    """The e-mails that came in last, newest first, wherever they lie now: the newest of each mailbox, joined."""
    found: dict[int, int] = {}
    for (mailbox_id,) in sql.rows(
        f"SELECT id FROM mail_mailbox WHERE account_id = %s AND role NOT IN ({sql.marks(OUTGOING)})"
        " AND total_emails > 0",
        [account_id, *OUTGOING],
    ):
        found.update(
            sql.rows(
                "SELECT email_id, received_at FROM mail_placement WHERE mailbox_id = %s"
                " ORDER BY received_at DESC, email_id DESC LIMIT %s",
                [mailbox_id, limit],
            )
        )
    ordered = sorted(found.items(), key=lambda item: (item[1], item[0]), reverse=True)
    return [email_id for email_id, _ in ordered[:limit]]


class Step(NamedTuple):
    """E-mails of one mailbox behind a place in it, by UID."""

    mailbox_id: int
    uid: int
    email_ids: list[int]


KEPT_OUT = (*OUTGOING, Mailbox.Role.JUNK.value, Mailbox.Role.TRASH.value)
"""Old mail there is let be."""


def step(account_id: int, *, mailbox_id: int, uid: int, limit: int) -> Step | None:
    """The next of all old mail behind a place, mailbox by mailbox; None at the end."""
    for (box,) in sql.rows(
        f"SELECT id FROM mail_mailbox WHERE account_id = %s AND role NOT IN ({sql.marks(KEPT_OUT)})"
        " AND id >= %s ORDER BY id",
        [account_id, *KEPT_OUT, mailbox_id],
    ):
        rows = sql.rows(
            "SELECT uid, email_id FROM mail_placement WHERE mailbox_id = %s AND uid > %s ORDER BY uid LIMIT %s",
            [box, uid if box == mailbox_id else 0, limit],
        )
        if rows:
            return Step(box, rows[-1][0], [row[1] for row in rows])
    return None


def mailboxes_of(account_id: int) -> tuple[int, ...]:
    return tuple(
        row[0] for row in sql.rows("SELECT id FROM mail_mailbox WHERE account_id = %s", [account_id])
    )


def count_of_old(account_id: int) -> int:
    found = sql.row(
        "SELECT coalesce(sum(total_emails), 0) FROM mail_mailbox WHERE account_id = %s"
        f" AND role NOT IN ({sql.marks(KEPT_OUT)})",
        [account_id, *KEPT_OUT],
    )
    return int(found[0]) if found else 0


def filed_by(email_id: int) -> int | None:
    """The rule that put an e-mail where it is."""
    found = sql.row("SELECT filed_by FROM mail_email WHERE id = %s", [email_id])
    return found[0] if found else None
