"""Messages over all of one's conversations, the newest first: by the language of search, and by where, who and when.

Candidates come from the index of words, conversation by conversation of those that the actor may read and no others
(nothing that others say makes a search slower), or from the newest messages of each. Each batch is narrowed by what the
rows say. What the index has not reached, or has as it was before an edit, is read itself.

Order and cursor are (created_at, id), descending.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from posthouse.base import sql
from posthouse.conversations import access, indexing, reach, rows
from posthouse.conversations.facts import OWN, Facts, shown
from posthouse.conversations.indexing import Said
from posthouse.conversations.reach import Place
from posthouse.identity import people_list
from posthouse.identity.actor import Actor
from posthouse.search import index, matching, walking
from posthouse.search.conditions import Condition, is_fact, joined, span_of
from posthouse.search.language import Query
from posthouse.search.tree import (
    Age,
    And,
    Has,
    In,
    Node,
    Not,
    Or,
    Received,
    State,
    Words,
    both,
    clauses,
    either,
    leaves,
)
from posthouse.search.walking import Source

HAS: dict[str, Node] = {
    "file": Has("attachment"),
    "link": Has("link"),
    "image": Has("image"),
    "reaction": Has("reaction"),
    "thread": Has("thread"),
    "pin": State("pinned"),
    "star": State("starred"),
    "mention": State("mention"),
}
MOST_CANDIDATES = 10_000
"""Of one page. A page that ends here is short, and its cursor goes on."""
MOST_WAITING = 200
MOST_BEHIND = 50
"""Conversations in which something is waiting for the index."""

Cursor = tuple[int, int]
Found = tuple[Any, ...]
"""A row of rows.MESSAGE."""
_ID, _CONVERSATION, _NAME, _EMAIL, _BODY, _ATTACHMENTS, _AT, _SEQ = 0, 1, 5, 6, 8, 18, 22, 27


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`before_ms` and `after_ms` are moments; `has` is of HAS. `query` narrows down further."""

    conversation_id: int | None = None
    author_id: int | None = None
    has: str = ""
    after_ms: int | None = None
    before_ms: int | None = None
    query: Query | None = None


class FoundMessages(NamedTuple):
    """`is_complete` is False while the index is still being made. `estimate` is None where counting would cost."""

    rows: list[Found]
    places: dict[int, Place]
    next: Cursor | None
    is_complete: bool
    estimate: int | None


def messages(actor: Actor, wanted: Wanted, *, before: Cursor | None, limit: int) -> FoundMessages:
    """One page; a conversation that the actor may not read raises Missing.

    Without a search it looks where the actor is; a search also in what is open to the organisation.
    """
    actor.require(access.USE)
    if wanted.conversation_id is not None:
        places = reach.one(actor, wanted.conversation_id)
    elif wanted.query is None:
        places = reach.mine(actor)
    else:
        places = reach.readable(actor)
    return _Search(actor, wanted, places, before).page(limit)


