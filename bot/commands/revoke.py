"""`suara revoke`: end a mandate, or an invitation that nobody has used."""

from __future__ import annotations

import sys
from pathlib import Path

from bot import logs
from bot.settings import load


def revoke(file: Path, number: int, *, invitation: bool) -> None:
    """End it and say what that leaves. Raises Refusal."""
    settings = load(file, needs=("DATA_KEYS",))
    logs.configure(settings.log_format)
    from bot import mandating  # noqa: PLC0415 - after the settings: a wrong one is told at once

    sys.stdout.write(mandating.revoke(settings, number, invitation=invitation) + "\n")
