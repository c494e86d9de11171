"""What was packed comes back, by whatever wrote it; what is damaged is told."""

from __future__ import annotations

import threading

import pytest
import zstandard

from posthouse.base import packing

RAW = [b"", b"x", b"a letter " * 1000, bytes(range(256)) * 2000]


@pytest.mark.parametrize("raw", RAW)
def test_it_comes_back(raw: bytes) -> None:
    packed = packing.pack(raw)
    assert packing.unpack(packed) == packing.unpack(packed) == raw


@pytest.mark.parametrize("raw", RAW)
def test_a_frame_that_does_not_say_its_size_is_read(raw: bytes) -> None:
    stream = zstandard.ZstdCompressor().compressobj()
    packed = stream.compress(raw) + stream.flush()
    assert zstandard.frame_content_size(packed) in (-1, 0)
    assert packing.unpack(packed) == raw


def test_damage_is_told() -> None:
    packed = packing.pack(RAW[2])
    lying = b"\x28\xb5\x2f\xfd\xe0" + (1 << 60).to_bytes(8, "little")
    for damaged in (b"", b"garbage", packed[:-5], packed[::-1], lying):
        with pytest.raises(packing.Damaged):
            packing.unpack(damaged)


def test_threads_do_not_mix() -> None:
    wrong: list[bytes] = []

    def work(raw: bytes) -> None:
        wrong.extend(raw for _ in range(300) if packing.unpack(packing.pack(raw)) != raw)

    threads = [threading.Thread(target=work, args=(raw,)) for raw in RAW]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
