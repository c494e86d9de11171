"""Several lists as one: nothing is lost, doubled or out of order, however short the pages are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from posthouse.bridge.merged import Part, Place, joined

PLACES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 99)), unique=True, max_size=30)


def page_of(places: list[Place], before: Place | None, limit: int, short: bool) -> Part:
    """A page as a search gives it, also one that ends early with nothing in it."""
    left = sorted((place for place in places if before is None or place < before), reverse=True)
    if short and left and (before is None or left[0][0] < before[0]):
        floor = (left[0][0] + 1, 0)
        if before is None or floor < before:
            return Part([], floor)
    shown = left[:limit]
    return Part([(place, {"id": place}) for place in shown], shown[-1] if len(left) > limit else None)


@given(PLACES, PLACES, st.integers(1, 5), st.booleans())
def test_pages_joined_are_the_lists_joined(
    one: list[Place], other: list[Place], limit: int, short: bool
) -> None:
    other = [place for place in other if place not in one]
    told: list[Place] = []
    before: Place | None = None
    for number in range(200):
        is_short = short and number % 2 == 0
        made = joined(
            [page_of(one, before, limit, is_short), page_of(other, before, limit, False)], limit=limit
        )
        assert len(made.items) <= limit
        told += [row["id"] for row in made.items]
        if made.next is None:
            break
        assert before is None or made.next < before
        before = made.next
    assert told == sorted([*one, *other], reverse=True)
