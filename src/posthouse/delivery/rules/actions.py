"""What people do with rules."""

from __future__ import annotations

from collections.abc import Sequence

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import db
from posthouse.base.errors import Conflict, Missing
from posthouse.base.jobs import enqueue
from posthouse.delivery.rules import access, targets
from posthouse.filters import actions, queries, runs
from posthouse.filters.actions import Change
from posthouse.filters.language import Action, Content
from posthouse.identity.actor import Actor
from posthouse.mail import access as mail_access
from posthouse.mail import placing, refiling

APPLY, UNDO = "rules.apply", "rules.undo"


@db.action
def create_rule(
    actor: Actor,
    *,
    account_id: int | None,
    name: str,
    content: Content,
    is_enabled: bool,
    position: int | None,
) -> int:
    """Asks for step-up where it forwards. Raises Invalid (bad_rule), Missing (account, what it names), Conflict."""
    account = mail_access.account_for(actor, account_id)
    placing.hold(account.id)
    check_mailboxes(actor, account.id, content.actions)
    targets.check(actor, account.id, content)
    rule_id = actions.add(account.id, name=name, content=content, is_enabled=is_enabled, position=position)
    record(actor, Act.RULE_CREATED, kind="rule", object_id=rule_id)
    return rule_id


@db.action
def update_rule(actor: Actor, rule_id: int, change: Change) -> None:
    """Asks for step-up where it changes what is forwarded. Raises Invalid (bad_rule), Missing, Conflict."""
    rule = access.rule_for(actor, rule_id)
    placing.hold(rule.account_id)
    if change.actions is not None:
        check_mailboxes(actor, rule.account_id, change.actions)
    before = queries.content_of(rule_id)
    if before is not None and targets.is_touched(change):
        targets.check(actor, rule.account_id, change.on(before))
    fields = actions.change(rule.account_id, rule_id, change)
    if fields:
        record(actor, Act.RULE_CHANGED, kind="rule", object_id=rule_id, facts={"fields": fields})


@db.action
def delete_rule(actor: Actor, rule_id: int) -> None:
    rule = access.rule_for(actor, rule_id)
    placing.hold(rule.account_id)
    actions.remove(rule.account_id, rule_id)
    record(actor, Act.RULE_DELETED, kind="rule", object_id=rule_id)


def check_mailboxes(actor: Actor, account_id: int, wanted: Sequence[Action]) -> None:
    """A rule files within its account."""
    for mailbox_id in {action.mailbox_id for action in wanted if action.mailbox_id is not None}:
        if mail_access.mailbox_ref_for(actor, mailbox_id).account_id != account_id:
            raise Missing()


@db.action
def apply_rule(actor: Actor, rule_id: int) -> int:
    """Do what a rule says to the mail that is here already, in a job; gives the run.

    Raises Conflict (rule_broken, rule_at_work).
    """
    rule = access.rule_for(actor, rule_id)
    placing.hold(rule.account_id)
    if queries.is_broken(rule_id):
        raise Conflict("rule_broken", "The rule names a mailbox that is gone.")
    run_id = runs.begin(rule, total=refiling.count_of_old(rule.account_id))
    enqueue(APPLY, key=f"{APPLY}:{run_id}", run_id=run_id)
    record(actor, Act.RULE_APPLIED, kind="rule", object_id=rule_id, facts={"run": str(run_id)})
    return run_id


@db.action
def undo_run(actor: Actor, run_id: int) -> None:
    """Put back what a run changed, in a job. Raises Conflict (rule_at_work, nothing_to_undo)."""
    access.run_for(actor, run_id)
    runs.begin_undoing(run_id)
    enqueue(UNDO, key=f"{UNDO}:{run_id}", run_id=run_id)
    record(actor, Act.RULE_UNDONE, kind="rule", object_id="", facts={"run": str(run_id)})