class _Search:
    def __init__(self, actor: Actor, wanted: Wanted, places: dict[int, Place], before: Cursor | None) -> None:
        self._actor, self._before, self._places = actor, before, places
        self._is_empty = wanted.query is not None and walking.meaningful(wanted.query.root) is None
        root = None if wanted.query is None else _for_messages(actor, wanted.query.root)
        parts = (*clauses(root), *_asked(wanted))
        self._facts = Facts(actor, places)
        self._where = self._conditions(parts, wanted)
        self._spans = [span_of(part) for part in parts if isinstance(part, Received | Age)]
        self._looked_in = self._named(parts)
        self._match, self._open = _divided(parts)
        self._waiting = self._not_indexed()

    # --- what is looked for -------------------------------------------------------------------

    def _conditions(self, parts: Sequence[Node], wanted: Wanted) -> Condition:
        asked = leaves(None if wanted.query is None else wanted.query.root)
        everybody = shown(self._actor, self._places, has_blocked=State("blocked") in asked)
        found = [everybody, *(self._facts.condition(part) for part in parts if is_fact(part))]
        if wanted.author_id is not None:
            found.append(Condition("m.author_id = %s", [wanted.author_id]))
        if self._before is not None:
            found.append(Condition("(m.created_at, m.id) < (%s, %s)", [*self._before]))
        return joined(" AND ", found)

    def _named(self, parts: Sequence[Node]) -> dict[int, Place]:
        """The conversations that everything found lies in."""
        left = self._places
        for part in parts:
            if isinstance(part, In) and part.is_conversation:
                left = {place.id: place for place in left.values() if place.is_called(part.name)}
        return left

    def _not_indexed(self) -> indexing.Waiting:
        if self._match is None:
            return indexing.Waiting([], {}, is_all=True)
        logs = {place.id: place.seq for place in self._looked_in.values()}
        return indexing.waiting(logs, limit=MOST_WAITING, most_conversations=MOST_BEHIND)

    # --- a page -------------------------------------------------------------------------------

    def page(self, limit: int) -> FoundMessages:
        if self._is_empty or not self._looked_in:
            return FoundMessages([], self._places, None, is_complete=True, estimate=0)
        hits: list[Found] = []
        examined, stopped = 0, None
        late = self._late()
        seen = {row[_ID] for row in late}
        source = self._from_rows() if self._match is None else self._from_index()
        for ids, floor_ms in walking.walk(source, None if self._before is None else self._before[0]):
            fresh = [row for row in self._narrowed(ids) if row[_ID] not in seen and self._fits(row)]
            due = [row for row in late if floor_ms is None or row[_AT] >= floor_ms]
            late = late[len(due) :]
            hits += sorted([*fresh, *due], key=_place_of, reverse=True)
            examined += len(ids)
            if len(hits) > limit:
                break
            if examined >= MOST_CANDIDATES and floor_ms is not None:
                stopped = (floor_ms, 0)
                break
        following = _place_of(hits[limit - 1]) if len(hits) > limit else stopped
        is_counted = following is None and self._before is None
        return FoundMessages(
            hits[:limit],
            self._places,
            following,
            is_complete=self._waiting.is_all,
            estimate=len(hits) if is_counted else None,
        )

    def _late(self) -> list[Found]:
        """What is waiting for the index and fits, newest first; the walk over rows finds it by itself."""
        if self._match is None:
            return []
        texts = both([*clauses(self._match), *self._open])
        assert texts is not None
        ids = [said.id for said in self._waiting.said if said.is_there]
        found = [row for row in self._narrowed(ids) if self._holds(texts, row)]
        return sorted(found, key=_place_of, reverse=True)

    def _narrowed(self, ids: Sequence[int]) -> list[Found]:
        """Those that fit in what the rows say, and that the pages before did not reach."""
        found: list[Found] = []
        for chunk in sql.chunks(ids):
            found += sql.rows(
                f"SELECT {rows.MESSAGE} FROM conversations_message m WHERE m.id IN ({sql.marks(chunk)})"
                f" AND {self._where.text}",
                [*chunk, *self._where.params],
            )
        return [row for row in found if row[_CONVERSATION] in self._looked_in]

    def _fits(self, row: Found) -> bool:
        """In what the index was not asked for, or cannot know: what changed since it was there."""
        parts = list(self._open)
        if self._match is not None and row[_SEQ] > self._waiting.upto[row[_CONVERSATION]]:
            parts += clauses(self._match)
        return all(self._holds(part, row) for part in parts)

    def _holds(self, node: Node, row: Found) -> bool:
        match node:
            case And(parts):
                return all(self._holds(part, row) for part in parts)
            case Or(parts):
                return any(self._holds(part, row) for part in parts)
            case Not(part):
                return not self._holds(part, row)
            case Words():
                return matching.fits(indexing.document(_said(row)), node)
        text, params = self._facts.condition(node)
        found = sql.row(
            f"SELECT 1 FROM conversations_message m WHERE m.id = %s AND ({text})", [row[_ID], *params]
        )
        return found is not None

    # --- candidates ---------------------------------------------------------------------------

    def _from_rows(self) -> Source:
        """The newest of each conversation by its own index, then the newest of those."""

        def read(high_ms: int | None, limit: int) -> list[tuple[int, int]]:
            where = (
                self._where.text if high_ms is None else f"{self._where.text} AND m.created_at <= {high_ms:d}"
            )
            found: list[tuple[int, int]] = []
            for chunk in sql.chunks(self._looked_in):
                found += sql.rows(
                    "SELECT m.created_at, m.id FROM conversations_conversation c CROSS JOIN conversations_message m"
                    f" WHERE c.id IN ({sql.marks(chunk)}) AND m.id IN (SELECT m.id FROM conversations_message m"
                    f" WHERE m.conversation_id = c.id AND {where} ORDER BY m.created_at DESC, m.id DESC LIMIT %s)"
                    " ORDER BY m.created_at DESC, m.id DESC LIMIT %s",
                    [*chunk, *self._where.params, limit, limit],
                )
            return sorted(found, reverse=True)[:limit]

        return read

    def _from_index(self) -> Source:
        match = self._match
        assert match is not None
        low_key = index.low_key(max((low for low, _ in self._spans), default=0))
        top_ms = min((high for _, high in self._spans), default=None)

        def read(high_ms: int | None, limit: int) -> list[tuple[int, int]]:
            highs = [ms for ms in (high_ms, top_ms) if ms is not None]
            hits = index.messages().find_in_any(
                self._looked_in,
                match,
                limit=limit,
                low_key=low_key,
                high_key=index.high_key(min(highs)) if highs else None,
            )
            return [(index.moment_of(hit.key), hit.email_id) for hit in hits]

        return read


