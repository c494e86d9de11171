from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0010_operators")]

    operations = [
        migrations.AddField(
            model_name="apppassword",
            name="scram",
            field=models.CharField(db_default="", default="", max_length=500),
        ),
        migrations.AddField(
            model_name="user",
            name="scram_salt",
            field=models.CharField(db_default="", default="", max_length=32),
        ),
        migrations.AlterField(
            model_name="user",
            name="password",
            field=models.CharField(max_length=500),
        ),
    ]
