"""The virtual clock: what time it is in the simulator, and every wait that it makes."""

import asyncio
import time
from collections.abc import Callable

WEEK = 7 * 86400.0
DAY = 86400.0


class Clock:
    """Wall clock plus an offset that only grows, from below zero where a state begins in the past.

    Seconds since the epoch, as floats.
    """

    running = True

    def __init__(self, wall: Callable[[], float] = time.time, offset: float = 0.0) -> None:
        self._wall = wall
        self.offset = offset
        self._sleepers: set[asyncio.Future[None]] = set()

    def now(self) -> float:
        """The virtual time in seconds since the epoch."""
        return self._wall() + self.offset

    def stamp(self) -> int:
        """The virtual time as Telegram writes it: whole seconds."""
        return int(self.now())

    def advance(self, seconds: float) -> None:
        """Moves the time on by `seconds` (>= 0, else ValueError) and wakes whoever waits for it."""
        if not 0 <= seconds < float("inf"):
            raise ValueError("The clock moves forward only: give 'advance' as a number of seconds >= 0.")
        self.offset += seconds
        for sleeper in self._sleepers:
            if not sleeper.done():
                sleeper.set_result(None)

    @property
    def sleeping(self) -> int:
        """How many wait for this clock right now."""
        return len(self._sleepers)

    async def sleep(self, seconds: float) -> None:
        """Waits `seconds` of virtual time: really, or until the clock is moved on that far."""
        await self.until(self.now() + seconds)

    async def until(self, due: float) -> None:
        """Waits for a moment of virtual time, in seconds since the epoch."""
        while (left := due - self.now()) > 0:
            await self._pause(left)

    async def hold(self, wake: asyncio.Future[None], seconds: float) -> None:
        """Waits for `wake`, at most `seconds` of the monotonic clock (a long poll: moving the clock on is no news)."""
        await asyncio.wait([wake], timeout=seconds)

    async def _pause(self, seconds: float) -> None:
        moved = asyncio.get_running_loop().create_future()
        self._sleepers.add(moved)
        try:
            await asyncio.wait([moved], timeout=seconds if self.running else None)
        finally:
            self._sleepers.discard(moved)


class FrozenClock(Clock):
    """For tests: time passes only by `advance`, so no test ever sleeps. Long polls obey it too."""

    running = False

    def __init__(self, at: float = 1_760_000_000.0) -> None:
        super().__init__(wall=lambda: at)

    async def hold(self, wake: asyncio.Future[None], seconds: float) -> None:
        """As Clock.hold, but the seconds are virtual."""
        due = asyncio.ensure_future(self.until(self.now() + seconds))
        try:
            await asyncio.wait([wake, due], return_when=asyncio.FIRST_COMPLETED)
        finally:
            due.cancel()
