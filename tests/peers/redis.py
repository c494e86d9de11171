"""A Redis server with nothing on disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers.process import Process, free_port, own_folder, program


@dataclass(frozen=True, slots=True, kw_only=True)
class Redis:
    process: Process
    port: int
    url: str


@contextmanager
def redis(folder: Path | None = None) -> Iterator[Redis]:
    binary = program("redis-server")
    with ExitStack() as stack:
        home = folder or stack.enter_context(own_folder("redis"))
        port = free_port()
        command = [binary, "--bind", "127.0.0.1", "--port", str(port), "--dir", str(home)]
        process = Process([*command, "--save", "", "--appendonly", "no"], log=home / "console.log")
        stack.callback(process.stop)
        process.wait_for_port(port)
        yield Redis(process=process, port=port, url=f"redis://127.0.0.1:{port}/0")
