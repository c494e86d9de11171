"""Pictures that strangers send, decoded under limits: how large they are, and a small one made anew.

Four decoders only (PNG, JPEG, WebP, GIF: its first frame). The size is looked at before any pixel is, so that a small
file that unfolds to gigabytes is refused; one picture is decoded at a time. What is made is WebP without metadata
(where a phone was, what else the file holds), turned as its EXIF says.
"""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageOps, UnidentifiedImageError

from posthouse.base.errors import Invalid

MAX_SIDE = 10_000
MAX_PIXELS = 40_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_ORIENTATION = 0x0112
_LYING = frozenset({5, 6, 7, 8})
"""EXIF orientations that make width height."""
_PALETTES = frozenset({"1", "P", "PA"})
"""Colours that are numbers in a table have nothing in between."""
_decoding = threading.Lock()


def size_of(raw: bytes) -> tuple[int, int] | None:
    """Width and height as it is shown, told from its head; None for what is no picture that we would decode."""
    try:
        with _opened(raw) as picture:
            width, height = picture.size
            return (height, width) if _orientation(picture) in _LYING else (width, height)
    except Invalid:
        return None


def upright(raw: bytes, *, about: int) -> Image.Image:
    """The picture in RGBA, turned as it is meant; a JPEG is decoded smaller, but not below `about`.

    Raises Invalid (bad_picture). Up to some 100 ms of work: never in the lane.
    """
    with _decoding, _opened(raw) as picture:
        picture.draft("RGB", (about, about))
        return ImageOps.exif_transpose(picture).convert("RGBA")


def thumbnail(raw: bytes, *, side: int) -> bytes:
    """As WebP, within a square of `side` and never larger than it was. Raises Invalid (bad_picture)."""
    with _decoding, _opened(raw) as picture:
        smooth = picture.convert("RGBA") if picture.mode in _PALETTES else picture
        smooth.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
        turned = ImageOps.exif_transpose(smooth)
        return written(turned.convert("RGBA" if turned.has_transparency_data else "RGB"))


def written(picture: Image.Image) -> bytes:
    """WebP of its pixels and of nothing else that it carries."""
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    made = io.BytesIO()
    clean.save(made, "WEBP", quality=82, method=4)
    return made.getvalue()


@contextmanager
def _opened(raw: bytes) -> Iterator[Image.Image]:
    """Its head is read and judged; whatever goes wrong while it is used is the picture's fault."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=FORMATS) as picture:
                if min(picture.size) < 1:
                    raise _refused("The picture is empty.")
                if max(picture.size) > MAX_SIDE or picture.width * picture.height > MAX_PIXELS:
                    raise _refused("The picture is too large.")
                yield picture
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise _refused("This is no picture that can be read (PNG, JPEG, WebP, GIF).") from error


def _orientation(picture: Image.Image) -> int:
    """Without decoding it: a PNG may say so behind its pixels, and is then taken as it lies."""
    if picture.format == "PNG" and "exif" not in picture.info:
        return 1
    return int(picture.getexif().get(_ORIENTATION, 1))


def _refused(text: str) -> Invalid:
    return Invalid("bad_picture", text)
