"""The flood guard: a chat that writes too fast is warned once, then counted and dropped (issue 2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from conversations.chat import Pace

BURST: Final = 40
"""Events that a chat may send at once: thirty forwarded voices and a few words pass."""

REFILL_PER_SECOND: Final = 1.0
ONE_OF_MANY: Final = 0.5
"""What an item counts that a facilitator forwards: sixty come at once."""

Verdict = Literal["pass", "warn", "drop"]


def pace(before: Pace | None, at: datetime, cost: float = 1.0) -> tuple[Verdict, Pace]:
    """Whether an event at `at` passes, and the bucket after it. A bucket half full forgives a warning."""
    bucket = before or Pace(left=BURST, at=at)
    at = max(at, bucket.at)
    refilled = bucket.left + (at - bucket.at).total_seconds() * REFILL_PER_SECOND
    left = min(float(BURST), refilled)
    if left >= 1:
        if left >= BURST / 2:
            bucket = Pace(left=left, at=at)
        return "pass", replace(bucket, left=left - cost, at=at)
    if bucket.warned:
        return "drop", replace(bucket, left=left, at=at, dropped=bucket.dropped + 1)
    return "warn", Pace(left=left, at=at, warned=True, dropped=1)
