"""`suara invite`: a one-time link to a role."""

from __future__ import annotations

import sys
from pathlib import Path

from bot import logs
from bot.invitation import Wish
from bot.settings import load


def invite(file: Path, wish: Wish) -> None:
    """Print the link and its QR code. Raises Refusal."""
    settings = load(file, needs=("DATA_KEYS", "TELEGRAM_TOKEN"))
    logs.configure(settings.log_format)
    from bot import mandating  # noqa: PLC0415 - after the settings: a wrong one is told at once

    sys.stdout.write(mandating.invite(settings, wish))
