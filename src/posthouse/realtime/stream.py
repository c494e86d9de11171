"""`/api/v1/stream/`: a WebSocket that says what changed, from where the client left off, and who is here.

The client names an account and the number it last saw; the server answers with what it missed, then tells more as
it commits. A push is never queued: a hint only marks an account as having news, and the news are asked for from the
client's own number when the socket can take them. So a slow client costs no memory, hints that come during a query
melt into one, and a client that missed too much is told to fetch afresh. Conversations are followed so too, but what
is new in one is asked for once for all who follow it, and written to their lines (following.py, feeds.py).

Invariants: one query per socket at a time; what is sent follows on what was sent before; the socket ends with the
session that opened it.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

import orjson
import structlog

from posthouse.base import db
from posthouse.base.errors import Denied, Failure, Missing
from posthouse.base.hub import Hint, hub
from posthouse.base.paths import read_id
from posthouse.identity import live_sessions, presence, tickets, tokens
from posthouse.identity.actor import Actor
from posthouse.mail import access, queries
from posthouse.mail.access import Right
from posthouse.mail.changes import CannotCalculate
from posthouse.realtime import delivered
from posthouse.realtime.feed import changes_since
from posthouse.realtime.following import Following, TooMany, ids_in, numbers_in, wanted_in
from posthouse.realtime.line import Event, Line, Receive, Scope, Send, SocketLine, event
from posthouse.realtime.looking import Looking
from posthouse.realtime.notices import Notices
from posthouse.realtime.places import ACCOUNT, Places
from posthouse.realtime.watching import Watch, names_in

log = structlog.get_logger(__name__)

PROTOCOL = "posthouse.v1"
TICKET_PREFIX, TOKEN_PREFIX = "ticket.", "bearer."
HEARTBEAT_SECONDS = 25
SILENCE_SECONDS = HEARTBEAT_SECONDS * 3
MAX_MESSAGE_CHARS = 4_096
MAX_FOLLOW_CHARS = 60_000
"""Of a message that names all conversations of its client."""
MAX_ANSWERS = 200
"""A client that asks on and takes nothing is let go."""
MAX_ACCOUNTS = 50
MAX_PAGES = 8
"""A client behind by more than so many answers is told to fetch afresh: that is cheaper for both."""
BURST, PER_SECOND = 60, 2.0

HELLO = event({"type": "hello", "heartbeat_seconds": HEARTBEAT_SECONDS})
BAD_MESSAGE, NOT_ALLOWED, TOO_BUSY, SILENT = 4400, 4401, 4429, 4408


async def stream(scope: Scope, receive: Receive, send: Send, *, known: bool) -> None:
    """One WebSocket from its handshake to its end."""
    await receive()
    protocols = scope.get("subprotocols", [])
    if not known or PROTOCOL not in protocols:
        await send({"type": "websocket.close", "code": 1002})
        return
    await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
    looked_at = live_sessions.generation()
    actor = await _actor(protocols)
    if actor is None:
        await send({"type": "websocket.close", "code": NOT_ALLOWED, "reason": "ticket"})
        return
    await Stream(actor, SocketLine(scope, receive, send), looked_at=looked_at).run()


async def _actor(protocols: list[str]) -> Actor | None:
    for text in protocols:
        if text.startswith(TICKET_PREFIX):
            ticket = tickets.redeem(text.removeprefix(TICKET_PREFIX))
            if ticket is not None:
                return await _alive(ticket.session_id, ticket.user_id)
        elif text.startswith(TOKEN_PREFIX):
            try:
                claims = tokens.read_access(text.removeprefix(TOKEN_PREFIX))
            except Denied:
                return None
            return await _alive(claims.session_id, claims.user_id)
    return None


async def _alive(session_id: int, user_id: int) -> Actor | None:
    return await db.reading(live_sessions.actor_of, session_id, user_id, via="stream")


class _Closed(Exception):
    """The socket is to end, with a code for the client."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


@dataclass(slots=True)
class _Follow:
    """An account that the client follows: told up to `told`, known to be at `wanted`."""

    told: int
    wanted: int
    pages: int = 0
    unsubscribe: Callable[[], None] = lambda: None


