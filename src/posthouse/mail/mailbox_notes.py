"""Notes that mail clients keep with mailboxes and with the server (RFC 5464).

Private ones are one person's, whatever account the mailbox is of, and take no more than the right to read it; shared
ones are everybody's who reads the mailbox, and take the right to write. Those of the server are the organisation's, and
its shared ones are for who manages accounts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from posthouse.base import db, sql
from posthouse.base.errors import Failure, Invalid, Kind, Limited
from posthouse.base.ids import new_id
from posthouse.identity.actor import Actor
from posthouse.mail import access, placing
from posthouse.mail.access import Right

PRIVATE, SHARED = "/private/", "/shared/"
MAX_VALUE_BYTES = 16 * 1024
MAX_ENTRIES = 100
"""With one mailbox, private and shared apart."""
MAX_NAME_CHARS = 200
Numbers = dict[int | None, dict[str, int]]
"""By mailbox (None for the server) and entry, a number that is another one after each change."""
SPECIAL_USE = "/private/specialuse"
_RESERVED = frozenset({SPECIAL_USE, "/shared/admin"})


class TooLong(Failure):
    kind = Kind.TOO_LARGE


class _Scope(NamedTuple):
    """A condition on the table with its values; and the values of a new row."""

    where: str
    values: list[int]
    row: tuple[int, int | None, int | None]


def normal_entry(name: str) -> str:
    """Names know no upper case (RFC 5464 §3.2). Raises Invalid."""
    entry = name.lower()
    is_good = entry.startswith((PRIVATE, SHARED)) and entry.isascii() and entry.isprintable()
    if (
        not is_good
        or len(entry) > MAX_NAME_CHARS
        or "//" in entry
        or entry.endswith("/")
        or {"*", "%"} & set(entry)
    ):
        raise Invalid("invalid_entry", "An entry is /private/... or /shared/... of printable ASCII.")
    return entry


def _scope(actor: Actor, mailbox_id: int | None, *, is_private: bool) -> _Scope:
    mailbox = "mailbox_id IS NULL" if mailbox_id is None else "mailbox_id = %s"
    user = "user_id = %s" if is_private else "user_id IS NULL"
    values = [actor.organisation_id, *([] if mailbox_id is None else [mailbox_id])]
    if is_private:
        values.append(actor.user_id)
    row = (actor.organisation_id, mailbox_id, actor.user_id if is_private else None)
    return _Scope(f"organisation_id = %s AND {mailbox} AND {user}", values, row)


def notes_of(actor: Actor, mailbox_id: int | None) -> dict[str, bytes]:
    """All that the actor reads of a mailbox (None for the server), by entry. Raises Missing or Denied."""
    if mailbox_id is None:
        actor.require("mail.read")
    else:
        access.mailbox_for(actor, mailbox_id, need=Right.READ)
    found: dict[str, bytes] = {}
    for prefix in (PRIVATE, SHARED):
        scope = _scope(actor, mailbox_id, is_private=prefix is PRIVATE)
        rows = sql.rows(
            f"SELECT entry, value FROM mail_annotation WHERE {scope.where} ORDER BY entry, id", scope.values
        )
        found.update((entry, bytes(value)) for entry, value in rows)
    return found


def topic_of(account_id: int) -> str:
    """Where the hub says that notes of an account's mailboxes have changed."""
    return f"notes:{account_id}"


def server_topic_of(organisation_id: int) -> str:
    return f"notes:organisation:{organisation_id}"


def numbers_of(actor: Actor, mailbox_ids: Sequence[int]) -> Numbers:
    """Of the notes the actor reads with mailboxes that are known to be theirs to read, and with the server."""
    found: Numbers = {}
    own = "organisation_id = %s AND (user_id IS NULL OR user_id = %s)"
    asked: list[tuple[str, list[int]]] = [("mailbox_id IS NULL", [])]
    asked += [(f"mailbox_id IN ({sql.marks(chunk)})", list(chunk)) for chunk in sql.chunks(mailbox_ids)]
    for where, values in asked:
        for mailbox_id, entry, number in sql.rows(
            f"SELECT mailbox_id, entry, id FROM mail_annotation WHERE {where} AND {own}",
            [*values, actor.organisation_id, actor.user_id],
        ):
            found.setdefault(mailbox_id, {})[entry] = number
    return found


@db.action
def annotate(actor: Actor, mailbox_id: int | None, changes: Mapping[str, bytes | None]) -> None:
    """Set entries, or take them away with None; all or none.

    Raises Missing, Denied, Invalid, TooLong, Limited (too_many_annotations).
    """
    names = {normal_entry(name): value for name, value in changes.items()}
    if _RESERVED & names.keys():
        raise Invalid("reserved_entry", "That entry is not changed this way.")
    if any(value is not None and len(value) > MAX_VALUE_BYTES for value in names.values()):
        raise TooLong("annotation_too_long", f"A value has {MAX_VALUE_BYTES} bytes at most.")
    is_shared = any(entry.startswith(SHARED) for entry in names)
    if mailbox_id is None:
        actor.require("accounts.manage" if is_shared else "mail.read")
        placing.hold(access.account_id_for(actor, need=Right.READ))
        db.hint(server_topic_of(actor.organisation_id))
    else:
        mailbox = access.mailbox_for(actor, mailbox_id, need=Right.WRITE if is_shared else Right.READ)
        placing.hold(mailbox.account_id)
        db.hint(topic_of(mailbox.account_id))
    for prefix in (PRIVATE, SHARED):
        scope = _scope(actor, mailbox_id, is_private=prefix is PRIVATE)
        _write(scope, {entry: value for entry, value in names.items() if entry.startswith(prefix)})


def _write(scope: _Scope, changes: Mapping[str, bytes | None]) -> None:
    if not changes:
        return
    _remove(scope, list(changes))
    fresh = [(new_id(), *scope.row, entry, value) for entry, value in changes.items() if value is not None]
    count = sql.row(f"SELECT count(*) FROM mail_annotation WHERE {scope.where}", scope.values)
    if count is not None and count[0] + len(fresh) > MAX_ENTRIES:
        raise Limited("too_many_annotations", f"There are {MAX_ENTRIES} entries at most.")
    sql.insert_many(
        "INSERT INTO mail_annotation (id, organisation_id, mailbox_id, user_id, entry, value)", fresh
    )


def _remove(scope: _Scope, entries: Sequence[str]) -> None:
    for chunk in sql.chunks(entries):
        sql.run(
            f"DELETE FROM mail_annotation WHERE {scope.where} AND entry IN ({sql.marks(chunk)})",
            [*scope.values, *chunk],
        )
