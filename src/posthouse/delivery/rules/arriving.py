"""Rules asked of mail that comes in: before the write lane, so that it is filed in the transaction that stores it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from posthouse.filters import engine, kept
from posthouse.filters.engine import Decision
from posthouse.filters.facts import Bytes, Facts
from posthouse.filters.kept import Rules
from posthouse.mail import flags as flag
from posthouse.mail import queries
from posthouse.mail.storing import Arrival, Job, Quota, Storing

Decisions = Mapping[int, Decision]
"""By account; of those whose rules want something."""
NO_DECISIONS: Decisions = {}

known_rules = kept.known
rules_of = kept.lookup


def is_quick(rules: Rules) -> bool:
    return all(engine.is_quick(one) for one in rules.values())


def decisions(arrival: Arrival, raw: bytes, rules: Rules) -> Decisions:
    """Every account's rules see the same e-mail; only what is the account's own differs."""
    found = {}
    for account_id, ordered in rules.items():
        decision = engine.decide(ordered, facts_of(arrival, raw, account_id))
        if decision.rule_id is not None:
            found[account_id] = decision
    return found


def facts_of(arrival: Arrival, raw: bytes, account_id: int) -> Facts:
    return Facts(
        subject=arrival.subject,
        sender=arrival.sender,
        recipients=arrival.recipients,
        copied=arrival.copied,
        size_bytes=arrival.blob.size_bytes,
        has_attachment=arrival.has_attachment,
        read=lambda: Bytes(raw, arrival.structure),
        own=lambda: addresses_of(account_id),
    )


def addresses_of(account_id: int) -> Collection[str]:
    """The account's own addresses."""
    from posthouse.identity import aliases  # brings all that passwords need; a door rarely wants it

    owner_id = queries.owner_of(account_id)
    return [] if owner_id is None else aliases.received(owner_id)


def bits_of(decision: Decision) -> int:
    return flag.SEEN * decision.is_seen | flag.FLAGGED * decision.is_flagged


def storing_of(
    arrival: Arrival, account_id: int, *, quota: Quota, decision: Decision | None, job: Job | None = None
) -> Storing:
    """What goes to Trash has no labels: it would still lie there."""
    if decision is None:
        return Storing(arrival=arrival, account_id=account_id, quota=quota, job=job)
    return Storing(
        arrival=arrival,
        account_id=account_id,
        mailbox_id=decision.mailbox_id,
        role="trash" if decision.is_trash else "inbox",
        flags=bits_of(decision),
        quota=quota,
        labels=() if decision.is_trash else decision.labels,
        filed_by=decision.rule_id,
        job=job,
    )
