"""Errands: slow work that a turn asked for, done outside it. What comes of one enters the inbox, once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from bot import broadcast_count, broadcasting, export_files, figures, meeting_files
from bot.app import Home
from bot.cards import Cards
from bot.export import export
from bot.export_files import Made
from bot.export_progress import ExportProgress
from bot.files import clear_passing, gather, passing_file, pieces
from bot.losses import Reason, lose, reason_of
from bot.recordings import Fault, fault_of
from bot.stt import Transcriber
from bot.transport import (
    Answered,
    RetryAfter,
    ServerFault,
    Transport,
    TransportError,
    Unauthorized,
)
from conversations.readers import BIGGEST_FILE
from storage.broadcast_drafts import COUNT
from storage.cards import MAKE_CARD
from storage.engine import reading
from storage.errands import Errand, Errands
from storage.exports import MAKE_FILE
from storage.faults import LeadLost, house_fault
from storage.figure_orders import DRAW_FIGURES
from storage.media import Kept, mark_kept
from storage.messages import FORGET, deletable, delete
from storage.performer import EXPORT_DATA, FETCH_MEDIA
from storage.spoken import SPEAK
from storage.transcripts import DRAFT_WORDS, drafted, recording

LOOK_EVERY: Final = 1.0
"""Seconds between two looks for errands: they come from other processes."""

LOT: Final = 4
"""Errands that one worker does at a time."""

PERSONAL: Final = frozenset({SPEAK, MAKE_CARD})
"""Errands that hold somebody's words or code: they are emptied also when they fail."""

TRIES: Final = 8
LONGEST_WAIT: Final = timedelta(hours=1)
FIRST_WAIT: Final = timedelta(seconds=5)

