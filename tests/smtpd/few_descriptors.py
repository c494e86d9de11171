"""A door in a process that may hold few descriptors: prints its port, and lives until its input ends."""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
from pathlib import Path

import uvloop

from tests.smtpd.door import make_certificate, open_door

DESCRIPTORS = 40


async def live() -> None:
    with tempfile.TemporaryDirectory() as folder:
        certificate = make_certificate(Path(folder))
        async with open_door(certificate) as door:
            resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
            print(door.port, flush=True)
            await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    factory = uvloop.new_event_loop if sys.argv[1] == "uvloop" else asyncio.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(live())
