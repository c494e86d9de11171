"""Personal access tokens: for programs of one's own, with scopes, an end, and a note of their last use.

`php_` and 40 random characters, so that scanners of leaked secrets know one; we keep its SHA-256. What a token opened
a moment ago is remembered for `FRESH_SECONDS`, like sessions (live_sessions.py), and forgotten at its revocation.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db
from posthouse.base.errors import Conflict, Denied, Invalid, Missing
from posthouse.identity import entries, live_sessions, queries, step_up
from posthouse.identity.actor import Actor
from posthouse.identity.models import AccessToken
from posthouse.identity.scopes import SCOPES

PREFIX = "php_"
MAX_DAYS = 366
MAX_TOKENS = 50
FRESH_SECONDS = 3.0
COARSE_MS = 300_000
MAX_KEPT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    id: int
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A live token and whose it is."""

    token_id: int
    actor: Actor


_kept: dict[str, tuple[float, int, Held]] = {}
"""Until when, in which generation of sessions (who is switched off is out at once), and what was found."""
_lock = threading.Lock()


def make(actor: Actor, *, name: str, scopes: Iterable[str], days: int) -> Made:
    """A new token, shown once. Raises Invalid for an unknown scope or too long a life."""
    step_up.require(actor)
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in SCOPES]
    if unknown or not wanted:
        raise Invalid("unknown_scope", "A token has one scope or more of the table.", pointer="/scopes")
    if not 1 <= days <= MAX_DAYS:
        raise Invalid("bad_expiry", f"A token lives from 1 to {MAX_DAYS} days.", pointer="/expires_in_days")
    token = PREFIX + secrets.token_urlsafe(30)
    return Made(id=_keep(actor, name, token, wanted, days), token=token)


@db.action
def _keep(actor: Actor, name: str, token: str, scopes: list[str], days: int) -> int:
    now = clock.now()
    if AccessToken.objects.filter(user_id=actor.user_id, expires_at__gt=now).count() >= MAX_TOKENS:
        raise Conflict("too_many", f"Nobody has more than {MAX_TOKENS} tokens.")
    row = AccessToken.objects.create(
        user_id=actor.user_id,
        name=name,
        token_hash=_hash(token),
        scopes=" ".join(scopes),
        expires_at=clock.from_ms(clock.now_ms() + days * 86_400_000),
    )
    record(actor, Act.TOKEN_MADE, kind="token", object_id=row.id, facts={"scopes": scopes, "days": days})
    return row.id


def holder(token: str, *, via: str, ip: str, client: str = "") -> Held:
    """Whose token it is; raises Denied (invalid_token) for one unknown, ended, or whose person is switched off."""
    key = f"{_hash(token)}|{via}"
    entry = _kept.get(key)
    generation = live_sessions.generation()
    if entry is not None and entry[0] > clock.steady() and entry[1] == generation:
        return entry[2]
    row = (
        AccessToken.objects.filter(token_hash=_hash(token), expires_at__gt=clock.now(), user__is_active=True)
        .select_related("user__organisation")
        .first()
    )
    if row is None:
        raise Denied("invalid_token", "The token is not valid or has expired.")
    entries.noted(lambda: _note_use(row, ip=ip[:45], client=client[:300]))
    held = Held(token_id=row.id, actor=_actor(row, via))
    with _lock:
        if len(_kept) >= MAX_KEPT:
            _kept.clear()
        _kept[key] = (clock.steady() + FRESH_SECONDS, generation, held)
    return held


def _actor(row: AccessToken, via: str) -> Actor:
    return replace(queries.as_actor(row.user, via=via), scopes=frozenset(row.scopes.split()))


def _note_use(row: AccessToken, *, ip: str, client: str) -> None:
    """Coarsely: at a new place, else every five minutes."""
    now_ms = clock.now_ms()
    is_recent = row.last_used_at is not None and now_ms - clock.to_ms(row.last_used_at) < COARSE_MS
    if not is_recent or (row.last_ip, row.last_client) != (ip, client):
        _write_use(row.id, ip, client)


@db.action
def _write_use(token_id: int, ip: str, client: str) -> None:
    AccessToken.objects.filter(id=token_id).update(last_used_at=clock.now(), last_ip=ip, last_client=client)


@db.action
def revoke(actor: Actor, token_id: int) -> None:
    """It opens nothing from now on, and what it has open ends. Raises Missing."""
    if not AccessToken.objects.filter(id=token_id, user_id=actor.user_id).exists():
        raise Missing()
    end(token_id)
    record(actor, Act.TOKEN_REVOKED, kind="token", object_id=token_id)


@db.action
def revoke_all(actor: Actor) -> None:
    mine = AccessToken.objects.filter(user_id=actor.user_id)
    for token_id in list(mine.values_list("id", flat=True)):
        end(token_id)
        record(actor, Act.TOKEN_REVOKED, kind="token", object_id=token_id)


def end(token_id: int) -> None:
    """Call inside the action that takes it away, which puts it on record."""
    AccessToken.objects.filter(id=token_id).delete()
    db.after_commit(forget)
    live_sessions.topic_ended(live_sessions.token_topic(token_id))


def forget() -> None:
    with _lock:
        _kept.clear()


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
