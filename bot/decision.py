"""A decision as it is typed, before anything is looked up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """What staff decided: `reason` is a code of the lifecycle file, `note` says it in plain words; "" is none."""

    number: str
    stage: str
    decision: str
    reason: str
    note: str
    office: str
    year: int | None
    now: bool
