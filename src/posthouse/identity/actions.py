"""Writes of people, domains and sessions, and the one place where a password is checked."""

from __future__ import annotations

import datetime as dt
import hmac
import threading
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from secrets import token_bytes

from django.contrib.auth.hashers import check_password, make_password

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.audit.who import THE_COMMAND_LINE, By, Who
from posthouse.base import clock, db
from posthouse.base.errors import Conflict, Denied, Invalid, Missing
from posthouse.base.ids import new_id
from posthouse.identity import directory, entries, limits, live_sessions, queries, tokens
from posthouse.identity.actor import Actor
from posthouse.identity.addresses import normal_address, normal_domain
from posthouse.identity.models import Address, Domain, Organisation, Session, User

MIN_PASSWORD = 8
MAX_PASSWORD = 256
_REMEMBER_SECONDS = 300
_REMEMBER_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What a log-in gives: an access token, a refresh token, and who it is."""

    access: str
    refresh: str
    user_id: int


@db.action
def add_domain(name: str, *, organisation: str | None = None, by: Who = THE_COMMAND_LINE) -> int:
    """Receive mail for a domain. Makes the organisation when there is none; raises Conflict if it is taken."""
    domain = normal_domain(name)
    if Domain.objects.filter(name=domain).exists():
        raise Conflict("domain_exists", f"{domain} is here already.")
    owner, _ = Organisation.objects.get_or_create(name=organisation or domain)
    row = Domain.objects.create(organisation=owner, name=domain)
    record(
        by, Act.DOMAIN_ADDED, kind="domain", object_id=row.id, organisation=owner.id, facts={"name": domain}
    )
    directory.forget_after_commit()
    return row.id


@db.action
def add_user(
    email: str, *, name: str, password_hash: str, role: str = User.Role.MEMBER, by: Who = THE_COMMAND_LINE
) -> User:
    """Add a person in the organisation that owns the address's domain; raises Missing or Conflict."""
    address = normal_address(email)
    domain = Domain.objects.filter(name=address.rpartition("@")[2]).first()
    if domain is None:
        raise Missing("no_such_domain", f"{address.rpartition('@')[2]} is not a domain here; add it first.")
    if Address.objects.filter(email=address).exists():
        raise Conflict("address_exists", f"{address} is here already.")
    user = User.objects.create(
        organisation_id=domain.organisation_id, email=address, name=name, password=password_hash, role=role
    )
    Address.objects.create(domain=domain, user=user, email=address)
    record(
        by,
        Act.USER_ADDED,
        kind="user",
        object_id=user.id,
        subject=user.id,
        organisation=user.organisation_id,
        facts={"email": address, "role": str(role)},
    )
    directory.forget_after_commit()
    return user


def hash_password(password: str) -> str:
    """Argon2id; 50-150 ms, so never in the lane. Raises Invalid for one too short or too long."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD or not _is_text(password):
        raise Invalid("bad_password", f"A password has {MIN_PASSWORD} to {MAX_PASSWORD} characters.")
    return make_password(password)


def no_password() -> str:
    """A hash that no password fits, for who is to choose one later."""
    return make_password(None)


@db.action
def set_profile(
    actor: Actor, *, name: str | None = None, preferences: dict[str, object] | None = None
) -> None:
    """Change one's own name or preferences (replaced whole)."""
    changes: dict[str, object] = {}
    if name is not None:
        changes["name"] = name
    if preferences is not None:
        changes["preferences"] = preferences
    if changes:
        User.objects.filter(id=actor.user_id).update(**changes)
        record(
            actor,
            Act.PROFILE_CHANGED,
            kind="user",
            object_id=actor.user_id,
            facts={"fields": sorted(changes)},
        )


# --- checking a password ------------------------------------------------------------------------

_remember_key = token_bytes(32)
_remembered: dict[tuple[str, bytes], tuple[float, str]] = {}
_remember_lock = threading.Lock()


