import django.db.models.deletion
import posthouse.base.clock
import posthouse.base.fields
import posthouse.base.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0001_initial'),
        ('delivery', '0004_automatic'),
        ('identity', '0012_domain_keys'),
        ('mail', '0011_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DomainReport',
            fields=[
                ('id', posthouse.base.fields.IdField(default=posthouse.base.ids.new_id, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=8)),
                ('reporter', models.CharField(max_length=253)),
                ('number', models.CharField(max_length=255)),
                ('policy', models.CharField(default='', max_length=12)),
                ('begin_at', posthouse.base.fields.MomentField()),
                ('end_at', posthouse.base.fields.MomentField(db_index=True)),
                ('successes', models.BigIntegerField(default=0)),
                ('failures', models.BigIntegerField(default=0)),
                ('received_at', posthouse.base.fields.MomentField(default=posthouse.base.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name='DomainReportRow',
            fields=[
                ('id', posthouse.base.fields.IdField(default=posthouse.base.ids.new_id, primary_key=True, serialize=False)),
                ('source', models.CharField(max_length=45)),
                ('count', models.BigIntegerField()),
                ('disposition', models.CharField(max_length=12)),
                ('dkim', models.CharField(max_length=4)),
                ('spf', models.CharField(max_length=4)),
                ('header_from', models.CharField(max_length=253)),
                ('dkim_domain', models.CharField(max_length=253)),
                ('spf_domain', models.CharField(max_length=253)),
            ],
        ),
        migrations.CreateModel(
            name='KeyRotation',
            fields=[
                ('domain', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='identity.domain')),
                ('every_days', models.IntegerField(null=True)),
                ('newest', models.CharField(default='', max_length=63)),
                ('published_at', posthouse.base.fields.MomentField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='SendingCount',
            fields=[
                ('pk', models.CompositePrimaryKey('scope', 'owner_id', 'hour', blank=True, editable=False, primary_key=True, serialize=False)),
                ('scope', models.CharField(max_length=12)),
                ('owner_id', models.BigIntegerField()),
                ('hour', models.IntegerField()),
                ('messages', models.IntegerField(default=0)),
                ('new_recipients', models.IntegerField(default=0)),
                ('failures', models.IntegerField(default=0)),
                ('complaints', models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='SendingLimits',
            fields=[
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='identity.organisation')),
                ('messages', models.IntegerField()),
                ('new_recipients', models.IntegerField()),
                ('all_messages', models.IntegerField()),
                ('all_new_recipients', models.IntegerField()),
                ('is_watched', models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name='SendingStop',
            fields=[
                ('id', posthouse.base.fields.IdField(default=posthouse.base.ids.new_id, primary_key=True, serialize=False)),
                ('organisation_id', models.BigIntegerField(db_index=True)),
                ('reason', models.CharField(max_length=16)),
                ('new_recipients', models.IntegerField(default=0)),
                ('failures', models.IntegerField(default=0)),
                ('complaints', models.IntegerField(default=0)),
                ('created_at', posthouse.base.fields.MomentField(default=posthouse.base.clock.now)),
                ('ended_at', posthouse.base.fields.MomentField(null=True)),
                ('outcome', models.CharField(default='', max_length=12)),
                ('ended_by', models.BigIntegerField(default=0)),
                ('seen_new_recipients', models.IntegerField(default=0)),
                ('seen_failures', models.IntegerField(default=0)),
                ('seen_complaints', models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='TlsFailure',
            fields=[
                ('id', posthouse.base.fields.IdField(default=posthouse.base.ids.new_id, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=64)),
                ('server', models.CharField(max_length=253)),
                ('policy', models.CharField(max_length=16)),
                ('count', models.BigIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name='recipient',
            name='complained_at',
            field=posthouse.base.fields.MomentField(null=True),
        ),
        migrations.AddField(
            model_name='recipient',
            name='hold',
            field=models.CharField(db_default='', default='', max_length=8),
        ),
        migrations.AddField(
            model_name='recipient',
            name='read_at',
            field=posthouse.base.fields.MomentField(null=True),
        ),
        migrations.AddField(
            model_name='recipient',
            name='report',
            field=models.CharField(db_default='', default='', max_length=12),
        ),
        migrations.AddField(
            model_name='recipient',
            name='report_answer',
            field=models.CharField(db_default='', default='', max_length=500),
        ),
        migrations.AddField(
            model_name='recipient',
            name='report_code',
            field=models.CharField(db_default='', default='', max_length=12),
        ),
        migrations.AddField(
            model_name='recipient',
            name='report_host',
            field=models.CharField(db_default='', default='', max_length=255),
        ),
        migrations.AddField(
            model_name='recipient',
            name='reported_at',
            field=posthouse.base.fields.MomentField(null=True),
        ),
        migrations.AddField(
            model_name='submission',
            name='message_id',
            field=models.CharField(db_default='', default='', max_length=998),
        ),
        migrations.AddField(
            model_name='submission',
            name='user_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name='recipient',
            index=models.Index(condition=models.Q(('state__in', ('held', 'queued', 'sending', 'retrying'))), fields=['domain', 'id'], name='recipient_waiting'),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(fields=['message_id'], name='submission_message_id'),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(condition=models.Q(('state__in', ('held', 'active'))), fields=['user_id'], name='submission_unsent'),
        ),
        migrations.AddField(
            model_name='domainreport',
            name='domain',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to='identity.domain'),
        ),
        migrations.AddField(
            model_name='domainreportrow',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='delivery.domainreport'),
        ),
        migrations.AddField(
            model_name='sendingstop',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='tlsfailure',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='delivery.domainreport'),
        ),
        migrations.AddConstraint(
            model_name='domainreport',
            constraint=models.UniqueConstraint(fields=('domain', 'kind', 'reporter', 'number'), name='domain_report_once'),
        ),
        migrations.AddConstraint(
            model_name='sendingstop',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('user',), name='one_open_stop'),
        ),
    ]
