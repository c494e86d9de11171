"""Objects of the tests, made by calling real actions."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.cast import Person

_numbers = itertools.count(1)


def message(
    *,
    subject: str = "Hello",
    sender: str = "Zoe Outside <zoe@outside.test>",
    to: str = "alice@posthouse.test",
    text: str = "Good morning.\r\n",
    message_id: str = "",
    headers: str = "",
) -> bytes:
    """A plain message with a Message-ID of its own."""
    unique = message_id or f"{next(_numbers)}.make@outside.test"
    return (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{unique}>\r\n"
        f"Date: Sat, 21 Nov 2026 08:00:00 +0000\r\n{headers}"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        f"{text}"
    ).encode()


def email(
    person: Person, raw: bytes | None = None, *, role: str = "inbox", flags: int = 0, **fields: Any
) -> int:
    """An e-mail in one of a person's mailboxes; gives its id."""
    from posthouse.mail import storing

    arrival = storing.prepare(raw if raw is not None else message(**{"to": person.email, **fields}))
    item = storing.Storing(arrival=arrival, account_id=person.account_id, role=role, flags=flags)
    return storing.store(item).email_id


def mailbox(person: Person, role: str) -> int:
    """The id of a person's mailbox with a role."""
    from posthouse.base import sql

    found = sql.row(
        "SELECT id FROM mail_mailbox WHERE account_id = %s AND role = %s", [person.account_id, role]
    )
    assert found is not None
    return int(found[0])
