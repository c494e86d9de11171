import pytest
from hypothesis import given
from hypothesis import strategies as st

from posthouse.wire.imap import sequence
from posthouse.wire.imap.errors import Malformed


@pytest.mark.parametrize(
    ("raw", "largest", "spans"),
    [
        (b"1", 9, [(1, 1)]),
        (b"2:4,7", 9, [(2, 4), (7, 7)]),
        (b"9:3", 20, [(3, 9)]),
        (b"*", 9, [(9, 9)]),
        (b"5:*", 9, [(5, 9)]),
        (b"*:5", 9, [(5, 9)]),
        (b"12:*", 7, [(7, 7)]),
        (b"*:*", 7, [(7, 7)]),
        (b"3:4,1:2,5", 9, [(1, 5)]),
        (b"1:3,2:8,4", 9, [(1, 8)]),
        (b"1:*", 0, []),
        (b"*", 0, []),
        (b"4294967295", 9, [(4294967295, 4294967295)]),
    ],
)
def test_ranges(raw, largest, spans):
    assert sequence.parse(raw).resolve(largest) == spans


@pytest.mark.parametrize(
    "raw",
    [b"", b"0", b"1,", b",1", b"1:", b":1", b"1::2", b"a", b"01", b"1 2", b"4294967296", b"1:2:3", b"$,1"],
)
def test_what_is_no_set_is_refused(raw):
    with pytest.raises(Malformed):
        sequence.parse(raw)


def test_the_saved_result():
    assert sequence.parse(b"$").is_saved


def test_too_many_ranges_are_refused():
    with pytest.raises(Malformed):
        sequence.parse(b",".join([b"1"] * 30_000))


@given(st.lists(st.integers(1, 300), unique=True))
def test_compact_names_the_same_numbers(numbers):
    numbers.sort()
    raw = sequence.compact(numbers)
    if not numbers:
        assert raw == b""
        return
    named = [n for low, high in sequence.parse(raw).resolve(1000) for n in range(low, high + 1)]
    assert named == numbers
