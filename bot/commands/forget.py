"""`suara forget`: the right to be erased of somebody who has no phone (UU 27/2022 Pasal 8)."""

from __future__ import annotations

import sys
from pathlib import Path

from bot import logs
from bot.settings import load


def forget(file: Path, number: str, year: int | None, reason: str, *, sure: bool) -> None:
    """Erase the person behind a relayed aspiration that nobody has claimed. Raises Refusal."""
    settings = load(file, needs=("DATA_KEYS",))
    logs.configure(settings.log_format)
    from bot.striking import strike  # noqa: PLC0415 - after the settings: a wrong one is told at once
    from storage.decisions import Target  # noqa: PLC0415 - it loads the database's library

    sys.stdout.write(strike(settings, Target(number, year), reason, sure=sure) + "\n")
