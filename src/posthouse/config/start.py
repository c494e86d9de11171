"""Bringing Django and the rooms up in a process, and who may write in a data folder.

One process at a time writes a folder's SQLite file. It holds a lock on `lock`; a command-line verb that finds the
lock taken talks to its holder over `control.sock` (ops/control.py) instead of opening a second writer.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import fcntl
import logging
import os
import resource
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import orjson
import structlog

from posthouse.config.env import Env, Misconfigured

SWITCH_SECONDS = 0.0005
"""How long a thread may keep the interpreter from another: the default of 5 ms would be the delay of every commit."""
_M_ARENA_MAX = -8  # glibc's malloc.h


def _json(event: object, **_: object) -> bytes:
    return orjson.dumps(event, default=str)


DATABASE_LOCK = int.from_bytes(b"posthous", "big")
LOCK_TRIES = 20
LOCK_SECONDS = 0.25


class CannotServe(Exception):
    """Why the house cannot open, in words for the person who started it."""


class FolderBusy(Exception):
    """Another process holds the data folder."""


class DatabaseBusy(Exception):
    """Another process serves from the database."""


def configure_logs(level: str) -> None:
    """Structured lines on standard error: key=value for people at a terminal, JSON otherwise."""
    number = {"debug": 10, "info": 20, "warning": 30, "error": 40}[level]
    processors: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    factory: Callable[..., object]
    if sys.stderr.isatty():
        processors.append(structlog.dev.ConsoleRenderer())
        factory = structlog.PrintLoggerFactory(sys.stderr)
    else:
        processors.append(structlog.processors.JSONRenderer(_json))
        factory = structlog.BytesLoggerFactory(sys.stderr.buffer)
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=factory,
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=max(number, logging.WARNING), format="%(levelname)s %(name)s %(message)s")


def lock_folder(data: Path) -> IO[str]:
    """Hold the folder until the returned file is closed; raises FolderBusy, or Misconfigured if it is read-only."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = (data / "lock").open("a+")
    except OSError as error:
        raise Misconfigured([f"POSTHOUSE_DATA={str(data)!r} cannot be used: {error.strerror}."]) from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise FolderBusy from None
    file.seek(0)
    file.truncate()
    file.write(str(os.getpid()))
    file.flush()
    return file


@contextmanager
def holding_database() -> Iterator[None]:
    """Keep a second server from a PostgreSQL database; raises DatabaseBusy. SQLite's file is kept by its folder.

    An advisory lock of a connection of its own. It goes with the process, a moment after it when that was killed, and
    when PostgreSQL is started again under a running server.
    """
    from django.db import connection

    if connection.vendor == "sqlite":
        yield
        return
    keeper = connection.copy()
    try:
        with keeper.cursor() as cursor:
            for _ in range(LOCK_TRIES):
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [DATABASE_LOCK])
                if cursor.fetchone() == (True,):
                    break
                time.sleep(LOCK_SECONDS)
            else:
                raise DatabaseBusy
        yield
    finally:
        keeper.close()


def set_up_django(*, process: int = 0) -> Env:
    """Load settings (raises Misconfigured) and make the rooms ready to use; `process` numbers those of a folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "posthouse.config.settings")
    import django

    django.setup()
    from posthouse.base import blobs, ids, limits, net, timing
    from posthouse.config.settings import ENV
    from posthouse.delivery import setup as delivery_setup
    from posthouse.identity import directory
    from posthouse.search import index

    ids.configure(ENV.node, process=process)
    timing.configure(slow_query_ms=ENV.slow_query_ms)
    blobs.configure(ENV.data / "blobs")
    index.configure(ENV.data)
    net.configure(
        net.NetPolicy(
            allow_nets=ENV.allow_nets,
            dns_server=(ENV.dns.host, ENV.dns.port) if ENV.dns else None,
            trusts_dnssec=ENV.dnssec,
        )
    )
    limits.configure(
        None if ENV.rates is None else {name: limits.Rate(*rate) for name, rate in ENV.rates.items()}
    )
    directory.configure(hostname=ENV.hostname)
    delivery_setup.configure(
        hostname=ENV.hostname,
        ways=delivery_setup.Ways(
            routes={domain: (e.host, e.port) for domain, e in ENV.routes.items()},
            relay=(ENV.relay.host, ENV.relay.port) if ENV.relay else None,
            dane_required=ENV.dane_required,
        ),
        relay_login=(ENV.relay_user, ENV.relay_password) if ENV.relay_user else None,
        relay_tls=ENV.relay_tls,
        patience=delivery_setup.Patience(ENV.retry_seconds, ENV.delay_notice_seconds),
        max_message_bytes=ENV.max_message_bytes,
        seals_arc=ENV.senders.seals_arc,
        reporters=ENV.reporters,
    )
    return ENV


def migrate(env: Env) -> None:
    """Bring the database to this release; runs before the write lane exists, with the folder locked.

    Raises CannotServe.
    """
    from django.core.management import call_command
    from django.db import DatabaseError, connection

    from posthouse.base.sqlite.base import rights

    rights.writable = True
    try:
        connection.close()
        call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        raise CannotServe(f"the database of {env.data} cannot be used: {error}.") from error
    finally:
        rights.writable = False
        connection.close()


def tune_process() -> None:
    """For processes that serve: short turns for threads, memory that is given back, and all descriptors one may have.

    Two allocation arenas for glibc: with one per thread, what a monstrous mail took once is never given back.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(
        resource.RLIMIT_NOFILE, (hard, hard)
    )  # the soft one is 1,024 for programs that use select()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(_M_ARENA_MAX, 2)


def run_loop(work: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop where there is one."""
    if sys.platform != "win32":
        import uvloop

        uvloop.run(work)
    else:
        asyncio.run(work)
