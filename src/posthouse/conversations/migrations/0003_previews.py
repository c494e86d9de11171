import django.db.models.deletion
import posthouse.base.clock
import posthouse.base.fields
import posthouse.base.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0002_exports'),
        ('identity', '0012_domain_keys'),
    ]

    operations = [
        migrations.AddField(
            model_name='file',
            name='height',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='file',
            name='width',
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='previews',
            field=models.TextField(db_default='[]', default='[]'),
        ),
        migrations.AddField(
            model_name='policy',
            name='shows_outside_previews',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='policy',
            name='shows_previews',
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.CreateModel(
            name='LinkedPage',
            fields=[
                ('id', posthouse.base.fields.IdField(default=posthouse.base.ids.new_id, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=64)),
                ('host', models.CharField(default='', max_length=255)),
                ('title', models.CharField(default='', max_length=200)),
                ('description', models.CharField(default='', max_length=400)),
                ('site', models.CharField(default='', max_length=80)),
                ('image_url', models.TextField(default='')),
                ('asked_at', posthouse.base.fields.MomentField(default=posthouse.base.clock.now)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='identity.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['asked_at'], name='linkedpage_age')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'key'), name='linkedpage_once')],
            },
        ),
        migrations.CreateModel(
            name='Preview',
            fields=[
                ('id', posthouse.base.fields.IdField(default=posthouse.base.ids.new_id, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=64)),
                ('image_url', models.TextField(default='')),
                ('is_removed', models.BooleanField(default=False)),
                ('message', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='conversations.message')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('message', 'key'), name='preview_once_a_link')],
            },
        ),
    ]
