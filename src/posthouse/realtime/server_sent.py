"""`GET /api/v1/stream/events/`: the stream for who cannot have a WebSocket, as server-sent events (HTML §9.2).

The same messages, one `data:` each. What a client would say on the socket stands in the query, and is said for it:
`accounts` and `conversations` (ids with commas, or `all`), `people` to watch. Each event's `id` tells where the client
is in everything it follows; it sends the last one back as `Last-Event-ID`, and hears what it missed or a `resync`.

It comes with a session's bearer token or cookie, and ends with that session, as the socket does.

Invariant: an id is never ahead of what was sent. Where it would be too long for a header it says less, and that it
does: then, and where it cannot be read, a client that comes back is first told to fetch everything afresh.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

import orjson

from posthouse.base import db, limits
from posthouse.base.api.codes import CODES
from posthouse.base.api.rendering import dumps
from posthouse.base.errors import Denied, Failure, Invalid
from posthouse.base.paths import read_id
from posthouse.identity import live_sessions, tokens
from posthouse.identity.actor import Actor
from posthouse.realtime.line import Event, Receive, Scope, Send, event
from posthouse.realtime.places import ACCOUNT, CONVERSATION, CUT, OWN, Places, read_places, write_places
from posthouse.realtime.stream import Stream

COOKIE = "posthouse_login"
MAX_FIELDS = 8
MAX_STREAMS = 50


class ServerSentEvents:
    """An ASGI application."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if scope["method"] != "GET":
                raise Invalid("method_not_allowed", "Only GET.")
            looked_at = live_sessions.generation()
            actor = await _actor(scope)
            limits.insist(limits.GENERAL, limits.user(actor.user_id))
            last = _header(scope, b"last-event-id")
            places = read_places(last)
            opening = _opening(scope, places)
        except Failure as failure:
            await _refuse(send, failure)
            return
        line = EventLine(receive, send, opening)
        stream = Stream(actor, line, looked_at=looked_at)
        line.places = stream.places
        await line.begin(is_lost=bool(last) and (not places or CUT in places))
        await stream.run()


class EventLine:
    """Says what was in the query as if the client said it, and then only hears whether the client has gone."""

    is_two_way = False

    def __init__(self, receive: Receive, send: Send, opening: list[dict[str, Any]]) -> None:
        self._receive, self._send = receive, send
        self._opening = opening
        self.places: Callable[[], Places] = dict

    async def begin(self, *, is_lost: bool) -> None:
        headers = [
            (b"content-type", b"text/event-stream"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        if is_lost:
            await self.send(event({"type": "resync"}))

    async def receive(self) -> MutableMapping[str, Any]:
        if self._opening:
            return {"type": "websocket.receive", "text": orjson.dumps(self._opening.pop(0)).decode()}
        while (await self._receive())["type"] != "http.disconnect":
            pass
        return {"type": "websocket.disconnect"}

    def push(self, frame: bytes) -> bool:
        """It reads from its own place: an event has to say where that is."""
        return False

    async def send(self, said: Event) -> None:
        body = b"id: %s\ndata: %s\n\n" % (write_places(self.places()).encode(), said.payload)
        await self._send({"type": "http.response.body", "body": body, "more_body": True})

    async def close(self, code: int, reason: str) -> None:
        last = b"event: close\ndata: %s\n\n" % orjson.dumps({"code": code, "reason": reason})
        await self._send({"type": "http.response.body", "body": last})


def _opening(scope: Scope, places: Places) -> list[dict[str, Any]]:
    """The messages that a client of the socket would begin with."""
    try:
        query = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=MAX_FIELDS)
    except ValueError:
        raise Invalid("invalid_parameter", "Too many parameters.") from None
    if unknown := query.keys() - {"accounts", "conversations", "people"}:
        raise Invalid("unknown_field", f"There is no parameter {min(unknown)[:40]}.")
    messages: list[dict[str, Any]] = []
    before = [name[1:] for name in places if name.startswith(ACCOUNT)]
    for account in _listed(query, "accounts") or before or [""]:
        message = {"type": "subscribe"} | ({"account": account} if account else {})
        number = places.get(ACCOUNT + account)
        messages.append(message if number is None else {**message, "since": str(number)})
    named = _listed(query, "conversations")
    if named:
        messages.append(_follow(named, places))
    if people := _listed(query, "people"):
        messages.append({"type": "watch", "people": people})
    return messages


def _follow(named: list[str], places: Places) -> dict[str, Any]:
    is_all = named == ["all"]
    known = {name[1:]: str(number) for name, number in places.items() if name.startswith(CONVERSATION)}
    wanted = known if is_all else {one: known.get(one) for one in named}
    message = {"type": "follow", "conversations": wanted, "all": is_all}
    return message | ({"own": str(places[OWN])} if OWN in places else {})


def _listed(query: dict[str, list[str]], name: str) -> list[str]:
    given = [one for one in query.get(name, [""])[0].split(",") if one]
    if len(given) > MAX_STREAMS:
        raise Invalid("invalid_parameter", f"{name} has {MAX_STREAMS} at most.")
    if name == "accounts" and any(read_id(one) is None for one in given):
        raise Invalid("invalid_parameter", "accounts has ids.")
    return given


async def _actor(scope: Scope) -> Actor:
    """The person of the session that asks; raises Denied."""
    scheme, _, token = _header(scope, b"authorization").partition(" ")
    if scheme.lower() == "bearer":
        claims = tokens.read_access(token.strip())
        session_id, user_id = claims.session_id, claims.user_id
    else:
        holder = tokens.holder_of_cookie(_cookie(_header(scope, b"cookie")))
        if holder is None:
            raise Denied("not_authenticated", "Log in first.")
        session_id, user_id = holder
    actor = await db.reading(live_sessions.actor_of, session_id, user_id, via="stream")
    if actor is None:
        raise Denied("token_revoked", "The session has ended; log in again.")
    return actor


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found is not None else ""


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for given, value in scope["headers"] if given == name), "")


async def _refuse(send: Send, failure: Failure) -> None:
    status = CODES[failure.code].status
    body = dumps(
        {"type": f"/api/v1/problems/{failure.code}/", "code": failure.code, "detail": failure.message}
    )
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"cache-control", b"no-store"),
        (b"content-length", str(len(body)).encode()),
    ]
    if wait := failure.facts.get("retry_after_seconds"):
        headers.append((b"retry-after", str(wait).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
