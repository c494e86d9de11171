"""When an account starts to send like a stolen one, its mail is held until somebody has looked.

What counts is what a person does all of a sudden: many recipients they never wrote to, after a log-in at a new place
fewer; many mails that come back; complaints. Nothing is lost: what waits stays in the queue, what is sent meanwhile
joins it, and the person (with a fresh proof of who they are) or an administrator lets it go or discards it.

Invariants
- One open stop a person. Mail that it holds has `hold` = "stop" and no time at which it is due.
- Whoever stops, lets go or discards does so with its audit line in one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.audit.who import By
from posthouse.base import clock, db, sql
from posthouse.base.clock import iso
from posthouse.base.errors import Conflict, Missing
from posthouse.base.ids import new_id
from posthouse.delivery import stamps
from posthouse.delivery.limits import counting, sending_limits
from posthouse.delivery.limits.counting import PERSON
from posthouse.delivery.limits.suspicion import LEAST_FAILURES, SUDDEN_NEW_AT_NEW_PLACE, Sums, reason_to_stop
from posthouse.identity import devices, letters, step_up
from posthouse.identity import queries as people
from posthouse.identity.actor import Actor

HELD_BY_STOP = "stop"
DAY_MS = 24 * 3600_000
HOURS = 2
"""Counts are by the hour, so what is sudden is looked for in the one that runs and the one before."""
_LETTER = """\
Mail is being sent from the account of {whose} as a thief would send it, so it is held.

Nothing is lost. Under Settings, Security (the person) or Organisation, Delivery (administrators) it can be let go
or discarded. Whoever has not sent it should discard it, choose another password, and end the sessions and mail programs
they do not know, on the same page.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sends, and where they are at home."""

    user_id: int
    organisation_id: int


def is_stopped(user_id: int) -> bool:
    return (
        sql.row("SELECT 1 FROM delivery_sendingstop WHERE user_id = %s AND ended_at IS NULL", [user_id])
        is not None
    )


def look(sender: Sender) -> bool:
    """Whether a person's mail is held, which begins here when it has to. Call inside an action, after counting."""
    if is_stopped(sender.user_id):
        return True
    if not sending_limits.of(sender.organisation_id).is_watched:
        return False
    hour, day = _since_last_decision(sender.user_id)
    if (
        hour.new_recipients <= SUDDEN_NEW_AT_NEW_PLACE
        and day.failures < LEAST_FAILURES
        and not day.complaints
    ):
        return False
    reason = reason_to_stop(
        hour,
        day,
        busiest_day=counting.busiest_day(sender.user_id),
        is_at_new_place=devices.has_new_place(sender.user_id, since_ms=clock.now_ms() - DAY_MS),
    )
    if reason is None:
        return False
    _stop(sender, reason, hour, day)
    return True


def _sums(user_id: int) -> tuple[Sums, Sums]:
    return counting.sums(PERSON, user_id, hours=HOURS), counting.sums(
        PERSON, user_id, hours=counting.DAY_HOURS
    )


def _since_last_decision(user_id: int) -> tuple[Sums, Sums]:
    """What was sent lately but for what somebody has decided about."""
    hour, day = _sums(user_id)
    found = sql.row(
        "SELECT seen_new_recipients, seen_failures, seen_complaints, ended_at FROM delivery_sendingstop"
        " WHERE user_id = %s AND ended_at > %s ORDER BY ended_at DESC LIMIT 1",
        [user_id, clock.now_ms() - DAY_MS],
    )
    if found is None:
        return hour, day
    new_recipients, failures, complaints, ended_at = found
    if ended_at > clock.now_ms() - HOURS * counting.HOUR_MS:
        hour = hour._replace(new_recipients=max(0, hour.new_recipients - new_recipients))
    return hour, day._replace(
        failures=max(0, day.failures - failures), complaints=max(0, day.complaints - complaints)
    )


def note_trouble(submission_id: int, *, failures: int = 0, complaints: int = 0) -> None:
    """Count mails that came back or were complained of against who sent them. Call inside an action."""
    found = sql.row(
        "SELECT s.user_id, a.organisation_id FROM delivery_submission s JOIN mail_account a ON a.id = s.account_id"
        " WHERE s.id = %s AND s.user_id IS NOT NULL",
        [submission_id],
    )
    if found is not None:
        sender = Sender(user_id=found[0], organisation_id=found[1])
        counting.add(PERSON, sender.user_id, Sums(failures=failures, complaints=complaints))
        look(sender)


