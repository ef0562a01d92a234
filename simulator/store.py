"""State that survives a restart: one SQLite table, written behind the calls by a thread of its own.

Nothing waits for the disk while it answers. What changed is collected and written in one transaction
every 50 ms, as it stood at one moment between two calls, so the file always holds a consistent cut:
a killed simulator loses at most its last moments, never the order. A graceful stop writes all.
"""

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.wire import encode

LOG = logging.getLogger(__name__)
DELAY = 0.05  # seconds between a change and its write
SETTINGS = ("PRAGMA locking_mode = EXCLUSIVE", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL")
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


@dataclass(frozen=True, slots=True)
class Batch:
    """What changed between two writes; `everything` empties the table first."""

    gone: list[Key]
    kept: list[tuple[str, str, bytes]]
    everything: bool = False


class SqliteStore(Store):
    """Keeps things in a SQLite file that no other process may open meanwhile.

    Raises sqlite3.Error or OSError when the file cannot be opened. A write that fails (a full disk) is
    logged and tried again with the next change, in the old order.
    """

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(path, timeout=0.5, check_same_thread=False, isolation_level=None)
        for statement in (*SETTINGS, TABLE):
            self._base.execute(statement)
        self._changed: dict[Key, Any] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._backlog: deque[Batch] = deque()
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
        self._hand_over(Batch([], [], everything=True))

    def read(self, kind: str) -> Iterator[tuple[str, bytes]]:
        """See Store.read."""
        yield from self._base.execute("SELECT key, body FROM thing WHERE kind = ? ORDER BY key", (kind,))

    def flush(self) -> None:
        """Hands everything that changed, encoded now, to the writing thread."""
        self._timer = None
        changed, self._changed = self._changed, {}
        gone = [key for key, thing in changed.items() if thing is None]
        kept = [(*key, encode(thing)) for key, thing in changed.items() if thing is not None]
        self._hand_over(Batch(gone, kept))

    def _hand_over(self, batch: Batch) -> None:
        self._backlog.append(batch)
        self._writer.submit(self._write_all)

    def _write_all(self) -> None:
        while self._backlog:
            try:
                self._write(self._backlog[0])
            except sqlite3.Error as problem:
                self._base.rollback()
                LOG.error("The simulator's state could not be written: %s.", problem)  # noqa: TRY400 - no traceback
                return
            self._backlog.popleft()

    def _write(self, batch: Batch) -> None:
        self._base.execute("BEGIN")
        if batch.everything:
            self._base.execute("DELETE FROM thing")
        self._base.executemany(DROP, batch.gone)
        self._base.executemany(PUT, batch.kept)
        self._base.execute("COMMIT")

    async def close(self) -> None:
        """See Store.close."""
        if self._timer is not None:
            self._timer.cancel()
        self.flush()
        await asyncio.to_thread(self._writer.shutdown)
        self._base.close()
