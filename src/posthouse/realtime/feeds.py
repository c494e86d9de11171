"""Numbered streams that many follow: what is new is asked for once, made once, and written to all.

A feed stands for one conversation (or one person's own stream) in this process while somebody follows it. A hint makes
it read from the number that its followers have been told, and the same bytes go to each of them that is exactly there.
Who is not (it has just come, or its line is full) is told so and comes from its own number by itself; whoever asks for
the same number at the same time shares the answer, and the last answers are kept for those who come back.

Invariants
- A follower is told every number once and in order; what cannot be written is not queued, its follower lags.
- Who may not hear a conversation any more hears nothing that came after: its log says when somebody goes, and whoever
  follows is looked at again between reading that and telling it. So a follower joins before its right is checked.
- Who came later and is not shown what was said before (`floor`) is never written an answer that is of it: such a
  follower reads on by itself, what is left out of that for them.
- A kept answer holds nothing that has been changed since it was read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from posthouse.base import db, metrics
from posthouse.base.errors import Missing
from posthouse.base.hub import Hint, hub
from posthouse.realtime.line import Event, Push, event
from posthouse.wire.budget import Budget

log = structlog.get_logger(__name__)

told = metrics.Counter(
    "posthouse_stream_told",
    "Events of conversations: written to all who follow, or read on by one who lags.",
    "way",
)

SLICE = 500
"""So many sockets are written to before the loop serves others."""
LOOKS_SECONDS = 1.0
CROWD_LOOKS_SECONDS = 5.0
MAX_SHOWN = 50
KEPT_SECONDS = 600.0
KEPT_BYTES = 64 * 1024
ALL_KEPT_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """What a stream says after a number.

    `is_of_rights`: somebody may not hear it any more; so where `audience` is not what it was. `is_only_new`: it takes
    back nothing that was told before. `places` are conversations that the person whose own log it is may be in since.
    It is of nothing that was said before the message `oldest`.
    """

    payload: bytes
    upto: int
    is_of_rights: bool = False
    audience: str = ""
    is_only_new: bool = False
    places: frozenset[int] = frozenset()
    oldest: int | None = None


class Source(Protocol):
    """Where a feed reads, in a thread. `label` names it to clients."""

    topic: str
    label: dict[str, Any]

    def read(self, since: int, floor: int = 0) -> Delta:
        """Nothing of messages up to `floor`. Raises CannotCalculate for a number that is too far behind, Missing when
        there is nothing any more."""

    def state(self) -> int:
        """How far it has come."""

    def listeners(self, user_ids: Collection[int]) -> Mapping[int, int]:
        """Those of the people who may hear it now, each with their floor."""


@dataclass(slots=True, eq=False, kw_only=True)
class Follow:
    """One socket in one feed, told up to `told`, and nothing of messages up to `floor`. `lagged` and `ended` are called
    in the loop."""

    user_id: int
    push: Push
    lagged: Callable[[Follow], None]
    ended: Callable[[Follow], None]
    feed: Feed
    placed: Callable[[frozenset[int]], None] | None = None
    told: int = -1
    floor: int = 0
    is_open: bool = True

    def may_have(self, found: Event) -> bool:
        """Whether an answer that is shared is of nothing that is not shown to this one."""
        return self.floor == 0 or found.oldest is None or found.oldest > self.floor


class Feed:
    def __init__(self, source: Source, *, on_empty: Callable[[], object], budget: Budget) -> None:
        self.source = source
        self.told = -1
        self._wanted = -1
        self._follows: dict[Follow, None] = {}
        self._settled: dict[Follow, None] = {}
        self._lookers: dict[Follow, bool] = {}
        self._looks_timer: asyncio.TimerHandle | None = None
        self._kept: dict[int, Event] = {}
        self._kept_bytes = 0
        self._kept_until = 0.0
        self._drops = 0
        self._budget = budget
        self._audience = ""
        self._readings: dict[int, asyncio.Task[Event]] = {}
        self._telling: asyncio.Task[None] | None = None
        self._on_empty = on_empty
        self._unsubscribe = hub.subscribe(source.topic, self._hinted)

    # --- who follows ------------------------------------------------------------------------------

    def add(self, follow: Follow) -> None:
        """From now on it is looked at when rights change; it hears nothing before it has settled."""
        self._follows[follow] = None

    def reach(self, state: int) -> None:
        """It is known to have come so far: nobody settles before, and who has settled is told."""
        if self.told < 0:
            self.told = state
        self._want(state)

    def settle(self, follow: Follow, *, is_at_end: bool = False) -> bool:
        """Let it hear what comes, if it is as far as the feed or has read to the end; else it has to read on."""
        if follow.told < self.told and not is_at_end:
            return False
        if follow.is_open:
            self._settled[follow] = None
        return True

    def end(self, follow: Follow) -> None:
        """It hears nothing any more."""
        follow.is_open = False
        self._settled.pop(follow, None)
        self.look_away(follow)
        if self._follows.pop(follow, self) is None and not self._follows:
            self._unsubscribe()
            self._drop_kept()
            self._on_empty()

    def lag(self, follow: Follow) -> None:
        """It has to read on by itself before it hears more."""
        self._settled.pop(follow, None)
        if follow.is_open:
            follow.lagged(follow)

    @property
    def follows(self) -> Collection[Follow]:
        return self._follows.keys()

    # --- who looks, and what is told to them alone ---------------------------------------------------

    def look(self, follow: Follow, *, is_hidden: bool) -> None:
        """Its person has the conversation before them. Who hides is not shown, and is not shown others."""
        if self._lookers.get(follow) is not is_hidden:
            self._lookers[follow] = is_hidden
            self._looks_changed()

    def look_away(self, follow: Follow) -> None:
        if self._lookers.pop(follow, None) is not None:
            self._looks_changed()

    def murmur(self, said: Event, *, user_id: int) -> None:
        """Write something that nobody keeps to those who look and are up to date, but not to the person it is of."""
        for follow, is_hidden in self._lookers.items():
            if follow.user_id != user_id and not is_hidden and follow in self._settled:
                follow.push(said.frame)

    def _looks_changed(self) -> None:
        """They are told after a pause, so that a crowd that comes together is one message."""
        if self._looks_timer is None:
            pause = LOOKS_SECONDS if len(self._lookers) <= MAX_SHOWN else CROWD_LOOKS_SECONDS
            self._looks_timer = asyncio.get_running_loop().call_later(pause, self._tell_looks)

    def _tell_looks(self) -> None:
        self._looks_timer = None
        people = {follow.user_id: None for follow, is_hidden in self._lookers.items() if not is_hidden}
        shown = [str(user_id) for user_id in list(people)[:MAX_SHOWN]]
        message = {"type": "looking", **self.source.label, "people": shown, "count": len(people)}
        self.murmur(event(message), user_id=0)

    # --- what is new ------------------------------------------------------------------------------

    def _hinted(self, hint: Hint) -> None:
        self._want(hint.modseq)

    def _want(self, state: int) -> None:
        self._wanted = max(self._wanted, state)
        if self._telling is None and self.told < self._wanted:
            self._telling = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        """One at a time: read what the settled followers lack and give it to them, until there is no more."""
        try:
            while self._settled and self.told < self._wanted:
                since = self.told
                found = await self.after(since)
                if found.upto <= since:
                    break
                self.told = found.upto
                await self.give(found)
        except Exception as error:  # noqa: BLE001 the top of a task: who follows asks, and its socket says what is wrong
            if not isinstance(error, Missing):
                log.info("feed.failed", topic=self.source.topic, reason=type(error).__name__)
            for follow in list(self._settled):
                self.lag(follow)
        finally:
            self._telling = None
            if self.told < self._wanted:  # what nobody here has read may change what is kept
                self._drop_kept()
                self.told = self._wanted

    async def give(self, found: Event) -> None:
        """Write it to all who are settled exactly where it begins."""
        frame, since, upto, written = found.frame, found.since, found.upto, 0
        for number, follow in enumerate(list(self._settled), 1):
            if follow.told >= upto or follow not in self._settled:
                continue
            if follow.told == since and follow.may_have(found) and follow.push(frame):
                follow.told = upto
                written += 1
            else:
                self.lag(follow)
            if number % SLICE == 0:
                await asyncio.sleep(0)
        told.count("together", by=written)

    async def after(self, since: int) -> Event:
        """The next event after a number; one reading for all who ask at once."""
        kept = self._kept.get(since)
        if kept is not None and asyncio.get_running_loop().time() <= self._kept_until:
            return kept
        reading = self._readings.get(since)
        if reading is None:
            reading = self._readings[since] = asyncio.create_task(self._read(since))
            reading.add_done_callback(lambda task: self._has_read(since, task))
        return await asyncio.shield(reading)

    async def alone(self, follow: Follow) -> Event:
        """The next event for one who is not shown all of it: nobody shares it, and it is not kept."""
        while True:
            floor, since = follow.floor, follow.told
            delta = await db.reading(self.source.read, since, floor)
            if delta.is_of_rights or delta.audience != self._audience:
                await self._look_again()
            if follow.floor == floor or not follow.is_open:
                return Event(delta.payload, since=since, upto=delta.upto, oldest=delta.oldest)

    def _has_read(self, since: int, task: asyncio.Task[Event]) -> None:
        del self._readings[since]
        if not task.cancelled():
            task.exception()  # who asked may have gone

    async def _read(self, since: int) -> Event:
        drops = self._drops
        try:
            delta = await db.reading(self.source.read, since)
            is_of_rights = delta.is_of_rights or delta.audience != self._audience
            if is_of_rights:
                await self._look_again()
                self._audience = delta.audience
        except Missing:
            for follow in list(self._follows):
                self._send_away(follow)
            raise
        for follow in self._follows if delta.places else ():
            if follow.placed is not None:
                follow.placed(delta.places)
        found = Event(delta.payload, since=since, upto=delta.upto, oldest=delta.oldest)
        if not delta.is_only_new or is_of_rights:
            self._drop_kept()
        elif drops == self._drops and delta.upto > since:
            self._keep(found)
        return found

    async def _look_again(self) -> None:
        """Who joins after this has asked is checked after what was read."""
        asked = {follow.user_id for follow in self._follows}
        may = await db.reading(self.source.listeners, asked)
        for follow in list(self._follows):
            if follow.user_id in may:
                follow.floor = may[follow.user_id]
            elif follow.user_id in asked:
                self._send_away(follow)

    def _send_away(self, follow: Follow) -> None:
        self.end(follow)
        follow.ended(follow)

    # --- for those who come back --------------------------------------------------------------------

    def _keep(self, found: Event) -> None:
        now, size = asyncio.get_running_loop().time(), len(found.payload)
        if now > self._kept_until:
            self._drop_kept()
            self._kept_until = now + KEPT_SECONDS
        if size > KEPT_BYTES or not self._budget.take(size):
            return
        while self._kept_bytes + size > KEPT_BYTES:
            self._forget(next(iter(self._kept)))
        self._forget(found.since)
        self._kept[found.since] = found
        self._kept_bytes += size

    def _forget(self, since: int) -> None:
        found = self._kept.pop(since, None)
        if found is not None:
            self._kept_bytes -= len(found.payload)
            self._budget.give(len(found.payload))

    def _drop_kept(self) -> None:
        self._drops += 1
        self._budget.give(self._kept_bytes)
        self._kept.clear()
        self._kept_bytes = 0


class Feeds:
    """The feeds of one process, in its loop."""

    def __init__(self) -> None:
        self._feeds: dict[str, Feed] = {}
        self._budget = Budget(ALL_KEPT_BYTES)

    def feed(self, source: Source) -> Feed:
        """The one that stands for this source, made if there is none: add somebody before you await anything."""
        found = self._feeds.get(source.topic)
        if found is None:
            found = Feed(source, on_empty=lambda: self._feeds.pop(source.topic), budget=self._budget)
            self._feeds[source.topic] = found
        return found

    def standing(self, topic: str) -> Feed | None:
        return self._feeds.get(topic)


feeds = Feeds()
