"""Child processes by id: start, wait until they answer, end them and theirs, and weigh them."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

START_SECONDS = 30.0
STOP_SECONDS = 20.0
FIRST_PORT, PORTS = 10_240, 22_000
_places = itertools.count(os.getpid() * 997)


class PeerUnavailable(RuntimeError):
    """This peer cannot run here; the text says why."""


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that were free a moment ago, all different. Raises PeerUnavailable.

    They lie below what a system gives to connections that go out, so that none takes one before it is listened on;
    another process of the suite begins elsewhere.
    """
    found: list[int] = []
    for place in itertools.islice(_places, PORTS):
        if len(found) == count:
            return found
        port = FIRST_PORT + place % PORTS
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                sock.bind(("127.0.0.1", port))
                found.append(port)
    raise PeerUnavailable("no port is free")


def free_port() -> int:
    return free_ports(1)[0]


def program(name: str, *places: str) -> str:
    """The path of an installed program, looked for in PATH and the given folders."""
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", *places]))
    if found is None:
        raise PeerUnavailable(f"{name} is not installed")
    return found


@contextmanager
def own_folder(name: str) -> Iterator[Path]:
    """A short path (socket names are limited to 107 bytes) that the peer's other users may enter."""
    folder = Path(tempfile.mkdtemp(prefix=f"peer-{name}-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Process:
    """One server process in a session of its own, with its output in a file."""

    def __init__(self, command: Sequence[str], *, log: Path, env: Mapping[str, str] | None = None) -> None:
        self.log = log
        self.command = list(command)
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if env is None else dict(env),
                start_new_session=True,
            )
        self._family: list[psutil.Process] = []

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def is_running(self) -> bool:
        return self._popen.poll() is None

    def tail(self, characters: int = 2000) -> str:
        return self.log.read_text(errors="replace")[-characters:] if self.log.exists() else ""

    def wait_for_port(self, port: int, *, seconds: float = START_SECONDS) -> None:
        """Return when something accepts on the port; raise with the log if the process ends first."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.is_running:
                raise RuntimeError(f"{self.command[0]} ended with {self._popen.returncode}:\n{self.tail()}")
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                return
            time.sleep(0.02)
        raise TimeoutError(f"{self.command[0]} does not listen on {port} after {seconds} s:\n{self.tail()}")

    def wait_for_text(self, text: str, *, since: int = 0, seconds: float = START_SECONDS) -> None:
        """Return when the output has `text` after byte `since`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if text.encode() in self.log.read_bytes()[since:]:
                return
            if not self.is_running:
                raise RuntimeError(f"{self.command[0]} ended with {self._popen.returncode}:\n{self.tail()}")
            time.sleep(0.01)
        raise TimeoutError(f"{self.command[0]} did not say {text!r} in {seconds} s:\n{self.tail()}")

    def family(self) -> list[psutil.Process]:
        """The process and all that descend from it now."""
        try:
            parent = psutil.Process(self.pid)
            return [parent, *parent.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def stop(self, *, seconds: float = STOP_SECONDS) -> int | None:
        """SIGTERM, then SIGKILL to whoever of the family is left; returns the exit code."""
        family = self.family()
        if self.is_running:
            self._popen.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self._popen.wait(seconds)
        self._end(family)
        return self._popen.returncode

    def kill9(self) -> None:
        """SIGKILL to the process first, then to its descendants; returns when they are gone."""
        family = self.family()
        self._popen.kill()
        self._end(family)

    def _end(self, family: list[psutil.Process]) -> None:
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(STOP_SECONDS)
        psutil.wait_procs(family, timeout=STOP_SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """Memory of a set of processes.

    Forked servers share pages: `pss` counts a shared page once, `rss` in each process.
    """

    processes: int
    rss_bytes: int
    pss_bytes: int

    def __add__(self, other: Weight) -> Weight:
        return Weight(
            processes=self.processes + other.processes,
            rss_bytes=self.rss_bytes + other.rss_bytes,
            pss_bytes=self.pss_bytes + other.pss_bytes,
        )


def weigh(process: Process) -> Weight:
    count = rss = pss = 0
    for member in process.family():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            info = member.memory_full_info()
            count, rss, pss = count + 1, rss + info.rss, pss + info.pss
    return Weight(processes=count, rss_bytes=rss, pss_bytes=pss)
