"""Conversations, who is in them, and what an organisation lays down for all of its own."""

from __future__ import annotations

from django.db import models

from posthouse.base import clock
from posthouse.base.fields import IdField, MomentField

DAY_SECONDS = 86_400


class Exporting(models.TextChoices):
    """Who takes a conversation out as files. Those who manage conversations may, as far as they can read."""

    MEMBERS = "members"
    ADMINS = "admins"
    NOBODY = "nobody"


class History(models.TextChoices):
    """Whether somebody who comes sees what was said before: all of it, or only what is said since they joined."""

    ALL = "all"
    JOINED = "joined"


class Policy(models.Model):
    """An organisation's; without a row these are the defaults. `edit_seconds`, `delete_seconds`: null is no end.

    Of what people outside write no links are looked at, unless `shows_outside_previews`: their pages would be told when
    a mail of theirs has arrived. `creating` says who opens channels: everybody, or (admins) those who manage
    conversations.
    """

    class Creating(models.TextChoices):
        EVERYBODY = "everybody"
        ADMINS = "admins"

    organisation = models.OneToOneField("identity.Organisation", on_delete=models.CASCADE, primary_key=True)
    edit_seconds = models.IntegerField(null=True, default=DAY_SECONDS)
    delete_seconds = models.IntegerField(null=True, default=DAY_SECONDS)
    hides_revisions = models.BooleanField(default=False)
    hides_reading = models.BooleanField(default=False)
    retention_days = models.IntegerField(null=True)
    is_held = models.BooleanField(default=False)
    exporting = models.CharField(
        max_length=16, choices=Exporting.choices, default=Exporting.MEMBERS, db_default=Exporting.MEMBERS
    )
    shows_previews = models.BooleanField(default=True, db_default=True)
    shows_outside_previews = models.BooleanField(default=False, db_default=False)
    creating = models.CharField(
        max_length=16, choices=Creating.choices, default=Creating.EVERYBODY, db_default=Creating.EVERYBODY
    )
    history = models.CharField(
        max_length=16, choices=History.choices, default=History.ALL, db_default=History.ALL
    )


class Conversation(models.Model):
    """`edit_seconds`, `delete_seconds`, `retention_days` and `history` are null where the organisation's hold.

    `pair` names the two people of a direct conversation (`low:high`), so that there is one of it. `last_number` is of
    any message, `last_main_number` of the newest in the main timeline that somebody wrote and that is there. `members`
    counts those in it. Older than `horizon` no cursor can be, since rows went then.
    """

    class Kind(models.TextChoices):
        DIRECT = "direct"
        GROUP = "group"
        CHANNEL = "channel"

    class Visibility(models.TextChoices):
        PRIVATE = "private"
        ORGANISATION = "organisation"

    class Who(models.TextChoices):
        EVERYBODY = "everybody"
        ADMINS = "admins"

    id = IdField()
    organisation = models.ForeignKey("identity.Organisation", on_delete=models.CASCADE, db_index=False)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    visibility = models.CharField(max_length=16, choices=Visibility.choices, default=Visibility.PRIVATE)
    pair = models.CharField(max_length=40, null=True)
    name = models.CharField(max_length=100, default="")
    topic = models.CharField(max_length=500, default="")
    posting = models.CharField(max_length=16, choices=Who.choices, default=Who.EVERYBODY)
    inviting = models.CharField(max_length=16, choices=Who.choices, default=Who.EVERYBODY)
    edit_seconds = models.IntegerField(null=True)
    delete_seconds = models.IntegerField(null=True)
    retention_days = models.IntegerField(null=True)
    history = models.CharField(max_length=16, choices=History.choices, null=True)
    is_held = models.BooleanField(default=False)
    archived_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours
    created_by = models.ForeignKey("identity.User", on_delete=models.SET_NULL, null=True)
    created_at = MomentField(default=clock.now)
    seq = models.BigIntegerField(default=0)
    horizon = models.BigIntegerField(default=0)
    last_number = models.BigIntegerField(default=0)
    last_main_number = models.BigIntegerField(default=0)
    last_at = MomentField(default=clock.now)
    members = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "pair"], name="conversation_once_a_pair"),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "id"],
                condition=models.Q(visibility="organisation"),
                name="conversation_open",
            ),
            models.Index(
                fields=["organisation", "id"],
                condition=models.Q(kind__in=["group", "channel"]),
                name="conversation_managed",
            ),
        ]


class Participant(models.Model):
    """Somebody in a conversation, or who was (`left_at`). They have read up to `read_number`, got `delivered_number`.

    `seq` is of what everybody sees, `own_seq` of what the person alone does. `is_marked_unread` keeps the pointer where
    they put it until they open the conversation again. A direct conversation is out of their list up to
    `hidden_number`. Messages up to `shown_after` are from before they came and not shown to them (access.FLOOR).
    Without a user they were forgotten.
    """

    class Role(models.TextChoices):
        OWNER = "owner"
        ADMIN = "admin"
        MEMBER = "member"
        GUEST = "guest"

    class Level(models.TextChoices):
        DEFAULT = "default"
        ALL = "all"
        MENTIONS = "mentions"
        NOTHING = "nothing"

    id = IdField()
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, db_index=False)
    user = models.ForeignKey("identity.User", on_delete=models.SET_NULL, null=True, db_index=False)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.MEMBER)
    joined_at = MomentField(default=clock.now)
    joined_number = models.BigIntegerField(default=0)
    shown_after = models.BigIntegerField(default=0, db_default=0)
    left_at = MomentField(null=True)  # type: ignore[misc]
    read_number = models.BigIntegerField(default=0)
    delivered_number = models.BigIntegerField(default=0)
    is_marked_unread = models.BooleanField(default=False)
    level = models.CharField(max_length=16, choices=Level.choices, default=Level.DEFAULT)
    muted_until = MomentField(null=True)  # type: ignore[misc]
    is_favourite = models.BooleanField(default=False)
    folder = models.CharField(max_length=60, default="")
    hidden_number = models.BigIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    own_seq = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "user"], name="participant_once"),
        ]
        indexes = [
            models.Index(fields=["user", "conversation"], name="participant_of"),
            models.Index(fields=["conversation", "seq"], name="participant_log"),
            models.Index(fields=["user", "own_seq"], name="participant_own_log"),
        ]
