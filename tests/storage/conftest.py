"""The small world, on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.storage.world import World, furnish


@pytest.fixture
def world(engine: Engine, tmp_path: Path) -> World:
    """A migrated database with a few villages: the test runs on both engines."""
    return furnish(engine, tmp_path)


@pytest.fixture
def sqlite_world(sqlite_engine: Engine, tmp_path: Path) -> World:
    """The same on SQLite alone, for what only files can show."""
    return furnish(sqlite_engine, tmp_path)
