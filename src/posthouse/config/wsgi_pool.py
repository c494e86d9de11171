"""Django behind ASGI, by its WSGI side in a few threads that keep their database connections.

Django's own ASGI handler starts a thread and opens a connection for every request. Here a request's body is read
whole in the loop (in a temporary file when large), so that a slow sender holds no thread; then a thread runs Django
and the answer goes out in one piece.

There are four kinds of threads, because requests spend their time in four ways. Questions (RFC 9110's safe methods)
compute: more threads than can compute at once only take the interpreter from each other, so there are `ASKING`.
Acts wait, for a commit or a password's hash, which computes without the interpreter: `ACTING`. Acts that ask another
server wait for seconds where it is slow, or means to be: `OUTSIDE`. Answers that stream wait for their client, and are
passed on chunk by chunk by one of `STREAMING` threads.

Invariants: a crowd of one kind keeps no thread from another kind; a body above `max_body_bytes` is refused before it
is read further; nothing is sent to a client that has gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import orjson

Scope = MutableMapping[str, Any]
Receive = Callable[[], Any]
Send = Callable[[MutableMapping[str, Any]], Any]
Headers = list[tuple[bytes, bytes]]

ASKING = 2
ACTING = 4
OUTSIDE = 4
STREAMING = 8
SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
IN_MEMORY_BYTES = 1_000_000
TAKE_SECONDS = 60.0
"""How long a client may leave a chunk untaken: it holds one of few threads, and a cursor of the database."""
MAX_BODY_BYTES = 64 * 1024 * 1024


class _Gone(Exception):
    """The client left before it had sent its request."""


class _TooLarge(Exception):
    pass


class WsgiPool:
    """An ASGI application that runs a WSGI application in a bounded pool of threads."""

    def __init__(
        self,
        wsgi: Any,
        *,
        asking: int = ASKING,
        acting: int = ACTING,
        outside: int = OUTSIDE,
        streaming: int = STREAMING,
        max_body_bytes: int = MAX_BODY_BYTES,
        take_seconds: float = TAKE_SECONDS,
        asks_outside: Callable[[str], object] = lambda path: False,
        keeps_beginnings: Callable[[str], object] = lambda path: False,
    ) -> None:
        """`asks_outside` says of a path whether an act there waits for another server; `keeps_beginnings`, whether a
        PATCH there is of use without its end, when its client was lost in the middle."""
        self._wsgi = wsgi
        self._keeps_beginnings = keeps_beginnings
        self._asks_outside = asks_outside
        self._take_seconds = take_seconds
        self._max_body_bytes = max_body_bytes
        self._asking = ThreadPoolExecutor(asking, thread_name_prefix="http-ask")
        self._acting = ThreadPoolExecutor(acting, thread_name_prefix="http-act")
        self._outside = ThreadPoolExecutor(outside, thread_name_prefix="http-outside")
        self._streaming = ThreadPoolExecutor(streaming, thread_name_prefix="http-stream")

    def stop(self) -> None:
        for pool in (self._asking, self._acting, self._outside, self._streaming):
            pool.shutdown(wait=True, cancel_futures=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body, size = await self._body(scope, receive)
        except _Gone:
            return
        except _TooLarge:
            await _refuse(send)
            return
        loop = asyncio.get_running_loop()
        environ = _environ(scope, body, size)
        try:
            status, headers, content = await loop.run_in_executor(self._pool(scope), self._run, environ)
            if not isinstance(content, bytes):
                streamer = _Streamer(loop, send, self._take_seconds)
                await loop.run_in_executor(self._streaming, streamer.run, status, headers, content)
            else:
                if status not in (204, 304) and not any(name == b"content-length" for name, _ in headers):
                    headers.append((b"content-length", b"%d" % len(content)))
                await send({"type": "http.response.start", "status": status, "headers": headers})
                await send({"type": "http.response.body", "body": content})
        except OSError:  # the client has gone while we answered
            return
        finally:
            body.close()

    def _pool(self, scope: Scope) -> ThreadPoolExecutor:
        if scope["method"] in SAFE_METHODS:
            return self._asking
        return self._outside if self._asks_outside(scope["path"]) else self._acting

    async def _body(self, scope: Scope, receive: Receive) -> tuple[IO[bytes], int]:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        first: bytes = message.get("body", b"")
        size = len(first)
        if not message.get("more_body"):
            if size > self._max_body_bytes:
                raise _TooLarge
            return BytesIO(first), size
        if _content_length(scope) > self._max_body_bytes:
            raise _TooLarge
        spool: IO[bytes] = SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115 closed by the caller
        spool.write(first)
        while message.get("more_body"):
            message = await receive()
            if message["type"] == "http.disconnect":
                if size and scope["method"] == "PATCH" and self._keeps_beginnings(scope["path"]):
                    break
                spool.close()
                raise _Gone
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > self._max_body_bytes:
                spool.close()
                raise _TooLarge
            spool.write(chunk)
        spool.seek(0)
        return spool, size

    def _run(self, environ: dict[str, Any]) -> tuple[int, Headers, bytes | Any]:
        """In a thread: Django's answer, whole, or as the response that is to be streamed."""
        head: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
            head[:] = [
                int(status[:3]),
                [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            ]

        response = self._wsgi(environ, start_response)
        if getattr(response, "streaming", False):
            return head[0], head[1], response
        with _closing(response):
            return head[0], head[1], b"".join(response)


class _Streamer:
    """Passes chunks from a thread to the client, each only when the one before was taken."""

    def __init__(self, loop: asyncio.AbstractEventLoop, send: Send, take_seconds: float) -> None:
        self._loop, self._send, self._take_seconds = loop, send, take_seconds

    def run(self, status: int, headers: Headers, response: Any) -> None:
        with _closing(response), contextlib.suppress(OSError, RuntimeError):
            self._tell({"type": "http.response.start", "status": status, "headers": headers})
            for chunk in response:
                self._tell({"type": "http.response.body", "body": chunk, "more_body": True})
            self._tell({"type": "http.response.body", "body": b""})

    def _tell(self, message: dict[str, Any]) -> None:
        taken = asyncio.run_coroutine_threadsafe(self._send(message), self._loop)
        try:
            taken.result(self._take_seconds)
        except TimeoutError:
            taken.cancel()
            raise


@contextlib.contextmanager
def _closing(response: Any) -> Iterator[None]:
    """PEP 3333: `close` is called when there is one, whatever happened."""
    try:
        yield
    finally:
        close = getattr(response, "close", None)
        if close is not None:
            close()


def _content_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def _environ(scope: Scope, body: IO[bytes], size: int) -> dict[str, Any]:
    """PEP 3333's dictionary out of ASGI's. Repeated headers are joined (RFC 9110 §5.3)."""
    server = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "REMOTE_ADDR": scope["client"][0] if scope.get("client") else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        if b"_" in raw_name:  # `X_Y` would be taken for `X-Y`
            continue
        name, value = raw_name.decode("latin-1").upper().replace("-", "_"), raw_value.decode("latin-1")
        if name not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            name = f"HTTP_{name}"
        environ[name] = (
            f"{environ[name]}{';' if name == 'HTTP_COOKIE' else ','}{value}" if name in environ else value
        )
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ["CONTENT_LENGTH"] = str(size)
    return environ


async def _refuse(send: Send) -> None:
    content = orjson.dumps(
        {
            "type": "/api/v1/problems/too_large/",
            "title": "Content Too Large",
            "status": 413,
            "detail": "The request is too large.",
            "code": "too_large",
            "request_id": "",
        }
    )
    headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": content})
