"""New mail: each account's log read with a cursor, and made into notifications; what is read elsewhere is taken back.

A thread beside the doors (mail/following.py), so that mail is accepted as fast as without it. Told is what arrived:
an e-mail that is new since the cursor, unread, came in a moment ago (an import of old mail tells nobody), and lies
where mail is waited for. Of a crowd at once only a number is told, but for mail of those whom a rule names.

Invariant: what is told and the cursor are written together, so that a log read twice tells once. The place is noted
only where something was told, or far on; what lies between told nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import orjson

from posthouse.base import clock, db, sql
from posthouse.base.errors import Failure
from posthouse.base.log_follower import Pace
from posthouse.delivery.rules.arriving import addresses_of
from posthouse.identity import queries as people
from posthouse.mail import access, arrivals, by_uid, handled
from posthouse.mail import queries as mail
from posthouse.mail.arrivals import Seen
from posthouse.mail.following import AccountsFollower
from posthouse.notifications import letters, policies, telling
from posthouse.notifications.deciding import MAIL, Facts
from posthouse.notifications.telling import About, Occasion, Told
from posthouse.wire.mime.automatic import wants_no_answer
from posthouse.wire.mime.headers import read_header

PACE = Pace(settle_seconds=0.2, sleep_seconds=60.0, rest=1.0, rest_when_busy=10.0, longest_rest_seconds=1.0)
ROOM = "mail"
LOOK = 200
"""Changes of the log looked at in one step."""
CROWD = 8
"""More new e-mails than this at once are told as a number."""
RECENT_MS = 15 * 60_000
FAR = 2_000
"""Changes that told nothing, behind which the place is noted all the same."""
FIRST = 20
"""Of an account's past, the newest so many e-mails are looked at."""
GONE = 1_000
MAX_ID = 2**63 - 1
OWN_FIELD = letters.FIELD.lower().encode()
Head = Sequence[tuple[bytes, bytes]]


class Place(NamedTuple):
    modseq: int
    email_id: int


class ArrivalReader(AccountsFollower[Place]):
    def __init__(self) -> None:
        super().__init__(name="notifications", pace=PACE, topics=("stored", "changed"))

    def step(self, account_id: int, seen: Place | None) -> tuple[Place | None, bool]:
        return step(account_id, seen)


def step(account_id: int, seen: Place | None = None) -> tuple[Place | None, bool]:
    """Read one step; gives the place reached, and whether there is more. `seen` is one reached and not noted."""
    state = handled.state_of(account_id)
    if state is None:
        return None, False
    noted = place_of(account_id)
    place = (
        max(noted, seen)
        if noted and seen
        else noted or Place(*handled.place_behind(account_id, newest=FIRST))
    )
    if place.modseq > state[0]:  # the log is not the one we knew: an older copy of the store was put back
        _note(account_id, Place(state[0], MAX_ID), after=noted)
        return None, False
    rows, end = arrivals.since(account_id, place.modseq, place.email_id, limit=LOOK, told=_told)
    reached = Place(state[0], MAX_ID) if end is None else Place(*end)
    told = telling.weigh(_occasions(account_id, [row for row in rows if _is_new(row, place)]))
    over = [row.email_id for row in rows if row.is_read or row.is_away]
    over += handled.gone_since(account_id, place.modseq, limit=GONE)
    standing = telling.standing_about(ROOM, [str(email_id) for email_id in over])
    is_worth_noting = told or standing or noted is None or reached.modseq - noted.modseq > FAR
    if is_worth_noting and not _note(account_id, reached, after=noted, told=told, back=standing):
        return place_of(account_id), True  # another reader was here first: go on from where it is
    return reached, end is not None


def _told(email_ids: Collection[int]) -> list[int]:
    """Those that somebody has an unread notification of."""
    return [int(one) for one in telling.standing_of(ROOM, list(map(str, email_ids)))]


def _is_new(row: Seen, place: Place) -> bool:
    return (
        (row.created_modseq, row.email_id) > place
        and not row.is_read
        and not row.is_away
        and row.received_at_ms > clock.now_ms() - RECENT_MS
    )


# --- what is told ---------------------------------------------------------------------------------


def _occasions(account_id: int, rows: Sequence[Seen]) -> list[Occasion]:
    if not rows:
        return []
    owner_id = mail.owner_of(account_id)
    own = frozenset(addresses_of(account_id))
    muted = arrivals.threads_with_muted([row.thread_id for row in rows], account_id=account_id)
    rows = [row for row in rows if not own & _senders(row)]
    is_crowd = len(rows) > CROWD
    heads = {} if is_crowd else _heads(rows)
    rows = [row for row in rows if not _is_of_ours(heads.get(row.email_id, ()))]
    places = {row.email_id: _sources(row, account_id) for row in rows}
    heard = _audience(owner_id, account_id, places)
    found = []
    for row in rows:
        facts = Facts(
            kind=MAIL,
            sources=places[row.email_id],
            senders=_senders(row),
            text=f"{row.subject}\n{row.preview}",
            is_muted=row.is_muted or row.thread_id in muted,
            is_automatic=wants_no_answer(heads.get(row.email_id, ())),
            is_inbox=row.is_inbox,
        )
        found.append(_occasion(row, facts, heard[row.email_id]))
    return _of_crowd(account_id, found) if is_crowd else found