def hold_if_stopped(submission_id: int) -> None:
    """For a mail whose try was under way when its sender was stopped. Call inside an action."""
    found = sql.row(
        "SELECT user_id FROM delivery_submission WHERE id = %s AND user_id IS NOT NULL", [submission_id]
    )
    if found is not None and is_stopped(found[0]):
        _hold(found[0], clock.now_ms())


def _stop(sender: Sender, reason: str, hour: Sums, day: Sums) -> None:
    stop_id, now_ms = new_id(), clock.now_ms()
    sql.run(
        "INSERT INTO delivery_sendingstop (id, user_id, organisation_id, reason, new_recipients, failures, complaints,"
        " created_at, outcome, ended_by, seen_new_recipients, seen_failures, seen_complaints)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, '', 0, 0, 0, 0)",
        [stop_id, sender.user_id, sender.organisation_id, reason, hour.new_recipients, day.failures, day.complaints,
         now_ms],
    )  # fmt: skip
    _hold(sender.user_id, now_ms)
    facts: dict[str, Fact] = {
        "reason": reason,
        "new_recipients": hour.new_recipients,
        "failures": day.failures,
    }
    record(
        By(organisation_id=sender.organisation_id, via="job"),
        Act.SENDING_STOPPED,
        kind="sending_stop",
        object_id=stop_id,
        subject=sender.user_id,
        facts=facts,
    )
    _tell(sender)


def _hold(user_id: int, now_ms: int) -> None:
    """What waits, whether for its first try, another one or the end of undo."""
    ids = [
        row[0]
        for row in sql.rows(
            "SELECT DISTINCT s.id FROM delivery_submission s JOIN delivery_recipient r ON r.submission_id = s.id"
            " WHERE s.user_id = %s AND s.state IN ('held', 'active') AND r.due_at IS NOT NULL AND r.state <> 'sending'",
            [user_id],
        )
    ]
    for chunk in sql.chunks(ids):
        sql.run(
            "UPDATE delivery_recipient SET state = 'held', due_at = NULL, hold = 'stop', updated_at = %s"
            f" WHERE submission_id IN ({sql.marks(chunk)}) AND state IN ('held', 'queued', 'retrying')"
            " AND due_at IS NOT NULL",
            [now_ms, *chunk],
        )
        sql.run(f"UPDATE delivery_submission SET hold_until = NULL WHERE id IN ({sql.marks(chunk)})", chunk)
    stamps.stamp(*ids)


def _tell(sender: Sender) -> None:
    """The person, and those who look after the organisation."""
    own = people.caretakers(sender.organisation_id, sender.user_id)
    for email in dict.fromkeys([*own, *people.caretakers(sender.organisation_id, None)]):
        letters.write(
            email,
            subject="Sending was stopped",
            text=_LETTER.format(whose=", ".join(own)),
            organisation_id=sender.organisation_id,
        )


@db.action
def release(actor: Actor, stop_id: int) -> int:
    """Let held mail go; gives how many recipients. Asks for a fresh proof.

    Raises Missing, Denied (step_up_required), Conflict (stop_ended).
    """
    user_id = _end(actor, stop_id, "released")
    now_ms = clock.now_ms()
    ids = _held(user_id)
    count = 0
    for chunk in sql.chunks(ids):
        count += sql.run(
            "UPDATE delivery_recipient SET state = 'queued', due_at = %s, hold = '', updated_at = %s"
            f" WHERE submission_id IN ({sql.marks(chunk)}) AND hold = 'stop' AND state = 'held'",
            [now_ms, now_ms, *chunk],
        )
        sql.run(
            f"UPDATE delivery_submission SET state = 'active' WHERE state = 'held' AND id IN ({sql.marks(chunk)})",
            chunk,
        )
    stamps.stamp(*ids)
    db.hint("outbox")
    _record(actor, Act.SENDING_RELEASED, stop_id, user_id, count)
    return count


