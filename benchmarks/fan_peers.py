"""What fans out beside us: Django Channels, Node's `ws`, and our feeds without the store, each on one core.

    python -m benchmarks.fan_peers channels|feeds PORT

Each takes a text from any client and sends it to all that are connected. Channels (its in-memory layer, under uvicorn)
and `ws` are fetched into a folder of their own; where they cannot be fetched they are left out with a word.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.process import PeerUnavailable, Process, free_port, own_folder, program

CHANNELS, WS = "channels==4.3.2", "ws@8"
FETCH_SECONDS = 180
SERVER_CORE, CLIENT_CORE = 0, 1
ROOT = Path(__file__).parent.parent

NODE = """
const { WebSocketServer, WebSocket } = require("ws");
const server = new WebSocketServer({ port: Number(process.argv[2]), host: "127.0.0.1", perMessageDeflate: false });
server.on("connection", (socket) => {
  socket.on("message", (data) => {
    const text = data.toString();
    for (const client of server.clients) if (client.readyState === WebSocket.OPEN) client.send(text);
  });
});
"""


def on_core(number: int) -> list[str]:
    """What a command begins with to keep to one core; nothing where that cannot be said."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        return []
    return [program("taskset"), "-c", str(cores[number % len(cores)])]


def keep_to_core(pid: int) -> None:
    """Let a server that runs already, and all its threads, have the core of servers."""
    if command := on_core(SERVER_CORE):
        core = command[-1]
        subprocess.run([command[0], "-a", "-cp", core, str(pid)], check=True, capture_output=True)


def _fetched(folder: Path, command: list[str]) -> None:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=FETCH_SECONDS, check=False
    )
    if done.returncode != 0:
        raise PeerUnavailable(f"{command[-1]} cannot be fetched: {done.stderr.strip()[-200:]}")


@contextmanager
def channels() -> Iterator[int]:
    """Gives the port."""
    with own_folder("channels") as folder:
        wanted = ["install", "--quiet", "--no-deps", "--target", str(folder), CHANNELS]
        _fetched(folder, [sys.executable, "-m", "pip", *wanted])
        with _served("channels", folder, {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}) as port:
            yield port


@contextmanager
def feeds() -> Iterator[int]:
    with own_folder("feeds") as folder:
        env = {"PYTHONPATH": str(ROOT), "POSTHOUSE_DATA": str(folder / "data")}
        with _served("feeds", folder, env) as port:
            yield port


@contextmanager
def node() -> Iterator[int]:
    with own_folder("ws") as folder:
        _fetched(folder, [program("npm"), "install", "--no-audit", "--no-fund", "--silent", WS])
        script, port = folder / "server.js", free_port()
        script.write_text(NODE)
        command = [*on_core(SERVER_CORE), program("node"), str(script), str(port)]
        with _running(command, folder, {}, port):
            yield port


@contextmanager
def _served(name: str, folder: Path, env: dict[str, str]) -> Iterator[int]:
    port = free_port()
    command = [*on_core(SERVER_CORE), sys.executable, "-m", "benchmarks.fan_peers", name, str(port)]
    with _running(command, folder, env, port):
        yield port


@contextmanager
def _running(command: list[str], folder: Path, env: dict[str, str], port: int) -> Iterator[None]:
    process = Process(command, log=folder / "log", env={**os.environ, **env})
    try:
        process.wait_for_port(port)
        yield
    finally:
        process.stop()


def _serve_channels(port: int) -> None:
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="only-for-measuring-0123456789abcdef",
        ALLOWED_HOSTS=["*"],
        INSTALLED_APPS=["channels"],
        CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
    )
    django.setup()
    import uvicorn
    from channels.generic.websocket import AsyncWebsocketConsumer  # type: ignore[import-not-found]

    class Everybody(AsyncWebsocketConsumer):  # type: ignore[misc]
        groups = ["everybody"]

        async def receive(self, text_data: str = "", bytes_data: bytes | None = None) -> None:
            await self.channel_layer.group_send("everybody", {"type": "said", "text": text_data})

        async def said(self, message: dict[str, str]) -> None:
            await self.send(text_data=message["text"])

    uvicorn.run(
        Everybody.as_asgi(),
        port=port,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        lifespan="off",
        log_level="warning",
    )


def _serve_feeds(port: int) -> None:
    from posthouse.config import start

    start.set_up_django()
    import asyncio

    import uvicorn

    from posthouse.base.hub import Hint, hub
    from posthouse.config.socket_protocol import SocketProtocol
    from posthouse.realtime.feeds import Delta, Follow, feeds
    from posthouse.realtime.line import SocketLine

    class Source:
        topic, label = "measured", {}

        def __init__(self) -> None:
            self.said = [b""]

        def read(self, since: int) -> Delta:
            return Delta(payload=self.said[since + 1], upto=since + 1)

        def state(self) -> int:
            return len(self.said) - 1

        def listeners(self, user_ids: object) -> object:
            return user_ids

    source = Source()

    async def app(scope: object, receive: object, send: object) -> None:
        line = SocketLine(scope, receive, send)  # type: ignore[arg-type]  # as the stream does
        await line.receive()
        await send({"type": "websocket.accept"})  # type: ignore[operator]
        feed = feeds.feed(source)  # type: ignore[arg-type]
        follow = Follow(
            user_id=1,
            push=line.push,
            lagged=lambda _: None,
            ended=lambda _: None,
            feed=feed,
            told=source.state(),
        )
        feed.add(follow)
        feed.reach(source.state())
        feed.settle(follow)
        while (message := await line.receive())["type"] != "websocket.disconnect":
            source.said.append(message["text"].encode())
            hub.publish([Hint(Source.topic, source.state())])
        feed.end(follow)

    async def serve() -> None:
        hub.bind(asyncio.get_running_loop())
        config = uvicorn.Config(
            app,  # type: ignore[arg-type]  # as ASGI has it
            port=port,
            ws=SocketProtocol,
            lifespan="off",
            log_level="warning",
        )
        await uvicorn.Server(config).serve()

    start.run_loop(serve())


if __name__ == "__main__":
    {"channels": _serve_channels, "feeds": _serve_feeds}[sys.argv[1]](int(sys.argv[2]))
