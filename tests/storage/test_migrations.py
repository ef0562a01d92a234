"""The migrations: one chain for both engines, there and back, and never away from the tables."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from storage.engine import BadDatabase, is_sqlite
from storage.schema import back_up, downgrade, head, migrate, revision, schema_matches
from storage.tables import Record
from tests.databases import NOON, open_test_engine


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables, on both engines."""
    if request.param == "sqlite":
        yield open_test_engine(f"sqlite:///{tmp_path / 'new' / 'suara.db'}")
        return
    with request.getfixturevalue("postgres_server").empty() as url:
        engine = open_test_engine(url)
        yield engine
        engine.dispose()


def test_up_down_and_up_again_ends_in_the_same_schema(empty: Engine, tmp_path: Path) -> None:
    assert not schema_matches(empty)
    migrate(empty, tmp_path, NOON)
    first = _shape(empty)
    downgrade(empty, "base")
    assert set(inspect(empty).get_table_names()) == {"alembic_version"}
    migrate(empty, tmp_path, NOON)
    assert _shape(empty) == first
    assert schema_matches(empty)


def test_no_drift_between_tables_and_migrations(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Record.metadata) == []


def test_tables_and_migrations_make_the_same_sqlite_file(sqlite_engine: Engine, tmp_path: Path) -> None:
    """Alembic compares neither the conditions of indexes nor how keys count up."""
    plain = open_test_engine(f"sqlite:///{tmp_path / 'plain.db'}")
    Record.metadata.create_all(plain)
    assert _definitions(sqlite_engine) == _definitions(plain)
    plain.dispose()


def test_migrating_twice_changes_nothing_and_backs_up_nothing(engine: Engine, tmp_path: Path) -> None:
    assert migrate(engine, tmp_path / "backups", NOON) is None
    assert not (tmp_path / "backups").exists()


def test_a_sqlite_file_is_backed_up_before_it_is_changed(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.schema.head", lambda: "one that is yet to come")
    copy = migrate(sqlite_engine, tmp_path / "backups", NOON)
    assert copy is not None
    assert copy.name == "suara-20260302T050000-0007.db"
    assert copy.stat().st_mode & 0o077 == 0, "readable by its owner only"
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0007",)


def test_a_backup_that_cannot_be_written_stops_the_migration(sqlite_engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadDatabase, match="BACKUP_DIR"):
        back_up(sqlite_engine, tmp_path / "file", NOON)


def test_a_database_of_a_newer_version_is_refused_by_name(engine: Engine, tmp_path: Path) -> None:
    _pretend(engine, "9999")
    assert not schema_matches(engine)
    with pytest.raises(BadDatabase, match=r"9999.*newer"):
        migrate(engine, tmp_path, NOON)
    assert revision(engine) == "9999"


def test_the_newest_revision_is_what_a_migrated_database_has(engine: Engine) -> None:
    assert revision(engine) == head()


def _pretend(engine: Engine, version: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def _definitions(engine: Engine) -> dict[str, list[str]]:
    made = "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND tbl_name != 'alembic_version'"
    with engine.connect() as connection:
        return {name: _pieces(sql or "") for name, sql in connection.exec_driver_sql(made)}


def _pieces(sql: str) -> list[str]:
    """The lines of a definition; a table that was altered has the same ones in another order."""
    pieces = (piece.strip(" )") for piece in re.split(r"\s*\n\s*|,\s*", sql.replace('"', "")))
    return sorted(piece for piece in pieces if piece)


def _shape(engine: Engine) -> object:
    if is_sqlite(engine):
        with engine.connect() as connection:
            made = connection.exec_driver_sql("SELECT sql FROM sqlite_master")
            return sorted(_pieces(row[0] or "") for row in made)
    seen = inspect(engine)
    tables = sorted(seen.get_table_names())
    return [
        (
            table,
            [(c["name"], str(c["type"]), c["nullable"]) for c in seen.get_columns(table)],
            seen.get_indexes(table),
        )
        for table in tables
    ]
