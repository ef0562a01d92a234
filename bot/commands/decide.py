"""`suara decide`: the staff's hand until they have their own conversation."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from bot import app
from bot.settings import load


@dataclass(frozen=True, slots=True)
class Decision:
    """What staff decided: `reason` is a code of the region's data file, `note` its plain words."""

    number: str
    stage: str
    decision: str
    reason: str | None
    note: str | None
    office: str | None
    now: bool


def decide(file: Path, decision: Decision) -> None:
    """Store the decision and say what the author will be told, and when. Raises Refusal."""
    sys.stdout.write(app.decide(load(file, needs=("DATA_KEYS",)), decision) + "\n")
