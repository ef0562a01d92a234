"""`suara count`: how many people there are, without telling of single ones."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.settings import load
from bot.tally import Tally


def count(file: Path, tally: Tally) -> None:
    """Print the figures. Raises Refusal."""
    settings = load(file, needs=("DATA_KEYS",))
    from bot.census import census  # noqa: PLC0415 - after the settings: a wrong one is told at once

    sys.stdout.write(census(settings, tally) + "\n")
