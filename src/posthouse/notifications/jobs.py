"""What goes by the clock: old notifications, old decisions, devices whose sessions are over."""

from __future__ import annotations

from posthouse.base import clock, db, sql
from posthouse.base.ids import first_at
from posthouse.base.jobs import handler
from posthouse.notifications import actions

DAY_MS = 86_400_000
DECISION_DAYS = 14
MOST_DECISIONS = 500
READ_DAYS, UNREAD_DAYS = 30, 90
MOST_NOTIFICATIONS = 2_000
BATCH = 500
PEOPLE = 200


@handler("notifications.sweep", every_seconds=3_600)
def sweep() -> None:
    """In small transactions."""
    now_ms = clock.now_ms()
    while _delete_decisions("id < %s", [first_at(now_ms - DECISION_DAYS * DAY_MS)]):
        continue
    _sweep_crowded()
    while _delete_notifications(
        "(read_at IS NOT NULL AND created_at < %s) OR created_at < %s",
        [now_ms - READ_DAYS * DAY_MS, now_ms - UNREAD_DAYS * DAY_MS],
    ):
        continue
    _delete_devices(now_ms)


def _sweep_crowded() -> None:
    """Of those who have more than anybody looks at, the oldest go."""
    for user_id, place in _beyond("notifications_decision", "id", MOST_DECISIONS):
        while _delete_decisions("user_id = %s AND id <= %s", [user_id, place]):
            continue
    for user_id, place in _beyond("notifications_notification", "seq", MOST_NOTIFICATIONS):
        while _delete_notifications("user_id = %s AND seq <= %s", [user_id, place]):
            continue


def _beyond(table: str, column: str, most: int) -> list[tuple[int, int]]:
    """People with more rows than so many, and the newest place that is too many."""
    crowded = sql.rows(
        f"SELECT user_id FROM {table} GROUP BY user_id HAVING count(*) > %s LIMIT %s", [most, PEOPLE]
    )
    found = []
    for (user_id,) in crowded:
        row = sql.row(
            f"SELECT {column} FROM {table} WHERE user_id = %s ORDER BY {column} DESC LIMIT 1 OFFSET %s",
            [user_id, most],
        )
        if row is not None:
            found.append((user_id, int(row[0])))
    return found


@db.action
def _delete_decisions(which: str, values: list[int]) -> int:
    ids = [
        row[0]
        for row in sql.rows(f"SELECT id FROM notifications_decision WHERE {which} LIMIT %s", [*values, BATCH])
    ]
    return sql.run(f"DELETE FROM notifications_decision WHERE id IN ({sql.marks(ids)})", ids)


@db.action
def _delete_notifications(which: str, values: list[int]) -> int:
    rows = sql.rows(
        f"SELECT id, user_id FROM notifications_notification WHERE {which} LIMIT %s", [*values, BATCH]
    )
    for user_id in sorted({row[1] for row in rows}):
        actions.note_gone(user_id)
    return sql.run(
        f"DELETE FROM notifications_notification WHERE id IN ({sql.marks(rows)})", [row[0] for row in rows]
    )


@db.action
def _delete_devices(now_ms: int) -> None:
    sql.run(
        "DELETE FROM notifications_endpoint WHERE session_id IN (SELECT id FROM identity_session"
        " WHERE revoked_at IS NOT NULL OR expires_at <= %s)",
        [now_ms],
    )
