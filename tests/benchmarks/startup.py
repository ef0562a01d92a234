"""How long the program takes to begin: its help, and the way from its start to its first question for updates."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Final

from tests.benchmarks.load import PACED, Library, running
from tests.benchmarks.processes import Usage, environment

HELP: Final = ("-m", "bot", "--help")
HEAVY: Final = (
    "aiogram",
    "aiohttp",
    "alembic",
    "apscheduler",
    "av",
    "babel",
    "cryptography",
    "httpx",
    "msgspec",
    "pydantic",
    "rapidfuzz",
    "sqlalchemy",
    "sqlmodel",
    "structlog",
    "telegram",
    "typer",
)
"""Libraries that cost something to import."""

_IMPORT: Final = re.compile(r"^import time:.*\|\s*(\S+)$", re.MULTILINE)


def help_seconds(times: int) -> float:
    """The median time of `suara --help`, seconds of wall clock."""
    return median(_run(HELP)[0] for _ in range(times))


def help_imports() -> list[str]:
    """Which of the heavy libraries `suara --help` imports."""
    _, words = _run(("-X", "importtime", *HELP))
    imported = {name.partition(".")[0] for name in _IMPORT.findall(words)}
    return [name for name in HEAVY if name in imported]


def _run(arguments: tuple[str, ...]) -> tuple[float, str]:
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *arguments], env=environment(), capture_output=True, text=True, check=True
    )
    return time.perf_counter() - began, done.stderr


def start_up(library: Library, folder: Path) -> tuple[float, float]:
    """Seconds from the start of `suara run` to its first getUpdates, and its memory then, in MiB."""
    with running(library, f"sqlite:///{folder}/suara.sqlite", folder, PACED) as bot:
        seconds = bot.server.first_poll(bot.process) - bot.began
        usage = Usage.of(bot.process)
        usage.look()
        return seconds, usage.peak
