"""Pictures of people: what is sent in is decoded under limits (base/pictures.py) and made anew as two square files."""

from __future__ import annotations

from PIL import Image, ImageOps

from posthouse.base import db, pictures
from posthouse.base.errors import Missing
from posthouse.base.ids import new_id
from posthouse.identity import people, profiles, roles
from posthouse.identity.actor import Actor
from posthouse.identity.models import Avatar, Profile
from posthouse.identity.profiles import Viewer

MAX_BYTES = 5_000_000
SIZES = (256, 64)


def made_anew(raw: bytes) -> tuple[bytes, bytes]:
    """The picture in both our sizes; raises Invalid (bad_picture). Up to 200 ms of work: never in the lane."""
    upright = pictures.upright(raw, about=SIZES[0] * 2)
    large, small = (_square(upright, size) for size in SIZES)
    return large, small


def _square(picture: Image.Image, size: int) -> bytes:
    return pictures.written(ImageOps.fit(picture, (size, size), Image.Resampling.LANCZOS))


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
