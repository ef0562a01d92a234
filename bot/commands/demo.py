"""`suara demo`: play with the bot in a browser."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.demo import play


def demo(folder: Path, port: int) -> None:
    """Run the demo until Ctrl-C."""
    asyncio.run(play(folder.resolve(), port))
