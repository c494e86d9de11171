"""Keeping what was learnt within bounds."""

from __future__ import annotations

from posthouse.base.jobs import handler
from posthouse.base.sql import chunks
from posthouse.filters.spam import learning

HOUR_SECONDS = 3600


@handler("junk.tidy", every_seconds=HOUR_SECONDS)
def tidy() -> None:
    """What was forgotten goes, and of what is known too much the tokens that were seen once and longest ago."""
    while learning.dismantle():
        continue
    for learner_id, tokens in learning.surplus():
        for chunk in chunks(tokens):
            learning.prune(learner_id, chunk)
