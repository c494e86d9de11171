"""One-time tickets for the WebSocket: a browser cannot send a header there, and a token in a URL ends in logs.

Kept in memory, by hash, for half a minute. A ticket names the session that asked for it, so a stream ends with its
session.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from hashlib import sha256

from posthouse.base import clock
from posthouse.base.errors import Denied
from posthouse.identity.actor import Actor

TICKET_SECONDS = 30
MAX_TICKETS = 10_000


@dataclass(frozen=True, slots=True)
class Ticket:
    user_id: int
    session_id: int
    expires_at: float


_tickets: dict[bytes, Ticket] = {}
_lock = threading.Lock()


def issue(actor: Actor) -> str:
    """A fresh ticket for the actor's session; raises Denied for one who has none (a password on the line)."""
    if actor.session_id is None:
        raise Denied("no_session", "Only a session can open a stream.")
    now = clock.steady()
    text = secrets.token_urlsafe(24)
    with _lock:
        if len(_tickets) >= MAX_TICKETS:
            for key in [key for key, ticket in _tickets.items() if ticket.expires_at < now]:
                del _tickets[key]
        if len(_tickets) >= MAX_TICKETS:
            _tickets.pop(next(iter(_tickets)))
        _tickets[_key(text)] = Ticket(actor.user_id, actor.session_id, now + TICKET_SECONDS)
    return text


def redeem(text: str) -> Ticket | None:
    """The ticket, once; None for one unknown, used or too old."""
    with _lock:
        ticket = _tickets.pop(_key(text), None)
    return ticket if ticket is not None and ticket.expires_at > clock.steady() else None


def _key(text: str) -> bytes:
    return sha256(text.encode()).digest()
