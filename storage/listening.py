"""News of other processes: on PostgreSQL, whoever adds to the outbox says so with the commit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import psycopg
from sqlalchemy import Engine

from storage.engine import is_sqlite
from storage.ledger import CHANNEL

AGAIN: Final = 5.0
"""Seconds before a lost connection is tried again; the sender looks every second anyway."""


async def listen(engine: Engine, wake: Callable[[], None]) -> None:
    """Call `wake` at each commit of any process that added to the outbox, until cancelled.

    SQLite has no such news; there it only waits.
    """
    if is_sqlite(engine):
        await asyncio.Event().wait()
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        try:
            await _listen(address, wake)
        except psycopg.OperationalError:
            await asyncio.sleep(AGAIN)


async def _listen(address: str, wake: Callable[[], None]) -> None:
    async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
        await connection.execute(f"LISTEN {CHANNEL}".encode())
        wake()
        async for _ in connection.notifies():
            wake()
