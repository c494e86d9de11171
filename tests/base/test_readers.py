"""The pool of reading threads, in the house's loop."""

from __future__ import annotations

import asyncio
import threading

import pytest


@pytest.fixture
def pool(house):
    from posthouse.base.readers import ReaderPool

    made = ReaderPool(1)
    yield made
    made.stop()


def test_what_a_call_gives_or_raises_comes_back(house, pool):
    async def ask():
        assert await pool.submit(lambda: threading.current_thread().name) == "reader-0"
        with pytest.raises(KeyError):
            await pool.submit(lambda: {}["x"])
        with pytest.raises(RuntimeError):
            await pool.submit(lambda: next(iter(())))
        return await asyncio.gather(*(pool.submit(lambda n=n: n * n) for n in range(50)))

    assert house.call(ask()) == [n * n for n in range(50)]


def test_a_call_cancelled_before_its_turn_never_runs(house, pool):
    held, ran = threading.Event(), []

    async def ask():
        first = pool.submit(lambda: held.wait(10))
        second = pool.submit(lambda: ran.append(1))
        second.cancel()
        held.set()
        await first
        await pool.submit(lambda: None)

    house.call(ask())
    assert ran == []


def test_the_end_finishes_what_runs_and_cancels_what_waits(house, pool):
    started, held = threading.Event(), threading.Event()

    async def ask():
        running = pool.submit(lambda: (started.set(), held.wait(10), "done")[-1])
        waiting = pool.submit(lambda: "never")
        await asyncio.to_thread(started.wait, 10)
        ending = asyncio.create_task(asyncio.to_thread(pool.stop))
        with pytest.raises(asyncio.CancelledError):
            await waiting
        held.set()
        await ending
        return await running

    assert house.call(ask()) == "done"
