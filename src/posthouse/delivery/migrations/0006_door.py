import django.db.models.deletion
import posthouse.base.fields
import posthouse.base.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0004_automatic'),
        ('identity', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='submission',
            name='requires_tls',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name='Refusal',
            fields=[
                ('id', posthouse.base.fields.IdField(default=posthouse.base.ids.new_id, primary_key=True, serialize=False)),
                ('at', posthouse.base.fields.MomentField()),
                ('times', models.IntegerField(default=1)),
                ('door', models.CharField(max_length=16)),
                ('peer', models.CharField(max_length=45)),
                ('helo', models.CharField(max_length=255)),
                ('sender', models.CharField(max_length=320)),
                ('recipient', models.CharField(max_length=320)),
                ('code', models.CharField(max_length=12)),
                ('answer', models.CharField(max_length=400)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='identity.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'id'], name='refusal_of_organisation')],
            },
        ),
    ]