def _occasion(row: Seen, facts: Facts, user_ids: Sequence[int]) -> Occasion:
    return Occasion(
        user_ids=user_ids,
        facts=facts,
        key=f"mail:{row.email_id}",
        title=_author(row),
        body=" — ".join(part for part in (row.subject, row.preview) if part.strip()),
        about=About(ROOM, str(row.email_id), str(row.thread_id)),
    )


def _of_crowd(account_id: int, occasions: Sequence[Occasion]) -> list[Occasion]:
    """Those whom a rule of somebody's names, by themselves; all others as one number under one key."""
    known = policies.policies({user_id for one in occasions for user_id in one.user_ids})
    vips = {rule.value for policy in known.values() for rule in policy.rules if rule.source == "person"}
    told = [one for one in occasions if vips & one.facts.senders]
    rest = [one for one in occasions if not vips & one.facts.senders]
    if not rest:
        return told
    newest = rest[-1]
    facts = replace(newest.facts, senders=frozenset(), text="", is_muted=False)
    return [
        *told,
        replace(newest, facts=facts, key=f"mails:{account_id}", title=f"{len(rest)} new e-mails", body=""),
    ]


def _sources(row: Seen, account_id: int) -> tuple[tuple[str, str], ...]:
    return (*(("mailbox", str(one)) for one, _ in row.places), ("account", str(account_id)))


def _audience(
    owner_id: int | None, account_id: int, places: Mapping[int, Sequence[tuple[str, str]]]
) -> dict[int, list[int]]:
    """Of each e-mail: the account's owner, and who has a rule about where it lies; those who may read it."""
    heard = policies.listeners({place for one in places.values() for place in one})
    everybody = {one for user_ids in heard.values() for one in user_ids} | ({owner_id} if owner_id else set())
    readers = {user_id for user_id in everybody if _may_read(user_id, account_id)}
    found = {}
    for email_id, sources in places.items():
        meant = [
            *([owner_id] if owner_id else []),
            *(one for place in sources for one in heard.get(place, ())),
        ]
        found[email_id] = [user_id for user_id in dict.fromkeys(meant) if user_id in readers]
    return found


def _may_read(user_id: int, account_id: int) -> bool:
    try:
        actor = people.active_actor(user_id, via="notifications")
        access.account_id_for(actor, account_id, need=access.Right.READ)
    except Failure:
        return False
    return True


def _heads(rows: Sequence[Seen]) -> dict[int, Head]:
    """Of those that can be read."""
    found: dict[int, Head] = {}
    for row in rows:
        try:
            content = by_uid.raw_of([row.email_id])[row.email_id]
        except (Failure, KeyError):
            continue
        found[row.email_id] = read_header(content, 0, len(content)).fields
    return found


def _is_of_ours(head: Head) -> bool:
    """A letter about notifications, which must not make another."""
    return any(name == OWN_FIELD for name, _ in head)


def _people(row: Seen) -> list[dict[str, str]]:
    return list(orjson.loads(row.sender))


def _senders(row: Seen) -> frozenset[str]:
    addresses = [one["email"].lower() for one in _people(row)]
    return frozenset([*addresses, *(f"@{one.rpartition('@')[2]}" for one in addresses)])


def _author(row: Seen) -> str:
    for one in _people(row):
        return one["name"] or one["email"]
    return "Somebody"


# --- the place ------------------------------------------------------------------------------------


def place_of(account_id: int) -> Place | None:
    found = sql.row("SELECT modseq, email_id FROM notifications_cursor WHERE account_id = %s", [account_id])
    return None if found is None else Place(*found)


@db.action
def _note(
    account_id: int,
    reached: Place,
    *,
    after: Place | None,
    told: Sequence[Told] = (),
    back: Sequence[telling.Standing] = (),
) -> bool:
    """What is told and the place together; nothing, and False, when another reader was here first."""
    if after is None:
        moved = sql.run(
            "INSERT INTO notifications_cursor (account_id, modseq, email_id) SELECT id, %s, %s FROM mail_account"
            " WHERE id = %s ON CONFLICT (account_id) DO NOTHING",
            [*reached, account_id],
        )
    else:
        moved = sql.run(
            "UPDATE notifications_cursor SET modseq = %s, email_id = %s"
            " WHERE account_id = %s AND modseq = %s AND email_id = %s",
            [*reached, account_id, *after],
        )
    if not moved:
        return False
    telling.keep(told)
    telling.take_back(back)
    return True