@db.action
def discard(actor: Actor, stop_id: int) -> int:
    """Send nothing of what is held; gives how many recipients. As `release`."""
    user_id = _end(actor, stop_id, "discarded")
    now_ms = clock.now_ms()
    ids = _held(user_id)
    count = 0
    for chunk in sql.chunks(ids):
        count += sql.run(
            "UPDATE delivery_recipient SET state = 'cancelled', hold = '', updated_at = %s"
            f" WHERE submission_id IN ({sql.marks(chunk)}) AND hold = 'stop' AND state = 'held'",
            [now_ms, *chunk],
        )
        sql.run(
            "UPDATE delivery_submission SET state = CASE WHEN state = 'held' THEN 'cancelled' ELSE 'done' END"
            f" WHERE state IN ('held', 'active') AND id IN ({sql.marks(chunk)}) AND NOT EXISTS (SELECT 1 FROM"
            " delivery_recipient r WHERE r.submission_id = delivery_submission.id"
            " AND r.state IN ('held', 'queued', 'retrying', 'sending'))",
            chunk,
        )
    stamps.stamp(*ids)
    _record(actor, Act.SENDING_DISCARDED, stop_id, user_id, count)
    return count


def _held(user_id: int) -> list[int]:
    return [
        row[0]
        for row in sql.rows(
            "SELECT DISTINCT s.id FROM delivery_submission s JOIN delivery_recipient r ON r.submission_id = s.id"
            " WHERE s.user_id = %s AND s.state IN ('held', 'active') AND r.hold = 'stop' ORDER BY s.id",
            [user_id],
        )
    ]


def _end(actor: Actor, stop_id: int, outcome: str) -> int:
    _check_may_decide(actor)
    found = sql.row("SELECT user_id, organisation_id FROM delivery_sendingstop WHERE id = %s", [stop_id])
    if found is None or found[1] != actor.organisation_id:
        raise Missing()
    user_id = int(found[0])
    if user_id != actor.user_id and not actor.may("users.manage"):
        raise Missing()
    if user_id == actor.user_id:
        step_up.require(actor)
    else:
        step_up.require_of_session(actor)
    hour, day = _sums(user_id)
    if not sql.run(
        "UPDATE delivery_sendingstop SET ended_at = %s, outcome = %s, ended_by = %s, seen_new_recipients = %s,"
        " seen_failures = %s, seen_complaints = %s WHERE id = %s AND ended_at IS NULL",
        [clock.now_ms(), outcome, actor.user_id, hour.new_recipients, day.failures, day.complaints, stop_id],
    ):
        raise Conflict("stop_ended", "This was decided already.")
    return user_id


def _check_may_decide(actor: Actor) -> None:
    if not actor.may("users.manage"):
        actor.require("mail.send")


def _record(actor: Actor, act: Act, stop_id: int, user_id: int, count: int) -> None:
    record(actor, act, kind="sending_stop", object_id=stop_id, subject=user_id, facts={"recipients": count})


def listed(actor: Actor) -> list[dict[str, object]]:
    """One's own stops, or with `users.manage` those of the organisation: open ones first, then the newest."""
    _check_may_decide(actor)
    mine = "" if actor.may("users.manage") else " AND t.user_id = %s"
    values = [actor.organisation_id] if actor.may("users.manage") else [actor.organisation_id, actor.user_id]
    return [
        {
            "id": str(stop_id),
            "user_id": str(user_id),
            "email": email,
            "reason": reason,
            "new_recipients": new_recipients,
            "failures": failures,
            "complaints": complaints,
            "held": held,
            "created_at": iso(created_at),
            "ended_at": iso(ended_at) if ended_at else None,
            "outcome": outcome or None,
        }
        for stop_id, user_id, email, reason, new_recipients, failures, complaints, created_at, ended_at, outcome,
        held in sql.rows(
            "SELECT t.id, t.user_id, u.email, t.reason, t.new_recipients, t.failures, t.complaints, t.created_at,"
            " t.ended_at, t.outcome, CASE WHEN t.ended_at IS NULL THEN (SELECT count(*) FROM delivery_recipient r"
            " JOIN delivery_submission s ON s.id = r.submission_id WHERE s.user_id = t.user_id"
            " AND s.state IN ('held', 'active') AND r.hold = 'stop') ELSE 0 END"
            " FROM delivery_sendingstop t JOIN identity_user u ON u.id = t.user_id"
            f" WHERE t.organisation_id = %s{mine}"
            " ORDER BY CASE WHEN t.ended_at IS NULL THEN 0 ELSE 1 END, t.id DESC LIMIT 100",
            values,
        )
    ]  # fmt: skip
