"""The rules that people wrote, and what their rules did to old mail. Which mail that is, this room does not know."""

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
