"""What a person types into the search box, as a tree.

    from:ann "annual report" -draft is:unread {has:attachment larger:5M} newer_than:2m

Every text is a search. What is no operator is a word to look for, what only looks like one is taken as words and said
to be so (`Part.kind`), so nothing one types is an error. OR binds closer than the silent AND, as in Gmail; `{a b}` is
a OR b; an operator before a bracket is meant for all in it. Linear in the text's length.

One language for e-mails and for messages of conversations. Some operators mean something for one of them only: where
the other alone is searched they are taken as words, where both are, nothing of the other fits them (`Part.only`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from posthouse.search.tree import (
    PERSON,
    ROOM,
    Age,
    And,
    Has,
    In,
    Leaf,
    MessageId,
    Node,
    Not,
    Or,
    Received,
    Size,
    State,
    Words,
    both,
    either,
    leaves,
    opposite,
)

MAX_QUERY_CHARS = 1_000
MAX_TERMS = 30
MAX_HEIGHT = 10
_MAX_BRACKETS = 40

FIELDS = {
    "from": "from", "to": "to", "cc": "cc", "bcc": "bcc", "subject": "subject", "filename": "filename",
    "list": "list", "deliveredto": "to", "attachment": "filename",
}  # fmt: skip
MAIL, MESSAGES = "mail", "messages"
BOTH = frozenset({MAIL, MESSAGES})
STATES = {
    "unread": BOTH, "read": BOTH, "starred": BOTH, "important": BOTH, "answered": frozenset({MAIL}),
    "forwarded": frozenset({MAIL}), "muted": frozenset({MAIL}), "draft": frozenset({MAIL}),
    "pinned": frozenset({MESSAGES}), "mention": frozenset({MESSAGES}), "blocked": frozenset({MESSAGES}),
}  # fmt: skip
_STATE_NAMES = {
    "seen": "read", "flagged": "starred", "replied": "answered", "drafts": "draft", "pin": "pinned",
    "mentioned": "mention",
}  # fmt: skip
_THINGS = {
    "attachment": "attachment", "attachments": "attachment", "file": "attachment", "files": "attachment",
    "userlabels": "userlabels", "nouserlabels": "nouserlabels", "link": "link", "links": "link", "image": "image",
    "images": "image", "reaction": "reaction", "reactions": "reaction", "thread": "thread", "threads": "thread",
}  # fmt: skip
THINGS = {
    "attachment": BOTH, "userlabels": frozenset({MAIL}), "nouserlabels": frozenset({MAIL}),
    "link": frozenset({MESSAGES}), "image": frozenset({MESSAGES}), "reaction": frozenset({MESSAGES}),
    "thread": frozenset({MESSAGES}),
}  # fmt: skip
_SIZE = re.compile(r"(\d{1,12})([kmg]?)b?\Z", re.IGNORECASE)
_AGE = re.compile(r"(\d{1,4})([hdwmy])\Z", re.IGNORECASE)
_SECONDS = re.compile(r"\d{9,11}\Z")
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\Z")

_LEXEME = re.compile(
    r"""(?P<blank>\s+) | (?P<open>[({]) | (?P<close>[)}]) | (?P<minus>-)(?=[^\s)}])
    | (?P<name>[A-Za-z][A-Za-z0-9_]{1,15}):(?=[^\s)}]) | "(?P<quoted>[^"]*)(?:"|\Z) | (?P<bare>[^\s(){}"]+)""",
    re.VERBOSE,
)
_JOINING = ("OR", "|", "AND")
_VALUE = re.compile(r'(?P<sign>[#@]?)"(?P<quoted>[^"]*)(?:"|\Z)|(?P<bare>[^\s(){}"]+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the things that must hold, as it stands in the text; all joined by blanks are the text again.

    `kind` is "words", "operator", "group" (OR and brackets), or "not_understood": taken as words, or left out.
    `only`: MAIL or MESSAGES where nothing of the other can fit; "" for both.
    """

    text: str
    kind: str
    name: str = ""
    value: str = ""
    is_negated: bool = False
    only: str = ""

    def as_json(self) -> dict[str, object]:
        return {
            "text": self.text,
            "kind": self.kind,
            "name": self.name,
            "value": self.value,
            "is_negated": self.is_negated,
            "only": self.only or None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    root: Node | None = None
    parts: tuple[Part, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self.root is None


def parse(text: str, *, of: Collection[str] = (MAIL,)) -> Query:
    """A search of what is in `of`: MAIL, MESSAGES or both. Never raises; what lies beyond the limits is left out."""
    return _Reader(text[:MAX_QUERY_CHARS], frozenset(of)).read()


def kinds_of(node: Node) -> frozenset[str]:
    """Which of MAIL and MESSAGES it can fit in: for a tree, where one of its leaves says something."""
    match node:
        case Words(field=field):
            return BOTH if field in _FIELDS_OF_BOTH else frozenset({MAIL})
        case State(name):
            return STATES.get(name, BOTH)
        case Has(thing):
            return THINGS[thing]
        case In():
            return BOTH if node.is_anywhere else frozenset({MESSAGES if node.is_conversation else MAIL})
        case Size() | MessageId():
            return frozenset({MAIL})
        case And(parts):
            return frozenset.intersection(*map(kinds_of, parts))
        case Or(parts):
            return frozenset.union(*map(kinds_of, parts))
    return BOTH


@dataclass(slots=True)
class _Clause:
    """What was read between two places: a node, or None for what says nothing."""

    node: Node | None
    start: int
    end: int
    kind: str = "words"
    name: str = ""
    value: str = ""
    is_negated: bool = False

    @property
    def only(self) -> str:
        """Not what is negated: that fits wherever the other does not."""
        kinds = BOTH if self.node is None else kinds_of(self.node)
        return next(iter(kinds)) if len(kinds) == 1 else ""


class _Reader:
    def __init__(self, text: str, of: frozenset[str]) -> None:
        self._text = text
        self._of = of
        self._at = 0
        self._terms = 0
        self._brackets = 0

    def read(self) -> Query:
        """The whole text; closing brackets that nothing opened are passed over."""
        found: list[_Clause] = []
        while self._at < len(self._text):
            found += self._clauses("", "")
            self._at += 1
        nodes = [clause.node for clause in found if clause.node is not None]
        root = _pruned(both(nodes), MAX_HEIGHT)
        return Query(root=root, parts=tuple(self._part(clause) for clause in found))

    def _part(self, clause: _Clause) -> Part:
        return Part(
            text=self._text[clause.start : clause.end],
            kind=clause.kind,
            name=clause.name,
            value=clause.value,
            is_negated=clause.is_negated,
            only=clause.only if len(self._of) > 1 else "",
        )

    def _clauses(self, operator: str, end: str) -> list[_Clause]:
        """Up to a closing bracket (not taken) or the end, with what OR joins as one."""
        found: list[_Clause] = []
        joins = False
        while (clause := self._next(operator)) is not None:
            if isinstance(clause, str):
                joins = clause == "or" and bool(found)
                continue
            if joins and found:
                found[-1] = _joined(found[-1], clause)
            else:
                found.append(clause)
            joins = False
        if end == "}" and found:
            return [_any_of(found)]
        return found

    def _next(self, operator: str) -> _Clause | str | None:
        """A clause, the word "or" or "and", or None where the bracket or the text ends."""
        while self._at < len(self._text):
            lexeme = _LEXEME.match(self._text, self._at)
            if lexeme is None:  # a lone minus
                self._at += 1
                continue
            if lexeme["blank"]:
                self._at = lexeme.end()
                continue
            if lexeme["close"]:
                return None
            if lexeme["bare"] in _JOINING:
                self._at = lexeme.end()
                return "and" if lexeme["bare"] == "AND" else "or"
            return self._clause(lexeme, operator)
        return None

    def _clause(self, lexeme: re.Match[str], operator: str) -> _Clause:
        start, is_negated = self._at, False
        while lexeme["minus"]:
            is_negated = not is_negated
            self._at = lexeme.end()
            following = _LEXEME.match(self._text, self._at)
            if following is None or following["blank"] or following["close"]:
                return _Clause(None, start, self._at, kind="not_understood")
            lexeme = following
        if not is_negated and lexeme["bare"] in _JOINING:  # not not OR
            self._at = lexeme.end()
            return _Clause(None, start, self._at, kind="not_understood")
        clause = self._plain(lexeme, operator)
        clause.start, clause.is_negated = start, is_negated
        if is_negated and clause.node is not None:
            clause.node = opposite(clause.node)
        return clause

    def _plain(self, lexeme: re.Match[str], operator: str) -> _Clause:
        if lexeme["open"]:
            return self._group(lexeme, operator)
        if lexeme["name"] is not None:
            return self._operator(lexeme)
        self._at = lexeme.end()
        quoted = lexeme["quoted"]
        value = lexeme["bare"] if quoted is None else quoted
        return self._leaf(operator, value, is_quoted=quoted is not None, start=lexeme.start())

    def _group(self, lexeme: re.Match[str], operator: str) -> _Clause:
        self._at = lexeme.end()
        self._brackets += 1
        if self._brackets > _MAX_BRACKETS:
            return _Clause(None, lexeme.start(), self._at, kind="not_understood")
        inside = self._clauses(operator, "}" if lexeme["open"] == "{" else ")")
        self._at = min(self._at + 1, len(self._text))
        node = both([clause.node for clause in inside if clause.node is not None])
        return _Clause(node, lexeme.start(), self._at, kind="group")

    def _operator(self, lexeme: re.Match[str]) -> _Clause:
        name = lexeme["name"].lower()
        after = lexeme.end()
        if self._text[after] in "({" and name in _KNOWN:
            opened = _LEXEME.match(self._text, after)
            assert opened is not None
            return self._group(opened, name)
        value = _VALUE.match(self._text, after)
        if value is None:
            self._at = after
            return self._leaf("", lexeme["name"], is_quoted=False, start=lexeme.start())
        self._at = value.end()
        quoted = value["quoted"]
        is_quoted = quoted is not None
        return self._leaf(
            lexeme["name"],
            value["bare"] if quoted is None else value["sign"] + quoted,
            is_quoted=is_quoted,
            start=lexeme.start(),
        )

    def _leaf(self, operator: str, value: str, *, is_quoted: bool, start: int) -> _Clause:
        clause = _Clause(None, start, self._at, value=value)
        value = value.strip()
        self._terms += 1
        if not value or value == "-" or self._terms > MAX_TERMS:
            clause.kind = "not_understood"
            return clause
        name = operator.lower()
        node = _read(name, value, is_phrase=is_quoted)
        if node is not None and kinds_of(node) & self._of:
            clause.node, clause.kind, clause.name = node, "operator" if name else "words", name
        else:
            is_address = value.startswith("//")
            clause.kind = "words" if is_address else "not_understood"
            clause.node = Words(text=f"{operator}:{value}", is_phrase=is_quoted)
        if isinstance(clause.node, Words) and not is_quoted and self._is_last():
            clause.node = replace(clause.node, is_prefix=True)
        return clause

    def _is_last(self) -> bool:
        """Nothing but closing brackets follows: the word is still being typed."""
        return not self._text[self._at :].strip(")}") and not self._text[self._at :].isspace()


def _joined(left: _Clause, right: _Clause) -> _Clause:
    return replace(_any_of([left, right]), start=left.start, end=right.end)


def _any_of(found: list[_Clause]) -> _Clause:
    node = either([clause.node for clause in found if clause.node is not None])
    return _Clause(node, found[0].start, found[-1].end, kind="group")


def _pruned(node: Node | None, height: int) -> Node | None:
    """Without what is nested deeper than anybody means it: there, all leaves must hold."""
    match node:
        case And(parts) | Or(parts):
            if height <= 1:
                return both(list(leaves(node)))
            below = [part for part in (_pruned(part, height - 1) for part in parts) if part is not None]
            return both(below) if isinstance(node, And) else either(below)
        case Not(part):
            inner = _pruned(part, height)
            return None if inner is None else opposite(inner)
    return node


# --- operators -------------------------------------------------------------------------------------


def _read(name: str, value: str, *, is_phrase: bool) -> Leaf | Not | None:
    """None for what only looks like an operator."""
    if not name:
        return Words(text=value, is_phrase=is_phrase)
    if name in FIELDS:
        return Words(text=value, field=FIELDS[name], is_phrase=is_phrase)
    reader = _READERS.get(name)
    return None if reader is None else reader(value)


def _state(value: str) -> Leaf | None:
    name = _STATE_NAMES.get(value.lower(), value.lower())
    return State(name) if name in STATES else None


def _thing(value: str) -> Leaf | None:
    thing = _THINGS.get(value.lower())
    return None if thing is None else Has(thing)


def _place(value: str) -> Leaf | None:
    return In(value) if value.strip(f"{ROOM}{PERSON} ") else None


def _when(*, is_before: bool) -> Callable[[str], Leaf | None]:
    def read(value: str) -> Leaf | None:
        if _SECONDS.match(value):
            return Received(is_before, int(value) * 1000)
        found = _DAY.match(value)
        try:
            day = dt.date(*map(int, found.groups())) if found else None
        except ValueError:
            return None
        return None if day is None else Received(is_before, (day - dt.date(1970, 1, 1)).days * 86_400_000)

    return read


def _age(*, is_older: bool) -> Callable[[str], Leaf | None]:
    def read(value: str) -> Leaf | None:
        found = _AGE.match(value)
        return None if found is None else Age(is_older, int(found[1]), found[2].lower())

    return read


def _size(*, is_larger: bool) -> Callable[[str], Leaf | None]:
    def read(value: str) -> Leaf | None:
        found = _SIZE.match(value)
        if found is None:
            return None
        unit = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}[found[2].lower()]
        size_bytes = int(found[1]) * unit
        return Size(is_larger, size_bytes) if size_bytes < 10**12 else None

    return read


def _message_id(value: str) -> Leaf | None:
    bare = value.strip("<> ")
    return MessageId(bare) if bare else None


_READERS: dict[str, Callable[[str], Leaf | None]] = {
    "is": _state,
    "has": _thing,
    "in": _place,
    "label": _place,
    "after": _when(is_before=False),
    "since": _when(is_before=False),
    "newer": _when(is_before=False),
    "before": _when(is_before=True),
    "older": _when(is_before=True),
    "older_than": _age(is_older=True),
    "newer_than": _age(is_older=False),
    "larger": _size(is_larger=True),
    "size": _size(is_larger=True),
    "smaller": _size(is_larger=False),
    "rfc822msgid": _message_id,
}
_KNOWN = frozenset({*FIELDS, *_READERS})
_FIELDS_OF_BOTH = frozenset({"any", "from", "filename"})
