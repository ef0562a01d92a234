"""The composition root: settings in, the parts of the bot out, put together here and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random

import aiohttp
from sqlalchemy import Engine

from bot.clips import Clips
from bot.clock import Clock, ShiftedClock, SystemClock
from bot.commands.faults import open_database
from bot.espeak import find_voice
from bot.files import Outgoing
from bot.house import Furnished, furnish
from bot.letters import Letters
from bot.media_catalogue import SHIPPED, open_catalogue
from bot.refusal import Refusal
from bot.replies import Replies
from bot.settings import Settings
from bot.speaker import Speaker
from bot.speaking import Speaking, bot_number
from bot.turn import Turner
from bot.world import StoredWorld
from conversations.flows import suara_flows
from conversations.interpreter import Interpreter
from conversations.words import Words
from storage.columns import keyring_of
from storage.database import Database
from storage.engine import reading
from storage.media import MediaStore
from storage.notices import Delivery
from storage.schema import schema_matches


@dataclass(frozen=True, slots=True)
class Home:
    """What all roles of one process share."""

    settings: Settings
    engine: Engine
    database: Database
    clock: Clock
    furnished: Furnished
    replies: Replies
    letters: Letters
    turner: Turner
    delivery: Delivery
    store: MediaStore
    outgoing: Outgoing
    speaking: Speaking


def assemble(settings: Settings, engine: Engine, clock: Clock, random: Random) -> Home:
    """Put the parts together on an open database. Raises Refusal when it lacks the region."""
    with reading(engine) as connection:
        furnished = furnish(connection, settings)
    return compose(settings, engine, clock, random, furnished)


def compose(settings: Settings, engine: Engine, clock: Clock, random: Random, furnished: Furnished) -> Home:
    """`assemble` with what was read from a database of the same regions before."""
    flows = suara_flows()
    catalogue = open_catalogue(settings.recordings_dir, SHIPPED)
    speaker = Speaker(furnished.texts, catalogue, find_voice())
    clips = Clips(catalogue.clips(furnished.texts), bot_number(settings))
    replies = Replies(furnished.texts)
    world = StoredWorld(furnished.house, furnished.rules, random, furnished.texts)
    interpreter = Interpreter(flows, Words(furnished.texts))
    ring = keyring_of(engine.dialect)
    outgoing = Outgoing(settings.media_dir, ring)
    return Home(
        settings=settings,
        engine=engine,
        database=Database(engine),
        clock=clock,
        furnished=furnished,
        replies=replies,
        letters=Letters(replies, flows),
        turner=Turner(interpreter, replies, world, settings.locale, clips or None),
        delivery=delivery_of(settings),
        store=MediaStore(settings.media_dir, ring),
        outgoing=outgoing,
        speaking=Speaking(speaker, outgoing, bot_number(settings)),
    )


def delivery_of(settings: Settings) -> Delivery:
    """When notices go out."""
    delay = timedelta(seconds=settings.notice_delay)
    return Delivery(delay=delay, quiet=settings.quiet_hours, zone=settings.zone)


@contextmanager
def opened(settings: Settings) -> Iterator[Engine]:
    """The database of this version while the block runs. Raises Refusal for one of another version."""
    engine = open_database(settings)
    try:
        if not schema_matches(engine):
            raise Refusal(
                "The database has not the tables of this version: run `suara migrate`, which backs up first."
            )
        yield engine
    finally:
        engine.dispose()


@asynccontextmanager
async def following(settings: Settings) -> AsyncIterator[Clock]:
    """The computer's clock, or in the demo the simulator's, kept up to date while the block runs."""
    if settings.clock_url is None:
        yield SystemClock()
        return
    clock = ShiftedClock(settings.clock_url, SystemClock())
    async with aiohttp.ClientSession() as http:
        await clock.ask(http)
    task = asyncio.create_task(clock.follow())
    try:
        yield clock
    finally:
        task.cancel()
