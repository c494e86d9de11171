"""One message to a thousand sockets, beside Django Channels and Node's `ws`; stored first; a thousand that come back.

Server and clients have a core each. `feeds` is our fan-out alone, of what is not stored, as the peers do it: a client
says a text and all hear it. The house stores durably, answers the POST, and tells who follows.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import orjson
import psutil

from benchmarks import fan_peers
from benchmarks.fan_peers import CLIENT_CORE, ROOT, on_core
from benchmarks.http_client import Http
from benchmarks.report import Work, rounds
from benchmarks.systems import DOMAIN, PEOPLE, POSTHOUSE, NotTrue, System
from tests.peers.posthouse import posthouse
from tests.peers.process import PeerUnavailable, own_folder

CLIENTS = 1_000
TEXT_BYTES = 600
"""About what a message of a line is, as the house tells it."""
PERSONS = 2
"""Each with many sockets."""
BEHIND = 50
JOB_SECONDS = 300
FEEDS, CHANNELS, NODE = "posthouse, feeds alone", "Channels, in memory", "Node ws"


def run(work: str, **job: Any) -> Any:
    """Let the clients do it, in a process of their own. Raises NotTrue when what they heard is not what was said."""
    command = [*on_core(CLIENT_CORE), sys.executable, "-m", "benchmarks.fan_client"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        input=orjson.dumps({"work": work, **job}),
        capture_output=True,
        timeout=JOB_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise NotTrue(done.stderr.decode()[-2000:])
    return orjson.loads(done.stdout)


def measure(systems: Sequence[System], *, quick: bool) -> list[Work]:
    times = 2 if quick else 5
    return [*_fan_out(times, messages=10 if quick else 40), *_house(times, quick=quick)]


def _fan_out(times: int, *, messages: int) -> list[Work]:
    rate = Work(name=f"one text to {CLIENTS} sockets, nothing stored", unit="/s", better="more",
                goal="20 × Channels, 0.7 × ws")  # fmt: skip
    middle = Work(name="the same, to the middle one", unit="ms", better="less")
    last = Work(name="the same, to the last one", unit="ms", better="less")
    with ExitStack() as stack:
        ports: dict[str, int] = {}
        peers = {FEEDS: fan_peers.feeds, CHANNELS: fan_peers.channels, NODE: fan_peers.node}
        for name, peer in peers.items():
            try:
                ports[name] = stack.enter_context(peer())
            except PeerUnavailable as reason:
                print(f"{name} is left out: {reason}")

        def once(name: str, _number: int) -> None:
            count = max(5, messages // 8) if name == CHANNELS else messages
            found = run("fan_out", port=ports[name], clients=CLIENTS, messages=count, size=TEXT_BYTES)
            rate.add(name, found["per_second"])
            middle.add(name, found["p50_ms"])
            last.add(name, found["last_ms"])

        rounds(times, list(ports), once, title="fan-out")
    return [rate, middle, last]


def _house(times: int, *, quick: bool) -> list[Work]:
    answered = Work(
        name=f"POST of a message in a conversation with {CLIENTS} sockets, answered", unit="ms", better="less"
    )
    last = Work(name=f"POST to the last of {CLIENTS} receivers, stored durably first", unit="ms", better="less",
                goal="under 30 ms")  # fmt: skip
    middle = Work(name="the same, to the middle one", unit="ms", better="less")
    burst = Work(name="messages delivered, written by eight at once", unit="/s", better="more")
    back = Work(name=f"{CLIENTS} clients come back, each {BEHIND} messages behind", unit="s", better="less",
                goal="under 3 s")  # fmt: skip
    bare = Work(name="the same with access tokens in place of tickets", unit="s", better="less")
    spent = Work(name="the same, processor of the server (writing them included)", unit="s", better="less")
    with (
        own_folder("posthouse") as folder,
        posthouse(folder, domain=DOMAIN, people=PEOPLE[:PERSONS]) as server,
    ):
        assert server.process
        fan_peers.keep_to_core(server.process.pid)
        with Http(server.http_port) as http:
            tokens = [_token(http, person, server.password) for person in server.people]
            conversation = _open(http, tokens)
        given = {"port": server.http_port, "tokens": tokens, "conversation": conversation, "clients": CLIENTS}
        next_mark = 0

        def once(name: str, _number: int) -> None:
            nonlocal next_mark
            found = run("posts", **given, messages=20 if quick else 60, burst=50, first=next_mark)
            next_mark = found["first"]
            for work, key in (
                (answered, "post_ms"),
                (last, "last_ms"),
                (middle, "p50_ms"),
                (burst, "burst_per_second"),
            ):
                work.add(name, found[key])
            since = _seq(server.http_port, tokens[0], conversation)
            before = processor(server.process.pid)
            found = run("reconnect", **given, behind=BEHIND, since=since, first=next_mark)
            spent.add(name, processor(server.process.pid) - before)
            next_mark = found["first"]
            back.add(name, found["seconds"])
            since = _seq(server.http_port, tokens[0], conversation)
            found = run("reconnect", **given, behind=BEHIND, since=since, first=next_mark, with_tickets=False)
            next_mark = found["first"]
            bare.add(name, found["seconds"])

        rounds(times, [POSTHOUSE], once, title="conversations")
    return [answered, middle, last, burst, back, spent, bare]


def processor(pid: int) -> float:
    """Seconds that a process has computed so far, which other work on the machine does not lengthen."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def _seq(port: int, token: str, conversation: str) -> int:
    with Http(port) as http:
        http.authorize(f"Bearer {token}")
        return int(http.get(f"/api/v1/conversations/{conversation}/")["seq"])


def _token(http: Http, person: str, password: str) -> str:
    return str(http.post("/api/v1/auth/token/", {"email": person, "password": password})["access"])


def _open(http: Http, tokens: Sequence[str]) -> str:
    """A group of all the people; its id."""
    ids = []
    for token in tokens:
        http.authorize(f"Bearer {token}")
        ids.append(http.get("/api/v1/users/me/")["id"])
    http.authorize(f"Bearer {tokens[0]}")
    made = http.post("/api/v1/conversations/", {"kind": "group", "name": "Measured", "user_ids": ids[1:]})
    return str(made["id"])
