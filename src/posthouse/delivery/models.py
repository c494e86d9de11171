"""Mail on its way out: a row per submission, per recipient and per attempt, so "where is my mail?" is a query."""

from __future__ import annotations

from django.db import models

from posthouse.base import clock
from posthouse.base.fields import IdField, MomentField


class Submission(models.Model):
    """One e-mail that somebody sent, or (`is_forward`) one that came in and goes on by itself.

    `blob` is what goes over the wire (without Bcc). What goes to a list (`list_name`) gets each recipient's way out of
    it there.
    """

    class State(models.TextChoices):
        HELD = "held"
        ACTIVE = "active"
        DONE = "done"
        CANCELLED = "cancelled"

    id = IdField()
    account = models.ForeignKey("mail.Account", on_delete=models.CASCADE, null=True)
    email_id = models.BigIntegerField(null=True, db_index=True)
    blob = models.ForeignKey("base.Blob", on_delete=models.PROTECT, db_index=False)
    mail_from = models.CharField(max_length=320)
    is_smtputf8 = models.BooleanField(default=False)
    is_8bit = models.BooleanField(default=False)
    envelope_id = models.CharField(max_length=100, default="")
    returns_headers_only = models.BooleanField(default=False)
    requires_tls = models.BooleanField(default=False, db_default=False)
    is_forward = models.BooleanField(default=False, db_default=False)
    list_name = models.CharField(max_length=100, default="", db_default="")
    state = models.CharField(max_length=16, choices=State.choices, default=State.ACTIVE)
    hold_until = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours
    created_at = MomentField(default=clock.now)
    modseq = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["account", "modseq"], name="submission_changes")]


class Recipient(models.Model):
    """One address of a submission. `due_at` is when to try next; while it is being tried, when the lease ends."""

    class State(models.TextChoices):
        HELD = "held"
        QUEUED = "queued"
        SENDING = "sending"
        RETRYING = "retrying"
        DELIVERED = "delivered"
        FAILED = "failed"
        CANCELLED = "cancelled"
        SKIPPED = "skipped"

    id = IdField()
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE)
    address = models.CharField(max_length=320)
    domain = models.CharField(max_length=253)
    notify = models.CharField(max_length=40, default="")
    original = models.CharField(max_length=500, default="")
    state = models.CharField(max_length=16, choices=State.choices, default=State.QUEUED)
    due_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours
    lease = models.BigIntegerField(default=0)
    attempts = models.IntegerField(default=0)
    host = models.CharField(max_length=255, default="")
    is_tls = models.BooleanField(null=True)
    proof = models.CharField(max_length=12, default="", db_default="")
    code = models.CharField(max_length=12, default="")
    answer = models.CharField(max_length=500, default="")
    updated_at = MomentField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="recipient_due")
        ]


class Attempt(models.Model):
    """What happened at one try."""

    id = IdField()
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE)
    at = MomentField(default=clock.now)
    host = models.CharField(max_length=255, default="")
    is_tls = models.BooleanField(null=True)
    proof = models.CharField(max_length=12, default="", db_default="")
    outcome = models.CharField(max_length=16)
    code = models.CharField(max_length=12, default="")
    answer = models.CharField(max_length=500, default="")


class Refusal(models.Model):
    """Mail for one of an organisation's addresses that a door turned away. The same again soon is one row (`times`)."""

    id = IdField()
    organisation = models.ForeignKey("identity.Organisation", on_delete=models.CASCADE, db_index=False)
    at = MomentField()
    times = models.IntegerField(default=1)
    door = models.CharField(max_length=16)
    peer = models.CharField(max_length=45)
    helo = models.CharField(max_length=255)
    sender = models.CharField(max_length=320)
    recipient = models.CharField(max_length=320)
    code = models.CharField(max_length=12)
    answer = models.CharField(max_length=400)

    class Meta:
        indexes = [models.Index(fields=["organisation", "id"], name="refusal_of_organisation")]


class StsPolicy(models.Model):
    """What a domain has said of the servers that take its mail (RFC 8461); `mx` are host names with spaces between."""

    domain = models.CharField(max_length=253, primary_key=True)
    number = models.CharField(max_length=32)
    mode = models.CharField(max_length=8)
    mx = models.TextField()
    expires_at = MomentField()


