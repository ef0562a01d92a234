"""Height 2: the whole bot over HTTP against the simulator, through a client library, in virtual time.

Nothing waits for the clock on the wall: an act is over when the simulator has no update left and the bot asks for
more, and when nothing that is due lies in its outbox.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeVar

from sqlalchemy import Connection, Engine, func, select

from bot.app import Home
from bot.clock import Clock
from bot.gestures import Gesture, Presses, Replies
from bot.jobs import Jobs
from bot.phones import Pressed as PressedButton
from bot.phones import Told, button, told_with
from bot.rehearsal import (
    USERNAME,
    command,
    moments,
    shown_buttons,
    shown_file,
    shown_recording,
    shown_text,
)
from bot.roles import Bot, identify
from bot.script import Answer
from bot.transport import Timeouts, open_transport
from bot.worker import Worker
from simulator.clock import FrozenClock
from simulator.people import Chat, Message
from simulator.server import Simulator
from storage.database import Database
from storage.engine import reading
from storage.ledger import OUTBOX
from storage.tasks import SENDING
from tests.dialogues.hands import Hands
from tests.dialogues.player import Cast

TOKEN: Final = "123456789:" + "AbC-_dEf9" * 3 + "AbC-_dEf"
PATIENT: Final = Timeouts(connect=60.0, read=60.0, transfer=60.0)
PATIENCE: Final = 60.0
"""Seconds that nothing ever takes, however busy the machine is."""

Library = Literal["aiogram", "ptb"]
MakeHome = Callable[[Clock], Home]
T = TypeVar("T")


class WatchedDatabase(Database):
    """Lets a test know when something was committed."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.changed = asyncio.Event()

    async def run(self, work: Callable[[Connection], T]) -> T:
        """As Database.run."""
        try:
            return await super().run(work)
        finally:
            self.changed.set()


@dataclass(frozen=True, slots=True)
class SimulatorTime:
    """The simulator's virtual clock as the bot's own."""

    simulator: Simulator

    def now(self) -> datetime:
        """The virtual moment."""
        return datetime.fromtimestamp(self.simulator.clock.now(), UTC)


@dataclass(slots=True)
class TelevisedStage:
    """People by name, each with a phone in the simulator, before a bot that polls it."""

    home: Home
    database: WatchedDatabase
    simulator: Simulator
    bot: Bot
    hands: Hands
    _cast: Cast = field(default_factory=Cast)
    _told: list[Told] = field(default_factory=list)
    _seen: dict[int, int] = field(default_factory=dict)
    _pressed: dict[int, PressedButton] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        """The time on stage."""
        return self.home.clock.now()

    async def act(self, who: str, place: str, gesture: Gesture) -> list[Answer]:
        """Somebody does something; what the bot tells whom."""
        person = self._person(who)
        if isinstance(gesture, Presses):
            self._press(person, gesture)
        elif isinstance(gesture, Replies):
            self.hands.reply(person, told_with(self._told, person, gesture.to).message, gesture.text)
        else:
            self.hands.do(person, self._group(place, person) if place else 0, gesture)
        return await self._heard()

    async def wait(self, until: datetime) -> list[Answer]:
        """Time passes, and what falls due is done by the bot's own jobs."""
        jobs = Jobs(self.home, self.bot.sender.wake)
        heard: list[Answer] = []
        for moment in moments(self.at, until):
            self.simulator.advance((moment - self.at).total_seconds())
            await jobs.often()
            await jobs.seldom()
            heard += await self._heard()
        return heard

    def command(self, line: str) -> str:
        """A command of the staff; what the program prints."""
        return command(self.home, line)

    async def _heard(self) -> list[Answer]:
        await self._calm()
        while await Worker(self.home, self.bot.transport, self.bot.sender.wake).work():
            await self._calm()
        return self._cast.answers(self._new_messages())

    async def _calm(self) -> None:
        """Every update is processed, and every call that it led to is answered."""
        await self.simulator.until(self.hands.nothing_waits, PATIENCE)
        async with asyncio.timeout(PATIENCE):
            self.database.changed.clear()
            while self._calls_waiting():
                await self.database.changed.wait()
                self.database.changed.clear()

    def _calls_waiting(self) -> bool:
        waits = OUTBOX.c.state.in_(("waiting", "calling")), OUTBOX.c.due_at <= self.at
        with reading(self.home.engine) as connection:
            return bool(connection.scalar(select(func.count()).select_from(OUTBOX).where(*waits)))

    def _press(self, person: int, gesture: Presses) -> None:
        told, payload = found = button(self._told, person, gesture, self._pressed.get(person))
        self._pressed[person] = found
        self.hands.press(person, told.message, payload)

    def _person(self, name: str) -> int:
        if name not in self._cast:
            self._cast.set(name, self.hands.arrive(name))
        return self._cast.id_of(name)

    def _group(self, name: str, person: int) -> int:
        if name not in self._cast:
            self._cast.set(name, self.hands.gather(name, person))
        group = self._cast.id_of(name)
        self.hands.join(group, person)
        return group

    def _new_messages(self) -> list[Told]:
        found: list[Told] = []
        for (_, chat_id), messages in self.simulator.world.messages.items():
            chat = self.simulator.world.chats[self.simulator.bot_id(), chat_id]
            news = [one for one in messages.values() if one.outgoing and one.id > self._seen.get(chat_id, 0)]
            self._seen[chat_id] = max([self._seen.get(chat_id, 0), *(one.id for one in news)])
            found += [_told(chat, one) for one in news]
        self._told += found
        return found


def _told(chat: Chat, message: Message) -> Told:
    """A message as it stands on the phone; the keys below the chat came with one of them."""
    wire: dict[str, Any] = dict(message.wire)
    for kind, method in SENDING.items():
        if recording := wire.get(kind):
            return Told(chat.id, message.id, shown_recording(method, recording["duration"]))
    buttons = shown_buttons(wire)
    if chat.keyboard_of == message.id and chat.keyboard is not None:
        wire["reply_markup"] = chat.keyboard
    return Told(chat.id, message.id, shown_text(wire, _file(wire)), buttons)


def _file(wire: dict[str, Any]) -> str:
    if "photo" in wire:
        return shown_file("sendPhoto", "")
    return shown_file("sendDocument", wire["document"]["file_name"]) if "document" in wire else ""


@asynccontextmanager
async def televised(
    library: Library, begin: datetime, make_home: MakeHome, language: str
) -> AsyncIterator[TelevisedStage]:
    """The bot as `suara run` plays it, but for the ticks and the child that works: those the stage drives."""
    clock = FrozenClock(begin.timestamp())
    async with Simulator(tokens=[TOKEN], clock=clock, seed=1) as simulator:
        simulator.world.accounts[simulator.bot_id()].username = USERNAME
        home = make_home(SimulatorTime(simulator))
        database = WatchedDatabase(home.engine)
        home = replace(home, database=database)
        transport = open_transport(library, TOKEN, simulator.url, timeouts=PATIENT)
        bot = Bot(home, transport, await identify(transport), asyncio.Event())
        try:
            async with bot.playing(frozenset({"receive", "send"})):
                yield TelevisedStage(home, database, simulator, bot, Hands(simulator, language))
        finally:
            await transport.close()
            await database.close()
        bot.complain()
