"""What falls due: quiet chats, notices, forgotten words, resting drafts, erasures, and sweeping up.

A tick only asks the tables what is due at `clock.now()`; run twice, or late, it changes nothing twice. What is
overdue several times happens once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from bot.app import Home
from bot.turn import Arrival
from conversations.events import AnyEvent, DraftRested, HeldExpired, Quieted
from storage.engine import reading
from storage.erasure import Erased, erase_due, scrub
from storage.housekeeping import prune
from storage.ledger import Ledger
from storage.media import named
from storage.notices import release

HELD_FOR: Final = timedelta(hours=24)
"""How long words said before consent are kept (issue 2)."""

DRAFT_RESTS: Final = timedelta(hours=24)
"""After so long an unfinished draft is reminded of, once."""

ORPHANS: Final = timedelta(days=1)
"""Files younger than this may be named by a commit that is still to come, or be on their way out."""

LOT: Final = 32
"""Chats in one transaction, as for updates."""

Happening = Callable[[datetime], AnyEvent]


@dataclass(frozen=True, slots=True)
class Jobs:
    """The jobs of the clock. `committed` wakes the sender."""

    home: Home
    committed: Callable[[], None]

    async def often(self) -> None:
        """Every half second: answers in parts that have ended, notices whose time has come."""
        await self._run(self._confirm_quiet)
        await self._run(lambda connection, at: release(connection, self.home.delivery, at))

    async def seldom(self) -> None:
        """Every half minute: held words, resting drafts, erasures, rows that have served their time."""
        await self._run(self._forget_held)
        await self._run(self._remind)
        await self.erase()
        await self._run(prune)
        await self._sweep()

    async def erase(self) -> None:
        """Erase those whose 24 hours are over, then what their rows had named, then the log of the database."""
        at, secrets = self.home.clock.now(), self.home.furnished.rules.secrets
        erased = await self.home.database.run(lambda connection: erase_due(connection, at, secrets))
        if erased.persons:
            await asyncio.to_thread(self._discard, erased)

    def _discard(self, erased: Erased) -> None:
        self.home.store.discard(erased.names)
        for path in erased.paths:
            Path(path).unlink(missing_ok=True)
        scrub(self.home.engine)

    async def _sweep(self) -> None:
        """Delete files that no row names, and what was left half written a day ago."""
        before = (self.home.clock.now() - ORPHANS).timestamp()

        def known(names: Collection[str]) -> set[str]:
            with reading(self.home.engine) as connection:
                return named(connection, names)

        await asyncio.to_thread(self.home.store.sweep, known, before)

    async def _run(self, job: Callable[[Connection, datetime], int]) -> None:
        at = self.home.clock.now()
        if await self.home.database.run(lambda connection: job(connection, at)):
            self.committed()

    def _confirm_quiet(self, connection: Connection, at: datetime) -> int:
        chats = Ledger(connection).due_quiet(at, LOT)
        return self._happen(connection, "quiet", chats, Quieted(at=at))

    def _forget_held(self, connection: Connection, at: datetime) -> int:
        chats = Ledger(connection).due_held(at - HELD_FOR, LOT)
        return self._happen(connection, "held", chats, HeldExpired(at=at))

    def _remind(self, connection: Connection, at: datetime) -> int:
        """One reminder for each draft, never by night; those of the night come in the morning."""
        if self.home.delivery.awake(at) != at:
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
        return self.home.turner.process(connection, arrivals, event.at)
