"""`posthouse serve`: every door in one process and one event loop.

Order: check settings, lock the folder, migrate, bind every port (all faults in one message), open the doors, say
`posthouse: ready`. At the end the doors close first, then the queue, then the write lane, so that nothing that was
answered is lost.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import functools
import gc
import signal
import socket
import ssl
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
import uvicorn

from posthouse.base import db, tls
from posthouse.base.hub import hub
from posthouse.config import health
from posthouse.config.env import Endpoint, Env, Misconfigured
from posthouse.wire.budget import Budget

log = structlog.get_logger(__name__)

SWITCH_SECONDS = 0.0005
"""How long a thread may keep the interpreter from another: the default of 5 ms would be the delay of every commit."""
BACKLOG = 1024
_M_ARENA_MAX = -8  # glibc's malloc.h
INCOMING_BYTES = 512 * 1024 * 1024
"""Of messages that all clients together are sending at one moment; SMTP and IMAP have so much each, since one who
hands in drafts slowly must not shut the door for the world's mail."""


def bind(listeners: dict[str, Endpoint | None]) -> dict[str, socket.socket]:
    """Take every port before any door opens; raises Misconfigured naming all that could not be taken."""
    sockets: dict[str, socket.socket] = {}
    faults = []
    for name, endpoint in listeners.items():
        if endpoint is None:
            continue
        try:
            family = socket.AF_INET6 if ":" in endpoint.host else socket.AF_INET
            sock = socket.create_server(
                (endpoint.host, endpoint.port), family=family, backlog=BACKLOG, reuse_port=False
            )
            sock.settimeout(0)
            # Connections inherit it; asyncio does not set it itself on sockets made like this one.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sockets[name] = sock
        except OSError as error:
            faults.append(f"{name} cannot listen on {endpoint}: {error.strerror or error}.")
    if faults:
        for sock in sockets.values():
            sock.close()
        raise Misconfigured(faults)
    return sockets


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
        self.ports = {name: sock.getsockname()[1] for name, sock in sockets.items()}

    async def open(self) -> None:
        hub.bind(asyncio.get_running_loop())
        context = self._tls()
        health.facts["listeners"] = self.ports
        await self._open_queue()
        await self._open_jobs()
        await self._open_smtp(context)
        await self._open_imap(context)
        await self._open_http()
        await self._open_control()

    async def close(self) -> None:
        """Doors first, in the reverse order of opening, then the lane."""
        for closer in reversed(self._closers):
            try:
                await asyncio.wait_for(closer(), 15)
            except Exception:
                log.exception("serve.close_failed")
        hub.bind(None)
        await asyncio.to_thread(db.stop)

    def _tls(self) -> ssl.SSLContext:
        certificate, key = self._env.tls_certificate, self._env.tls_key
        if certificate is None or key is None:
            certificate, key = tls.self_signed(self._env.data, self._env.hostname)
        return tls.server_context(certificate, key)

    async def _open_queue(self) -> None:
        from posthouse.delivery import queue
        from posthouse.delivery.runner import Runner

        await db.writing(queue.end_leases)
        runner = Runner()
        task = asyncio.create_task(runner.run())

        async def close() -> None:
            await runner.stop()
            await task

        self._closers.append(close)

    async def _open_jobs(self) -> None:
        from posthouse.base import jobs
        from posthouse.ops import sweeping  # noqa: F401 its schedule is registered by being known

        await db.writing(jobs.end_leases)
        runner = jobs.JobRunner()
        task = asyncio.create_task(runner.run())

        async def close() -> None:
            runner.stop()
            await task

        self._closers.append(close)

    async def _open_smtp(self, context: ssl.SSLContext) -> None:
        from posthouse.smtpd.house import House as SmtpHouse
        from posthouse.smtpd.server import SmtpServer
        from posthouse.smtpd.settings import Settings
        from posthouse.wire.smtp.envelope import Service
        from posthouse.wire.smtp.limits import Limits

        house = SmtpHouse(hostname=self._env.hostname)
        budget = Budget(INCOMING_BYTES)
        limits = Limits(message_bytes=self._env.max_message_bytes)
        for name in ("mx", "submission", "submissions"):
            if name not in self._sockets:
                continue
            settings = Settings(
                service=Service.MX if name == "mx" else Service.SUBMISSION,
                hostname=self._env.hostname,
                implicit_tls=name == "submissions",
                allow_plain_login=self._env.plaintext_login,
                limits=limits,
            )
            handler = house.mx() if name == "mx" else house.submission()
            server = SmtpServer(settings, handler, budget=budget, tls=context)
            await server.listen(sock=self._sockets[name])
            self._closers.append(functools.partial(server.close, grace_seconds=5))

    async def _open_imap(self, context: ssl.SSLContext) -> None:
        from posthouse.imapd.server import ImapServer
        from posthouse.imapd.settings import Settings

        budget = Budget(INCOMING_BYTES)
        for name in ("imap", "imaps"):
            if name not in self._sockets:
                continue
            settings = Settings(
                hostname=self._env.hostname,
                implicit_tls=name == "imaps",
                allow_plain_login=self._env.plaintext_login,
                append_bytes=self._env.max_message_bytes,
            )
            server = ImapServer(settings, tls=context, budget=budget)
            await server.listen(sock=self._sockets[name])
            self._closers.append(server.close)

    async def _open_http(self) -> None:
        from posthouse.config.asgi import application

        if "http" not in self._sockets:
            return
        config = uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=3,
            timeout_keep_alive=75,
            ws="websockets-sansio",
            ws_max_size=65_536,
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
        return f"{endpoint.host}:{ports[name]}" if endpoint and name in ports else "off"

    lines = [
        "",
        f"  Posthouse is open.   Browser   http://{at('http')}/",
        f"                       API       http://{at('http')}/api/v1/docs/",
        f"                       IMAP      {at('imap')} (STARTTLS)   {at('imaps')} (TLS)",
        f"                       SMTP      {at('submission')} (STARTTLS)   {at('submissions')} (TLS)",
        f"                       MX        {at('mx')}   for the world",
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


def _few_arenas() -> None:
    """Two allocation arenas for glibc: with one per thread, what a monstrous mail took once is never given back."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(_M_ARENA_MAX, 2)


def run(env: Env, sockets: dict[str, socket.socket], demo: list[tuple[str, str]]) -> None:
    """Serve until SIGINT or SIGTERM."""
    sys.setswitchinterval(SWITCH_SECONDS)
    _few_arenas()
    if sys.platform != "win32":
        import uvloop

        uvloop.run(_serve(env, sockets, demo))
    else:
        asyncio.run(_serve(env, sockets, demo))
