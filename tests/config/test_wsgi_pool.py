"""The bridge from ASGI to WSGI."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from posthouse.config.wsgi_pool import WsgiPool

Start = Callable[[str, list[tuple[str, str]]], None]
ENOUGH_SECONDS = 10


def _scope(**more: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "method": "POST",
        "path": "/a/é",
        "query_string": b"q=1",
        "http_version": "1.1",
        "headers": [(b"content-type", b"text/plain"), (b"x-a", b"1"), (b"x-a", b"2"), (b"x_evil", b"1")],
        "client": ("10.0.0.1", 5),
        "server": ("here", 80),
        "scheme": "https",
        **more,
    }


def _ask(pool: WsgiPool, bodies: list[bytes], *, leaves: bool = False, **scope: Any) -> list[dict[str, Any]]:
    """Give a request in chunks; the messages that were sent."""
    messages = [
        {"type": "http.request", "body": body, "more_body": leaves or index < len(bodies) - 1}
        for index, body in enumerate(bodies)
    ]
    sent: list[dict[str, Any]] = []

    async def run() -> None:
        queue = [*messages, {"type": "http.disconnect"}]

        async def receive() -> dict[str, Any]:
            return queue.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        await asyncio.wait_for(pool(_scope(**scope), receive, send), ENOUGH_SECONDS)

    asyncio.run(run())
    pool.stop()
    return sent


def test_the_request_arrives_whole() -> None:
    seen: dict[str, Any] = {}

    def app(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read())
        start("201 Created", [("X-B", "c")])
        return [b"o", b"k"]

    sent = _ask(WsgiPool(app), [b"he", b"llo"])
    assert (seen["body"], seen["CONTENT_LENGTH"], seen["CONTENT_TYPE"]) == (b"hello", "5", "text/plain")
    assert (seen["HTTP_X_A"], seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == ("1,2", "10.0.0.1", "https")
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/a/é" and seen["QUERY_STRING"] == "q=1"
    assert "HTTP_X_EVIL" not in seen
    assert sent[0] == {
        "type": "http.response.start",
        "status": 201,
        "headers": [(b"x-b", b"c"), (b"content-length", b"2")],
    }
    assert sent[1] == {"type": "http.response.body", "body": b"ok"}


def test_large_bodies_wait_in_a_file_and_too_large_ones_are_refused() -> None:
    def app(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        return [str(len(environ["wsgi.input"].read())).encode()]

    chunk = b"x" * 600_000
    assert _ask(WsgiPool(app), [chunk] * 4)[1]["body"] == b"2400000"
    assert _ask(WsgiPool(app, max_body_bytes=1_000_000), [chunk] * 4)[0]["status"] == 413
    said = _ask(WsgiPool(app, max_body_bytes=10), [b"1", b"2"], headers=[(b"content-length", b"11")])
    assert said[0]["status"] == 413


def test_a_client_that_leaves_early_reaches_nobody() -> None:
    def app(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        raise AssertionError("must not be called")

    assert _ask(WsgiPool(app), [b"half"], leaves=True) == []


def test_streams_go_out_chunk_by_chunk() -> None:
    class Stream:
        streaming = True
        closed = False

        def __iter__(self) -> Any:
            yield from (b"1", b"2")

        def close(self) -> None:
            Stream.closed = True

    def app(environ: dict[str, Any], start: Start) -> Any:
        start("200 OK", [])
        return Stream()

    sent = _ask(WsgiPool(app), [b""])
    assert [message.get("body") for message in sent] == [None, b"1", b"2", b""]
    assert Stream.closed


def test_what_breaks_reaches_the_server() -> None:
    def app(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        raise KeyError("x")

    try:
        _ask(WsgiPool(app), [b""])
    except KeyError:
        return
    raise AssertionError("the server must know")


def test_a_client_that_takes_nothing_gives_the_thread_back() -> None:
    ended: list[str] = []

    class Endless(list[bytes]):
        streaming = True

        def __iter__(self) -> Iterator[bytes]:
            while True:
                yield b"more"

        def close(self) -> None:
            ended.append("closed")

    def app(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        return Endless()

    pool = WsgiPool(app, streaming=1, take_seconds=0.1)

    async def run() -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.body":
                await asyncio.sleep(ENOUGH_SECONDS * 2)

        await asyncio.wait_for(pool(_scope(), receive, send), ENOUGH_SECONDS)

    asyncio.run(run())
    pool.stop()
    assert ended == ["closed"]


def test_a_crowd_of_one_kind_keeps_no_other_waiting() -> None:
    """A download nobody takes and acts that wait for a hash or another server: others are answered all the while."""
    held = threading.Event()

    class Download(list[bytes]):
        streaming = True

        def __iter__(self) -> Iterator[bytes]:
            yield b"some"
            held.wait(ENOUGH_SECONDS)
            yield b"more"

    def app(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        if environ["REQUEST_METHOD"] == "POST" and environ["PATH_INFO"] != "/quick":
            held.wait(ENOUGH_SECONDS)
        return Download() if environ["PATH_INFO"] == "/download" else [b"here"]

    pool = WsgiPool(
        app, asking=1, acting=1, outside=1, streaming=1, asks_outside=lambda path: path == "/outside"
    )

    async def ask(method: str, path: str) -> bytes:
        said = b""

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            nonlocal said
            said += message.get("body", b"")

        await pool(_scope(method=method, path=path), receive, send)
        return said

    async def run() -> list[bytes]:
        elsewhere = [asyncio.create_task(ask("POST", "/outside")) for _ in range(3)]
        acted = await asyncio.wait_for(ask("POST", "/quick"), ENOUGH_SECONDS / 2)
        assert acted == b"here" and not any(task.done() for task in elsewhere)
        waiting = [asyncio.create_task(ask(*one)) for one in (("POST", "/"), ("GET", "/download")) * 3]
        answered = await asyncio.wait_for(ask("GET", "/"), ENOUGH_SECONDS / 2)
        waiting += elsewhere
        assert not held.is_set() and not any(task.done() for task in waiting)
        held.set()
        return [answered, *await asyncio.wait_for(asyncio.gather(*waiting), ENOUGH_SECONDS)]

    assert asyncio.run(run()) == [b"here", *(b"here", b"somemore") * 3, *[b"here"] * 3]
    pool.stop()
