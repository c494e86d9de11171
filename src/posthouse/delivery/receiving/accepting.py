"""Mail that comes in by SMTP: to the people here in one transaction, to the outside into the queue.

The answer 250 is given after `store_together` has committed: the message is on disk for every recipient, or for
none.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from posthouse.base import db, sql
from posthouse.base.errors import Missing
from posthouse.delivery.automatic import kept, wishing
from posthouse.delivery.junk.arriving import NO_VERDICTS, Verdicts
from posthouse.delivery.rules import arriving
from posthouse.delivery.rules.arriving import NO_DECISIONS, Decisions
from posthouse.filters.engine import NOTHING
from posthouse.identity import directory
from posthouse.mail import storing
from posthouse.mail.storing import Arrival, Quota, Storing
from posthouse.wire.auth.judgement import UNCHECKED, Judgement

MAX_KEPT = 50_000
FRESH_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Room:
    """Whether an account can take another e-mail."""

    account_id: int
    is_full: bool


_accounts: dict[int, int] = {}
_rooms: dict[int, tuple[float, Room]] = {}


def account_of(user_id: int) -> int:
    """The account that receives a person's mail. Account ids never change, so they are kept."""
    account_id = _accounts.get(user_id)
    if account_id is None:
        found = sql.row("SELECT id FROM mail_account WHERE owner_id = %s ORDER BY id LIMIT 1", [user_id])
        if found is None:
            raise Missing("no_such_account", "There is no such account.")
        if len(_accounts) >= MAX_KEPT:
            _accounts.clear()
        account_id = _accounts[user_id] = int(found[0])
    return account_id


def room_for(user_id: int) -> Room:
    """Asked at RCPT, so that a full account is refused alone and does not hold up the others."""
    account_id = account_of(user_id)
    if len(_rooms) >= MAX_KEPT:
        _rooms.clear()
    found = sql.row("SELECT used_bytes, quota_bytes FROM mail_account WHERE id = %s", [account_id])
    room = Room(account_id, found is not None and found[1] is not None and found[0] >= found[1])
    _rooms[user_id] = (time.monotonic() + FRESH_SECONDS, room)
    return room


def known_room(user_id: int) -> Room | None:
    """The answer of a moment ago, without touching the database."""
    entry = _rooms.get(user_id)
    return entry[1] if entry is not None and entry[0] > time.monotonic() else None


def have_room(group: directory.Several) -> bool:
    """A group is full when everybody in it is."""
    for chunk in sql.chunks(group.user_ids):
        if sql.row(
            f"SELECT 1 FROM mail_account WHERE owner_id IN ({sql.marks(chunk)})"
            " AND (quota_bytes IS NULL OR used_bytes < quota_bytes) LIMIT 1",
            chunk,
        ):
            return True
    return False


Accounts = Mapping[int, Quota]
"""The accounts that get an e-mail, each once, and what is asked of their quota."""


def known_accounts(addresses: Sequence[str]) -> Accounts | None:
    """`local_accounts` from what is kept, or None when something must be looked up."""
    accounts: dict[int, Quota] = {}
    for address in addresses:
        found = directory.known(address)
        account_id = _accounts.get(found.user_id) if isinstance(found, directory.Local) else None
        if account_id is None:
            return None
        accounts[account_id] = Quota.LAST
    return accounts


def local_accounts(addresses: Sequence[str]) -> Accounts:
    """The accounts behind local addresses, each once; raises Missing for one that is nobody's any more.

    Members of a group get its mail whatever their quota says: one full mailbox neither holds up the others nor loses
    what it cannot refuse by itself.
    """
    accounts: dict[int, Quota] = {}
    for address in addresses:
        found = directory.lookup(address)
        if isinstance(found, directory.Local):
            accounts.setdefault(account_of(found.user_id), Quota.LAST)
        elif isinstance(found, directory.Several):
            accounts |= dict.fromkeys(map(account_of, found.user_ids), Quota.NONE)
        else:
            raise Missing("no_such_address", "There is no such address here.")
    return accounts


def storings(
    arrival: Arrival,
    accounts: Accounts,
    judgement: Judgement = UNCHECKED,
    decisions: Decisions = NO_DECISIONS,
    verdicts: Verdicts = NO_VERDICTS,
    *,
    sender: str = "",
    automatic: Collection[int] = kept.NOBODY,
    requires_tls: bool = False,
) -> list[Storing]:
    """Into the inboxes, into Junk, or where people's rules say; as at RCPT (`room_for`), only an account that is full
    already is refused.

    `sender` and `requires_tls` are the envelope's, `automatic` the accounts that answer or forward by themselves; Junk
    they leave alone.
    """
    made = []
    for account_id, quota in accounts.items():
        decision, verdict = decisions.get(account_id, NOTHING), verdicts.get(account_id)
        is_junk = arriving.is_junk(verdict, judgement)
        job = None
        if not is_junk:
            job = wishing.job_for(
                account_id,
                blob_id=arrival.blob.id,
                sender=sender,
                judgement=judgement,
                decision=decision,
                is_kept=account_id in automatic,
                requires_tls=requires_tls,
            )
        made.append(
            arriving.storing_of(
                arrival,
                account_id,
                quota=quota,
                decision=decision,
                verdict=verdict,
                is_junk=is_junk,
                job=job,
            )
        )
    return made


def accept(
    arrival: Arrival, accounts: Accounts, *, raw: bytes = b"", sender: str = "", requires_tls: bool = False
) -> list[storing.Stored]:
    """File an arrival for several people, all or nothing. Raises Limited (over_quota), Unavailable.

    With its bytes and the envelope's sender their rules are asked, and those who are away answer; the house's own
    letters go to the inbox.
    """
    if raw:
        decisions = arriving.decisions(arrival, raw, arriving.rules_of(accounts))
        made = storings(
            arrival,
            accounts,
            decisions=decisions,
            sender=sender,
            automatic=kept.lookup(),
            requires_tls=requires_tls,
        )
    else:
        made = storings(arrival, accounts)
    return db.run(storing.store_together, (made,), {})
