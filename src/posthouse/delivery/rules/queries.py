"""Reads of rules by those who may read the account."""

from __future__ import annotations

from typing import Any

from posthouse.base.errors import Missing
from posthouse.delivery.rules import access
from posthouse.filters import queries
from posthouse.filters.language import Content
from posthouse.identity.actor import Actor
from posthouse.mail import access as mail_access
from posthouse.mail import refiling
from posthouse.mail.access import Right

Row = dict[str, Any]


def rules(actor: Actor, account_id: int | None) -> list[Row]:
    """An account's rules by position."""
    return queries.rules_json(mail_access.account_id_for(actor, account_id, need=Right.READ))


def rule(actor: Actor, rule_id: int) -> Row:
    access.rule_for(actor, rule_id, need=Right.READ)
    return _there(queries.rule_json(rule_id))


def content_and_account(actor: Actor, rule_id: int) -> tuple[Content, int]:
    owned = access.rule_for(actor, rule_id, need=Right.READ)
    content = queries.content_of(rule_id)
    if content is None:
        raise Missing()
    return content, owned.account_id


def run(actor: Actor, run_id: int) -> Row:
    access.run_for(actor, run_id, need=Right.READ)
    return _there(queries.run_json(run_id))


def _there(row: Row | None) -> Row:
    """Missing for what went between two looks."""
    if row is None:
        raise Missing()
    return row


def filing_of_email(email_id: int) -> Row | None:
    """The rule that put an e-mail where it is; its access was checked."""
    rule_id = refiling.filed_by(email_id)
    return None if rule_id is None else {"rule_id": str(rule_id), "name": queries.name_of(rule_id)}
