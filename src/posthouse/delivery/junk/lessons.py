"""What the filter learns of what people do with their mail: one account's log, read on from where it was left.

As what an e-mail counts follows from how it lies now, so the log may be read twice, or late, and gives the same.

- Junk: what somebody put into Junk (by any door; a program that appends it there counts as somebody), or marked $Junk.
  What the filter itself put there and nobody touched teaches nothing, or its mistakes would confirm themselves.
- Wanted: what was taken out of Junk or marked $NotJunk; what somebody read, answered, forwarded, starred or filed,
  and left out of Junk and Trash. Unread mail in the inbox teaches nothing: nobody has seen yet what it is.
- What is thrown away says nothing new: it counts as it did. What is gone for good keeps its count.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from posthouse.base import db
from posthouse.filters.spam import learning
from posthouse.filters.spam.learning import Lesson, Place, Was
from posthouse.filters.spam.reading import Reading
from posthouse.filters.spam.tokens import numbers
from posthouse.mail import by_uid, handled
from posthouse.mail.handled import Handled

log = structlog.get_logger(__name__)

LOOK = 200
"""Changes of the log looked at in one step."""
STEP = 3
"""E-mails learnt in one transaction: some milliseconds of the write lane."""
GONE = 5_000
FAR = 2_000
"""Changes read without learning anything, behind which the place is noted all the same."""
FIRST = 3_000
"""Of an account's past, the newest so many e-mails are looked at."""


def counts_as(one: Handled, was: Was | None) -> bool | None:
    """Whether it is to count as spam; None counts as nothing."""
    if one.is_marked_wanted:
        return False
    if one.is_marked_junk:
        return True
    if one.is_in_junk:
        return True if was is not None or one.is_put_into_junk else None
    if one.is_kept and (was is not None or one.is_cared_for):
        return False
    return None if was is None else was.is_spam


def step(account_id: int, seen: Place | None = None) -> Place | None:
    """Read one step; gives the place reached, None when nothing is left. `seen` is one reached before and not noted."""
    state = handled.state_of(account_id)
    if state is None:
        return None
    modseq, organisation_id = state
    noted = learning.place_of(account_id)
    place = noted or Place(*handled.place_behind(account_id, newest=FIRST))
    if seen is not None and noted is not None and noted <= seen:
        place = seen
    if place.modseq > modseq:  # the log is not the one we knew: an older copy of the store was put back
        place = Place(modseq, 0)
        _note(account_id, organisation_id, [], place, after=noted, gone=())
        return None
    rows = handled.since(account_id, place.modseq, place.email_id, limit=LOOK)
    gone = handled.gone_since(account_id, noted.modseq if noted else 0, limit=GONE)
    if not rows and not gone:
        return None
    before = learning.what_was([one.email_id for one in rows])
    reached, lessons = _lessons(rows, before, place)
    if len(rows) < LOOK and (not rows or reached.email_id == rows[-1].email_id):
        reached = max(reached, Place(modseq, learning.MAX_ID))
    is_worth_noting = lessons or gone or noted is None or reached.modseq - noted.modseq > FAR
    if is_worth_noting and not _note(account_id, organisation_id, lessons, reached, after=noted, gone=gone):
        return learning.place_of(account_id)  # another reader was here first: go on from where it is
    return reached if rows else None


def _lessons(rows: Sequence[Handled], before: dict[int, Was], place: Place) -> tuple[Place, list[Lesson]]:
    """The first few that change, and the place up to which they were looked for."""
    wanted: dict[int, bool | None] = {}
    for one in rows:
        was = before.get(one.email_id)
        counts = counts_as(one, was)
        if counts != (None if was is None else was.is_spam):
            wanted[one.email_id] = counts
        place = Place(one.modseq, one.email_id)
        if len(wanted) == STEP:
            break
    return place, _read(wanted)


def _read(wanted: dict[int, bool | None]) -> list[Lesson]:
    structures = by_uid.structures_of(list(wanted))
    found = []
    for email_id, counts in wanted.items():
        try:
            tokens = numbers(Reading(by_uid.look_at(email_id), structures[email_id]))
        except Exception as error:  # noqa: BLE001 one e-mail that cannot be read must not end the learning
            log.warning(
                "junk.unreadable", email=email_id, reason=getattr(error, "code", type(error).__name__)
            )
            continue
        found.append(Lesson(email_id=email_id, is_spam=counts, tokens=tokens))
    return found


@db.action
def _note(
    account_id: int,
    organisation_id: int,
    lessons: Sequence[Lesson],
    reached: Place,
    *,
    after: Place | None,
    gone: Sequence[int],
) -> bool:
    """Numbers and place together; nothing, and False, when another reader was here first."""
    if not learning.move_on(account_id, reached, after=after):
        return False
    learning.learn(account_id, organisation_id, lessons)
    learning.let_go_of(gone)
    return True
