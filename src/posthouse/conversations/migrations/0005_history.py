"""Whether newcomers see what was said before, and from where each of them sees.

All columns have defaults of the database's own, so that the previous release writes rows as before. A thread without
the number of its root is from before the column, and so from before anybody who is not shown everything.
"""

from __future__ import annotations

from django.db import migrations, models

HISTORY = [("all", "All"), ("joined", "Joined")]


class Migration(migrations.Migration):
    dependencies = [("conversations", "0004_hold")]

    operations = [
        migrations.AddField(
            model_name="policy",
            name="history",
            field=models.CharField(choices=HISTORY, db_default="all", default="all", max_length=16),
        ),
        migrations.AddField(
            model_name="conversation",
            name="history",
            field=models.CharField(choices=HISTORY, max_length=16, null=True),
        ),
        migrations.AddField(
            model_name="participant",
            name="shown_after",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="thread",
            name="root_number",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
    ]
