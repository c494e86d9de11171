"""By the clock: uploads that nobody finished go."""

from __future__ import annotations

from posthouse.base.jobs import handler
from posthouse.uploads import actions


@handler("uploads.expire", every_seconds=3_600)
def expire() -> None:
    actions.expire()
