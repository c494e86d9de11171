"""The write lane asked from another process: here both ends of the socket pair stand in one loop.

Rows of the job table serve as things to write; their kind is known to no handler.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from posthouse.base.errors import Conflict, Kind, Unavailable
from posthouse.base.ids import new_id
from posthouse.base.lane_calls import Bulk

KIND = "test-of-the-remote-lane"
WAIT_SECONDS = 20

pytestmark = pytest.mark.usefixtures("house")


def _write_many(names: Sequence[str]) -> list[tuple[str, int]]:
    from posthouse.base import sql

    if "refused" in names:
        raise Conflict("no", "This one is refused.")
    if "broken" in names:
        raise ZeroDivisionError("nobody foresaw it")
    sql.insert_many(
        "INSERT INTO base_job (id, kind, arguments, key, due_at, attempts, leased_by, last_error, created_at)",
        [(new_id(), KIND, "{}", name, 0, 0, "", "", 0) for name in names],
    )
    return [(name, len(name)) for name in names]


write: Bulk[str, tuple[str, int]] = Bulk(_write_many)


@pytest.fixture(autouse=True)
def offered() -> Iterator[None]:
    from posthouse.base import db, sql
    from posthouse.base.remote_calls import offer

    offer("test.write", write, item=str, result=tuple[str, int])
    yield
    db.run(sql.run, ("DELETE FROM base_job WHERE kind = %s", [KIND]), {})


def written() -> list[str]:
    from posthouse.base import sql

    return [row[0] for row in sql.rows("SELECT key FROM base_job WHERE kind = %s ORDER BY key", [KIND])]


class Ends:
    """Both ends, and what each was told."""

    def __init__(self, port: Any, lane: Any, heard: dict[str, list[str]], lost: list[str]) -> None:
        self.port, self.lane, self.heard, self.lost = port, lane, heard, lost


@asynccontextmanager
async def ends() -> AsyncIterator[Ends]:
    from posthouse.base import db
    from posthouse.base.ports import Port
    from posthouse.base.remote_lane import RemoteLane

    loop = asyncio.get_running_loop()
    one, two = socket.socketpair()
    heard: dict[str, list[str]] = {"house": [], "door": []}
    lost: list[str] = []
    port = Port(one, on_note=heard["house"].append, on_lost=lambda: lost.append("house"))
    db.attach(port)
    _, lane = await loop.create_unix_connection(
        lambda: RemoteLane(on_note=heard["door"].append, on_lost=lambda: lost.append("door")), sock=two
    )
    try:
        yield Ends(port, lane, heard, lost)
    finally:
        port.close()
        lane.close()


def live(work: Callable[[Ends], Coroutine[Any, Any, None]]) -> None:
    async def inside() -> None:
        async with asyncio.timeout(WAIT_SECONDS), ends() as both:
            await work(both)

    asyncio.run(inside())


async def until(happened: Callable[[], object]) -> None:
    while not happened():
        await asyncio.sleep(0.005)


def test_what_is_answered_is_written() -> None:
    async def work(both: Ends) -> None:
        results = await asyncio.gather(*(both.lane.submit(write, (f"n{n:03}",), {}) for n in range(300)))
        assert results == [(f"n{n:03}", 4) for n in range(300)]
        assert await asyncio.to_thread(written) == [f"n{n:03}" for n in range(300)]

    live(work)


def test_a_failure_is_the_same_failure_on_the_other_side() -> None:
    async def work(both: Ends) -> None:
        with pytest.raises(Conflict, match="This one is refused") as caught:
            await both.lane.submit(write, ("refused",), {})
        assert (caught.value.code, caught.value.kind) == ("no", Kind.CONFLICT)
        assert await both.lane.submit(write, ("good",), {}) == ("good", 4)

    live(work)


def test_what_nobody_foresaw_is_temporary_and_tells_nothing() -> None:
    async def work(both: Ends) -> None:
        with pytest.raises(Unavailable) as caught:
            await both.lane.submit(write, ("broken",), {})
        assert "nobody foresaw" not in str(caught.value)

    live(work)


def test_only_what_was_offered_can_be_asked_for() -> None:
    async def work(both: Ends) -> None:
        with pytest.raises(TypeError):
            both.lane.submit(_write_many, (["x"],), {})
        with pytest.raises(TypeError):
            both.lane.submit(Bulk(_write_many), ("x",), {})

    live(work)


def test_a_name_the_house_does_not_know_hurts_nobody_else() -> None:
    async def work(both: Ends) -> None:
        from posthouse.base import remote_calls

        stranger: Bulk[str, str] = Bulk(lambda names: list(names))
        remote_calls.offer("test.stranger", stranger, item=str, result=str)
        del remote_calls._by_name["test.stranger"]
        with pytest.raises(Unavailable):
            await both.lane.submit(stranger, ("x",), {})
        assert await both.lane.submit(write, ("good",), {}) == ("good", 4)

    live(work)


def test_a_call_from_a_thread_waits_for_the_commit() -> None:
    async def work(both: Ends) -> None:
        def inside() -> list[str]:
            assert both.lane.run(write, ("threaded",), {}) == ("threaded", 8)
            return written()

        assert await asyncio.to_thread(inside) == ["threaded"]

    live(work)


def test_when_the_house_is_gone_every_caller_is_told_so() -> None:
    async def work(both: Ends) -> None:
        waiting = [both.lane.submit(write, (f"w{n}",), {}) for n in range(3)]
        both.port.close()
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(result, Unavailable) for result in results)
        await until(lambda: "door" in both.lost)
        with pytest.raises(Unavailable):
            both.lane.submit(write, ("late",), {})

    live(work)


def test_doors_come_while_others_go() -> None:
    """A new socket has the number of the one just closed; the lane must not take the one for the other."""

    async def work(both: Ends) -> None:
        for n in range(200):
            async with ends() as another:
                assert await another.lane.submit(write, (f"c{n}",), {}) == (f"c{n}", len(f"c{n}"))
        assert await both.lane.submit(write, ("good",), {}) == ("good", 4)

    live(work)


def test_what_was_asked_is_done_though_the_door_has_gone() -> None:
    async def work(both: Ends) -> None:
        future = both.lane.submit(write, ("orphan",), {})
        await asyncio.sleep(0)
        both.lane.close()
        await until(lambda: "house" in both.lost)
        assert isinstance(await asyncio.gather(future, return_exceptions=True), list)
        while await asyncio.to_thread(written) != ["orphan"]:
            await asyncio.sleep(0.01)

    live(work)


def test_notes_are_heard_in_order() -> None:
    async def work(both: Ends) -> None:
        both.port.note("directory")
        both.port.note("close")
        both.lane.note("ready")
        await until(lambda: both.heard["house"] and len(both.heard["door"]) == 2)
        assert both.heard == {"house": ["ready"], "door": ["directory", "close"]}

    live(work)


@pytest.mark.parametrize("step", [1, 2, 3, 5, 1000])
def test_frames_do_not_mind_how_bytes_are_cut(step: int) -> None:
    from posthouse.base.remote_calls import Frames

    wanted = [b"", b"a", b"b" * 300, b"", b"c" * 70_000]
    stream = b"".join(len(frame).to_bytes(4, "big") + frame for frame in wanted) + b"\0\0"
    frames, found = Frames(), []
    for at in range(0, len(stream), step):
        found += frames.feed(stream[at : at + step])
    assert found == wanted


def test_a_frame_too_long_to_be_true_is_an_error() -> None:
    from posthouse.base.remote_calls import Frames

    with pytest.raises(ValueError, match="4294967295"):
        Frames().feed(b"\xff\xff\xff\xff")
