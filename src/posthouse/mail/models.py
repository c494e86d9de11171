"""The store's tables. See docs/architecture.md, "The store".

Invariants
- Every change takes the account's next `modseq` and stamps the rows it touched, in one transaction. Filing an e-mail
  touches its places, not the e-mail.
- An Email's bytes never change. It lies in one or more mailboxes; each Placement has a UID that is never used
  again (RFC 9051 §2.3.1.1).
- Counters equal what a recount gives (`posthouse check`).
- What vanished is in Expunged (placements) and Tombstone (e-mails, mailboxes) until `Account.horizon` passes it.
"""

from __future__ import annotations

from django.db import models

from posthouse.base import clock
from posthouse.base.fields import IdField, MomentField


class Account(models.Model):
    class Kind(models.TextChoices):
        LOCAL = "local"
        SHARED = "shared"

    id = IdField()
    organisation = models.ForeignKey("identity.Organisation", on_delete=models.CASCADE)
    owner = models.ForeignKey("identity.User", on_delete=models.CASCADE, null=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.LOCAL)
    quota_bytes = models.BigIntegerField(null=True)
    used_bytes = models.BigIntegerField(default=0)
    modseq = models.BigIntegerField(default=1)
    horizon = models.BigIntegerField(default=0)
    imap_off = models.TextField(default="", db_default="")
    """Names of IMAP extensions that are not offered, with spaces between (imap_off.py)."""

    class Meta:
        indexes = [
            models.Index(fields=["organisation"], condition=models.Q(kind="shared"), name="account_shared")
        ]


class AccountGrant(models.Model):
    """What somebody else, or a group, may do with an account. `level` is `access.Right`."""

    id = IdField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="grants", db_index=False)
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, null=True)
    group = models.ForeignKey("identity.Group", on_delete=models.CASCADE, null=True)
    level = models.SmallIntegerField()
    created_at = MomentField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "user"], name="grant_once_a_person"),
            models.UniqueConstraint(fields=["account", "group"], name="grant_once_a_group"),
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, group__isnull=True)
                | models.Q(user__isnull=True, group__isnull=False),
                name="grant_is_somebodys",
            ),
        ]


class Identity(models.Model):
    """A name and address one may send as."""

    id = IdField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    name = models.CharField(max_length=200, default="")
    email = models.CharField(max_length=320)
    signature_html = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "email"], name="identity_once")]


