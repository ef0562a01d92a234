"""What all tests share: databases on both engines, and the last line that names what was missing."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from tests.absent import pytest_sessionfinish  # noqa: F401 - pytest finds the hook by its name
from tests.databases import PostgresServer, SqliteFiles, open_test_engine, postgres_from_wheel, quick_sqlite
from tests.scheduling import pytest_xdist_make_scheduler  # noqa: F401 - this one, too

# A shared machine is no reason to fail, and a run must say the same twice: `explore` looks for new examples.
settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))

# Out of the box structlog draws every local of a traceback, half a minute for an error that a test wants.
_PLAIN = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[structlog.processors.add_log_level, _PLAIN])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What runs on both engines is counted on SQLite: watching every line makes a test half as fast."""
    for item in items:
        if "postgres" in item.name:
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(autouse=True)
def log_of_before() -> Iterator[None]:
    """What a verb of the command line does to the log ends with its test: its stream is closed then."""
    before, handlers = structlog.get_config(), logging.getLogger().handlers[:]
    yield
    structlog.configure(**before)
    logging.getLogger().handlers[:] = handlers


@pytest.fixture(scope="session", autouse=True)
def hurried() -> Iterator[None]:
    """Thousands of commits wait for no disk."""
    with quick_sqlite():
        yield


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    """A migrated SQLite file to copy."""
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A PostgreSQL server with a migrated template."""
    folder = tmp_path_factory.mktemp("pg")
    if given := os.environ.get("TEST_POSTGRES_URL"):
        yield from _serve(given, folder)
    else:
        with postgres_from_wheel() as url:
            yield from _serve(url, folder)


def _serve(url: str, folder: Path) -> Iterator[PostgresServer]:
    server = PostgresServer(url, folder)
    yield server
    server.close()


@pytest.fixture
def sqlite_url(sqlite_files: SqliteFiles, tmp_path: Path) -> str:
    """A migrated SQLite database of this test's own."""
    return sqlite_files.copy(tmp_path)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A migrated PostgreSQL database of this test's own."""
    with postgres_server.copy() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of this test's own: the test runs on both engines."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a migrated database of this test's own: the test runs on both engines."""
    yield from _opened(database_url)


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    """An engine on a migrated SQLite database of this test's own."""
    yield from _opened(sqlite_url)


@pytest.fixture
def postgres_engine(postgres_url: str) -> Iterator[Engine]:
    """An engine on a migrated PostgreSQL database of this test's own."""
    yield from _opened(postgres_url)


def _opened(url: str) -> Iterator[Engine]:
    opened = open_test_engine(url)
    yield opened
    opened.dispose()
