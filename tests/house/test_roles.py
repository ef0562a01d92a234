"""The running program in its other shapes: behind a webhook, and two of it on one PostgreSQL."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest
from sqlalchemy import Engine, select

from simulator.server import Simulator
from storage.engine import reading
from storage.ledger import INBOX, OUTBOX
from tests.kills.test_kills import (
    OPEN,
    PATIENCE,
    TOKEN,
    assert_doubled_only_where_marked,
    bot_messages,
    count,
    environment,
    free_port,
    has_sent,
    opened,
)

SECRET: Final = "S3cret-of-the-tests"
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
ALONE: Final = ("receive", "send", "clock")
"""Roles that one process of a bot has at a time."""


@pytest.mark.slow
async def test_behind_a_webhook_residents_are_answered_and_strangers_are_not(
    sqlite_url: str, tmp_path: Path
) -> None:
    """The bot tells the server where to post; a post without the secret is refused and leaves no trace."""
    with opened(sqlite_url) as engine:
        async with Simulator(tokens=[TOKEN], seed=1) as telegram:
            settings = environment(telegram.url, sqlite_url, tmp_path)
            hook = f"http://{settings['LISTEN']}/hook"
            settings |= {"WEBHOOK_URL": hook, "WEBHOOK_SECRET": SECRET}
            resident = telegram.add_person("Wati").id
            async with program(settings):
                telegram.start(resident)
                await telegram.until(lambda: bot_messages(telegram, resident), PATIENCE)
                assert not telegram.journal(method="getUpdates")
                forged = {"update_id": 1, "message": {"text": "/start"}}
                assert [await posted(hook, forged, secret) for secret in ("", "guessed")] == [401, 401]
                assert processed(engine) == updates(telegram)
                assert await posted(hook, forged, SECRET) == 200


@pytest.mark.slow
async def test_a_second_process_stands_by_and_takes_over_when_the_first_is_killed(
    postgres_url: str, tmp_path: Path
) -> None:
    """What was said before the kill, and while nobody listened, is answered by the second."""
    with opened(postgres_url) as engine:
        async with Simulator(tokens=[TOKEN], seed=1) as telegram:
            residents = [telegram.add_person(f"Warga {n}").id for n in range(10)]
            first = environment(telegram.url, postgres_url, tmp_path)
            second = first | {"LISTEN": f"127.0.0.1:{free_port()}", "LOG_FORMAT": "json"}
            async with program(first) as leader:
                await telegram.until(telegram.polling, PATIENCE)
                async with program(second) as follower:
                    await stands_by(follower)
                    write(telegram, residents, "/start")
                    await telegram.until(lambda: has_sent(telegram, 3), PATIENCE)
                    leader.kill()
                    await leader.wait()
                    write(telegram, residents, "bantuan")
                    await telegram.until(lambda: settled(engine, telegram), PATIENCE)
            assert_doubled_only_where_marked(engine, telegram, residents)
            assert all(len(bot_messages(telegram, resident)) > 1 for resident in residents)


@asynccontextmanager
async def program(settings: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """`suara run` while the block runs; asked to stop afterwards, if it still lives."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=settings, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.communicate(), PATIENCE)


async def stands_by(process: asyncio.subprocess.Process) -> None:
    """Wait until the program has said of each role that another has it."""
    waiting = set(ALONE)
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE):
        while waiting:
            line = (await process.stderr.readline()).decode()
            assert line, "the second process ended"
            waiting -= {role for role in waiting if "standing by" in line and f'"{role}"' in line}


def write(telegram: Simulator, residents: list[int], words: str) -> None:
    """Everybody writes the same at once."""
    for resident in residents:
        telegram.say(resident, words)


def settled(engine: Engine, telegram: Simulator) -> bool:
    """Whether every update is processed, and nothing waits to be sent."""
    return processed(engine) == updates(telegram) and not count(engine, OUTBOX, OPEN)


def processed(engine: Engine) -> list[str]:
    """Ids of the updates that the bot has taken."""
    with reading(engine) as connection:
        found = connection.scalars(select(INBOX.c.id).where(INBOX.c.source.startswith("bot:"))).all()
    return sorted(found)


def updates(telegram: Simulator) -> list[str]:
    """Ids of the updates that the simulator has made."""
    return sorted({str(entry["update_id"]) for entry in telegram.journal() if entry["kind"] == "update"})


async def posted(url: str, update: dict[str, Any], secret: str) -> int:
    """The status that a post of this update with this secret is answered with."""
    async with (
        aiohttp.ClientSession() as http,
        http.post(url, json=update, headers={SECRET_HEADER: secret}) as answer,
    ):
        return answer.status
