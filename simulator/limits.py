"""Telegram's flood limits, as far as they are known (Bot FAQ; TDLib NetQueryDelayer): off unless asked for.

A short wait is absorbed: the call is answered late, as TDLib sleeps over FLOOD_WAITs up to 8 s in all.
Beyond that the call fails with 429, and goes on failing until the promised wait is over.
"""

import math
from dataclasses import dataclass, replace

from simulator.clock import Clock
from simulator.errors import Refused, too_many_requests
from simulator.wire import Json


@dataclass(frozen=True, slots=True)
class Rules:
    """The figures; the defaults are those of the Bot FAQ."""

    enforce: bool = False
    overall_per_second: float = 30
    chat_per_second: float = 1
    chat_burst: float = 3
    group_per_minute: float = 20
    absorb_seconds: float = 8
    answer_once: bool = True  # a second answer to one press is refused (not verified at Telegram)


class Bucket:
    """One pace as a theoretical arrival time (GCRA): `burst` at once, then one per `interval` seconds."""

    __slots__ = ("blocked_until", "full_at")

    def __init__(self) -> None:
        self.full_at = 0.0
        self.blocked_until = 0.0

    def wait(self, now: float, interval: float, burst: float) -> float:
        """Seconds that a call would have to wait now."""
        return max(self.full_at - interval * (burst - 1) - now, 0.0)

    def take(self, now: float, interval: float) -> None:
        """Counts one call."""
        self.full_at = max(self.full_at, now) + interval


class Limits:
    """Who may send when. Buckets are per bot, and per bot and chat."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.reset()

    def reset(self) -> None:
        """Back to the default figures, off, with all buckets empty."""
        self.rules = Rules()
        self._buckets: dict[tuple[int, int], Bucket] = {}

    def change(self, wanted: Json) -> Rules:
        """Sets some of the figures; raises Refused for an unknown or impossible one."""
        known = Rules.__slots__
        if bad := [name for name in wanted if name not in known]:
            raise Refused(f"There is no limit called '{bad[0]}'; there are {', '.join(known)}.")
        for name, value in wanted.items():
            _check(name, value)
        self.rules = replace(self.rules, **wanted)
        return self.rules

    def wait(self, bot: int, chat: int) -> float:
        """Counts one sending call; the seconds by which it is late. Raises ApiError 429 beyond the absorbed wait."""
        now = self._clock.now()
        for bucket, _ in self._paces(bot, chat):
            if bucket.blocked_until > now:
                raise too_many_requests(math.ceil(bucket.blocked_until - now))
        waits = [(bucket, bucket.wait(now, *pace), pace[0]) for bucket, pace in self._paces(bot, chat)]
        slowest, wait, _ = max(waits, key=lambda found: found[1])
        if wait > self.rules.absorb_seconds:
            slowest.blocked_until = now + math.ceil(wait)
            raise too_many_requests(math.ceil(wait))
        for bucket, _, interval in waits:
            bucket.take(now, interval)
        return wait

    def _paces(self, bot: int, chat: int) -> list[tuple[Bucket, tuple[float, float]]]:
        rules = self.rules
        overall = (1 / rules.overall_per_second, rules.overall_per_second)
        one = (1 / rules.chat_per_second, rules.chat_burst)
        if chat < 0:
            one = (60 / rules.group_per_minute, rules.group_per_minute)
        return [(self._bucket(bot, 0), overall), (self._bucket(bot, chat), one)]

    def _bucket(self, bot: int, chat: int) -> Bucket:
        return self._buckets.setdefault((bot, chat), Bucket())


def _check(name: str, value: object) -> None:
    if name in {"enforce", "answer_once"}:
        if not isinstance(value, bool):
            raise Refused(f"'{name}' is true or false.")
    elif not isinstance(value, int | float) or value < 0 or (value == 0 and name != "absorb_seconds"):
        raise Refused(f"'{name}' is a number above 0 (absorb_seconds may be 0).")
