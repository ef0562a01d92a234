"""The clock: the computer's, the demo's, and ticks that are never dropped for being late."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.clock import ShiftedClock, SystemClock, Ticker, _offset
from tests.databases import NOON


class Still:
    """A clock that stands still."""

    def now(self) -> datetime:
        """Noon."""
        return NOON


class Simulator:
    """The simulator's clock, as far as it is asked."""

    def __init__(self) -> None:
        self.asked = asyncio.Semaphore(0)
        self.answer: Any = {"now": 0.0, "offset": 0.0}
        self.status = 200

    async def clock(self, _request: web.Request) -> web.Response:
        """GET /sim/clock."""
        self.asked.release()
        return web.json_response(self.answer, status=self.status)


@pytest.fixture
async def simulator() -> AsyncIterator[tuple[Simulator, str]]:
    """A simulator's clock and its address."""
    simulator, app = Simulator(), web.Application()
    app.router.add_get("/sim/clock", simulator.clock)
    async with TestServer(app) as server:
        yield simulator, str(server.make_url("/sim/clock"))


def test_the_system_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


async def test_the_demos_clock_is_as_far_ahead_as_the_simulators(simulator: tuple[Simulator, str]) -> None:
    theirs, url = simulator
    clock = ShiftedClock(url, Still())
    assert clock.now() == NOON
    theirs.answer = {"now": 0.0, "offset": 86400.0}
    async with aiohttp.ClientSession() as http:
        await clock.ask(http)
    assert clock.now() == NOON + timedelta(days=1)


@pytest.mark.parametrize(
    "answer", [{}, [], {"offset": "soon"}, {"offset": None}, {"offset": -1e300}, {"offset": 1e300}]
)
async def test_an_answer_that_is_no_clock_leaves_the_time_as_it_was(
    simulator: tuple[Simulator, str], answer: Any
) -> None:
    theirs, url = simulator
    clock = ShiftedClock(url, Still())
    async with aiohttp.ClientSession() as http:
        theirs.answer = {"offset": 60.0}
        await clock.ask(http)
        theirs.answer = answer
        await clock.ask(http)
    assert clock.now() == NOON + timedelta(seconds=60)


async def test_a_simulator_that_is_gone_leaves_the_time_as_it_was() -> None:
    clock = ShiftedClock("http://127.0.0.1:1/sim/clock", Still())
    async with aiohttp.ClientSession() as http:
        await clock.ask(http)
    assert clock.now() == NOON


async def test_following_keeps_asking_until_it_is_cancelled(
    simulator: tuple[Simulator, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.clock.ASK_EVERY", 0.01)
    theirs, url = simulator
    theirs.answer = {"offset": 5.0}
    clock = ShiftedClock(url, Still())
    task = asyncio.create_task(clock.follow())
    for _ in range(2):
        await theirs.asked.acquire()
    assert clock.now() == NOON + timedelta(seconds=5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_ticker_ticks_until_it_is_stopped() -> None:
    ticked = asyncio.Event()

    async def tick() -> None:
        ticked.set()

    ticker = Ticker()
    ticker.every(0.001, tick)
    ticker.start()
    await ticked.wait()
    ticker.stop()


async def test_a_late_tick_is_never_dropped() -> None:
    """APScheduler's default drops what is a second late: after a night's sleep of the computer, everything."""
    ticker = Ticker()
    ticker.every(60, asyncio.Event().wait)
    ticker.start()
    (job,) = ticker._scheduler.get_jobs()
    assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)
    ticker.stop()


def test_an_offset_is_in_seconds() -> None:
    assert _offset({"offset": 1.5}) == timedelta(seconds=1.5)
    assert _offset({"offset": -86_400}) == timedelta(days=-1), "a demo may begin in the past"
