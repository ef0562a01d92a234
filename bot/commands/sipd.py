"""`suara import sipd`: statuses that came back from SIPD."""

from __future__ import annotations

import sys
from pathlib import Path

from bot import logs
from bot.settings import load
from bot.sipd import bring_in


def import_file(file: Path, returned: Path, *, applying: bool) -> None:
    """Say what a file changes, and apply it. Raises Refusal."""
    settings = load(file, needs=("DATA_KEYS",))
    logs.configure(settings.log_format)
    sys.stdout.write(bring_in(settings, returned, applying=applying) + "\n")
