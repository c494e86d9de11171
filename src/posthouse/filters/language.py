"""What a rule can say: conditions over an e-mail, and what is to be done with it.

Kept as JSON in the rule's row. A rule that would not be understood is refused when it is written, not when mail comes.
"""

from __future__ import annotations

import re
from enum import StrEnum

import msgspec

from posthouse.base.errors import Invalid

MAX_RULES = 200
MAX_CONDITIONS = 20
MAX_ACTIONS = 20
MAX_NAME = 200
MAX_VALUE = 200
MAX_SIZE_BYTES = 1 << 40
MAX_SCORE = 100.0
_HEADER = re.compile(r"[!-9;-~]{1,100}")


class Field(StrEnum):
    FROM = "from"
    TO = "to"
    RECIPIENT = "recipient"
    SUBJECT = "subject"
    HEADER = "header"
    BODY = "body"
    LIST = "list"
    SIZE = "size"
    ATTACHMENT = "attachment"
    ALONE = "alone"
    SPAM = "spam"
    SCORE = "score"


class Op(StrEnum):
    CONTAINS = "contains"
    IS = "is"
    STARTS = "starts"
    ENDS = "ends"
    MATCHES = "matches"
    EXISTS = "exists"
    OVER = "over"
    UNDER = "under"


TEXT_OPS = frozenset({Op.CONTAINS, Op.IS, Op.STARTS, Op.ENDS, Op.MATCHES})
_SIZE_OPS = frozenset({Op.OVER, Op.UNDER})
_EXISTS = frozenset({Op.EXISTS})
OPS: dict[Field, frozenset[Op]] = {
    Field.HEADER: TEXT_OPS | _EXISTS,
    Field.LIST: TEXT_OPS | _EXISTS,
    Field.SIZE: _SIZE_OPS,
    Field.ATTACHMENT: _EXISTS,
    Field.ALONE: _EXISTS,
    Field.SPAM: _EXISTS,
    Field.SCORE: _SIZE_OPS,
}
"""Of fields not named here: TEXT_OPS."""


class Kind(StrEnum):
    FILE = "file"
    LABEL = "label"
    READ = "read"
    STAR = "star"
    TRASH = "trash"
    FORWARD = "forward"
    ANSWER = "answer"
    STOP = "stop"


WITH_MAILBOX = frozenset({Kind.FILE, Kind.LABEL})


class Condition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`header` names the field of Field.HEADER, `size_bytes` is for Field.SIZE, `score` for Field.SCORE, `value` for
    the others."""

    field: Field
    op: Op
    value: str = ""
    header: str = ""
    size_bytes: int = 0
    score: float = 0.0
    is_negated: bool = False


class Action(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`forward_id` and `template_id` are of Kind.FORWARD and Kind.ANSWER: what they name, the room above knows."""

    kind: Kind
    mailbox_id: int | None = None
    forward_id: int | None = None
    template_id: int | None = None


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """`is_any`: one of the conditions is enough."""

    is_any: bool
    conditions: tuple[Condition, ...]
    actions: tuple[Action, ...]

    @property
    def mailbox_ids(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(a.mailbox_id for a in self.actions if a.mailbox_id is not None))

    @property
    def forward_ids(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(a.forward_id for a in self.actions if a.forward_id is not None))

    @property
    def template_ids(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(a.template_id for a in self.actions if a.template_id is not None))


_decoder = msgspec.json.Decoder(Content)


def dump(content: Content) -> str:
    return msgspec.json.encode(content).decode()


def load(text: str) -> Content:
    return _decoder.decode(text)


def check(content: Content) -> None:
    """Raises Invalid for conditions that make no sense, with a pointer to them."""
    if not 1 <= len(content.conditions) <= MAX_CONDITIONS:
        raise Invalid("bad_rule", f"A rule has 1 to {MAX_CONDITIONS} conditions.", pointer="/conditions")
    for index, condition in enumerate(content.conditions):
        _check_condition(condition, f"/conditions/{index}")


def check_whole(content: Content) -> None:
    """`check`, and that it does something. Raises Invalid."""
    check(content)
    if not 1 <= len(content.actions) <= MAX_ACTIONS:
        raise Invalid("bad_rule", f"A rule does 1 to {MAX_ACTIONS} things.", pointer="/actions")
    kinds = [action.kind for action in content.actions]
    for index, action in enumerate(content.actions):
        if (action.kind in WITH_MAILBOX) != (action.mailbox_id is not None):
            text = "Filing and labelling name a mailbox, other actions none."
            raise Invalid("bad_rule", text, pointer=f"/actions/{index}/mailbox_id")
        if (action.kind is Kind.FORWARD) != (action.forward_id is not None):
            text = "Forwarding names a forward, other actions none."
            raise Invalid("bad_rule", text, pointer=f"/actions/{index}/forward_id")
        if (action.kind is Kind.ANSWER) != (action.template_id is not None):
            text = "Answering names a template, other actions none."
            raise Invalid("bad_rule", text, pointer=f"/actions/{index}/template_id")
    if kinds.count(Kind.FILE) + kinds.count(Kind.TRASH) > 1:
        raise Invalid("bad_rule", "An e-mail is filed in one place.", pointer="/actions")
    if kinds.count(Kind.ANSWER) > 1:
        raise Invalid("bad_rule", "An e-mail is answered once.", pointer="/actions")


def _check_condition(condition: Condition, pointer: str) -> None:
    field, op = condition.field, condition.op
    if op not in OPS.get(field, TEXT_OPS):
        raise Invalid("bad_rule", f"{field} is not compared by {op}.", pointer=f"{pointer}/op")
    if (op in TEXT_OPS) != bool(condition.value.strip()) or len(condition.value) > MAX_VALUE:
        text = f"A text of 1 to {MAX_VALUE} characters is compared; nothing is compared by {op}."
        raise Invalid("bad_rule", text, pointer=f"{pointer}/value")
    if (field is Field.HEADER) != bool(_HEADER.fullmatch(condition.header)):
        raise Invalid("bad_rule", "This is no name of a header field.", pointer=f"{pointer}/header")
    is_size = 1 <= condition.size_bytes <= MAX_SIZE_BYTES
    if is_size != (field is Field.SIZE) or (not is_size and condition.size_bytes):
        raise Invalid("bad_rule", "A size is compared in bytes.", pointer=f"{pointer}/size_bytes")
    if abs(condition.score) > MAX_SCORE or (condition.score and field is not Field.SCORE):
        text = f"The filter's score is compared with a number up to {MAX_SCORE:.0f}."
        raise Invalid("bad_rule", text, pointer=f"{pointer}/score")
