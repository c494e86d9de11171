from django.db import migrations

MAKE = """
CREATE TABLE search_account (number bigserial PRIMARY KEY, id bigint NOT NULL UNIQUE, upto bigint NOT NULL,
    down_modseq bigint, down_id bigint NOT NULL, version int NOT NULL);
CREATE TABLE search_document (account bigint NOT NULL, key bigint NOT NULL, email_id bigint NOT NULL UNIQUE,
    is_whole boolean NOT NULL, words tsvector NOT NULL, rest tsvector NOT NULL, excerpt text NOT NULL,
    PRIMARY KEY (account, key));
CREATE INDEX search_document_email ON search_document (account, email_id);
CREATE INDEX search_document_words ON search_document USING gin (words);
CREATE INDEX search_document_rest ON search_document USING gin (rest);
CREATE TABLE search_term (account bigint NOT NULL, token text NOT NULL, PRIMARY KEY (account, token));
"""


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(MAKE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TABLE search_account, search_document, search_term")


class Migration(migrations.Migration):
    """The index of words in PostgreSQL; on SQLite it lies in a file of its own."""

    initial = True
    dependencies = []
    operations = [migrations.RunPython(make, drop)]
