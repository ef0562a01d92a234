"""What time it is, and the ticks that make the bot look what has fallen due.

Everything that is due at some time is asked of the tables at `Clock.now()`; APScheduler only ticks.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

import aiohttp
import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

ASK_EVERY: Final = 1.0
"""Seconds between two looks at the demo's clock."""

PATIENCE: Final = 5.0
"""Seconds for which its answer is awaited."""

FARTHEST: Final = 100 * 366 * 86400.0
"""Seconds that the demo's clock may be ahead or behind; beyond, dates themselves end."""

_log = structlog.get_logger(__name__)


class Clock(Protocol):
    """The time as the house keeps it."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        ...


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        return datetime.now(UTC)


class ShiftedClock:
    """The computer's clock moved by what the simulator's virtual clock is ahead or behind (demo only, `CLOCK_URL`).

    `follow` keeps asking; when there is no answer the last shift stays.
    """

    def __init__(self, url: str, system: Clock) -> None:
        self._url = url
        self._system = system
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The moment, aware, in UTC, as the demo's residents see it."""
        return self._system.now() + self._ahead

    async def follow(self) -> None:
        """Ask for the shift every second, until cancelled."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as http:
            while True:
                await self.ask(http)
                await asyncio.sleep(ASK_EVERY)

    async def ask(self, http: aiohttp.ClientSession) -> None:
        """Ask once for the shift: {"offset": seconds}."""
        try:
            async with http.get(self._url) as answer:
                self._ahead = _offset(await answer.json())
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            _log.debug("clock unanswered", error=type(error).__name__)


class Ticker:
    """Calls what is to be done every so many seconds: never twice at once, never dropped for being late."""

    def __init__(self) -> None:
        logging.getLogger("apscheduler").setLevel(
            logging.ERROR
        )  # a tick that meets the one before it is no news
        self._stopping = False
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def every(self, seconds: float, tick: Callable[[], Awaitable[object]]) -> None:
        """Call `tick` every so many seconds from now on. It should handle its own faults: they are only logged."""

        async def once() -> None:
            try:
                await tick()
            except asyncio.CancelledError:
                if not self._stopping:  # APScheduler would log the end of a tick at a stop as an error
                    raise

        self._scheduler.add_job(once, "interval", seconds=seconds)

    def start(self) -> None:
        """Begin to tick, in the running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more; a tick under way is cancelled where it waits, which every job must bear at any time anyway."""
        self._stopping = True
        self._scheduler.shutdown(wait=False)


def _offset(answer: Any) -> timedelta:
    match answer:
        case {"offset": int() | float() as seconds} if -FARTHEST <= seconds <= FARTHEST:
            return timedelta(seconds=seconds)
        case _:
            raise ValueError("the clock's answer has no offset in seconds")
