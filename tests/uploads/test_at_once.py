"""Pieces of one file from several lines, and an end that comes with a piece."""

from __future__ import annotations

import pytest

from tests.api.client import Client, log_in
from tests.at_once import at_once, behind, nobody_in_a_ring
from tests.cast import Cast
from tests.conversations.test_at_once import device
from tests.house import RunningHouse
from tests.uploads.test_resumable import BOTH, noise, whole
from tests.uploads.tus import TUS, Door, add, offset_of

ROUNDS = 5


@pytest.fixture
def alice(house: RunningHouse, cast: Cast) -> Client:
    return log_in(house, cast.alice)


@BOTH
def test_of_many_who_send_the_same_piece_one_moves_the_file(alice: Client, door: Door) -> None:
    data = noise(300_000)
    place = door.begin(alice, len(data))
    lines = [device(alice) for _ in range(4)]
    with nobody_in_a_ring():
        for at in range(0, len(data), 100_000):
            piece = data[at : at + 100_000]
            answers = at_once(
                [lambda line=line, at=at, piece=piece: add(line, place, at, piece) for line in lines]
            )
            assert sorted(answer.status for answer in answers) == [204, 409, 409, 409]
    assert whole(alice, place)["size_bytes"] == len(data)


@BOTH
def test_an_end_that_comes_with_a_piece_is_the_end(alice: Client, door: Door) -> None:
    for _ in range(ROUNDS):
        place = door.begin(alice, 300_000)
        add(alice, place, 0, noise(100_000))
        upload_id = place.rstrip("/").rpartition("/")[2]
        line = device(alice)
        piece, end = behind(
            "uploads_upload",
            upload_id,
            [
                lambda place=place, line=line: add(line, place, 100_000, noise(100_000)),
                lambda place=place: alice.request("DELETE", place, headers=TUS),
            ],
        )
        assert end.status == 204, end.body
        assert piece.status in (204, 404, 409), piece.body
        assert alice.request("HEAD", place, headers=TUS).status == 404


@BOTH
def test_nobody_has_more_on_the_way_than_they_may(alice: Client, door: Door) -> None:
    from posthouse.uploads.actions import MAX_UNFINISHED

    for _ in range(MAX_UNFINISHED - 2):
        door.begin(alice, 10)
    lines = [device(alice) for _ in range(6)]
    answers = at_once([lambda line=line: door.try_begin(line, 10) for line in lines])
    assert sorted(answer.status for answer in answers) == [201, 201, 429, 429, 429, 429]
    begun = next(answer for answer in answers if answer.status == 201)
    assert offset_of(alice, begun.headers["location"]) == 0
