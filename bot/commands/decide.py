"""`suara decide`: the staff's hand until they have their own conversation."""

from __future__ import annotations

import sys
from pathlib import Path

from bot import logs
from bot.decision import Decision
from bot.settings import load


def decide(file: Path, decision: Decision) -> None:
    """Store the decision and say what the author will be told, and when. Raises Refusal."""
    settings = load(file, needs=("DATA_KEYS",))
    logs.configure(settings.log_format)
    from bot import ruling  # noqa: PLC0415 - after the settings: a wrong one is told at once
    from bot.commands.faults import told  # noqa: PLC0415 - it loads the database's library

    with told():
        sys.stdout.write(ruling.decide(settings, decision) + "\n")
