"""Log-ins on record: those that went well at doors without sessions, and those that failed at any door.

What mail clients repeat all day is folded (audit/actions.py). A log-in does not fail for want of a line: who has a
full disk still reads their mail, and the log says so.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from hashlib import sha256
from secrets import token_bytes

import structlog

from posthouse.audit.actions import record_often
from posthouse.audit.acts import Act, Outcome
from posthouse.audit.who import By
from posthouse.base import db
from posthouse.base.errors import Failure
from posthouse.identity.actor import Actor
from posthouse.identity.models import User

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 2.0
"""How long a log-in waits for what is noted of it."""


def note_ok(actor: Actor) -> None:
    noted(lambda: record_often(actor, Act.LOGIN_OK))


_mark_key = token_bytes(32)


def note_failed(user: User | None, *, via: str, ip: str, client: str, typed: str = "") -> None:
    """Whose address was tried, if it is anybody's; what else was typed there may be a password.

    So of that only a mark is written, under a key that ends with the process: it tells one guess at many addresses
    from many at one, and makes a stranger's address the same work as a known one, down to the statements.
    """
    mark = hmac.new(_mark_key, typed.strip().lower().encode("utf-8", "replace"), sha256).hexdigest()[:12]
    by = By(organisation_id=0 if user is None else user.organisation_id, via=via, ip=ip, client=client)
    facts = {"email": user.email} if user is not None else {"mark": mark} if typed else {}
    subject = None if user is None else user.id
    noted(
        lambda: record_often(by, Act.LOGIN_FAILED, subject=subject, outcome=Outcome.REFUSED, facts={**facts})
    )


def noted(write: Callable[[], None]) -> None:
    """Write what is noted of a log-in beside it, such as its place; a log-in does not fail for want of that."""
    try:
        with db.patience(PATIENCE_SECONDS):
            write()
    except Failure as failure:
        log.error("login.unwritten", code=failure.code)
