"""Mail clients that are connected to this process now: who, from where, with what, and how to end them.

Each listens to the topic of what it came in with and to that of its person, so taking either away ends it within
moments, in whichever process it lives. The list itself is this process's own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from posthouse.audit.actions import Fact, record
from posthouse.audit.acts import Act
from posthouse.base import clock, db
from posthouse.base.errors import Missing
from posthouse.base.hub import Hint, hub
from posthouse.base.ids import new_id
from posthouse.identity import live_sessions
from posthouse.identity.actor import Actor
from posthouse.identity.mail_clients import Admission


@dataclass(slots=True, kw_only=True)
class LiveClient:
    id: int
    user_id: int
    kind: str
    credential_id: int | None
    protocol: str
    ip: str
    since_ms: int
    last_used_ms: int
    client: str = ""
    leave: Callable[[], None] = field(repr=False, default=lambda: None)

    def seen(self) -> None:
        self.last_used_ms = clock.now_ms()


_clients: dict[int, LiveClient] = {}
_lock = threading.Lock()


def enter(admission: Admission, *, protocol: str, ip: str, end: Callable[[], None]) -> LiveClient:
    """Note a connection that has logged in; `end` is called in the hub's loop. Call `leave()` when it is gone."""
    now_ms = clock.now_ms()
    client = LiveClient(
        id=new_id(),
        user_id=admission.actor.user_id,
        kind=admission.kind,
        credential_id=admission.credential_id,
        protocol=protocol,
        ip=ip,
        since_ms=now_ms,
        last_used_ms=now_ms,
    )

    def told(_: Hint) -> None:
        end()

    topics = (admission.topic, live_sessions.departure_topic(client.user_id), _topic(client.id))
    unsubscribes = [hub.subscribe(topic, told) for topic in topics]

    def leave() -> None:
        for unsubscribe in unsubscribes:
            unsubscribe()
        with _lock:
            _clients.pop(client.id, None)

    client.leave = leave
    with _lock:
        _clients[client.id] = client
    return client


def clients_of(actor: Actor) -> list[LiveClient]:
    """Those of the person who asks, the newest first."""
    with _lock:
        mine = [client for client in _clients.values() if client.user_id == actor.user_id]
    return sorted(mine, key=lambda client: -client.id)


@db.action
def end(actor: Actor, client_id: int) -> None:
    """End one of one's own; it may come again with what it has. Raises Missing."""
    with _lock:
        client = _clients.get(client_id)
    if client is None or client.user_id != actor.user_id:
        raise Missing()
    live_sessions.topic_ended(_topic(client_id))
    facts: dict[str, Fact] = {"protocol": client.protocol, "kind": client.kind}
    record(actor, Act.MAIL_CLIENT_ENDED, kind="mail_client", object_id=client_id, facts=facts)


def _topic(client_id: int) -> str:
    return f"mail_client:{client_id}"
