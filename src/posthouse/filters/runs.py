"""Runs of rules over old mail: begun, moved on, ended, undone. What they do to mail, the room above knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posthouse.base import db, sql
from posthouse.base.errors import Conflict, Missing
from posthouse.base.ids import new_id
from posthouse.filters import language
from posthouse.filters.language import Content
from posthouse.filters.models import Run
from posthouse.filters.queries import Owned

FORGET_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """A run under way and the place that was looked at last. `rule_id` is None once the rule is deleted."""

    id: int
    account_id: int
    rule_id: int | None
    content: Content
    mailbox_id: int
    uid: int


def begin(rule: Owned, *, total: int) -> int:
    """Raises Conflict (rule_at_work): one at a time in an account. Call inside an action."""
    busy = "SELECT 1 FROM filters_run WHERE account_id = %s AND state IN ('running', 'undoing')"
    if sql.row(busy, [rule.account_id]):
        raise Conflict("rule_at_work", "A rule is being applied to this account's mail already.")
    found = sql.row("SELECT content FROM filters_rule WHERE id = %s", [rule.id])
    if found is None:
        raise Missing()
    return Run.objects.create(account_id=rule.account_id, rule_id=rule.id, content=found[0], total=total).id


def begin_undoing(run_id: int) -> None:
    """Raises Conflict. Call inside an action."""
    changed = sql.run(
        "UPDATE filters_run SET state = 'undoing' WHERE id = %s AND state = 'done' AND changed > 0", [run_id]
    )
    if not changed:
        found = sql.row("SELECT state FROM filters_run WHERE id = %s", [run_id])
        if found is not None and found[0] in ("running", "undoing"):
            raise Conflict("rule_at_work", "The rule is still being applied.")
        raise Conflict("nothing_to_undo", "Nothing was changed, or it was put back.")


def going(run_id: int, state: str) -> Going | None:
    found = sql.row(
        "SELECT id, account_id, rule_id, content, mailbox_id, uid FROM filters_run"
        " WHERE id = %s AND state = %s",
        [run_id, state],
    )
    if found is None:
        return None
    run, account_id, rule_id, content, mailbox_id, uid = found
    return Going(
        id=run,
        account_id=account_id,
        rule_id=rule_id,
        content=language.load(content),
        mailbox_id=mailbox_id,
        uid=uid,
    )


def advance(run: Going, *, mailbox_id: int, uid: int, looked_at: int) -> bool:
    """Move a run's place by compare-and-set; False when somebody else did, or it has ended."""
    changed = sql.run(
        "UPDATE filters_run SET mailbox_id = %s, uid = %s, looked_at = looked_at + %s"
        " WHERE id = %s AND state = 'running' AND mailbox_id = %s AND uid = %s",
        [mailbox_id, uid, looked_at, run.id, run.mailbox_id, run.uid],
    )
    return bool(changed)


def note_changes(run_id: int, undos: Sequence[str]) -> None:
    sql.insert_many(
        "INSERT INTO filters_change (id, run_id, undo)", [(new_id(), run_id, undo) for undo in undos]
    )
    sql.run("UPDATE filters_run SET changed = changed + %s WHERE id = %s", [len(undos), run_id])


def take_changes(run_id: int, *, limit: int) -> list[str]:
    """The last changes that are not undone yet; they are gone with it."""
    rows = sql.rows(
        "SELECT id, undo FROM filters_change WHERE run_id = %s ORDER BY id DESC LIMIT %s", [run_id, limit]
    )
    ids = [row[0] for row in rows]
    sql.run(f"DELETE FROM filters_change WHERE id IN ({sql.marks(ids)})", ids)
    return [row[1] for row in rows]


def note_put_back(run_id: int, count: int) -> None:
    sql.run("UPDATE filters_run SET put_back = put_back + %s WHERE id = %s", [count, run_id])


def end(run_id: int, *, before: str, after: str) -> None:
    sql.run("UPDATE filters_run SET state = %s WHERE id = %s AND state = %s", [after, run_id, before])


@db.action
def forget(*, before_ms: int) -> bool:
    """Some of the runs that were begun before a moment and have ended, with what would undo them."""
    old = "SELECT id FROM filters_run WHERE created_at < %s AND state IN ('done', 'undone')"
    changes = f"SELECT id FROM filters_change WHERE run_id IN ({old}) LIMIT %s"
    if sql.run(f"DELETE FROM filters_change WHERE id IN ({changes})", [before_ms, FORGET_BATCH]):
        return True
    runs = f"{old} LIMIT %s"
    return bool(sql.run(f"DELETE FROM filters_run WHERE id IN ({runs})", [before_ms, FORGET_BATCH]))
