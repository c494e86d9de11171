"""TLS for one connection as a pipe of bytes over `ssl.MemoryBIO`.

`loop.start_tls` was tried first. On uvloop the first bytes of a client may arrive before it has taken the
transport over, and on both loops a connection lost in the handshake looks like one that succeeded. Here which
byte belongs to clear text and which to TLS is decided by whoever calls `feed`, at once.
"""

from __future__ import annotations

import ssl

from posthouse.wire.channel_binding import END_POINT, UNIQUE
from posthouse.wire.smtp.envelope import Tls

READ_BYTES = 65536


class TlsPipe:
    """After any call, what `outgoing` gives is to be sent."""

    __slots__ = ("_from_peer", "_tls", "_to_peer", "is_ended", "is_open")

    def __init__(self, context: ssl.SSLContext) -> None:
        self._from_peer = ssl.MemoryBIO()
        self._to_peer = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._from_peer, self._to_peer, server_side=True)
        self.is_open = False
        self.is_ended = False

    def feed(self, data: bytes) -> bytes:
        """Take bytes off the wire, give the clear text in them. Raises ssl.SSLError when TLS is broken."""
        self._from_peer.write(data)
        pieces: list[bytes] = []
        try:
            if not self.is_open:
                self._tls.do_handshake()
                self.is_open = True
            while piece := self._tls.read(READ_BYTES):
                pieces.append(piece)
            self.is_ended = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self.is_ended = True
        return b"".join(pieces)

    def write(self, data: bytes) -> None:
        """Encrypt; only once the handshake is done."""
        with memoryview(data) as view:
            done = 0
            while done < len(view):
                done += self._tls.write(view[done:])

    def end(self) -> None:
        """Say close_notify, without waiting for the peer's."""
        if self.is_open:
            try:
                self._tls.unwrap()
            except ssl.SSLError:
                pass

    def outgoing(self) -> bytes:
        return self._to_peer.read()

    @property
    def facts(self) -> Tls:
        cipher = self._tls.cipher()
        return Tls(self._tls.version() or "", cipher[0] if cipher else "", self.bindings())

    def bindings(self) -> dict[str, bytes]:
        """What an open channel can be bound by (RFC 5929).

        With TLS 1.3 the usual one is tls-exporter (RFC 9266), which Python's ssl cannot give; tls-unique is undefined
        there.
        """
        found: dict[str, bytes] = {}
        end_point = getattr(self._tls.context, "end_point", None)
        if end_point is not None:
            found[END_POINT] = end_point
        if self._tls.version() == "TLSv1.2" and (unique := self._tls.get_channel_binding(UNIQUE)):
            found[UNIQUE] = unique
        return found
