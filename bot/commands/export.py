"""`suara export`: a file of what was said, at the keyboard."""

from __future__ import annotations

import sys
from pathlib import Path

from bot import logs
from bot.exporting import write
from bot.settings import load
from conversations.figure import Choice


def export(file: Path, to: Path, choice: Choice, region: str) -> None:
    """Write the file and say how many aspirations are in it. Raises Refusal."""
    settings = load(file, needs=("DATA_KEYS",))
    logs.configure(settings.log_format)
    sys.stdout.write(write(settings, to, choice, region) + "\n")
