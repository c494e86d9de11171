"""Passwords: which are taken, how they are kept, and the one place where one is checked.

OWASP ASVS 5 §6.2: 8 to 256 characters of any kind, no rules of composition; refused are those that everybody
guesses first and those made of the person's own name, address or organisation.
"""

from __future__ import annotations

import hmac
import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from secrets import token_bytes

from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db
from posthouse.base.errors import Conflict, Denied, Invalid
from posthouse.base.prepared import Prepared
from posthouse.identity import entries, limits, live_sessions, mfa_trust, queries, scram, sessions, step_up
from posthouse.identity.actor import Actor
from posthouse.identity.addresses import normal_address
from posthouse.identity.models import Organisation, User

MIN_PASSWORD = 8
MAX_PASSWORD = 256
MIN_DISTINCT = 4
MIN_WORD = 4
"""A shorter name is part of too many good passwords."""
_PRODUCT = ("posthouse",)
_TAIL = re.compile(r"[\d\W_]{1,4}\Z")
_REMEMBER_SECONDS = 300
_REMEMBER_MAX = 10_000


# --- which are taken ----------------------------------------------------------------------------


def hash_password(password: str, *, about: Iterable[str] = (), salt: bytes = b"") -> str:
    """Argon2id; 50-150 ms, so never in the lane. Raises Invalid for one too short, too long or easy to guess.

    `about` are texts about the person (name, address, organisation) whose words a guesser tries first. With their
    `salt` for SCRAM its keys stand behind the hash; without, they come at the first log-in.
    """
    check_policy(password, about=about)
    hashed = make_password(password)
    return scram.with_keys(hashed, password, salt) if salt else hashed


