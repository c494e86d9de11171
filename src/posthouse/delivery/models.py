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
    ignores_tls = models.BooleanField(default=False, db_default=False)
    is_forward = models.BooleanField(default=False, db_default=False)
    list_name = models.CharField(max_length=100, default="", db_default="")
    message_id = models.CharField(max_length=998, default="", db_default="")
    user_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.ACTIVE)
    hold_until = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours
    created_at = MomentField(default=clock.now)
    modseq = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["account", "modseq"], name="submission_changes"),
            models.Index(fields=["message_id"], name="submission_message_id"),
            models.Index(
                fields=["account", "list_name", "id"],
                condition=~models.Q(list_name=""),
                name="submission_to_list",
            ),
            models.Index(
                fields=["user_id"], name="submission_unsent", condition=models.Q(state__in=("held", "active"))
            ),
        ]


class Recipient(models.Model):
    """One address of a submission. `due_at` is when to try next; while it is being tried, when the lease ends.

    What is held waits for the end of undo (then it is due), or by `hold` for somebody: "stop" (limits/stops.py)
    or "admin". `report` and its neighbours are what came back later (fate/fates.py), whatever the queue has written.
    `delay_told_at` is when its sender heard that it still waits (fate/delays.py).
    """

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
    hold = models.CharField(max_length=8, default="", db_default="")
    lease = models.BigIntegerField(default=0)
    attempts = models.IntegerField(default=0)
    host = models.CharField(max_length=255, default="")
    is_tls = models.BooleanField(null=True)
    proof = models.CharField(max_length=12, default="", db_default="")
    code = models.CharField(max_length=12, default="")
    answer = models.CharField(max_length=500, default="")
    updated_at = MomentField(default=clock.now)
    report = models.CharField(max_length=12, default="", db_default="")
    report_host = models.CharField(max_length=255, default="", db_default="")
    report_code = models.CharField(max_length=12, default="", db_default="")
    report_answer = models.CharField(max_length=500, default="", db_default="")
    reported_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours
    read_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours
    complained_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours
    delay_told_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="recipient_due"),
            models.Index(
                fields=["domain", "id"],
                condition=models.Q(state__in=("held", "queued", "sending", "retrying")),
                name="recipient_waiting",
            ),
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


class SendingLimits(models.Model):
    """What may be sent in a day: by one person, and by `all_` of the organisation (sending_limits.py)."""

    organisation = models.OneToOneField("identity.Organisation", on_delete=models.CASCADE, primary_key=True)
    messages = models.IntegerField()
    new_recipients = models.IntegerField()
    all_messages = models.IntegerField()
    all_new_recipients = models.IntegerField()
    is_watched = models.BooleanField(default=True)


class SendingCount(models.Model):
    """How much was sent in an hour (since 1970); `owner_id` is a person's or an organisation's (counting.py)."""

    pk = models.CompositePrimaryKey("scope", "owner_id", "hour")
    scope = models.CharField(max_length=12)
    owner_id = models.BigIntegerField()
    hour = models.IntegerField()
    messages = models.IntegerField(default=0)
    new_recipients = models.IntegerField(default=0)
    failures = models.IntegerField(default=0)
    complaints = models.IntegerField(default=0)


class SendingStop(models.Model):
    """A person whose mail is held, since it looks like a thief's; over when somebody has decided (stops.py).

    What was counted by then is `seen_`: it is not held against them again.
    """

    id = IdField()
    user = models.ForeignKey("identity.User", on_delete=models.CASCADE)
    organisation_id = models.BigIntegerField(db_index=True)
    reason = models.CharField(max_length=16)
    new_recipients = models.IntegerField(default=0)
    failures = models.IntegerField(default=0)
    complaints = models.IntegerField(default=0)
    created_at = MomentField(default=clock.now)
    ended_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours
    outcome = models.CharField(max_length=12, default="")
    ended_by = models.BigIntegerField(default=0)
    seen_new_recipients = models.IntegerField(default=0)
    seen_failures = models.IntegerField(default=0)
    seen_complaints = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(ended_at__isnull=True), name="one_open_stop"
            )
        ]


