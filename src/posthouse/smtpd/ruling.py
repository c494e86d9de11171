"""What people's rules say of mail that comes in, asked from the loop: at once where that is quick, else in a thread."""

from __future__ import annotations

from posthouse.base import db
from posthouse.delivery.automatic import kept
from posthouse.delivery.junk.arriving import NO_VERDICTS, Verdicts
from posthouse.delivery.receiving.accepting import Accounts
from posthouse.delivery.rules import arriving
from posthouse.delivery.rules.arriving import NO_DECISIONS, Decisions
from posthouse.mail.storing import Arrival
from posthouse.wire.auth.judgement import UNCHECKED, Judgement


async def decisions(
    arrival: Arrival,
    raw: bytes,
    accounts: Accounts,
    judgement: Judgement = UNCHECKED,
    verdicts: Verdicts = NO_VERDICTS,
) -> Decisions:
    rules = arriving.known_rules(accounts)
    if rules is None:
        rules = await db.reading(arriving.rules_of, accounts)
    rules = arriving.asked_of(rules, judgement, verdicts)
    if not rules:
        return NO_DECISIONS
    if arriving.is_quick(rules):
        return arriving.decisions(arrival, raw, rules, verdicts)
    return await db.reading(arriving.decisions, arrival, raw, rules, verdicts)


async def automatic() -> kept.Accounts:
    """The accounts that answer or forward by themselves."""
    known = kept.known()
    return await db.reading(kept.lookup) if known is None else known
