"""Messages, the threads below them, and what hangs on one message."""

from __future__ import annotations

from django.db import models

from posthouse.base import clock
from posthouse.base.fields import IdField, MomentField
from posthouse.conversations.models.conversations import Conversation


class Thread(models.Model):
    """The replies below one message of the main timeline. `last_number` is of the newest that is there.

    `root_number` is the root's; 0 in threads that are older than the column.
    """

    id = IdField()
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, db_index=False)
    root = models.OneToOneField("Message", on_delete=models.CASCADE, related_name="thread_below")
    title = models.CharField(max_length=100, default="")
    reply_count = models.IntegerField(default=0)
    root_number = models.BigIntegerField(default=0, db_default=0)
    last_number = models.BigIntegerField(default=0)
    last_at = MomentField(default=clock.now)
    resolved_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours
    resolved_by = models.ForeignKey("identity.User", on_delete=models.SET_NULL, null=True)
    seq = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["conversation", "seq"], name="thread_log"),
            models.Index(fields=["conversation", "last_at", "id"], name="thread_list"),
        ]


class Message(models.Model):
    """`thread` is null in the main timeline. JSON as the API shows it: `reactions` (emoji to user ids), `attachments`,
    `mentions`, `previews`; a system message's `event`.

    Outside people have a name and an address in place of `author`; so has who was forgotten, of theirs the name alone.
    """

    class Kind(models.TextChoices):
        TEXT = "text"
        SYSTEM = "system"

    class Importance(models.TextChoices):
        NORMAL = "normal"
        IMPORTANT = "important"
        URGENT = "urgent"

    id = IdField()
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, db_index=False)
    number = models.BigIntegerField()
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, null=True, db_index=False)
    author = models.ForeignKey("identity.User", on_delete=models.SET_NULL, null=True)
    author_name = models.CharField(max_length=200, default="")
    author_email = models.CharField(max_length=320, default="")
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.TEXT)
    body = models.TextField(default="")
    html = models.TextField(default="")
    event = models.TextField(default="")
    mentions = models.TextField(default="[]")
    reply_to = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    forwarded_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    forwarded_name = models.CharField(max_length=200, default="")
    importance = models.CharField(max_length=16, choices=Importance.choices, default=Importance.NORMAL)
    needs_ack = models.BooleanField(default=False)
    ack_count = models.IntegerField(default=0)
    attachments = models.TextField(default="[]")
    reactions = models.TextField(default="{}")
    previews = models.TextField(default="[]", db_default="[]")
    revisions = models.IntegerField(default=0)
    client_id = models.CharField(max_length=64, null=True)
    created_at = MomentField(default=clock.now)
    edited_at = MomentField(null=True)  # type: ignore[misc]
    deleted_at = MomentField(null=True)  # type: ignore[misc]
    pinned_at = MomentField(null=True)  # type: ignore[misc]
    pinned_by = models.ForeignKey("identity.User", on_delete=models.SET_NULL, null=True, related_name="+")
    seq = models.BigIntegerField()
    created_seq = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="message_number"),
            models.UniqueConstraint(
                fields=["conversation", "author", "client_id"], name="message_once_a_client_id"
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "seq"], name="message_log"),
            models.Index(fields=["conversation", "thread", "number"], name="message_timeline"),
            models.Index(
                fields=["conversation", "thread", "number", "author"],
                condition=models.Q(deleted_at=None, kind="text"),
                name="message_countable",
            ),
            models.Index(fields=["conversation", "created_at", "id"], name="message_newest"),
            models.Index(
                fields=["conversation", "pinned_at"],
                condition=models.Q(pinned_at__isnull=False),
                name="message_pinned",
            ),
        ]


class Follow(models.Model):
    """Somebody who follows a thread (or has muted it), and how far they have read."""

    id = IdField()
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, db_index=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, db_index=False)
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, db_index=False)
    read_number = models.BigIntegerField(default=0)
    is_following = models.BooleanField(default=True)
    is_muted = models.BooleanField(default=False)
    is_marked_unread = models.BooleanField(default=False)
    own_seq = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "user"], name="follow_once")]
        indexes = [
            models.Index(fields=["user", "own_seq"], name="follow_own_log"),
            models.Index(fields=["user", "conversation"], name="follow_of"),
        ]


class Mention(models.Model):
    """One person (`user`), everybody of a group (`group`), or the whole conversation (neither): a row, not one each.

    `is_here`: named by being there then.
    """

    id = IdField()
    message = models.ForeignKey(Message, on_delete=models.CASCADE)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, db_index=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, null=True)
    number = models.BigIntegerField()
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, null=True, db_index=False)
    group = models.ForeignKey("identity.Group", on_delete=models.CASCADE, null=True)
    is_here = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["user", "conversation", "number"], name="mention_of"),
            models.Index(
                fields=["conversation", "number"], condition=models.Q(user=None), name="mention_wide"
            ),
        ]


class Revision(models.Model):
    """What a message said before its edit number `number`."""

    id = IdField()
    message = models.ForeignKey(Message, on_delete=models.CASCADE, db_index=False)
    number = models.IntegerField()
    body = models.TextField()
    html = models.TextField()
    until = MomentField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "number"], name="revision_once")]


class Acknowledgement(models.Model):
    id = IdField()
    message = models.ForeignKey(Message, on_delete=models.CASCADE, db_index=False)
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE)
    at = MomentField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="acknowledged_once")]


class File(models.Model):
    """A file of a message; without a message it waits to be sent, and goes after a week. Pictures have a width."""

    id = IdField()
    user = models.ForeignKey("identity.User", on_delete=models.SET_NULL, null=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True)
    blob = models.ForeignKey("base.Blob", on_delete=models.PROTECT)
    filename = models.CharField(max_length=255)
    content_type = models.CharField(max_length=255)
    size_bytes = models.BigIntegerField()
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    created_at = MomentField(default=clock.now)


class Preview(models.Model):
    """A link of a message of which a preview is shown, or (`is_removed`) is not to be shown any more.

    `key` is a hash of its URL; `image_url` is where the picture is, which clients only get through the image proxy.
    """

    id = IdField()
    message = models.ForeignKey(Message, on_delete=models.CASCADE, db_index=False)
    key = models.CharField(max_length=64)
    image_url = models.TextField(default="")
    is_removed = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "key"], name="preview_once_a_link")]


class LinkedPage(models.Model):
    """What a page said of itself when an organisation asked; for some hours it is not asked again.

    Without a title it said nothing, or did not answer.
    """

    id = IdField()
    organisation = models.ForeignKey("identity.Organisation", on_delete=models.CASCADE, db_index=False)
    key = models.CharField(max_length=64)
    host = models.CharField(max_length=255, default="")
    title = models.CharField(max_length=200, default="")
    description = models.CharField(max_length=400, default="")
    site = models.CharField(max_length=80, default="")
    image_url = models.TextField(default="")
    asked_at = MomentField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="linkedpage_once")]
        indexes = [models.Index(fields=["asked_at"], name="linkedpage_age")]


class IdempotencyKey(models.Model):
    """What a request with this key made: a message, or one that waits to be sent."""

    pk = models.CompositePrimaryKey("user_id", "key")
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, db_index=False, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True)
    scheduled = models.ForeignKey("Scheduled", on_delete=models.CASCADE, null=True)
    created_at = MomentField(default=clock.now)
