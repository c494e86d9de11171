from django.db import migrations

# The database itself holds the log to being appended to: a stray statement of ours, or one typed by hand, is refused.
# Whoever may drop triggers may still rewrite it; `posthouse check` finds that out by the hashes and the seal.
SQLITE = (
    """CREATE TRIGGER audit_entry_added BEFORE INSERT ON audit_entry
       WHEN NEW.sequence IS NOT (SELECT sequence FROM audit_chain WHERE organisation_id = NEW.organisation_id)
       BEGIN SELECT RAISE(ABORT, 'an audit entry is added at the end of its chain'); END""",
    """CREATE TRIGGER audit_entry_kept BEFORE UPDATE ON audit_entry
       BEGIN SELECT RAISE(ABORT, 'audit entries never change'); END""",
    """CREATE TRIGGER audit_entry_deleted BEFORE DELETE ON audit_entry
       WHEN OLD.sequence > coalesce(
           (SELECT anchor_sequence FROM audit_chain WHERE organisation_id = OLD.organisation_id), 0)
       BEGIN SELECT RAISE(ABORT, 'audit entries go by the anchor of their chain'); END""",
    """CREATE TRIGGER audit_chain_forward BEFORE UPDATE ON audit_chain
       WHEN NEW.organisation_id <> OLD.organisation_id OR NEW.sequence < OLD.sequence
           OR NEW.anchor_sequence < OLD.anchor_sequence
       BEGIN SELECT RAISE(ABORT, 'audit chains only grow'); END""",
    """CREATE TRIGGER audit_chain_kept BEFORE DELETE ON audit_chain
       BEGIN SELECT RAISE(ABORT, 'audit chains only grow'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF TG_TABLE_NAME = 'audit_chain' THEN
           IF TG_OP = 'UPDATE' AND NEW.organisation_id = OLD.organisation_id AND NEW.sequence >= OLD.sequence
               AND NEW.anchor_sequence >= OLD.anchor_sequence THEN RETURN NEW; END IF;
           RAISE EXCEPTION 'audit chains only grow';
         ELSIF TG_OP = 'INSERT' THEN
           IF NEW.sequence = (SELECT sequence FROM audit_chain WHERE organisation_id = NEW.organisation_id)
               THEN RETURN NEW; END IF;
           RAISE EXCEPTION 'an audit entry is added at the end of its chain';
         ELSIF TG_OP = 'DELETE' THEN
           IF OLD.sequence <= (SELECT anchor_sequence FROM audit_chain WHERE organisation_id = OLD.organisation_id)
               THEN RETURN OLD; END IF;
           RAISE EXCEPTION 'audit entries go by the anchor of their chain';
         END IF;
         RAISE EXCEPTION 'audit entries never change';
       END $$""",
    """CREATE TRIGGER audit_entry_guard BEFORE INSERT OR UPDATE OR DELETE ON audit_entry
       FOR EACH ROW EXECUTE FUNCTION audit_guard()""",
    """CREATE TRIGGER audit_chain_guard BEFORE UPDATE OR DELETE ON audit_chain
       FOR EACH ROW EXECUTE FUNCTION audit_guard()""",
    """CREATE TRIGGER audit_entry_whole BEFORE TRUNCATE ON audit_entry
       FOR EACH STATEMENT EXECUTE FUNCTION audit_guard()""",
    """CREATE TRIGGER audit_chain_whole BEFORE TRUNCATE ON audit_chain
       FOR EACH STATEMENT EXECUTE FUNCTION audit_guard()""",
)
SQLITE_BACK = tuple(
    f"DROP TRIGGER {name}"
    for name in (
        "audit_entry_added",
        "audit_entry_kept",
        "audit_entry_deleted",
        "audit_chain_forward",
        "audit_chain_kept",
    )
)
POSTGRESQL_BACK = (
    "DROP TRIGGER audit_entry_guard ON audit_entry",
    "DROP TRIGGER audit_entry_whole ON audit_entry",
    "DROP TRIGGER audit_chain_guard ON audit_chain",
    "DROP TRIGGER audit_chain_whole ON audit_chain",
    "DROP FUNCTION audit_guard()",
)


def _run(schema_editor, on_sqlite, elsewhere):
    for statement in on_sqlite if schema_editor.connection.vendor == "sqlite" else elsewhere:
        schema_editor.execute(statement, params=None)


def guard(apps, schema_editor):
    _run(schema_editor, SQLITE, POSTGRESQL)


def release(apps, schema_editor):
    _run(schema_editor, SQLITE_BACK, POSTGRESQL_BACK)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(guard, release)]
