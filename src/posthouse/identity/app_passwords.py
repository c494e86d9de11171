"""App passwords: one for each mail program, `xxxx-xxxx-xxxx-xxxx`, shown once, for IMAP, SMTP or both.

Eighty random bits need no slow hash: a keyed one is kept, found by index, so that a mail client's log-in is quick.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, sealing, sql
from posthouse.base.errors import Conflict, Invalid, Missing
from posthouse.base.prepared import Prepared
from posthouse.identity import live_sessions, scram, step_up
from posthouse.identity.actor import Actor
from posthouse.identity.models import AppPassword, User

PROTOCOLS = ("imap", "smtp")
MAX_DAYS = 3660
MAX_APP_PASSWORDS = 50
COARSE_MS = 300_000
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_LENGTH = 16
_IGNORED = frozenset("- ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    id: int
    password: str


def make(actor: Actor, *, name: str, scopes: Iterable[str], days: int | None = None) -> Made:
    """A new one, shown once; without `days` it has no end. Raises Invalid."""
    step_up.require(actor)
    wanted = sorted(set(scopes))
    if not wanted or any(scope not in PROTOCOLS for scope in wanted):
        raise Invalid("unknown_scope", "An app password is for imap, smtp or both.", pointer="/scopes")
    plain = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    keys = _keys(plain, User.objects.get(id=actor.user_id))
    made_id = _keep(actor, name, (_hash(plain), keys), " ".join(wanted), days)
    return Made(id=made_id, password=_shown(plain))


def _shown(plain: str) -> str:
    return "-".join(plain[at : at + 4] for at in range(0, _LENGTH, 4))


def _keys(plain: str, user: User) -> str:
    """For SCRAM, where the client hashes what was typed: as it is shown, and without the dashes."""
    return scram.sealed_keys([_shown(plain), plain], scram.salt_for(user))


@db.action
def _keep(actor: Actor, name: str, kept: tuple[str, str], scopes: str, days: int | None) -> int:
    if AppPassword.objects.filter(user_id=actor.user_id).count() >= MAX_APP_PASSWORDS:
        raise Conflict("too_many", f"Nobody has more than {MAX_APP_PASSWORDS} app passwords.")
    row = AppPassword.objects.create(
        user_id=actor.user_id,
        name=name,
        password_hash=kept[0],
        scram=kept[1],
        scopes=scopes,
        expires_at=None if days is None else clock.from_ms(clock.now_ms() + days * 86_400_000),
    )
    facts: dict[str, Fact] = {"scopes": scopes.split(), "days": days}
    record(actor, Act.APP_PASSWORD_MADE, kind="app_password", object_id=row.id, facts=facts)
    return row.id


_live = Prepared(
    lambda id_: AppPassword.objects.filter(id=id_, user__is_active=True).select_related(
        "user__organisation", "user__custom_role"
    ),
    [1],
)


def find(password: str) -> AppPassword | None:
    """The live one of this text with its user, whatever it is for. Spaces and dashes do not count."""
    plain = _plain(password)
    if len(plain) != _LENGTH or not plain.isascii():
        plain = ""  # looked up all the same, so that every log-in takes the same time
    found = sql.row("SELECT id FROM identity_apppassword WHERE password_hash = %s", [_hash(plain)])
    if found is None:
        return None
    row = _live.first(found[0])
    if row is None or (row.expires_at is not None and row.expires_at <= clock.now()):
        return None
    return row


def _plain(password: str) -> str:
    return "".join(c for c in password.lower()[:100] if c not in _IGNORED)


def live_of(user_id: int) -> list[AppPassword]:
    """All that open something now; at most MAX_APP_PASSWORDS."""
    now = clock.now()
    rows = AppPassword.objects.filter(user_id=user_id, user__is_active=True).select_related("user")
    return [row for row in rows if row.expires_at is None or row.expires_at > now]


def learn(row: AppPassword, password: str) -> None:
    """Make the keys for SCRAM of one that was made before there were any, now that it is known."""
    if not scram.opened(row.scram, scram.salt_for(row.user)):
        _write_keys(row.id, _keys(_plain(password), row.user))


@db.action
def _write_keys(row_id: int, keys: str) -> None:
    AppPassword.objects.filter(id=row_id).update(scram=keys)


def note_use(row: AppPassword, *, protocol: str, ip: str) -> None:
    """Coarsely: at a new place or protocol, else every five minutes."""
    is_recent = row.last_used_at is not None and clock.now_ms() - clock.to_ms(row.last_used_at) < COARSE_MS
    if not is_recent or (row.last_ip, row.last_protocol) != (ip[:45], protocol):
        _write_use(row.id, protocol, ip[:45])


@db.action
def _write_use(row_id: int, protocol: str, ip: str) -> None:
    AppPassword.objects.filter(id=row_id).update(last_used_at=clock.now(), last_ip=ip, last_protocol=protocol)


@db.action
def revoke(actor: Actor, app_password_id: int) -> None:
    """It opens nothing from now on, and the mail clients that came in with it end. Raises Missing."""
    if not AppPassword.objects.filter(id=app_password_id, user_id=actor.user_id).exists():
        raise Missing()
    end(app_password_id)
    record(actor, Act.APP_PASSWORD_REVOKED, kind="app_password", object_id=app_password_id)


@db.action
def revoke_all(actor: Actor) -> None:
    mine = AppPassword.objects.filter(user_id=actor.user_id)
    for app_password_id in list(mine.values_list("id", flat=True)):
        end(app_password_id)
        record(actor, Act.APP_PASSWORD_REVOKED, kind="app_password", object_id=app_password_id)


def end(app_password_id: int) -> None:
    """Call inside the action that takes it away, which puts it on record."""
    AppPassword.objects.filter(id=app_password_id).delete()
    live_sessions.topic_ended(live_sessions.app_password_topic(app_password_id))


def _hash(plain: str) -> str:
    return hmac.new(sealing.derived("app password"), plain.encode(), sha256).hexdigest()
