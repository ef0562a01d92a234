"""Opening the database: the promises that both engines keep, and what is said when it cannot be used."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError, OperationalError

from storage.columns import BadKeys
from storage.engine import BadDatabase, open_engine, reading
from storage.faults import house_fault
from tests.databases import KEY, PROMISED


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "DATABASE_URL is not a database address"),
        ("mysql://localhost/suara", "DATABASE_URL names mysql"),
        ("sqlite://", "DATABASE_URL names no SQLite file"),
        ("sqlite:///:memory:", "DATABASE_URL names no SQLite file"),
        ("postgresql://nobody@127.0.0.1:1/suara", "127.0.0.1/suara cannot be used"),
        ("sqlite:////proc/suara/suara.db", "the folder /proc/suara cannot be made"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_in_one_sentence(url: str, words: str) -> None:
    with pytest.raises(BadDatabase, match=words) as refusal:
        open_engine(url, [])
    assert "\n" not in str(refusal.value)
    assert "DATABASE_URL" in str(refusal.value)


def test_a_password_is_in_no_message() -> None:
    with pytest.raises(BadDatabase) as refusal:
        open_engine("postgresql://me:geheim@127.0.0.1:1/suara", [])
    assert "geheim" not in str(refusal.value)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "suara.db").write_text("a letter, not a database, and long enough to be seen as such" * 20)
    with pytest.raises(BadDatabase, match="cannot be used"):
        open_engine(f"sqlite:///{tmp_path / 'suara.db'}", [])


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_uses_psycopg(scheme: str, postgres_url: str) -> None:
    engine = open_engine(postgres_url.replace("postgresql+psycopg", scheme), [])
    assert engine.dialect.driver == "psycopg"
    engine.dispose()


def test_malformed_keys_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadKeys, match="DATA_KEYS"):
        open_engine(f"sqlite:///{tmp_path / 'suara.db'}", [KEY, "short"])


def test_sqlite_keeps_its_promises(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """WAL, every commit on the disk, foreign keys, erased words overwritten, and patience with other writers."""
    monkeypatch.setattr("storage.engine._PRAGMAS", PROMISED)
    opened = open_engine(sqlite_url, [])
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 5000,
    }
    with reading(opened) as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
    opened.dispose()
    assert found == wanted


def test_a_transaction_takes_the_write_lock_at_its_beginning(sqlite_engine: Engine) -> None:
    """Otherwise two that have both read would each wait for the other, and one would fail at once."""
    with sqlite_engine.begin(), sqlite_engine.connect() as other:
        _driver(other).execute("PRAGMA busy_timeout=0")
        with pytest.raises(OperationalError, match="locked") as refusal:
            other.begin()
        assert house_fault(refusal.value)


def test_reading_does_not_wait_for_a_writer(sqlite_engine: Engine) -> None:
    with sqlite_engine.begin() as writer, reading(sqlite_engine) as reader:
        writer.execute(text("INSERT INTO inbox VALUES ('a', 'b', 'c', 'done', NULL, '', NULL, NULL)"))
        assert reader.scalar(text("SELECT count(*) FROM inbox")) == 0


def test_definitions_are_rolled_back_like_rows(engine: Engine) -> None:
    """By itself pysqlite begins no transaction before a definition."""
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE passing (id INTEGER)"))
        connection.rollback()
        with pytest.raises(Exception, match="passing"):
            connection.execute(text("SELECT * FROM passing"))


def test_a_full_disk_is_the_house_and_loses_the_whole_transaction(sqlite_engine: Engine) -> None:
    with sqlite_engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        insert = text(
            "INSERT INTO inbox (source, id, at, state, error) VALUES ('a', :id, 'c', 'done', :filler)"
        )
        connection.execute(insert, {"id": "1", "filler": "x"})
        with pytest.raises(OperationalError) as full:
            connection.execute(insert, {"id": "2", "filler": "x" * 100_000})
        connection.rollback()
        assert connection.scalar(text("SELECT count(*) FROM inbox")) == 0
    assert house_fault(full.value)


def test_a_fault_of_the_work_is_not_the_house(engine: Engine) -> None:
    twice = text("INSERT INTO region VALUES ('18', 'Lampung', 'provinsi', NULL, 'lampung', '[]')")
    with engine.connect() as connection:
        connection.execute(twice)
        with pytest.raises(IntegrityError) as fault:
            connection.execute(twice)
        connection.rollback()
    assert not house_fault(fault.value)
    assert not house_fault(ValueError("a fault in the program"))


def test_of_the_systems_errors_only_those_of_the_house_count() -> None:
    assert house_fault(OSError(errno.ENOSPC, "No space left on device"))
    assert not house_fault(FileNotFoundError(errno.ENOENT, "No such file"))


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def test_an_error_of_the_database_repeats_no_rows(engine: Engine) -> None:
    """What it says may come to be stored or shown, and the rows are what residents wrote."""
    add = text(
        "INSERT INTO region (kode, name, kind, folded, other_names) VALUES ('1', :name, 'x', 'x', '[]')"
    )
    with engine.begin() as connection:
        connection.execute(add, {"name": "KENARI"})
    with pytest.raises(IntegrityError) as refusal, engine.begin() as connection:
        connection.execute(add, {"name": "KENARI"})
    assert "KENARI" not in str(refusal.value)