def check_policy(password: str, *, about: Iterable[str] = ()) -> None:
    """Raises Invalid: bad_password, common_password or guessable_password."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD or not _is_text(password):
        raise Invalid("bad_password", f"A password has {MIN_PASSWORD} to {MAX_PASSWORD} characters.")
    plain = unicodedata.normalize("NFKC", password).lower()
    if plain in _common() or _TAIL.sub("", plain) in _common() or len(set(plain)) < MIN_DISTINCT:
        raise Invalid("common_password", "This password is among those that are guessed first; take another.")
    if any(word in plain for word in _words(about)):
        raise Invalid(
            "guessable_password", "A password must not hold your name, your address or your organisation."
        )


@cache
def _common() -> frozenset[str]:
    """Nearly twenty thousand, counted in breaches by Royce Williams; Django (BSD) brings them."""
    return frozenset(CommonPasswordValidator().passwords)


def _words(about: Iterable[str]) -> set[str]:
    words = {
        word
        for text in about
        for word in re.split(r"[\W_]+", unicodedata.normalize("NFKC", text).lower())
        if len(word) >= MIN_WORD
    }
    return words | set(_PRODUCT) if words else words


def _is_text(password: str) -> bool:
    """A JSON string may hold half a surrogate pair, which no bytes stand for."""
    return not any("\ud800" <= c <= "\udfff" for c in password)


# --- checking -----------------------------------------------------------------------------------

_remember_key = token_bytes(32)
_remembered: dict[tuple[str, bytes], tuple[float, str]] = {}
_remember_lock = threading.Lock()
_turns = [threading.Lock() for _ in range(64)]
"""Of those who come with one password at once, the first checks it and the others remember."""


_by_address = Prepared(
    lambda address: User.objects.filter(email=address).select_related("organisation", "custom_role"), ["a"]
)


def authenticate(email: str, password: str, *, via: str, ip: str, client: str = "") -> Actor:
    """Check a password; raises Denied (one text for every reason) or Limited. Slow: run it in the pool.

    It is half of a log-in for those with a second factor: doors ask `mfa_login` or `mail_clients`, not this.
    A right answer is remembered for five minutes as a keyed hash beside the stored hash, since mail clients log in
    all the time and Argon2id costs 100 ms; a changed password forgets it. What is not remembered is compared with the
    keys for SCRAM first, which is ten times cheaper: after a restart everybody comes at once. Wrong passwords and
    unknown users cost both.
    """
    try:
        address = normal_address(email)
    except Invalid:
        address = ""
    limits.check_login(email=address, ip=ip)
    user = _by_address.first(address) if address else None
    if not _password_fits(user, password) or user is None:
        limits.login_failed(email=address, ip=ip)
        entries.note_failed(user, via=via, ip=ip, client=client, typed=email)
        raise Denied("invalid_credentials", "The address or the password is wrong.")
    limits.check_login(email=address, ip=ip)
    limits.login_succeeded(email=address, ip=ip)
    return queries.as_actor(user, via=via, ip=ip, client=client)


def no_password() -> str:
    """A hash that no password fits, for who is to choose one later."""
    return make_password(None)


@cache
def _nobodys_hash() -> str:
    return scram.with_keys(make_password("nobody's password"), "nobody's password", scram.first_salt(""))


def _short(password: str) -> str:
    return password if len(password) <= MAX_PASSWORD and _is_text(password) else ""


def _password_fits(user: User | None, password: str) -> bool:
    """False for nobody and for who is switched off, which cost as much as a wrong password, and every time."""
    password = _short(password)
    if user is None or not user.is_active:
        hashed = _nobodys_hash() if user is None else user.password
        _is_quickly_right(hashed, password, scram.first_salt("") if user is None else scram.salt_for(user))
        check_password(password, hashed)
        return False
    key = (user.email, hmac.new(_remember_key, password.encode(), sha256).digest())
    if _is_remembered(key, user):
        return True
    with _turns[key[1][0] % len(_turns)]:
        return _is_remembered(key, user) or _is_right(key, user, password)


def _is_remembered(key: tuple[str, bytes], user: User) -> bool:
    with _remember_lock:
        kept = _remembered.get(key)
    return kept is not None and kept[0] > clock.steady() and kept[1] == scram.without_keys(user.password)


def _is_right(key: tuple[str, bytes], user: User, password: str) -> bool:
    salt = scram.salt_for(user)
    if not _is_quickly_right(user.password, password, salt):
        if not check_password(password, user.password):
            return False
        _upgrade(user, password, salt)
    with _remember_lock:
        if len(_remembered) >= _REMEMBER_MAX:
            _remembered.clear()
        _remembered[key] = (clock.steady() + _REMEMBER_SECONDS, scram.without_keys(user.password))
    return True


def _is_quickly_right(hashed: str, password: str, salt: bytes) -> bool:
    return scram.is_right(password, scram.keys_of(hashed), salt)


def _upgrade(user: User, password: str, salt: bytes) -> None:
    """What this house would not make today is made anew as soon as the password is known.

    A hash of another house (PBKDF2), or of other costs, becomes one of ours; keys for SCRAM that are missing, or made
    with another salt or by a key of the server that is gone, are put behind it.
    """
    hasher, hashed = identify_hasher(user.password), scram.without_keys(user.password)
    is_ours = hasher.algorithm == "argon2" and not hasher.must_update(hashed)
    fresh = scram.with_keys(user.password if is_ours else make_password(password), password, salt)
    if fresh != user.password and _replace(user.id, old=user.password, new=fresh):
        user.password = fresh


@db.action
def _replace(user_id: int, *, old: str, new: str) -> bool:
    return bool(User.objects.filter(id=user_id, password=old).update(password=new))


# --- changing -----------------------------------------------------------------------------------


def change(actor: Actor, current: str, new: str, *, ip: str, keep_others: bool = False) -> None:
    """Change one's own password. Raises Denied for a wrong current one, Invalid for a bad new one.

    The other sessions, trusted browsers and mail clients that came in by the old password end, unless they are to
    stay. With a second factor, knowing the password is not enough: it asks for a fresh proof.
    """
    step_up.require_when_mfa(actor)
    with step_up.in_session():
        authenticate(actor.email, current, via=actor.via, ip=ip, client=actor.client)
    user = User.objects.get(id=actor.user_id)
    hashed = hash_new_password(new, name=user.name, email=user.email, organisation_id=user.organisation_id)
    _change(actor, user.password, hashed, keep_others=keep_others)


def hash_new_password(password: str, *, name: str, email: str, organisation_id: int) -> str:
    """`hash_password` with what a person's organisation wants: the one rule wherever somebody chooses a password."""
    wanted = Organisation.objects.filter(id=organisation_id).values_list("min_password", flat=True).first()
    if len(password) < (wanted or 0):
        raise Invalid("bad_password", f"A password has {wanted} to {MAX_PASSWORD} characters.")
    about = about_person(name, email, organisation_id)
    return hash_password(password, about=about, salt=scram.salt_of(email).salt)


def about_person(name: str, email: str, organisation_id: int) -> list[str]:
    """The words that nobody's password may hold, for `hash_password`."""
    organisation = Organisation.objects.filter(id=organisation_id).values_list("name", flat=True).first()
    return [name, email.replace(".", " "), organisation or ""]


@db.action
def _change(actor: Actor, old: str, new: str, *, keep_others: bool) -> None:
    if not User.objects.filter(id=actor.user_id, password=old).update(password=new):
        raise Conflict("password_changed", "The password was changed meanwhile.")
    record(actor, Act.PASSWORD_CHANGED, kind="user", object_id=actor.user_id)
    if not keep_others:
        sessions.end_all(actor, keep_current=True)
        mfa_trust.revoke_all(actor, actor.user_id)
        live_sessions.topic_ended(live_sessions.password_topic(actor.user_id))
