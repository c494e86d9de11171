"""A verb on many e-mails with an answer for each: what is not there does not stop the others, unless asked to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from posthouse.base import db
from posthouse.identity.actor import Actor
from posthouse.mail import access
from posthouse.mail.actions import Done


class Outcome(NamedTuple):
    """What became of each e-mail, in the order asked: those done, those not there (or not the actor's)."""

    done: frozenset[int]
    missing: frozenset[int]
    modseq: int


@db.action
def for_each(
    actor: Actor, email_ids: Sequence[int], act: Callable[[list[int]], Done], *, atomic: bool
) -> Outcome:
    """One transaction: the verb for those that are the actor's; with `atomic` for none when one is not.

    Everything else that a verb refuses (a mailbox that is not there) it refuses for all, by raising.
    """
    asked = list(dict.fromkeys(email_ids))
    there = access.present_emails_for(actor, asked)
    missing = frozenset(asked) - there
    if not there or (atomic and missing):
        return Outcome(frozenset(), missing, 0)
    done = act([email_id for email_id in asked if email_id in there])
    return Outcome(there, missing, done.modseq)
