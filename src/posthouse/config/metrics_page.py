"""`GET /metrics`: shut unless the operator gave a token, and then for who holds it only.

Without the token it looks like any other path that is not there, so nobody learns that there is something to guess.
"""

from __future__ import annotations

import hmac
from typing import Any

from django.conf import settings

from posthouse.base import db
from posthouse.base.errors import Failure
from posthouse.config.wsgi_pool import Receive, Scope, Send


async def metrics_page(scope: Scope, receive: Receive, send: Send) -> None:
    from posthouse.ops import metrics  # prometheus_client is for those who ask

    if scope["method"] != "GET" or not _holds_token(scope):
        await _send(send, 404, b"text/plain", b"There is nothing here.\n")
        return
    try:
        content = await db.reading(metrics.page)
    except Failure:
        await _send(send, 503, b"text/plain", b"Not now.\n")
        return
    await _send(send, 200, metrics.CONTENT_TYPE.encode(), content)


def _holds_token(scope: Scope) -> bool:
    token: str = settings.ENV.metrics_token
    given = dict(scope["headers"]).get(b"authorization", b"")
    word, _, value = given.partition(b" ")
    return bool(token) and word.lower() == b"bearer" and hmac.compare_digest(value.strip(), token.encode())


async def _send(send: Any, status: int, kind: bytes, content: bytes) -> None:
    headers = [
        (b"content-type", kind),
        (b"cache-control", b"no-store"),
        (b"content-length", str(len(content)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
