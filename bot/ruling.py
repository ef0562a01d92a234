"""What staff decide at the keyboard: recorded, and said back in one sentence."""

from __future__ import annotations

import asyncio
from random import SystemRandom

from sqlalchemy import Engine

from bot.app import Home, assemble, following, opened
from bot.commands.faults import told
from bot.decision import Decision
from bot.settings import Settings
from conversations.ticket import grouped
from storage.actor import Staff
from storage.decisions import Decided, Target, Verdict
from storage.decisions import decide as record
from storage.rules import Scene


def decide(settings: Settings, decision: Decision) -> str:
    """Record what staff decided, and say what the author is told and when. Raises Refusal."""
    with told(), opened(settings) as engine:
        return asyncio.run(_decide(settings, engine, decision))


async def _decide(settings: Settings, engine: Engine, decision: Decision) -> str:
    async with following(settings) as clock:
        return rule(assemble(settings, engine, clock, SystemRandom()), decision)


def rule(home: Home, decision: Decision) -> str:
    """`decide` on a home that is open already; raises what the verb raises (see bot.commands.faults.told).

    Every notice names an office: without one, the Bappeda of the kabupaten, whose hand this command is.
    """
    verdict = Verdict(
        stage=decision.stage,
        decision=decision.decision,
        reason=decision.reason,
        note=decision.note,
        office=decision.office or f"Bappeda {home.furnished.house.kabupaten}",
    )
    with home.engine.begin() as connection:
        scene = Scene(connection, Staff("cli", "bappeda"), home.clock.now(), home.furnished.rules)
        target = Target(decision.number, decision.year)
        decided = record(scene, target, verdict, home.delivery, urgent=decision.now)
    return told_of(decided)


def told_of(decided: Decided) -> str:
    """What came of a decision, in one sentence."""
    number = grouped(decided.ticket)
    if not decided.changed:
        return f"{number}: this was decided before; nothing has changed and nobody is told again."
    change = (
        f"{number}: {decided.old.stage}/{decided.old.decision} -> {decided.new.stage}/{decided.new.decision}."
    )
    return f"{change} {_told(decided)}"


def _told(decided: Decided) -> str:
    if decided.notice is None:
        return "There is nobody to be told."
    if decided.relayed:
        return "Whoever speaks for the author will be told, and asked to pass it on."
    return "The author will be told."
