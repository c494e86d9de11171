"""All that is known of an e-mail made into a score and a verdict, for one account. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from posthouse.filters.spam import signs
from posthouse.filters.spam.bayes import Count, Model, opinion
from posthouse.filters.spam.lookalike import Known
from posthouse.filters.spam.reading import Reading
from posthouse.filters.spam.signs import Signal
from posthouse.wire.auth.judgement import Judgement

THRESHOLD = 5.0
BAYES_WEIGHT = 6.0
FIRST_WEIGHT = 3.5
"""Of the learnt words before enough was learnt: they are not enough alone."""
SOME, ENOUGH = 10, 50
"""E-mails of each kind from which on learnt words speak, and from which on they may decide."""
LEAST_WEIGHT = 0.1
LISTED_WEIGHT = 100.0


class Verdict(msgspec.Struct, frozen=True, array_like=True):
    """What is kept with an e-mail; `is_junk` says where it was filed for it."""

    score: float
    is_junk: bool
    signals: tuple[Signal, ...]


_decoder = msgspec.json.Decoder(Verdict)


def dump(verdict: Verdict) -> str:
    return msgspec.json.encode(verdict).decode()


def load(text: str) -> Verdict:
    return _decoder.decode(text)


class Entry(msgspec.Struct, frozen=True):
    """One line of a list: an address, or a domain with what is below it."""

    value: str
    is_allowed: bool
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whom an e-mail is judged for. `entries` are those that fit the sender, `written_to` how often one wrote there."""

    model: Model
    entries: Sequence[Entry] = ()
    written_to: int = 0
    known: Known
    threshold: float = THRESHOLD


def common(reading: Reading, *, judgement: Judgement, now: dt.datetime) -> list[Signal]:
    """What is the same for every reader."""
    return [
        *signs.of_checks(judgement),
        *signs.of_header(reading, now=now),
        *signs.of_links(reading, judgement=judgement),
        *signs.of_files(reading),
    ]


def judge(
    reader: Reader,
    shared: Sequence[Signal],
    *,
    sender: str,
    judgement: Judgement,
) -> Verdict:
    found = [
        *_listed(reader.entries, judgement),
        *shared,
        *signs.of_history(sender, written_to=reader.written_to, judgement=judgement),
        *signs.of_lookalikes(sender, reader.known),
        *_learnt(reader.model),
    ]
    found.sort(key=lambda one: -abs(one.weight))
    score = round(sum(one.weight for one in found), 1)
    return Verdict(score=score, is_junk=judgement.is_junk or score >= reader.threshold, signals=tuple(found))


def _listed(entries: Sequence[Entry], judgement: Judgement) -> list[Signal]:
    """The entry that counts: one's own before the organisation's, an address before a domain, the longer domain first.

    Who allows a sender does not allow those who forge them.
    """
    if not entries:
        return []
    entry = min(entries, key=lambda one: (not one.is_own, "@" not in one.value, -len(one.value)))
    whose = "your list" if entry.is_own else "your organisation's list"
    if not entry.is_allowed:
        return [Signal("blocked", LISTED_WEIGHT, f"{entry.value} is blocked by {whose}.")]
    if judgement.is_junk or judgement.dmarc == "fail":
        return [
            Signal(
                "allowed", 0.0, f"{entry.value} is allowed by {whose}, but nothing proves it is from there."
            )
        ]
    return [Signal("allowed", -LISTED_WEIGHT, f"{entry.value} is allowed by {whose}.")]


def is_enough(total: Count) -> bool:
    """Whether learnt words speak at all."""
    return min(total) >= SOME


def _learnt(model: Model) -> list[Signal]:
    if not is_enough(model.total):
        return []
    found = opinion(model)
    most = BAYES_WEIGHT if min(model.total) >= ENOUGH else FIRST_WEIGHT
    weight = round(most * (2 * found.spamminess - 1), 2)
    if abs(weight) < LEAST_WEIGHT:
        return []
    like = "junk" if weight > 0 else "mail that is wanted"
    return [Signal("learnt", weight, f"Its words are those of {like} here ({found.tokens} known ones).")]
