"""The header by which a proxy tells whose connection it passes on: PROXY protocol, versions 1 and 2 (HAProxy, 2020).

It is believed only of peers that the operator named, and demanded of them: whoever could leave it out could be anybody.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"
MAX_LINE_BYTES = 107  # §2.1
MAX_BINARY_BYTES = 4096
"""Of addresses and further fields (§2.2), of which only the addresses are read."""
_BINARY_HEAD = struct.Struct("!12sBBH")
_LOCAL, _PROXY = 0x20, 0x21
_TCP4, _TCP6, _UNIX, _UNKNOWN = 0x11, 0x21, 0x31, 0x00


class BadProxyHeader(ValueError):
    """These bytes are no header of the PROXY protocol, or not one for TCP."""


@dataclass(frozen=True, slots=True)
class Proxied:
    """`ip` is empty where the proxy speaks for itself. `length` bytes were the header."""

    ip: str
    port: int
    length: int


def read_proxy_header(data: bytes) -> Proxied | None:
    """What the first bytes of a connection say, or None while the header is not all there. Raises BadProxyHeader."""
    if data[: len(SIGNATURE)] == SIGNATURE[: len(data)]:
        return _binary(data)
    if data[:6] == b"PROXY "[: len(data)]:
        return _line(data)
    raise BadProxyHeader("no PROXY header")


def _line(data: bytes) -> Proxied | None:
    end = data.find(b"\r\n", 0, MAX_LINE_BYTES)
    if end < 0:
        if len(data) >= MAX_LINE_BYTES:
            raise BadProxyHeader("no end of the line")
        return None
    words = data[:end].split(b" ")
    if words[1:2] == [b"UNKNOWN"]:
        return Proxied("", 0, end + 2)
    if len(words) != 6 or words[1] not in (b"TCP4", b"TCP6"):
        raise BadProxyHeader("not for TCP")
    address = IPv4Address if words[1] == b"TCP4" else IPv6Address
    try:
        ip = address(words[2].decode("ascii"))
        address(words[3].decode("ascii"))
        ports = [int(word) for word in words[4:] if word.isdigit() and len(word) <= 5]
    except ValueError as error:
        raise BadProxyHeader("not an address") from error
    if len(ports) != 2 or max(ports) > 65535:
        raise BadProxyHeader("not a port")
    return Proxied(str(ip), ports[0], end + 2)


def _binary(data: bytes) -> Proxied | None:
    if len(data) < _BINARY_HEAD.size:
        return None
    _, command, family, count = _BINARY_HEAD.unpack_from(data)
    if command not in (_LOCAL, _PROXY) or count > MAX_BINARY_BYTES:
        raise BadProxyHeader("unknown command")
    length = _BINARY_HEAD.size + count
    if len(data) < length:
        return None
    if command == _LOCAL or family in (_UNKNOWN, _UNIX):
        return Proxied("", 0, length)
    size = {_TCP4: 4, _TCP6: 16}.get(family)
    if size is None or count < 2 * size + 4:
        raise BadProxyHeader("not for TCP")
    at = _BINARY_HEAD.size
    ip = ip_address(data[at : at + size])
    (port,) = struct.unpack_from("!H", data, at + 2 * size)
    return Proxied(str(ip), port, length)
