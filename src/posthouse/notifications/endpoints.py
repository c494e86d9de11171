"""Devices that are pushed to: subscribed by a session, gone with it, shown on the security page."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple
from urllib.parse import urlsplit

from posthouse.audit.actions import record
from posthouse.audit.acts import Act
from posthouse.base import clock, db, jobs, net_http, sealing, sql
from posthouse.base.errors import Conflict, Denied, Failure, Invalid, Missing
from posthouse.identity.actor import Actor
from posthouse.identity.push_devices import PushDevice
from posthouse.notifications import vapid
from posthouse.notifications.models import Endpoint
from posthouse.notifications.telling import LIVE_ENDPOINTS
from posthouse.wire import webpush

URL_PURPOSE, SECRET_PURPOSE = "push endpoint", "push secret"
TEST_JOB = "notifications.test"
MAX_ENDPOINTS = 20
MAX_FAILURES = 20
"""A device that took nothing so often in a row is forgotten."""


class Target(NamedTuple):
    """What it takes to push to a device."""

    endpoint_id: int
    user_id: int
    url: str
    to: webpush.Subscription
    key_id: int


@db.action
def subscribe(actor: Actor, *, url: str, public: str, secret: str) -> Endpoint:
    """Push to a browser from now on, as long as the session lives; the same browser again takes the place of itself.

    Raises Denied for who came without a session, Invalid (invalid_url, invalid_push_key), Conflict (too_many).
    """
    if actor.session_id is None or actor.scopes is not None:
        raise Denied("permission_denied", "A device is subscribed by who is logged in on it.")
    _check(url, public, secret)
    key, digest = vapid.current(), sha256(url.encode()).hexdigest()
    Endpoint.objects.filter(url_hash=digest).delete()
    if len(devices_of(actor.user_id)) >= MAX_ENDPOINTS:
        raise Conflict("too_many", f"There are {MAX_ENDPOINTS} devices at most.")
    made = Endpoint.objects.create(
        user_id=actor.user_id,
        session_id=actor.session_id,
        key=key,
        url_sealed=sealing.seal(url.encode(), purpose=URL_PURPOSE),
        url_hash=digest,
        host=(urlsplit(url).hostname or "")[:255],
        public=public,
        secret_sealed=sealing.seal(secret.encode(), purpose=SECRET_PURPOSE),
        client=actor.client[:300],
    )
    record(actor, Act.PUSH_DEVICE_ADDED, kind="push_device", object_id=made.id, facts={"service": made.host})
    return made


def _check(url: str, public: str, secret: str) -> None:
    try:
        net_http.judge(url)
    except (Failure, ValueError) as error:
        raise Invalid("invalid_url", "This is no address of a push service.", pointer="/endpoint") from error
    try:
        webpush.subscription(public, secret)
    except ValueError as error:
        raise Invalid("invalid_push_key", "These are no keys of a browser.", pointer="/keys") from error


def devices_of(user_id: int) -> list[Endpoint]:
    """Those whose sessions are alive, the newest first."""
    ids = [row[0] for row in sql.rows(f"{LIVE_ENDPOINTS} AND e.user_id = %s", [clock.now_ms(), user_id])]
    return list(Endpoint.objects.filter(id__in=ids).order_by("-id"))


def endpoint_for(actor: Actor, endpoint_id: int) -> Endpoint:
    """One of one's own; raises Missing."""
    found = next((one for one in devices_of(actor.user_id) if one.id == endpoint_id), None)
    if found is None:
        raise Missing()
    return found


@db.action
def unsubscribe(actor: Actor, endpoint_id: int) -> None:
    found = endpoint_for(actor, endpoint_id)
    found.delete()
    record(actor, Act.PUSH_DEVICE_REMOVED, kind="push_device", object_id=endpoint_id)


@db.action
def send_test(actor: Actor, endpoint_id: int) -> None:
    """Have a device shown that it is reached."""
    found = endpoint_for(actor, endpoint_id)
    jobs.enqueue(TEST_JOB, endpoint_id=found.id)


def target_of(endpoint_id: int, user_id: int | None = None) -> Target | None:
    """None where the session is over, the person is, or nothing can be read any more."""
    whose, values = ("", []) if user_id is None else (" AND e.user_id = %s", [user_id])
    live = sql.row(f"{LIVE_ENDPOINTS} AND e.id = %s{whose}", [clock.now_ms(), endpoint_id, *values])
    found = None if live is None else Endpoint.objects.filter(id=endpoint_id).first()
    if found is None:
        return None
    try:
        url = sealing.unseal(found.url_sealed, purpose=URL_PURPOSE).decode()
        secret = sealing.unseal(found.secret_sealed, purpose=SECRET_PURPOSE).decode()
    except sealing.Unsealable:
        return None
    return Target(found.id, found.user_id, url, webpush.subscription(found.public, secret), found.key_id)


@db.action
def settle(endpoint_id: int, *, is_gone: bool, is_well: bool) -> None:
    """What a push came to: the device goes with a service that does not know it, or takes nothing for long."""
    if is_gone:
        Endpoint.objects.filter(id=endpoint_id).delete()
    elif is_well:
        sql.run(
            "UPDATE notifications_endpoint SET failures = 0, last_used_at = %s WHERE id = %s",
            [clock.now_ms(), endpoint_id],
        )
    else:
        sql.run("UPDATE notifications_endpoint SET failures = failures + 1 WHERE id = %s", [endpoint_id])
        sql.run(
            "DELETE FROM notifications_endpoint WHERE id = %s AND failures >= %s", [endpoint_id, MAX_FAILURES]
        )


# --- the security page ----------------------------------------------------------------------------


def shown(user_id: int) -> list[PushDevice]:
    return [
        PushDevice(
            id=one.id,
            client=one.client,
            service=one.host,
            session_id=one.session_id,
            created_at=one.created_at,
            last_used_at=one.last_used_at,
        )
        for one in devices_of(user_id)
    ]
