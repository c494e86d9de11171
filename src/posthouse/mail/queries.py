"""Every read of many rows for lists and for the log. Hot: rows come as tuples and go out as JSON-ready dictionaries.

Lists are keyset-paged on an index, so a page costs the same at 1,000 e-mails as at 100,000. The address columns
hold JSON already and are passed on as fragments without being parsed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import orjson

from posthouse.base import sql
from posthouse.base.clock import iso
from posthouse.base.errors import Missing
from posthouse.mail import flags as flag
from posthouse.mail.access import version_of_email

Row = dict[str, Any]

EMAIL_COLUMNS = (
    "id, account_id, thread_id, size_bytes, received_at, sent_at, subject, preview, sender, recipients, copied,"
    " flags, keywords, has_attachment, modseq"
)
MAX_SENDERS = 8
HIDDEN_ROLES = ("trash", "junk")


class Cursor(NamedTuple):
    """Where a page ended: time in milliseconds and e-mail id of its last row."""

    received_at_ms: int
    email_id: int


class Page(NamedTuple):
    items: list[Row]
    next: Cursor | None


def mailboxes(account_id: int, *, by_name: bool = False) -> list[Row]:
    """All mailboxes of an account in the order a person sees them, or by name."""
    order = "name, id" if by_name else "sort_order, name"
    return [
        mailbox_json(row)
        for row in sql.rows(
            f"SELECT {MAILBOX_COLUMNS} FROM mail_mailbox WHERE account_id = %s ORDER BY {order}",
            [account_id],
        )
    ]


def mailbox(mailbox_id: int) -> Row:
    """One mailbox, whose access was checked; raises Missing."""
    found = sql.row(f"SELECT {MAILBOX_COLUMNS} FROM mail_mailbox WHERE id = %s", [mailbox_id])
    if found is None:
        raise Missing()
    return mailbox_json(found)


MAILBOX_COLUMNS = (
    "id, account_id, parent_id, name, role, total_emails, unread_emails, is_subscribed, sort_order, modseq,"
    " retention_days"
)


def mailbox_json(row: tuple[Any, ...]) -> Row:
    mailbox_id, account_id, parent_id, name, role, total, unread, subscribed, order, _, days = row
    return {
        "id": str(mailbox_id),
        "account_id": str(account_id),
        "parent_id": None if parent_id is None else str(parent_id),
        "name": name,
        "role": role or None,
        "total_emails": total,
        "unread_emails": unread,
        "is_subscribed": bool(subscribed),
        "sort_order": order,
        "retention_days": days,
    }


def state(account_id: int) -> int:
    found = sql.row("SELECT modseq FROM mail_account WHERE id = %s", [account_id])
    return int(found[0]) if found else 0


def owner_of(account_id: int) -> int | None:
    """The user whose account it is."""
    found = sql.row("SELECT owner_id FROM mail_account WHERE id = %s", [account_id])
    return found[0] if found else None


def email_version(email_id: int) -> str:
    """As `access.version_of_email`; empty for one that is gone."""
    found = sql.row("SELECT modseq FROM mail_email WHERE id = %s", [email_id])
    return version_of_email(email_id, int(found[0])) if found else ""


def _mailboxes_of(email_ids: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for chunk in sql.chunks(email_ids):
        for email_id, mailbox_id in sql.rows(
            f"SELECT email_id, mailbox_id FROM mail_placement WHERE email_id IN ({sql.marks(chunk)})",
            chunk,
        ):
            found.setdefault(email_id, []).append(str(mailbox_id))
    return found


def _email_json(row: tuple[Any, ...], mailbox_ids: list[str]) -> Row:
    (email_id, account_id, thread_id, size, received, sent, subject, preview, sender, to, cc, bits, words,
     attachment, _) = row  # fmt: skip
    return {
        "id": str(email_id),
        "account_id": str(account_id),
        "thread_id": str(thread_id),
        "mailbox_ids": mailbox_ids,
        "from": orjson.Fragment(sender),
        "to": orjson.Fragment(to),
        "cc": orjson.Fragment(cc),
        "subject": subject,
        "preview": preview,
        "received_at": iso(received),
        "sent_at": None if sent is None else iso(sent),
        "size_bytes": size,
        "is_seen": bool(bits & flag.SEEN),
        "is_flagged": bool(bits & flag.FLAGGED),
        "is_answered": bool(bits & flag.ANSWERED),
        "is_forwarded": bool(bits & flag.FORWARDED),
        "is_draft": bool(bits & flag.DRAFT),
        "keywords": words.split(),
        "has_attachment": bool(attachment),
    }


def emails(email_ids: Sequence[int]) -> list[Row]:
    """E-mails by id, in the order asked; those that are gone are left out."""
    found: dict[int, tuple[Any, ...]] = {}
    for chunk in sql.chunks(email_ids):
        for row in sql.rows(
            f"SELECT {EMAIL_COLUMNS} FROM mail_email WHERE id IN ({sql.marks(chunk)})",
            chunk,
        ):
            found[row[0]] = row
    boxes = _mailboxes_of(found)
    return [_email_json(found[i], boxes.get(i, [])) for i in email_ids if i in found]


def subjects_and_previews(email_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """By e-mail; those that are gone are left out."""
    found: dict[int, tuple[str, str]] = {}
    for chunk in sql.chunks(email_ids):
        for email_id, subject, preview in sql.rows(
            f"SELECT id, subject, preview FROM mail_email WHERE id IN ({sql.marks(chunk)})", chunk
        ):
            found[email_id] = (subject, preview)
    return found


class Heading(NamedTuple):
    """What names an e-mail: who wrote it (an address where there is no name), its subject, how it begins."""

    sender: str
    subject: str
    preview: str


def heading(email_id: int) -> Heading:
    """Of an e-mail that is there."""
    found = sql.row("SELECT sender, subject, preview FROM mail_email WHERE id = %s", [email_id])
    assert found is not None
    people = orjson.loads(found[0])
    return Heading((people[0]["name"] or people[0]["email"]) if people else "", found[1], found[2])


def email_page(mailbox_id: int, *, after: Cursor | None, limit: int, oldest_first: bool = False) -> Page:
    """E-mails of a mailbox, newest first unless asked for otherwise."""
    where, params = _after("p", after, oldest_first=oldest_first)
    order = _order("p", "email_id", oldest_first=oldest_first)
    keys = sql.rows(
        "SELECT p.received_at, p.email_id FROM mail_placement p"
        f" WHERE p.mailbox_id = %s{where} ORDER BY {order} LIMIT %s",
        [mailbox_id, *params, limit + 1],
    )
    return Page(emails([email_id for _, email_id in keys[:limit]]), _next(keys, limit))


def flagged_email_page(
    account_id: int, *, after: Cursor | None, limit: int, oldest_first: bool = False
) -> Page:
    """Flagged e-mails of an account; what lies only in Trash or Junk does not count."""
    where, params = _after("e", after, "id", oldest_first=oldest_first)
    order = _order("e", "id", oldest_first=oldest_first)
    keys = sql.rows(
        "SELECT e.received_at, e.id FROM mail_email e"
        f" WHERE e.account_id = %s AND (e.flags & 2) <> 0{where}{_SHOWN.format('e')} ORDER BY {order} LIMIT %s",
        [account_id, *params, limit + 1],
    )
    return Page(emails([email_id for _, email_id in keys[:limit]]), _next(keys, limit))


_SHOWN = (
    " AND EXISTS (SELECT 1 FROM mail_placement p WHERE p.email_id = {0}.id AND p.mailbox_id NOT IN"
    " (SELECT m.id FROM mail_mailbox m WHERE m.account_id = {0}.account_id AND m.role IN ('trash', 'junk')))"
)


def _order(table: str, column: str, *, oldest_first: bool) -> str:
    way = "ASC" if oldest_first else "DESC"
    return f"{table}.received_at {way}, {table}.{column} {way}"


def _after(
    table: str, after: Cursor | None, column: str = "email_id", *, oldest_first: bool = False
) -> tuple[str, list[int]]:
    if after is None:
        return "", []
    way = ">" if oldest_first else "<"
    condition = f" AND ({table}.received_at, {table}.{column}) {way} (%s, %s)"
    return condition, [after.received_at_ms, after.email_id]


def _next(keys: Sequence[tuple[Any, ...]], limit: int) -> Cursor | None:
    return Cursor(*keys[limit - 1][:2]) if len(keys) > limit else None


def thread_page(
    mailbox_id: int, *, account_id: int, after: Cursor | None, limit: int, only_unread: bool = False
) -> Page:
    """Threads with an e-mail in a mailbox, by their newest e-mail in it, newest first."""
    where, params = _after("p", after)
    if only_unread:
        where += (
            " AND EXISTS (SELECT 1 FROM mail_email u JOIN mail_placement q ON q.email_id = u.id"
            " WHERE u.thread_id = p.thread_id AND q.mailbox_id = p.mailbox_id AND u.flags & 1 = 0)"
        )
    keys = sql.rows(
        "SELECT p.received_at, p.email_id, p.thread_id FROM mail_placement p"
        f" WHERE p.mailbox_id = %s{where} AND NOT EXISTS (SELECT 1 FROM mail_placement n"
        " WHERE n.mailbox_id = p.mailbox_id AND n.thread_id = p.thread_id"
        " AND (n.received_at, n.email_id) > (p.received_at, p.email_id))"
        " ORDER BY p.received_at DESC, p.email_id DESC LIMIT %s",
        [mailbox_id, *params, limit + 1],
    )
    rows = threads(account_id, [thread_id for _, _, thread_id in keys[:limit]], seen_from=mailbox_id)
    return Page(placed(rows, keys), _next(keys, limit))


def flagged_page(account_id: int, *, after: Cursor | None, limit: int) -> Page:
    """Threads with a flagged e-mail, by the newest flagged one; what lies only in Trash or Junk does not count."""
    where, params = _after("e", after, "id")
    keys = sql.rows(
        "SELECT e.received_at, e.id, e.thread_id FROM mail_email e"
        f" WHERE e.account_id = %s AND (e.flags & 2) <> 0{where}{_SHOWN.format('e')} AND NOT EXISTS"
        " (SELECT 1 FROM mail_email n WHERE n.thread_id = e.thread_id AND (n.flags & 2) <> 0"
        f" AND (n.received_at, n.id) > (e.received_at, e.id){_SHOWN.format('n')})"
        " ORDER BY e.received_at DESC, e.id DESC LIMIT %s",
        [account_id, *params, limit + 1],
    )
    rows = threads(account_id, [thread_id for _, _, thread_id in keys[:limit]])
    return Page(placed(rows, keys), _next(keys, limit))


def placed(rows: list[Row], keys: Sequence[tuple[Any, ...]]) -> list[Row]:
    """With `placed_at`: the time that gives a thread its place in this list, where `last_at` may be later.

    `keys` are rows of (received_at, e-mail, thread).
    """
    times = {str(thread_id): received_at for received_at, _, thread_id in keys}
    for row in rows:
        row["placed_at"] = iso(times[row["id"]])
    return rows


def threads(account_id: int, thread_ids: Sequence[int], *, seen_from: int | None = None) -> list[Row]:
    """Threads by id, in the order asked; those without e-mails are left out.

    E-mails that lie only in Trash or Junk are left out of a thread that has others, unless it is looked at from
    there.
    """
    grouped: dict[int, list[tuple[Any, ...]]] = {}
    for chunk in sql.chunks(dict.fromkeys(thread_ids)):
        for row in sql.rows(
            f"SELECT {EMAIL_COLUMNS} FROM mail_email WHERE thread_id IN ({sql.marks(chunk)})"
            " AND account_id = %s ORDER BY received_at, id",
            [*chunk, account_id],
        ):
            grouped.setdefault(row[2], []).append(row)
    boxes = _mailboxes_of(row[0] for rows in grouped.values() for row in rows)
    hidden = _hidden(account_id, seen_from)
    return [_thread_json(grouped[i], boxes, hidden) for i in dict.fromkeys(thread_ids) if i in grouped]


def _hidden(account_id: int, seen_from: int | None) -> frozenset[str]:
    found = sql.rows(
        "SELECT id FROM mail_mailbox WHERE account_id = %s AND role IN (%s, %s)", [account_id, *HIDDEN_ROLES]
    )
    ids = {row[0] for row in found}
    return frozenset() if seen_from in ids else frozenset(str(i) for i in ids)


def _thread_json(rows: list[tuple[Any, ...]], boxes: dict[int, list[str]], hidden: frozenset[str]) -> Row:
    if len(rows) == 1:  # the usual case, on the way of every list
        return _thread_row(rows, rows[0], rows[0][11], sorted(boxes.get(rows[0][0], ())))
    shown = [row for row in rows if not hidden.issuperset(boxes.get(row[0], ()))] or rows
    newest = next((row for row in reversed(shown) if not row[11] & flag.DRAFT), shown[-1])
    bits_any = 0
    for row in shown:
        bits_any |= row[11]
    return _thread_row(
        shown, newest, bits_any, sorted({box for row in shown for box in boxes.get(row[0], ())})
    )


def _thread_row(
    shown: list[tuple[Any, ...]], newest: tuple[Any, ...], bits_any: int, mailbox_ids: list[str]
) -> Row:
    """`bits_any`: the flags that any e-mail has."""
    return {
        "id": str(newest[2]),
        "account_id": str(newest[1]),
        "subject": shown[0][6],
        "preview": newest[7],
        "last_at": iso(newest[4]),
        "email_count": len(shown),
        "unread_count": sum([not row[11] & flag.SEEN for row in shown]),
        "is_flagged": bool(bits_any & flag.FLAGGED),
        "is_answered": bool(bits_any & flag.ANSWERED),
        "has_attachment": any(row[13] for row in shown),
        "has_draft": bool(bits_any & flag.DRAFT),
        "senders": _senders(shown),
        "recipients": orjson.Fragment(newest[9]),
        "mailbox_ids": mailbox_ids,
        "email_ids": [str(row[0]) for row in shown],
    }


def _senders(rows: list[tuple[Any, ...]]) -> Any:
    """Those who wrote, oldest first. One e-mail, the usual case, is passed on unparsed."""
    if len(rows) == 1:
        return orjson.Fragment(rows[0][8])
    unique: dict[str, Row] = {}
    for text in dict.fromkeys(row[8] for row in rows):
        for sender in orjson.loads(text):
            unique.setdefault(sender["email"].lower(), sender)
    return list(unique.values())[:MAX_SENDERS]


def thread_email_ids(account_id: int, thread_id: int) -> list[int]:
    return [
        row[0]
        for row in sql.rows(
            "SELECT id FROM mail_email WHERE thread_id = %s AND account_id = %s ORDER BY received_at, id",
            [thread_id, account_id],
        )
    ]


def has_written_to(account_id: int, email: str) -> bool:
    """Whether mail was ever sent from an account to an address."""
    return (
        sql.row(
            "SELECT 1 FROM mail_correspondent WHERE account_id = %s AND email = %s",
            [account_id, email.lower()],
        )
        is not None
    )


def completions(account_id: int, *, matching: str, limit: int) -> list[tuple[str, str]]:
    """(name, e-mail) of people the account has written to, most often first."""
    pattern = matching.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return [
        (name, email)
        for name, email in sql.rows(
            "SELECT name, email FROM mail_correspondent WHERE account_id = %s"
            " AND (email LIKE %s ESCAPE '\\' OR lower(name) LIKE %s ESCAPE '\\')"
            " ORDER BY sent_count DESC, last_at DESC LIMIT %s",
            [account_id, f"{pattern}%", f"%{pattern}%", limit],
        )
    ]
