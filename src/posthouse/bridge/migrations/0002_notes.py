import django.db.models.deletion
import posthouse.base.clock
import posthouse.base.fields
import posthouse.base.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bridge', '0001_initial'),
        ('conversations', '0001_initial'),
        ('mail', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', posthouse.base.fields.IdField(default=posthouse.base.ids.new_id, primary_key=True, serialize=False)),
                ('thread_id', models.BigIntegerField()),
                ('status', models.CharField(choices=[('open', 'Open'), ('pending', 'Pending'), ('done', 'Done')], default='open', max_length=8)),
                ('done_modseq', models.BigIntegerField(default=0)),
                ('version', models.IntegerField(default=0)),
                ('changed_at', posthouse.base.fields.MomentField(default=posthouse.base.clock.now)),
                ('account', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='mail.account')),
                ('assignee', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('changed_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['account', 'changed_at', 'id'], name='assignment_list'), models.Index(fields=['assignee', 'account', 'changed_at', 'id'], name='assignment_of')],
                'constraints': [models.UniqueConstraint(fields=('account', 'thread_id'), name='assignment_once')],
            },
        ),
        migrations.CreateModel(
            name='Notes',
            fields=[
                ('conversation', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='conversations.conversation')),
                ('thread_id', models.BigIntegerField()),
                ('account', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='mail.account')),
            ],
            options={
                'indexes': [models.Index(fields=['account', 'thread_id'], name='notes_of')],
            },
        ),
    ]
