"""Rules asked of mail that comes in: before the write lane, so that it is filed in the transaction that stores it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from posthouse.delivery.junk.arriving import NO_VERDICTS, Verdicts
from posthouse.filters import engine, kept
from posthouse.filters.engine import Decision
from posthouse.filters.facts import Bytes, Facts
from posthouse.filters.kept import Rules
from posthouse.filters.spam import judging
from posthouse.filters.spam.judging import Verdict
from posthouse.mail import flags as flag
from posthouse.mail import queries
from posthouse.mail.storing import Arrival, Job, Quota, Storing
from posthouse.wire.auth.judgement import Judgement

Decisions = Mapping[int, Decision]
"""By account; of those whose rules want something."""
NO_DECISIONS: Decisions = {}

known_rules = kept.known
rules_of = kept.lookup


def is_quick(rules: Rules) -> bool:
    return all(engine.is_quick(one) for one in rules.values())


def asked_of(rules: Rules, judgement: Judgement, verdicts: Verdicts) -> Rules:
    """Of what goes to Junk only those rules are asked that ask for that themselves: a forged sender files nothing."""
    found: Rules = {}
    for account_id, ordered in rules.items():
        verdict = verdicts.get(account_id)
        if judgement.is_junk or (verdict is not None and verdict.is_junk):
            ordered = tuple(rule for rule in ordered if engine.asks_for_spam(rule.content))
        if ordered:
            found[account_id] = ordered
    return found


def decisions(arrival: Arrival, raw: bytes, rules: Rules, verdicts: Verdicts = NO_VERDICTS) -> Decisions:
    """Every account's rules see the same e-mail; only what is the account's own differs."""
    found = {}
    for account_id, ordered in rules.items():
        decision = engine.decide(ordered, facts_of(arrival, raw, account_id, verdicts.get(account_id)))
        if decision.rule_id is not None:
            found[account_id] = decision
    return found


def facts_of(arrival: Arrival, raw: bytes, account_id: int, verdict: Verdict | None = None) -> Facts:
    return Facts(
        subject=arrival.subject,
        sender=arrival.sender,
        recipients=arrival.recipients,
        copied=arrival.copied,
        size_bytes=arrival.blob.size_bytes,
        has_attachment=arrival.has_attachment,
        read=lambda: Bytes(raw, arrival.structure),
        own=lambda: addresses_of(account_id),
        spam=lambda: verdict,
    )


def addresses_of(account_id: int) -> Collection[str]:
    """The account's own addresses."""
    from posthouse.identity import aliases  # brings all that passwords need; a door rarely wants it

    owner_id = queries.owner_of(account_id)
    return [] if owner_id is None else aliases.received(owner_id)


def bits_of(decision: Decision) -> int:
    return flag.SEEN * decision.is_seen | flag.FLAGGED * decision.is_flagged


def is_junk(verdict: Verdict | None, judgement: Judgement) -> bool:
    """Where an account's filter is off, only the checks of its sender say so."""
    return judgement.is_junk if verdict is None else verdict.is_junk


def storing_of(
    arrival: Arrival,
    account_id: int,
    *,
    quota: Quota,
    decision: Decision = engine.NOTHING,
    verdict: Verdict | None = None,
    is_junk: bool = False,
    job: Job | None = None,
) -> Storing:
    """What goes to Trash has no labels: it would still lie there."""
    return Storing(
        arrival=arrival,
        account_id=account_id,
        mailbox_id=decision.mailbox_id,
        role="trash" if decision.is_trash else "junk" if is_junk else "inbox",
        flags=bits_of(decision),
        quota=quota,
        labels=() if decision.is_trash else decision.labels,
        filed_by=decision.rule_id,
        job=job,
        spam=None if verdict is None else judging.dump(verdict),
    )
