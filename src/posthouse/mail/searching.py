"""Finding e-mails: candidates newest first, then what the rows say of them.

Candidates come from where fewest are: the index of words (search/index.py), one mailbox, the starred ones, or the
account. They are read in growing batches and each batch is narrowed by facts in one statement, so that a page of what
is common costs a page. E-mails that the index has not reached are read themselves: what one has just written is found.

Order and cursor are (received_at, id), descending, as in every list.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from posthouse.base import sql
from posthouse.mail import facts, indexing
from posthouse.mail.queries import Cursor
from posthouse.search import index, matching, walking
from posthouse.search.conditions import ALWAYS, Condition, is_fact, joined, span_of
from posthouse.search.index import Document
from posthouse.search.language import Query
from posthouse.search.tree import (
    Age,
    And,
    In,
    Node,
    Not,
    Or,
    Received,
    State,
    Words,
    both,
    clauses,
    leaves,
)
from posthouse.search.walking import Candidates, Source

MOST_CANDIDATES = 50_000
"""Of one page. A page that ends here is short, and its cursor goes on."""
SMALL_MAILBOX = 2_000
MOST_WAITING = 200
COUNTED = 1_000


class Key(NamedTuple):
    received_at_ms: int
    email_id: int
    thread_id: int


class Found(NamedTuple):
    """`is_complete` is False while the index is still being made. `estimate` counts e-mails, COUNTED for "or more";
    None where counting would cost."""

    keys: list[Key]
    next: Cursor | None
    is_complete: bool
    estimate: int | None


def found_threads(
    account_id: int, query: Query, *, mailbox_id: int | None, after: Cursor | None, limit: int
) -> Found:
    """Threads with an e-mail that fits, by the newest such e-mail, newest first."""
    return _Search(account_id, query, mailbox_id, after).page(limit, is_by_thread=True)


def found_emails(
    account_id: int, query: Query, *, mailbox_id: int | None, after: Cursor | None, limit: int
) -> Found:
    return _Search(account_id, query, mailbox_id, after).page(limit, is_by_thread=False)


class Held(NamedTuple):
    """E-mails of an account that may have a text in them; of these, which are sure to: in a body, or anywhere."""

    perhaps: set[int]
    in_body: set[int]
    anywhere: set[int]


def may_hold(account_id: int, email_ids: Collection[int], needle: str) -> Held:
    """Which have a text anywhere in them, as a substring: for IMAP, which looks at the bytes of those that may.

    Left out is only what the index knows whole and what has no words like it (search/index.py, `Suspects`). Others of
    the account than those asked about may be among them.
    """
    # Asked for first: what comes into the index meanwhile must not pass for looked at.
    waiting = indexing.waiting(account_id, limit=MOST_WAITING)
    known = None if waiting.is_all else index.current().keys_of(account_id, email_ids)
    suspects = index.current().perhaps(account_id, needle)
    if suspects is None:
        return Held(set(email_ids), set(), set())
    unread = waiting.email_ids if known is None else [i for i in email_ids if i not in known]
    perhaps = suspects.email_ids.union(suspects.unknown, unread)
    return Held(perhaps, suspects.in_body, suspects.in_body | suspects.in_rest)


class _Search:
    def __init__(self, account_id: int, query: Query, mailbox_id: int | None, after: Cursor | None) -> None:
        self._account_id = account_id
        self._after = after
        self._after_ms = None if after is None else after.received_at_ms
        self._index = index.current()
        self._root = walking.meaningful(query.root)
        parts = clauses(self._root)
        self._mailbox_id = mailbox_id
        self._facts = joined(" AND ", [self._place(parts), *self._conditions(parts)])
        self._asks_words = any(isinstance(leaf, Words) for leaf in leaves(self._root))
        self._match, self._open = self._divided(parts)
        waiting = indexing.waiting(account_id, limit=MOST_WAITING)
        self._has_all_waiting = waiting.is_all
        self._is_complete = waiting.is_all or not self._asks_words
        self._waiting = _read(waiting.email_ids) if self._asks_words else {}
        self._waiting_ids = set(waiting.email_ids)

    def _divided(self, parts: Sequence[Node]) -> tuple[Node | None, list[Node]]:
        """The texts to choose candidates by, and what each candidate must still be asked."""
        texts = [part for part in parts if matching.is_text(part)]
        mixed = [part for part in parts if not is_fact(part) and not matching.is_text(part)]
        told = both(texts)
        if told is not None and not self._index.can_find(told):
            mixed, told = [*mixed, *texts], None
        needed = [found for part in mixed if (found := walking.needed(part)) is not None]
        return both([*clauses(told), *needed]), mixed

    def page(self, limit: int, *, is_by_thread: bool) -> Found:
        if self._root is None:
            return Found([], None, is_complete=True, estimate=0)
        hits: list[Key] = []
        seen: set[int] = set()
        examined = 0
        stopped: Cursor | None = None
        candidates, late = self._candidates()
        for ids, floor_ms in candidates:
            fresh = self._narrowed(ids)
            due = [key for key in late if floor_ms is None or key.received_at_ms >= floor_ms]
            late = late[len(due) :]
            rows = sorted({*fresh, *due}, reverse=True)
            hits += self._first_of_threads(rows, seen) if is_by_thread else rows
            examined += len(ids)
            if len(hits) > limit:
                break
            if examined >= MOST_CANDIDATES and floor_ms is not None:
                stopped = Cursor(floor_ms, 0)
                break
        following = Cursor(*hits[limit - 1][:2]) if len(hits) > limit else stopped
        return Found(hits[:limit], following, self._is_complete, self._estimate(hits, following))

    def _estimate(self, hits: Sequence[Key], following: Cursor | None) -> int | None:
        if following is None and self._after is None:
            return len(hits)
        if self._match is None or self._match != self._root:
            return None
        return self._index.count(self._account_id, self._match, limit=COUNTED)

    # --- what the rows must say ---------------------------------------------------------------

    def _place(self, parts: Sequence[Node]) -> Condition:
        """Trash and Junk are left out unless some place is asked for."""
        if self._mailbox_id is not None:
            return facts.inside([self._mailbox_id])
        if any(isinstance(leaf, In) and not leaf.is_conversation for leaf in leaves(self._root)):
            return ALWAYS
        return facts.shown(self._account_id)

    def _conditions(self, parts: Sequence[Node]) -> list[Condition]:
        return [facts.condition(self._account_id, part) for part in parts if is_fact(part)]

    def _narrowed(self, ids: Sequence[int]) -> list[Key]:
        """Those that fit in everything the candidates were not chosen by, and that the pages before did not reach."""
        keys: list[Key] = []
        for chunk in sql.chunks(ids):
            keys += map(
                Key._make,
                sql.rows(
                    "SELECT e.received_at, e.id, e.thread_id FROM mail_email e WHERE e.account_id = %s"
                    f" AND e.id IN ({sql.marks(chunk)}) AND {self._facts.text}",
                    [self._account_id, *chunk, *self._facts.params],
                ),
            )
        if self._after is not None:
            keys = [key for key in keys if key[:2] < self._after]
        left = {key.email_id for key in keys}
        for part in self._open:
            left = self._fitting(part, left)
        return [key for key in keys if key.email_id in left]

    def _fitting(self, node: Node, ids: set[int]) -> set[int]:
        if not ids:
            return ids
        if is_fact(node):
            return self._by_facts(node, ids)
        if matching.is_text(node) and self._index.can_find(node):
            return self._by_words(node, ids)
        match node:
            case And(parts):
                for part in parts:
                    ids = self._fitting(part, ids)
                return ids
            case Or(parts):
                found: set[int] = set()
                for part in parts:
                    found |= self._fitting(part, ids - found)
                return found
            case Not(part):
                return ids - self._fitting(part, ids)
        raise TypeError(node)

    def _by_facts(self, node: Node, ids: set[int]) -> set[int]:
        text, params = facts.condition(self._account_id, node)
        found: set[int] = set()
        for chunk in sql.chunks(ids):
            found |= {
                row[0]
                for row in sql.rows(
                    f"SELECT e.id FROM mail_email e WHERE e.id IN ({sql.marks(chunk)}) AND {text}",
                    [*chunk, *params],
                )
            }
        return found

    def _by_words(self, node: Node, ids: set[int]) -> set[int]:
        late = {i for i in ids & self._waiting.keys() if matching.fits(self._waiting[i], node)}
        keys = self._index.keys_of(self._account_id, ids - self._waiting.keys())
        return late | self._index.among(self._account_id, node, list(keys.values()))

    # --- threads ------------------------------------------------------------------------------

    def _first_of_threads(self, rows: Sequence[Key], seen: set[int]) -> list[Key]:
        firsts = []
        for key in rows:
            if key.thread_id not in seen:
                seen.add(key.thread_id)
                firsts.append(key)
        before = self._shown_before([key.thread_id for key in firsts])
        return [key for key in firsts if key.thread_id not in before]

    def _shown_before(self, thread_ids: Sequence[int]) -> set[int]:
        """Threads that pages before this one had, by a newer e-mail."""
        if self._after is None:
            return set()
        newer: dict[int, int] = {}
        for chunk in sql.chunks(thread_ids):
            newer.update(
                sql.rows(
                    "SELECT e.id, e.thread_id FROM mail_email e WHERE e.account_id = %s"
                    f" AND e.thread_id IN ({sql.marks(chunk)}) AND (e.received_at, e.id) >= (%s, %s)"
                    f" AND {self._facts.text}",
                    [self._account_id, *chunk, *self._after, *self._facts.params],
                )
            )
        left = set(newer)
        for part in [*self._open, *([self._match] if self._match is not None else [])]:
            left = self._fitting(part, left)
        return {newer[email_id] for email_id in left}

    # --- candidates ---------------------------------------------------------------------------

    def _candidates(self) -> tuple[Candidates, list[Key]]:
        """Where to look; and what is not to be found there, since the index has not reached it, newest first."""
        parts = clauses(self._root)
        mailbox = self._small_mailbox(parts)
        if mailbox is not None:
            self._open_words()
            return walking.walk(self._from_mailbox(mailbox), self._after_ms), []
        if self._match is None and State("starred") in parts:
            return walking.walk(self._from_rows("(e.flags & 2) <> 0"), self._after_ms), []
        progress = self._index.progress_of(self._account_id)
        is_all_there = progress is not None and progress.is_complete and self._has_all_waiting
        if self._match is None and not is_all_there:
            return walking.walk(self._from_rows("1 = 1"), self._after_ms), []
        late = self._narrowed(list(self._waiting_ids))
        if self._match is not None:
            fits = self._by_words(self._match, {key.email_id for key in late} & self._waiting.keys())
            late = [key for key in late if key.email_id in fits]
        return walking.walk(self._from_index(parts), self._after_ms), sorted(late, reverse=True)

    def _open_words(self) -> None:
        """Words are asked of each candidate, since these are not chosen by them."""
        if self._match is not None:
            self._open.append(self._match)
            self._match = None

    def _small_mailbox(self, parts: Sequence[Node]) -> int | None:
        """A mailbox that everything found lies in, and that is read sooner than what the words find."""
        named = [
            part
            for part in parts
            if isinstance(part, In) and not part.is_anywhere and not part.is_conversation
        ]
        ids = [self._mailbox_id] if self._mailbox_id is not None else []
        if not ids and named:
            ids = list(facts.mailboxes_named(self._account_id, named[0].name))
        if len(ids) != 1:
            return None
        row = sql.row("SELECT total_emails FROM mail_mailbox WHERE id = %s", [ids[0]])
        is_small = row is not None and row[0] <= SMALL_MAILBOX
        return ids[0] if is_small or self._match is None else None

    def _from_mailbox(self, mailbox_id: int) -> Source:
        def read(high_ms: int | None, limit: int) -> list[tuple[int, int]]:
            where = "" if high_ms is None else f" AND p.received_at <= {high_ms:d}"
            return sql.rows(
                f"SELECT p.received_at, p.email_id FROM mail_placement p WHERE p.mailbox_id = %s{where}"
                " ORDER BY p.received_at DESC, p.email_id DESC LIMIT %s",
                [mailbox_id, limit],
            )

        return read

    def _from_rows(self, condition: str) -> Source:
        def read(high_ms: int | None, limit: int) -> list[tuple[int, int]]:
            where = "" if high_ms is None else f" AND e.received_at <= {high_ms:d}"
            return sql.rows(
                f"SELECT e.received_at, e.id FROM mail_email e WHERE e.account_id = %s AND {condition}{where}"
                " ORDER BY e.received_at DESC, e.id DESC LIMIT %s",
                [self._account_id, limit],
            )

        return read

    def _from_index(self, parts: Sequence[Node]) -> Source:
        spans = [span_of(part) for part in parts if isinstance(part, Received | Age)]
        low_key = index.low_key(max((low for low, _ in spans), default=0))
        top_ms = min((high for _, high in spans), default=None)

        def read(high_ms: int | None, limit: int) -> list[tuple[int, int]]:
            highs = [ms for ms in (high_ms, top_ms) if ms is not None]
            hits = self._index.find(
                self._account_id,
                self._match,
                limit=limit,
                low_key=low_key,
                high_key=index.high_key(min(highs)) if highs else None,
            )
            return [(index.moment_of(hit.key), hit.email_id) for hit in hits]

        return read


_kept: OrderedDict[int, Document] = OrderedDict()
_kept_lock = threading.Lock()


def _read(email_ids: Sequence[int]) -> dict[int, Document]:
    """What the index has not reached, by e-mail. Kept a while, since one asks again with each letter one types."""
    with _kept_lock:
        found = {email_id: _kept[email_id] for email_id in email_ids if email_id in _kept}
    new = {one.email_id: one for one in indexing.documents([i for i in email_ids if i not in found])}
    with _kept_lock:
        _kept.update(new)
        while len(_kept) > MOST_WAITING:
            _kept.popitem(last=False)
    return found | new
