"""Is what comes in junk? Asked for each account before the write lane, so that it is filed in the transaction that
stores the e-mail. The verdict is kept with it, for whoever asks why (mail_emailpart.spam).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from posthouse.base import clock, metrics
from posthouse.base.errors import Denied
from posthouse.delivery.junk import standing
from posthouse.delivery.junk.standing import Standing
from posthouse.filters.spam import choices, judging, learning, signs
from posthouse.filters.spam.addresses import forms_of
from posthouse.filters.spam.judging import Reader, Verdict
from posthouse.filters.spam.reading import Reading
from posthouse.filters.spam.signs import Signal
from posthouse.filters.spam.tokens import numbers
from posthouse.mail import correspondents
from posthouse.mail.storing import Arrival
from posthouse.wire.auth.judgement import UNCHECKED, Judgement

Verdicts = Mapping[int, Verdict]
"""By account; those whose filter is off are left out."""
NO_VERDICTS: Verdicts = {}
NO_TOKENS: frozenset[int] = frozenset()

REFUSED = Signal(
    "refused", 0.0, "It was refused, and its sender told so. It lies here in case that was a mistake."
)

judged = metrics.Counter("posthouse_spam_verdicts", "What the spam filter said of arriving mail.", "verdict")


class Refused(Denied):
    """Everybody it is for refuses it. `verdicts` file it as junk, for whoever keeps it all the same."""

    def __init__(self, verdicts: Verdicts) -> None:
        super().__init__("spam_refused", "This looks like junk to those it is for.")
        self.verdicts = verdicts


def judge(
    arrival: Arrival,
    raw: bytes,
    account_ids: Sequence[int],
    judgement: Judgement = UNCHECKED,
    heard: Sequence[Signal] = (),
) -> Verdicts:
    """`heard` is what other filters said. Raises Refused where everybody it is for refuses it."""
    everybody = standing.of(account_ids)
    readers = [one for one in everybody if one.chosen.is_enabled]
    if not readers:
        return NO_VERDICTS
    found = _verdicts(readers, Reading(raw, arrival.structure), judgement, heard)
    if len(readers) == len(everybody) and all(_is_refused(one, found[one.account_id]) for one in readers):
        judged.count("refused")
        raise Refused({account_id: _as_refused(one) for account_id, one in found.items()})
    for verdict in found.values():
        judged.count("junk" if verdict.is_junk else "inbox")
    return found


def refused_by_sender(account_ids: Collection[int]) -> Verdicts:
    """Of mail that its sender's domain asks to refuse (DMARC); the filter is not asked."""
    return dict.fromkeys(account_ids, Verdict(score=0.0, is_junk=True, signals=(REFUSED,)))


def _as_refused(one: Verdict) -> Verdict:
    return Verdict(score=one.score, is_junk=True, signals=(REFUSED, *one.signals))


def verdict(raw: bytes, structure: bytes, account_id: int) -> Verdict | None:
    """What the filter would say to an account of what nobody has brought: nothing is known of who sent it, counted or
    refused. None where it is off."""
    readers = [one for one in standing.of([account_id]) if one.chosen.is_enabled]
    return _verdicts(readers, Reading(raw, structure), UNCHECKED, ()).get(account_id)


def _verdicts(
    readers: Sequence[Standing], reading: Reading, judgement: Judgement, heard: Sequence[Signal]
) -> dict[int, Verdict]:
    # Where nobody has taught the filter, words are not asked.
    tokens = numbers(reading) if any(map(_has_learnt, readers)) else NO_TOKENS
    sender = signs.sender_of(reading)
    shared = [*judging.common(reading, judgement=judgement, now=clock.now()), *heard]
    return {
        one.account_id: judging.judge(
            _reader(one, sender, tokens), shared, sender=sender, judgement=judgement
        )
        for one in readers
    }


def _has_learnt(one: Standing) -> bool:
    return one.shared is not None and judging.is_enough(one.shared.total)


def _reader(one: Standing, sender: str, tokens: frozenset[int]) -> Reader:
    return Reader(
        model=learning.model_of(one.own, one.shared, tokens),
        entries=choices.entries_for(one.account_id, one.organisation_id, forms_of(sender))
        if one.has_entries
        else (),
        written_to=correspondents.times_written_to(one.account_id, sender),
        known=one.known,
        threshold=one.chosen.threshold,
    )


def _is_refused(one: Standing, verdict: Verdict) -> bool:
    return one.chosen.refuse_at is not None and verdict.score >= one.chosen.refuse_at
