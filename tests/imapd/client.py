"""A bare IMAP client: sends bytes as they are, reads answers whole, and waits at most a few seconds."""

from __future__ import annotations

import re
import socket
import ssl
import struct
from dataclasses import dataclass

SECONDS = 10.0
_LITERAL = re.compile(rb"\{(\d+)\}\r\n\Z")


@dataclass(frozen=True)
class Answer:
    """Untagged lines (with their literals, without the last line end) and the tagged one without its tag."""

    untagged: list[bytes]
    tagged: bytes

    @property
    def is_ok(self) -> bool:
        return self.tagged.startswith(b"OK")

    def lines(self, word: bytes) -> list[bytes]:
        return [line for line in self.untagged if word in line]


class Client:
    def __init__(self, port: int, *, tls: bool = False) -> None:
        self._socket: socket.socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        if tls:
            self.wrap()
        self._file = self._socket.makefile("rb")
        self._tag = 0
        self.greeting = self.line()

    def wrap(self) -> None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self._socket = context.wrap_socket(self._socket)
        self._file = self._socket.makefile("rb")

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def line(self) -> bytes:
        """One response with its literals, without the line end; empty when the server closed."""
        whole = b""
        while True:
            line = self._file.readline()
            whole += line
            found = _LITERAL.search(line)
            if found is None:
                return whole.removesuffix(b"\r\n")
            whole += self._file.read(int(found[1]))

    def start(self, line: bytes) -> bytes:
        """Send a command, give its tag."""
        self._tag += 1
        tag = b"t%d" % self._tag
        self.send(tag + b" " + line + b"\r\n")
        return tag

    def finish(self, tag: bytes) -> Answer:
        untagged = []
        while True:
            line = self.line()
            if not line or line.startswith(tag + b" "):
                return Answer(untagged, line.removeprefix(tag + b" "))
            untagged.append(line)

    def run(self, line: bytes) -> Answer:
        return self.finish(self.start(line))

    def ok(self, line: bytes) -> Answer:
        answer = self.run(line)
        assert answer.is_ok, (line, answer)
        return answer

    def append(self, raw: bytes, *, to: bytes = b"INBOX", flags: bytes = b"") -> Answer:
        extra = b" (" + flags + b")" if flags else b""
        return self.ok(b"APPEND " + to + extra + b" {%d+}\r\n" % len(raw) + raw)

    def log_in(self, email: str, password: str) -> None:
        self.ok(f'LOGIN {email} "{password}"'.encode())

    def idle(self) -> bytes:
        tag = self.start(b"IDLE")
        assert self.line().startswith(b"+ ")
        return tag

    def wait_closed(self) -> list[bytes]:
        """What came until the server closed."""
        lines = []
        while line := self.line():
            lines.append(line)
        return lines

    def fileno(self) -> int:
        """So that `select` takes a client."""
        return self._socket.fileno()

    def end_sending(self) -> None:
        self._socket.shutdown(socket.SHUT_WR)

    def abort(self) -> None:
        """Close so that the server knows at once that nobody listens any more."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        self._socket.close()
        self._file.close()
