"""`posthouse serve`: every door in one event loop, but mail from the world, which has a process of its own (doors.py).

Order: check settings, lock the folder, migrate, bind every port (all faults in one message), open the doors, say
`posthouse: ready`. At the end the doors close first, then the queue, then the write lane, so that nothing that was
answered is lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import signal
import socket
import ssl
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

import structlog
import uvicorn

from posthouse.base import db
from posthouse.base.health import Report, add_check
from posthouse.base.hub import hub
from posthouse.config import health, start
from posthouse.config.env import Endpoint, Env, Misconfigured
from posthouse.config.env_mail import SocketPath
from posthouse.wire.budget import Budget

log = structlog.get_logger(__name__)

BACKLOG = 1024
SOCKET_MODE = 0o660


def bind(listeners: Mapping[str, Endpoint | SocketPath | None]) -> dict[str, socket.socket]:
    """Take every port before any door opens; raises Misconfigured naming all that could not be taken."""
    sockets: dict[str, socket.socket] = {}
    faults = []
    for name, endpoint in listeners.items():
        if endpoint is None:
            continue
        try:
            sockets[name] = (
                bound_to_path(endpoint.path) if isinstance(endpoint, SocketPath) else _bound(endpoint)
            )
        except OSError as error:
            faults.append(f"{name} cannot listen on {endpoint}: {error.strerror or error}.")
    if faults:
        for sock in sockets.values():
            sock.close()
        raise Misconfigured(faults)
    return sockets


def _bound(endpoint: Endpoint) -> socket.socket:
    family = socket.AF_INET6 if ":" in endpoint.host else socket.AF_INET
    sock = socket.create_server(
        (endpoint.host, endpoint.port), family=family, backlog=BACKLOG, reuse_port=False
    )
    sock.settimeout(0)
    # Connections inherit it; asyncio does not set it itself on sockets made like this one.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def bound_to_path(path: Path) -> socket.socket:
    """In the place of a socket that a process before left there; where something else stands it is an error."""
    if path.is_socket():
        path.unlink()
    sock = socket.socket(socket.AF_UNIX)
    try:
        sock.bind(str(path))
        path.chmod(SOCKET_MODE)
        sock.listen(BACKLOG)
        sock.settimeout(0)
    except OSError:
        sock.close()
        raise
    return sock


class HttpServer(uvicorn.Server):
    """uvicorn as a task of our loop: it leaves the signals to us."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield


