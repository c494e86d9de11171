"""The command line talking to a running server over a UNIX socket in the data folder.

One JSON line asks, JSON lines answer: `{"progress": …}` any number of times, then `{"result": …}` or
`{"failure": {"code": …, "message": …}}`. The socket is mode 600: who can open it owns the folder.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import structlog

from posthouse.base import db
from posthouse.base.errors import Failure, Unavailable
from posthouse.ops.verbs import VERBS

log = structlog.get_logger(__name__)

SOCKET_NAME = "control.sock"
MAX_LINE = 1024 * 1024

END_SECONDS = 10.0

Verb = Callable[..., Iterator[dict[str, Any]]]

_running: set[asyncio.Future[None]] = set()
_is_ending = threading.Event()


async def end_verbs() -> None:
    """Let verbs stop at their next line (an import goes on where it was when it is asked for again)."""
    _is_ending.set()
    if _running:
        await asyncio.wait(_running, timeout=END_SECONDS)


async def listen(data: Path) -> asyncio.Server:
    _is_ending.clear()
    path = data / SOCKET_NAME
    path.unlink(missing_ok=True)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        with _near(path) as address:
            sock.bind(address)
    finally:
        os.umask(before)
    sock.listen(8)
    sock.settimeout(0)
    return await asyncio.start_unix_server(_serve, sock=sock, limit=MAX_LINE)


class _near:
    """A path short enough for a UNIX socket (107 bytes): through the folder's descriptor where there is /proc."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None

    def __enter__(self) -> str:
        if len(os.fsencode(self._path)) <= 100 or not Path("/proc/self/fd").is_dir():
            return str(self._path)
        self._fd = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        return f"/proc/self/fd/{self._fd}/{self._path.name}"

    def __exit__(self, *_: object) -> None:
        if self._fd is not None:
            os.close(self._fd)


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    loop = asyncio.get_running_loop()

    def tell(line: dict[str, Any]) -> None:
        loop.call_soon_threadsafe(writer.write, orjson.dumps(line) + b"\n")

    try:
        asked = orjson.loads(await reader.readline())
        hung_up = asyncio.ensure_future(reader.read(1))
        verb = asyncio.ensure_future(
            asyncio.to_thread(_run, asked["verb"], asked["arguments"], tell, hung_up.done)
        )
        _running.add(verb)
        verb.add_done_callback(_running.discard)
        await verb
        hung_up.cancel()
        await writer.drain()
    except (ConnectionError, ValueError, KeyError, TypeError) as error:
        log.info("control.dropped", reason=type(error).__name__)
    finally:
        writer.close()


def _run(
    verb: str,
    arguments: dict[str, Any],
    tell: Callable[[dict[str, Any]], None],
    has_hung_up: Callable[[], bool],
) -> None:
    """To the end, or until nobody listens any more: who stops an import means the server's too."""
    try:
        for line in VERBS[verb](**arguments):
            if has_hung_up():
                return
            if _is_ending.is_set() and "result" not in line:
                raise Unavailable("shutting_down", "The server is shutting down.")
            tell(line)
    except Failure as failure:
        tell({"failure": {"code": failure.code, "message": failure.message}})
    except Exception:
        log.exception("control.verb_failed", verb=verb)
        tell({"failure": {"code": "internal", "message": "The server failed at it; its log says more."}})
    finally:
        db.release_thread()


def ask(data: Path, verb: str, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """From the command line: run a verb in the server that holds the folder."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        with _near(data / SOCKET_NAME) as address:
            sock.connect(address)
        sock.sendall(orjson.dumps({"verb": verb, "arguments": arguments}) + b"\n")
        with sock.makefile("rb") as lines:
            for line in lines:
                yield orjson.loads(line)
