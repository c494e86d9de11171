"""Answers of the DNS of which not every record can be read, for those who must tell that from no answer.

dnspython gives up a whole answer for one record that it cannot read, such as a TLSA record whose hash has the wrong
length. RFC 7672 §2.1.1 has such a record be of no use, and the others count.
"""

from __future__ import annotations

import asyncio
import socket

import dns.asyncbackend
import dns.flags
import dns.message
import dns.query
import dns.rcode

MAX_UDP_BYTES = 65_535
_LENGTH_BYTES = 2


async def ask(
    query: dns.message.QueryMessage, server: tuple[str, int], *, seconds: float
) -> dns.message.Message:
    """The answer; what could not be read of it is in its `errors`. Over TCP where it is too long for a packet.

    Raises OSError, EOFError, ValueError, and what dnspython does.
    """
    async with asyncio.timeout(seconds):
        answer = await _by_packet(query, server, seconds)
        if answer.flags & dns.flags.TC:
            answer = await _by_stream(query, server)
    if answer.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        raise ValueError(f"answered {dns.rcode.to_text(answer.rcode())}")
    return answer


async def _by_packet(
    query: dns.message.QueryMessage, server: tuple[str, int], seconds: float
) -> dns.message.Message:
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    backend = dns.asyncbackend.get_default_backend()
    made = backend.make_socket(family, socket.SOCK_DGRAM, 0, None, server)  # type: ignore[no-untyped-call]
    async with await made as sock:
        await sock.sendto(query.to_wire(), server, seconds)
        while True:
            data, _ = await sock.recvfrom(MAX_UDP_BYTES, seconds)
            answer = _read(data)
            if query.is_response(answer):
                return answer


async def _by_stream(query: dns.message.QueryMessage, server: tuple[str, int]) -> dns.message.Message:
    reader, writer = await asyncio.open_connection(*server)
    try:
        wire = query.to_wire()
        writer.write(len(wire).to_bytes(_LENGTH_BYTES, "big") + wire)
        length = int.from_bytes(await reader.readexactly(_LENGTH_BYTES), "big")
        answer = _read(await reader.readexactly(length))
    finally:
        writer.close()
    if not query.is_response(answer):
        raise ValueError("the answer to another question")
    return answer


def _read(wire: bytes) -> dns.message.Message:
    return dns.message.from_wire(wire, continue_on_error=True)