class IdempotencyKey(models.Model):
    """A key that a client gave with a sending request, written in the transaction of the sending."""

    pk = models.CompositePrimaryKey("user_id", "key")
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, db_index=False)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    submission_id = models.BigIntegerField()
    created_at = MomentField(default=clock.now)


# --- what an account does by itself (automatic/) ----------------------------------------------------


class Vacation(models.Model):
    """What people are answered while somebody is away; once per sender in so many days."""

    account = models.OneToOneField("mail.Account", on_delete=models.CASCADE, primary_key=True)
    is_enabled = models.BooleanField(default=False)
    from_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours
    until_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours
    subject = models.CharField(max_length=200, default="")
    text = models.TextField(default="")
    days = models.IntegerField(default=7)

    class Meta:
        indexes = [
            models.Index(fields=["account"], condition=models.Q(is_enabled=True), name="vacation_in_force")
        ]


class Answered(models.Model):
    """When a sender last got an answer by a program. `source` is the rule that answered; 0 is the vacation."""

    id = IdField()
    account = models.ForeignKey("mail.Account", on_delete=models.CASCADE, db_index=False)
    source = models.BigIntegerField(default=0)
    sender = models.CharField(max_length=320)
    at = MomentField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "source", "sender"], name="answered_once")]
        indexes = [models.Index(fields=["account", "at"], name="answered_lately")]


class Forward(models.Model):
    """An address that mail of an account may go on to, once whoever reads there has said so.

    `is_enabled`: all mail goes there; rules may send some there anyway. Without `keeps_copy` what went on is put into
    Trash.
    """

    id = IdField()
    account = models.ForeignKey("mail.Account", on_delete=models.CASCADE, db_index=False)
    address = models.CharField(max_length=320)
    is_enabled = models.BooleanField(default=True)
    keeps_copy = models.BooleanField(default=True)
    confirmed_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours
    created_at = MomentField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "address"], name="forward_once")]


class Done(models.Model):
    """An e-mail that was answered and forwarded as it asks for: a job that runs twice does it once."""

    email_id = models.BigIntegerField(primary_key=True)
    at = MomentField(default=clock.now)


class Template(models.Model):
    """A text to write with, of an account or (without one) of the organisation; `{{name}}` stands for a recipient's.

    `html` is clean (wire/html/outgoing.py).
    """

    id = IdField()
    organisation = models.ForeignKey("identity.Organisation", on_delete=models.CASCADE)
    account = models.ForeignKey("mail.Account", on_delete=models.CASCADE, null=True)
    name = models.CharField(max_length=100)
    subject = models.CharField(max_length=500, default="")
    html = models.TextField()
    created_at = MomentField(default=clock.now)


class Signature(models.Model):
    """What one closes with. `html` is clean (wire/html/outgoing.py)."""

    id = IdField()
    account = models.ForeignKey("mail.Account", on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    html = models.TextField()
    created_at = MomentField(default=clock.now)


class SignatureChoice(models.Model):
    """The signature that a sending address begins with. In force while the identity still has its text: whoever writes
    that by itself (PATCH /identities/) has chosen none."""

    identity = models.OneToOneField("mail.Identity", on_delete=models.CASCADE, primary_key=True)
    signature = models.ForeignKey(Signature, on_delete=models.CASCADE)


# --- leaving lists ------------------------------------------------------------------------------------


class Departure(models.Model):
    """A list that an account has left, by its List-Id or its sender. `is_done` once the list has been told."""

    id = IdField()
    account = models.ForeignKey("mail.Account", on_delete=models.CASCADE, db_index=False)
    list_key = models.CharField(max_length=320)
    way = models.CharField(max_length=12)
    is_done = models.BooleanField(default=False)
    at = MomentField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "list_key"], name="departure_once")]


class Suppression(models.Model):
    """Somebody who left a list of ours: what is sent to the list passes them over."""

    id = IdField()
    account = models.ForeignKey("mail.Account", on_delete=models.CASCADE, db_index=False)
    list_name = models.CharField(max_length=100)
    address = models.CharField(max_length=320)
    at = MomentField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "list_name", "address"], name="suppression_once")
        ]
