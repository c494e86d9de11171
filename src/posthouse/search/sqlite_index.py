"""The index in SQLite: FTS5 without content, in a file of its own beside the store.

Its own file, since it may be lost, and since writing it never waits for the write lane nor keeps it waiting. Tokens
come ready-made (tokens.py), joined by blanks, each behind its account's number in five characters: FTS5's own
tokenizer only parts them again, and the entries of one account lie together.

`words` is what a person searches. `rest` holds what only IMAP looks at; `term` every token once, so that IMAP's
question for a part of a word becomes one for the words that hold it. Readers are `query_only` connections, one per
thread; one writes, under a lock, and it alone checkpoints.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import orjson
import structlog

import posthouse.base.sqlite  # noqa: F401 chooses the SQLite library, which must be the same everywhere
from posthouse.base import packing
from posthouse.base.errors import Unavailable
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
from posthouse.search.terms import Terms, holding
from posthouse.search.tokens import pieces_inside, wanted
from posthouse.search.tree import And, Node, Not, Or, Words

import sqlite3  # isort: skip

log = structlog.get_logger(__name__)

MAX_HOLDING_TERMS = 400
"""A part of so many words narrows nothing down."""
FEW_KEYS = 40
SPARSE = 10
"""Asking for a key takes as long as reading so many that follow one another."""
KNOWN_TERMS = 20_000
CHECKPOINT_EVERY = 32
"""Writes; each checkpoint waits for the disk, which the store needs too."""
_PLAIN = 3
"""In `doc.is_whole`: whole and plain. Those indexed before there was this number have 1."""
_COLUMNS = {name: f"{name}_" for name in FIELDS}
_ANY_MARK = "\0"
"""In an expression that is written once for many accounts; no token has it."""
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# Before 3.43 nothing can be deleted from a table without content, so it keeps the tokens once more.
_CONTENT = "content='', contentless_delete=1, " * (sqlite3.sqlite_version_info >= (3, 43))
_SCHEMA = f"""
CREATE TABLE account (number INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE, upto INTEGER NOT NULL,
    down_modseq INTEGER, down_id INTEGER NOT NULL);
CREATE TABLE doc (key INTEGER PRIMARY KEY, account INTEGER NOT NULL, email_id INTEGER NOT NULL UNIQUE,
    is_whole INTEGER NOT NULL);
