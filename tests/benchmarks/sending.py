"""CPU of sending: what lies in the outbox is claimed, called through a client library, and settled."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, select

from bot.app import Home
from bot.roles import Bot, connect
from bot.sender import Sender
from storage.ledger import OUTBOX

WINDOW: Final = 0.25


@dataclass(frozen=True, slots=True)
class SendCost:
    """CPU milliseconds per call of the Bot API, the median over windows of a quarter of a second."""

    median: float
    calls: int
    per_second: float


def send_cost(home: Home, most_seconds: float) -> SendCost:
    """Send what waits, for so many seconds at most, without pacing, and return what a call costs."""
    return asyncio.run(_measure(home, most_seconds))


async def _measure(home: Home, most_seconds: float) -> SendCost:
    transport = connect(home.settings)
    sender = Bot(home, transport, "", asyncio.Event()).sender
    waiting = await home.database.run(_waiting)
    task = asyncio.create_task(sender.run())
    costs, began = [], time.perf_counter()
    while sum(sender.tally.values()) < waiting and time.perf_counter() - began < most_seconds:
        costs.append(await _window(sender))
    seconds, calls = time.perf_counter() - began, sum(sender.tally.values())
    await sender.stop(5.0)
    await task
    await transport.close()
    if set(sender.tally) != {"sent"}:
        raise AssertionError(f"calls failed: {dict(sender.tally)}")
    ordered = sorted(cost for cost in costs[1:-1] or costs if cost)
    return SendCost(ordered[len(ordered) // 2], calls, calls / seconds)


async def _window(sender: Sender) -> float:
    cpu, calls = time.process_time(), sum(sender.tally.values())
    await asyncio.sleep(WINDOW)
    done = sum(sender.tally.values()) - calls
    return 1000 * (time.process_time() - cpu) / done if done else 0.0


def _waiting(connection: Connection) -> int:
    return connection.scalar(select(func.count()).where(OUTBOX.c.state == "waiting")) or 0
