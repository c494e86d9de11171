"""What tokens say together: Robinson's estimate for each, Fisher's method for all. Pure arithmetic.

Gary Robinson, "A Statistical Approach to the Spam Problem", Linux Journal 107 (2003), and the tests of SpamBayes,
which took the strongest tokens only. A person's own counts are joined to their organisation's by the same idea: the
organisation's rate of a token counts as if the person had had `SHARED_EMAILS` e-mails of each kind at that rate, so
their own weigh the more the more they have.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

SHARED_EMAILS = 30.0
STRENGTH = 0.1
"""How many e-mails the assumption about an unknown token weighs."""
UNKNOWN = 0.5
LEAST_DEVIATION = 0.2
STRONGEST = 300


class Count(NamedTuple):
    """E-mails: of a token, or of all that was learnt."""

    ham: int
    spam: int


Counts = Mapping[int, tuple[int, int]]
"""By token: ham and spam. Plain tuples, since there are hundreds for each e-mail."""


class Model(NamedTuple):
    """What one person and their organisation learnt, of the tokens of one e-mail; the latter contains the former."""

    own_total: Count
    own: Counts
    total: Count
    all: Counts


class Opinion(NamedTuple):
    """`spamminess` from 0 to 1; of how many tokens it was made."""

    spamminess: float
    tokens: int


def opinion(model: Model) -> Opinion:
    estimates = []
    for estimate in estimates_of(model).values():
        deviation = abs(estimate - 0.5)
        if deviation >= LEAST_DEVIATION:
            estimates.append((deviation, estimate))
    if len(estimates) > STRONGEST:
        estimates.sort(reverse=True)
        del estimates[STRONGEST:]
    return Opinion(_together([estimate for _, estimate in estimates]), len(estimates))


def estimates_of(model: Model) -> dict[int, float]:
    """How likely an e-mail with a token is spam, if both kinds were equally many; for each token that is known."""
    all_ham = SHARED_EMAILS / max(1, model.total.ham)
    all_spam = SHARED_EMAILS / max(1, model.total.spam)
    hams, spams = model.own_total.ham + SHARED_EMAILS, model.own_total.spam + SHARED_EMAILS
    own_of, none, found = model.own.get, (0, 0), {}
    for token, (ham, spam) in model.all.items():
        seen = ham + spam
        if seen:
            own_ham, own_spam = own_of(token, none)
            ham_rate = (own_ham + all_ham * ham) / hams
            spam_rate = (own_spam + all_spam * spam) / spams
            found[token] = (STRENGTH * UNKNOWN + seen * spam_rate / (ham_rate + spam_rate)) / (
                STRENGTH + seen
            )
    return found


def _together(estimates: list[float]) -> float:
    """Fisher: how surprising so many estimates of one mind would be if tokens came by chance."""
    if not estimates:
        return 0.5
    degrees = 2 * len(estimates)
    not_ham = _chi_squared(-2.0 * math.fsum(math.log(estimate) for estimate in estimates), degrees)
    not_spam = _chi_squared(-2.0 * math.fsum(math.log1p(-estimate) for estimate in estimates), degrees)
    return (1.0 + not_ham - not_spam) / 2.0


def _chi_squared(value: float, degrees: int) -> float:
    """The chance of a chi-squared value at least so large; `degrees` is even."""
    half = value / 2.0
    if half > 700.0:
        return _large(half, degrees)
    term = total = math.exp(-half)
    for step in range(1, degrees // 2):
        term *= half / step
        total += term
    return min(total, 1.0)


def _large(half: float, degrees: int) -> float:
    """The same by logarithms, where `exp` would be nothing."""
    largest = max(logs := [step * math.log(half) - math.lgamma(step + 1) for step in range(degrees // 2)])
    total = math.fsum(math.exp(one - largest) for one in logs)
    return min(1.0, math.exp(min(0.0, largest + math.log(total) - half)))
