"""Telling people, and taking back: what rooms hand in becomes rows, pushes and letters of those who want to hear of it.

`weigh` reads and decides, and may be called anywhere; `keep` writes, inside an action of whoever tells, so that what
is told and the place reached in a log move together. It costs what is told: nobody has a row for what tells them
nothing, but for a line in the log of decisions of those whom the room named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import orjson

from posthouse.base import clock, db, jobs, sql
from posthouse.base.ids import new_id
from posthouse.base.metrics import Counter as Metric
from posthouse.notifications import policies
from posthouse.notifications.deciding import Decision, Facts, decide
from posthouse.wire.mime.headers import without_controls

PUSH, TAKE_BACK = "notifications.push", "notifications.take_back"
TITLE_CHARS, BODY_CHARS, KEY_CHARS = 200, 500, 200
HEADLINE_CHARS = 100
"""Of what the log of decisions says it was of."""
TAGS_AT_ONCE = 50

decided = Metric(
    "posthouse_notifications", "What people were to be told of, by what was decided.", "kind", "level"
)


class About(NamedTuple):
    """What it is of, in words of the room that tells: for mail ("mail", e-mail, thread)."""

    room: str = ""
    id: str = ""
    inside: str = ""


NOTHING = About()


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Something that happened. `user_ids` are those it may concern; `named` are those of them whom it names.

    `key` names it among what a person is told: told again under the same key it replaces. Who else has a rule about one
    of its places is told by `policies.listeners`; the room that tells knows whether they may hear of it.
    """

    user_ids: Sequence[int]
    facts: Facts
    key: str
    title: str
    body: str = ""
    about: About = NOTHING
    named: frozenset[int] | None = None


class Told(NamedTuple):
    user_id: int
    occasion: Occasion
    decision: Decision


class Standing(NamedTuple):
    """An unread notification of somebody."""

    id: int
    user_id: int
    key: str
    is_pushed: bool


def topic(user_id: int) -> str:
    """What to subscribe to in the hub to hear that a person's notifications have news; the number is the `seq`."""
    return f"notifications:{user_id}"


def weigh(occasions: Sequence[Occasion]) -> list[Told]:
    """What each of the people is to be told, also where that is nothing."""
    people = {user_id for occasion in occasions for user_id in occasion.user_ids}
    known = policies.policies(people)
    now_ms = clock.now_ms()
    return [
        Told(user_id, occasion, decide(_facts_for(user_id, occasion), known[user_id], now_ms=now_ms))
        for occasion in occasions
        for user_id in dict.fromkeys(occasion.user_ids)
        if user_id in known
    ]


def _facts_for(user_id: int, occasion: Occasion) -> Facts:
    if occasion.named is None:
        return occasion.facts
    return replace(occasion.facts, is_named=user_id in occasion.named)


def keep(told: Sequence[Told]) -> None:
    """Write what was weighed, with the jobs that push it; call inside an action."""
    for kind, level in ((one.occasion.facts.kind, one.decision.level.value) for one in told):
        decided.count(kind, level)
    _note([one for one in told if not one.occasion.facts.is_own])
    shown = sorted((one for one in told if one.decision.is_told), key=lambda one: one.user_id)
    if not shown:
        return
    seqs = next_seqs(Counter(one.user_id for one in shown))
    _insert(shown, seqs)
    _push([one for one in shown if one.decision.is_pushed])


def next_seqs(many: Mapping[int, int]) -> dict[int, int]:
    """The first of so many next numbers for each person; call inside an action. Hints go out after it."""
    sql.insert_many(
        "INSERT INTO notifications_log (user_id, seq, gone_seq)",
        [(user_id, count, 0) for user_id, count in sorted(many.items())],
        tail="ON CONFLICT (user_id) DO UPDATE SET seq = notifications_log.seq + excluded.seq",
    )
    found = {}
    for chunk in sql.chunks(sorted(many)):
        for user_id, seq in sql.rows(
            f"SELECT user_id, seq FROM notifications_log WHERE user_id IN ({sql.marks(chunk)})", chunk
        ):
            found[user_id] = seq - many[user_id] + 1
            db.hint(topic(user_id), seq)
    return found


def _insert(shown: Sequence[Told], seqs: dict[int, int]) -> None:
    now_ms, rows = clock.now_ms(), {}
    for user_id, occasion, decision in shown:
        seq = seqs[user_id]
        seqs[user_id] += 1
        minutes = decision.letter_minutes
        due_ms = None if minutes is None else now_ms + minutes * 60_000
        urgency = "urgent" if decision.level == "urgent" else "normal"
        key = occasion.key[:KEY_CHARS]
        rows[user_id, key] = (
            new_id(), user_id, seq, occasion.facts.kind, key, *occasion.about, line(occasion.title, TITLE_CHARS),
            line(occasion.body, BODY_CHARS), urgency, 1, decision.is_pushed, now_ms, None, due_ms,
        )  # fmt: skip
    sql.insert_many(
        "INSERT INTO notifications_notification (id, user_id, seq, kind, key, about_room, about_id, about_in, title,"
        " body, urgency, times, is_pushed, created_at, read_at, letter_due_at)",
        list(rows.values()),
        tail="ON CONFLICT (user_id, key) DO UPDATE SET seq = excluded.seq, about_room = excluded.about_room,"
        " about_id = excluded.about_id, about_in = excluded.about_in, title = excluded.title, body = excluded.body,"
        " urgency = excluded.urgency, times = notifications_notification.times + 1, is_pushed = excluded.is_pushed,"
        " created_at = excluded.created_at, read_at = NULL, letter_due_at = excluded.letter_due_at",
    )