class House:
    """All doors of one process, opened and closed together."""

    def __init__(self, env: Env, sockets: dict[str, socket.socket]) -> None:
        self._env = env
        self._sockets = sockets
        self._closers: list[Callable[[], Coroutine[Any, Any, None]]] = []
        self.ports = {
            name: sock.getsockname()[1] for name, sock in sockets.items() if sock.family != socket.AF_UNIX
        }

    async def open(self) -> None:
        from posthouse.config.listeners import tls_context
        from posthouse.ops import health as house_health

        hub.bind(asyncio.get_running_loop())
        context = tls_context(self._env)
        health.facts["listeners"] = self.ports
        house_health.set_up(self._env.data)
        add_check("listeners", self._listening, is_essential=True)
        await self._open_queue()
        await self._open_jobs()
        await self._open_indexer()
        await self._open_junk()
        await self._open_hooks()
        await self._open_bridge()
        await self._open_notifications()
        await self._open_smtp(context)
        await self._open_imap(context)
        await self._open_http()
        await self._open_control()

    def _listening(self) -> Report:
        """Doors that were opened and that nobody has closed since."""
        shut = [name for name, sock in self._sockets.items() if sock.fileno() < 0]
        return Report(is_well=not shut, facts={"ports": self.ports, "shut": shut})

    async def close(self) -> None:
        """Doors first, in the reverse order of opening, then the lane."""
        for closer in reversed(self._closers):
            try:
                await asyncio.wait_for(closer(), 15)
            except Exception:
                log.exception("serve.close_failed")
        hub.bind(None)
        await asyncio.to_thread(db.stop)

    async def _open_queue(self) -> None:
        from posthouse.delivery.queueing import queue
        from posthouse.delivery.runner import Runner

        await db.writing(queue.end_leases)
        runner = Runner()
        task = asyncio.create_task(runner.run())

        async def close() -> None:
            await runner.stop()
            await task

        self._closers.append(close)

    async def _open_jobs(self) -> None:
        from posthouse.audit import jobs as audit_jobs  # noqa: F401 schedules are registered by being known
        from posthouse.base import jobs
        from posthouse.bridge import jobs as bridge_jobs  # noqa: F401 the same
        from posthouse.conversations import jobs as conversation_jobs  # noqa: F401 the same
        from posthouse.delivery import letters  # noqa: F401 what is asked for is registered by being known
        from posthouse.delivery.automatic import forwards  # noqa: F401 a purpose of codes is registered so too
        from posthouse.delivery.automatic import jobs as automatic_jobs  # noqa: F401 the same
        from posthouse.delivery.fate import receipts  # noqa: F401 what is asked for is registered by being known
        from posthouse.delivery.junk import jobs as junk_jobs  # noqa: F401 the same
        from posthouse.delivery.receiving import refusals  # noqa: F401 what is asked for is registered by being known
        from posthouse.delivery.reporting import jobs as reporting_jobs  # noqa: F401 the same
        from posthouse.delivery.rules import jobs as rule_jobs  # noqa: F401 the same
        from posthouse.hooks import jobs as hook_jobs  # noqa: F401 the same
        from posthouse.identity import entrances, presence, recovery  # noqa: F401 the same
        from posthouse.notifications import jobs as notification_jobs  # noqa: F401 the same
        from posthouse.notifications import letters as notification_letters  # noqa: F401 the same
        from posthouse.notifications import pushing  # noqa: F401 the same
        from posthouse.ops import departures, expiring, notice_letters, sweeping  # noqa: F401 the same
        from posthouse.uploads import jobs as upload_jobs  # noqa: F401 the same

        await db.writing(jobs.end_leases)
        runner = jobs.JobRunner()
        task = asyncio.create_task(runner.run())

        async def close() -> None:
            runner.stop()
            await task

        self._closers.append(close)

    async def _open_indexer(self) -> None:
        from posthouse.conversations import indexer as message_indexer
        from posthouse.mail import indexer
        from posthouse.search import index

        indexer.running = running = indexer.Indexer()
        message_indexer.running = of_messages = message_indexer.Indexer()
        health.detailed["search"] = lambda: running.facts() | of_messages.facts()
        running.start()
        of_messages.start()

        async def close() -> None:
            await asyncio.to_thread(running.stop)
            await asyncio.to_thread(of_messages.stop)
            indexer.running = message_indexer.running = None
            await asyncio.to_thread(index.close)

        self._closers.append(close)

    async def _open_junk(self) -> None:
        from posthouse.delivery.junk import standing
        from posthouse.delivery.junk.reader import JunkReader
        from posthouse.filters.spam import choices

        reader = JunkReader()
        unsubscribe = hub.subscribe(choices.TOPIC, lambda _: standing.forget())
        reader.start()

        async def close() -> None:
            unsubscribe()
            await asyncio.to_thread(reader.stop)

        self._closers.append(close)

    async def _open_hooks(self) -> None:
        from posthouse.hooks.reader import Reader

        reader = Reader()
        task = asyncio.create_task(reader.run())

        async def close() -> None:
            reader.stop()
            await task

        self._closers.append(close)

    async def _open_bridge(self) -> None:
        from posthouse.bridge.reader import Reader

        reader = Reader()
        task = asyncio.create_task(reader.run())

        async def close() -> None:
            reader.stop()
            await task

        self._closers.append(close)

    async def _open_notifications(self) -> None:
        from posthouse.notifications.arriving import ArrivalReader

        reader = ArrivalReader()
        reader.start()

        async def close() -> None:
            await asyncio.to_thread(reader.stop)

        self._closers.append(close)

    async def _open_smtp(self, context: ssl.SSLContext) -> None:
        from posthouse.config.doors import Doors
        from posthouse.config.listeners import INCOMING_BYTES, smtp_server

        budget = Budget(INCOMING_BYTES)
        for name in ("submission", "submissions", "lmtp", "mx"):
            if name not in self._sockets:
                continue
            if name == "mx" and self._env.mx_processes:
                doors = Doors(self._sockets[name], count=self._env.mx_processes)
                self._closers.append(doors.close)
                add_check("door_processes", doors.report)
                await doors.open()
                continue
            server = smtp_server(self._env, name, context=context, budget=budget)
            await server.listen(sock=self._sockets[name])
            self._closers.append(functools.partial(server.close, grace_seconds=5))

    async def _open_imap(self, context: ssl.SSLContext) -> None:
        from posthouse.config.listeners import INCOMING_BYTES, imap_server

        budget = Budget(INCOMING_BYTES)
        for name in ("imap", "imaps"):
            if name not in self._sockets:
                continue
            server = imap_server(self._env, name, context=context, budget=budget)
            await server.listen(sock=self._sockets[name])
            self._closers.append(server.close)

    async def _open_http(self) -> None:
        from posthouse.config.asgi import application
        from posthouse.config.http_protocol import HttpProtocol
        from posthouse.config.socket_protocol import SocketProtocol

        if "http" not in self._sockets:
            return
        HttpProtocol.proxies = self._env.trusted_proxies
        config = uvicorn.Config(
            application,
            http=HttpProtocol,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=3,
            timeout_keep_alive=75,
            ws=SocketProtocol,
            ws_max_size=65_536,
            ws_ping_timeout=60,
            ws_per_message_deflate=False,
            server_header=False,
            proxy_headers=False,
        )
        server = HttpServer(config)
        task = asyncio.create_task(server.serve(sockets=[self._sockets["http"]]))
        while not server.started:
            if task.done():
                await task
            await asyncio.sleep(0.01)

        async def close() -> None:
            server.should_exit = True
            await task

        self._closers.append(close)

    async def _open_control(self) -> None:
        from posthouse.ops import control

        server = await control.listen(self._env.data)

        async def close() -> None:
            server.close()
            await control.end_verbs()
            (self._env.data / control.SOCKET_NAME).unlink(missing_ok=True)

        self._closers.append(close)


