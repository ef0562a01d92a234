"""State that survives a restart: one SQLite table, written behind the calls by a thread of its own.

Nothing waits for the disk while it answers. What changed is collected and written in one transaction
every 50 ms, as it stood at one moment between two calls, so the file always holds a consistent cut:
a killed simulator loses at most its last moments, never the order. A graceful stop writes all.
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from simulator.wire import encode

DELAY = 0.05  # seconds between a change and its write
TABLE = (
    "CREATE TABLE IF NOT EXISTS thing (kind TEXT, key TEXT, body BLOB, PRIMARY KEY (kind, key)) WITHOUT ROWID"
)
PUT = "INSERT INTO thing VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body"
DROP = "DELETE FROM thing WHERE kind = ? AND key = ?"

Key = tuple[str, str]


class Store:
    """Keeps nothing: the store of a simulator without a state directory."""

    def put(self, kind: str, key: str, thing: Any) -> None:
        """Remembers `thing`, as it will be at the next write, under (kind, key)."""

    def drop(self, kind: str, key: str) -> None:
        """Forgets (kind, key)."""

    def clear(self) -> None:
        """Forgets everything."""

    def read(self, kind: str) -> Iterator[tuple[str, bytes]]:  # noqa: ARG002 - the store that keeps nothing
        """Everything of one kind as (key, JSON), ordered by key."""
        yield from ()

    async def close(self) -> None:
        """Writes what is still to be written, and closes."""


class SqliteStore(Store):
    """Keeps things in a SQLite file. Raises sqlite3.Error or OSError when the file cannot be opened."""

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = NORMAL")
        self._base.execute(TABLE)
        self._changed: dict[Key, Any] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._writer = ThreadPoolExecutor(1, "simulator-store")

    def put(self, kind: str, key: str, thing: Any) -> None:
        """See Store.put."""
        self._changed[kind, key] = thing
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(DELAY, self.flush)

    def drop(self, kind: str, key: str) -> None:
        """See Store.drop."""
        self.put(kind, key, None)

    def clear(self) -> None:
        """See Store.clear."""
        self._changed.clear()
        self._writer.submit(self._base.execute, "DELETE FROM thing")

    def read(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """See Store.read."""
        yield from self._base.execute("SELECT key, body FROM thing WHERE kind = ? ORDER BY key", (kind,))

    def flush(self) -> None:
        """Hands everything that changed, encoded now, to the writing thread."""
        self._timer = None
        changed, self._changed = self._changed, {}
        gone = [key for key, thing in changed.items() if thing is None]
        kept = [(*key, encode(thing)) for key, thing in changed.items() if thing is not None]
        self._writer.submit(self._write, gone, kept)

    def _write(self, gone: list[Key], kept: list[tuple[str, str, bytes]]) -> None:
        self._base.execute("BEGIN")
        self._base.executemany(DROP, gone)
        self._base.executemany(PUT, kept)
        self._base.execute("COMMIT")

    async def close(self) -> None:
        """See Store.close."""
        if self._timer is not None:
            self._timer.cancel()
        self.flush()
        await asyncio.to_thread(self._writer.shutdown)
        self._base.close()
