"""Assignments have a place in their account's log, and accounts a setting of what new mail does to what was done.

People outside are told nothing of what was said before they came, where newcomers are not. The columns have defaults of
the database's own, so that the previous release writes rows as before.
"""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bridge", "0002_notes"), ("mail", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="outsider",
            name="shown_after",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="assignment",
            name="modseq",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["account", "modseq"], name="assignment_changes"),
        ),
        migrations.CreateModel(
            name="Desk",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="mail.account",
                    ),
                ),
                (
                    "reopening",
                    models.CharField(
                        choices=[("assignee", "Assignee"), ("nobody", "Nobody"), ("never", "Never")],
                        default="assignee",
                        max_length=8,
                    ),
                ),
                ("version", models.IntegerField(default=0)),
            ],
        ),
    ]
