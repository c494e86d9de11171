"""What a person tells of themselves, and whom. A person without a row has the defaults."""

from __future__ import annotations

from django.db import models

from posthouse.base.fields import IdField, MomentField
from posthouse.identity.models.people import User


class Profile(models.Model):
    """`links` is JSON as the API shows it; `avatar` is the number of the picture, 0 for none."""

    class Visibility(models.TextChoices):
        ORGANISATION = "organisation"
        GROUPS = "groups"
        NOBODY = "nobody"

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True)
    display_name = models.CharField(max_length=100, default="")
    title = models.CharField(max_length=100, default="")
    department = models.CharField(max_length=100, default="")
    phone = models.CharField(max_length=40, default="")
    about = models.TextField(default="")
    pronouns = models.CharField(max_length=40, default="")
    location = models.CharField(max_length=100, default="")
    links = models.TextField(default="[]")
    locale = models.CharField(max_length=20, default="en")
    time_zone = models.CharField(max_length=60, default="UTC")
    notifications = models.JSONField(default=dict)
    visibility = models.CharField(max_length=16, choices=Visibility.choices, default=Visibility.ORGANISATION)
    hides_activity = models.BooleanField(default=False)
    hides_online = models.BooleanField(default=False)
    hides_email = models.BooleanField(default=False)
    status_text = models.CharField(max_length=100, default="")
    status_emoji = models.CharField(max_length=16, default="")
    status_until = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours
    avatar = models.BigIntegerField(default=0)


class Avatar(models.Model):
    """A person's picture in our two sizes, made by us (avatars.py). The id is in its address, so it never changes."""

    id = IdField()
    user = models.OneToOneField(User, on_delete=models.CASCADE)
    large = models.BinaryField()
    small = models.BinaryField()


class LastSeen(models.Model):
    """When somebody was last here, to the minute (presence.py). A table of its own, since it is written all day."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True)
    at = MomentField()
