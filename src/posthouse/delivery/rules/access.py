"""The only way to a rule or a run by id: who may write to the account may change its rules."""

from __future__ import annotations

from posthouse.base.errors import Missing
from posthouse.filters import queries
from posthouse.filters.queries import Owned
from posthouse.identity.actor import Actor
from posthouse.mail import access
from posthouse.mail.access import Right


def rule_for(actor: Actor, rule_id: int, *, need: Right = Right.WRITE) -> Owned:
    return _checked(actor, queries.owner_of_rule(rule_id), need)


def run_for(actor: Actor, run_id: int, *, need: Right = Right.WRITE) -> Owned:
    return _checked(actor, queries.owner_of_run(run_id), need)


def _checked(actor: Actor, found: Owned | None, need: Right) -> Owned:
    """Account 0 is nobody's: who may not use mail at all is told so, whether the rule is there or not."""
    access.account_id_for(actor, 0 if found is None else found.account_id, need=need)
    if found is None:
        raise Missing()
    return found