def banner(env: Env, ports: dict[str, int], demo: list[tuple[str, str]]) -> str:
    """What a person needs to know at the end of the start."""

    def at(name: str) -> str:
        endpoint = env.listeners[name]
        if isinstance(endpoint, SocketPath):
            return str(endpoint)
        return f"{endpoint.host}:{ports[name]}" if endpoint and name in ports else "off"

    lines = [
        "",
        f"  Posthouse is open.   Browser   http://{at('http')}/",
        f"                       API       http://{at('http')}/api/v1/docs/",
        f"                       IMAP      {at('imap')} (STARTTLS)   {at('imaps')} (TLS)",
        f"                       SMTP      {at('submission')} (STARTTLS)   {at('submissions')} (TLS)",
        f"                       MX        {at('mx')}   for the world",
        *(
            [f"                       LMTP      {at('lmtp')}   for a mail server in front"]
            if env.listeners["lmtp"]
            else []
        ),
        f"                       Data      {env.data}",
        "",
    ]
    lines += [f"  Log in as {email}   password  {password}" for email, password in demo]
    return "\n".join([*lines, ""] if demo else lines)


async def _serve(env: Env, sockets: dict[str, socket.socket], demo: list[tuple[str, str]]) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    house = House(env, sockets)
    try:
        await house.open()
        gc.collect()
        gc.freeze()
        print(banner(env, house.ports, demo), flush=True)  # noqa: T201 the answer to the person who started it
        ports = " ".join(f"{name}={port}" for name, port in house.ports.items())
        print(f"posthouse: ready {ports}", flush=True)  # noqa: T201
        await stop.wait()
        print("posthouse: closing", flush=True)  # noqa: T201
    finally:
        await house.close()


def run(env: Env, sockets: dict[str, socket.socket], demo: list[tuple[str, str]]) -> None:
    """Serve until SIGINT or SIGTERM."""
    start.tune_process()
    start.run_loop(_serve(env, sockets, demo))
