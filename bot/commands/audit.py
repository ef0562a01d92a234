"""`suara audit verify`: whether the record of the staff is whole."""

from __future__ import annotations

import sys
from pathlib import Path

from bot import logs
from bot.settings import load


def verify(file: Path, heads: Path | None) -> None:
    """Print what was found. Raises Refusal with the first broken row."""
    settings = load(file, needs=("DATA_KEYS",))
    logs.configure(settings.log_format)
    from bot import auditing  # noqa: PLC0415 - after the settings: a wrong one is told at once

    sys.stdout.write(auditing.verify(settings, heads) + "\n")
