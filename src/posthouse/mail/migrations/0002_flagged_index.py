from django.db import migrations


class Migration(migrations.Migration):
    """Starred e-mails of an account, newest first: a condition on a bit that Django cannot express."""

    dependencies = [("mail", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX email_flagged ON mail_email (account_id, received_at, id) WHERE (flags & 2) <> 0",
            "DROP INDEX email_flagged",
        )
    ]
