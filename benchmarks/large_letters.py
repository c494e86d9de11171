"""Memory of a server while several clients each bring it a large e-mail at the same time."""

from __future__ import annotations

import os
import smtplib
import threading
import time
from base64 import encodebytes
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.systems import PEOPLE, NotTrue, System

CONNECTIONS = 20
BLOCK = encodebytes(os.urandom(740_000)).replace(b"\n", b"\r\n")
LOOK_SECONDS = 0.1
SECONDS = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """Beyond what the server had before. `private_bytes` is without pages of files, which the system may take back."""

    rss_bytes: int
    private_bytes: int
    seconds: float
    refused: int


def bring(system: System, size_bytes: int, *, connections: int = CONNECTIONS) -> Peak:
    """All connections are open, and send, before the first has ended."""
    before, before_private = system.weight().rss_bytes, private_bytes(system)
    most = most_private = 0
    together = threading.Barrier(connections)
    begun = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        runs = [pool.submit(_send, system, size_bytes, number, together) for number in range(connections)]
        while not all(run.done() for run in runs):
            most = max(most, system.weight().rss_bytes)
            most_private = max(most_private, private_bytes(system))
            time.sleep(LOOK_SECONDS)
            if time.perf_counter() - begun > SECONDS:
                raise NotTrue(f"{system.name} takes longer than {SECONDS} s")
    return Peak(
        rss_bytes=most - before,
        private_bytes=most_private - before_private,
        seconds=time.perf_counter() - begun,
        refused=sum(not run.result() for run in runs),
    )


def private_bytes(system: System) -> int:
    """Memory that belongs to no file."""
    total = 0
    for process in system.processes:
        for member in process.family():
            try:
                with open(f"/proc/{member.pid}/status") as status:  # noqa: PTH123 a file of the kernel's
                    total += next(
                        int(line.split()[1]) * 1024 for line in status if line.startswith("RssAnon")
                    )
            except (OSError, StopIteration):
                continue
    return total


def _send(system: System, size_bytes: int, number: int, together: threading.Barrier) -> bool:
    with smtplib.SMTP("127.0.0.1", system.smtp_port, timeout=SECONDS) as client:
        client.ehlo("load.test")
        client.mail("load@outside.test")
        client.rcpt(PEOPLE[number % len(PEOPLE)])
        client.putcmd("data")
        code, text = client.getreply()
        if code != 354:
            raise NotTrue(f"{system.name}: {code} {text!r}")
        together.wait(60)
        sock = client.sock
        assert sock is not None
        for piece in _letter(size_bytes, number):
            sock.sendall(piece)
        return client.getreply()[0] == 250


def _letter(size_bytes: int, number: int) -> Iterator[bytes]:
    yield f"From: load@outside.test\r\nSubject: Large {number}\r\nMIME-Version: 1.0\r\n".encode()
    yield b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    for _ in range(size_bytes // len(BLOCK)):
        yield BLOCK
    yield b".\r\n"
