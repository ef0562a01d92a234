"""The migrations: one chain for both engines, there and back, and never away from the tables."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, insert, inspect, select, text, update

from storage import history
from storage.actor import System
from storage.columns import KEYRING, BadKeys
from storage.engine import BadDatabase, is_sqlite
from storage.history import Entry
from storage.ledger import OUTBOX, ChatRow, Ledger, OutboxRow, table
from storage.lifecycle import State
from storage.notices import NOTICES
from storage.schema import back_up, downgrade, head, migrate, revision, schema_matches
from storage.submissions import ASPIRATION
from storage.tables import Record, RegionRecord
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
    assert copy.name == "suara-20260302T050000-0009.db"
    assert copy.stat().st_mode & 0o077 == 0, "readable by its owner only"
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0009",)


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


WORDS = '{"id": 7, "batch": {"items": ["Bu Sumi"]}}'


def _with_words(engine: Engine) -> None:
    """A chat about a person, and a notice that waits in the outbox."""
    with engine.begin() as connection:
        ledger = Ledger(connection)
        ledger.load_chats([7], NOON)
        ledger.save_chats([ChatRow(id=7, state=WORDS, seen_at=NOON, personal=True)])
        row = {
            "chat_id": 7,
            "key": "notice.changed",
            "params": {"name": "Bu Sumi"},
            "due_at": NOON,
            "state": "queued",
        }
        notice = connection.execute(insert(NOTICES).values(row).returning(NOTICES.c.id)).scalar_one()
        ledger.enqueue([OutboxRow(chat_id=7, due_at=NOON, notice_id=notice)], NOON)
        region = {"kode": "18.07.01.2001", "name": "Sukadana", "kind": "desa", "folded": "sukadana"}
        connection.execute(insert(table(RegionRecord)).values(**region, other_names=[]))
        aspiration = {"ticket": "1", "plan_year": 2027, "region": "18.07.01.2001", "field": "road"}
        state = {"visibility": "private", "stage": "received", "submitted_at": NOON}
        empty = dict.fromkeys(("landmark", "decision", "reason", "office", "recovery_digest", "redacted"), "")
        told = insert(ASPIRATION).values(**aspiration, **state, **empty, locale="id", flagged="")
        key = connection.execute(told.returning(ASPIRATION.c.id)).scalar_one()
        event = Entry(key, NOON, System("test"), "submitted", State("received", ""), State("received", ""))
        about = {"aspiration_id": key, "event_id": history.add(connection, event)}
        connection.execute(update(NOTICES).values(about))


def _stored(engine: Engine) -> tuple[str, str]:
    with engine.connect() as connection:
        state = connection.execute(text("SELECT state FROM chat")).scalar_one()
        params = connection.execute(text("SELECT CAST(params AS TEXT) FROM notice")).scalar_one()
        return str(state), str(params)


def test_what_was_encrypted_goes_with_the_version_that_can_read_it(engine: Engine, tmp_path: Path) -> None:
    """Down, it lies as the older version reads it; up again, a notice is encrypted and its call still knows it."""
    _with_words(engine)
    assert not any("Sumi" in stored for stored in _stored(engine))
    downgrade(engine, "0001")
    assert _stored(engine)[0] == WORDS
    assert json.loads(_stored(engine)[1]) == {"name": "Bu Sumi"}
    migrate(engine, tmp_path, NOON)
    assert "Sumi" not in _stored(engine)[1]
    with engine.connect() as connection:
        assert connection.scalar(select(NOTICES.c.params)) == {"name": "Bu Sumi"}
        assert connection.scalar(select(OUTBOX.c.notice_id)) == connection.scalar(select(NOTICES.c.id))


def _with_letters(engine: Engine) -> None:
    """Letters of all other kinds that are about the same change, one of them on its way; and a change opened again."""
    with engine.begin() as connection:
        about = connection.execute(select(NOTICES.c.aspiration_id, NOTICES.c.event_id)).one()
        letter = {"params": {"name": "Pak Rahmat"}, "due_at": NOON, "state": "queued", **about._mapping}
        kinds = ("report.changed", "transcript.relayed", "alert.raised")
        rows = [{**letter, "chat_id": 8 + at, "key": key} for at, key in enumerate(kinds)]
        opened = {**letter, "chat_id": 7, "key": "notice.changed", "event_id": None}
        ids = [
            connection.execute(insert(NOTICES).values(row).returning(NOTICES.c.id)).scalar_one()
            for row in (*rows, opened)
        ]
        ledger = Ledger(connection)
        ledger.enqueue([OutboxRow(chat_id=8, due_at=NOON, notice_id=id_) for id_ in ids], NOON)


def test_down_only_what_the_older_version_can_render_is_left_of_the_letters(engine: Engine) -> None:
    """It knows changes alone, and would keep the names of all others in clear."""
    _with_words(engine)
    _with_letters(engine)
    downgrade(engine, "0001")
    assert json.loads(_stored(engine)[1]) == {"name": "Bu Sumi"}
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT key FROM notice")).scalars().all()
        calls = connection.execute(text("SELECT notice_id FROM outbox")).scalars().all()
        left = connection.execute(text("SELECT id FROM notice")).scalars().all()
    assert (kept, calls) == (["notice.changed"], left)


def test_without_a_key_an_older_database_with_notices_is_left_as_it_is(
    engine: Engine, tmp_path: Path
) -> None:
    _with_words(engine)
    downgrade(engine, "0001")
    before = _stored(engine)
    ring = getattr(engine.dialect, KEYRING)
    setattr(engine.dialect, KEYRING, None)
    with pytest.raises(BadKeys, match="suara key"):
        migrate(engine, tmp_path, NOON)
    setattr(engine.dialect, KEYRING, ring)
    assert (revision(engine), _stored(engine)) == ("0001", before)
