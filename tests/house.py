"""A running Posthouse inside the test process: every door on a free port, a data folder of its own.

One for the whole session, since starting costs a second; tests do not meet because each has people of its own in
domains of its own (tests/cast.py).
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from tests import database

SETTINGS = {
    "POSTHOUSE_HTTP": "127.0.0.1:0",
    "POSTHOUSE_MX": "127.0.0.1:0",
    "POSTHOUSE_SUBMISSION": "127.0.0.1:0",
    "POSTHOUSE_SUBMISSIONS": "127.0.0.1:0",
    "POSTHOUSE_IMAP": "127.0.0.1:0",
    "POSTHOUSE_IMAPS": "127.0.0.1:0",
    "POSTHOUSE_PLAINTEXT_LOGIN": "1",
    "POSTHOUSE_MX_PROCESSES": "0",
    "POSTHOUSE_HOSTNAME": "mail.posthouse.test",
    "POSTHOUSE_RETRY": "1,1",
    "POSTHOUSE_ALLOW_NETS": "127.0.0.0/8",
}


@dataclass
class RunningHouse:
    data: Path
    ports: dict[str, int]
    loop: asyncio.AbstractEventLoop
    routes: dict[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.ports['http']}"

    @property
    def api(self) -> str:
        return f"{self.http}/api/v1"

    def route(self, domain: str, host: str, port: int) -> None:
        """Send mail for a domain to a server of the test's."""
        from dataclasses import replace

        from posthouse.delivery import setup

        self.routes[domain] = (host, port)
        current = setup.current()
        setup._setup = replace(current, routes=replace(current.routes, static=dict(self.routes)))

    def call(self, coroutine: Any) -> Any:
        """Run a coroutine in the house's loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    @contextmanager
    def one_more_door(self, make: Callable[[], Any], *, sock: socket.socket | None = None) -> Iterator[int]:
        """The port of a mail door beside those that are open, with settings of the test's own."""

        async def begin() -> tuple[Any, int]:
            server = make()
            return server, await server.listen("127.0.0.1", sock=sock)

        server, port = self.call(begin())
        try:
            yield port
        finally:
            self.call(server.close(grace_seconds=0))


def _let_tests_listen_to_the_log() -> None:
    """`capture_logs` takes the place of the processors, so what is not shown is left out by one of them."""

    def only_warnings(_: object, level: str, event: Any) -> Any:
        if level in ("debug", "info"):
            raise structlog.DropEvent
        return event

    structlog.configure(
        cache_logger_on_first_use=False,
        wrapper_class=structlog.make_filtering_bound_logger(0),
        processors=[only_warnings, *structlog.get_config()["processors"]],
    )


@contextmanager
def running_house(data: Path) -> Iterator[RunningHouse]:
    """Open every door; close them in order at the end."""
    os.environ.update(SETTINGS, POSTHOUSE_DATA=str(data), **database.settings_for(data))
    from posthouse.config import serve, start

    env = start.set_up_django()
    start.configure_logs(env.log_level)
    _let_tests_listen_to_the_log()
    with start.lock_folder(env.data):
        start.migrate(env)
        house = serve.House(env, serve.bind(env.listeners))
        opened, stop, fault = threading.Event(), asyncio.Event(), []
        loops: list[asyncio.AbstractEventLoop] = []

        async def live() -> None:
            loops.append(asyncio.get_running_loop())
            try:
                await house.open()
            except Exception as error:  # noqa: BLE001 told to the test session below
                fault.append(error)
            opened.set()
            if not fault:
                await stop.wait()
            await house.close()

        thread = threading.Thread(target=lambda: asyncio.run(live()), name="house")
        thread.start()
        opened.wait(60)
        if fault:
            thread.join(30)
            raise fault[0]
        try:
            yield RunningHouse(data=env.data, ports=house.ports, loop=loops[0])
        finally:
            loops[0].call_soon_threadsafe(stop.set)
            thread.join(60)
