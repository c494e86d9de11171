"""What is known of an account before an e-mail for it is judged, kept in memory for a moment.

Invariant: an answer is never older than `FRESH_SECONDS`, domains one knows than `KNOWN_SECONDS`; a change of settings
or lists is seen a moment after its commit (`choices.TOPIC`).
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from posthouse.filters.spam import choices, learning
from posthouse.filters.spam.choices import Chosen, Owner
from posthouse.filters.spam.learning import Numbers
from posthouse.filters.spam.lookalike import Known
from posthouse.identity import directory
from posthouse.mail import correspondents

FRESH_SECONDS = 2.0
KNOWN_SECONDS = 60.0
MAX_KEPT = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    account_id: int
    organisation_id: int
    chosen: Chosen
    own: Numbers | None
    shared: Numbers | None
    has_entries: bool
    known: Known


_kept: dict[int, tuple[float, Standing]] = {}
_known: dict[int, tuple[float, Known]] = {}
_generation = 0


def forget() -> None:
    global _generation
    _generation += 1
    _kept.clear()


def kept(account_ids: Collection[int]) -> list[Standing] | None:
    """What is kept of all of them, without touching the database; None when something must be looked up."""
    now = time.monotonic()
    found = [_kept.get(account_id) for account_id in account_ids]
    if any(entry is None or entry[0] <= now for entry in found):
        return None
    return [entry[1] for entry in found if entry is not None]


def of(account_ids: Sequence[int]) -> list[Standing]:
    """Accounts that are gone are left out."""
    found = kept(account_ids)
    if found is not None:
        return found
    generation = _generation
    organisation_of = correspondents.organisations_of(account_ids)
    own, shared = learning.numbers_of(account_ids, sorted(set(organisation_of.values())))
    found = [
        _standing(account_id, organisation_id, own.get(account_id), shared.get(organisation_id))
        for account_id, organisation_id in organisation_of.items()
    ]
    if generation == _generation:
        if len(_kept) >= MAX_KEPT:
            _kept.clear()
        until = time.monotonic() + FRESH_SECONDS
        _kept.update((one.account_id, (until, one)) for one in found)
    return found


def _standing(account_id: int, organisation_id: int, own: Numbers | None, shared: Numbers | None) -> Standing:
    owners = [Owner(account_id=one, organisation_id=organisation_id) for one in (account_id, None)]
    return Standing(
        account_id=account_id,
        organisation_id=organisation_id,
        chosen=choices.chosen(account_id, organisation_id),
        own=own,
        shared=shared,
        has_entries=choices.has_entries(owners),
        known=_domains(account_id, organisation_id),
    )


def _domains(account_id: int, organisation_id: int) -> Known:
    entry = _known.get(account_id)
    if entry is not None and entry[0] > time.monotonic():
        return entry[1]
    made = Known((*directory.domains_of(organisation_id), *correspondents.domains(account_id)))
    if len(_known) >= MAX_KEPT:
        _known.clear()
    _known[account_id] = (time.monotonic() + KNOWN_SECONDS, made)
    return made
