"""`suara handover`: one facilitator's people get another."""

from __future__ import annotations

import sys
from pathlib import Path

from bot import logs
from bot.settings import load


def handover(file: Path, giver: int, taker: int) -> None:
    """Move them and say how many. Raises Refusal."""
    settings = load(file, needs=("DATA_KEYS",))
    logs.configure(settings.log_format)
    from bot import mandating  # noqa: PLC0415 - after the settings: a wrong one is told at once

    sys.stdout.write(mandating.give(settings, giver, taker) + "\n")
