"""The index in PostgreSQL: a table with our tokens as a `tsvector`, and GIN.

Lexemes are an account's number, a letter for the field, and the token, so that one account's entries lie together.
PostgreSQL keeps places up to 16,383 and a megabyte for a document: texts are cut there, and are then not `is_whole`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from posthouse.base import db, sql
from posthouse.search.index import (
    EXCERPT_CHARS,
    FIELDS,
    FIELDS_ASKED,
    TIE_BITS,
    VERSION,
    Batch,
    Document,
    Hit,
    Progress,
    Suspects,
    low_key,
)
from posthouse.search.tokens import pieces_inside, wanted
from posthouse.search.tree import And, Node, Not, Or, Words

MAX_PLACES = 16_000
MAX_VECTOR_BYTES = 900_000
MAX_HOLDING_TERMS = 400
_LETTERS = dict(zip(FIELDS, "abcdefgh", strict=True))


class PostgresIndex:
    def __init__(self, name: str, *, keeps_terms: bool = True) -> None:
        """`name` begins those of its tables. Without its terms it cannot say what may hold a substring (`perhaps`)."""
        self._accounts, self._documents, self._terms = f"{name}_account", f"{name}_document", f"{name}_term"
        self._keeps_terms = keeps_terms

    # --- writing ------------------------------------------------------------------------------

    @db.action
    def write(self, batch: Batch) -> None:
        sql.row(f"SELECT 1 FROM {self._accounts} WHERE id = %s FOR UPDATE", [batch.account_id])
        if self.progress_of(batch.account_id) != batch.since:
            return
        progress = batch.progress
        row = sql.row(
            f"INSERT INTO {self._accounts} (id, upto, down_modseq, down_id, version) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (id) DO UPDATE SET upto = excluded.upto, down_modseq = excluded.down_modseq,"
            " down_id = excluded.down_id, version = excluded.version RETURNING number",
            [batch.account_id, progress.upto, progress.down_modseq, progress.down_id, VERSION],
        )
        assert row is not None
        for chunk in sql.chunks(batch.gone):
            sql.run(
                f"DELETE FROM {self._documents} WHERE account = %s AND email_id IN ({sql.marks(chunk)})",
                [row[0], *chunk],
            )
        there = self.keys_of(batch.account_id, [one.email_id for one in batch.documents])
        for document in batch.documents:
            if document.email_id not in there:
                self._add(row[0], document)

    def _add(self, number: int, document: Document) -> None:
        base = low_key(document.received_at_ms)
        top = sql.row(
            f"SELECT max(key) FROM {self._documents} WHERE account = %s AND key >= %s AND key < %s",
            [number, base, base + (1 << TIE_BITS)],
        )
        key = base if top is None or top[0] is None else top[0] + 1
        words, is_cut = _vector(number, document)
        rest = [f"{number}z{token}" for token in document.rest]
        sql.run(
            f"INSERT INTO {self._documents} (account, key, email_id, is_whole, words, rest, excerpt)"
            " VALUES (%s, %s, %s, %s, %s::tsvector, array_to_tsvector(%s::text[]), %s)",
            [number, key, document.email_id, document.is_whole and not is_cut, words, rest,
             document.excerpt[:EXCERPT_CHARS].replace("\0", "")],
        )  # fmt: skip
        if self._keeps_terms:
            tokens = {token for have in (*document.fields.values(), document.rest) for token in have}
            sql.insert_many(
                f"INSERT INTO {self._terms} (account, token)",
                [(number, token) for token in sorted(tokens)],
                tail="ON CONFLICT DO NOTHING",
            )

    @db.action
    def forget(self, account_id: int) -> None:
        number = self._number(account_id)
        sql.run(f"DELETE FROM {self._documents} WHERE account = %s", [number])
        if self._keeps_terms:
            sql.run(f"DELETE FROM {self._terms} WHERE account = %s", [number])
        sql.run(f"DELETE FROM {self._accounts} WHERE number = %s", [number])

    def _number(self, account_id: int) -> int | None:
        row = sql.row(f"SELECT number FROM {self._accounts} WHERE id = %s", [account_id])
        return None if row is None else int(row[0])

    # --- how far ------------------------------------------------------------------------------

    def progress(self) -> dict[int, Progress]:
        return {
            row[0]: Progress(upto=row[1], down_modseq=row[2], down_id=row[3])
            for row in sql.rows(
                f"SELECT id, upto, down_modseq, down_id FROM {self._accounts} WHERE version = %s", [VERSION]
            )
        }

    def progress_of(self, account_id: int) -> Progress | None:
        row = sql.row(
            f"SELECT upto, down_modseq, down_id FROM {self._accounts} WHERE id = %s AND version = %s",
            [account_id, VERSION],
        )
        return None if row is None else Progress(upto=row[0], down_modseq=row[1], down_id=row[2])

    def progress_among(self, account_ids: Collection[int]) -> dict[int, Progress]:
        return {
            row[0]: Progress(upto=row[1], down_modseq=row[2], down_id=row[3])
            for chunk in sql.chunks(account_ids)
            for row in sql.rows(
                f"SELECT id, upto, down_modseq, down_id FROM {self._accounts} WHERE version = %s"
                f" AND id IN ({sql.marks(chunk)})",
                [VERSION, *chunk],
            )
        }

    # --- finding ------------------------------------------------------------------------------

    def can_find(self, node: Node) -> bool:
        return _expression(node, 0) is not None

    def find(
        self,
        account_id: int,
        node: Node | None,
        *,
        limit: int | None,
        low_key: int | None = None,
        high_key: int | None = None,
    ) -> list[Hit]:
        number = self._number(account_id)
        if number is None:
            return []
        expression = None if node is None else _expression(node, number)
        return self._matching([number], expression, limit, low_key, high_key)

    def find_in_any(
        self,
        account_ids: Collection[int],
        node: Node,
        *,
        limit: int,
        low_key: int | None = None,
        high_key: int | None = None,
    ) -> list[Hit]:
        numbers = [
            row[0]
            for chunk in sql.chunks(account_ids)
            for row in sql.rows(
                f"SELECT number FROM {self._accounts} WHERE id IN ({sql.marks(chunk)})", chunk
            )
        ]
        if not numbers:
            return []
        expression = " | ".join(str(_expression(node, number)) for number in numbers)
        return self._matching(numbers, expression, limit, low_key, high_key)

    def _matching(
        self,
        numbers: list[int],
        expression: str | None,
        limit: int | None,
        low_key: int | None,
        high_key: int | None,
    ) -> list[Hit]:
        where = f"account IN ({sql.marks(numbers)})"
        asked: list[object] = [*numbers]
        for condition, value in (
            ("key >= %s", low_key),
            ("key <= %s", high_key),
            ("words @@ %s::tsquery", expression),
        ):
            if value is not None:
                where += f" AND {condition}"
                asked.append(value)
        tail = "" if limit is None else f" LIMIT {limit:d}"
        rows = sql.rows(
            f"SELECT key, email_id FROM {self._documents} WHERE {where} ORDER BY key DESC, email_id DESC{tail}",
            asked,
        )
        return list(map(Hit._make, rows))

    def among(self, account_id: int, node: Node, keys: Collection[int]) -> set[int]:
        number = self._number(account_id)
        if number is None:
            return set()
        found: set[int] = set()
        for chunk in sql.chunks(keys):
            found |= {
                row[0]
                for row in sql.rows(
                    f"SELECT email_id FROM {self._documents} WHERE account = %s AND words @@ %s::tsquery"
                    f" AND key IN ({sql.marks(chunk)})",
                    [number, _expression(node, number), *chunk],
                )
            }
        return found

    def count(self, account_id: int, node: Node, *, limit: int) -> int:
        return len(self.find(account_id, node, limit=limit))

    def keys_of(self, account_id: int, email_ids: Collection[int]) -> dict[int, int]:
        found: dict[int, int] = {}
        for chunk in sql.chunks(email_ids):
            found.update(
                sql.rows(
                    f"SELECT email_id, key FROM {self._documents}"
                    f" WHERE account = %s AND email_id IN ({sql.marks(chunk)})",
                    [self._number(account_id) or 0, *chunk],
                )
            )
        return found

    def excerpts(self, email_ids: Collection[int]) -> dict[int, str]:
        found: dict[int, str] = {}
        for chunk in sql.chunks(email_ids):
            found.update(
                sql.rows(
                    f"SELECT email_id, excerpt FROM {self._documents} WHERE email_id IN ({sql.marks(chunk)})",
                    chunk,
                )
            )
        return found

    def email_ids(self, account_id: int, *, after: int, limit: int) -> list[int]:
        rows = sql.rows(
            f"SELECT email_id FROM {self._documents} WHERE account = %s AND email_id > %s ORDER BY email_id LIMIT %s",
            [self._number(account_id) or 0, after, limit],
        )
        return [row[0] for row in rows]

    def size(self, account_id: int) -> int:
        row = sql.row(
            f"SELECT count(*) FROM {self._documents} WHERE account = %s", [self._number(account_id) or 0]
        )
        return 0 if row is None else int(row[0])

    def close(self) -> None:
        """Nothing is held open."""

    # --- substrings, for IMAP -----------------------------------------------------------------

    def perhaps(self, account_id: int, needle: str) -> Suspects | None:
        number = self._number(account_id)
        if number is None or (conditions := self._holding(number, needle)) is None:
            return None
        suspects = Suspects(set(), set(), set(), set())
        # In `rest` tokens have no field; in `words` one of all fields has them.
        for column, letters in (("words", "".join(_LETTERS.values())), ("rest", "z")):
            if conditions:
                query = " & ".join(_any_lexeme(number, letters, condition) for condition in conditions)
                rows = sql.rows(
                    f"SELECT email_id FROM {self._documents} WHERE account = %s AND {column} @@ %s::tsquery",
                    [number, query],
                )
                suspects.email_ids.update(row[0] for row in rows)
        suspects.unknown.update(
            row[0]
            for row in sql.rows(
                f"SELECT email_id FROM {self._documents} WHERE account = %s AND NOT is_whole", [number]
            )
        )
        return suspects

    def _holding(self, number: int, needle: str) -> list[Sequence[str]] | None:
        """What an e-mail with the needle must have, each one of some tokens (a `*` behind those that may go on).

        Empty when no word is like it, None when that says too little.
        """
        pieces = pieces_inside(needle)
        if not pieces:
            return None
        conditions: list[Sequence[str]] = []
        is_told = False
        for how, token in pieces:
            if how in ("is", "begins"):
                conditions.append([token + "*" * (how == "begins")])
                is_told = is_told or how == "is" or len(token) > 2
                continue
            pattern = f"%{token}" if how == "ends" else f"%{token}%"
            terms = sql.rows(
                f"SELECT token FROM {self._terms} WHERE account = %s AND token LIKE %s LIMIT {MAX_HOLDING_TERMS + 1}",
                [number, pattern],
            )
            if not terms:
                return []
            if len(terms) <= MAX_HOLDING_TERMS:
                conditions.append([row[0] for row in terms])
                is_told = True
        return conditions if is_told else None


def _vector(number: int, document: Document) -> tuple[str, bool]:
    """As PostgreSQL reads it, and whether something had to be left out."""
    lexemes: list[str] = []
    size, is_cut = 0, False
    for name in FIELDS:
        places: dict[str, list[int]] = {}
        have = document.fields.get(name, ())
        is_cut = is_cut or len(have) > MAX_PLACES
        for place, token in enumerate(have[:MAX_PLACES], 1):
            places.setdefault(token, []).append(place)
        for token, found in places.items():
            size += len(token.encode()) + 2 * min(len(found), 255) + 24
            if size > MAX_VECTOR_BYTES:
                return " ".join(lexemes), True
            lexemes.append(f"'{number}{_LETTERS[name]}{token}':{','.join(map(str, found[:255]))}")
    return " ".join(lexemes), is_cut


def _expression(node: Node, number: int) -> str | None:
    """A tree of texts as PostgreSQL reads it; None when it holds facts, or nothing that must be there."""
    match node:
        case Words():
            return _phrase(node, number)
        case Or(parts):
            found = [_expression(part, number) for part in parts]
            return None if None in found else "(" + " | ".join(map(str, found)) + ")"
        case And(parts):
            must = [_expression(part, number) for part in parts if not isinstance(part, Not)]
            must_not = [_expression(part.part, number) for part in parts if isinstance(part, Not)]
            if not must or None in must or None in must_not:
                return None
            return "(" + " & ".join([*map(str, must), *(f"!{part}" for part in must_not)]) + ")"
    return None


def _phrase(words: Words, number: int) -> str | None:
    look_for = wanted(words.text, is_prefix=words.is_prefix)
    if not look_for.tokens:
        return None
    open_end = ":*" if look_for.is_open else ""
    phrases = [
        " <-> ".join(f"'{number}{_LETTERS[name]}{token}'" for token in look_for.tokens) + open_end
        for name in FIELDS_ASKED[words.field]
    ]
    return "(" + " | ".join(f"({phrase})" for phrase in phrases) + ")"


def _any_lexeme(number: int, letters: str, tokens: Sequence[str]) -> str:
    lexemes = [
        f"'{number}{letter}{token.rstrip('*')}'" + ":*" * token.endswith("*")
        for token in tokens
        for letter in letters
    ]
    return "(" + " | ".join(lexemes) + ")"
