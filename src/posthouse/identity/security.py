"""The security page: everything by which a person is or can get in, and how each of it is taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from posthouse.base import clock, db
from posthouse.identity import (
    access_tokens,
    app_passwords,
    live_clients,
    live_sessions,
    mfa,
    mfa_trust,
    oauth_requests,
    passkeys,
    push_devices,
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
    push_devices: list[push_devices.PushDevice]
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
        push_devices=push_devices.devices_of(actor.user_id),
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
    "push-devices": push_devices.revoke,
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
