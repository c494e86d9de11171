import posthouse.base.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0003_transport_security'),
    ]

    operations = [
        migrations.AddField(
            model_name='submission',
            name='message_id',
            field=models.CharField(db_default='', default='', max_length=998),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(fields=['message_id'], name='submission_message_id'),
        ),
        migrations.AddField(
            model_name='recipient',
            name='report',
            field=models.CharField(db_default='', default='', max_length=12),
        ),
        migrations.AddField(
            model_name='recipient',
            name='report_host',
            field=models.CharField(db_default='', default='', max_length=255),
        ),
        migrations.AddField(
            model_name='recipient',
            name='report_code',
            field=models.CharField(db_default='', default='', max_length=12),
        ),
        migrations.AddField(
            model_name='recipient',
            name='report_answer',
            field=models.CharField(db_default='', default='', max_length=500),
        ),
        migrations.AddField(
            model_name='recipient',
            name='reported_at',
            field=posthouse.base.fields.MomentField(null=True),
        ),
        migrations.AddField(
            model_name='recipient',
            name='read_at',
            field=posthouse.base.fields.MomentField(null=True),
        ),
        migrations.AddField(
            model_name='recipient',
            name='complained_at',
            field=posthouse.base.fields.MomentField(null=True),
        ),
    ]
