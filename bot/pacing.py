"""How fast Telegram may be written to: overall, to one chat, and when it has said "too many requests".

Telegram names no exact limits (tdlib/td#1236); these are its FAQ's: about 30 messages a second overall, one a
second to one person with short bursts, 20 a minute to a group. Seconds throughout, on the monotonic clock.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from storage.tables import BESIDE, BROADCAST, NOTICE

WINDOW: Final = 1.02
"""The overall rate holds in any span of this length: a second, and what the network may crowd together."""

PERSON_BURST: Final = 3
PERSON_EVERY: Final = 1.0
GROUP_CALLS: Final = 20
GROUP_WINDOW: Final = 60.0

MADE_UP: Final = 2.0
"""Seconds' worth of notices and broadcasts that are made up for after a delay of our own, with some HASTE."""

HASTE: Final = 1.08
"""How much faster they flow meanwhile: 27 a second instead of 25, which still leaves room for a reply."""

AT_ONCE: Final = 0.3
"""Seconds' worth of them that go out together then."""

TOGETHER: Final = 0.04
"""Seconds whose notices and broadcasts go out together, where these are several."""

EXACT: Final = 1e-6
"""What sums of fractions may be short of a whole call."""

ALIKE: Final = 5.0
"""Two chats that are refused within this span mean a limit on all: a 429 does not say whom it is for."""

UNPACED: Final = 1_000_000

BRIEFEST: Final = 0.001
"""Seconds that the sender rests at least when something is held back."""


def bulk_rate(rate: float) -> float:
    """Calls a second that may be notices and broadcasts: 25 of 30 (issue 4)."""
    return rate * 5 / 6 if rate > 0 else UNPACED


