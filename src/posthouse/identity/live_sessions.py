"""Is this session still alive? Asked at every request, so the answer is kept for a moment.

Invariants: an answer is never older than `FRESH_SECONDS`; a session that this process closes and a person whose
rights it changes are forgotten as soon as the commit is done, and whoever listens to the topic hears of it; an answer
read before that commit is not kept after it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from posthouse.base import clock, db
from posthouse.identity import presence, queries
from posthouse.identity.actor import Actor

FRESH_SECONDS = 3.0
MAX_KEPT = 20_000

_kept: dict[tuple[int, int], tuple[float, Actor]] = {}
_lock = threading.Lock()
_forgettings = 0


def actor_of(session_id: int, user_id: int, *, via: str, may_lack_factor: bool = False) -> Actor | None:
    """The person of a live session, or None when it is revoked, expired or its user switched off.

    None too for who lacks the factor that is required, but where the caller asks for that itself.
    """
    actor = _actor_of(session_id, user_id, via)
    return None if actor is not None and actor.lacks_factor and not may_lack_factor else actor


def _actor_of(session_id: int, user_id: int, via: str) -> Actor | None:
    key = (session_id, user_id)
    entry = _kept.get(key)
    now = clock.steady()
    if entry is not None and entry[0] > now and entry[1].via == via:
        presence.seen(user_id)
        return entry[1]
    forgettings = _forgettings
    actor = queries.actor_of_session(session_id, user_id, via=via)
    if actor is not None:
        presence.seen(user_id)
    with _lock:
        if actor is None:
            _kept.pop(key, None)
        elif forgettings == _forgettings:
            if len(_kept) >= MAX_KEPT:
                _kept.clear()
            _kept[key] = (now + FRESH_SECONDS, actor)
    return actor


def generation() -> int:
    """Changes whenever anything is forgotten here; for those who keep for a moment what else opens a door."""
    return _forgettings


def topic(session_id: int) -> str:
    """What to subscribe to in the hub to hear that a session has ended."""
    return f"session:{session_id}"


def password_topic(user_id: int) -> str:
    """Of mail clients that came in with the person's own password."""
    return f"password:{user_id}"


def departure_topic(user_id: int) -> str:
    """Of everything that a person has open, when they are switched off."""
    return f"departure:{user_id}"


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
    db.after_commit(lambda: _forget(lambda _, kept_user_id: kept_user_id == user_id))
    db.hint(departure_topic(user_id))


def ended(session_id: int) -> None:
    """Call inside the action that closes a session."""
    db.after_commit(lambda: forget(session_id))
    db.hint(topic(session_id))


def person_topic(user_id: int) -> str:
    """What to subscribe to in the hub to hear that a person's rights are not what they were."""
    return f"person:{user_id}"


def person_changed(user_id: int) -> None:
    """Call inside the action that changes what a person may do or use, or whether they may come in at all."""
    people_changed([user_id])


def people_changed(user_ids: Iterable[int]) -> None:
    changed = frozenset(user_ids)
    db.after_commit(lambda: _forget(lambda _, user_id: user_id in changed))
    for user_id in changed:
        db.hint(person_topic(user_id))


def forget(session_id: int) -> None:
    _forget(lambda kept_id, _: kept_id == session_id)


def _forget(is_meant: Callable[[int, int], bool]) -> None:
    global _forgettings
    with _lock:
        _forgettings += 1
        for key in [key for key in _kept if is_meant(*key)]:
            del _kept[key]
