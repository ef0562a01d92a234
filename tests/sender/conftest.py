"""For the sender's tests the disk need not be waited for: their time is virtual."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.databases import open_test_engine


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    """An engine on a migrated SQLite database of this test's own that does not wait for the disk."""
    engine = open_test_engine(sqlite_url)
    engine.dispose()
    event.listen(engine, "connect", _hurry)
    yield engine
    engine.dispose()


def _hurry(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
