"""Asking a rule of e-mails that are here: what it would have touched, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from posthouse.base import blobs
from posthouse.base.clock import iso
from posthouse.base.errors import Missing
from posthouse.delivery.rules import arriving, targets
from posthouse.delivery.rules.incoming import stored
from posthouse.filters import engine, language, words
from posthouse.filters.facts import Bytes, Facts
from posthouse.filters.language import Content
from posthouse.filters.spam import judging
from posthouse.filters.spam.judging import Verdict
from posthouse.identity.actor import Actor
from posthouse.mail import access, by_uid, refiling
from posthouse.mail.access import Right
from posthouse.mail.refiling import Row
from posthouse.wire.mime.part import Part, dump_structure

LOOKED_AT = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    row: Row
    conditions: tuple[int, ...]


def fitting(account_id: int, content: Content, email_ids: Sequence[int]) -> list[Fitting]:
    """Those of the e-mails that a rule fits, with the conditions that are met."""
    own: list[list[str]] = []

    def addresses() -> list[str]:
        if not own:
            own.append(list(arriving.addresses_of(account_id)))
        return own[0]

    found = []
    for row in refiling.rows_of(email_ids):
        met = engine.reasons(content, _facts(row, addresses))
        if met is not None:
            found.append(Fitting(row=row, conditions=met))
    return found


def _facts(row: Row, own: Callable[[], list[str]]) -> Facts:
    return Facts(
        subject=row.subject,
        sender=row.sender,
        recipients=row.recipients,
        copied=row.copied,
        size_bytes=row.size_bytes,
        has_attachment=bool(row.has_attachment),
        read=lambda: _bytes(row),
        own=own,
        spam=lambda: _verdict(row),
    )


def _verdict(row: Row) -> Verdict | None:
    text = by_uid.spam_of([row.id]).get(row.id)
    return None if text is None else judging.load(text)


def _bytes(row: Row) -> Bytes:
    """Nothing for one that is gone meanwhile."""
    structure = by_uid.structures_of([row.id]).get(row.id)
    raw = _looked_at(row)
    return NOTHING if structure is None or raw is None else Bytes(raw, structure)


def _looked_at(row: Row) -> bytes | None:
    try:
        return blobs.look_at(row.blob_id)
    except Missing:
        return None


NOTHING = Bytes(b"", dump_structure(Part(header_start=0, body_start=0, body_end=0)))


def preview(actor: Actor, *, account_id: int | None, content: Content) -> dict[str, Any]:
    """What a rule would have touched among the last e-mails that came in. Raises Invalid, Missing."""
    account = access.account_id_for(actor, account_id, need=Right.READ)
    language.check(content)
    ids = refiling.newest(account, limit=LOOKED_AT)
    found = fitting(account, content, ids)
    addresses = targets.addresses_of(account, content)
    return {
        "looked_at": len(ids),
        "matched": len(found),
        "items": [
            {
                "email_id": str(one.row.id),
                "thread_id": str(one.row.thread_id),
                "from": orjson.Fragment(one.row.sender),
                "subject": one.row.subject,
                "received_at": iso(one.row.received_at_ms),
                "conditions": list(one.conditions),
                "reason": "; ".join(words.condition(content.conditions[i]) for i in one.conditions)
                or words.NO_CONDITION,
                **_automatic(account, one.row, content, addresses),
            }
            for one in found
        ],
    }


def _automatic(account_id: int, row: Row, content: Content, addresses: list[str]) -> dict[str, Any]:
    """What would have been sent by itself; that a sender is answered once in a while is left out."""
    if not addresses and not content.template_ids:
        return {"forwards_to": [], "is_answered": False}
    mail = stored(row.id, account_id, _looked_at(row) or b"")
    return {
        "forwards_to": [] if mail.is_going_round else addresses,
        "is_answered": bool(content.template_ids) and mail.is_to_be_answered and mail.addressed is not None,
    }
