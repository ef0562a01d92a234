"""How SQLite looks up what a piece of work reads: for tests that nothing which grows is read through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def plans(engine: Engine) -> Iterator[list[str]]:
    """The query plans of what is selected meanwhile, filled in at the end."""
    caught: list[tuple[str, Any]] = []
    found: list[str] = []

    def catch(_connection: object, _cursor: object, statement: str, given: object, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            caught.append((statement, given))

    event.listen(engine, "before_cursor_execute", catch)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", catch)
    with engine.connect() as connection:
        for statement, given in caught:
            found.append(str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()))
