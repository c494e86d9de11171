"""Ids grow, and a block of them has no gap and shares none with others, whoever asks at once."""

from __future__ import annotations

import pytest

from posthouse.base.ids import BLOCK, IdMaker, made_at_ms
from tests.at_once import at_once


def test_a_block_follows_what_was_made_before_and_comes_before_what_is_made_after() -> None:
    maker = IdMaker(node=5, process=1)
    before = [maker.next() for _ in range(700)]
    first = maker.block(BLOCK)
    block = range(first, first + BLOCK)
    after = [maker.next() for _ in range(700)]
    made = [*before, *block, *after]
    assert made == sorted(set(made))
    assert {made_at_ms(id_) for id_ in block} == {made_at_ms(first)}


def test_blocks_asked_for_at_once_are_apart() -> None:
    maker = IdMaker()
    firsts = at_once([lambda: [maker.block(7) for _ in range(200)]] * 4)
    made = [first + at for several in firsts for first in several for at in range(7)]
    assert len(set(made)) == len(made)


@pytest.mark.parametrize("count", [0, BLOCK + 1])
def test_what_does_not_fit_into_one_millisecond_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="block"):
        IdMaker().block(count)
