"""Mail to lists of one's own: each recipient gets a way out (RFC 8058), and who took it gets no more of that list.

The link carries all that it means, sealed, so that it still works when what was sent is long forgotten. Opening it
changes nothing, since mail filters open links: a press of the button does, or the reader's program.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import orjson

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.audit.who import By
from posthouse.base import clock, db, sealing, sql
from posthouse.base.errors import Denied, Missing
from posthouse.base.ids import new_id
from posthouse.delivery.models import Suppression
from posthouse.identity import directory
from posthouse.identity.actor import Actor
from posthouse.mail import access
from posthouse.mail.access import Right
from posthouse.wire.mime.headers import find
from posthouse.wire.mime.unsubscribe import fields_for

PURPOSE = "unsubscribe"
PATH = "/api/v1/lists/unsubscribe/"
NAME = r"\A[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?\Z"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Who gets which list of which account."""

    account_id: int
    list_name: str
    address: str


def way_out(account_id: int, list_name: str, address: str) -> bytes:
    """The header fields that let one recipient leave."""
    token = sealing.seal(orjson.dumps([account_id, list_name, address]), purpose=PURPOSE)
    return fields_for(f"https://{directory.hostname()}{PATH}?t={token}")


def head_for(account_id: int, list_name: str, address: str, content: bytes) -> bytes:
    """What each recipient's own copy begins with: their way out, and their own address where nobody is named."""
    named = b"" if find(content, b"To") is not None else f"To: <{address}>\r\n".encode()
    return way_out(account_id, list_name, address) + named


def read(token: str) -> Membership:
    """Raises Denied (invalid_link)."""
    try:
        account_id, list_name, address = orjson.loads(sealing.unseal(token[:2_000], purpose=PURPOSE))
    except sealing.Unsealable:
        raise Denied("invalid_link", "This link is not valid.") from None
    return Membership(account_id=account_id, list_name=list_name, address=address)


@db.action
def leave(token: str, by: By) -> None:
    """Send no more of the list there. As often as one likes; raises Denied for a link we did not make."""
    found = read(token)
    account = sql.row("SELECT organisation_id, owner_id FROM mail_account WHERE id = %s", [found.account_id])
    if account is None:
        return
    added = sql.run(
        "INSERT INTO delivery_suppression (id, account_id, list_name, address, at) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (account_id, list_name, address) DO NOTHING",
        [new_id(), found.account_id, found.list_name, found.address.lower(), clock.now_ms()],
    )
    if added:
        organisation_id, owner_id = account
        facts: dict[str, Any] = {"list": found.list_name}
        record(
            by,
            Act.SUPPRESSION_ADDED,
            kind="account",
            object_id=found.account_id,
            subject=owner_id,
            organisation=organisation_id,
            facts=facts,
        )


def suppressed(account_id: int, list_name: str, addresses: Collection[str]) -> frozenset[str]:
    """Those of the addresses, in lower case, that have left the list."""
    return frozenset(
        row[0]
        for chunk in sql.chunks([address.lower() for address in addresses])
        for row in sql.rows(
            "SELECT address FROM delivery_suppression WHERE account_id = %s AND list_name = %s"
            f" AND address IN ({sql.marks(chunk)})",
            [account_id, list_name, *chunk],
        )
    )


def suppressions(actor: Actor, account_id: int | None) -> list[Row]:
    """Who has left which list, the newest first."""
    account = access.account_id_for(actor, account_id, need=Right.READ)
    return [
        {
            "id": str(row.id),
            "account_id": str(row.account_id),
            "list": row.list_name,
            "address": row.address,
            "at": clock.iso(clock.to_ms(row.at)),
        }
        for row in Suppression.objects.filter(account_id=account).order_by("-id")[:1_000]
    ]


@db.action
def take_back(actor: Actor, suppression_id: int) -> None:
    """For who has asked to get the list again."""
    row = Suppression.objects.filter(id=suppression_id).first()
    access.account_id_for(actor, 0 if row is None else row.account_id)
    if row is None:
        raise Missing()
    row.delete()
    facts: dict[str, Any] = {"list": row.list_name}
    record(actor, Act.SUPPRESSION_REMOVED, kind="account", object_id=row.account_id, facts=facts)
