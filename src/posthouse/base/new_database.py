"""A database with nothing in it gets today's tables at once, not by the steps that older ones came by.

Django makes models of all tables anew at each step of a migration, which is some ten seconds of computing at a person's
first start. Here every table is made once, as the last step leaves it; then come the steps that no model shows
(triggers, indexes and hints written by hand), in their order; and all are written down as done.

Invariant: both ways give the same tables, but for the order of columns.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython, RunSQL
from django.db.models import Model


def make_tables(connection: BaseDatabaseWrapper) -> None:
    """Make them if there are none, all or nothing."""
    if connection.introspection.table_names():
        return
    executor = MigrationExecutor(connection)
    steps = [step for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    state = executor.loader.project_state()
    record = executor.recorder.Migration
    models: list[type[Model]] = [record, *state.apps.get_models()]
    with connection.schema_editor(atomic=True) as editor:
        for model in models:
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for statement in editor.deferred_sql:
            editor.execute(statement)
        editor.deferred_sql.clear()
        for step in steps:
            for operation in step.operations:
                if isinstance(operation, RunPython | RunSQL):
                    operation.database_forwards(step.app_label, editor, state, state)
        executor.recorder.migration_qs.bulk_create(
            [record(app=step.app_label, name=step.name) for step in steps]
        )
