"""The PROXY protocol's header, of both versions, whole and byte by byte."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthouse.wire.proxy_header import SIGNATURE, BadProxyHeader, Proxied, read_proxy_header

V4 = bytes([192, 0, 2, 7, 198, 51, 100, 1]) + struct.pack("!HH", 4321, 25)
V6 = bytes.fromhex("20010db8" + "0" * 23 + "7" + "20010db8" + "0" * 23 + "1") + struct.pack("!HH", 4321, 25)


def binary(addresses: bytes, *, command: int = 0x21, family: int = 0x11, length: int | None = None) -> bytes:
    return (
        SIGNATURE
        + struct.pack("!BBH", command, family, len(addresses) if length is None else length)
        + addresses
    )


HEADERS = [
    (b"PROXY TCP4 192.0.2.7 198.51.100.1 4321 25\r\n", "192.0.2.7", 4321),
    (b"PROXY TCP6 2001:db8::7 2001:db8::1 4321 25\r\n", "2001:db8::7", 4321),
    (b"PROXY UNKNOWN\r\n", "", 0),
    (b"PROXY UNKNOWN 2001:db8::7 2001:db8::1 4321 25\r\n", "", 0),
    (binary(V4), "192.0.2.7", 4321),
    (binary(V6, family=0x21), "2001:db8::7", 4321),
    (binary(V4 + b"\x03\x00\x04abcd"), "192.0.2.7", 4321),
    (binary(b"", command=0x20, family=0), "", 0),
    (binary(V4, command=0x20), "", 0),
    (binary(b"x" * 216, family=0x31), "", 0),
]


@pytest.mark.parametrize(("header", "ip", "port"), HEADERS)
def test_headers_are_read_whole_and_byte_by_byte(header: bytes, ip: str, port: int) -> None:
    for count in range(len(header)):
        assert read_proxy_header(header[:count]) is None
    assert read_proxy_header(header) == Proxied(ip, port, len(header))
    assert read_proxy_header(header + b"EHLO x\r\n") == Proxied(ip, port, len(header))


@pytest.mark.parametrize(
    "header",
    [
        b"EHLO client.test\r\n",
        b"\x16\x03\x01",
        b"PROXY TCP4 192.0.2.7 198.51.100.1 4321\r\n",
        b"PROXY TCP4 192.0.2.7 198.51.100.1 4321 25 x\r\n",
        b"PROXY TCP4 2001:db8::7 2001:db8::1 4321 25\r\n",
        b"PROXY TCP4 192.0.2.7 198.51.100.1 99999 25\r\n",
        b"PROXY TCP4 192.0.2.7 198.51.100.1 -1 25\r\n",
        b"PROXY TCP4 192.0.2.7 198.51.100.1 \xff 25\r\n",
        b"PROXY UDP4 192.0.2.7 198.51.100.1 4321 25\r\n",
        b"PROXY TCP4 192.0.2.7 198.51.100.1 4321 25\n" + b"x" * 100,
        b"PROXY TCP4 " + b"x" * 107,
        binary(V4, command=0x11),
        binary(V4, command=0x22),
        binary(V4, family=0x12),
        binary(V4[:8]),
        binary(V4, family=0x21),
        binary(V4, length=5000),
    ],
)
def test_anything_else_is_refused(header: bytes) -> None:
    with pytest.raises(BadProxyHeader):
        read_proxy_header(header)


@given(st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(SIGNATURE.__add__)))
def test_no_bytes_break_it(data: bytes) -> None:
    try:
        found = read_proxy_header(data)
    except BadProxyHeader:
        return
    assert found is None or found.length <= len(data)
