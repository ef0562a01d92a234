"""Opening the database: one URL, two engines, the same promises of both."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from storage.columns import KEYRING, keyring

BUSY_MS: Final = 5000
"""Milliseconds that a writer waits for another process's transaction on SQLite."""

READING: Final = "reading"
"""Execution option of a connection that will only read: on SQLite it then takes no write lock."""

_PRAGMAS: Final = (
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # a commit that was acknowledged survives a power cut
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # erased words are overwritten, not merely unlinked
)

_POSTGRES: Final[dict[str, Any]] = {
    "application_name": "suara",
    "connect_timeout": 10,
    # A server that went away without a word is noticed in a quarter of a minute; its locks go to another process.
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 15_000,
}
"""Seconds, but for the last, milliseconds (libpq, connection parameters)."""


class BadDatabase(Exception):  # noqa: N818 - errors are named by what happened
    """The database cannot be used as DATABASE_URL names it; the message is one sentence that says what to do."""


def open_engine(url: str, keys: Sequence[str]) -> Engine:
    """Open SQLite or PostgreSQL at `url`; `keys` encrypt personal columns, the first being the current one.

    The folder of a SQLite file is created. Raises BadDatabase when the URL is wrong or nothing answers there,
    and storage.columns.BadKeys for a malformed key.
    """
    address = _address(url)
    ring = keyring(keys)
    engine = _open_sqlite(address) if address.get_backend_name() == "sqlite" else _open_postgresql(address)
    setattr(engine.dialect, KEYRING, ring)
    _check(engine)
    return engine


def reading(engine: Engine) -> Connection:
    """Open a connection that will only read; on SQLite it never waits for a writer."""
    return engine.connect().execution_options(**{READING: True})


def is_sqlite(bind: Engine | Connection) -> bool:
    """Whether this is the embedded engine."""
    return bind.dialect.name == "sqlite"


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise BadDatabase(
            "DATABASE_URL is not a database address: write sqlite:///var/suara.db or postgresql://…"
        ) from None
    match address.get_backend_name():
        case "sqlite" if address.database in {None, "", ":memory:"}:
            raise BadDatabase("DATABASE_URL names no SQLite file: write sqlite:///var/suara.db")
        case "sqlite":
            return address.set(drivername="sqlite+pysqlite")
        case "postgresql" | "postgres":
            return address.set(drivername="postgresql+psycopg")
        case other:
            raise BadDatabase(f"DATABASE_URL names {other}, but only sqlite and postgresql are known")


def _open_sqlite(address: URL) -> Engine:
    _make_folder(Path(str(address.database)).parent)
    patience = {"timeout": BUSY_MS / 1000, "check_same_thread": False}
    engine = create_engine(address, connect_args=patience, hide_parameters=True)  # errors repeat no rows
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadDatabase(f"DATABASE_URL: the folder {folder} cannot be made ({error.strerror})") from None


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves: see _begin
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    """Take the write lock at once: pysqlite's late BEGIN lets two writers deadlock (SQLAlchemy, SQLite dialect)."""
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _open_postgresql(address: URL) -> Engine:
    return create_engine(address, connect_args=_POSTGRES, hide_parameters=True)


def _check(engine: Engine) -> None:
    try:
        with reading(engine) as connection:
            connection.exec_driver_sql("SELECT 1")
    except (OperationalError, DBAPIError) as error:
        engine.dispose()
        raise BadDatabase(_unusable(engine.url, error.orig)) from None


def _unusable(url: URL, reason: BaseException | None) -> str:
    place = (
        url.database if url.get_backend_name() == "sqlite" else f"{url.host or 'local socket'}/{url.database}"
    )
    words = str(reason).strip().splitlines()
    return f"The database at {place} cannot be used ({words[-1] if words else 'no reason given'}): check DATABASE_URL."
