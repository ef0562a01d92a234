"""`suara regions import`: load kecamatan and desa."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.commands.faults import open_database, told
from bot.settings import load
from storage.region_file import SHIPPED, import_regions


def import_file(file: Path, regions: Path | None) -> None:
    """Load a file of regions whole or, when a line is bad, not at all; without one, those that Suara ships."""
    settings = load(file)
    with told():
        engine = open_database(settings)
        with engine.begin() as connection:
            count = import_regions(connection, regions or SHIPPED)
        engine.dispose()
    sys.stdout.write(f"{count} regions are loaded.\n")
