"""Which rules fit an e-mail, and what they want done with it: a pure function of the rules and of facts.

Rules are asked by position. Each that fits adds its labels and flags; the first that files or deletes says where the
e-mail lies; one that stops is the last. No pattern of a user is a regular expression that could go back and forth, and
the work for one e-mail is bounded: what texts are compared with is counted in characters, and behind `MAX_WORK` no
further rule is asked. The count depends on nothing but the rules and the e-mail, so the same are asked every time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from posthouse.filters.facts import Facts, normal
from posthouse.filters.language import Condition, Content, Field, Kind, Op

QUICK_CONDITIONS = 100
_SLOW = frozenset({Field.BODY, Field.ALONE})
MAX_WORK = 20_000_000
PATTERN_WEIGHT = 4
"""A character compared with a pattern costs as much as so many looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    id: int
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`mailbox_id` is where it lies instead of the inbox. `rule_id` is the rule that says so, or the first one.

    `answer` is a template, and the first rule that answers.
    """

    mailbox_id: int | None = None
    is_trash: bool = False
    labels: tuple[int, ...] = ()
    is_seen: bool = False
    is_flagged: bool = False
    forwards: tuple[int, ...] = ()
    answer: tuple[int, int] | None = None
    rule_id: int | None = None

    @property
    def is_filed(self) -> bool:
        return self.is_trash or self.mailbox_id is not None


NOTHING = Decision()


class _Spent(Exception):
    """The work allowed for one e-mail is done."""


@dataclass(slots=True)
class _Work:
    left: int = MAX_WORK

    def take(self, amount: int) -> None:
        self.left -= amount
        if self.left < 0:
            raise _Spent


def decide(rules: Sequence[Rule], facts: Facts) -> Decision:
    work, done = _Work(), NOTHING
    for rule in rules:
        try:
            if not _fits(rule.content, facts, work):
                continue
        except _Spent:
            break
        done = _added(done, rule)
        if any(action.kind is Kind.STOP for action in rule.content.actions):
            break
    return done


def reasons(content: Content, facts: Facts) -> tuple[int, ...] | None:
    """The conditions that are met, by their places; None when the rule does not fit."""
    work = _Work()
    try:
        met = [i for i, condition in enumerate(content.conditions) if _is_met(condition, facts, work)]
    except _Spent:
        return None
    is_fit = met if content.is_any else len(met) == len(content.conditions)
    return tuple(met) if is_fit else None


def _fits(content: Content, facts: Facts, work: _Work) -> bool:
    """The first condition that settles it is the last that is looked at."""
    for condition in content.conditions:
        if _is_met(condition, facts, work) == content.is_any:
            return content.is_any
    return not content.is_any


def outcome(content: Content) -> Decision:
    """What one rule wants by itself."""
    return _added(NOTHING, Rule(id=0, content=content))


def _added(before: Decision, rule: Rule) -> Decision:
    kinds = {action.kind for action in rule.content.actions}
    filed = next((a.mailbox_id for a in rule.content.actions if a.kind is Kind.FILE), None)
    labels = [a.mailbox_id for a in rule.content.actions if a.kind is Kind.LABEL and a.mailbox_id is not None]
    answer = next((a.template_id for a in rule.content.actions if a.template_id is not None), None)
    files = not before.is_filed and (filed is not None or Kind.TRASH in kinds)
    return Decision(
        mailbox_id=filed if files else before.mailbox_id,
        is_trash=Kind.TRASH in kinds if files else before.is_trash,
        labels=tuple(dict.fromkeys((*before.labels, *labels))),
        is_seen=before.is_seen or Kind.READ in kinds,
        is_flagged=before.is_flagged or Kind.STAR in kinds,
        forwards=tuple(dict.fromkeys((*before.forwards, *rule.content.forward_ids))),
        answer=before.answer or (None if answer is None else (answer, rule.id)),
        rule_id=rule.id if files or before.rule_id is None else before.rule_id,
    )


def asks_for_spam(content: Content) -> bool:
    """Whether a rule is meant for what the spam filter thinks ill of."""
    return any(
        one.field is Field.SCORE or (one.field is Field.SPAM and not one.is_negated)
        for one in content.conditions
    )


def is_quick(rules: Sequence[Rule]) -> bool:
    """Whether they may be asked where nothing must take long: few, and none reads more than the head of the e-mail."""
    conditions = [condition for rule in rules for condition in rule.content.conditions]
    return len(conditions) <= QUICK_CONDITIONS and all(c.field not in _SLOW for c in conditions)


# --- conditions ---------------------------------------------------------------------------------


def _is_met(condition: Condition, facts: Facts, work: _Work) -> bool:
    return _holds(condition, facts, work) != condition.is_negated


def _holds(condition: Condition, facts: Facts, work: _Work) -> bool:
    values_of = _VALUES.get(condition.field)
    if values_of is None:
        return _is_so(condition, facts, work)
    values, op = values_of(facts, condition), condition.op
    if op is Op.EXISTS:
        return bool(values)
    if op is Op.MATCHES:
        pattern = pattern_of(condition.value)
        for value in values:
            work.take(len(value) * pattern.width * PATTERN_WEIGHT + 1)
            if pattern.matches(value):
                return True
        return False
    compares, text = _COMPARES[op], normal_value(condition.value)
    for value in values:
        work.take(len(value) + 1)
        if compares(value, text):
            return True
    return False


_VALUES: dict[Field, Callable[[Facts, Condition], tuple[str, ...]]] = {
    Field.FROM: lambda facts, _: facts.sender,
    Field.TO: lambda facts, _: facts.to,
    Field.RECIPIENT: lambda facts, _: facts.recipients,
    Field.SUBJECT: lambda facts, _: facts.subject,
    Field.BODY: lambda facts, _: facts.text,
    Field.LIST: lambda facts, _: facts.list_id,
    Field.HEADER: lambda facts, condition: facts.header(condition.header),
}
_COMPARES: dict[Op, Callable[[str, str], bool]] = {
    Op.CONTAINS: str.__contains__,
    Op.STARTS: str.startswith,
    Op.ENDS: str.endswith,
    Op.IS: lambda value, text: value.strip() == text,
}


def _is_so(condition: Condition, facts: Facts, work: _Work) -> bool:
    """What is asked of no text."""
    work.take(1)
    if condition.field is Field.SIZE:
        size, edge = facts.size_bytes, condition.size_bytes
        return size > edge if condition.op is Op.OVER else size < edge
    if condition.field is Field.SCORE:
        score, edge_ = facts.spam_score, condition.score
        return score is not None and (score > edge_ if condition.op is Op.OVER else score < edge_)
    return _SIGNS[condition.field](facts)


_SIGNS: dict[Field, Callable[[Facts], bool]] = {
    Field.ATTACHMENT: lambda facts: facts.has_attachment,
    Field.ALONE: lambda facts: facts.is_alone,
    Field.SPAM: lambda facts: facts.is_junk,
}


@lru_cache(maxsize=4096)
def normal_value(text: str) -> str:
    return normal(text.strip())


@dataclass(frozen=True, slots=True)
class Pattern:
    """`*` stands for any text, `?` for one character.

    The pieces between stars are looked for from left to right, each once: the first place that fits is as good as any
    other, so nothing is ever tried again. `width` is how often a character is looked at, at most.
    """

    pieces: tuple[re.Pattern[str], ...]
    lengths: tuple[int, ...]
    width: int

    def matches(self, value: str) -> bool:
        if len(self.pieces) == 1:
            return self.pieces[0].fullmatch(value) is not None
        if sum(self.lengths) > len(value) or self.pieces[0].match(value) is None:
            return False
        end = len(value) - self.lengths[-1]
        if self.pieces[-1].match(value, end) is None:
            return False
        position = self.lengths[0]
        for piece in self.pieces[1:-1]:
            found = piece.search(value, position, end)
            if found is None:
                return False
            position = found.end()
        return True


@lru_cache(maxsize=4096)
def pattern_of(text: str) -> Pattern:
    pieces = re.sub(r"\*+", "*", normal_value(text)).split("*")
    compiled = tuple(
        re.compile("".join("." if c == "?" else re.escape(c) for c in piece), re.DOTALL) for piece in pieces
    )
    width = max(len(piece) if "?" in piece else 1 for piece in pieces)
    return Pattern(compiled, tuple(map(len, pieces)), width)
