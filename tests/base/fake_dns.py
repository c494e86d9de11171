"""A DNS server on loopback that answers what a test says: the fake behind `NetPolicy.dns_server`."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

Records = list[str] | Callable[[int], list[str]]
"""Values of one name and kind; a function gets the number of earlier questions, for answers that change."""

SERVFAIL = "SERVFAIL"
SILENCE = "SILENCE"


class FakeDns:
    """`zone["a.test", "MX"] = ["10 mx.a.test."]`; names without any record do not exist. What is in or under a domain
    of `secure` is answered as proved by DNSSEC, if all aliases on the way are. `\\# 2 0301` are bytes as they are
    (RFC 3597)."""

    def __init__(self, *, ttl: int = 0) -> None:
        """`ttl`: how many seconds an answer may be kept; what stands behind a CNAME, 60."""
        self.ttl = ttl
        self.zone: dict[tuple[str, str], Records] = {}
        self.broken: dict[str, str] = {}
        self.secure: set[str] = set()
        self.asked: Counter[tuple[str, str]] = Counter()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def address(self) -> tuple[str, int]:
        host, port = self._socket.getsockname()
        return host, port

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"", self.address)
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            packet, peer = self._socket.recvfrom(4096)
            if not packet:
                return
            answer = self._answer(dns.message.from_wire(packet))
            if answer is not None:
                self._socket.sendto(answer.to_wire(), peer)

    def _answer(self, question: dns.message.Message) -> dns.message.Message | None:
        asked = question.question[0]
        name = asked.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(asked.rdtype)
        before = self.asked[name, kind]
        self.asked[name, kind] += 1
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.RA
        is_secure = self._is_secure(name)
        if (fault := self.broken.get(name)) is not None:
            answer.set_rcode(dns.rcode.SERVFAIL)
            return None if fault == SILENCE else answer
        for step in range(8):
            known = {kind_ for name_, kind_ in self.zone if name_ == name}
            if not known:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            use = kind if kind in known else "CNAME" if "CNAME" in known else None
            if use is None:
                break
            records = self.zone[name, use]
            values = records if isinstance(records, list) else records(before)
            if values:
                answer.answer.append(_records(name, self.ttl if step == 0 else 60, use, values))
            if use != "CNAME" or kind == "CNAME":
                break
            name = values[0].rstrip(".").lower()
            is_secure = is_secure and self._is_secure(name)
        if is_secure:
            answer.flags |= dns.flags.AD
        return answer

    def _is_secure(self, name: str) -> bool:
        return any(f".{name}".endswith(f".{domain}") for domain in self.secure)


def _records(name: str, ttl: int, kind: str, values: list[str]) -> dns.rrset.RRset:
    number = dns.rdatatype.from_text(kind)
    found = dns.rrset.RRset(dns.name.from_text(name), dns.rdataclass.IN, number)
    for value in values:
        if value.startswith("\\#"):
            data = bytes.fromhex("".join(value.split()[2:]))
            found.add(dns.rdata.GenericRdata(dns.rdataclass.IN, number, data), ttl)
        else:
            found.add(dns.rdata.from_text(dns.rdataclass.IN, number, value), ttl)
    return found


@contextmanager
def fake_dns(*, ttl: int = 0) -> Iterator[FakeDns]:
    server = FakeDns(ttl=ttl)
    server.start()
    try:
        yield server
    finally:
        server.stop()
