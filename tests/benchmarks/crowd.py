"""Many residents at once, inside the server: each makes the next move a while after the last reply."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.benchmarks.journey import JOURNEY, LATE, QUIET_SECONDS, Move, Resident

PERCENTILES: Final = (50, 95, 99)
RUSH: Final = 4.0
"""Seconds in which a crowd arrives that does not think."""

FIRST_RESIDENT: Final = 7_000_000_001
"""Ids above 32 bits, as Telegram gives them."""


@dataclass(slots=True)
class Figures:
    """What was counted since the last reset. Times are seconds from update to reply."""

    since: float
    first: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    answered: int = 0
    messages: int = 0
    calls: int = 0
    journeys: int = 0
    faults: list[str] = field(default_factory=list)

    def summary(self, now: float) -> dict[str, Any]:
        """The figures as JSON; percentiles in milliseconds."""
        return {
            "seconds": now - self.since,
            "answered": self.answered,
            "messages": self.messages,
            "calls": self.calls,
            "journeys": self.journeys,
            "faults": self.faults,
            "first": percentiles(self.first),
            "last": percentiles(self.last),
            "late": percentiles(self.late),
        }


@dataclass(slots=True)
class _Life:
    resident: Resident
    asked_at: float = 0.0


class Crowd:
    """`size` residents at a time, each replaced by a new one when its journey has ended.

    `think` is how many seconds each waits after the last reply; `deliver` hands an update to the bot. A bot that
    does not keep to the journey is noted under `faults`.
    """

    def __init__(self, size: int, think: float, deliver: Callable[[dict[str, Any]], None]) -> None:
        self._size, self._think, self._deliver = size, think, deliver
        self._loop = asyncio.get_running_loop()
        self._lives: dict[int, _Life] = {}
        self._next_id = FIRST_RESIDENT
        self._updates = 0
        self._open = True
        self.figures = Figures(time.monotonic())

    def begin(self) -> None:
        """Let them come, spread over a whole journey, so that all its stages are mixed when the last has come."""
        whole = journey_seconds(self._think)
        for place in range(self._size):
            self._loop.call_later(whole * place / self._size, self._newcomer)

    def close(self) -> None:
        """Nobody says anything more."""
        self._open = False

    def reset(self) -> None:
        """Count from now on."""
        self.figures = Figures(time.monotonic())

    def hear(self, chat_id: int, text: str, markup: Mapping[str, Any] | None) -> int:
        """A message of the bot arrives: its message id."""
        now = time.monotonic()
        self.figures.messages += 1
        life = self._lives.get(chat_id)
        if life is None:
            self.figures.faults.append("a message to somebody who awaits none")
            return 1
        resident, turn, move = life.resident, life.resident.turn, life.resident.move
        if resident.heard == 0:
            self._first_reply(move, now - life.asked_at)
        number = resident.hear(text, markup, int(time.time()))
        if resident.turn != turn:
            self._answered(life, now, move)
        return number

    def _first_reply(self, move: Move, seconds: float) -> None:
        if move.name == LATE:
            self.figures.late.append(max(0.0, seconds - QUIET_SECONDS))
        else:
            self.figures.first.append(seconds)

    def _answered(self, life: _Life, now: float, move: Move) -> None:
        self.figures.answered += 1
        if move.name != LATE:
            self.figures.last.append(now - life.asked_at)
        if not life.resident.ended:
            self._soon(lambda: self._move(life))
            return
        self.figures.journeys += 1
        del self._lives[life.resident.id]
        self._soon(self._newcomer)

    def _soon(self, act: Callable[[], None]) -> None:
        if self._think:
            self._loop.call_later(self._think, act)
        else:
            self._loop.call_soon(act)

    def _newcomer(self) -> None:
        life = _Life(Resident(self._next_id))
        self._next_id += 1
        self._lives[life.resident.id] = life
        self._move(life)

    def _move(self, life: _Life) -> None:
        if not self._open:
            return
        self._updates += 1
        life.asked_at = time.monotonic()
        try:
            update = life.resident.update(self._updates, int(time.time()))
        except LookupError as error:
            self.figures.faults.append(f"{life.resident.move.name}: {error}")
        else:
            self._deliver(update)


def journey_seconds(think: float) -> float:
    """How long a journey takes those who think so many seconds; what it takes the others is up to the bot."""
    return think * len(JOURNEY) + QUIET_SECONDS if think else RUSH


def percentiles(values: list[float]) -> list[float]:
    """p50, p95 and p99 in milliseconds; nothing for no values."""
    ordered = sorted(values)
    return [1000 * ordered[min(len(ordered) - 1, len(ordered) * p // 100)] for p in PERCENTILES if ordered]
