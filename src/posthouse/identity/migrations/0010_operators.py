from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0009_identity_providers")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="is_operator",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
