"""The one writer of a process: a thread with its own connection, and a transaction for each piece of work."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError

from storage.engine import is_sqlite
from storage.faults import LeadLost

T = TypeVar("T")


class Database:
    """Runs synchronous work on the database from asynchronous code, one transaction after the other.

    One thread and one connection: SQLite has one writer at a time anyway, and on PostgreSQL the roles of the
    process live and die with this connection. Statements thus never hop between threads.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="database")
        self._connection: Connection | None = None
        self._locks: dict[str, BinaryIO | None] = {}
        self._lost = False

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction of its own and commit it; roll back and raise what it raises.

        Raises LeadLost once the connection that held a role is gone. Whoever is cancelled while waiting cannot
        know whether the work was committed.
        """
        return await self._in_thread(lambda: self._work(work))

    async def lead(self, role: str) -> bool:
        """Take a role that only one process may have (poller, sender, clock: each with the bot's id), if it is free.

        It is kept until `close`, or until the connection is lost. Whoever is refused stands by and asks again.
        """
        return role in self._locks or await self._in_thread(lambda: self._take(role))

    async def close(self) -> None:
        """Finish what is under way, give up the roles and close the connection."""
        await self._in_thread(self._leave)
        self._thread.shutdown()

    async def _in_thread(self, task: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, task)

    def _work(self, work: Callable[[Connection], T]) -> T:
        if self._lost:
            raise LeadLost("the connection that held this process's roles is gone")
        connection = self._connection or self._engine.connect()
        self._connection = connection
        try:
            with connection.begin():
                return work(connection)
        finally:
            if connection.invalidated or connection.in_transaction():
                self._lost = bool(self._locks) and not is_sqlite(self._engine)
                self._drop()

    def _take(self, role: str) -> bool:
        if is_sqlite(self._engine):
            return self._take_file(role)
        key = func.hashtextextended(role, 0)
        taken = self._work(lambda connection: connection.scalar(select(func.pg_try_advisory_lock(key))))
        if taken:
            self._locks[role] = None
        return bool(taken)

    def _take_file(self, role: str) -> bool:
        """A lock on a file beside the database; the system gives it back when the process ends, however it ends."""
        path = Path(f"{self._engine.url.database}.{role.replace('/', '-').replace(':', '-')}.lock")
        file = path.open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._locks[role] = file
        return True

    def _leave(self) -> None:
        self._unlock()
        self._drop()
        for file in self._locks.values():
            if file is not None:
                file.close()
        self._locks.clear()

    def _unlock(self) -> None:
        """Give the roles up before hanging up: PostgreSQL does it by itself, but some moments later."""
        if self._connection is None or not self._locks or is_sqlite(self._engine):
            return
        with suppress(DBAPIError):  # the connection is gone already, and the roles with it
            self._connection.execute(select(func.pg_advisory_unlock_all()))

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if not connection.invalidated:
            connection.detach()  # back in a pool the connection would keep its advisory locks
        connection.close()
