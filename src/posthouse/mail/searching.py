"""Finding e-mails by what a list shows of them: subject, people, preview, flags.

A scan of one account's small rows, newest first, without an index of words: complete, and quick enough for tens
of thousands of e-mails. Bodies are not searched. An index takes this place behind the same function.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from posthouse.base import sql
from posthouse.mail import flags as flag
from posthouse.mail.queries import HIDDEN_ROLES, Cursor, Page, placed, threads
from posthouse.search.language import Query, Term

_COLUMNS = {
    "from": ("sender",),
    "to": ("recipients", "copied"),
    "subject": ("subject",),
    "any": ("subject", "sender", "preview", "recipients", "copied"),
}
_JSON_COLUMNS = frozenset({"sender", "recipients", "copied"})
_JSON_KEYS = '[{"name":"","email":""},{"'
"""Punctuation and names of the address columns; a word that is part of it must not match it."""


@dataclass(slots=True)
class _Where:
    """Conditions on the e-mail `{e}`; the name of the table is filled in twice."""

    parts: list[str] = field(default_factory=list)
    params: list[Any] = field(default_factory=list)

    def add(self, condition: str, *params: Any) -> None:
        self.parts.append(condition)
        self.params += params

    def text(self, table: str) -> str:
        return "".join(f" AND {part}" for part in self.parts).replace("{e}", table)


def found_threads(
    account_id: int, query: Query, *, mailbox_id: int | None, after: Cursor | None, limit: int
) -> Page:
    """Threads with an e-mail that fits, by the newest such e-mail, newest first."""
    where = _where(account_id, query, mailbox_id)
    cursor, cursor_params = "", []
    if after is not None:
        cursor = " AND (e.received_at, e.id) < (%s, %s)"
        cursor_params = [after.received_at_ms, after.email_id]
    keys = sql.rows(
        "SELECT e.received_at, e.id, e.thread_id FROM mail_email e WHERE e.account_id = %s"
        f"{cursor}{where.text('e')} AND NOT EXISTS (SELECT 1 FROM mail_email n WHERE n.thread_id = e.thread_id"
        f" AND n.account_id = e.account_id AND (n.received_at, n.id) > (e.received_at, e.id){where.text('n')})"
        " ORDER BY e.received_at DESC, e.id DESC LIMIT %s",
        [account_id, *cursor_params, *where.params, *where.params, limit + 1],
    )
    rows = threads(account_id, [row[2] for row in keys[:limit]], seen_from=mailbox_id)
    return Page(placed(rows, keys), Cursor(*keys[limit - 1][:2]) if len(keys) > limit else None)


def _where(account_id: int, query: Query, mailbox_id: int | None) -> _Where:
    where = _Where()
    _add_place(where, account_id, query.mailbox, mailbox_id)
    for bit, wanted in (
        (flag.SEEN, None if query.is_unread is None else not query.is_unread),
        (flag.FLAGGED, query.is_flagged),
        (flag.ANSWERED, query.is_answered),
        (flag.DRAFT, query.is_draft),
    ):
        if wanted is not None:
            where.add(f"({{e}}.flags & {bit}) {'<>' if wanted else '='} 0")
    if query.has_attachment is not None:
        where.add("{e}.has_attachment" if query.has_attachment else "NOT {e}.has_attachment")
    for condition, value in (
        ("{e}.received_at >= %s", query.after_ms),
        ("{e}.received_at < %s", query.before_ms),
        ("{e}.size_bytes > %s", query.larger_bytes),
        ("{e}.size_bytes < %s", query.smaller_bytes),
    ):
        if value is not None:
            where.add(condition, value)
    for term in query.terms:
        _add_term(where, term)
    return where


def _add_place(where: _Where, account_id: int, name: str | None, mailbox_id: int | None) -> None:
    inside = "EXISTS (SELECT 1 FROM mail_placement p WHERE p.email_id = {e}.id AND p.mailbox_id"
    if mailbox_id is not None:
        where.add(f"{inside} = %s)", mailbox_id)
    if name is not None and name.lower() in ("anywhere", "all"):
        return
    if name is not None:
        ids = _named(account_id, name)
        where.add(f"{inside} IN ({sql.marks(ids)}))", *ids) if ids else where.add("1 = 0")
    elif mailbox_id is None:
        where.add(
            f"{inside} NOT IN (SELECT id FROM mail_mailbox WHERE account_id = %s AND role IN (%s, %s)))",
            account_id,
            *HIDDEN_ROLES,
        )


def _named(account_id: int, name: str) -> list[int]:
    """The mailboxes one may mean by a word: a role, a name, or the last words of a name."""
    wanted = {"spam": "junk", "bin": "trash"}.get(name.lower(), name.lower())
    found = sql.rows("SELECT id, name, role FROM mail_mailbox WHERE account_id = %s", [account_id])
    return [row[0] for row in found if wanted in (row[2], row[1].lower(), row[1].lower().replace(" ", "-"))]


def _add_term(where: _Where, term: Term) -> None:
    conditions, params = [], []
    like = "LIKE" if connection.vendor == "sqlite" else "ILIKE"
    for column in _COLUMNS[term.field]:
        expression = f"{{e}}.{column}"
        if column in _JSON_COLUMNS and term.text.lower() in _JSON_KEYS:
            expression = f"""replace(replace({expression}, '"name":', ''), '"email":', '')"""
        for pattern in _patterns(term.text):
            conditions.append(f"{expression} {like} %s ESCAPE '\\'")
            params.append(pattern)
    where.add(f"{'NOT ' if term.negated else ''}({' OR '.join(conditions)})", *params)


def _patterns(text: str) -> Sequence[str]:
    """SQLite folds the case of ASCII only, so other words are looked for in their usual cases."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    forms = (
        [escaped] if escaped.isascii() else [escaped, escaped.lower(), escaped.upper(), escaped.capitalize()]
    )
    return [f"%{form}%" for form in dict.fromkeys(forms)]
