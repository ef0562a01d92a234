"""`suara import meetings`: the calendar of meetings, from a spreadsheet."""

from __future__ import annotations

import sys
from pathlib import Path

from bot import logs
from bot.calling import bring_in
from bot.settings import load


def import_file(file: Path, meetings: Path) -> None:
    """Import a file of meetings and say what came of it. Raises Refusal."""
    settings = load(file, needs=("DATA_KEYS",))
    logs.configure(settings.log_format)
    sys.stdout.write(bring_in(settings, meetings) + "\n")
