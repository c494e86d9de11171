"""Reads about junk: what was chosen and learnt, and what was said of an e-mail."""

from __future__ import annotations

from typing import Any

from posthouse.base.errors import Missing
from posthouse.delivery.junk import access
from posthouse.filters.spam import choices, judging, learning
from posthouse.filters.spam.choices import Owner
from posthouse.filters.spam.learning import Numbers
from posthouse.identity.actor import Actor
from posthouse.mail import by_uid
from posthouse.mail.access import Right

Row = dict[str, Any]


def junk(actor: Actor, account_id: int | None) -> Row:
    """An account's filter."""
    owner = access.account_for(actor, account_id, need=Right.READ)
    assert owner.account_id is not None
    holds = choices.chosen(owner.account_id, owner.organisation_id)
    own, shared = learning.numbers_of([owner.account_id], [owner.organisation_id])
    everybody = _learnt(shared.get(owner.organisation_id))
    return {
        "account_id": str(owner.account_id),
        "is_enabled": holds.is_enabled,
        "threshold": holds.threshold,
        "chosen": _chosen(owner),
        "learnt": _learnt(own.get(owner.account_id)),
        "learnt_by_all": everybody,
        "may_decide": min(everybody["wanted"], everybody["junk"]) >= judging.ENOUGH,
        "needs": judging.ENOUGH,
    }


def junk_of_all(actor: Actor) -> Row:
    """The organisation's filter."""
    owner = access.organisation_for(actor)
    _, shared = learning.numbers_of([], [owner.organisation_id])
    return {
        "chosen": _chosen(owner),
        "refuse_at": choices.own(owner).refuse_at,
        "learnt": _learnt(shared.get(owner.organisation_id)),
    }


def _chosen(owner: Owner) -> Row:
    own = choices.own(owner)
    return {"is_enabled": own.is_enabled, "threshold": own.threshold}


def _learnt(numbers: Numbers | None) -> Row:
    return {"wanted": numbers.total.ham if numbers else 0, "junk": numbers.total.spam if numbers else 0}


def senders(actor: Actor, account_id: int | None) -> list[Row]:
    return choices.entries(access.account_for(actor, account_id, need=Right.READ))


def senders_of_all(actor: Actor) -> list[Row]:
    return choices.entries(access.organisation_for(actor))


def sender(entry_id: int) -> Row:
    """One line, whose access was checked."""
    found = choices.entry_json(entry_id)
    if found is None:
        raise Missing()
    return found


def spam_of_email(email_id: int) -> Row | None:
    """What the filter said of an e-mail when it came in; its access was checked."""
    text = by_uid.spam_of([email_id]).get(email_id)
    if text is None:
        return None
    verdict = judging.load(text)
    return {
        "score": verdict.score,
        "verdict": "junk" if verdict.is_junk else "inbox",
        "signals": [{"name": one.name, "weight": one.weight, "words": one.words} for one in verdict.signals],
    }
