"""News of the outbox between processes."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Engine, text

from storage.ledger import Ledger, OutboxRow
from storage.listening import listen
from tests.databases import NOON


async def test_a_commit_elsewhere_wakes_the_sender(postgres_engine: Engine) -> None:
    news = asyncio.Event()
    task = asyncio.create_task(listen(postgres_engine, news.set))
    await news.wait()
    news.clear()
    await asyncio.to_thread(_enqueue, postgres_engine)
    await news.wait()
    await _ended(task)


async def test_after_a_lost_connection_it_listens_again(
    postgres_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.listening.AGAIN", 0.01)
    news = asyncio.Event()
    task = asyncio.create_task(listen(postgres_engine, news.set))
    await news.wait()
    news.clear()
    await asyncio.to_thread(_cut, postgres_engine)
    await news.wait()
    await _ended(task)


async def test_on_sqlite_it_only_waits(sqlite_engine: Engine) -> None:
    task = asyncio.create_task(listen(sqlite_engine, lambda: pytest.fail("woken")))
    await asyncio.sleep(0)
    assert not task.done()
    await _ended(task)


def _enqueue(engine: Engine) -> None:
    with engine.begin() as connection:
        Ledger(connection).enqueue([OutboxRow(chat_id=5, due_at=NOON, method="x", params="{}")], NOON)


def _cut(engine: Engine) -> None:
    listeners = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
    with engine.begin() as connection:
        connection.execute(text(listeners))


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
