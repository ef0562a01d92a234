"""Homes for dialogues: migrated databases with the regions loaded, one for each dialogue."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from typing import Final

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, insert, text

from bot.app import Home, compose
from bot.clock import Clock
from bot.house import Furnished, furnish
from bot.rehearsal import StoppedClock
from bot.setting_readers import Address
from bot.settings import Settings
from storage.audit import HEAD, NOTHING
from storage.engine import reading
from storage.region_file import import_regions
from storage.tables import Record
from tests.databases import KEY, PostgresServer, SqliteFiles, open_test_engine
from tests.speech.tones import ToneVoice

SEED: Final = 7
"""The first ticket of every dialogue is the same."""

KEPT: Final = frozenset({"region"})
APPENDED: Final = ("aspiration_event", "audit")
"""What may only be added to."""

MakeHome = Callable[..., Home]
"""make_home(clock, region="18.07", **settings)"""


def pytest_addoption(parser: pytest.Parser) -> None:
    """--rewrite: what the bot says is written into the dialogues; what people do stays."""
    parser.addoption("--rewrite", action="store_true", help="write what the bot says into tests/dialogues")


@pytest.fixture
def rewriting(request: pytest.FixtureRequest) -> bool:
    """Whether outputs are to be written instead of compared."""
    return bool(request.config.getoption("--rewrite", default=False))


@pytest.fixture(scope="session")
def sqlite_with_regions(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the regions, to copy."""
    folder = tmp_path_factory.mktemp("regions")
    engine = open_test_engine(sqlite_files.copy(folder))
    with engine.begin() as connection:
        import_regions(connection)
    engine.dispose()
    return folder / "suara.db"


@pytest.fixture(scope="session")
def postgres_with_regions(postgres_server: PostgresServer) -> Iterator[str]:
    """One PostgreSQL database with the regions for all dialogues, emptied between them."""
    with postgres_server.copy() as url:
        engine = open_test_engine(url)
        with engine.begin() as connection:
            import_regions(connection)
        engine.dispose()
        yield url


@pytest.fixture
def sqlite_house(sqlite_with_regions: Path, tmp_path: Path) -> Iterator[Engine]:
    """A SQLite database of this dialogue's own."""
    shutil.copy(sqlite_with_regions, tmp_path / "suara.db")
    engine = open_test_engine(f"sqlite:///{tmp_path / 'suara.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_house(postgres_with_regions: str) -> Iterator[Engine]:
    """The PostgreSQL database, empty but for the regions."""
    engine = open_test_engine(postgres_with_regions)
    try:
        _empty(engine)
        yield engine
    finally:
        engine.dispose()


def _empty(engine: Engine) -> None:
    """Forget everything, also what may only be added to."""
    names = [name for name in Record.metadata.tables if name not in KEPT]
    with engine.begin() as connection:
        for name in APPENDED:
            connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
        connection.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE"))
        for name in APPENDED:
            connection.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))
        connection.execute(insert(HEAD).values(id=1, number=0, digest=NOTHING))


@pytest.fixture(params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest) -> Engine:
    """The database of a dialogue, on each engine."""
    engine: Engine = request.getfixturevalue(f"{request.param}_house")
    return engine


@pytest.fixture(scope="session")
def furniture(sqlite_with_regions: Path) -> Callable[[Settings], Furnished]:
    """Regions, rules and texts of a kabupaten, read once."""
    known: dict[str, Furnished] = {}

    def furnished(settings: Settings) -> Furnished:
        if settings.region not in known:
            engine = open_test_engine(f"sqlite:///{sqlite_with_regions}")
            with reading(engine) as connection:
                known[settings.region] = furnish(connection, settings)
            engine.dispose()
        return known[settings.region]

    return furnished


@pytest.fixture
def make_home(tmp_path: Path, furniture: Callable[[Settings], Furnished]) -> MakeHome:
    """Composes a home on an engine: the same people to ask, keys and randomness everywhere."""

    def home(engine: Engine, clock: Clock | datetime, region: str = "18.07", **changes: object) -> Home:
        settings = settings_of(tmp_path, region, **changes)
        given = StoppedClock(clock) if isinstance(clock, datetime) else clock
        made = compose(settings, engine, given, random.Random(SEED), furniture(settings))  # noqa: S311
        speaker = replace(made.speaking.speaker, voice=ToneVoice())  # as long on every machine
        return replace(made, speaking=replace(made.speaking, speaker=speaker))

    return home


def settings_of(folder: Path, region: str, **changes: object) -> Settings:
    """The settings of dialogues; nothing is read from the environment that could change them."""
    fixed: dict[str, object] = {
        "data_keys": (SecretStr(KEY),),
        "media_dir": folder / "media",
        "region": region,
        "timezone": None,
        "locale": "id",
        "contact_name": "Ibu Sari di Bappeda",
        "contact_phone": "0725-000-000",
        "hotline": "112",
        "telegram_api_url": "http://127.0.0.1:1",
        "listen": Address("127.0.0.1", 0),
        "send_rate": 0,
        "notice_delay": 600,
        "approve_above": 1,  # two people are many here
        "quiet_hours": (time(20), time(7)),
        "clock_url": None,
    }
    return Settings(_env_file=None, **(fixed | changes))  # type: ignore[call-arg, arg-type]
