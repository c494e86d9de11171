"""Trusted browsers: for a month not asked for the second factor. A token in a cookie, ours by hash, revocable."""

from __future__ import annotations

import secrets
from hashlib import sha256

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.audit.who import Who
from posthouse.base import clock, db
from posthouse.base.errors import Missing
from posthouse.base.ids import new_id
from posthouse.identity.actor import Actor
from posthouse.identity.models import TrustedBrowser

TRUST_SECONDS = 30 * 86_400
MAX_TRUSTED = 50


@db.action
def trust(actor: Actor, *, client: str, ip: str) -> str:
    """The token for the cookie, shown once."""
    token = secrets.token_urlsafe(32)
    mine = TrustedBrowser.objects.filter(user_id=actor.user_id)
    old = list(mine.order_by("-id").values_list("id", flat=True)[MAX_TRUSTED - 1 :])
    TrustedBrowser.objects.filter(id__in=old).delete()
    browser_id = new_id()
    TrustedBrowser.objects.create(
        id=browser_id,
        user_id=actor.user_id,
        token_hash=_hash(actor.user_id, token),
        client=client[:300],
        ip=ip[:45],
        expires_at=clock.from_ms(clock.now_ms() + TRUST_SECONDS * 1000),
    )
    record(actor, Act.BROWSER_TRUSTED, kind="trusted_browser", object_id=browser_id)
    return token


def is_trusted(user_id: int, token: str, *, ip: str) -> bool:
    """Whether the token is this person's; another's says nothing of them."""
    if not token:
        return False
    found = TrustedBrowser.objects.filter(
        token_hash=_hash(user_id, token), user_id=user_id, expires_at__gt=clock.now()
    ).first()
    if found is not None:
        _note_use(found.id, ip)
    return found is not None


@db.action
def _note_use(browser_id: int, ip: str) -> None:
    TrustedBrowser.objects.filter(id=browser_id).update(last_used_at=clock.now(), ip=ip[:45])


@db.action
def revoke(actor: Actor, browser_id: int) -> None:
    """Raises Missing."""
    if not TrustedBrowser.objects.filter(id=browser_id, user_id=actor.user_id).delete()[0]:
        raise Missing()
    record(actor, Act.BROWSER_DISTRUSTED, kind="trusted_browser", object_id=browser_id)


@db.action
def revoke_all(by: Who, user_id: int) -> None:
    """All of a person's; `by` is whoever ends them."""
    mine = TrustedBrowser.objects.filter(user_id=user_id)
    for browser_id in list(mine.values_list("id", flat=True)):
        record(by, Act.BROWSER_DISTRUSTED, kind="trusted_browser", object_id=browser_id, subject=user_id)
    mine.delete()


def _hash(user_id: int, token: str) -> str:
    """Bound to the person: a token taken over to another account is none there."""
    return sha256(f"{user_id}|{token}".encode("utf-8", "replace")).hexdigest()