CREATE INDEX doc_account ON doc (account, key);
CREATE INDEX doc_email ON doc (account, email_id);
CREATE INDEX doc_unknown ON doc (account, email_id) WHERE NOT is_whole;
CREATE TABLE excerpt (key INTEGER PRIMARY KEY, text BLOB NOT NULL);
CREATE TABLE term (account INTEGER NOT NULL, token TEXT NOT NULL, PRIMARY KEY (account, token)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5({", ".join(_COLUMNS.values())}, {_CONTENT}
    tokenize='ascii', prefix='7 8');
CREATE VIRTUAL TABLE rest USING fts5(tokens, {_CONTENT}detail=none, tokenize='ascii');
PRAGMA user_version = {VERSION};
"""


class SqliteIndex:
    def __init__(self, path: Path, *, keeps_terms: bool = True) -> None:
        """Without its terms it cannot say which documents may hold a substring (`perhaps`)."""
        self._path = path
        self._keeps_terms = keeps_terms
        self._lock = threading.RLock()
        self._local = threading.local()
        self._connections: list[Any] = []
        self._writer: Any = None
        self._known: set[tuple[int, str]] = set()
        self._numbers: dict[int, int] = {}
        self._terms_kept = Terms()
        self._writes = 0
        self._is_broken = False

    # --- connections ---------------------------------------------------------------------------

    def _open(self) -> Any:
        connection = sqlite3.connect(
            self._path, timeout=20, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        self._connections.append(connection)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute("PRAGMA cache_size=-4000")
        connection.execute("PRAGMA temp_store=MEMORY")
        return connection

    def _write_connection(self) -> Any:
        if self._is_broken:
            self._writer = self._remake()
        if self._writer is None:
            self._writer = self._made()
        return self._writer

    def _made(self) -> Any:
        """A connection to an index of our version; one that is missing, old or broken is made anew."""
        with suppress(sqlite3.DatabaseError):
            connection = self._open()
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version == VERSION:
                connection.execute("SELECT 1 FROM doc LIMIT 1")
                return connection
            log.info("search.made_anew", version=version)
        return self._remake()

    def _remake(self) -> Any:
        self._disconnect()
        self._known.clear()
        self._numbers.clear()
        self._terms_kept.forget()
        for suffix in ("", "-wal", "-shm", "-journal"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        connection = self._open()
        connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
        self._is_broken = False
        return connection

    def _reader(self) -> Any:
        found = getattr(self._local, "connection", None)
        if found is None:
            with self._lock:
                self._write_connection()
                found = self._open()
            found.execute("PRAGMA query_only=ON")
            self._local.connection = found
        return found

    def _read(self, statement: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._noticing():
            return list(self._reader().execute(statement, params).fetchall())

    @contextmanager
    def _noticing(self) -> Iterator[None]:
        """A file that turns out to be damaged is made anew by the next write."""
        try:
            yield
        except (sqlite3.OperationalError, sqlite3.ProgrammingError) as error:
            raise Unavailable("search_unavailable", "Search is not possible just now.") from error
        except sqlite3.DatabaseError as error:
            log.error("search.index_damaged", error=str(error))
            self._is_broken = True
            raise Unavailable("search_unavailable", "Search is not possible just now.") from error

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        with self._noticing(), self._lock:
            connection = self._write_connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                self._known.clear()
                self._numbers.clear()
                raise
            connection.execute("COMMIT")
            self._writes += 1
            if self._writes % CHECKPOINT_EVERY == 0:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def _disconnect(self) -> None:
        for connection in self._connections:
            with suppress(sqlite3.Error):
                connection.close()
        self._connections.clear()
        self._writer = None
        self._local = threading.local()

    def close(self) -> None:
        with self._lock:
            if self._writer is not None:
                with suppress(sqlite3.Error):
                    self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._disconnect()

    # --- writing -------------------------------------------------------------------------------

    def write(self, batch: Batch) -> None:
        with self._writing() as connection:
            if _progress_of(connection, batch.account_id) != batch.since:
                return
            number = self._number_for(connection, batch)
            for ids in _chunks(batch.gone):
                _remove(connection, number, ids)
            there = _present(connection, [document.email_id for document in batch.documents])
            for document in batch.documents:
                if document.email_id not in there:
                    self._add(connection, number, document)

    def _number_for(self, connection: Any, batch: Batch) -> int:
        progress = batch.progress
        row = connection.execute(
            "INSERT INTO account (id, upto, down_modseq, down_id) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
            " SET upto = excluded.upto, down_modseq = excluded.down_modseq, down_id = excluded.down_id"
            " RETURNING number",
            (batch.account_id, progress.upto, progress.down_modseq, progress.down_id),
        ).fetchone()
        return int(row[0])

    def _add(self, connection: Any, number: int, document: Document) -> None:
        base = low_key(document.received_at_ms)
        top = connection.execute(
            "SELECT max(key) FROM doc WHERE key >= ? AND key < ?", (base, base + (1 << TIE_BITS))
        ).fetchone()[0]
        key = base if top is None else top + 1
        connection.execute(
            "INSERT INTO doc (key, account, email_id, is_whole) VALUES (?, ?, ?, ?)",
            (key, number, document.email_id, _PLAIN if document.is_plain else int(document.is_whole)),
        )
        if document.excerpt:
            packed = packing.pack(document.excerpt[:EXCERPT_CHARS].encode())
            connection.execute("INSERT INTO excerpt (key, text) VALUES (?, ?)", (key, packed))
        mark = _mark(number)
        columns = [_marked(document.fields.get(name, ()), mark) for name in FIELDS]
        connection.execute(
            f"INSERT INTO words (rowid, {', '.join(_COLUMNS.values())}) VALUES (?{', ?' * len(FIELDS)})",
            (key, *columns),
        )
        if document.rest:
            connection.execute(
                "INSERT INTO rest (rowid, tokens) VALUES (?, ?)", (key, _marked(document.rest, mark))
            )
        if self._keeps_terms:
            self._add_terms(connection, number, document)

    def _add_terms(self, connection: Any, number: int, document: Document) -> None:
        seen = {(number, token) for have in (*document.fields.values(), document.rest) for token in have}
        new = seen - self._known
        connection.executemany("INSERT OR IGNORE INTO term (account, token) VALUES (?, ?)", sorted(new))
        self._terms_kept.add(number, (token for _, token in new))
        if len(self._known) > KNOWN_TERMS:
            self._known.clear()
        self._known |= new

    def forget(self, account_id: int) -> None:
        while ids := self.email_ids(account_id, after=0, limit=500):
            with self._writing() as connection:
                number = self._number(account_id)
                if number is not None:
                    _remove(connection, number, ids)
        with self._writing() as connection:
            number = self._number(account_id)
            connection.execute("DELETE FROM term WHERE account = ?", (number,))
            connection.execute("DELETE FROM account WHERE number = ?", (number,))
            self._known.clear()
            self._numbers.clear()
            self._terms_kept.forget()

    # --- how far ------------------------------------------------------------------------------

    def progress(self) -> dict[int, Progress]:
        return {
            account_id: Progress(upto=upto, down_modseq=down_modseq, down_id=down_id)
            for account_id, upto, down_modseq, down_id in self._read(
                "SELECT id, upto, down_modseq, down_id FROM account"
            )
        }

    def progress_of(self, account_id: int) -> Progress | None:
        with self._noticing():
            return _progress_of(self._reader(), account_id)

    def progress_among(self, account_ids: Collection[int]) -> dict[int, Progress]:
        return {
            row[0]: Progress(upto=row[1], down_modseq=row[2], down_id=row[3])
            for row in self._read(
                "SELECT id, upto, down_modseq, down_id FROM account WHERE id IN (SELECT value FROM json_each(?))",
                [orjson.dumps(list(account_ids))],
            )
        }

    def _number(self, account_id: int) -> int | None:
        found = self._numbers.get(account_id)
        if found is None:
            for (found,) in self._read("SELECT number FROM account WHERE id = ?", (account_id,)):
                self._numbers[account_id] = found
        return found

    # --- finding ------------------------------------------------------------------------------

    def can_find(self, node: Node) -> bool:
        return _expression(node, "") is not None

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
        if node is not None:
            return self._matching(_expression(node, _mark(number)), limit, low_key, high_key)
        span, params = _span("key", low_key, high_key)
        tail = "" if limit is None else f" LIMIT {limit:d}"
        rows = self._read(
            f"SELECT key, email_id FROM doc WHERE account = ?{span} ORDER BY key DESC{tail}",
            [number, *params],
        )
        return list(map(Hit._make, rows))

    def find_in_any(
        self,
        account_ids: Collection[int],
        node: Node,
        *,
        limit: int,
        low_key: int | None = None,
        high_key: int | None = None,
    ) -> list[Hit]:
        numbers = self._read(
            "SELECT number FROM account WHERE id IN (SELECT value FROM json_each(?))",
            [orjson.dumps(list(account_ids))],
        )
        if not numbers:
            return []
        of_one = str(_expression(node, _ANY_MARK))
        expression = " OR ".join(of_one.replace(_ANY_MARK, _mark(number)) for (number,) in numbers)
        return self._matching(expression, limit, low_key, high_key)

    def _matching(
        self, expression: str | None, limit: int | None, low_key: int | None, high_key: int | None
    ) -> list[Hit]:
        span, params = _span("words.rowid", low_key, high_key)
        tail = "" if limit is None else f" LIMIT {limit:d}"
        rows = self._read(
            "SELECT words.rowid, email_id FROM words CROSS JOIN doc ON key = words.rowid"
            f" WHERE words MATCH ?{span} ORDER BY words.rowid DESC{tail}",
            [expression, *params],
        )
        return list(map(Hit._make, rows))

    def among(self, account_id: int, node: Node, keys: Collection[int]) -> set[int]:
        number = self._number(account_id)
        if number is None or not keys:
            return set()
        expression = _expression(node, _mark(number))
        if len(keys) > FEW_KEYS and not self._is_sparse(number, keys):
            wanted_keys = set(keys)
            hits = self.find(account_id, node, limit=None, low_key=min(keys), high_key=max(keys))
            return {hit.email_id for hit in hits if hit.key in wanted_keys}
        return {
            row[0]
            for row in self._read(
                "SELECT email_id FROM json_each(?) AS k CROSS JOIN words ON words.rowid = k.value"
                " CROSS JOIN doc ON doc.key = words.rowid WHERE words MATCH ?",
                [orjson.dumps(list(keys)), expression],
            )
        }

    def _is_sparse(self, number: int, keys: Collection[int]) -> bool:
        most = SPARSE * len(keys)
        (row,) = self._read(
            "SELECT count(*) FROM (SELECT 1 FROM doc WHERE account = ? AND key BETWEEN ? AND ? LIMIT ?)",
            [number, min(keys), max(keys), most],
        )
        return int(row[0]) >= most

    def count(self, account_id: int, node: Node, *, limit: int) -> int:
        number = self._number(account_id)
        if number is None:
            return 0
        (row,) = self._read(
            "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)",
            [_expression(node, _mark(number)), limit],
        )
        return int(row[0])

    def keys_of(self, account_id: int, email_ids: Collection[int]) -> dict[int, int]:
        return dict(
            self._read(
                "SELECT email_id, key FROM doc WHERE email_id IN (SELECT value FROM json_each(?)) AND account ="
                " (SELECT number FROM account WHERE id = ?)",
                [orjson.dumps(list(email_ids)), account_id],
            )
        )

    def excerpts(self, email_ids: Collection[int]) -> dict[int, str]:
        return {
            email_id: packing.unpack(packed).decode()
            for email_id, packed in self._read(
                "SELECT email_id, text FROM doc JOIN excerpt USING (key)"
                " WHERE email_id IN (SELECT value FROM json_each(?))",
                [orjson.dumps(list(email_ids))],
            )
        }

    def email_ids(self, account_id: int, *, after: int, limit: int) -> list[int]:
        number = self._number(account_id)
        return [
            row[0]
            for row in self._read(
                "SELECT email_id FROM doc WHERE account = ? AND email_id > ? ORDER BY email_id LIMIT ?",
                (number, after, limit),
            )
        ]

    def size(self, account_id: int) -> int:
        (row,) = self._read("SELECT count(*) FROM doc WHERE account = ?", (self._number(account_id),))
        return int(row[0])

    # --- substrings, for IMAP -----------------------------------------------------------------

    def perhaps(self, account_id: int, needle: str) -> Suspects | None:
        number = self._number(account_id)
        expression = None if number is None else self._holding(number, needle)
        if expression is None:
            return None
        unknown = self._read("SELECT email_id FROM doc WHERE account = ? AND NOT is_whole", [number])
        found = Suspects(set(), {row[0] for row in unknown}, set(), set())
        if not expression:
            return found
        is_one_word = pieces_inside(needle) == [("holds", needle)]
        for table, columns, sure in (
            ("words", "{body_} : ", found.in_body),
            ("words", "- {body_} : ", None),
            ("rest", "", found.in_rest),
        ):
            ((plain, others),) = self._read(
                f"SELECT group_concat(CASE WHEN is_whole = {_PLAIN} THEN email_id END),"
                f" group_concat(CASE WHEN is_whole <> {_PLAIN} THEN email_id END)"
                f" FROM {table} CROSS JOIN doc ON key = {table}.rowid WHERE {table} MATCH ?",
                [f"{columns}({expression})"],
            )
            hits = _ids(plain)
            found.email_ids.update(hits, _ids(others))
            if sure is not None and is_one_word:
                sure.update(hits)
        return found

    def _holding(self, number: int, needle: str) -> str | None:
        """What an e-mail with the needle must have; "" when no word is like it, None when that says too little."""
        pieces = pieces_inside(needle)
        if not pieces:
            return None
        mark, conditions, is_told = _mark(number), [], False
        for how, token in pieces:
            if how in ("is", "begins"):
                conditions.append(f'"{mark}{token}"' + (" *" if how == "begins" else ""))
                is_told = is_told or how == "is" or len(token) > 2
                continue
            terms = self._terms(number, token, at_end=how == "ends")
            if len(terms) > MAX_HOLDING_TERMS:
                continue
            if not terms:
                return ""
            conditions.append("(" + " OR ".join(f'"{mark}{term}"' for term in terms) + ")")
            is_told = True
        return " AND ".join(conditions) if is_told else None

    def _terms(self, number: int, part: str, *, at_end: bool) -> list[str]:
        texts = self._terms_kept.of(number)
        if texts is None:
            with self._lock:  # the writer's next tokens come behind these
                ((tokens,),) = self._read(
                    "SELECT CAST(group_concat(token, char(10)) AS BLOB) FROM term WHERE account = ?", [number]
                )
                texts = self._terms_kept.keep(number, tokens or b"")
        return holding(texts, part, at_end=at_end, most=MAX_HOLDING_TERMS)


def _span(key: str, low: int | None, high: int | None) -> tuple[str, list[int]]:
    """A condition from one key to another, and its values."""
    conditions = [(f" AND {key} >= ?", low), (f" AND {key} <= ?", high)]
    return "".join(text for text, value in conditions if value is not None), [
        value for _, value in conditions if value is not None
    ]


# --- expressions of FTS5 ----------------------------------------------------------------------------


def _expression(node: Node, mark: str) -> str | None:
    """A tree of texts as FTS5 reads it; None when it holds facts, or nothing that must be there."""
    match node:
        case Words():
            return _phrase(node, mark)
        case Or(parts):
            found = [_expression(part, mark) for part in parts]
            return None if None in found else "(" + " OR ".join(map(str, found)) + ")"
        case And(parts):
            must = [_expression(part, mark) for part in parts if not isinstance(part, Not)]
            must_not = [_expression(part.part, mark) for part in parts if isinstance(part, Not)]
            if not must or None in must or None in must_not:
                return None
            text = " AND ".join(map(str, must))
            return f"({text})" if not must_not else f"(({text}) NOT ({' OR '.join(map(str, must_not))}))"
    return None


def _phrase(words: Words, mark: str) -> str | None:
    look_for = wanted(words.text, is_prefix=words.is_prefix)
    if not look_for.tokens:
        return None
    quoted = '"' + " ".join(mark + token for token in look_for.tokens) + '"' + " *" * look_for.is_open
    if words.field == "any":
        return quoted
    columns = " ".join(_COLUMNS[name] for name in FIELDS_ASKED[words.field])
    return f"({{{columns}}} : {quoted})"


def _ids(joined: str | None) -> set[int]:
    """Of thousands of rows a text of all is read sooner than each."""
    return set(map(int, joined.split(","))) if joined else set()


def _mark(number: int) -> str:
    """The account in front of each of its tokens: five characters, so that a prefix index knows where words begin."""
    digits = ""
    for _ in range(5):
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits


def _marked(tokens: Collection[str], mark: str) -> str:
    return mark + f" {mark}".join(tokens) if tokens else ""


def _progress_of(connection: Any, account_id: int) -> Progress | None:
    row = connection.execute(
        "SELECT upto, down_modseq, down_id FROM account WHERE id = ?", (account_id,)
    ).fetchone()
    return None if row is None else Progress(upto=row[0], down_modseq=row[1], down_id=row[2])


def _present(connection: Any, email_ids: list[int]) -> set[int]:
    rows = connection.execute(
        "SELECT email_id FROM doc WHERE email_id IN (SELECT value FROM json_each(?))",
        [orjson.dumps(email_ids)],
    )
    return {row[0] for row in rows}


def _remove(connection: Any, number: int, email_ids: list[int]) -> None:
    keys = connection.execute(
        "SELECT key FROM doc WHERE account = ? AND email_id IN (SELECT value FROM json_each(?))",
        [number, orjson.dumps(email_ids)],
    ).fetchall()
    for table, column in (("words", "rowid"), ("rest", "rowid"), ("excerpt", "key"), ("doc", "key")):
        connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", keys)


def _chunks(ids: list[int], size: int = 500) -> Iterator[list[int]]:
    for at in range(0, len(ids), size):
        yield ids[at : at + size]
