"""What was learnt: counts of tokens, and which e-mails they were made of. Call writes inside an action.

Invariants
- An e-mail counts once, as `Learnt` says, in its account's numbers (`is_own`) and its organisation's (`is_shared`).
- Numbers never fall below zero: what was pruned is not missed when an e-mail is taken out again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from posthouse.base import clock, db, sql
from posthouse.base.ids import new_id
from posthouse.filters.spam.bayes import Count, Model
from posthouse.filters.spam.tokens import VERSION

MAX_OWN_TOKENS = 100_000
MAX_SHARED_TOKENS = 300_000
PRUNE_TO = 0.8
STEP = 500
"""Tokens that one transaction deletes at most."""
LOOK_UP, LOOK_UP_STEP = 600, 100
"""Tokens asked for in one statement: at most, and of what their number is a multiple."""
DAY_MS = 86_400_000
MAX_ID = (1 << 63) - 1


class Numbers(NamedTuple):
    """A learner of the present version and what it has learnt."""

    learner_id: int
    total: Count


class Place(NamedTuple):
    """How far an account's log was read."""

    modseq: int
    email_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """An e-mail that is to count as spam, as ham, or (None) no more."""

    email_id: int
    is_spam: bool | None
    tokens: Collection[int]


class Was(NamedTuple):
    """As what an e-mail counts now, and where."""

    is_spam: bool
    is_own: bool
    is_shared: bool


BEGINNING = Place(0, 0)


# --- reads ----------------------------------------------------------------------------------------


def numbers_of(account_ids: Sequence[int], organisation_ids: Sequence[int]) -> tuple[dict[int, Numbers], ...]:
    """By account and by organisation; those that learnt nothing are left out."""
    found: list[dict[int, Numbers]] = []
    for column, ids in (("account_id", account_ids), ("organisation_id", organisation_ids)):
        by_id: dict[int, Numbers] = {}
        for chunk in sql.chunks(ids):
            for key, learner_id, ham, spam in sql.rows(
                f"SELECT {column}, id, ham, spam FROM filters_learner WHERE version = %s"
                f" AND {column} IN ({sql.marks(chunk)})",
                [VERSION, *chunk],
            ):
                by_id[key] = Numbers(learner_id, Count(ham, spam))
        found.append(by_id)
    return tuple(found)


def model_of(own: Numbers | None, shared: Numbers | None, tokens: Collection[int]) -> Model:
    """What is known of these tokens. Who learnt a token told it to all, so both are found in one walk."""
    none = Count(0, 0)
    mine, everybodys = {}, {}
    if shared is not None and any(shared.total):
        learners = [0 if own is None else own.learner_id, shared.learner_id]
        for chunk in sql.chunks(sorted(tokens), LOOK_UP):
            chunk += chunk[-1:] * (
                -len(chunk) % LOOK_UP_STEP
            )  # few lengths, so that statements are kept ready
            for token, ham, spam, own_ham, own_spam in sql.rows(
                "SELECT t.token, t.ham, t.spam, o.ham, o.spam FROM filters_token t"
                " LEFT JOIN filters_token o ON o.learner_id = %s AND o.token = t.token"
                f" WHERE t.learner_id = %s AND t.token IN ({sql.marks(chunk)})",
                [*learners, *chunk],
            ):
                everybodys[token] = (ham, spam)
                if own_ham is not None:
                    mine[token] = (own_ham, own_spam)
    return Model(
        own_total=none if own is None else own.total,
        own=mine,
        total=none if shared is None else shared.total,
        all=everybodys,
    )


def place_of(account_id: int) -> Place | None:
    """None before anything was read, and when the tokens are others now."""
    found = sql.row(
        "SELECT modseq, email_id FROM filters_learner WHERE account_id = %s AND version = %s",
        [account_id, VERSION],
    )
    return None if found is None else Place(*found)


def what_was(email_ids: Collection[int]) -> dict[int, Was]:
    found: dict[int, Was] = {}
    for chunk in sql.chunks(email_ids):
        for email_id, *was in sql.rows(
            f"SELECT email_id, is_spam, is_own, is_shared FROM filters_learnt WHERE email_id IN ({sql.marks(chunk)})",
            chunk,
        ):
            found[email_id] = Was(*map(bool, was))
    return found


# --- writes ---------------------------------------------------------------------------------------


