"""The security page: everything by which a person is or can get in, and how each of it is taken away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from posthouse.base import clock, db
from posthouse.base.errors import Missing
from posthouse.identity import (
    access_tokens,
    app_passwords,
    live_clients,
    live_sessions,
    mfa,
    mfa_trust,
    oauth_requests,
    passkeys,
    sessions,
    step_up,
)
from posthouse.identity.actor import Actor
from posthouse.identity.models import (
    AccessToken,
    AppPassword,
    Notice,
    OAuthGrant,
    Passkey,
    Session,
    TrustedBrowser,
)

MAX_NOTICES = 20
MAX_SESSIONS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PushDevice:
    """A browser that is told of news while nobody looks; it is bound to a session."""

    id: int
    client: str
    service: str
    session_id: int
    created_at: dt.datetime
    last_used_at: dt.datetime | None


_push_devices: Callable[[int], list[PushDevice]] | None = None
_revoke_push_device: Callable[[Actor, int], None] | None = None


def show_push_devices(of: Callable[[int], list[PushDevice]], revoke: Callable[[Actor, int], None]) -> None:
    """Called by the room that pushes, which identity does not know."""
    global _push_devices, _revoke_push_device
    _push_devices, _revoke_push_device = of, revoke


def _forget_push_device(actor: Actor, device_id: int) -> None:
    if _revoke_push_device is None:
        raise Missing()
    _revoke_push_device(actor, device_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    mfa: mfa.State
    is_fresh: bool
    sessions: list[Session]
    passkeys: list[Passkey]
    trusted_browsers: list[TrustedBrowser]
    app_passwords: list[AppPassword]
    tokens: list[AccessToken]
    mail_clients: list[live_clients.LiveClient]
    applications: list[OAuthGrant]
    push_devices: list[PushDevice]
    notices: list[Notice]


def overview(actor: Actor) -> Overview:
    """All of one's own; nothing here is secret by itself."""
    now, mine = clock.now(), {"user_id": actor.user_id}
    live = Session.objects.filter(**mine, revoked_at=None, expires_at__gt=now)
    return Overview(
        mfa=mfa.state_of(actor.user_id),
        is_fresh=step_up.is_fresh(actor),
        sessions=list(live.order_by("-last_used_at")[:MAX_SESSIONS]),
        passkeys=list(Passkey.objects.filter(**mine).order_by("id")),
        trusted_browsers=list(TrustedBrowser.objects.filter(**mine, expires_at__gt=now).order_by("-id")),
        app_passwords=list(AppPassword.objects.filter(**mine).order_by("-id")),
        tokens=list(AccessToken.objects.filter(**mine).order_by("-id")),
        mail_clients=live_clients.clients_of(actor),
        applications=oauth_requests.grants_of(actor),
        push_devices=[] if _push_devices is None else _push_devices(actor.user_id),
        notices=list(Notice.objects.filter(**mine).order_by("-id")[:MAX_NOTICES]),
    )


REVOKE: dict[str, Callable[[Actor, int], None]] = {
    "sessions": sessions.revoke,
    "passkeys": passkeys.remove,
    "trusted-browsers": mfa_trust.revoke,
    "app-passwords": app_passwords.revoke,
    "tokens": access_tokens.revoke,
    "mail-clients": live_clients.end,
    "applications": oauth_requests.revoke_grant,
    "push-devices": _forget_push_device,
}


@db.action
def revoke_all(actor: Actor, *, keep_current: bool) -> None:
    """Sessions, tokens, app passwords, trusted browsers, applications, mail clients; password and factors stay."""
    sessions.end_all(actor, keep_current=keep_current)
    access_tokens.revoke_all(actor)
    app_passwords.revoke_all(actor)
    mfa_trust.revoke_all(actor, actor.user_id)
    oauth_requests.revoke_all_grants(actor)
    live_sessions.topic_ended(live_sessions.password_topic(actor.user_id))
