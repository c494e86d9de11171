from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mail", "0009_listed_fields")]

    operations = [
        migrations.AddField(model_name="email", name="parents", field=models.TextField(null=True)),
    ]
