"""A PostgreSQL cluster of its own, with one empty database; fsync is on unless told otherwise."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers.process import PeerUnavailable, Process, free_port, own_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgresql:
    process: Process
    port: int
    user: str
    database: str
    url: str

    def create(self, database: str) -> None:
        """Another empty database beside the first."""
        create = ["createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", self.user, database]
        subprocess.run([str(_binaries() / create[0]), *create[1:]], check=True, capture_output=True)


@contextmanager
def postgresql(
    folder: Path | None = None, *, database: str = "posthouse", is_durable: bool = True
) -> Iterator[Postgresql]:
    """Start PostgreSQL; root hands it to the user postgres, since it refuses to run as root."""
    binaries = _binaries()
    as_postgres = _as_postgres()
    with ExitStack() as stack:
        home = folder or stack.enter_context(own_folder("postgresql"))
        if as_postgres:
            os.chown(home, pwd.getpwnam("postgres").pw_uid, -1)
        port, data = free_port(), home / "cluster"
        initialise = [
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "posthouse",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        subprocess.run([*as_postgres, *map(str, initialise)], check=True, capture_output=True)
        command = [binaries / "postgres", "-D", data, "-p", port, "-h", "127.0.0.1", "-k", home]
        command += [] if is_durable else ["-c", "fsync=off"]
        process = Process([*as_postgres, *map(str, command)], log=home / "console.log")
        stack.callback(_stop, process)
        process.wait_for_text("ready to accept connections")
        url = f"postgresql://posthouse@127.0.0.1:{port}/{database}"
        peer = Postgresql(process=process, port=port, user="posthouse", database=database, url=url)
        peer.create(database)
        yield peer


def _stop(process: Process) -> None:
    """Fast shutdown (SIGINT), which does not wait for clients to leave, then the usual end."""
    if process.is_running:
        os.kill(process.pid, signal.SIGINT)
    process.stop()


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise PeerUnavailable("postgresql is not installed")
    return found[-1].parent


def _as_postgres() -> list[str]:
    """Prefix that changes the user and then executes in place, so that the child's id is the server's."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