class Mailbox(models.Model):
    """What IMAP calls a mailbox and a person a folder or a label."""

    class Role(models.TextChoices):
        INBOX = "inbox"
        DRAFTS = "drafts"
        SENT = "sent"
        ARCHIVE = "archive"
        JUNK = "junk"
        TRASH = "trash"

    id = IdField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True)
    name = models.CharField(max_length=255)
    role = models.CharField(max_length=16, choices=Role.choices, default="", blank=True)
    uidvalidity = models.BigIntegerField()
    uidnext = models.BigIntegerField(default=1)
    total_emails = models.IntegerField(default=0)
    unread_emails = models.IntegerField(default=0)
    is_subscribed = models.BooleanField(default=True)
    sort_order = models.IntegerField(default=100)
    modseq = models.BigIntegerField()
    retention_days = models.IntegerField(null=True)
    """E-mails that have lain here so long are taken out; null keeps them (mail/retention.py)."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "parent", "name"], name="mailbox_name_once"),
            models.UniqueConstraint(
                fields=["account", "name"],
                condition=models.Q(parent__isnull=True),
                name="mailbox_top_name_once",
            ),
            models.UniqueConstraint(
                fields=["account", "role"], condition=~models.Q(role=""), name="mailbox_role_once"
            ),
        ]


class Email(models.Model):
    """One e-mail: a small row, since every list reads only this. `blob` holds its bytes as received.

    `twin_of` is the e-mail that this one was copied of, to a mailbox where that lay already. `parents` are the
    Message-IDs that it names, with spaces between (mail/references.py); null where they are many, and of what arrived
    before there was this column. `filed_by` is the rule that put it where it is, by its number alone: rules are another
    room's.
    """

    id = IdField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False)
    thread_id = models.BigIntegerField()
    blob = models.ForeignKey("base.Blob", on_delete=models.PROTECT)
    size_bytes = models.BigIntegerField()
    received_at = MomentField()
    sent_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours
    message_id = models.TextField(default="")
    subject = models.TextField(default="")
    preview = models.TextField(default="")
    sender = models.TextField(default="[]")
    recipients = models.TextField(default="[]")
    copied = models.TextField(default="[]")
    flags = models.IntegerField(default=0)
    keywords = models.TextField(default="")
    has_attachment = models.BooleanField(default=False)
    modseq = models.BigIntegerField()
    created_modseq = models.BigIntegerField()
    twin_of = models.BigIntegerField(null=True)
    parents = models.TextField(null=True)
    filed_by = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account"], condition=models.Q(twin_of__isnull=False), name="email_twins"),
            models.Index(fields=["account", "modseq"], name="email_changes"),
            models.Index(fields=["thread_id"], name="email_thread"),
        ]


class EmailPart(models.Model):
    """What IMAP asks for, as ready bytes, and the offsets of the parts. Written once, at arrival.

    `fields` are those of the header that clients list mailboxes by (mail/listed.py); null where they are long, and of
    what arrived before there was this column. `spam` is what the spam filter said of it at arrival, as JSON of
    `filters.spam.judging.Verdict`; null where it was not asked.
    """

    email = models.OneToOneField(Email, on_delete=models.CASCADE, primary_key=True)
    envelope = models.BinaryField()
    body = models.BinaryField()
    bodystructure = models.BinaryField()
    structure = models.BinaryField()
    fields = models.BinaryField(null=True)
    spam = models.TextField(null=True)


class Placement(models.Model):
    """An e-mail in a mailbox. Thread and time are copied so that a list needs one index.

    `placed_at` is empty where the e-mail came in: that its id tells.
    """

    pk = models.CompositePrimaryKey("mailbox_id", "uid")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, db_index=False)
    uid = models.BigIntegerField()
    email = models.ForeignKey(Email, on_delete=models.CASCADE, db_index=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False)
    thread_id = models.BigIntegerField()
    received_at = MomentField()
    is_deleted = models.BooleanField(default=False)
    modseq = models.BigIntegerField()
    placed_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours

    class Meta:
        constraints = [models.UniqueConstraint(fields=["email", "mailbox"], name="placement_once")]
        indexes = [
            models.Index(fields=["mailbox", "received_at", "email"], name="placement_list"),
            models.Index(fields=["mailbox", "thread_id", "received_at", "email"], name="placement_thread"),
            models.Index(fields=["account", "modseq"], name="placement_changes"),
        ]


class Expunged(models.Model):
    """A UID that vanished from a mailbox, for QRESYNC and for sessions that still show it (RFC 7162)."""

    id = IdField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False)
    mailbox_id = models.BigIntegerField()
    uid = models.BigIntegerField()
    email_id = models.BigIntegerField()
    modseq = models.BigIntegerField()
    at = MomentField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["account", "modseq"], name="expunged_changes")]


class Tombstone(models.Model):
    """An e-mail, mailbox or (joined to another) thread that is gone for good."""

    class Kind(models.TextChoices):
        EMAIL = "email"
        MAILBOX = "mailbox"
        THREAD = "thread"

    id = IdField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    object_id = models.BigIntegerField()
    thread_id = models.BigIntegerField(null=True)
    modseq = models.BigIntegerField()
    at = MomentField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["account", "modseq"], name="tombstone_changes")]


class MessageReference(models.Model):
    """Which thread a Message-ID belongs to, for threading (RFC 8621 §3): hash of the id, hash of the subject."""

    pk = models.CompositePrimaryKey("account_id", "reference", "subject", "thread_id")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False)
    reference = models.BigIntegerField()
    subject = models.BigIntegerField()
    thread_id = models.BigIntegerField()


class Correspondent(models.Model):
    """Whom an account has written to, for completion."""

    id = IdField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE, db_index=False)
    email = models.CharField(max_length=320)
    name = models.CharField(max_length=200, default="")
    sent_count = models.IntegerField(default=0)
    last_at = MomentField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "email"], name="correspondent_once")]


class Upload(models.Model):
    """A file on its way into a draft. Swept after a week."""

    id = IdField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    blob = models.ForeignKey("base.Blob", on_delete=models.PROTECT, db_index=False)
    filename = models.CharField(max_length=255)
    content_type = models.CharField(max_length=255)
    created_at = MomentField(default=clock.now)


class ArchiveImport(models.Model):
    """How far the import of an archive has come; moved in the transaction that stores the e-mails."""

    id = IdField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    source = models.CharField(max_length=500)
    position = models.TextField(default="")
    stored = models.IntegerField(default=0)
    odd = models.IntegerField(default=0)
    updated_at = MomentField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "source"], name="archive_import_once")]


class Annotation(models.Model):
    """A note that a mail client keeps with a mailbox, or (without one) with the organisation (RFC 5464).

    With a person it is theirs alone. `entry` begins below `/private` or `/shared`.
    """

    id = IdField()
    organisation = models.ForeignKey("identity.Organisation", on_delete=models.CASCADE)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, null=True)
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, null=True)
    entry = models.CharField(max_length=255)
    value = models.BinaryField()
