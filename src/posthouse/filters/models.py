"""The rules that people wrote and what those did to old mail; what is junk to them, and what was learnt of it.

Which mail that is, this room does not know.
"""

from __future__ import annotations

from django.db import models

from posthouse.base import clock
from posthouse.base.fields import IdField, MomentField


class Rule(models.Model):
    """`content` is the JSON of `language.Content`. Rules of an account are asked by position, the first is 1."""

    id = IdField()
    account = models.ForeignKey("mail.Account", on_delete=models.CASCADE, db_index=False)
    name = models.CharField(max_length=200)
    position = models.IntegerField()
    is_enabled = models.BooleanField(default=True)
    content = models.TextField()
    created_at = MomentField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["account", "position", "id"], name="rule_order"),
            models.Index(fields=["account"], condition=models.Q(is_enabled=True), name="rule_in_force"),
        ]


class Target(models.Model):
    """A mailbox that a rule names. Without one it was deleted, and the rule is broken."""

    id = IdField()
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE)
    mailbox = models.ForeignKey("mail.Mailbox", on_delete=models.SET_NULL, null=True)


class Run(models.Model):
    """A rule applied to mail that was here already. `content` is what the rule said then.

    `mailbox_id` and `uid` are the place that was looked at last.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        UNDOING = "undoing"
        UNDONE = "undone"

    id = IdField()
    account = models.ForeignKey("mail.Account", on_delete=models.CASCADE, db_index=False)
    rule = models.ForeignKey(Rule, on_delete=models.SET_NULL, null=True)
    content = models.TextField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.RUNNING)
    total = models.IntegerField()
    looked_at = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    put_back = models.IntegerField(default=0)
    mailbox_id = models.BigIntegerField(default=0)
    uid = models.BigIntegerField(default=0)
    created_at = MomentField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["account", "id"], name="run_list")]


class Change(models.Model):
    """What a run did to one e-mail, as JSON that undoes it."""

    id = IdField()
    run = models.ForeignKey(Run, on_delete=models.CASCADE)
    undo = models.TextField()


class JunkSettings(models.Model):
    """Of an account or of an organisation; null takes what stands above. `refuse_at` is an organisation's alone."""

    id = IdField()
    account = models.OneToOneField("mail.Account", on_delete=models.CASCADE, null=True)
    organisation = models.OneToOneField("identity.Organisation", on_delete=models.CASCADE, null=True)
    is_enabled = models.BooleanField(null=True)
    threshold = models.FloatField(null=True)
    refuse_at = models.FloatField(null=True)


class Sender(models.Model):
    """A line of the lists of an account or an organisation: an address or a domain, in lower case."""

    id = IdField()
    account = models.ForeignKey("mail.Account", on_delete=models.CASCADE, null=True, db_index=False)
    organisation = models.ForeignKey(
        "identity.Organisation", on_delete=models.CASCADE, null=True, db_index=False
    )
    value = models.CharField(max_length=320)
    is_allowed = models.BooleanField()
    created_at = MomentField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "value"], name="sender_once_an_account"),
            models.UniqueConstraint(fields=["organisation", "value"], name="sender_once_an_organisation"),
        ]


class Learner(models.Model):
    """What an account or an organisation learnt: e-mails of each kind. One of neither is being forgotten.

    `modseq` and `email_id` are the place in the account's log up to which it was read, `version` the tokens'.
    """

    id = IdField()
    account = models.OneToOneField("mail.Account", on_delete=models.CASCADE, null=True)
    organisation = models.OneToOneField("identity.Organisation", on_delete=models.CASCADE, null=True)
    ham = models.IntegerField(default=0)
    spam = models.IntegerField(default=0)
    version = models.IntegerField()
    modseq = models.BigIntegerField(default=0)
    email_id = models.BigIntegerField(default=0)


class Token(models.Model):
    """In how many e-mails of each kind a token stood. `day` is when it was last learnt."""

    pk = models.CompositePrimaryKey("learner_id", "token")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, db_index=False)
    token = models.BigIntegerField()
    ham = models.IntegerField()
    spam = models.IntegerField()
    day = models.IntegerField()


class Learnt(models.Model):
    """An e-mail that counts, and as what: in its account's numbers (`is_own`), in its organisation's (`is_shared`)."""

    email_id = models.BigIntegerField(primary_key=True)
    account = models.ForeignKey("mail.Account", on_delete=models.CASCADE)
    is_spam = models.BooleanField()
    is_own = models.BooleanField()
    is_shared = models.BooleanField()
