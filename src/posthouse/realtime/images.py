"""`/api/v1/images/`: remote images of mail, loaded by us so that their host learns nothing of the reader.

In the loop and not in Django's threads, since a slow host would hold one for seconds. The link is signed for a
reader's session and for one URL: this is no proxy for others. Who reads mail full of pictures from hosts that never
answer holds some of the places and not all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs
from weakref import WeakValueDictionary

from posthouse.base import db, limits
from posthouse.base.api.rendering import dumps
from posthouse.base.errors import Denied, Failure, Kind
from posthouse.base.net_http import FetchFailed, fetch
from posthouse.identity import links, live_sessions

MAX_IMAGE_BYTES = 5_000_000
SECONDS = 10.0
AT_ONCE, OF_ORGANISATION, OF_READER = 16, 12, 6
"""A browser opens six connections to one host."""
MAX_FIELDS = 8
_COMMON = [(b"content-security-policy", b"default-src 'none'; sandbox; frame-ancestors 'none'")]


class ImageProxy:
    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        self._shares: WeakValueDictionary[tuple[str, int], asyncio.Semaphore] = WeakValueDictionary()

    async def __call__(
        self, scope: MutableMapping[str, Any], receive: Callable[[], Any], send: Callable[[Any], Any]
    ) -> None:
        try:
            url, signature = _asked(scope["query_string"])
            holder = links.check(signature, path=scope["path"], bound=url)
            reader = await db.reading(live_sessions.actor_of, holder.session_id, holder.user_id, via="http")
            if reader is None:
                raise Denied("token_revoked", "The session has ended; log in again.")
            limits.insist(limits.GENERAL, limits.user(holder.user_id))
            own = self._share("reader", reader.user_id, OF_READER)
            house = self._share("organisation", reader.organisation_id, OF_ORGANISATION)
            async with own, house, self._places:
                image = await fetch(url, max_bytes=MAX_IMAGE_BYTES, timeout=SECONDS)
        except Failure as failure:
            await _send(send, _status(failure), *_problem(failure))
            return
        kept = (b"cache-control", b"private, max-age=86400")
        await _send(send, 200, [(b"content-type", image.content_type.encode()), kept], image.body)

    def _share(self, whose: str, owner_id: int, places: int) -> asyncio.Semaphore:
        """There as long as somebody holds it."""
        share = self._shares.get((whose, owner_id)) or asyncio.Semaphore(places)
        self._shares[whose, owner_id] = share
        return share


def _asked(query: bytes) -> tuple[str, str]:
    """The URL and its signature; empty in a query that is none of ours."""
    try:
        given = parse_qs(query.decode("latin-1"), max_num_fields=MAX_FIELDS)
    except ValueError:
        return "", ""
    return given.get("u", [""])[0], given.get("sig", [""])[0]


def _status(failure: Failure) -> int:
    if isinstance(failure, FetchFailed):
        return 502
    return 429 if failure.kind is Kind.LIMITED else 403


def _problem(failure: Failure) -> tuple[list[tuple[bytes, bytes]], bytes]:
    body = {"type": f"/api/v1/problems/{failure.code}/", "code": failure.code, "detail": failure.message}
    headers = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store")]
    if wait := failure.facts.get("retry_after_seconds"):
        headers.append((b"retry-after", str(wait).encode()))
    return headers, dumps(body)


async def _send(
    send: Callable[[Any], Any], status: int, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    headers = [*headers, *_COMMON, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
