"""What happened, for those who watch: the chat page (Server-Sent Events) and tests that wait."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from itertools import takewhile

from simulator.wire import Json

KEPT = 5000


class Events:
    """A numbered stream of small notes; the last 5000 are kept for a page that reconnects."""

    def __init__(self) -> None:
        self.last = 0
        self._kept: deque[Json] = deque(maxlen=KEPT)
        self._watchers: set[asyncio.Future[None]] = set()

    def publish(self, kind: str, chat: int | None = None, **details: object) -> None:
        """Notes one event. `kind` is the `type` of docs/simulator.md; details must be JSON values."""
        self.last += 1
        note: Json = {"seq": self.last, "type": kind, **details}
        if chat is not None:
            note["chat"] = chat
        self._kept.append(note)
        self.wake()

    def wake(self) -> None:
        """Lets every watcher look again."""
        for watcher in self._watchers:
            if not watcher.done():
                watcher.set_result(None)

    def after(self, seq: int) -> list[Json]:
        """The kept events that came after number `seq`, oldest first."""
        newer = takewhile(lambda note: note["seq"] > seq, reversed(self._kept))
        return list(newer)[::-1]

    async def changed(self) -> None:
        """Returns at the next event."""
        watcher = asyncio.get_running_loop().create_future()
        self._watchers.add(watcher)
        try:
            await watcher
        finally:
            self._watchers.discard(watcher)

    async def follow(self, seq: int) -> AsyncIterator[Json]:
        """Every event after number `seq`, for ever."""
        while True:
            for note in self.after(seq):
                seq = note["seq"]
                yield note
            if seq >= self.last:
                await self.changed()
