"""Files of the staff at the keyboard (issue 4)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import SystemRandom
from typing import Final

from sqlalchemy import Engine

from bot import export_files
from bot.app import Home, assemble, following, opened
from bot.commands.faults import told
from bot.import_report import PRIVATE, write_whole
from bot.refusal import Refusal
from bot.settings import Settings
from conversations.figure import Choice
from storage import exports
from storage.actor import Staff
from storage.engine import reading
from storage.rules import Scene

WHO: Final = Staff("suara", "bappeda")


def write(settings: Settings, to: Path, choice: Choice, region: str) -> str:
    """Write a file that only its owner reads, and say how many aspirations are in it. Raises Refusal."""
    with told(), opened(settings) as engine:
        return asyncio.run(_write(settings, engine, to, choice, region))


async def _write(settings: Settings, engine: Engine, to: Path, choice: Choice, region: str) -> str:
    async with following(settings) as clock:
        return export(assemble(settings, engine, clock, SystemRandom()), to, choice, region)


def export(home: Home, to: Path, choice: Choice, region: str) -> str:
    """`write` on a home that is open already. It is recorded before there is a file."""
    regions, at = home.furnished.rules.regions, home.clock.now()
    if region and region != regions.kabupaten and regions.place(region) is None:
        raise Refusal(f"{region} is no region of ours: give a code such as 18.07.01.")
    with home.engine.begin() as connection:
        exports.record_at_keyboard(Scene(connection, WHO, at, home.furnished.rules), WHO, choice)
    with reading(home.engine) as connection:
        made = export_files.compose(home, connection, exports.of_region(region, choice), at)
    write_whole(to, made.content, PRIVATE)
    return f"{to}: {made.number} aspirations, {'with' if choice.identified else 'without'} names."
