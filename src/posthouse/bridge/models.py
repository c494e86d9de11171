"""Where mail and conversations meet.

Invariants
- An outsider's `last_sent_number` moves in the transaction that queues the mail, by compare-and-set: a message goes to
  them once, or not yet.
- The secret in their address is made of the row's id, its `generation` and SECRET_KEY (addresses.py). Another
  generation ends all addresses before it; so does the state `left`.
- What they wrote comes in once: `Received` remembers each mail in the transaction that made a message of it.
- `Notes` says which thread of which account a conversation of notes is on; when threads are joined its rows go along in
  the same transaction, so one thread may have several, of which the oldest takes what is written next. A thread that
  has notes, or was ever assigned, has one `Assignment`, with the number of its last change in the account's log.
"""

from __future__ import annotations

from django.db import models

from posthouse.base import clock
from posthouse.base.fields import IdField, MomentField


class Outsider(models.Model):
    """Somebody who takes part in a conversation by mail. `address` as it is written to, `key` as it is compared.

    Where newcomers are not shown what was said before, no mail to them has a word of messages up to `shown_after`.

    The room below deletes conversations without knowing of this one: rows of those that are gone go with jobs.forget.
    """

    class Mode(models.TextChoices):
        EACH = "each"
        HOURLY = "hourly"
        DAILY = "daily"

    class State(models.TextChoices):
        INVITED = "invited"
        ACTIVE = "active"
        PAUSED = "paused"
        LEFT = "left"

    id = IdField()
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, db_index=False, db_constraint=False
    )
    address = models.CharField(max_length=320)
    key = models.CharField(max_length=320)
    name = models.CharField(max_length=200)
    domain = models.CharField(max_length=253)
    generation = models.IntegerField(default=0)
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.EACH)
    state = models.CharField(max_length=8, choices=State.choices, default=State.INVITED)
    reason = models.CharField(max_length=32, default="")
    invited_by = models.ForeignKey("identity.User", on_delete=models.SET_NULL, null=True)
    created_at = MomentField(default=clock.now)
    last_sent_number = models.BigIntegerField(default=0)
    shown_after = models.BigIntegerField(default=0, db_default=0)
    next_at = MomentField(default=clock.now)
    bounces = models.IntegerField(default=0)
    dropped = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "key"], name="outsider_once")]
        indexes = [models.Index(fields=["mode", "next_at"], name="outsider_due")]


class SentMail(models.Model):
    """A mail to an outsider. `mail_id` is its Message-ID, `thread_id` the conversation's thread, 0 for the main one."""

    id = IdField()
    outsider = models.ForeignKey(Outsider, on_delete=models.CASCADE, db_index=False)
    mail_id = models.CharField(max_length=320, unique=True)
    thread_id = models.BigIntegerField(default=0)
    message_id = models.BigIntegerField(null=True)
    submission_id = models.BigIntegerField()
    is_settled = models.BooleanField(default=False)
    created_at = MomentField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["outsider", "thread_id", "id"], name="sent_mail_of"),
            models.Index(fields=["id"], condition=models.Q(is_settled=False), name="sent_mail_open"),
        ]


class Received(models.Model):
    """A mail that became a message, or was held: by a hash of what it is."""

    pk = models.CompositePrimaryKey("outsider_id", "digest")
    outsider = models.ForeignKey(Outsider, on_delete=models.CASCADE, db_index=False)
    digest = models.CharField(max_length=64)
    at = MomentField(default=clock.now)


class HeldMail(models.Model):
    """A mail to an outsider's address that is not proved to be theirs, until somebody lets it in or throws it away."""

    id = IdField()
    outsider = models.ForeignKey(Outsider, on_delete=models.CASCADE)
    blob = models.ForeignKey("base.Blob", on_delete=models.PROTECT)
    sender = models.CharField(max_length=320)
    subject = models.CharField(max_length=500)
    reason = models.CharField(max_length=32)
    received_at = MomentField(default=clock.now)


class Assignment(models.Model):
    """Whose a mail thread is, and how far. `version` is another with each change.

    `done_modseq` is how far the account had come when it was done: mail that others wrote since opens it again.
    Accounts and conversations go without knowing of this room, so nothing here holds them (jobs.py).
    """

    class Status(models.TextChoices):
        OPEN = "open"
        PENDING = "pending"
        DONE = "done"

    id = IdField()
    account = models.ForeignKey(
        "mail.Account", on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="+"
    )
    thread_id = models.BigIntegerField()
    assignee = models.ForeignKey(
        "identity.User", on_delete=models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    done_modseq = models.BigIntegerField(default=0)
    version = models.IntegerField(default=0)
    modseq = models.BigIntegerField(default=0, db_default=0)
    changed_by = models.ForeignKey(
        "identity.User", on_delete=models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    changed_at = MomentField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "thread_id"], name="assignment_once")]
        indexes = [
            models.Index(fields=["account", "changed_at", "id"], name="assignment_list"),
            models.Index(fields=["assignee", "account", "changed_at", "id"], name="assignment_of"),
            models.Index(fields=["account", "modseq"], name="assignment_changes"),
        ]


class Desk(models.Model):
    """How an account's threads are worked on. `reopening`: whose a thread that was done is when others write in it.

    `version` is another with each change.
    """

    class Reopening(models.TextChoices):
        ASSIGNEE = "assignee"
        NOBODY = "nobody"
        NEVER = "never"

    account = models.OneToOneField(
        "mail.Account", on_delete=models.CASCADE, primary_key=True, db_constraint=False, related_name="+"
    )
    reopening = models.CharField(max_length=8, choices=Reopening.choices, default=Reopening.ASSIGNEE)
    version = models.IntegerField(default=0)


class Notes(models.Model):
    """A conversation in which colleagues talk on a mail thread; outlives its account until its content is removed."""

    conversation = models.OneToOneField(
        "conversations.Conversation",
        on_delete=models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="+",
    )
    account = models.ForeignKey(
        "mail.Account", on_delete=models.DO_NOTHING, db_index=False, db_constraint=False, related_name="+"
    )
    thread_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["account", "thread_id"], name="notes_of")]
