"""What one socket follows of conversations: each from the number its client has seen, and all it is in if it wants.

    {"type": "follow", "conversations": {"7": "41"}, "all": true, "own": "12"}

A client says in one message where it was everywhere. It is answered with `following`, then with what it missed of each,
or an honest `resync` where that is too much; from then on the feeds write to its line (feeds.py).

Invariants: a stream is told in order and without a gap; what is told by the feed and what is read on here never meet,
since a follower that reads on has left the feed until it is as far as the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from posthouse.base import db
from posthouse.base.errors import CannotCalculate, Missing
from posthouse.base.paths import read_id
from posthouse.conversations import streams
from posthouse.conversations.changes import MAX_BEHIND
from posthouse.identity.actor import Actor
from posthouse.realtime.conversations import ConversationSource, OwnSource
from posthouse.realtime.feeds import Follow, Source, feeds, told
from posthouse.realtime.line import Line, event
from posthouse.realtime.places import CONVERSATION, OWN, Places

MAX_FOLLOWED = 1_000


class TooMany(Exception):
    """More conversations than one socket may follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Numbers are None for "from now on"; `strange` are ids that are none."""

    conversations: dict[int, int | None]
    strange: list[str]
    is_all: bool
    has_own: bool
    own: int | None


class Following:
    def __init__(self, line: Line, *, wake: Callable[[], None]) -> None:
        self._line, self._wake = line, wake
        self._answers: list[dict[str, Any]] = []
        self._follows: dict[int, Follow] = {}
        self._own: Follow | None = None
        self._lagging: dict[Follow, None] = {}
        self._is_all = self._is_behind = self._is_in_doubt = False

    # --- what the client asks for -------------------------------------------------------------------

    async def follow(self, actor: Actor, wanted: Wanted) -> None:
        """Add these to what is followed, or begin with them anew; raises TooMany."""
        numbers = dict(wanted.conversations)
        self._is_all = self._is_all or wanted.is_all
        if wanted.is_all:
            for conversation_id in await db.reading(streams.mine, actor, limit=MAX_FOLLOWED):
                if conversation_id not in self._follows:
                    numbers.setdefault(conversation_id, None)
        begun = [await self._begin_own(actor, wanted.own)] if wanted.has_own else []
        begun += await self._begin(actor, numbers)
        missing = [one for one in wanted.conversations if one not in self._follows]
        self._say_where(begun, missing=[*wanted.strange, *map(str, missing)])

    def _say_where(self, begun: Sequence[_Begun], *, missing: Sequence[str] = ()) -> None:
        """First where each begins, then which are to be fetched afresh; only then they may be told more."""
        message: dict[str, Any] = {"type": "following", "conversations": {}, "not_found": missing}
        for follow, _ in begun:
            source = follow.feed.source
            if isinstance(source, ConversationSource):
                message["conversations"][str(source.id)] = str(follow.told)
            else:
                message["own"] = str(follow.told)
        self._answer(message)
        for follow, is_known in begun:
            if not is_known:
                self._answer(_resync(follow.feed.source, follow.told))
            self._lag(follow)

    def unfollow(self, conversation_ids: Iterable[int]) -> None:
        for conversation_id in conversation_ids:
            follow = self._follows.pop(conversation_id, None)
            if follow is not None:
                self._leave(follow)

    def has(self, conversation_id: int) -> Follow | None:
        """The follow of a conversation that may be read."""
        follow = self._follows.get(conversation_id)
        return follow if follow is not None and follow.told >= 0 else None

    def places(self) -> Places:
        """How far the client was told each."""
        own = {OWN: self._own.told} if self._own is not None and self._own.told >= 0 else {}
        return own | {
            f"{CONVERSATION}{one}": follow.told for one, follow in self._follows.items() if follow.told >= 0
        }

    async def _begin(self, actor: Actor, numbers: dict[int, int | None]) -> list[_Begun]:
        """Join those that may be read, each at its number."""
        if len(self._follows.keys() | numbers.keys()) > MAX_FOLLOWED:
            raise TooMany
        joined = {one: self._join(ConversationSource(one), actor) for one in numbers}
        self.unfollow(numbers)
        self._follows |= joined
        states = await db.reading(streams.readable, actor, list(numbers))
        begun = []
        for conversation_id, follow in joined.items():
            if follow.is_open and conversation_id in states:
                follow.floor = states[conversation_id].floor
                begun.append(_begin_at(follow, numbers[conversation_id], states[conversation_id].seq))
            elif follow.is_open:
                self.unfollow([conversation_id])
        return begun

    async def _begin_own(self, actor: Actor, number: int | None) -> _Begun:
        old, follow = self._own, self._join(OwnSource(actor.user_id), actor)
        self._own = follow
        if old is not None:
            self._leave(old)
        return _begin_at(follow, number, await db.reading(follow.feed.source.state))

    def _join(self, source: Source, actor: Actor) -> Follow:
        feed = feeds.feed(source)
        follow = Follow(
            user_id=actor.user_id,
            push=self._line.push,
            lagged=self._lag,
            ended=self._ended,
            placed=self._placed if isinstance(source, OwnSource) else None,
            feed=feed,
        )
        feed.add(follow)
        return follow

    def _leave(self, follow: Follow) -> None:
        self._lagging.pop(follow, None)
        follow.feed.end(follow)

    # --- what the feeds say ---------------------------------------------------------------------------

    def _lag(self, follow: Follow) -> None:
        self._lagging[follow] = None
        self._wake()

    def _ended(self, follow: Follow) -> None:
        """It may not be read any more, and looks like what is not there."""
        self._lagging.pop(follow, None)
        source = follow.feed.source
        if isinstance(source, ConversationSource) and self._follows.get(source.id) is follow:
            del self._follows[source.id]
            self._answer({"type": "error", "code": "not_found", **source.label})

    def _placed(self, places: frozenset[int]) -> None:
        if self._is_all and not places <= self._follows.keys():
            self._is_behind = True
            self._wake()

    # --- in the writing task ----------------------------------------------------------------------------

    def doubt(self) -> None:
        """The person may not have the rights they had: nothing is told before they were looked at."""
        self._is_in_doubt = True
        for follow in (*self._follows.values(), *((self._own,) if self._own else ())):
            if follow.told >= 0:
                follow.feed.lag(follow)

    async def tell(self, actor: Actor) -> None:
        """Bring up whoever lags."""
        if self._is_in_doubt:
            self._is_in_doubt = False
            await self._look_again(actor)
        if self._is_behind:
            self._is_behind = False
            await self._follow_what_came(actor)
        await self._say_answers()
        while self._lagging and not self._is_in_doubt:
            follow = next(iter(self._lagging))
            del self._lagging[follow]
            await self._bring_up(follow)
            await self._say_answers()

    async def _say_answers(self) -> None:
        """Where a follower begins is put here before it lags, so it is told before anything of it."""
        while self._answers:
            await self._line.send(event(self._answers.pop(0)))

    def _answer(self, message: dict[str, Any]) -> None:
        self._answers.append(message)
        self._wake()

    async def _look_again(self, actor: Actor) -> None:
        asked = dict(self._follows)
        may = await db.reading(streams.readable, actor, list(asked))
        for conversation_id, follow in asked.items():
            if conversation_id in may:
                follow.floor = may[conversation_id].floor
            elif follow.is_open:
                follow.feed.end(follow)
                self._ended(follow)

    async def _follow_what_came(self, actor: Actor) -> None:
        """Conversations that the person is in since, from now on: their client fetches them when it hears so."""
        found = await db.reading(streams.mine, actor, limit=MAX_FOLLOWED)
        room = MAX_FOLLOWED - len(self._follows)
        new = [one for one in found if one not in self._follows][:room]
        if begun := await self._begin(actor, dict.fromkeys(new)):
            self._say_where(begun)

    async def _bring_up(self, follow: Follow) -> None:
        feed = follow.feed
        while follow.is_open and not self._is_in_doubt and not feed.settle(follow):
            try:
                found = await feed.after(follow.told)
                if not follow.may_have(found):
                    found = await feed.alone(follow)
            except CannotCalculate:
                follow.told = await db.reading(feed.source.state)
                await self._line.send(event(_resync(feed.source, follow.told)))
                continue
            except Missing:
                return
            if not follow.is_open:
                return
            if found.upto <= follow.told:
                feed.settle(follow, is_at_end=True)
                return
            follow.told = found.upto
            told.count("alone")
            await self._line.send(found)
        if self._is_in_doubt and follow.is_open:
            self._lag(follow)

    def close(self) -> None:
        """Hear nothing any more."""
        self.unfollow(list(self._follows))
        if self._own is not None:
            self._leave(self._own)
            self._own = None
        self._lagging.clear()


class _Begun(NamedTuple):
    """`is_known` is false where the client has to fetch afresh."""

    follow: Follow
    is_known: bool


def _begin_at(follow: Follow, number: int | None, state: int) -> _Begun:
    """From the client's number; from now on where that is of another life or too far back."""
    wanted = state if number is None else number
    is_known = state - MAX_BEHIND <= wanted <= state
    follow.told = wanted if is_known else state
    follow.feed.reach(state)
    return _Begun(follow, is_known)


