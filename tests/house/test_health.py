"""/health: red as soon as nothing can be written any more, though all reading still works."""

from __future__ import annotations

import asyncio
import sqlite3
from typing import cast

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from bot.app import Home
from bot.children import free_port
from bot.health import serve_health
from bot.roles import Bot
from bot.setting_readers import Address
from bot.transport import Transport
from storage.ledger import INBOX
from tests.databases import NOON


def full(_connection: object, _cursor: object, statement: str, *_given: object) -> None:
    """What SQLite says to a write when the disk is full."""
    if statement.startswith(("INSERT", "UPDATE")):
        raise sqlite3.OperationalError("database or disk is full")


async def status(bot: Bot) -> int:
    """What a watcher gets."""
    listen = Address("127.0.0.1", free_port(0))
    async with (
        serve_health(web.Application(), listen, bot.figures, bot.check),
        aiohttp.ClientSession() as http,
        http.get(f"http://{listen.host}:{listen.port}/health") as answer,
    ):
        return answer.status


async def test_a_disk_that_takes_no_more_makes_health_red_and_figures_are_still_read(home: Home) -> None:
    """On a full disk a transaction still begins, and everything can be read."""
    bot = Bot(home, cast("Transport", None), "bot:1", asyncio.Event())
    assert [await status(bot), await status(bot)] == [200, 200]
    event.listen(home.engine, "before_cursor_execute", full)
    assert await status(bot) == 503
    with pytest.raises(OperationalError):
        await bot.check()
    assert "updates_quarantined" in await bot.figures()
    await home.database.close()
    with home.engine.begin() as connection:
        rows = connection.execute(select(INBOX)).all()
    assert [(row.source, row.id, row.at) for row in rows] == [("health", "probe", NOON)]
