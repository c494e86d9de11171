"""Step-up: acts that would let a thief stay need a fresh proof of who sits there, not only a session left open.

A proof is recorded on the session and is good for ten minutes; a log-in is one. `require` stands at the head of
every such action, so that no door can forget it. With a second factor the proof is that one (a passkey, a code), else
the password: a thief who has the session and the password still lacks it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock
from posthouse.base.errors import Denied
from posthouse.identity.actor import Actor
from posthouse.identity.models import Session

FRESH_SECONDS = 600
STEP_UP = "step-up"
OPERATOR = "cli"
"""Who has a shell on the server has everything anyway."""


def require(actor: Actor) -> None:
    """Raises Denied (step_up_required) unless the session proved who holds it in the last ten minutes."""
    if actor.via != OPERATOR and not is_fresh(actor):
        raise Denied("step_up_required", "Show once more that it is you: POST /api/v1/auth/step-up/.")


def require_of_session(actor: Actor) -> None:
    """For acts that a program may do with a token made for it, which took a proof to make: asks sessions alone."""
    if actor.session_id is not None and actor.scopes is None:
        require(actor)


def require_when_mfa(actor: Actor) -> None:
    """For acts that ask for the password themselves: enough, but for those who have a second factor."""
    from posthouse.identity import mfa

    if mfa.state_of(actor.user_id).is_on:
        require(actor)


def is_fresh(actor: Actor) -> bool:
    """False for tokens, which have no session and are nobody's presence."""
    if actor.session_id is None or actor.scopes is not None:
        return False
    since = clock.from_ms(clock.now_ms() - FRESH_SECONDS * 1000)
    return Session.objects.filter(
        id=actor.session_id, user_id=actor.user_id, revoked_at=None, proved_at__gt=since
    ).exists()


def ask(actor: Actor) -> dict[str, Any]:
    """What would count as a proof, with the question for a passkey."""
    from posthouse.identity import challenges, mfa, passkeys

    state = mfa.state_of(actor.user_id)
    text, nonce = challenges.issue(STEP_UP, user_id=actor.user_id)
    return {
        "challenge": text,
        "methods": state.methods or ["password"],
        "passkey": passkeys.assertion_options(nonce, user_id=actor.user_id) if state.passkeys else None,
        "expires_in_seconds": challenges.SECONDS,
    }


@contextmanager
def in_session() -> Iterator[None]:
    """A wrong proof within a session is no 401, which would tell clients that the session is over."""
    try:
        yield
    except Denied as denied:
        if denied.code in ("invalid_credentials", "invalid_code", "invalid_challenge"):
            raise Denied("wrong_proof", "That was not right, or was used already.") from denied
        raise


def prove(actor: Actor) -> None:
    """Inside an action that has burned a proof: the actor's session is fresh from now on."""
    Session.objects.filter(id=actor.session_id or 0).update(proved_at=clock.now())
    record(actor, Act.SESSION_PROVED, kind="session", object_id=actor.session_id or 0)
