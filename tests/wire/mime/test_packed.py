"""Unpacking reports: what is whole comes out, and nothing costs more than its limit."""

from __future__ import annotations

import gzip
import io
import time
import zipfile
import zlib

import pytest

from posthouse.wire.mime.packed import MAX_PACKED_BYTES, MAX_PLAIN_BYTES, NotUnpacked, unpack

TEXT = b"<feedback/>" * 100


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "packed",
    [TEXT, gzip.compress(TEXT, mtime=0), zipped(("a.xml", TEXT)), zipped(("d/", b""), ("d/a.xml", TEXT)),
     zipped(("a.xml", TEXT), method=zipfile.ZIP_STORED)],
)  # fmt: skip
def test_each_form(packed: bytes) -> None:
    assert unpack(packed) == TEXT


@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(TEXT)[:-9],
        b"\x1f\x8b" + b"x" * 100,
        zipped(("a.xml", TEXT))[:60],
        zipped(("a.xml", TEXT), ("b.xml", TEXT)),
        zipped(("a.xml", TEXT), method=zipfile.ZIP_LZMA),
        b"x" * (MAX_PACKED_BYTES + 1),
    ],
    ids=["cut", "no gzip", "cut zip", "two files", "another method", "large"],
)
def test_what_is_not_taken(packed: bytes) -> None:
    with pytest.raises(NotUnpacked):
        unpack(packed)


def _lying_zip() -> bytes:
    """Its directory says that the file is small."""
    bomb = bytearray(zipped(("a.xml", bytes(MAX_PLAIN_BYTES * 4))))
    at = bomb.rfind(b"PK\x01\x02")
    bomb[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(bomb)


@pytest.mark.parametrize(
    "make",
    [
        lambda: gzip.compress(bytes(MAX_PLAIN_BYTES * 16)),
        lambda: zipped(("a.xml", bytes(MAX_PLAIN_BYTES * 16))),
        _lying_zip,
    ],
    ids=["gzip", "zip", "lying zip"],
)
def test_bombs_are_refused_and_cost_little(make) -> None:  # type: ignore[no-untyped-def]
    packed = make()
    began = time.process_time()
    with pytest.raises(NotUnpacked):
        unpack(packed)
    assert time.process_time() - began < 1.0


def test_what_is_packed_twice_is_unpacked_once() -> None:
    inside = gzip.compress(bytes(MAX_PLAIN_BYTES * 16), mtime=0)
    assert unpack(gzip.compress(inside, mtime=0) + zlib.compress(bytes(1000))) == inside