def _place_of(row: Found) -> Cursor:
    return row[_AT], row[_ID]


def _said(row: Found) -> Said:
    return Said(
        id=row[_ID],
        seq=row[_SEQ],
        created_at=row[_AT],
        author_name=row[_NAME],
        author_email=row[_EMAIL],
        body=row[_BODY],
        attachments=row[_ATTACHMENTS],
        is_there=True,
    )


def _asked(wanted: Wanted) -> list[Node]:
    found: list[Node] = [HAS[wanted.has]] if wanted.has else []
    if wanted.after_ms is not None:
        found.append(Received(is_before=False, at_ms=wanted.after_ms))
    if wanted.before_ms is not None:
        found.append(Received(is_before=True, at_ms=wanted.before_ms))
    return found


def _divided(parts: Sequence[Node]) -> tuple[Node | None, list[Node]]:
    """The texts to choose candidates by, and what each candidate must still be asked."""
    texts = [part for part in parts if matching.is_text(part)]
    mixed = [part for part in parts if not is_fact(part) and not matching.is_text(part)]
    told = both(texts)
    if told is not None and not index.messages().can_find(told):
        mixed, told = [*mixed, *texts], None
    needed = [found for part in mixed if (found := walking.needed(part)) is not None]
    return both([*clauses(told), *needed]), mixed


def _for_messages(actor: Actor, node: Node | None) -> Node | None:
    """As the index of messages can be asked: `from:me`, and people by an address that the actor may see."""
    match node:
        case And(parts) | Or(parts):
            inner = [found for part in parts if (found := _for_messages(actor, part)) is not None]
            return both(inner) if isinstance(node, And) else either(inner)
        case Not(part):
            opposite = _for_messages(actor, part)
            return None if opposite is None else Not(opposite)
        case Words(field="from", text=text) if text.casefold() == "me":
            return OWN
        case Words(field="from", text=text) if "@" in text:
            return either([node, *_people_at(actor, text)])
        case Words():
            return walking.meaningful(node)
    return node


def _people_at(actor: Actor, address: str) -> list[Node]:
    page = people_list.page(actor, people_list.Wanted(q=address), limit=10, fields=("name",))
    return [Words(text=person["name"], field="from", is_phrase=True) for person in page.items]
