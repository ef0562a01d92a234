"""What a failed call means for its row in the outbox: a pure function of the row and the error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.transport import (
    Answered,
    Blocked,
    ChatNotFound,
    Deactivated,
    RetryAfter,
    ServerFault,
    TransportError,
    Unauthorized,
    Unreachable,
)
from storage.outbox import Claimed, Settled, Settlement
from storage.tables import BESIDE, BROADCAST

MOST_ATTEMPTS: Final = 8
"""Attempts at a call that the server itself keeps failing at (5xx), while it serves others: two minutes in all."""

LONGEST_DELAY: Final = 60.0
"""Seconds between two attempts, at most."""

MOST_ERROR: Final = 500
"""Characters kept of the server's words."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Growing delays: 1, 2, 4 … seconds, at most LONGEST_DELAY, each shortened at random by up to a half."""

    random: Callable[[], float]

    def seconds(self, attempts: int) -> float:
        """Seconds to wait after this many attempts (≥ 1). `random` gives 0 ≤ x < 1."""
        return min(LONGEST_DELAY, 2.0 ** min(attempts - 1, 10)) * (1 - self.random() / 2)


def judge(row: Claimed, error: TransportError, at: datetime, backoff: Backoff, *, outage: bool) -> Settled:
    """Return what becomes of the row. `outage`: the server fails at everybody, so it is not this row's fault.

    Nothing is repeated that may have happened, but for a reply or notice, once, marked (at-least-once).
    """
    again = _Again(row, at, _words(error))
    match error:
        case RetryAfter():
            return again.later(error.seconds, blameless=True)
        case Unauthorized():
            return again.later(0.0, blameless=True)
        case Blocked() | Deactivated() | ChatNotFound() if row.lane != BESIDE:
            return again.never("blocked")
        case ServerFault() if outage or row.attempts < MOST_ATTEMPTS:
            return again.later(backoff.seconds(row.attempts), blameless=outage)
        case Answered():
            return again.never("refused")
        case Unreachable():
            return again.later(backoff.seconds(row.attempts), blameless=True)
        case _ if row.doubtful or row.lane == BROADCAST:
            return again.never("unknown", doubtful=True)
        case _:
            return again.later(backoff.seconds(row.attempts), doubtful=True)


@dataclass(frozen=True, slots=True)
class _Again:
    row: Claimed
    at: datetime
    words: str

    def later(self, seconds: float, *, blameless: bool = False, doubtful: bool = False) -> Settled:
        """A blameless attempt is not counted, but never falls to none: a tried row keeps its place in its lane."""
        return Settled(
            row=self.row,
            state="waiting",
            at=self.at,
            due_at=self.at + timedelta(seconds=seconds),
            attempts=max(1, self.row.attempts - blameless),
            doubtful=doubtful,
            error=self.words,
        )

    def never(self, state: Settlement, *, doubtful: bool = False) -> Settled:
        """The end of it; for a press, whose spinner ends by itself, that is no error."""
        state = "dropped" if self.row.lane == BESIDE else state
        return Settled(row=self.row, state=state, at=self.at, doubtful=doubtful, error=self.words)


def _words(error: TransportError) -> str:
    return str(error)[:MOST_ERROR]
