"""Sessions: what a log-in opens, how it goes on, and how it ends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.audit.who import By, Who
from posthouse.base import clock, db
from posthouse.base.errors import Denied, Missing
from posthouse.base.ids import new_id
from posthouse.identity import devices, live_sessions, tokens
from posthouse.identity.actor import Actor
from posthouse.identity.devices import Seen
from posthouse.identity.models import Session

TABS_GRACE_MS = 10_000
COOKIE_SECONDS = 14 * 86_400
COARSE_MS = 300_000
"""A cookie's session writes that it was used no more often than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What a log-in gives: an access token, a refresh token, and who it is."""

    access: str
    refresh: str
    user_id: int
    session_id: int


@db.action
def open_session(
    actor: Actor,
    *,
    client: str,
    ip: str,
    kind: str = "api",
    has_second_factor: bool = False,
    device: str = "",
) -> Pair:
    """Start a session; its refresh token (a cookie's value for a `cookie` session) is shown once, here.

    Whoever opens one has just proved who they are, so it begins fresh (step_up.py). A device that was not seen
    before makes a notice.
    """
    session_id, is_cookie = new_id(), kind == Session.Kind.COOKIE
    secret = tokens.new_cookie(session_id, actor.user_id) if is_cookie else tokens.new_refresh(session_id)
    Session.objects.create(
        id=session_id,
        user_id=actor.user_id,
        token_hash=tokens.hash_of(secret),
        expires_at=_ends(COOKIE_SECONDS if is_cookie else tokens.REFRESH_SECONDS),
        client=client[:300],
        ip=ip[:45],
        kind=kind,
        has_second_factor=has_second_factor,
        proved_at=clock.now(),
    )
    record(replace(actor, ip=ip, client=client), Act.LOGIN_OK, kind="session", object_id=session_id)
    devices.note(actor, Seen(via=actor.via, ip=ip, client=client, device=device))
    access = "" if is_cookie else tokens.make_access(actor.user_id, session_id)
    return Pair(access=access, refresh=secret, user_id=actor.user_id, session_id=session_id)


def refresh_session(refresh: str, *, ip: str, grace_ms: int = 0) -> Pair:
    """Exchange a refresh token for the next. Raises Denied; a token exchanged before revokes the session.

    With a grace, the last token before this one still gives an access token for so long, and an empty `refresh`:
    two tabs that wake together share one cookie and are no thief.
    """
    pair = _exchange(refresh, ip, grace_ms)
    if pair is None:
        raise Denied("token_revoked", "The session has ended; log in again.")
    return pair


@db.action
def _exchange(refresh: str, ip: str, grace_ms: int) -> Pair | None:
    now, token_hash = clock.now(), tokens.hash_of(refresh)
    session_id = tokens.session_of(refresh)
    if session_id is None:
        return None
    session = (
        Session.objects.filter(id=session_id, revoked_at=None)
        .select_related("user")
        .select_for_update(of=("self",))
        .first()
    )
    if session is None or session.expires_at <= now or not session.user.is_active:
        return None
    if session.token_hash != token_hash:
        age_ms = clock.to_ms(now) - clock.to_ms(session.rotated_at)
        if session.previous_hash == token_hash and age_ms < grace_ms:
            return _pair(session, "")
        _revoke([session.id])
        _record_end(session.id, Act.SESSION_REVOKED, ip=ip, facts={"reason": "token used twice"})
        return None
    fresh = tokens.new_refresh(session.id)
    Session.objects.filter(id=session.id).update(
        token_hash=tokens.hash_of(fresh),
        previous_hash=token_hash,
        rotated_at=now,
        last_used_at=now,
        expires_at=_ends(tokens.REFRESH_SECONDS),
        ip=ip[:45],
    )
    return _pair(session, fresh)


def _pair(session: Session, refresh: str) -> Pair:
    access = tokens.make_access(session.user_id, session.id)
    return Pair(access=access, refresh=refresh, user_id=session.user_id, session_id=session.id)


def _ends(seconds: int) -> dt.datetime:
    return clock.from_ms(clock.now_ms() + seconds * 1000)


def note_use(session_id: int, *, ip: str) -> None:
    """A cookie's session was used: kept, coarsely, since it has no refresh that would say so."""
    before = clock.from_ms(clock.now_ms() - COARSE_MS)
    if Session.objects.filter(id=session_id, last_used_at__lt=before).exists():
        _note_use(session_id, ip)


@db.action
def _note_use(session_id: int, ip: str) -> None:
    Session.objects.filter(id=session_id).update(
        last_used_at=clock.now(), ip=ip[:45], expires_at=_ends(COOKIE_SECONDS)
    )


@db.action
def close_session(refresh: str, *, ip: str = "") -> None:
    """Log out; an unknown token is no error. Streams of the session end."""
    session_id = tokens.session_of(refresh)
    if session_id is not None and _revoke([session_id]):
        _record_end(session_id, Act.SESSION_CLOSED, ip=ip)


@db.action
def close_own(actor: Actor) -> None:
    """Log out of the session one asks with."""
    if actor.session_id is not None and _revoke([actor.session_id]):
        record(actor, Act.SESSION_CLOSED, kind="session", object_id=actor.session_id)


@db.action
def revoke(actor: Actor, session_id: int) -> None:
    """End one of one's own sessions; raises Missing."""
    if not Session.objects.filter(id=session_id, user_id=actor.user_id, revoked_at=None).exists():
        raise Missing()
    _revoke([session_id])
    record(actor, Act.SESSION_REVOKED, kind="session", object_id=session_id)


@db.action
def end_all(actor: Actor, *, keep_current: bool) -> None:
    """End a person's sessions, but for the one they ask with."""
    mine = Session.objects.filter(user_id=actor.user_id, revoked_at=None)
    if keep_current and actor.session_id is not None:
        mine = mine.exclude(id=actor.session_id)
    _end(mine, actor)


def end_of(user_id: int, *, by: Who) -> None:
    """Inside an action that takes somebody's sessions from them, whoever does so."""
    _end(Session.objects.filter(user_id=user_id, revoked_at=None), by)


def _end(live: QuerySet[Session], by: Who) -> None:
    for session_id, user_id in list(live.values_list("id", "user_id")):
        _revoke([session_id])
        record(by, Act.SESSION_REVOKED, kind="session", object_id=session_id, subject=user_id)


def end(session_id: int) -> bool:
    """Call inside an action that records it; whether it was alive until now."""
    return _revoke([session_id])


def _revoke(ids: list[int]) -> bool:
    """Whether any was alive until now."""
    changed = Session.objects.filter(id__in=ids, revoked_at=None).update(revoked_at=clock.now())
    for session_id in ids:
        live_sessions.ended(session_id)
    return bool(changed)


def _record_end(session_id: int, act: Act, *, ip: str, facts: dict[str, Fact] | None = None) -> None:
    session = Session.objects.select_related("user").get(id=session_id)
    by = By(
        organisation_id=session.user.organisation_id,
        user_id=session.user_id,
        email=session.user.email,
        via="http",
        ip=ip,
        client=session.client,
    )
    record(by, act, kind="session", object_id=session_id, facts=facts)
