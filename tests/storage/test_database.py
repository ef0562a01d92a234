"""The writer of a process: a transaction for each piece of work, and roles that only one process has."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.faults import LeadLost, house_fault
from storage.ledger import Key, Ledger
from tests.databases import NOON


@pytest.fixture
async def database(engine: Engine) -> AsyncIterator[Database]:
    """A writer, on both engines."""
    opened = Database(engine)
    yield opened
    await opened.close()


async def test_work_is_committed_when_it_returns(database: Database, engine: Engine) -> None:
    assert await database.run(_admit("a")) == {("test", "a")}
    with engine.begin() as connection:
        assert Ledger(connection).admit([("test", "a")], NOON) == set()


async def test_work_that_raises_leaves_nothing_and_the_next_goes_on(database: Database) -> None:
    def fail(connection: Connection) -> None:
        _admit("a")(connection)
        raise KeyError("a fault in the work")

    with pytest.raises(KeyError):
        await database.run(fail)
    assert await database.run(_admit("a")) == {("test", "a")}


async def test_a_failed_statement_leaves_no_half_transaction(database: Database) -> None:
    def fail(connection: Connection) -> None:
        _admit("a")(connection)
        connection.execute(text("INSERT INTO nowhere VALUES (1)"))

    with pytest.raises(DBAPIError):
        await database.run(fail)
    assert await database.run(_admit("a")) == {("test", "a")}


async def test_a_role_has_one_process_until_it_leaves(engine: Engine) -> None:
    async with AsyncExitStack() as stack:
        one, other = Database(engine), Database(engine)
        stack.push_async_callback(other.close)
        assert await one.lead("sender:77")
        assert await one.lead("sender:77"), "asking again keeps it"
        assert not await other.lead("sender:77")
        assert await other.lead("sender:78"), "another bot's sender is another role"
        await one.close()
        assert await other.lead("sender:77")


async def test_a_lost_connection_loses_the_roles_and_says_so(postgres_engine: Engine) -> None:
    """Otherwise a new connection would write on without the lock, beside the process that took the role over."""
    async with AsyncExitStack() as stack:
        one, other = Database(postgres_engine), Database(postgres_engine)
        stack.push_async_callback(one.close)
        stack.push_async_callback(other.close)
        await one.lead("sender:77")
        pid = await one.run(lambda connection: connection.scalar(text("SELECT pg_backend_pid()")))
        await other.run(
            lambda connection: connection.execute(text(f"SELECT pg_terminate_backend({pid}, 5000)"))
        )
        with pytest.raises(DBAPIError) as gone:
            await one.run(_admit("a"))
        assert house_fault(gone.value)
        with pytest.raises(LeadLost):
            await one.run(_admit("a"))
        assert await other.lead("sender:77")


async def test_without_a_role_a_lost_connection_is_made_anew(postgres_engine: Engine) -> None:
    async with AsyncExitStack() as stack:
        one, other = Database(postgres_engine), Database(postgres_engine)
        stack.push_async_callback(one.close)
        stack.push_async_callback(other.close)
        pid = await one.run(lambda connection: connection.scalar(text("SELECT pg_backend_pid()")))
        await other.run(
            lambda connection: connection.execute(text(f"SELECT pg_terminate_backend({pid}, 5000)"))
        )
        with pytest.raises(DBAPIError):
            await one.run(_admit("a"))
        assert await one.run(_admit("a")) == {("test", "a")}


def _admit(name: str) -> Callable[[Connection], set[Key]]:
    return lambda connection: Ledger(connection).admit([("test", name)], NOON)
