"""The MX door in a process of its own: `python -P -m posthouse.config.door LISTENER HOUSE NUMBER COUNT`.

Started by the process that holds the data folder (config/doors.py), with the listening socket and one end of a socket
pair as descriptors. It speaks SMTP, looks up recipients, parses and compresses; what is to be written goes to the house
by `RemoteLane`. So a flood of mail leaves the house's own loop and interpreter to the people who read.

Invariants
- It lives no longer than its house: the end of the socket pair is the end of the process.
- Signals of the terminal are the house's to answer; it says "close" when the messages under way are to be ended.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING

import posthouse.config.lean  # noqa: F401  # isort: skip

import orjson

from posthouse.base import metrics
from posthouse.config import start
from posthouse.config.env import Env

if TYPE_CHECKING:
    from posthouse.base.remote_lane import RemoteLane

GRACE_SECONDS = 5.0
NUMBERS_SECONDS = 5.0
METRICS_WORD = "metrics:"


def main() -> None:
    listener, house, number, count = map(int, sys.argv[1:5])
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    os.environ["DJANGO_SETTINGS_MODULE"] = "posthouse.config.door_settings"
    env = start.set_up_django(process=number)
    start.configure_logs(env.log_level)
    start.tune_process()
    start.run_loop(_live(env, socket.socket(fileno=listener), socket.socket(fileno=house), count=count))


async def _live(env: Env, listener: socket.socket, house: socket.socket, *, count: int) -> None:
    from posthouse.base import db
    from posthouse.base.remote_lane import RemoteLane
    from posthouse.config.listeners import INCOMING_BYTES, smtp_server, tls_context
    from posthouse.delivery.automatic import kept as automatic
    from posthouse.delivery.junk import standing
    from posthouse.filters import kept
    from posthouse.filters.spam import choices
    from posthouse.identity import directory
    from posthouse.wire.budget import Budget

    is_asked_to_close, is_alone = asyncio.Event(), asyncio.Event()

    def hear(word: str) -> None:
        if word == directory.TOPIC:
            directory.forget()
        elif word == kept.TOPIC:
            kept.forget()
        elif word == automatic.TOPIC:
            automatic.forget()
        elif word == choices.TOPIC:
            standing.forget()
        elif word == "close":
            is_asked_to_close.set()

    def lost() -> None:
        is_alone.set()
        is_asked_to_close.set()

    loop = asyncio.get_running_loop()
    _, lane = await loop.create_unix_connection(lambda: RemoteLane(on_note=hear, on_lost=lost), sock=house)
    db.use_lane(lane)
    budget = Budget(INCOMING_BYTES // count)
    server = smtp_server(env, "mx", context=tls_context(env), budget=budget, processes=count)
    await server.listen(sock=listener)
    gc.collect()
    gc.freeze()
    lane.note("ready")
    telling = asyncio.create_task(_tell_numbers(lane))
    await is_asked_to_close.wait()
    await server.close(grace_seconds=0 if is_alone.is_set() else GRACE_SECONDS)
    telling.cancel()
    await asyncio.to_thread(db.stop)


async def _tell_numbers(lane: RemoteLane) -> None:
    """What this process has counted goes to the house, which answers for all (base/metrics.py)."""
    while True:
        await asyncio.sleep(NUMBERS_SECONDS)
        lane.note(METRICS_WORD + orjson.dumps(metrics.snapshot()).decode())


if __name__ == "__main__":
    main()