def begin(
    *, account_id: int | None = None, organisation_id: int | None = None, place: Place = BEGINNING
) -> int:
    """The learner, made where there is none. One of an older version begins anew."""
    column, owner = (
        ("account_id", account_id) if account_id is not None else ("organisation_id", organisation_id)
    )
    found = sql.row(f"SELECT id, version FROM filters_learner WHERE {column} = %s", [owner])
    if found is not None and found[1] == VERSION:
        return int(found[0])
    if found is not None:  # its tokens are others than today's
        sql.run(f"UPDATE filters_learner SET {column} = NULL WHERE id = %s", [found[0]])
        if account_id is not None:
            sql.run("DELETE FROM filters_learnt WHERE account_id = %s", [account_id])
    learner_id = new_id()
    sql.insert_many(
        "INSERT INTO filters_learner (id, account_id, organisation_id, ham, spam, version, modseq, email_id)",
        [(learner_id, account_id, organisation_id, 0, 0, VERSION, place.modseq, place.email_id)],
    )
    return learner_id


def learn(account_id: int, organisation_id: int, lessons: Sequence[Lesson]) -> int:
    """Count e-mails as they are to count; what they counted as before is taken back. Gives how many changed."""
    before = what_was([lesson.email_id for lesson in lessons])
    own, shared = _Change(), _Change()
    changed = []
    for lesson in lessons:
        was = before.get(lesson.email_id)
        if lesson.is_spam == (None if was is None else was.is_spam):
            continue
        changed.append(lesson)
        if was is not None:
            if was.is_own:
                own.add(lesson.tokens, is_spam=was.is_spam, step=-1)
            if was.is_shared:
                shared.add(lesson.tokens, is_spam=was.is_spam, step=-1)
        if lesson.is_spam is not None:
            own.add(lesson.tokens, is_spam=lesson.is_spam, step=1)
            shared.add(lesson.tokens, is_spam=lesson.is_spam, step=1)
    if changed:
        own.write(begin(account_id=account_id))
        shared.write(begin(organisation_id=organisation_id))
        _write_learnt(account_id, changed)
    return len(changed)


def _write_learnt(account_id: int, changed: Sequence[Lesson]) -> None:
    ids = [lesson.email_id for lesson in changed]
    sql.run(f"DELETE FROM filters_learnt WHERE email_id IN ({sql.marks(ids)})", ids)
    sql.insert_many(
        "INSERT INTO filters_learnt (email_id, account_id, is_spam, is_own, is_shared)",
        [(one.email_id, account_id, one.is_spam, True, True) for one in changed if one.is_spam is not None],
    )


class _Change:
    """What is to be added to one learner's numbers."""

    def __init__(self) -> None:
        self.total = [0, 0]
        self.tokens: dict[int, list[int]] = {}

    def add(self, tokens: Iterable[int], *, is_spam: bool, step: int) -> None:
        self.total[is_spam] += step
        for token in tokens:
            self.tokens.setdefault(token, [0, 0])[is_spam] += step

    def write(self, learner_id: int) -> None:
        sql.run(f"UPDATE filters_learner SET {_plus('ham', '%s')}, {_plus('spam', '%s')} WHERE id = %s", [
            *(number for number in self.total for _ in range(2)), learner_id,
        ])  # fmt: skip
        day = clock.now_ms() // DAY_MS
        more = [(t, h, s) for t, (h, s) in sorted(self.tokens.items()) if h >= 0 and s >= 0 and (h or s)]
        less = [(t, h, s) for t, (h, s) in sorted(self.tokens.items()) if h < 0 or s < 0]
        sql.insert_many(
            "INSERT INTO filters_token (learner_id, token, ham, spam, day)",
            [(learner_id, token, ham, spam, day) for token, ham, spam in more],
            tail=" ON CONFLICT (learner_id, token) DO UPDATE SET ham = filters_token.ham + excluded.ham,"
            " spam = filters_token.spam + excluded.spam, day = excluded.day",
        )
        add_to_tokens(learner_id, less)