def line(text: str, chars: int) -> str:
    """Made safe to be shown by a system that is not ours: no controls, nothing that turns its direction, not long."""
    plain = " ".join(without_controls(text).translate(_TURNING).split())
    return plain if len(plain) <= chars else plain[: chars - 1] + "…"


_TURNING = dict.fromkeys((0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF))


def _headline(occasion: Occasion) -> str:
    return f"{occasion.title}: {occasion.body}" if occasion.body else occasion.title


def _note(told: Sequence[Told]) -> None:
    sql.insert_many(
        "INSERT INTO notifications_decision"
        " (id, user_id, kind, about_room, about_id, title, level, is_pushed, reasons)",
        [
            (
                new_id(), user_id, occasion.facts.kind, occasion.about.room, occasion.about.id,
                line(_headline(occasion), HEADLINE_CHARS), decision.level.value, decision.is_pushed,
                orjson.dumps([{"code": one.code, "text": one.text} for one in decision.reasons]).decode(),
            )
            for user_id, occasion, decision in told
        ],
    )  # fmt: skip


# --- devices --------------------------------------------------------------------------------------

LIVE_ENDPOINTS = (
    "SELECT e.id, e.user_id FROM notifications_endpoint e JOIN identity_session s ON s.id = e.session_id"
    " JOIN identity_user u ON u.id = e.user_id WHERE s.revoked_at IS NULL AND s.expires_at > %s AND u.is_active"
)


def endpoints_of(user_ids: Iterable[int]) -> dict[int, list[int]]:
    """The devices of people whose sessions are alive."""
    found: dict[int, list[int]] = {}
    for chunk in sql.chunks(user_ids):
        for endpoint_id, user_id in sql.rows(
            f"{LIVE_ENDPOINTS} AND e.user_id IN ({sql.marks(chunk)}) ORDER BY e.id", [clock.now_ms(), *chunk]
        ):
            found.setdefault(user_id, []).append(endpoint_id)
    return found


def _push(told: Sequence[Told]) -> None:
    devices = endpoints_of({one.user_id for one in told})
    for user_id, occasion, _ in told:
        for endpoint_id in devices.get(user_id, []):
            jobs.enqueue(PUSH, endpoint_id=endpoint_id, user_id=user_id, tag=occasion.key[:KEY_CHARS])


# --- taking back ----------------------------------------------------------------------------------


def standing_about(room: str, ids: Collection[str]) -> list[Standing]:
    """The unread notifications, of anybody, that are of these."""
    return [
        Standing(*row)
        for chunk in sql.chunks(ids)
        for row in sql.rows(
            "SELECT id, user_id, key, is_pushed FROM notifications_notification"
            f" WHERE about_id IN ({sql.marks(chunk)}) AND about_room = %s AND read_at IS NULL ORDER BY user_id, id",
            [*chunk, room],
        )
    ]


def standing_of(room: str, ids: Collection[str]) -> list[str]:
    """Those of them that somebody has an unread notification of."""
    return [
        row[0]
        for chunk in sql.chunks(ids)
        for row in sql.rows(
            "SELECT DISTINCT about_id FROM notifications_notification"
            f" WHERE about_id IN ({sql.marks(chunk)}) AND about_room = %s AND read_at IS NULL",
            [*chunk, room],
        )
    ]


def standing_under(key: str, user_id: int) -> list[Standing]:
    """What somebody was told under a key, if it is unread."""
    return [
        Standing(*row)
        for row in sql.rows(
            "SELECT id, user_id, key, is_pushed FROM notifications_notification"
            " WHERE user_id = %s AND key = %s AND read_at IS NULL",
            [user_id, key],
        )
    ]


def take_back(standing: Sequence[Standing]) -> int:
    """Mark them read, and take them off every device; call inside an action. Gives how many were unread."""
    done = 0
    by_person: dict[int, list[Standing]] = {}
    for one in standing:
        by_person.setdefault(one.user_id, []).append(one)
    if not by_person:
        return 0
    seqs = next_seqs(dict.fromkeys(by_person, 1))
    for user_id, rows in sorted(by_person.items()):
        for chunk in sql.chunks([one.id for one in rows]):
            done += sql.run(
                "UPDATE notifications_notification SET read_at = %s, seq = %s, letter_due_at = NULL"
                f" WHERE user_id = %s AND read_at IS NULL AND id IN ({sql.marks(chunk)})",
                [clock.now_ms(), seqs[user_id], user_id, *chunk],
            )
    forget_on_devices([one for one in standing if one.is_pushed])
    return done


def forget_on_devices(standing: Sequence[Standing]) -> None:
    """Call inside an action."""
    tags: dict[int, list[str]] = {}
    for one in standing:
        tags.setdefault(one.user_id, []).append(one.key)
    for user_id, endpoint_ids in endpoints_of(tags).items():
        for chunk in sql.chunks(tags[user_id], TAGS_AT_ONCE):
            for endpoint_id in endpoint_ids:
                jobs.enqueue(TAKE_BACK, endpoint_id=endpoint_id, user_id=user_id, tags=chunk)
