"""CPU of a turn inside this process: raw update in, parsed, stepped, texts, reply in the outbox, committed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from sqlalchemy import Connection

from bot.app import Home
from bot.turn import Turner
from tests.benchmarks.home import BenchClock
from tests.benchmarks.journey import JOURNEY
from tests.benchmarks.parts import Meter, metered
from tests.benchmarks.stream import APART, Coming, arrival_of, stream

BATCH: Final = 32
MOVES: Final = len(JOURNEY) + 1
RAMP: Final = APART * MOVES * MOVES // 2
"""Arrivals until all stages are mixed; these, and as many in the end, are played but not counted."""

Deliver = Callable[[Sequence[Coming]], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class TurnCost:
    """CPU milliseconds per turn: the median over batches, and the mean."""

    median: float
    mean: float
    turns: int


@dataclass(slots=True)
class Course:
    """A stream of arrivals played through the turn in batches, in an event loop that runs for all of them."""

    home: Home
    clock: BenchClock
    batch: int = BATCH

    def cost(self, residents: int, first_id: int) -> TurnCost:
        """What a turn costs, in all threads together: a commit for each batch."""
        costs = asyncio.run(_play([(self, self._lots(residents, first_id))]))
        return self._counted(costs[0])

    def parts(self, residents: int, first_id: int) -> dict[str, float]:
        """CPU milliseconds per turn by part; the clocks themselves cost a few hundredths."""
        lots, meter = self._lots(residents, first_id), Meter()
        with metered(self.home.turner, meter) as turner:
            deliver = self._through(turner, meter)
            asyncio.run(self._each(lots[: self._edge], deliver))
            meter.reset()
            costs = asyncio.run(self._each(lots[self._edge : -self._edge - 1], deliver))
        turns = len(costs) * self.batch
        return meter.shares(sum(costs) * self.batch / 1000, turns)

    @property
    def _edge(self) -> int:
        return RAMP // self.batch

    def _lots(self, residents: int, first_id: int) -> list[list[Coming]]:
        coming = stream(self.home, self.clock, residents, first_id)
        return [coming[at : at + self.batch] for at in range(0, len(coming), self.batch)]

    def _through(self, turner: Turner, meter: Meter | None = None) -> Deliver:
        timed = (meter or Meter()).timed
        read, process = (
            (timed("parse", arrival_of), timed("turn", turner.process))
            if meter
            else (arrival_of, turner.process)
        )

        async def deliver(lot: Sequence[Coming]) -> None:
            arrivals, at = [read(coming, self.clock) for coming in lot], self.clock.now()

            def work(connection: Connection) -> int:
                return process(connection, arrivals, at)

            if await self.home.database.run(work) != len(lot):
                raise AssertionError("an arrival was taken for a repetition")

        return deliver

    def _counted(self, costs: Sequence[float]) -> TurnCost:
        middle = costs[self._edge : -self._edge - 1]
        return TurnCost(median(middle), sum(middle) / len(middle), len(middle) * self.batch)

    async def _each(self, lots: Sequence[Sequence[Coming]], deliver: Deliver) -> list[float]:
        return [await self._one(lot, deliver) for lot in lots]

    async def _one(self, lot: Sequence[Coming], deliver: Deliver) -> float:
        """CPU milliseconds per turn of a batch."""
        self.clock.move(1.0)
        began = time.process_time()
        await deliver(lot)
        return 1000 * (time.process_time() - began) / len(lot)


def side_by_side(courses: Sequence[Course], residents: int, first_id: int) -> list[TurnCost]:
    """The cost of a turn on several databases, batch by batch in turns, so that the machine is the same for all."""
    costs = asyncio.run(_play([(course, course._lots(residents, first_id)) for course in courses]))
    return [course._counted(those) for course, those in zip(courses, costs, strict=True)]


async def _play(tracks: Sequence[tuple[Course, Sequence[Sequence[Coming]]]]) -> list[list[float]]:
    delivers = [course._through(course.home.turner) for course, _ in tracks]
    costs: list[list[float]] = [[] for _ in tracks]
    for number in range(len(tracks[0][1])):
        for (course, lots), deliver, those in zip(tracks, delivers, costs, strict=True):
            those.append(await course._one(lots[number], deliver))
    return costs
