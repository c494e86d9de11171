import django.db.models.deletion
import posthouse.base.fields
import posthouse.base.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Thumbnail',
            fields=[
                ('id', posthouse.base.fields.IdField(default=posthouse.base.ids.new_id, primary_key=True, serialize=False)),
                ('part', models.CharField(default='', max_length=64)),
                ('data', models.BinaryField()),
                ('blob', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='base.blob')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('blob', 'part'), name='thumbnail_once')],
            },
        ),
    ]