class KeyRotation(models.Model):
    """How often a domain gets new keys to sign with, and since when the newest pair is published (key_rotation.py)."""

    domain = models.OneToOneField("identity.Domain", on_delete=models.CASCADE, primary_key=True)
    every_days = models.IntegerField(null=True)
    newest = models.CharField(max_length=63, default="")
    published_at = MomentField(null=True)  # type: ignore[misc]  # the stubs know no null of ours


class DomainReport(models.Model):
    """What another server reported about a domain of ours for a while (domain_reports.py)."""

    id = IdField()
    domain = models.ForeignKey("identity.Domain", on_delete=models.CASCADE, db_index=False)
    kind = models.CharField(max_length=8)
    reporter = models.CharField(max_length=253)
    number = models.CharField(max_length=255)
    policy = models.CharField(max_length=12, default="")
    begin_at = MomentField()
    end_at = MomentField(db_index=True)
    successes = models.BigIntegerField(default=0)
    failures = models.BigIntegerField(default=0)
    received_at = MomentField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["domain", "kind", "reporter", "number"], name="domain_report_once"
            )
        ]


class DomainReportRow(models.Model):
    """Mails of a DMARC report that are alike."""

    id = IdField()
    report = models.ForeignKey(DomainReport, on_delete=models.CASCADE)
    source = models.CharField(max_length=45)
    count = models.BigIntegerField()
    disposition = models.CharField(max_length=12)
    dkim = models.CharField(max_length=4)
    spf = models.CharField(max_length=4)
    header_from = models.CharField(max_length=253)
    dkim_domain = models.CharField(max_length=253)
    spf_domain = models.CharField(max_length=253)


class TlsFailure(models.Model):
    """Sessions of a TLS report that failed alike."""

    id = IdField()
    report = models.ForeignKey(DomainReport, on_delete=models.CASCADE)
    kind = models.CharField(max_length=64)
    server = models.CharField(max_length=253)
    policy = models.CharField(max_length=16)
    count = models.BigIntegerField()


class Seen(models.Model):
    """What is to be reported of a domain's mail on a day (since 1970, UTC), until it is (reporting/seen.py).

    `key` is the hash of `content`.
    """

    id = IdField()
    kind = models.CharField(max_length=8)
    day = models.IntegerField(db_index=True)
    domain = models.CharField(max_length=253)
    key = models.CharField(max_length=64)
    content = models.TextField()
    times = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "day", "domain", "key"], name="seen_once")]


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


class SuppressedAddress(models.Model):
    """An address that no list of an organisation writes to: it bounced for good, or whoever reads there complained.

    `answer` is what was said then (suppression/suppressed.py).
    """

    class Reason(models.TextChoices):
        BOUNCED = "bounced"
        COMPLAINED = "complained"

    id = IdField()
    organisation = models.ForeignKey("identity.Organisation", on_delete=models.CASCADE, db_index=False)
    address = models.CharField(max_length=320)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    answer = models.CharField(max_length=500, default="")
    at = MomentField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "address"], name="suppressed_address_once")
        ]
        indexes = [models.Index(fields=["organisation", "id"], name="suppressed_of_organisation")]


class MailingList(models.Model):
    """People an account writes to all at once. `name` is what ways out of it are sealed with, and stays."""

    id = IdField()
    account = models.ForeignKey("mail.Account", on_delete=models.CASCADE, db_index=False)
    name = models.CharField(max_length=100)
    title = models.CharField(max_length=200)
    created_at = MomentField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="mailing_list_once")]


class ListMember(models.Model):
    """Somebody on a list. `consent` is how they said yes, in the words of who put them there (`added_by`)."""

    id = IdField()
    mailing_list = models.ForeignKey(MailingList, on_delete=models.CASCADE, db_index=False)
    address = models.CharField(max_length=320)
    name = models.CharField(max_length=200, default="")
    consent = models.CharField(max_length=500)
    added_by = models.BigIntegerField()
    added_at = MomentField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailing_list", "address"], name="list_member_once")]
        indexes = [models.Index(fields=["mailing_list", "id"], name="member_of_list")]
