"""Who may open channels and direct conversations, and the index by which those who manage them are shown them.

Both columns have defaults of the database's own, so that the previous release writes rows as before.
"""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0003_previews")]

    operations = [
        migrations.AddField(
            model_name="policy",
            name="creating",
            field=models.CharField(
                choices=[("everybody", "Everybody"), ("admins", "Admins")],
                db_default="everybody",
                default="everybody",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="personstate",
            name="direct_from",
            field=models.CharField(
                choices=[("everybody", "Everybody"), ("groups", "Groups"), ("nobody", "Nobody")],
                db_default="everybody",
                default="everybody",
                max_length=16,
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("kind__in", ["group", "channel"])),
                fields=["organisation", "id"],
                name="conversation_managed",
            ),
        ),
    ]
