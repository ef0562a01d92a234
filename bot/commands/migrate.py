"""`suara migrate`: make the database, or bring it to this version."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from bot.commands.faults import open_database, told
from bot.settings import load
from storage import schema
from storage.region_file import import_regions
from storage.regions import load_regions


def migrate(file: Path) -> None:
    """Back up, migrate, and load the regions that Suara ships where the kabupaten has none yet."""
    settings = load(file)
    with told():
        engine = open_database(settings)
        backup = schema.migrate(engine, settings.backup_dir, datetime.now(UTC))
        with engine.begin() as connection:
            words = _fill(connection, settings.region)
        engine.dispose()
    if backup:
        _say(f"The database as it was is kept in {backup}.")
    _say(f"The database has the schema of this version, {schema.head()}. {words}")


def _fill(connection: Connection, region: str) -> str:
    """Load the shipped regions if the kabupaten has none, and say what it has."""
    if not len(load_regions(connection, region)):
        import_regions(connection)
    count = len(load_regions(connection, region))
    if count:
        return f"REGION {region} has {count} villages."
    return f"REGION {region} is not among the regions that Suara ships: load them with `suara regions import FILE`."


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
