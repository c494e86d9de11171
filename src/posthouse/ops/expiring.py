"""The hourly end of e-mails that were kept for a time (mail/retention.py), in small transactions."""

from __future__ import annotations

from posthouse.base.jobs import handler
from posthouse.mail import retention


@handler("retention", every_seconds=3600)
def expire() -> None:
    for kept in retention.kept_for_a_time():
        while retention.is_due(kept) and retention.expire(kept):
            continue
