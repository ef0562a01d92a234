"""What the tests of the house share: an empty environment, and the bot's parts on a database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from pydantic import SecretStr

from bot.app import Home, assemble
from bot.rehearsal import StoppedClock
from bot.settings import Settings, names
from storage.region_file import import_regions
from tests.databases import KEY, NOON, open_test_engine


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder and an environment without any setting."""
    for name in names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def home(sqlite_url: str, tmp_path: Path) -> Iterator[Home]:
    """The bot's parts on a database of this test's own."""
    engine = open_test_engine(sqlite_url)
    with engine.begin() as connection:
        import_regions(connection)
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        database_url=SecretStr(sqlite_url),
        data_keys=(SecretStr(KEY),),
        media_dir=tmp_path / "media",
        telegram_api_url="http://127.0.0.1:1",
    )
    yield assemble(settings, engine, StoppedClock(NOON), Random(1))  # noqa: S311
    engine.dispose()
