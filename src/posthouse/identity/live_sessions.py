"""Is this session still alive? Asked at every request, so the answer is kept for a moment.

Invariant: an answer is never older than `FRESH_SECONDS`; a session that this process closes is forgotten as soon
as the commit is done, and whoever listens to its topic hears of it.
"""

from __future__ import annotations

import threading

from posthouse.base import clock, db
from posthouse.identity import queries
from posthouse.identity.actor import Actor

FRESH_SECONDS = 3.0
MAX_KEPT = 20_000

_kept: dict[tuple[int, int], tuple[float, Actor]] = {}
_lock = threading.Lock()


def actor_of(session_id: int, user_id: int, *, via: str) -> Actor | None:
    """The person of a live session, or None when it is revoked, expired or its user switched off."""
    key = (session_id, user_id)
    entry = _kept.get(key)
    now = clock.steady()
    if entry is not None and entry[0] > now and entry[1].via == via:
        return entry[1]
    actor = queries.actor_of_session(session_id, user_id, via=via)
    with _lock:
        if actor is None:
            _kept.pop(key, None)
        else:
            if len(_kept) >= MAX_KEPT:
                _kept.clear()
            _kept[key] = (now + FRESH_SECONDS, actor)
    return actor


def topic(session_id: int) -> str:
    """What to subscribe to in the hub to hear that a session has ended."""
    return f"session:{session_id}"


def password_topic(user_id: int) -> str:
    """Of mail clients that came in with the person's own password."""
    return f"password:{user_id}"


def person_topic(user_id: int) -> str:
    """Of everything that a person has open."""
    return f"person:{user_id}"


def app_password_topic(app_password_id: int) -> str:
    return f"app_password:{app_password_id}"


def token_topic(token_id: int) -> str:
    return f"access_token:{token_id}"


def grant_topic(grant_id: int) -> str:
    return f"oauth_grant:{grant_id}"


def topic_ended(name: str) -> None:
    """Call inside the action that takes away what these came in with."""
    db.hint(name)


def person_ended(user_id: int) -> None:
    """Call inside the action that switches a person off: everything they have open ends."""
    db.after_commit(lambda: forget_person(user_id))
    db.hint(person_topic(user_id))


def ended(session_id: int) -> None:
    """Call inside the action that closes a session."""
    db.after_commit(lambda: forget(session_id))
    db.hint(topic(session_id))


def forget(session_id: int) -> None:
    with _lock:
        for key in [key for key in _kept if key[0] == session_id]:
            del _kept[key]


def forget_person(user_id: int) -> None:
    with _lock:
        for key in [key for key in _kept if key[1] == user_id]:
            del _kept[key]
