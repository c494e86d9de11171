"""A small blocking HTTP/1.1 client on one connection: fast enough that what is measured is the server."""

from __future__ import annotations

import re
import socket
import time
from types import TracebackType
from typing import Any, Self

import orjson

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)


class Http:
    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._port = port
        self._authorization = b""

    def log_in(self, email: str, password: str) -> None:
        """Send the bearer token with every later request."""
        token = self.post("/api/v1/auth/token/", {"email": email, "password": password})["access"]
        self.authorize(f"Bearer {token}")

    def authorize(self, value: str) -> None:
        self._authorization = f"Authorization: {value}\r\n".encode()

    def times(self, request: bytes, tries: int) -> list[float]:
        """Milliseconds of each exchange, in order of size."""
        times = []
        for _ in range(tries):
            started = time.perf_counter()
            self.exchange(request)
            times.append((time.perf_counter() - started) * 1000)
        return sorted(times)

    def exchange(self, request: bytes) -> bytes:
        """Send prepared bytes; returns the body behind a 2xx, raises RuntimeError with any other."""
        self._socket.sendall(request)
        data = self._socket.recv(1 << 18)
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        length = _LENGTH.search(data, 0, end)
        if length is None:
            while not data.endswith(b"\r\n0\r\n\r\n"):
                data += self._more()
            body = _joined(data[end + 4 :])
        else:
            size = end + 4 + int(length[1])
            while len(data) < size:
                data += self._more()
            body = data[end + 4 :]
        if data[9:10] != b"2":
            raise RuntimeError(f"{request[:80]!r} was answered {data[:600]!r}")
        return body

    def _more(self) -> bytes:
        data = self._socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data

    def prepared(self, path: str, *, method: str = "GET", body: bytes = b"") -> bytes:
        length = b"Content-Type: application/json\r\nContent-Length: %d\r\n" % len(body) if body else b""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nAccept: application/json\r\n"
        return head.encode() + self._authorization + length + b"\r\n" + body

    def get(self, path: str) -> Any:
        return orjson.loads(self.exchange(self.prepared(path)))

    def post(self, path: str, content: object) -> Any:
        return orjson.loads(self.exchange(self.prepared(path, method="POST", body=orjson.dumps(content))))

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _joined(chunked: bytes) -> bytes:
    """The content of a chunked body (RFC 9112 §7.1)."""
    pieces: list[bytes] = []
    at = 0
    while True:
        line_end = chunked.index(b"\r\n", at)
        size = int(chunked[at:line_end], 16)
        if size == 0:
            return b"".join(pieces)
        pieces.append(chunked[line_end + 2 : line_end + 2 + size])
        at = line_end + 2 + size + 2
