"""`suara rotate`: change the key that encrypts."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.settings import load


def rotate(file: Path) -> None:
    """Write everything anew with the first key and say how far it is. Raises Refusal."""
    settings = load(file, needs=("DATA_KEYS",))
    from bot import rotating  # noqa: PLC0415 - after the settings: a wrong one is told at once

    sys.stdout.write(rotating.rotate(settings, lambda words: sys.stderr.write(f"{words}\n")) + "\n")
