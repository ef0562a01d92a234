"""The schema in the database against the one that this program needs, and the way from one to the other."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from storage.engine import BadDatabase, is_sqlite, reading

SCRIPTS: Final = Path(__file__).parent / "migrations"
_ONE_MIGRATOR: Final = (
    0x53756172  # "Suar": an advisory lock on PostgreSQL, held to the end of the transaction
)


def head() -> str:
    """The revision that this program needs."""
    return str(ScriptDirectory(str(SCRIPTS)).get_current_head())


def revision(engine: Engine) -> str | None:
    """The revision that the database has; None when it is empty."""
    with reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def schema_matches(engine: Engine) -> bool:
    """Whether the database has the very schema that this program needs."""
    return revision(engine) == head()


def migrate(engine: Engine, backup_dir: Path, now: datetime) -> Path | None:
    """Bring the database to the newest revision in one transaction; return where the SQLite file was backed up to.

    PostgreSQL is backed up by its own means (pg_dump) beforehand. Raises BadDatabase when the database is newer
    than this program, or BACKUP_DIR cannot be written; nothing is changed then.
    """
    present = revision(engine)
    _known(present)
    if present == head():
        return None
    backup = back_up(engine, backup_dir, now) if is_sqlite(engine) and present else None
    with engine.connect() as connection:
        _move(connection, command.upgrade, "head")
    return backup


def downgrade(engine: Engine, to: str) -> None:
    """Take the database back to an older revision, in one transaction; "base" is none at all."""
    with engine.connect() as connection:
        _move(connection, command.downgrade, to)


def back_up(engine: Engine, backup_dir: Path, now: datetime) -> Path:
    """Copy a SQLite database, whole and consistent even while others write, readable by its owner only.

    Raises BadDatabase when `backup_dir` cannot be written.
    """
    target = backup_dir / f"suara-{now:%Y%m%dT%H%M%S}-{revision(engine) or 'empty'}.db"
    try:
        backup_dir.mkdir(parents=True, exist_ok=True)
        _copy(Path(str(engine.url.database)), target.with_suffix(".part"))
        target.with_suffix(".part").replace(target)
    except (OSError, sqlite3.Error) as error:
        raise BadDatabase(
            f"No backup can be written to BACKUP_DIR {backup_dir} ({error}): nothing was changed."
        ) from None
    return target


def _known(present: str | None) -> None:
    try:
        ScriptDirectory(str(SCRIPTS)).get_revision(present or "base")
    except CommandError:
        raise BadDatabase(
            f"The database has revision {present}, which this version does not know: install the newer version."
        ) from None


def _move(connection: Connection, move: Callable[[Config, str], None], to: str) -> None:
    """Foreign keys rest meanwhile on SQLite, which alters a table by replacing it, and are checked at the end."""
    embedded = is_sqlite(connection)
    if embedded:
        _driver(connection).execute("PRAGMA foreign_keys=OFF")
    with connection.begin():
        if not embedded:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_MIGRATOR})")
        move(_config(connection), to)
        if embedded and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
            raise BadDatabase(
                f"The migration would leave a broken reference in {broken[0]}: nothing was changed."
            )
    if embedded:
        _driver(connection).execute("PRAGMA foreign_keys=ON")


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


def _driver(connection: Connection) -> sqlite3.Connection:
    driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    return driver


def _copy(source: Path, target: Path) -> None:
    target.touch(mode=0o600)
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)
    with target.open("rb") as file:
        os.fsync(file.fileno())
