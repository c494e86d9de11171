"""Pictures of people: what is sent in is decoded under limits and made anew, so that nothing of it but pixels stays.

A picture is read by four decoders only (PNG, JPEG, WebP, GIF: its first frame), its size is looked at before any pixel
is, and the result is two square WebP files of ours without metadata (where a phone was, what else the file holds).
"""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from posthouse.base import db
from posthouse.base.errors import Invalid, Missing
from posthouse.base.ids import new_id
from posthouse.identity import people, profiles, roles
from posthouse.identity.actor import Actor
from posthouse.identity.models import Avatar, Profile
from posthouse.identity.profiles import Viewer

MAX_BYTES = 5_000_000
MAX_SIDE = 10_000
MAX_PIXELS = 40_000_000
SIZES = (256, 64)
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


def made_anew(raw: bytes) -> tuple[bytes, bytes]:
    """The picture in both our sizes; raises Invalid (bad_picture). Up to 200 ms of work: never in the lane."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
                if max(opened.size) > MAX_SIDE or opened.width * opened.height > MAX_PIXELS:
                    raise _refused("The picture is too large.")
                opened.draft("RGB", (SIZES[0] * 2, SIZES[0] * 2))
                upright = ImageOps.exif_transpose(opened).convert("RGBA")
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
    large, small = (_written(upright, size) for size in SIZES)
    return large, small


def _written(picture: Image.Image, size: int) -> bytes:
    square = ImageOps.fit(picture, (size, size), Image.Resampling.LANCZOS)
    clean = Image.new("RGBA", square.size)
    clean.paste(square)
    written = io.BytesIO()
    clean.save(written, "WEBP", quality=82, method=4)
    return written.getvalue()


def _refused(text: str) -> Invalid:
    return Invalid("bad_picture", text)


def set_avatar(actor: Actor, user_id: int, raw: bytes) -> None:
    """Give oneself (or, with users.manage, somebody) a picture. Raises Invalid, Denied, Missing."""
    _check_may_change(actor, user_id)
    large, small = made_anew(raw)
    _set(actor, user_id, large, small)


@db.action
def _set(actor: Actor, user_id: int, large: bytes, small: bytes) -> None:
    _check_may_change(actor, user_id)
    number = new_id()
    Avatar.objects.filter(user_id=user_id).delete()
    Avatar.objects.create(id=number, user_id=user_id, large=large, small=small)
    profiles.set_values(user_id, {"avatar": number})
    profiles.note_change(actor, user_id, "avatar")


@db.action
def remove_avatar(actor: Actor, user_id: int) -> None:
    _check_may_change(actor, user_id)
    Avatar.objects.filter(user_id=user_id).delete()
    Profile.objects.filter(user_id=user_id).update(avatar=0)
    profiles.note_change(actor, user_id, "avatar")


def _check_may_change(actor: Actor, user_id: int) -> None:
    if user_id == actor.user_id:
        return
    profiles.row_for(Viewer(actor), user_id)
    actor.require("users.manage")
    roles.check_reach(actor, people.user_for(actor, user_id))


def avatar_for(actor: Actor, user_id: int, *, size: int) -> tuple[int, bytes]:
    """The number and bytes of somebody's picture, for whoever sees them; raises Missing."""
    profiles.row_for(Viewer(actor), user_id)
    row = Avatar.objects.filter(user_id=user_id).values_list("id", "small" if size <= 64 else "large").first()
    if row is None:
        raise Missing()
    return row[0], bytes(row[1])
