"""`suara run` and the single roles."""

from __future__ import annotations

from pathlib import Path

from bot import logs
from bot.settings import load


def run(file: Path, roles: frozenset[str]) -> None:
    """Run these roles until the process is asked to stop."""
    settings = load(file, needs=("TELEGRAM_TOKEN", "DATA_KEYS"))
    logs.configure(settings.log_format)
    from bot import roles as play  # noqa: PLC0415 - after the settings: a wrong one is told at once

    play.run(settings, roles)