def wanted_in(message: dict[str, Any]) -> Wanted | None:
    """A `follow` message; None for what is none."""
    named, own = message.get("conversations", {}), message.get("own")
    if not isinstance(named, dict) or len(named) > MAX_FOLLOWED or not _is_number(own):
        return None
    if not all(_is_number(number) for number in named.values()):
        return None
    if not isinstance(message.get("all", False), bool):
        return None
    known = {text: read_id(text) for text in named}
    return Wanted(
        conversations={found: read_id(named[text]) for text, found in known.items() if found is not None},
        strange=[text[:20] for text, found in known.items() if found is None],
        is_all=message.get("all", False),
        has_own="own" in message or message.get("all", False),
        own=read_id(own),
    )


def numbers_in(message: dict[str, Any]) -> dict[int, int] | None:
    """`conversations` as numbers by id; None for what is none."""
    named = message.get("conversations")
    if not isinstance(named, dict) or len(named) > MAX_FOLLOWED:
        return None
    found = {read_id(text): read_id(number) for text, number in named.items()}
    return {one: number for one, number in found.items() if one is not None and number is not None}


def ids_in(message: dict[str, Any]) -> list[int] | None:
    """`conversations` as a list of ids; None for what is none."""
    named = message.get("conversations")
    if not isinstance(named, list) or len(named) > MAX_FOLLOWED:
        return None
    found = [read_id(one) for one in named]
    return [one for one in found if one is not None]


def _is_number(value: object) -> bool:
    return value is None or read_id(value) is not None


def _resync(source: Source, state: int) -> dict[str, Any]:
    return {"type": "resync", **source.label, "state": str(state)}
