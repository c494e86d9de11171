from django.db import migrations

MAKE = """
CREATE TABLE search_messages_account (number bigserial PRIMARY KEY, id bigint NOT NULL UNIQUE, upto bigint NOT NULL,
    down_modseq bigint, down_id bigint NOT NULL, version int NOT NULL);
CREATE TABLE search_messages_document (account bigint NOT NULL, key bigint NOT NULL, email_id bigint NOT NULL UNIQUE,
    is_whole boolean NOT NULL, words tsvector NOT NULL, rest tsvector NOT NULL, excerpt text NOT NULL,
    PRIMARY KEY (account, key));
CREATE INDEX search_messages_document_email ON search_messages_document (account, email_id);
CREATE INDEX search_messages_document_words ON search_messages_document USING gin (words);
"""


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(MAKE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TABLE search_messages_account, search_messages_document")


class Migration(migrations.Migration):
    """The index of what is said in conversations, in PostgreSQL; on SQLite it lies in a file of its own."""

    dependencies = [("search", "0001_postgres_index")]
    operations = [migrations.RunPython(make, drop)]
