"""Erasing at the keyboard somebody who was spoken for and has no chat: asked for by word of mouth."""

from __future__ import annotations

import asyncio
from random import SystemRandom

from sqlalchemy import Engine

from bot.app import Home, assemble, following, opened
from bot.commands.faults import told
from bot.refusal import Refusal
from bot.settings import Settings
from conversations.ticket import grouped, read_ticket
from storage.actor import Staff
from storage.decisions import Target
from storage.erasure import scrub
from storage.rules import Scene
from storage.unclaimed import forget

UNSURE = (
    "Nothing was erased. This cannot be undone: words, recordings, name and contact of the person behind {number}"
    " would go; number, place, field and history stay. Add --yes to do it."
)


def strike(settings: Settings, target: Target, reason: str, *, sure: bool) -> str:
    """Erase the person behind an aspiration that nobody has claimed. Raises Refusal."""
    if not sure:
        raise Refusal(UNSURE.format(number=_shown(target.number)))
    with told(), opened(settings) as engine:
        return asyncio.run(_strike(settings, engine, target, reason))


async def _strike(settings: Settings, engine: Engine, target: Target, reason: str) -> str:
    async with following(settings) as clock:
        return erase(assemble(settings, engine, clock, SystemRandom()), target, reason)


def erase(home: Home, target: Target, reason: str) -> str:
    """`strike` on a home that is open already; raises what the verb raises."""
    with home.engine.begin() as connection:
        scene = Scene(connection, Staff("cli", "bappeda"), home.clock.now(), home.furnished.rules)
        names = forget(scene, target, reason)
    home.store.discard(names)
    scrub(home.engine)
    return f"{_shown(target.number)}: the person behind it is erased; its place, field and history stay."


def _shown(number: str) -> str:
    match read_ticket(number):
        case ("valid", digits):
            return grouped(digits)
        case _:
            return number
