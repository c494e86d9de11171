"""Pushes on their way to devices: jobs, one for each device, so that a slow service keeps no other waiting.

A push service answers for itself: 404 and 410 end the device, what it cannot do now is tried again later, and what is
read meanwhile or is too old is not sent any more. What is read is taken off the device by a push of its own, which
takes the place of the first where that still waits (its topic is the same).
"""

from __future__ import annotations

import os
from typing import Any

import structlog
from cryptography.hazmat.primitives.asymmetric import ec

from posthouse.base import clock, db, net_http
from posthouse.base.api.rendering import dumps
from posthouse.base.errors import Unavailable
from posthouse.base.jobs import handler
from posthouse.base.metrics import Counter
from posthouse.identity import directory, profiles
from posthouse.notifications import endpoints, queries, telling, vapid
from posthouse.notifications.endpoints import Target
from posthouse.notifications.models import Choices, Notification, VapidKey
from posthouse.wire import webpush

log = structlog.get_logger(__name__)
pushes = Counter("posthouse_pushes", "Pushes to devices, by what the push service said.", "outcome")

LIMITS = net_http.Limits(max_bytes=16_384, timeout=15.0, max_redirects=0)
TTL_SECONDS = 86_400
SIGNED_SECONDS = 12 * 3600
GONE = frozenset({404, 410})
REFUSED = frozenset({401, 403})
"""It does not know our key: the browser has to subscribe anew."""
NOW_OR_NEVER = frozenset({400, 413})
BODY_BYTES = 2_000


@handler(telling.PUSH)
async def push(endpoint_id: int, user_id: int, tag: str) -> None:
    """Tell a device of a notification that is still unread."""
    target, content = await db.reading(_to_tell, endpoint_id, user_id, tag)
    if target is not None and content is not None:
        await _send(target, content, topic=tag, urgency="high" if content.get("is_urgent") else "normal")


@handler(telling.TAKE_BACK)
async def take_back(endpoint_id: int, user_id: int, tags: list[str]) -> None:
    target, content = await db.reading(_to_take_back, endpoint_id, user_id, tags)
    if target is not None and content is not None:
        await _send(target, content, topic=content["tags"][0], urgency="normal")


@handler(endpoints.TEST_JOB)
async def show_test(endpoint_id: int) -> None:
    target = await db.reading(endpoints.target_of, endpoint_id)
    if target is not None:
        content = {
            "type": "tell",
            "tag": "test",
            "title": "Posthouse",
            "body": "This device hears of what is new.",
        }
        await _send(target, {**content, "path": "/settings/notifications"}, topic="test", urgency="high")


# --- what it says ---------------------------------------------------------------------------------


def _to_tell(endpoint_id: int, user_id: int, tag: str) -> tuple[Target | None, dict[str, Any] | None]:
    since = clock.from_ms(clock.now_ms() - TTL_SECONDS * 1000)
    found = Notification.objects.filter(user_id=user_id, key=tag, read_at=None, created_at__gt=since).first()
    target = endpoints.target_of(endpoint_id, user_id)
    return target, None if found is None or target is None else _content(found)


def _content(found: Notification) -> dict[str, Any]:
    """With a person's leave what it says, else only that there is something."""
    chosen = Choices.objects.filter(user_id=found.user_id).first() or Choices()
    known = profiles.notified([found.user_id]).get(found.user_id)
    said = {"title": found.title, "body": _cut(found.body), "kind": found.kind}
    return {
        "type": "tell",
        "tag": found.key,
        "id": str(found.id),
        **(said if chosen.shows_content else {}),
        "path": f"/notifications/{found.id}",
        "is_urgent": found.urgency == "urgent",
        "is_silent": known is None or not known.choices["sound"],
        "unread": queries.unread_count(found.user_id),
        "at": clock.to_ms(found.created_at),
    }


def _cut(text: str) -> str:
    return text.encode()[:BODY_BYTES].decode(errors="ignore")


def _to_take_back(
    endpoint_id: int, user_id: int, tags: list[str]
) -> tuple[Target | None, dict[str, Any] | None]:
    """Those of the tags that were not told anew meanwhile."""
    again = set(
        Notification.objects.filter(user_id=user_id, key__in=tags, read_at=None).values_list("key", flat=True)
    )
    left = [tag for tag in tags if tag not in again]
    target = endpoints.target_of(endpoint_id, user_id)
    return target, {"type": "read", "tags": left} if left else None


# --- how it goes ----------------------------------------------------------------------------------


async def _send(target: Target, content: dict[str, Any], *, topic: str, urgency: str) -> None:
    """Raises Unavailable for what is to be tried again."""
    key = await db.reading(_key_of, target.key_id)
    if key is None:
        await db.writing(endpoints.settle, target.endpoint_id, is_gone=True, is_well=False)
        return
    headers, body = _sealed(target, key, dumps(content), topic=topic, urgency=urgency)
    try:
        answer = await net_http.request(target.url, method="POST", headers=headers, body=body, limits=LIMITS)
        status = answer.status
    except net_http.FetchFailed:
        status = 0
    is_well, is_gone = 200 <= status < 300, status in GONE | REFUSED
    await db.writing(endpoints.settle, target.endpoint_id, is_gone=is_gone, is_well=is_well)
    pushes.count("ok" if is_well else "gone" if is_gone else "failed")
    log.info("push", endpoint=target.endpoint_id, status=status)
    if not (is_well or is_gone or status in NOW_OR_NEVER):
        raise Unavailable("push_failed", "The push service did not take it.")


def _key_of(key_id: int) -> ec.EllipticCurvePrivateKey | None:
    found = VapidKey.objects.filter(id=key_id).first()
    return None if found is None else vapid.private_of(found)


def _sealed(
    target: Target, key: ec.EllipticCurvePrivateKey, plain: bytes, *, topic: str, urgency: str
) -> tuple[dict[str, str], bytes]:
    own = ec.generate_private_key(ec.SECP256R1())
    body = webpush.encrypt(plain, target.to, own=own, salt=os.urandom(webpush.SALT_BYTES))
    signed = webpush.authorization(
        target.url,
        key,
        subject=f"mailto:postmaster@{directory.hostname()}",
        now_s=clock.now_ms() // 1000,
        seconds=SIGNED_SECONDS,
    )
    headers = {
        "Authorization": signed,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(TTL_SECONDS),
        "Topic": webpush.topic_of(topic),
        "Urgency": urgency,
    }
    return headers, body
