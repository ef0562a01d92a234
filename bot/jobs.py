"""What falls due: quiet chats, notices, forgotten words, resting drafts, erasures, and sweeping up.

A tick only asks the tables what is due at `clock.now()`; run twice, or late, it changes nothing twice. What is
overdue several times happens once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.turn import Arrival, Turner
from conversations.events import AnyEvent, DraftRested, HeldExpired, Quieted
from storage.database import Database
from storage.housekeeping import prune
from storage.ledger import Ledger
from storage.notices import Delivery, release

HELD_FOR: Final = timedelta(hours=24)
"""How long words said before consent are kept (issue 2)."""

DRAFT_RESTS: Final = timedelta(hours=24)
"""After so long an unfinished draft is reminded of, once."""

LOT: Final = 32
"""Chats in one transaction, as for updates."""

Happening = Callable[[datetime], AnyEvent]


@dataclass(frozen=True, slots=True)
class Jobs:
    """The jobs of the clock. `committed` wakes the sender; `erase` does the erasures that are due."""

    database: Database
    turner: Turner
    clock: Clock
    delivery: Delivery
    committed: Callable[[], None]
    erase: Callable[[datetime], object]

    async def often(self) -> None:
        """Every half second: answers in parts that have ended, notices whose time has come."""
        await self._run(self._confirm_quiet)
        await self._run(lambda connection, at: release(connection, self.delivery, at))

    async def seldom(self) -> None:
        """Every half minute: held words, resting drafts, erasures, rows that have served their time."""
        await self._run(self._forget_held)
        await self._run(self._remind)
        await self.database.run(lambda connection: prune(connection, self.clock.now()))

    async def _run(self, job: Callable[[Connection, datetime], int]) -> None:
        at = self.clock.now()
        if await self.database.run(lambda connection: job(connection, at)):
            self.committed()

    def _confirm_quiet(self, connection: Connection, at: datetime) -> int:
        chats = Ledger(connection).due_quiet(at, LOT)
        return self._happen(connection, "quiet", chats, Quieted(at=at))

    def _forget_held(self, connection: Connection, at: datetime) -> int:
        chats = Ledger(connection).due_held(at - HELD_FOR, LOT)
        return self._happen(connection, "held", chats, HeldExpired(at=at))

    def _remind(self, connection: Connection, at: datetime) -> int:
        """One reminder for each draft, never by night; those of the night come in the morning."""
        if self.delivery.awake(at) != at:
            return 0
        ledger = Ledger(connection)
        chats = ledger.due_drafts(at - DRAFT_RESTS, LOT)
        done = self._happen(connection, "draft", chats, DraftRested(at=at))
        ledger.mark_reminded(chats, at)
        return done

    def _happen(self, connection: Connection, job: str, chats: Sequence[int], event: AnyEvent) -> int:
        if not chats:
            return 0
        arrivals = [
            Arrival((f"clock:{job}", f"{chat}:{event.at.isoformat()}"), chat, "private", event)
            for chat in chats
        ]
        return self.turner.process(connection, arrivals, event.at)
