from django.db import migrations

# What a grown house looks like: (table, columns of the index) -> rows, then rows per distinct prefix of the columns.
# SQLite's planner knows nothing of an empty table's future and would read a whole account through the index on
# (account, modseq) to find one thread. These are hints, not counts; they are never wrong enough to matter.
STATISTICS = {
    ("mail_email", ("account_id", "modseq")): "1000000 50000 1",
    ("mail_email", ("thread_id",)): "1000000 3",
    ("mail_email", ("blob_id",)): "1000000 1",
    ("mail_placement", ("mailbox_id", "uid")): "1000000 20000 1",
    ("mail_placement", ("email_id", "mailbox_id")): "1000000 1 1",
    ("mail_placement", ("mailbox_id", "received_at", "email_id")): "1000000 20000 2 1",
    ("mail_placement", ("mailbox_id", "thread_id", "received_at", "email_id")): "1000000 20000 3 1 1",
    ("mail_placement", ("account_id", "modseq")): "1000000 50000 1",
    ("mail_messagereference", ("account_id", "reference", "subject", "thread_id")): "3000000 150000 2 2 1",
    ("mail_expunged", ("account_id", "modseq")): "100000 5000 1",
    ("mail_tombstone", ("account_id", "modseq")): "100000 5000 1",
    ("mail_mailbox", ("account_id",)): "10000 10",
    ("mail_account", ("owner_id",)): "1000 1",
}


def write(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("DELETE FROM sqlite_stat1")
        for (table, columns), statistics in STATISTICS.items():
            cursor.execute(f"PRAGMA index_list({table})")
            for row in cursor.fetchall():
                name = row[1]
                cursor.execute(f"PRAGMA index_info({name})")
                if tuple(info[2] for info in cursor.fetchall()) != columns:
                    continue
                is_key = row[3] == "pk"
                cursor.execute(
                    "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (%s, %s, %s)",
                    [table, table if is_key else name, statistics],
                )


def forget(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl LIKE 'mail_%%'")


class Migration(migrations.Migration):
    dependencies = [("mail", "0002_flagged_index")]

    operations = [migrations.RunPython(write, forget)]
