"""What the log does by itself: write down folded lines, and let go of what is older than the operator keeps."""

from __future__ import annotations

from django.conf import settings

from posthouse.audit import actions
from posthouse.base import clock
from posthouse.base.jobs import handler

DAY_MS = 86_400_000


@handler("audit.close", every_seconds=600)
def close() -> None:
    actions.close_folds()


@handler("audit.let_go", every_seconds=86_400)
def let_go() -> None:
    if settings.AUDIT_DAYS:
        actions.let_go(clock.now_ms() - settings.AUDIT_DAYS * DAY_MS)
