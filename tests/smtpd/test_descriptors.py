"""A door that has no descriptors left takes mail again as soon as there are some, and burns no processor meanwhile."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import subprocess
import sys
import time

import psutil
import pytest

from tests.smtpd.few_descriptors import DESCRIPTORS


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_door_without_descriptors_recovers(loop: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.smtpd.few_descriptors", loop],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        port = int(process.stdout.readline())
        with contextlib.ExitStack() as crowd:
            connections = [
                crowd.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
                for _ in range(2 * DESCRIPTORS)
            ]
            assert connections[0].recv(3) == b"220"
            connections[-1].settimeout(1.0)
            with contextlib.suppress(TimeoutError, ConnectionError):
                assert connections[-1].recv(3) == b"", "there were descriptors for all of them"
            before = sum(psutil.Process(process.pid).cpu_times()[:2])
            time.sleep(1.0)
            # asyncio tries as often as its backlog is long, once a second; what spins takes all of it.
            assert sum(psutil.Process(process.pid).cpu_times()[:2]) - before < 0.8
        ends = time.monotonic() + 15
        while True:
            try:
                with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
                    assert client.ehlo("client.test")[0] == 250
                    break
            except (OSError, smtplib.SMTPException):
                assert time.monotonic() < ends, "it does not recover"
                time.sleep(0.1)
    finally:
        process.stdin.close()
        process.wait(20)
