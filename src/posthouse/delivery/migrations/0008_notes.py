import django.db.models.deletion
import posthouse.base.clock
import posthouse.base.fields
import posthouse.base.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0007_reports'),
    ]

    operations = []
