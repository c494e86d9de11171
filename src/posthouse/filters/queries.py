"""Reads of rules and runs. Whose they are is asked by the room above (delivery/rules/access.py)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from posthouse.base import sql
from posthouse.base.clock import iso
from posthouse.filters import language
from posthouse.filters.engine import Rule
from posthouse.filters.language import Action, Condition, Content
from posthouse.filters.models import Run

Row = dict[str, Any]

_WHOLE = "NOT EXISTS (SELECT 1 FROM filters_target t WHERE t.rule_id = r.id AND t.mailbox_id IS NULL)"


def accounts_with_rules() -> frozenset[int]:
    return frozenset(
        row[0] for row in sql.rows("SELECT DISTINCT account_id FROM filters_rule WHERE is_enabled")
    )


def rules_in_force(account_ids: Collection[int]) -> dict[int, tuple[Rule, ...]]:
    """By account, in their order; those that are off or name a mailbox that is gone are left out."""
    found: dict[int, list[Rule]] = {}
    for chunk in sql.chunks(account_ids):
        for rule_id, account_id, content in sql.rows(
            "SELECT r.id, r.account_id, r.content FROM filters_rule r"
            f" WHERE r.account_id IN ({sql.marks(chunk)}) AND r.is_enabled AND {_WHOLE}"
            " ORDER BY r.account_id, r.position, r.id",
            chunk,
        ):
            found.setdefault(account_id, []).append(Rule(id=rule_id, content=language.load(content)))
    return {account_id: tuple(rules) for account_id, rules in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """Whose a rule or a run is."""

    id: int
    account_id: int


def owner_of_rule(rule_id: int) -> Owned | None:
    found = sql.row("SELECT id, account_id FROM filters_rule WHERE id = %s", [rule_id])
    return None if found is None else Owned(id=found[0], account_id=found[1])


def owner_of_run(run_id: int) -> Owned | None:
    found = sql.row("SELECT id, account_id FROM filters_run WHERE id = %s", [run_id])
    return None if found is None else Owned(id=found[0], account_id=found[1])


def content_of(rule_id: int) -> Content | None:
    found = sql.row("SELECT content FROM filters_rule WHERE id = %s", [rule_id])
    return None if found is None else language.load(found[0])


def is_broken(rule_id: int) -> bool:
    """Whether it names a mailbox that is gone."""
    found = sql.row("SELECT 1 FROM filters_target WHERE rule_id = %s AND mailbox_id IS NULL", [rule_id])
    return found is not None


def names_of_rules_with(*, forward_id: int = 0, template_id: int = 0) -> list[str]:
    """The rules that forward so or answer with it, whosever they are."""
    field, id_ = ("forward_id", forward_id) if forward_id else ("template_id", template_id)
    found = sql.rows(
        "SELECT name, content FROM filters_rule WHERE content LIKE %s ORDER BY id", [f'%"{field}":{id_}%']
    )
    return [
        name
        for name, text in found
        if forward_id in (content := language.load(text)).forward_ids or template_id in content.template_ids
    ]


def name_of(rule_id: int) -> str | None:
    found = sql.row("SELECT name FROM filters_rule WHERE id = %s", [rule_id])
    return None if found is None else str(found[0])


def rules_json(account_id: int) -> list[Row]:
    return _json(sql.rows(f"{_COLUMNS} WHERE r.account_id = %s ORDER BY r.position, r.id", [account_id]))


def rule_json(rule_id: int) -> Row | None:
    found = _json(sql.rows(f"{_COLUMNS} WHERE r.id = %s", [rule_id]))
    return found[0] if found else None


_COLUMNS = f"SELECT r.id, r.account_id, r.name, r.position, r.is_enabled, r.content, NOT {_WHOLE} FROM filters_rule r"


def _json(rows: list[tuple[Any, ...]]) -> list[Row]:
    runs = _last_runs([row[0] for row in rows])
    found = []
    for rule_id, account_id, name, position, is_enabled, text, is_broken_ in rows:
        content = language.load(text)
        found.append(
            {
                "id": str(rule_id),
                "account_id": str(account_id),
                "name": name,
                "position": position,
                "is_enabled": bool(is_enabled),
                "is_broken": bool(is_broken_),
                "match": "any" if content.is_any else "all",
                "conditions": [_condition_json(condition) for condition in content.conditions],
                "actions": [_action_json(action) for action in content.actions],
                "last_run": runs.get(rule_id),
            }
        )
    return found


def _condition_json(condition: Condition) -> Row:
    return {
        "field": condition.field.value,
        "op": condition.op.value,
        "value": condition.value,
        "header": condition.header,
        "size_bytes": condition.size_bytes,
        "score": condition.score,
        "is_negated": condition.is_negated,
    }


def _action_json(action: Action) -> Row:
    named = {name: getattr(action, name) for name in ("mailbox_id", "forward_id", "template_id")}
    return {
        "do": action.kind.value,
        **{name: None if id_ is None else str(id_) for name, id_ in named.items()},
    }


# --- runs ---------------------------------------------------------------------------------------

_RUN = "SELECT id, rule_id, state, total, looked_at, changed, put_back, created_at FROM filters_run"


def run_json(run_id: int) -> Row | None:
    found = sql.row(f"{_RUN} WHERE id = %s", [run_id])
    return None if found is None else _run_json(found)


def _last_runs(rule_ids: list[int]) -> dict[int, Row]:
    """The newest of each rule."""
    found: dict[int, Row] = {}
    for chunk in sql.chunks(rule_ids):
        newest = f"SELECT max(id) FROM filters_run WHERE rule_id IN ({sql.marks(chunk)}) GROUP BY rule_id"
        found.update((row[1], _run_json(row)) for row in sql.rows(f"{_RUN} WHERE id IN ({newest})", chunk))
    return found


def _run_json(row: tuple[Any, ...]) -> Row:
    run_id, rule_id, state, total, looked_at, changed, put_back, created_at = row
    return {
        "id": str(run_id),
        "rule_id": None if rule_id is None else str(rule_id),
        "state": state,
        "total": total,
        "looked_at": looked_at,
        "changed": changed,
        "put_back": put_back,
        "can_undo": state == Run.State.DONE and changed > 0,
        "created_at": iso(created_at),
    }