class Window:
    """At most `limit` calls in any `seconds`: a plain log of the last ones, so there is no double burst."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit = limit
        self._seconds = seconds
        self._calls: deque[float] = deque(maxlen=limit)

    def used(self, now: float) -> int:
        """Calls of the last `seconds`."""
        while self._calls and self.free_at() <= now:
            self._calls.popleft()
        return len(self._calls)

    def take(self, now: float) -> None:
        """Note a call."""
        self._calls.append(now)

    def free_at(self) -> float:
        """When the oldest call leaves the window; now or earlier when there is none."""
        return self._calls[0] + self._seconds if self._calls else 0.0


class Stream:
    """An even flow: so many calls a second, none sooner, and of those that are overdue at most so many seconds' worth;
    `afresh` none, when it was interrupted for longer.

    Evenly, because a reply finds room at once between broadcasts, and has to wait a second behind a burst of them.
    """

    def __init__(self, rate: float, late: float, *, afresh: bool = False) -> None:
        self._every = 1 / rate
        self._late = (max(1, round(late * rate)) - 1) * self._every
        self._afresh = afresh
        self._next = -math.inf

    def allowed(self, now: float) -> int:
        """Calls that may begin now."""
        return max(0, math.floor((now - self._due(now)) / self._every + EXACT) + 1)

    def take(self, now: float) -> None:
        """Note a call."""
        self._next = self._due(now) + self._every

    def free_at(self) -> float:
        """When the next may begin; of many a second a few at once, so that one commit serves them."""
        return self._next + TOGETHER - self._every if self._every < TOGETHER else self._next

    def _due(self, now: float) -> float:
        if self._next >= now - self._late:
            return self._next
        return now if self._afresh else now - self._late


@dataclass(frozen=True, slots=True)
class Allowance:
    """Calls in lanes that may begin now, and how many of them may be notices and broadcasts."""

    paced: int
    bulk: int


class Pacing:
    """Answers who may be written to now, and learns from each call and each refusal.

    `rate` in calls a second; 0 switches our own pacing off, while the server's pauses are still kept. A sixth of
    the rate is kept for replies.
    """

    def __init__(self, rate: float, monotonic: Callable[[], float]) -> None:
        calls = max(1, int(rate))
        self._monotonic = monotonic
        self._off = rate <= 0
        self._all = Window(calls, WINDOW if rate >= 1 or self._off else WINDOW / rate)
        share = bulk_rate(rate if rate > 0 else calls)
        self._bulk = Stream(share, MADE_UP, afresh=True)
        self._haste = Stream(share * HASTE, AT_ONCE)
        self._people: dict[int, float] = {}
        self._groups: dict[int, Window] = {}
        self._pauses: dict[int, float] = {}
        self._refusals: deque[tuple[float, int]] = deque(maxlen=16)
        self._halted_until = 0.0

    def allowance(self) -> Allowance:
        """What may begin now."""
        now = self._monotonic()
        if now < self._halted_until:
            return Allowance(0, 0)
        if self._off:
            return Allowance(UNPACED, UNPACED)
        paced = self._all.limit - self._all.used(now)
        return Allowance(paced, min(paced, self._bulk.allowed(now), self._haste.allowed(now)))

    def paused(self) -> Collection[int]:
        """Chats that may not be written to now."""
        now = self._monotonic()
        _forget(self._pauses, now)
        _forget(self._people, now)
        self._groups = {chat: window for chat, window in self._groups.items() if window.used(now)}
        waiting = {chat for chat, full in self._people.items() if full - now > _SLACK}
        waiting.update(chat for chat, window in self._groups.items() if window.used(now) >= GROUP_CALLS)
        return waiting | self._pauses.keys()

    def take(self, chat_id: int | None, lane: int) -> None:
        """Note that a call begins."""
        if self._off or lane == BESIDE or chat_id is None:
            return
        now = self._monotonic()
        self._all.take(now)
        if lane in {NOTICE, BROADCAST}:
            self._bulk.take(now)
            self._haste.take(now)
        if chat_id > 0:
            self._people[chat_id] = max(now, self._people.get(chat_id, now)) + PERSON_EVERY
        else:
            self._groups.setdefault(chat_id, Window(GROUP_CALLS, GROUP_WINDOW)).take(now)

    def refused(self, chat_id: int | None, seconds: float) -> None:
        """Keep a 429: no more to this chat before `seconds` have passed, nor to any if other chats were refused too."""
        now = self._monotonic()
        if chat_id is None:
            return
        self._pauses[chat_id] = max(self._pauses.get(chat_id, 0.0), now + seconds)
        alike = {chat for at, chat in self._refusals if now - at <= ALIKE}
        self._refusals.append((now, chat_id))
        if alike - {chat_id}:
            self.halt(seconds)

    def halt(self, seconds: float) -> None:
        """No calls in lanes to anybody before `seconds` have passed."""
        self._halted_until = max(self._halted_until, self._monotonic() + seconds)

    def wait(self) -> float:
        """Seconds until more may be allowed than now, at least; 0 when nothing is held back.

        Never shorter than BRIEFEST: an event loop ends shorter rests at once, and the sender would spin.
        """
        now = self._monotonic()
        frees = [self._halted_until] if now < self._halted_until else [*self._frees(now)]
        return min((max(BRIEFEST, at - now) for at in frees if at > now), default=0.0)

    def _frees(self, now: float) -> list[float]:
        people = [full - _SLACK for full in self._people.values()]
        groups = [window.free_at() for window in self._groups.values() if window.used(now) >= GROUP_CALLS]
        full = [self._all.free_at()] if self._all.used(now) >= self._all.limit else []
        return [
            *people,
            *groups,
            *self._pauses.values(),
            *full,
            max(self._bulk.free_at(), self._haste.free_at()),
        ]


_SLACK: Final = (PERSON_BURST - 1) * PERSON_EVERY


def _forget(times: dict[int, float], now: float) -> None:
    for chat in [chat for chat, at in times.items() if at <= now]:
        del times[chat]


class Outage:
    """Whether the server fails at everybody. While it does, one call at a time finds out when that is over.

    `seconds` says how long to rest after the first, second … such call.
    """

    CERTAIN: Final = 3
    """Failures in a row, without an answer to anybody in between."""

    def __init__(self, seconds: Callable[[int], float], monotonic: Callable[[], float]) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._failures = 0
        self._chats: set[int | None] = set()
        self._unreachable = False
        self._until = 0.0

    def __bool__(self) -> bool:
        """Failing at one chat alone may be the fault of its message, unless no connection was made at all."""
        return self._failures >= self.CERTAIN and (self._unreachable or len(self._chats) > 1)

    def rest(self) -> float:
        """Seconds for which nobody is to be called, not even for a press."""
        return max(0.0, self._until - self._monotonic())

    def failed(self, chat_id: int | None, *, unreachable: bool) -> None:
        """A call got no answer, or a 5xx. Those that were in flight together count as one."""
        if self.rest():
            return
        self._failures += 1
        self._chats.add(chat_id)
        self._unreachable = self._unreachable or unreachable
        if self:
            self._until = self._monotonic() + self._seconds(self._failures - self.CERTAIN + 1)

    def answered(self) -> None:
        """The server answered, be it with a refusal."""
        self._failures, self._unreachable, self._until = 0, False, 0.0
        self._chats.clear()
