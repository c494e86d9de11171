"""Pages of the outside that messages lead to: real servers on loopback, one that may be asked and one that may not."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.base.fake_dns import FakeDns

ALLOWED, INSIDE = "127.0.0.2", "127.0.0.1"
HTML = "text/html; charset=utf-8"
Serve = Callable[[BaseHTTPRequestHandler], None]


def page(title: str, **more: str) -> str:
    metas = "".join(f'<meta property="og:{name}" content="{value}">' for name, value in more.items())
    return f"<!doctype html><html><head><title>{title}</title>{metas}</head><body>x</body></html>"


@dataclass
class Pages:
    """`given` has what is at each path: text is HTML, bytes are a PNG, a function does what it likes."""

    port: int
    dns: FakeDns
    given: dict[str, str | bytes | Serve] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    reached_inside: list[str] = field(default_factory=list)

    def url(self, path: str, host: str = "pages.test") -> str:
        return f"http://{host}:{self.port}{path}"

    def times(self, path: str) -> int:
        return [one for one, _ in self.asked].count(path)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked.append((handler.path, {k.lower(): v for k, v in handler.headers.items()}))
        given = self.given.get(handler.path)
        if callable(given):
            with suppress(OSError):
                given(handler)
        elif given is None:
            send(handler, b"", status=404)
        elif isinstance(given, bytes):
            send(handler, given, kind="image/png")
        else:
            send(handler, given.encode())


def send(
    handler: BaseHTTPRequestHandler, body: bytes, *, kind: str = HTML, status: int = 200, **headers: str
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def to(location: str) -> Serve:
    return lambda handler: send(handler, b"", status=302, Location=location)


def _server(address: str, port: int, answer: Serve) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((address, port), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server


def _free_on_both() -> int:
    """A port that is free at both addresses."""
    for _ in range(20):
        with socket.create_server((ALLOWED, 0)) as first:
            port = int(first.getsockname()[1])
            with suppress(OSError), socket.create_server((INSIDE, port)):
                return port
    raise AssertionError("no port is free at both addresses")


@contextmanager
def open_pages() -> Iterator[Pages]:
    """The house may ask what is at ALLOWED and nothing else, and hears of names from the test."""
    from posthouse.base import net

    dns = FakeDns()
    dns.start()
    dns.zone["pages.test", "A"] = [ALLOWED]
    dns.zone["inside.test", "A"] = [INSIDE]
    pages = Pages(_free_on_both(), dns)

    def inside(handler: BaseHTTPRequestHandler) -> None:
        pages.reached_inside.append(handler.path)
        send(handler, page("Secrets of the house").encode())

    servers = [_server(ALLOWED, pages.port, pages.answer), _server(INSIDE, pages.port, inside)]
    before = net.policy()
    net.configure(
        net.NetPolicy(
            dns_server=dns.address,
            dns_timeout=1,
            connect_timeout=2,
            allow_nets=net.parse_nets(f"{ALLOWED}/32"),
        )
    )
    try:
        yield pages
    finally:
        net.configure(before)
        for server in servers:
            server.shutdown()
            server.server_close()
        dns.stop()


def settled(seconds: float = 20) -> None:
    """Waits until no message waits to be looked at."""
    from posthouse.base import sql
    from posthouse.conversations import previews

    ends = time.monotonic() + seconds
    while sql.row("SELECT 1 FROM base_job WHERE kind = %s", [previews.JOB]) is not None:
        assert time.monotonic() < ends, "the links are still looked at"
        time.sleep(0.02)


def previews_of(client: Any, message: dict[str, Any]) -> list[dict[str, Any]]:
    settled()
    found: list[dict[str, Any]] = client.ok(client.get(f"/messages/{message['id']}/"))["previews"]
    return found
