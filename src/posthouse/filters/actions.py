"""Writing rules. Call inside an action that has asked who it is and left a line (delivery/rules/actions.py)."""

from __future__ import annotations

from dataclasses import dataclass

from posthouse.base import sql
from posthouse.base.errors import Conflict
from posthouse.filters import kept, language
from posthouse.filters.language import Action, Condition, Content
from posthouse.filters.models import Rule, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be different; None stays as it is. Positions count from 1."""

    name: str | None = None
    is_enabled: bool | None = None
    is_any: bool | None = None
    conditions: tuple[Condition, ...] | None = None
    actions: tuple[Action, ...] | None = None
    position: int | None = None

    def on(self, before: Content) -> Content:
        return Content(
            is_any=before.is_any if self.is_any is None else self.is_any,
            conditions=before.conditions if self.conditions is None else self.conditions,
            actions=before.actions if self.actions is None else self.actions,
        )


def add(account_id: int, *, name: str, content: Content, is_enabled: bool, position: int | None) -> int:
    """Put a rule last, or at a position. Raises Invalid, Conflict (too_many_rules)."""
    language.check_whole(content)
    last = Rule.objects.filter(account_id=account_id).count()
    if last >= language.MAX_RULES:
        raise Conflict("too_many_rules", f"An account has {language.MAX_RULES} rules at most.")
    rule = Rule.objects.create(
        account_id=account_id,
        name=name,
        is_enabled=is_enabled,
        position=last + 1,
        content=language.dump(content),
    )
    _write_targets(rule.id, content)
    if position is not None:
        _move(account_id, rule.id, position)
    kept.forget_after_commit()
    return rule.id


def change(account_id: int, rule_id: int, changed: Change) -> list[str]:
    """Gives the names of what was given. Raises Invalid."""
    given: dict[str, object] = {}
    if changed.name is not None:
        given["name"] = changed.name
    if changed.is_enabled is not None:
        given["is_enabled"] = changed.is_enabled
    text = Rule.objects.values_list("content", flat=True).get(id=rule_id)
    content = changed.on(language.load(text))
    if language.dump(content) != text:
        language.check_whole(content)
        given["content"] = language.dump(content)
        Target.objects.filter(rule_id=rule_id).delete()
        _write_targets(rule_id, content)
    if given:
        Rule.objects.filter(id=rule_id).update(**given)
    if changed.position is not None:
        _move(account_id, rule_id, changed.position)
        given["position"] = changed.position
    kept.forget_after_commit()
    return sorted(given)


def remove(account_id: int, rule_id: int) -> None:
    """What it did to mail stays, and can still be undone by its run."""
    Rule.objects.filter(id=rule_id).delete()
    _number(_order(account_id))
    kept.forget_after_commit()


def _write_targets(rule_id: int, content: Content) -> None:
    Target.objects.bulk_create(
        [Target(rule_id=rule_id, mailbox_id=mailbox_id) for mailbox_id in content.mailbox_ids]
    )


def _order(account_id: int) -> list[int]:
    return [
        row[0]
        for row in sql.rows(
            "SELECT id FROM filters_rule WHERE account_id = %s ORDER BY position, id", [account_id]
        )
    ]


def _move(account_id: int, rule_id: int, position: int) -> None:
    """To a position; the others keep their order. One behind the last is last."""
    order = [other for other in _order(account_id) if other != rule_id]
    order.insert(max(0, position - 1), rule_id)
    _number(order)


def _number(order: list[int]) -> None:
    sql.run_many(
        "UPDATE filters_rule SET position = %s WHERE id = %s",
        [(position, rule_id) for position, rule_id in enumerate(order, 1)],
    )
