"""`suara roles` and `suara staff`: who may do what, and where."""

from __future__ import annotations

import sys
from pathlib import Path

from bot import logs
from bot.settings import load


def roles(file: Path) -> None:
    """Print the mandates and the open invitations. Raises Refusal."""
    settings = load(file, needs=("DATA_KEYS",))
    logs.configure(settings.log_format)
    from bot import mandating  # noqa: PLC0415 - after the settings: a wrong one is told at once

    sys.stdout.write(mandating.listing(settings) + "\n")


def staff(file: Path) -> None:
    """Print the mandates and open invitations of the staff. Raises Refusal."""
    settings = load(file, needs=("DATA_KEYS",))
    logs.configure(settings.log_format)
    from bot import mandating  # noqa: PLC0415 - as above

    sys.stdout.write(mandating.staff(settings) + "\n")
