"""The promises of the design, proven on the running program: `suara run`, killed 20 times under load.

No acknowledged update is lost, no aspiration is stored twice, and no message is sent twice but those whose
call was in flight, each of them marked.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final

import pytest
from sqlalchemy import Engine, Table, TextClause, func, select, text

from simulator.server import Simulator
from storage.engine import reading
from storage.ledger import INBOX, OUTBOX, table
from storage.region_file import import_regions
from storage.tables import AspirationRecord
from tests.databases import KEY, open_test_engine

TOKEN: Final = "123456789:" + "AbC-_dEf9" * 3 + "AbC-_dEf"
KILLS: Final = 20
PEOPLE: Final = 40
PATIENCE: Final = 120.0
"""Seconds that the busiest machine needs; a test that passes never waits so long."""

JOURNEY: Final = (
    "/start",
    "Jalan ke sekolah rusak parah",
    "ya, saya setuju",
    "tidak usah",
    "ya, pakai ini",
    "Sukadana",
    "lewati",
    "1",
    "untuk semua warga",
    "rahasia",  # what is public is compared with the others: a question more
    "ya, kirim sekarang",
)
"""One resident's whole way to a ticket, typed; nobody waits for an answer, so everything is in flight at once."""

ASPIRATION: Final = table(AspirationRecord)
OPEN: Final = text("state IN ('waiting', 'calling')")


@pytest.mark.slow
async def test_twenty_kills_under_load_lose_nothing_and_double_only_marked_calls(
    sqlite_url: str, tmp_path: Path
) -> None:
    """Forty residents write on while the bot is killed twenty times; then everything is counted."""
    with opened(sqlite_url) as engine:
        async with Simulator(tokens=[TOKEN], seed=1) as telegram:
            residents = [telegram.add_person(f"Warga {n}").id for n in range(PEOPLE)]
            settings = environment(telegram.url, sqlite_url, tmp_path)
            lines = lines_of(residents)
            await kill_often(telegram, settings, lines)
            await finish(telegram, settings, lines, engine)
            assert_nothing_lost(engine, telegram, residents)
            assert_doubled_only_where_marked(engine, telegram, residents)


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """A database with the regions in it, closed afterwards."""
    engine = open_test_engine(url)
    with engine.begin() as connection:
        import_regions(connection)
    yield engine
    engine.dispose()


def environment(telegram: str, database: str, folder: Path) -> dict[str, str]:
    """The settings of the program under test; nothing of the tester's own."""
    settings = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram,
        "DATABASE_URL": database,
        "DATA_KEYS": KEY,
        "MEDIA_DIR": str(folder / "media"),
        "BACKUP_DIR": str(folder / "backup"),
        "LISTEN": f"127.0.0.1:{free_port()}",
        "SEND_RATE": "0",
        "CONTACT_NAME": "Ibu Sari",
    }
    return {**settings, "PATH": os.environ["PATH"], "PYTHONPATH": str(Path.cwd())}


def free_port() -> int:
    """A port of loopback that nobody holds."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def kill_often(telegram: Simulator, settings: dict[str, str], lines: Iterator[tuple[int, str]]) -> None:
    """Let twenty of them write, and kill the bot at some moment before it has answered them all; twenty times."""
    random = Random(7)  # noqa: S311 - when to kill, repeatable on purpose
    for _ in range(KILLS):
        async with running(settings, telegram, signal.SIGKILL):
            for resident, words in islice(lines, PEOPLE * len(JOURNEY) // (KILLS + 1)):
                telegram.say(resident, words)
            enough = partial(has_sent, telegram, sent(telegram) + random.randint(1, 16))
            await telegram.until(enough, PATIENCE)


async def finish(
    telegram: Simulator, settings: dict[str, str], lines: Iterator[tuple[int, str]], engine: Engine
) -> None:
    """Let the last bot work until nothing waits; the end of another process's work is no event here."""
    async with running(settings, telegram, signal.SIGTERM), asyncio.timeout(PATIENCE):
        for resident, words in lines:
            telegram.say(resident, words)
        while count(engine, ASPIRATION) < PEOPLE or count(engine, OUTBOX, OPEN):  # noqa: ASYNC110
            await asyncio.sleep(0.1)


def lines_of(residents: list[int]) -> Iterator[tuple[int, str]]:
    """What all residents say, line by line, everybody in turn."""
    return iter([(resident, words) for words in JOURNEY for resident in residents])


@asynccontextmanager
async def running(
    settings: dict[str, str], telegram: Simulator, end: signal.Signals
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The program while the block runs, polling; ended by this signal."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=settings, start_new_session=True
    )
    try:
        await telegram.until(telegram.polling, PATIENCE)
        yield process
    finally:
        process.send_signal(end)
        await asyncio.wait_for(process.wait(), PATIENCE)


def sent(telegram: Simulator) -> int:
    """Messages that the simulator took from the bot."""
    return len([1 for entry in telegram.journal(method="sendMessage") if entry["code"] == 200])


def has_sent(telegram: Simulator, count: int) -> bool:
    """Whether so many messages were sent."""
    return sent(telegram) >= count


def count(engine: Engine, rows: Table, condition: TextClause | None = None) -> int:
    """Rows of a table, or those of a condition."""
    query = select(func.count()).select_from(rows)
    with reading(engine) as connection:
        return connection.scalar(query if condition is None else query.where(condition)) or 0


def bot_messages(telegram: Simulator, resident: int) -> list[dict[str, object]]:
    """What the bot said to a resident."""
    return [message for message in telegram.chat(resident)["messages"] if message["from"] == "bot"]


def assert_nothing_lost(engine: Engine, telegram: Simulator, residents: list[int]) -> None:
    """Every update is in the inbox once, and everybody has exactly one aspiration."""
    updates = {entry["update_id"] for entry in telegram.journal() if entry["kind"] == "update"}
    with reading(engine) as connection:
        processed = connection.scalars(select(INBOX.c.id).where(INBOX.c.source.startswith("bot:"))).all()
        authors = Counter(connection.scalars(select(ASPIRATION.c.chat_id)))
    assert sorted(processed) == sorted(map(str, updates))
    assert authors == dict.fromkeys(residents, 1)


def assert_doubled_only_where_marked(engine: Engine, telegram: Simulator, residents: list[int]) -> None:
    """Each message in a chat is one row's; a message more, or one less, needs a row that is marked as doubtful."""
    with reading(engine) as connection:
        columns = (OUTBOX.c.chat_id, OUTBOX.c.state, OUTBOX.c.doubtful)
        rows = connection.execute(select(*columns).where(OUTBOX.c.chat_id.in_(residents))).all()
    assert {row.state for row in rows} <= {"sent", "unknown"}
    assert all(row.doubtful for row in rows if row.state == "unknown")
    arrived = Counter(row.chat_id for row in rows if row.state == "sent")
    marked = Counter(row.chat_id for row in rows if row.doubtful)
    written = Counter(row.chat_id for row in rows)
    for resident in residents:
        seen = len(bot_messages(telegram, resident))
        assert arrived[resident] <= seen <= written[resident] + marked[resident]