Sleep = Callable[[float], Awaitable[object]]
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Worker:
    """Does errands: fetches files, and sends people what is stored about them."""

    home: Home
    transport: Transport
    committed: Callable[[], None]
    sleep: Sleep = asyncio.sleep
    transcriber: Transcriber | None = None
    cards: Cards = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cards", Cards(self.home, self.transport))

    async def run(self) -> None:
        """Work until cancelled; a database that fails for a while is asked again."""
        await asyncio.to_thread(clear_passing, self.home.settings.media_dir)
        while True:
            try:
                done = await self.work()
            except Exception as error:
                if isinstance(error, LeadLost) or not house_fault(error):
                    raise
                _log.warning("database fails", error=type(error).__name__)
                done = 0
            if not done:
                await self.sleep(LOOK_EVERY)

    async def work(self) -> int:
        """Do what is due now, several at a time, and return how many that were."""
        now = self.home.clock.now()
        errands = await self.home.database.run(lambda connection: Errands(connection).claim(now, LOT))
        await asyncio.gather(*(self._attempt(errand) for errand in errands))
        return len(errands)

    async def _attempt(self, errand: Errand) -> None:
        """Do one errand; a fault in it is its own, and the others are done all the same."""
        try:
            await (self._try(errand) if errand.attempts <= TRIES else self._spare(errand))
        except Exception as error:
            if house_fault(error):
                raise
            _log.error("errand failed", kind=errand.kind, attempts=errand.attempts, exc_info=True)
            if errand.attempts < TRIES:
                await self._again(errand, error)
            else:
                await self._end(errand, type(error).__name__)

    async def _try(self, errand: Errand) -> None:
        try:
            await self._do(errand)
        except (Unauthorized, RetryAfter, ServerFault) as error:
            await self._again(errand, error)
        except Answered as error:
            await self._give_up(errand, error)
        except (TransportError, OSError) as error:
            await self._again(errand, error)

    async def _do(self, errand: Errand) -> None:
        match errand.kind:
            case kind if kind == FETCH_MEDIA:
                await self._fetch(errand)
            case kind if kind == DRAFT_WORDS:
                await self._draft(errand)
            case kind if kind == SPEAK:
                await self._speak(errand)
            case kind if kind == FORGET:
                await self._forget(errand)
            case kind if kind == MAKE_CARD:
                await self.cards.make(errand)
                self.committed()
            case _:
                await self._make(errand)

    async def _make(self, errand: Errand) -> None:
        """What is made for somebody who asked for it: files, figures, counts, recipients."""
        match errand.kind:
            case kind if kind == EXPORT_DATA:
                await self._run(errand, lambda connection, at: export(self.home, connection, errand, at))
            case kind if kind == DRAW_FIGURES:
                await self._figure(errand)
            case kind if kind == MAKE_FILE:
                await self._export(errand)
            case kind if kind == COUNT:
                await self._count(errand)
            case kind if kind in broadcasting.KINDS:
                await self._broadcast(errand)
            case kind if kind in meeting_files.KINDS:
                await self._run(
                    errand, lambda connection, at: meeting_files.make(self.home, connection, errand, at)
                )
            case _:
                await self._end(errand, f"unknown kind {errand.kind}")

    async def _fetch(self, errand: Errand) -> None:
        """Listen to a file, and keep the original byte for byte: safe on disk before the commit that names it."""
        with passing_file(self.home.settings.media_dir) as path:
            await self.transport.download(errand.params["file_id"], path, limit=BIGGEST_FILE)
            kind, told = errand.params.get("kind", ""), errand.params.get("seconds", 0)
            fault = await asyncio.to_thread(fault_of, path, kind, told)
            if fault == "unreadable":
                await self._lose(errand, fault)
                return
            kept = await asyncio.to_thread(self.home.store.keep, pieces(path))
        if not await self._name(errand, kept, fault):
            await asyncio.to_thread(self.home.store.discard, [kept.sha256])

    async def _draft(self, errand: Errand) -> None:
        """Let a machine write down what it hears, as a draft for whoever listens."""
        part, home = int(errand.params["part"]), self.home
        sha256 = await home.database.run(lambda connection: recording(connection, part))
        if self.transcriber is None or sha256 is None:
            await self._end(errand, "nothing hears")
            return
        with passing_file(home.settings.media_dir) as path:
            await asyncio.to_thread(gather, path, home.store.read(sha256))
            words = await asyncio.to_thread(self.transcriber.transcribe, path)
        await self._run(errand, lambda connection, at: drafted(connection, part, words, at))

    async def _speak(self, errand: Errand) -> None:
        """Say it aloud, out of any transaction; one that is not said is no fault: its text stands alone."""
        speaking, database, at = self.home.speaking, self.home.database, self.home.clock.now()
        if await database.run(lambda connection: speaking.begin(connection, errand, at)):
            note = await asyncio.to_thread(speaking.make, errand)
            await database.run(lambda connection: speaking.deliver(connection, errand, note, at))
        self.committed()

    async def _export(self, errand: Errand) -> None:
        """Make a file for the staff while others write, then plan to send it; who waits is told how far it is."""
        told = ExportProgress(self.home, errand, self.committed)
        made = await asyncio.to_thread(self._file, errand, told)
        await self._run(
            errand, lambda connection, at: export_files.deliver(self.home, connection, errand, made, at)
        )

    def _file(self, errand: Errand, told: ExportProgress) -> Made | None:
        with reading(self.home.engine) as connection:
            return export_files.make(self.home, connection, errand, self.home.clock.now(), told)

    async def _figure(self, errand: Errand) -> None:
        """Count and draw while others write, then send."""
        made = await asyncio.to_thread(self._drawn, errand)
        await self._run(
            errand, lambda connection, at: figures.deliver(self.home, connection, errand, made, at)
        )

    def _drawn(self, errand: Errand) -> figures.Made | None:
        with reading(self.home.engine) as connection:
            return figures.make(self.home, connection, errand, self.home.clock.now())

    async def _count(self, errand: Errand) -> None:
        """Count whom a broadcast reaches while others write, then keep the figures."""
        counted = await asyncio.to_thread(self._counted, errand)
        await self._run(errand, lambda connection, at: broadcast_count.keep(connection, counted, at))

    def _counted(self, errand: Errand) -> broadcast_count.Counted | None:
        with reading(self.home.engine) as connection:
            return broadcast_count.count(self.home, connection, errand)

    async def _broadcast(self, errand: Errand) -> None:
        """Count whom a broadcast has come to reach while others write, then make its recipients."""
        counted = await asyncio.to_thread(self._recounted, errand)
        await self._run(
            errand, lambda connection, at: broadcasting.work(self.home, connection, errand, at, counted)
        )

    def _recounted(self, errand: Errand) -> broadcast_count.Counted | None:
        with reading(self.home.engine) as connection:
            return broadcasting.recount(self.home, connection, errand)

    async def _forget(self, errand: Errand) -> None:
        """Find the messages while others write, then plan to delete them."""
        numbers = await asyncio.to_thread(self._deletable, errand)
        await self._run(errand, lambda connection, at: delete(connection, errand, numbers, at))

    def _deletable(self, errand: Errand) -> list[int]:
        with reading(self.home.engine) as connection:
            return deletable(connection, errand, self.home.clock.now())

    async def _run(self, errand: Errand, work: Callable[[Connection, datetime], object]) -> None:
        """Do something in one transaction with the errand's end, unless its person was erased meanwhile."""
        at = self.home.clock.now()

        def both(connection: Connection) -> None:
            if Errands(connection).finish(errand.id, at):
                work(connection, at)

        await self.home.database.run(both)
        self.committed()

    async def _name(self, errand: Errand, kept: Kept, fault: Fault) -> bool:
        """Name a kept file in its row; one on which nothing is to be heard is kept too, and its sender told."""
        at = self.home.clock.now()

        def work(connection: Connection) -> bool:
            wanted = Errands(connection).finish(errand.id, at)
            named = mark_kept(connection, errand.params["unique_id"], kept)
            if fault and wanted:
                lose(self.home.turner, connection, errand, fault, at)
            return named

        named = await self.home.database.run(work)
        if fault:
            self.committed()
        return named

    async def _again(self, errand: Errand, error: Exception) -> None:
        if errand.attempts >= TRIES:
            await self._give_up(errand, error)
            return
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (errand.attempts - 1))
        seconds = error.seconds if isinstance(error, RetryAfter) else 0.0
        due = self.home.clock.now() + max(wait, timedelta(seconds=seconds))
        words = type(error).__name__
        await self.home.database.run(lambda connection: Errands(connection).postpone(errand.id, due, words))

    async def _give_up(self, errand: Errand, error: Exception) -> None:
        """Tell the resident that their file could not be fetched; other errands just fail."""
        if errand.kind != FETCH_MEDIA or errand.chat_id is None:
            await self._end(errand, type(error).__name__)
            return
        await self._lose(errand, reason_of(error), type(error).__name__)

    async def _spare(self, errand: Errand) -> None:
        """Do not try again what every worker before has died of: a file may bring its decoder down."""
        if errand.kind == FETCH_MEDIA and errand.chat_id is not None:
            await self._lose(errand, "unreadable", "fatal")
        else:
            await self._end(errand, "fatal")

    async def _lose(self, errand: Errand, reason: Reason, error: str = "") -> None:
        at = self.home.clock.now()

        def work(connection: Connection) -> None:
            if Errands(connection).fail(errand.id, at, error or reason):
                lose(self.home.turner, connection, errand, reason, at)

        await self.home.database.run(work)
        self.committed()

    async def _end(self, errand: Errand, error: str) -> None:
        at = self.home.clock.now()

        def work(connection: Connection) -> None:
            if errand.kind in PERSONAL:
                Errands(connection).forget(errand.id)
            Errands(connection).fail(errand.id, at, error)

        await self.home.database.run(work)