def authenticate(email: str, password: str, *, via: str, ip: str, client: str = "") -> Actor:
    """Check a password; raises Denied (one text for every reason) or Limited. Slow: run it in the pool.

    A right answer is remembered for five minutes as a keyed hash beside the stored hash, since mail clients log in
    all the time and Argon2id costs 100 ms; a changed password forgets it. Unknown users cost the same time.
    """
    try:
        address = normal_address(email)
    except Invalid:
        address = ""
    limits.check_login(email=address, ip=ip)
    user = User.objects.filter(email=address).first() if address else None
    fits = _password_fits(user, password)
    if user is None or not fits or not user.is_active:
        limits.login_failed(email=address, ip=ip)
        entries.note_failed(user, via=via, ip=ip, client=client)
        raise Denied("invalid_credentials", "The address or the password is wrong.")
    limits.check_login(email=address, ip=ip)
    limits.login_succeeded(email=address, ip=ip)
    return queries.as_actor(user, via=via, ip=ip, client=client)


def enter(email: str, password: str, *, via: str, ip: str, client: str = "") -> Actor:
    """`authenticate` for doors without sessions of ours (IMAP, SMTP), where the log-in itself goes on record."""
    actor = authenticate(email, password, via=via, ip=ip, client=client)
    entries.note_ok(actor)
    return actor


@cache
def _nobodys_hash() -> str:
    return make_password("nobody's password")


def _password_fits(user: User | None, password: str) -> bool:
    nobodys = _nobodys_hash()
    if len(password) > MAX_PASSWORD or not _is_text(password):
        password = ""
    if user is None:
        check_password(password, nobodys)
        return False
    key = (user.email, hmac.new(_remember_key, password.encode(), sha256).digest())
    with _remember_lock:
        kept = _remembered.get(key)
    if kept is not None and kept[0] > clock.steady() and kept[1] == user.password:
        return True
    if not check_password(password, user.password):
        return False
    with _remember_lock:
        if len(_remembered) >= _REMEMBER_MAX:
            _remembered.clear()
        _remembered[key] = (clock.steady() + _REMEMBER_SECONDS, user.password)
    return True


def _is_text(password: str) -> bool:
    """A JSON string may hold half a surrogate pair, which no bytes stand for."""
    return not any("\ud800" <= c <= "\udfff" for c in password)


# --- sessions -----------------------------------------------------------------------------------


@db.action
def open_session(actor: Actor, *, client: str, ip: str) -> Pair:
    """Start a session; its refresh token is shown once, here."""
    session_id = new_id()
    refresh = tokens.new_refresh(session_id)
    Session.objects.create(
        id=session_id,
        user_id=actor.user_id,
        token_hash=tokens.hash_of(refresh),
        expires_at=_refresh_ends(),
        client=client[:300],
        ip=ip[:45],
    )
    record(replace(actor, ip=ip, client=client), Act.LOGIN_OK, kind="session", object_id=session_id)
    return Pair(access=tokens.make_access(actor.user_id, session_id), refresh=refresh, user_id=actor.user_id)


TABS_GRACE_MS = 10_000


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
            return Pair(
                access=tokens.make_access(session.user_id, session.id), refresh="", user_id=session.user_id
            )
        _revoke(session.id)
        _record_end(session.id, Act.SESSION_REVOKED, ip=ip, facts={"reason": "token used twice"})
        return None
    fresh = tokens.new_refresh(session.id)
    Session.objects.filter(id=session.id).update(
        token_hash=tokens.hash_of(fresh),
        previous_hash=token_hash,
        rotated_at=now,
        last_used_at=now,
        expires_at=_refresh_ends(),
        ip=ip[:45],
    )
    return Pair(
        access=tokens.make_access(session.user_id, session.id), refresh=fresh, user_id=session.user_id
    )


def _refresh_ends() -> dt.datetime:
    return clock.from_ms(clock.now_ms() + tokens.REFRESH_SECONDS * 1000)


@db.action
def close_session(refresh: str, *, ip: str = "") -> None:
    """Log out; an unknown token is no error. Streams of the session end."""
    session_id = tokens.session_of(refresh)
    if session_id is not None and _revoke(session_id):
        _record_end(session_id, Act.SESSION_CLOSED, ip=ip)


def _revoke(session_id: int) -> bool:
    """Whether it was alive until now."""
    changed = Session.objects.filter(id=session_id, revoked_at=None).update(revoked_at=clock.now())
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


__all__ = [
    "Pair",
    "add_domain",
    "add_user",
    "authenticate",
    "close_session",
    "enter",
    "hash_password",
    "no_password",
    "open_session",
    "refresh_session",
    "set_profile",
]
