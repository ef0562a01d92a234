"""A bot's insides in a scratch folder: a migrated database with the regions, and the turn on top of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import Engine

from bot.app import Home, assemble
from bot.settings import Settings
from storage import schema
from storage.engine import is_sqlite, open_engine, reading
from storage.region_file import import_regions
from tests.benchmarks.processes import TOKEN

BUILD: Final = Path("build")
STARTED: Final = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)
"""When the measurements inside this process take place."""

SYNCHRONOUS_FULL: Final = 2


@dataclass(slots=True)
class BenchClock:
    """A clock that the bench moves."""

    at: datetime = STARTED

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        return self.at

    def move(self, seconds: float) -> datetime:
        """Go on by so many seconds, and return the new moment."""
        self.at += timedelta(seconds=seconds)
        return self.at


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder on the project's own disk (not in memory, so that fsync is real), gone afterwards."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-", ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve()


def settings_for(url: str, folder: Path, api_url: str) -> Settings:
    """The settings of a scratch installation: a key of its own, no pacing, nothing of `.env`."""
    return Settings(
        telegram_token=SecretStr(TOKEN),
        telegram_api_url=api_url,
        send_rate=0,
        database_url=SecretStr(url),
        data_keys=(SecretStr(Fernet.generate_key().decode()),),
        media_dir=folder / "media",
        backup_dir=folder / "backup",
    )


@contextmanager
def furnished_home(
    url: str,
    folder: Path,
    clock: BenchClock,
    api_url: str = "http://127.0.0.1:9",
    fill: Callable[[Home], None] | None = None,
) -> Iterator[Home]:
    """Migrate the database at `url`, let `fill` put rows into it, and yield the bot's parts on it."""
    settings = settings_for(url, folder, api_url)
    engine = prepare(url, settings, folder)
    home = assemble(settings, engine, clock, Random(1))  # noqa: S311 - repeatable, and it guards nothing here
    try:
        if fill is not None:
            fill(home)
        yield home
    finally:
        engine.dispose()


def prepare(url: str, settings: Settings, folder: Path) -> Engine:
    """Open the database, make its tables and load the regions. Refuses one that would not wait for the disk."""
    engine = open_engine(url, [key.get_secret_value() for key in settings.data_keys])
    schema.migrate(engine, folder, STARTED)
    with engine.begin() as connection:
        import_regions(connection)
    if is_sqlite(engine):
        with reading(engine) as connection:
            level = connection.exec_driver_sql("PRAGMA synchronous").scalar()
        if level != SYNCHRONOUS_FULL:
            raise AssertionError(f"synchronous is {level}, not FULL")
    return engine
