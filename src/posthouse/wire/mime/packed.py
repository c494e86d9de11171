"""Reports that came packed: gzip and ZIP of one file, unpacked up to a limit, whatever they say of their size."""

from __future__ import annotations

import io
import zipfile
import zlib

MAX_PACKED_BYTES = 4 * 1024 * 1024
MAX_PLAIN_BYTES = 16 * 1024 * 1024


class NotUnpacked(ValueError):
    """Damaged, of no form that is known, or too large."""


def unpack(data: bytes) -> bytes:
    """The one file of it; what is not packed comes back as it is. Raises NotUnpacked."""
    if len(data) > MAX_PACKED_BYTES:
        raise NotUnpacked("too large")
    if data.startswith(b"\x1f\x8b"):
        return _inflated(data)
    if data.startswith(b"PK\x03\x04"):
        return _first_of_zip(data)
    return data


def _inflated(data: bytes) -> bytes:
    inflater = zlib.decompressobj(wbits=31)
    try:
        plain = inflater.decompress(data, MAX_PLAIN_BYTES + 1)
    except zlib.error as error:
        raise NotUnpacked("damaged") from error
    if len(plain) > MAX_PLAIN_BYTES:
        raise NotUnpacked("too large")
    if not inflater.eof:
        raise NotUnpacked("cut off")
    return plain


def _first_of_zip(data: bytes) -> bytes:
    """Python's module checks names, sums and methods; only the one that everybody uses is taken."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist()[:10] if not entry.is_dir()]
            if len(entries) != 1 or entries[0].compress_type not in (
                zipfile.ZIP_STORED,
                zipfile.ZIP_DEFLATED,
            ):
                raise NotUnpacked("not one file")
            with archive.open(entries[0]) as stream:
                plain = stream.read(MAX_PLAIN_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError) as error:
        raise NotUnpacked("damaged") from error
    if len(plain) > MAX_PLAIN_BYTES:
        raise NotUnpacked("too large")
    return plain