class Stream:
    def __init__(self, actor: Actor, line: Line, *, looked_at: int) -> None:
        """`looked_at` is the generation of live sessions before this one was looked at."""
        self._actor, self._line, self._looked_at = actor, line, looked_at
        self._follows: dict[int, _Follow] = {}
        self._wake = asyncio.Event()
        self._heard_at = time.monotonic()
        self._allowance = float(BURST)
        self._ended: _Closed | None = None
        self._is_suspect = False
        self._answers: list[dict[str, Any]] = []
        self._watch = Watch(self._wake.set)
        self._following = Following(line, wake=self._wake.set)
        self._looking = Looking(actor.user_id, self._following, self._wake.set)
        self._notices = Notices(actor.user_id, self._wake.set)

    async def run(self) -> None:
        session_id = self._actor.session_id or 0
        subscriptions = [
            hub.subscribe(live_sessions.topic(session_id), self._session_ended),
            hub.subscribe(live_sessions.departure_topic(self._actor.user_id), self._session_ended),
            hub.subscribe(live_sessions.person_topic(self._actor.user_id), self._rights_changed),
        ]
        # Something may have ended between the look at the session and now, when we listen.
        if self._looked_at != live_sessions.generation():
            self._rights_changed(Hint(""))
        tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._write())]
        started, outcome = time.monotonic(), "left"
        if presence.current().came(self._actor.user_id):
            hub.publish([Hint(presence.topic(self._actor.user_id))])
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except _Closed as closed:
            outcome = closed.reason
            with contextlib.suppress(OSError, RuntimeError):
                await self._line.close(closed.code, closed.reason)
        except OSError:  # the client has gone while we wrote
            outcome = "lost"
        finally:
            if presence.current().left(self._actor.user_id):
                hub.publish([Hint(presence.topic(self._actor.user_id))])
            presence.seen(self._actor.user_id)
            for unsubscribe in subscriptions:
                unsubscribe()
            self._looking.close()
            self._notices.close()
            self._following.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._watch.close()
            for follow in self._follows.values():
                follow.unsubscribe()
            seconds = round(time.monotonic() - started, 1)
            log.info("stream", user_id=self._actor.user_id, outcome=outcome, seconds=seconds)

    def places(self) -> Places:
        """Where the client is in everything it follows."""
        accounts = {f"{ACCOUNT}{account_id}": follow.told for account_id, follow in self._follows.items()}
        return accounts | self._following.places()

    # --- from the client ------------------------------------------------------------------------

    async def _read(self) -> None:
        while True:
            message = await self._line.receive()
            if message["type"] == "websocket.disconnect":
                return
            self._spend(time.monotonic())
            await self._hear(_parsed(message))
            if self._ended:
                raise self._ended

    def _spend(self, now: float) -> None:
        self._allowance = min(BURST, self._allowance + (now - self._heard_at) * PER_SECOND) - 1
        self._heard_at = now
        if self._allowance < 0:
            raise _Closed(TOO_BUSY, "too many messages")

    async def _hear(self, message: dict[str, Any]) -> None:
        kind = message.get("type")
        if kind == "ping":
            self._answer({"type": "pong"})
        elif kind == "subscribe":
            await self._subscribe(message)
        elif kind == "watch":
            await self._watch_people(message)
        elif kind == "follow":
            await self._follow(message)
        elif kind == "unfollow":
            self._unfollow(message)
        elif kind == "look":
            self._insist(message, is_there=await self._looking.look(message))
        elif kind == "typing":
            self._insist(message, is_there=await self._looking.type(message))
        elif kind == "received":
            self._received(message)
        elif kind == "notifications":
            if not self._notices.ask(message):
                self._answer({"type": "error", "code": "invalid"})
        elif kind != "pong":
            self._answer({"type": "error", "code": "unknown_type"})

    async def _subscribe(self, message: dict[str, Any]) -> None:
        """Follow an account from `since`; without it, from now on."""
        wanted, since = read_id(message.get("account")), read_id(message.get("since"))
        try:
            if wanted is None and "account" in message:
                raise Missing()
            account_id, state = await db.reading(_account, self._actor, wanted)
        except Failure as failure:
            self._answer({"type": "error", "code": failure.code, "account": str(message.get("account"))[:20]})
            return
        old = self._follows.pop(account_id, None)
        if old is not None:
            old.unsubscribe()
        elif len(self._follows) >= MAX_ACCOUNTS:
            raise _Closed(TOO_BUSY, "too many accounts")
        if "since" in message and (since is None or since > state):
            self._resync(account_id, state)
            since = state
        follow = _Follow(told=state if since is None else since, wanted=state)
        follow.unsubscribe = hub.subscribe(account_id, lambda hint: self._hinted(follow, hint))
        self._follows[account_id] = follow
        self._wake.set()

    async def _watch_people(self, message: dict[str, Any]) -> None:
        """Be told of these people and no others, by ids or addresses; an empty list ends it."""
        names = names_in(message)
        if names is None:
            self._answer({"type": "error", "code": "invalid"})
        else:
            await self._watch.choose(self._actor, names)

    async def _follow(self, message: dict[str, Any]) -> None:
        wanted = wanted_in(message)
        if wanted is None:
            self._answer({"type": "error", "code": "invalid"})
            return
        actor = self._actor
        try:
            await self._following.follow(actor, wanted)
        except TooMany:
            raise _Closed(TOO_BUSY, "too many conversations") from None
        if self._ended:  # while that was looked at
            self._following.close()
        elif self._is_suspect or self._actor is not actor:
            self._following.doubt()
            self._wake.set()

    def _unfollow(self, message: dict[str, Any]) -> None:
        named = ids_in(message)
        if named is None:
            self._answer({"type": "error", "code": "invalid"})
        else:
            self._following.unfollow(named)

    def _insist(self, message: dict[str, Any], *, is_there: bool) -> None:
        if not is_there:
            named = str(message.get("conversation"))[:20]
            self._answer({"type": "error", "code": "not_found", "conversation": named})

    def _received(self, message: dict[str, Any]) -> None:
        """The client has these messages, by the number of the newest of each conversation."""
        numbers = numbers_in(message)
        if numbers is None:
            self._answer({"type": "error", "code": "invalid"})
            return
        for conversation_id, number in numbers.items():
            if self._following.has(conversation_id):
                delivered.note(self._actor.user_id, conversation_id, number)

    # --- to the client --------------------------------------------------------------------------

    def _hinted(self, follow: _Follow, hint: Hint) -> None:
        follow.wanted = max(follow.wanted, hint.modseq)
        self._wake.set()

    def _session_ended(self, hint: Hint) -> None:
        self._ended = _Closed(NOT_ALLOWED, "session ended")
        self._following.close()
        self._wake.set()

    def _rights_changed(self, hint: Hint) -> None:
        self._is_suspect = True
        self._following.doubt()
        self._wake.set()

    async def _look_again(self) -> None:
        """What the person may do is not what it was: end, or let go of accounts they may not read any more."""
        self._is_suspect = False
        actor = await _alive(self._actor.session_id or 0, self._actor.user_id)
        if actor is None:
            raise _Closed(NOT_ALLOWED, "session ended")
        self._actor = actor
        for account_id, follow in list(self._follows.items()):
            try:
                await db.reading(_account, actor, account_id)
            except Failure as failure:
                follow.unsubscribe()
                del self._follows[account_id]
                self._answer({"type": "error", "code": failure.code, "account": str(account_id)})

    def _answer(self, message: dict[str, Any]) -> None:
        if len(self._answers) < MAX_ANSWERS:
            self._answers.append(message)
        else:
            self._ended = _Closed(TOO_BUSY, "too many questions")
        self._wake.set()

    def _resync(self, account_id: int, state: int) -> None:
        self._answer({"type": "resync", "account": str(account_id), "state": str(state)})

    async def _write(self) -> None:
        await self._line.send(HELLO)
        while True:
            await self._wait()
            if self._ended:
                raise self._ended
            if self._is_suspect:
                await self._look_again()
                self._watch.doubt()
            answers, self._answers = self._answers, []
            for answer in answers:
                await self._tell(answer)
            for account_id, follow in list(self._follows.items()):
                if follow.told < follow.wanted:
                    await self._tell_changes(account_id, follow)
            await self._following.tell(self._actor)
            await self._looking.look_again()
            for told in (self._watch, self._notices):
                if (news := await told.news(self._actor)) is not None:
                    await self._tell(news)

    async def _wait(self) -> None:
        """Until there is something to do; meanwhile keep the line alive and see that the session is."""
        while not self._wake.is_set():
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                if self._line.is_two_way and time.monotonic() - self._heard_at > SILENCE_SECONDS:
                    raise _Closed(SILENT, "silent") from None
                await self._look_again()
                await self._tell({"type": "ping"})
        self._wake.clear()

    async def _tell_changes(self, account_id: int, follow: _Follow) -> None:
        try:
            if follow.pages >= MAX_PAGES:
                raise CannotCalculate
            found, state, has_more = await db.reading(_changes, account_id, follow.told)
        except CannotCalculate:
            state = await db.reading(queries.state, account_id)
            follow.told, follow.pages = state, 0
            self._resync(account_id, state)
            return
        follow.told = state
        follow.pages = follow.pages + 1 if has_more else 0
        if has_more:
            follow.wanted = max(follow.wanted, state + 1)
            self._wake.set()
        else:
            follow.wanted = max(follow.wanted, state)
        await self._line.send(found)

    async def _tell(self, message: dict[str, Any]) -> None:
        await self._line.send(event(message))


def _parsed(message: MutableMapping[str, Any]) -> dict[str, Any]:
    text = message.get("text")
    if text is None or len(text) > MAX_FOLLOW_CHARS:
        raise _Closed(BAD_MESSAGE, "bad message")
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise _Closed(BAD_MESSAGE, "bad message") from None
    if not isinstance(value, dict) or (len(text) > MAX_MESSAGE_CHARS and value.get("type") != "follow"):
        raise _Closed(BAD_MESSAGE, "bad message")
    return value


def _account(actor: Actor, account_id: int | None) -> tuple[int, int]:
    found = access.account_for(actor, account_id, need=Right.READ)
    return found.id, found.modseq


def _changes(account_id: int, since: int) -> tuple[Event, int, bool]:
    body = changes_since(account_id, since)
    return event({"type": "changes", **body}), int(body["state"]), bool(body["has_more"])
