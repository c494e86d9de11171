from django.db import migrations, models

import posthouse.base.fields


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [
        migrations.CreateModel(
            name="Line",
            fields=[
                ("organisation_id", models.BigIntegerField()),
                ("sequence", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", posthouse.base.fields.MomentField()),
                ("actor_email", models.CharField(max_length=320)),
                ("real_actor_id", models.BigIntegerField(null=True)),
                ("subject_id", models.BigIntegerField()),
                ("via", models.CharField(max_length=16)),
                ("ip", models.CharField(max_length=45)),
                ("act", models.CharField(max_length=64)),
                ("object_kind", models.CharField(max_length=32)),
                ("object_id", models.CharField(max_length=64)),
                ("outcome", models.CharField(max_length=16)),
                ("facts", models.TextField()),
            ],
            options={"verbose_name": "audit line", "db_table": "audit_entry", "managed": False},
        ),
    ]
