"""`suara decide`: the staff's hand until they have their own conversation."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from bot import logs
from bot.settings import load


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


def decide(file: Path, decision: Decision) -> None:
    """Store the decision and say what the author will be told, and when. Raises Refusal."""
    settings = load(file, needs=("DATA_KEYS",))
    logs.configure(settings.log_format)
    from bot import app  # noqa: PLC0415 - after the settings: a wrong one is told at once
    from bot.commands.faults import told  # noqa: PLC0415 - it loads the database's library

    with told():
        sys.stdout.write(app.decide(settings, decision) + "\n")
