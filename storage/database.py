"""The one writer of a process: a thread with its own connection, and a transaction for each piece of work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")


class Database:
    """Runs synchronous work on the database from asynchronous code, one transaction after the other.

    One thread and one connection: SQLite has one writer at a time anyway, and on PostgreSQL the locks of the
    process's roles live and die with this connection. Statements thus never hop between threads.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="database")
        self._connection: Connection | None = None

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction of its own and commit it; roll back and raise what it raises.

        Whoever is cancelled while waiting cannot know whether the work was committed.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._work, work)

    async def close(self) -> None:
        """Finish what is under way and close the connection."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._drop)
        self._thread.shutdown()

    def _work(self, work: Callable[[Connection], T]) -> T:
        connection = self._connection or self._engine.connect()
        self._connection = connection
        try:
            with connection.begin():
                return work(connection)
        finally:
            if connection.invalidated or connection.in_transaction():
                self._drop()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
