"""Browsers that are pushed to, as the security page shows them: kept by a room above, which identity does not know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from posthouse.base.errors import Missing
from posthouse.identity.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class PushDevice:
    """A browser that is told of news while nobody looks; it is bound to a session."""

    id: int
    client: str
    service: str
    session_id: int
    created_at: dt.datetime
    last_used_at: dt.datetime | None


class Keeper(Protocol):
    """The room that pushes."""

    def shown(self, user_id: int) -> list[PushDevice]: ...

    def unsubscribe(self, actor: Actor, endpoint_id: int) -> None:
        """Raises Missing."""


_keeper: Callable[[], Keeper] | None = None


def kept_by(keeper: Callable[[], Keeper]) -> None:
    """Called at the start; `keeper` is asked only when a page is shown, so that a door need not load what it takes."""
    global _keeper
    _keeper = keeper


def devices_of(user_id: int) -> list[PushDevice]:
    return [] if _keeper is None else _keeper().shown(user_id)


def revoke(actor: Actor, device_id: int) -> None:
    if _keeper is None:
        raise Missing()
    _keeper().unsubscribe(actor, device_id)
