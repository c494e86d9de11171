"""The whole HTTP door in this process: a data folder, Django, and a server on a free port in a thread of its own.

One per test session, since Django is set up once in a process. People are made by real actions; every test takes
fresh ones, so no test sees another's mail.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PASSWORD = "correct horse battery staple"
START_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    email: str
    password: str
    user_id: int
    account_id: int
    actor: Any


class House:
    """`http` is the base URL. `loop` runs the server; `run` runs a coroutine there."""

    def __init__(self, http: str, loop: asyncio.AbstractEventLoop) -> None:
        self.http = http
        self.loop = loop
        self._numbers = itertools.count(1)
        self._hash = ""

    def run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    def person(self, name: str, *, organisation: str | None = None) -> Person:
        """A new person of that name, in a domain of their own unless an organisation's domain is given."""
        from posthouse.identity import actions, queries
        from posthouse.mail import mailboxes

        self._hash = self._hash or actions.hash_password(PASSWORD)
        domain = organisation or f"d{next(self._numbers)}.test"
        if domain not in queries.domains():
            actions.add_domain(domain)
        email = f"{name}{next(self._numbers)}@{domain}"
        user = actions.add_user(email, name=name.title(), password_hash=self._hash)
        account_id = mailboxes.open_account(user.id, user.organisation_id, name=name.title(), address=email)
        actor = queries.actor_of(email, via="test")
        return Person(email=email, password=PASSWORD, user_id=user.id, account_id=account_id, actor=actor)


@contextmanager
def house(data: Path) -> Iterator[House]:
    """Set everything up in `data` and serve until the block ends."""
    os.environ["POSTHOUSE_DATA"] = str(data)
    os.environ["POSTHOUSE_ALLOW_NETS"] = "127.0.0.0/8"
    from posthouse.config import start

    start.configure_logs("error")
    start.set_up_django()
    start.migrate()
    with _server() as (port, loop):
        yield House(f"http://127.0.0.1:{port}", loop)
    from posthouse.base import db

    db.stop()


@contextmanager
def _server() -> Iterator[tuple[int, asyncio.AbstractEventLoop]]:
    import uvicorn

    from posthouse.base.hub import hub
    from posthouse.config.asgi import application

    sock = socket.create_server(("127.0.0.1", 0), backlog=256)
    config = uvicorn.Config(
        application, log_config=None, access_log=False, lifespan="off", ws="websockets-sansio",
        timeout_graceful_shutdown=2,
    )  # fmt: skip
    server = uvicorn.Server(config)
    started: list[asyncio.AbstractEventLoop] = []
    ready = threading.Event()

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        hub.bind(loop)
        started.append(loop)
        loop.call_soon(ready.set)
        await server._serve(sockets=[sock])
        hub.bind(None)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="house", daemon=True)
    thread.start()
    if not ready.wait(START_SECONDS):
        raise RuntimeError("the server did not start")
    try:
        yield sock.getsockname()[1], started[0]
    finally:
        server.should_exit = True
        thread.join(START_SECONDS)
        application.pool.stop()
