"""A small blocking IMAP client: fast enough that what is measured is the server."""

from __future__ import annotations

import re
import socket
from types import TracebackType
from typing import Self

_LITERAL_ID = re.compile(rb"^message-id:[ \t]*(<[^>]*>)", re.I | re.M)


class Imap:
    """One connection, logged in. `ask` returns everything up to the tagged OK and raises otherwise."""

    def __init__(self, port: int, user: str, password: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._tag = 0
        self._greeting()
        self.ask(b'LOGIN "%s" "%s"' % (user.encode(), password.encode()))

    def _greeting(self) -> None:
        data = b""
        while not data.endswith(b"\r\n"):
            data += self._receive()
        if not data.startswith(b"* OK"):
            raise RuntimeError(f"greeting {data!r}")

    def _receive(self) -> bytes:
        data = self._socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data

    def ask(self, command: bytes) -> bytes:
        self._tag += 1
        tag = b"zq%05d" % self._tag
        self._socket.sendall(tag + b" " + command + b"\r\n")
        chunks: list[bytes] = []
        end = b""
        while True:
            data = self._receive()
            chunks.append(data)
            end = (end + data)[-4096:]
            if end.endswith(b"\r\n"):
                last = end[end.rfind(b"\n", 0, -1) + 1 :]
                if last.startswith(tag):
                    break
        if not last.startswith(tag + b" OK"):
            raise RuntimeError(f"{command[:60]!r} was answered {last!r}")
        return b"".join(chunks)

    def idle(self) -> None:
        """Go into IDLE and stay there."""
        self._socket.sendall(b"zqidle IDLE\r\n")
        data = b""
        while b"+ " not in data and b"+\r\n" not in data:
            data += self._receive()

    def messages(self, mailbox: bytes = b"INBOX") -> tuple[int, int]:
        """(MESSAGES, UIDNEXT) of a mailbox that is not selected."""
        answer = self.ask(b"STATUS %s (MESSAGES UIDNEXT)" % mailbox)
        counts = re.search(rb"MESSAGES (\d+)", answer), re.search(rb"UIDNEXT (\d+)", answer)
        if counts[0] is None or counts[1] is None:
            raise RuntimeError(f"STATUS was answered {answer!r}")
        return int(counts[0][1]), int(counts[1][1])

    def select(self, mailbox: bytes = b"INBOX") -> int:
        """Open for reading and writing; returns how many e-mails there are."""
        found = re.search(rb"\* (\d+) EXISTS", self.ask(b"SELECT " + mailbox))
        return int(found[1]) if found else 0

    def message_ids(self, first_uid: int) -> list[tuple[int, bytes]]:
        """UID and Message-ID of every e-mail from that UID on, in order, of the selected mailbox."""
        answer = self.ask(b"UID FETCH %d:* (UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])" % first_uid)
        found = []
        for piece in re.split(rb"^\* \d+ FETCH ", answer, flags=re.M)[1:]:
            uid, id_ = re.search(rb"UID (\d+)", piece), _LITERAL_ID.search(piece)
            if uid and int(uid[1]) >= first_uid:
                found.append((int(uid[1]), id_[1] if id_ else b""))
        return found

    def whole(self, uid: int) -> bytes:
        """The bytes of one e-mail."""
        answer = self.ask(b"UID FETCH %d BODY.PEEK[]" % uid)
        found = re.search(rb"BODY\[\] \{(\d+)\}\r\n", answer)
        if found is None:
            raise RuntimeError(f"no body of {uid}: {answer[:200]!r}")
        return answer[found.end() : found.end() + int(found[1])]

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
