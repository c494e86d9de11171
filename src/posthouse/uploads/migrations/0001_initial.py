import django.db.models.deletion
import posthouse.base.fields
import posthouse.base.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('base', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', posthouse.base.fields.IdField(default=posthouse.base.ids.new_id, primary_key=True, serialize=False)),
                ('purpose', models.CharField(max_length=16)),
                ('filename', models.CharField(max_length=255)),
                ('content_type', models.CharField(default='', max_length=255)),
                ('length_bytes', models.BigIntegerField()),
                ('offset_bytes', models.BigIntegerField(default=0)),
                ('pieces', models.IntegerField(default=0)),
                ('is_done', models.BooleanField(default=False)),
                ('expires_at', posthouse.base.fields.MomentField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['expires_at'], name='upload_end')],
            },
        ),
        migrations.CreateModel(
            name='Piece',
            fields=[
                ('id', posthouse.base.fields.IdField(default=posthouse.base.ids.new_id, primary_key=True, serialize=False)),
                ('at', models.BigIntegerField()),
                ('blob', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='base.blob')),
                ('upload', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='uploads.upload')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('upload', 'at'), name='piece_once')],
            },
        ),
    ]
