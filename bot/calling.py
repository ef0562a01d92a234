"""Meetings at the keyboard: those of a file, called and changed."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import Engine

from bot.app import following, opened
from bot.commands.faults import told
from bot.house import furnish
from bot.refusal import Refusal
from bot.settings import Settings
from storage.actor import Staff
from storage.datafile import DataFileError
from storage.meeting_file import Imported, import_meetings, read_meetings
from storage.rules import Scene


def bring_in(settings: Settings, file: Path) -> str:
    """Import a file of meetings and say what came of it; with a bad row nothing changes. Raises Refusal."""
    with told(), opened(settings) as engine:
        return asyncio.run(_import(settings, engine, file))


async def _import(settings: Settings, engine: Engine, file: Path) -> str:
    async with following(settings) as clock:
        with engine.begin() as connection:
            rules = furnish(connection, settings).rules
            return summary(call(Scene(connection, Staff("suara", "bappeda"), clock.now(), rules), file))


def call(scene: Scene, file: Path) -> Imported:
    """The meetings of a file. Raises Refusal with a sentence for each fault."""
    try:
        return import_meetings(scene, read_meetings(file, scene.rules))
    except DataFileError as fault:
        raise Refusal(*fault.sentences) from fault
    except (OSError, UnicodeDecodeError) as fault:
        raise Refusal(f"{file} cannot be read: {type(fault).__name__}.") from fault


def summary(imported: Imported) -> str:
    """In one sentence."""
    return f"Meetings: {imported.called} called, {imported.changed} changed, {imported.same} as they were."
