"""Applying rules to old mail and undoing it: some hundred e-mails a transaction, so that nobody's mail is held up.

What was looked at is noted in the transaction that changes e-mails: a job that was killed goes on where it was.
"""

from __future__ import annotations

import msgspec

from posthouse.base import clock, db
from posthouse.base.jobs import enqueue, handler
from posthouse.delivery.rules import arriving, asking
from posthouse.delivery.rules.actions import APPLY, UNDO
from posthouse.filters import engine, runs
from posthouse.filters.engine import Decision
from posthouse.filters.runs import Going
from posthouse.mail import refiling, roles
from posthouse.mail.refiling import Refiled, Refiling, Step

STEP = 200
ROUND_SECONDS = 60.0
"""So long one job works, well before its lease ends; then another goes on."""
DAY_SECONDS = 86_400
KEEP_DAYS = 30

_changes = msgspec.json.Encoder()
_changed = msgspec.json.Decoder(Refiled)


@handler(APPLY)
def apply(run_id: int) -> None:
    ends = clock.steady() + ROUND_SECONDS
    while (run := runs.going(run_id, "running")) is not None:
        if clock.steady() > ends:
            _go_on(APPLY, run_id)
            return
        step = refiling.step(run.account_id, mailbox_id=run.mailbox_id, uid=run.uid, limit=STEP)
        if step is None:
            _end(run_id, "running", "done")
            return
        found = asking.fitting(run.account_id, run.content, step.email_ids)
        _apply(run, step, [one.row.id for one in found])


@db.action
def _apply(run: Going, step: Step, email_ids: list[int]) -> None:
    """Only if the run is still where it was: another worker may have done this."""
    if not runs.advance(run, mailbox_id=step.mailbox_id, uid=step.uid, looked_at=len(step.email_ids)):
        return
    decision = engine.outcome(run.content)
    out_of = tuple(roles.mailbox_of(run.account_id, role) for role in ("inbox", "archive"))
    wanted = [_wanted(run, decision, email_id, out_of) for email_id in email_ids]
    done = refiling.refile(run.account_id, wanted)
    runs.note_changes(run.id, [_changes.encode(one).decode() for one in done])


def _wanted(run: Going, decision: Decision, email_id: int, out_of: tuple[int, ...]) -> Refiling:
    """Filing takes out of Inbox and Archive and leaves labels; Trash takes out of everywhere."""
    to: tuple[int, ...] = decision.labels
    leaving: tuple[int, ...] = ()
    if decision.is_trash:
        to, leaving = (roles.mailbox_of(run.account_id, "trash"),), refiling.mailboxes_of(run.account_id)
    elif decision.mailbox_id is not None:
        to, leaving = (decision.mailbox_id, *decision.labels), out_of
    return Refiling(
        email_id=email_id,
        to=to,
        out_of=leaving,
        set_bits=arriving.bits_of(decision),
        filed_by=run.rule_id,
    )


@handler(UNDO)
def undo(run_id: int) -> None:
    """The last change first."""
    ends = clock.steady() + ROUND_SECONDS
    while (run := runs.going(run_id, "undoing")) is not None:
        if clock.steady() > ends:
            _go_on(UNDO, run_id)
            return
        if not _undo(run):
            _end(run_id, "undoing", "undone")
            return


@db.action
def _undo(run: Going) -> bool:
    taken = runs.take_changes(run.id, limit=STEP)
    if not taken:
        return False
    done = refiling.refile(run.account_id, [_changed.decode(text).undoing() for text in taken])
    runs.note_put_back(run.id, len(done))
    return True


@db.action
def _end(run_id: int, before: str, after: str) -> None:
    runs.end(run_id, before=before, after=after)


@db.action
def _go_on(kind: str, run_id: int) -> None:
    enqueue(kind, key=f"{kind}:{run_id}:{clock.now_ms()}", run_id=run_id)


@handler("rules.forget", every_seconds=DAY_SECONDS)
def forget() -> None:
    """What was changed a month ago is not undone any more."""
    before_ms = clock.now_ms() - KEEP_DAYS * DAY_SECONDS * 1000
    while runs.forget(before_ms=before_ms):
        continue