def add_to_tokens(learner_id: int, changes: Sequence[tuple[int, int, int]]) -> None:
    """Token, ham and spam to be added to those that are there; one that comes to nothing goes."""
    sql.run_many(
        f"UPDATE filters_token SET {_plus('ham', '%s')}, {_plus('spam', '%s')} WHERE learner_id = %s AND token = %s",
        [(ham, ham, spam, spam, learner_id, token) for token, ham, spam in changes],
    )
    sql.run_many(
        "DELETE FROM filters_token WHERE learner_id = %s AND token = %s AND ham = 0 AND spam = 0",
        [(learner_id, token) for token, _, _ in changes],
    )


def _plus(column: str, mark: str) -> str:
    return f"{column} = CASE WHEN {column} + {mark} < 0 THEN 0 ELSE {column} + {mark} END"


def move_on(account_id: int, place: Place, *, after: Place | None) -> bool:
    """Note how far the log was read, by compare-and-set; False when another reader was here first."""
    learner_id = begin(account_id=account_id)
    if after is None:
        after = BEGINNING
    return bool(
        sql.run(
            "UPDATE filters_learner SET modseq = %s, email_id = %s WHERE id = %s AND modseq = %s AND email_id = %s",
            [place.modseq, place.email_id, learner_id, after.modseq, after.email_id],
        )
    )


def let_go_of(email_ids: Collection[int]) -> None:
    """E-mails that are gone for good: what was learnt of them stays, and is not taken back any more."""
    for chunk in sql.chunks(email_ids):
        sql.run(f"DELETE FROM filters_learnt WHERE email_id IN ({sql.marks(chunk)})", chunk)


# --- forgetting -----------------------------------------------------------------------------------


def forget_own(account_id: int, *, place: Place) -> None:
    """An account begins anew from a place in its log. What others learnt of its e-mails stays theirs."""
    sql.run("UPDATE filters_learner SET account_id = NULL WHERE account_id = %s", [account_id])
    sql.run("UPDATE filters_learnt SET is_own = %s WHERE account_id = %s", [False, account_id])
    begin(account_id=account_id, place=place)


def forget_shared(organisation_id: int, account_ids: Collection[int]) -> None:
    """An organisation begins anew; what its people (`account_ids`) learnt for themselves stays."""
    sql.run("UPDATE filters_learner SET organisation_id = NULL WHERE organisation_id = %s", [organisation_id])
    for chunk in sql.chunks(account_ids):
        sql.run(
            f"UPDATE filters_learnt SET is_shared = %s WHERE account_id IN ({sql.marks(chunk)})",
            [False, *chunk],
        )


@db.action
def leave(account_id: int) -> None:
    """The account goes for good: what it learnt for itself is nobody's from now on."""
    sql.run("UPDATE filters_learner SET account_id = NULL WHERE account_id = %s", [account_id])


@db.action
def dismantle() -> bool:
    """Some of what is nobody's any more; gives whether there may be more."""
    nobodys = "SELECT id FROM filters_learner WHERE account_id IS NULL AND organisation_id IS NULL LIMIT 1"
    found = sql.row(nobodys)
    if found is None:
        return False
    tokens = "SELECT token FROM filters_token WHERE learner_id = %s LIMIT %s"
    if not sql.run(
        f"DELETE FROM filters_token WHERE learner_id = %s AND token IN ({tokens})",
        [found[0], found[0], STEP],
    ):
        sql.run("DELETE FROM filters_learner WHERE id = %s", [found[0]])
    return True


def surplus() -> list[tuple[int, list[int]]]:
    """Learners that know more tokens than they may, and those to go: seen once only, and longest ago."""
    found = []
    for learner_id, is_own in sql.rows("SELECT id, account_id IS NOT NULL FROM filters_learner"):
        most = MAX_OWN_TOKENS if is_own else MAX_SHARED_TOKENS
        counted = sql.row("SELECT count(*) FROM filters_token WHERE learner_id = %s", [learner_id])
        if counted is not None and counted[0] > most:
            rows = sql.rows(
                "SELECT token FROM filters_token WHERE learner_id = %s"
                " ORDER BY CASE WHEN ham + spam > 1 THEN 1 ELSE 0 END, day, ham + spam LIMIT %s",
                [learner_id, counted[0] - int(most * PRUNE_TO)],
            )
            found.append((learner_id, [row[0] for row in rows]))
    return found


@db.action
def prune(learner_id: int, tokens: Sequence[int]) -> None:
    sql.run(
        f"DELETE FROM filters_token WHERE learner_id = %s AND token IN ({sql.marks(tokens)})",
        [learner_id, *tokens],
    )
