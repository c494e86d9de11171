"""An empty database gets its tables at once (base/new_database.py): the same as by all the steps of migrations."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.database import is_postgresql, settings_for
from tests.peers.posthouse import COMMAND

BY_STEPS = "--run-syncdb"
"""Django's `migrate` with any wish of its own goes by the steps."""
FACTS = {
    "column": "SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length"
    " FROM information_schema.columns WHERE table_schema = 'public'",
    "index": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraint": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "trigger": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}
Facts = set[tuple[Any, ...]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Facts]:
    return {way: _facts(tmp_path_factory.mktemp("data"), way) for way in ("", BY_STEPS)}


def test_both_ways_give_the_same_tables(made: dict[str, Facts]) -> None:
    at_once, by_steps = made[""], made[BY_STEPS]
    assert len(at_once) > 300
    assert at_once == by_steps


def test_what_is_made_at_once_is_written_down_as_done(tmp_path: Path) -> None:
    _migrate(tmp_path, "")
    again = _migrate(tmp_path, "")
    assert "No migrations to apply." in again


def _migrate(data: Path, *words: str) -> str:
    env = {**os.environ, **settings_for(data), "POSTHOUSE_DATA": str(data)}
    command = [str(COMMAND), "manage", "migrate", *filter(None, words)]
    return subprocess.run(command, env=env, check=True, capture_output=True, text=True, timeout=300).stdout


def _facts(data: Path, way: str) -> Facts:
    _migrate(data, way)
    if not is_postgresql():
        return _facts_of_sqlite(data / "posthouse.sqlite3")
    chosen = settings_for(data)
    with psycopg.connect(
        host=chosen["DB_HOST"], port=chosen["DB_PORT"], user=chosen["DB_USER"], dbname=chosen["DB_NAME"]
    ) as connection:
        return {(kind, *row) for kind, query in FACTS.items() for row in connection.execute(query)}


def _facts_of_sqlite(path: Path) -> Facts:
    with closing(sqlite3.connect(path)) as database:
        return {
            (kind, name, *(_columns(text) if kind == "table" else (text,)))
            for kind, name, text in database.execute(
                "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
            )
        }


def _columns(text: str) -> list[str]:
    """What a CREATE TABLE says, its columns and constraints in one order."""
    begin, end = text.index("("), text.rindex(")")
    found, depth = [""], 0
    for letter in text[begin + 1 : end]:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            found.append("")
        else:
            found[-1] += letter
    return [*sorted(one.strip() for one in found), text[end + 1 :].strip()]
